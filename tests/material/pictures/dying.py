"""The figures of lesson 04, each made once for the tests that read it."""

import functools

import numpy as np
import torch

from relukit.figures.canvas import Picture
from relukit.lessons.dying import figures
from relukit.lessons.dying.experiments.cliff import Cliff
from relukit.lessons.dying.experiments.ropes import Roped

SHARES = np.array([[0.5, 0.2, 0.0], [0.4, 0.3, 0.1]])


def side(activation: str, *, n_seeds: int = 3) -> Cliff:
    """Return a small map whose numbers tell their place: rate i, gain j, seed k, layer l."""
    i, j, k, layer = np.meshgrid(range(2), range(3), range(n_seeds), range(3), indexing="ij")
    dead = torch.tensor(0.1 * i + 0.05 * j + 0.01 * k + 0.2 * layer)
    accuracy = torch.tensor(0.9 - 0.3 * i - 0.1 * j - 0.01 * k)[..., 0]
    broken = torch.tensor((i + k) > 2)[..., 0]
    return Cliff(activation, (0.1, 0.3), (0.5, 1.0, 2.0), accuracy, dead, broken)


def roped(*accuracy: float) -> Roped:
    """Return networks with a rope; one that gets nothing right is no longer finite."""
    right = torch.tensor(accuracy, dtype=torch.float64)
    dead = (1 - right)[:, None] * torch.tensor([0.0, 0.5, 1.0])
    return Roped(right, torch.where(right[:, None] > 0, dead, torch.nan), right > 0)


PULLED = {f"lever {i}": ((1, 2), [SHARES, SHARES / 2]) for i in range(6)}
MAKERS = {
    "silent_by_sample": lambda: figures.silent_by_sample((1, 10, 100), SHARES),
    "born_dead_by_depth": lambda: figures.born_dead_by_depth((2, 5)),
    "dead_by_layer": lambda: figures.dead_by_layer({"a": SHARES, "b": SHARES / 2}),
    "adopted": lambda: figures.adopted((1, 9), (3, 7)).frames[8],
    "levers": lambda: figures.levers(PULLED),
    "deep_accuracies": lambda: figures.deep_accuracies({"a": [0.1, 0.2], "b": [0.9, 0.8]}),
    "remedies": lambda: figures.remedies({"none": ([0.6, 0.5], [0.1, 0.1])}),
    "came_back": lambda: figures.came_back({"a": SHARES, "b": SHARES / 2}),
    "ropes": lambda: figures.ropes(
        {"none": roped(0.1, 0.2, 0.0), "clipping": roped(0.9, 0.8, 0.7)}
    ),
    "thirty_alone": figures.thirty_alone,
    "thirty_tasks": figures.thirty_tasks,
    "thirty_elsewhere": figures.thirty_elsewhere,
    "autopsy": lambda: figures.autopsy([9, 7, 0, 0], [0.1, 2.0, 0.0], death=1),
    "ways_to_die": lambda: figures.ways_to_die(
        {"layer 1": {"own": 3, "inputs": 1}, "layer 2": {"own": 0, "inputs": 4}}
    ),
    "cliff_map": lambda: figures.cliff_map(side("relu"), side("leaky_relu")),
    "cliff_at": lambda: figures.cliff_at(side("relu"), side("leaky_relu"), lr=0.3, gain=2.0),
}


@functools.cache
def made(name: str) -> Picture:
    return MAKERS[name]()
