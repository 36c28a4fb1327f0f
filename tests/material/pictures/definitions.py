"""The figures of lesson 02, each made once for the tests that read it."""

import functools

import numpy as np

from relukit import figures
from relukit.figures.canvas import Picture
from relukit.lessons.definitions import figures as definitions

SCALES = np.linspace(0, 3, 7)
MAKERS = {
    "rectifier": definitions.rectifier,
    "half_wave": definitions.half_wave,
    "slopes_at_zero": definitions.slopes_at_zero,
    "softplus_sharpness": definitions.softplus_sharpness,
    "linear_stack": definitions.linear_stack,
    "pieces": definitions.pieces,
    "cells": definitions.cells,
    "cells_in_training": lambda: definitions.cells_in_training().frames[-1],
    "one_matrix": lambda: definitions.one_matrix().frames[3],
    "saturation": definitions.saturation,
    "derivative_products": lambda: definitions.derivative_products(6, n_paths=51),
    "homogeneity": lambda: definitions.homogeneity(SCALES, np.sqrt(SCALES), 2 * SCALES),
    "zeros_by_layer": lambda: definitions.zeros_by_layer(
        {"zero bias": [[0.5, 0.49], [0.51, 0.5]], "bias 1": [[0.15, 0.16], [0.17, 0.16]]}
    ),
    "four_hinges": lambda: definitions.four_hinges((0, 1, 2, 3), (1, -1, 1, -1), offset=0.5),
    "unit": lambda: definitions.unit(2.0, -1.0),
    "bell": lambda: definitions.bell(1.0),
    "blame": lambda: definitions.blame().frames[10],
    "halves": definitions.halves,
    "draw": lambda: definitions.draw().frames[4],
    "chord": definitions.chord,
    "teeth": definitions.teeth,
    "xor_points": definitions.xor_points,
    "fading": definitions.fading,
    "fold": lambda: definitions.fold().frames[-1],
    "cost": lambda: figures.cost({"relu": 1e-3, "product": 0.2}, highlight="product"),
}


@functools.cache
def made(name: str) -> Picture:
    """Return a figure that tests only read."""
    return MAKERS[name]()
