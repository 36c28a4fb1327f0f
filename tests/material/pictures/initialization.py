"""The figures of lesson 05, each made once for the tests that read it."""

import functools

from relukit.figures.canvas import Picture
from relukit.lessons.initialization import figures
from relukit.lessons.initialization.experiments.layers import Passage

LAYERS = [
    {"cosine": [0.3, 0.5, 0.6], "zeros": [0.5, 0.5, 0.49], "fixed": [0.0, 0.1, 0.2]},
    {"cosine": [0.32, 0.48, 0.62], "zeros": [0.5, 0.51, 0.5], "fixed": [0.0, 0.2, 0.3]},
]
PASSAGES = {
    "one": [Passage((0.1, 0.2), (0.3, 0.1)), Passage((0.0, 0.4), (0.5, 0.2))],
    "two": [Passage((-1.0, -2.0), (-2.0, -1.0)), Passage((-1.1, -2.2), (-2.1, -1.2))],
}
SOME = {"A": [0.91, 0.95, 0.93], "B": [0.4, 0.6, 0.5]}
MAKERS = {
    "weights": figures.weights,
    "signal_and_gradient": lambda: figures.signal_and_gradient(PASSAGES),
    "spread": lambda: figures.spread((24, 12), depth=6, n_seeds=4),
    "own_sizes": lambda: figures.own_sizes(depth=4),
    "tanh_depth": lambda: figures.tanh_depth(depth=12),
    "cosines": lambda: figures.cosines(LAYERS),
    "always_on_or_off": lambda: figures.always_on_or_off(LAYERS),
    "edge": figures.edge,
    "spectra": lambda: figures.spectra(depth=4),
    "gradients": lambda: figures.gradients(depth=3, width=20),
    "accuracies": lambda: figures.accuracies(SOME, title="Trained"),
    "gain": lambda: figures.gain(1.3, seed=2),
    "knob": lambda: figures.knob().frames[3],
    "two_over_n": figures.two_over_n,
    "fifty_floors": figures.fifty_floors,
    "spirals": figures.spirals,
    "arrows": figures.arrows,
}


@functools.cache
def made(name: str) -> Picture:
    """Return a figure that tests only read."""
    return MAKERS[name]()
