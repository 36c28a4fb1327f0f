"""The figures of lesson 05, each a function that returns a described picture."""

from relukit.figures.initialization.accuracy import accuracies
from relukit.figures.initialization.depth import (
    own_sizes,
    signal_and_gradient,
    spread,
    tanh_depth,
)
from relukit.figures.initialization.gain import gain
from relukit.figures.initialization.gradients import gradients, spectra
from relukit.figures.initialization.likeness import always_on_or_off, cosines, edge
from relukit.figures.initialization.weights import weights

__all__ = [
    "accuracies",
    "always_on_or_off",
    "cosines",
    "edge",
    "gain",
    "gradients",
    "own_sizes",
    "signal_and_gradient",
    "spectra",
    "spread",
    "tanh_depth",
    "weights",
]
