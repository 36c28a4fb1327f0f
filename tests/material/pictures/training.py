"""The figures of lesson 06, each made once for the tests that read it."""

import functools

import numpy as np

from relukit.datasets import digits
from relukit.figures.canvas import Picture
from relukit.lessons.training import comparison, figures, seen
from relukit.networks import mlp
from relukit.training import train

ARMS = {"relu": [0.95, 0.96, 0.97], "tanh": [0.96, 0.96, 0.99], "elu": [0.9, 0.97, 0.96]}
CURVES, STOPS = [[0.1, 0.1, 0.1, 0.6], [0.1, 0.2, 0.7, 0.9]], [3, None]
GROUPS = {
    "30 layers": {"tanh": [0.9, 0.92, 0.94], "ReLU": [0.5, 0.3, 0.4]},
    "50 layers": {"ReLU": [0.2, 0.1, 0.3]},
}
FRESH = np.array([[0.5, 0.48], [0.52, 0.5], [0.5, 0.49]])
CODES = (0.0, 0.1), [[0.5, 0.52], [0.8, 0.9]], [[0.01, 0.02], [0.03, 0.05]]
RATIOS = {"tanh": [0.5, 0.25, 1.0], "sigmoid": [2.0, 3.0, 4.0]}


@functools.cache
def population():
    """Return two seeds at a rate at which they learn, one at chance, one at which they diverge."""
    return train(
        lambda seed: mlp((64, 16, 10), "leaky_relu", scheme="he_normal", seed=seed),
        digits(), lr=[0.1, 1e-7, 1e9], seeds=2, steps=60, progress=False,
    )  # fmt: skip


MAKERS = {
    "rates": lambda: figures.accuracy_by_rate({"one": population(), "two": population()}),
    "differences": lambda: figures.paired_differences(ARMS, reference="relu", margin=1),
    "eight": lambda: figures.eight(comparison.CALLED),
    "many layers": lambda: figures.many_layers(GROUPS["30 layers"], depth=30),
    "linear layers": lambda: figures.linear_layers({"1 linear, Xavier": [0.9, 0.92]}),
    "adding": lambda: figures.adding({"tanh": [0.1, 0.2]}, 0.17),
    "digits by rows": lambda: figures.digits_by_rows({"tanh": [0.9, 0.92]}),
    "lever": lambda: figures.lever(ARMS).frames[-1],
    "plateau": lambda: figures.plateau(CURVES, STOPS),
    "ratios": lambda: figures.step_ratios(RATIOS),
    "curves": lambda: figures.loss_curves(0.1, "relu"),
    "curves, diverged": lambda: figures.loss_curves(1.0, "leaky_relu"),
    "dots": lambda: figures.seeds_as_dots(
        GROUPS, label="test accuracy", mark=("chance", 0.1), seen="tanh is ahead of ReLU"
    ),
    "dots, log": lambda: figures.seeds_as_dots(
        {"one": {"tanh": [1.0, 10.0, 100.0]}}, label="error", log=True, seen="a wide spread"
    ),
    "part ways": lambda: figures.part_ways(
        {arm: seen.learned(arm) for arm in ("no decay", "AdamW")}
    ),
    "endings": lambda: figures.endings({"one": [0.5, 0.6], "other": [1.0, 1.0]}),
    "zeros": lambda: figures.zeros_after_training(FRESH, {"low": FRESH - 0.1, "high": FRESH + 0.1}),
    "penalties": lambda: figures.two_penalties(
        {
            "on activations": {"0.1": ([0.7, 0.9], [0.95, 0.97])},
            "on weights": {"0.2": ([0.2, 0.3], [0.9, 0.92]), "0.3": ([0.1, 0.1], [0.8, 0.82])},
        }
    ),
    "codes": lambda: figures.code_sparsity(*CODES, worst=0.07),
    "features": lambda: figures.decoder_features(
        {"plain": np.arange(12 * 64).reshape(12, 8, 8), "sparse": np.ones((12, 8, 8))}
    ),
}


@functools.cache
def made(name: str) -> Picture:
    """Return a figure that tests only read."""
    return MAKERS[name]()
