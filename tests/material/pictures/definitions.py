"""The figures of lesson 02, each made once for the tests that read it."""

import functools

import numpy as np
import torch

from relukit import figures
from relukit.figures.canvas import Picture
from relukit.lessons.definitions import figures as definitions
from relukit.networks import mlp

SCALES = np.linspace(0, 3, 7)
LINES = torch.tensor([[1.0, 0.2], [-0.4, 1.0], [0.7, -1.0]]), torch.tensor([0.8, -0.4, 0.9])
TEN = mlp((2, 10, 1), seed=0)[0].weight, mlp((2, 10, 1), seed=0)[0].bias
MAKERS = {
    "rectifier": definitions.rectifier,
    "half_wave": definitions.half_wave,
    "slopes_at_zero": definitions.slopes_at_zero,
    "softplus_sharpness": definitions.softplus_sharpness,
    "hinge_fit": definitions.hinge_fit,
    "linear_stack": definitions.linear_stack,
    "pieces": definitions.pieces,
    "cells": definitions.cells,
    "cells_in_training": lambda: definitions.cells_in_training().frames[-1],
    "one_matrix": lambda: definitions.one_matrix().frames[3],
    "ten lines": lambda: definitions.regions(*TEN),
    "regions": lambda: definitions.regions(*LINES),
    "saturation": definitions.saturation,
    "derivative_products": lambda: definitions.derivative_products(6, n_paths=51),
    "homogeneity": lambda: definitions.homogeneity(SCALES, np.sqrt(SCALES), 2 * SCALES),
    "zeros_by_layer": lambda: definitions.zeros_by_layer(
        {"zero bias": [[0.5, 0.49], [0.51, 0.5]], "bias 1": [[0.15, 0.16], [0.17, 0.16]]}
    ),
    "four_hinges": lambda: definitions.four_hinges((0, 1, 2, 3), (1, -1, 1, -1), offset=0.5),
    "unit": lambda: definitions.unit(2.0, -1.0),
    "blame": lambda: definitions.blame().frames[10],
    "halves": definitions.halves,
    "draw": lambda: definitions.draw().frames[4],
    "chord": definitions.chord,
    "xor_points": definitions.xor_points,
    "fold": lambda: definitions.fold().frames[-1],
    "cost": lambda: figures.cost({"relu": 1e-3, "product": 0.2}, highlight="product"),
}


@functools.cache
def made(name: str) -> Picture:
    """Return a figure that tests only read."""
    return MAKERS[name]()
