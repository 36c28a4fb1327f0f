"""The figures of lesson 05, each a function that returns a described picture."""

from relukit.lessons.initialization.figures.accuracy import accuracies
from relukit.lessons.initialization.figures.arrows import arrows
from relukit.lessons.initialization.figures.depth import (
    own_sizes,
    signal_and_gradient,
    spread,
    tanh_depth,
)
from relukit.lessons.initialization.figures.fifty import fifty_floors, spirals
from relukit.lessons.initialization.figures.gain import gain
from relukit.lessons.initialization.figures.gradients import gradients, spectra
from relukit.lessons.initialization.figures.knob import knob
from relukit.lessons.initialization.figures.likeness import always_on_or_off, cosines, edge
from relukit.lessons.initialization.figures.two_over_n import two_over_n
from relukit.lessons.initialization.figures.weights import weights

__all__ = [
    "accuracies",
    "always_on_or_off",
    "arrows",
    "cosines",
    "edge",
    "fifty_floors",
    "gain",
    "gradients",
    "knob",
    "own_sizes",
    "signal_and_gradient",
    "spectra",
    "spirals",
    "spread",
    "tanh_depth",
    "two_over_n",
    "weights",
]
