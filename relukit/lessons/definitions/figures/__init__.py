"""The figures of lesson 02, each a function that returns a described picture."""

from relukit.lessons.definitions.figures.bell import bell
from relukit.lessons.definitions.figures.blame import blame
from relukit.lessons.definitions.figures.builder import four_hinges
from relukit.lessons.definitions.figures.cells import cells, pieces
from relukit.lessons.definitions.figures.chord import chord
from relukit.lessons.definitions.figures.depth import derivative_products, saturation
from relukit.lessons.definitions.figures.drawing import draw
from relukit.lessons.definitions.figures.exclusive_or import xor_points
from relukit.lessons.definitions.figures.fading import fading
from relukit.lessons.definitions.figures.fold import fold
from relukit.lessons.definitions.figures.function import (
    half_wave,
    rectifier,
    slopes_at_zero,
    softplus_sharpness,
)
from relukit.lessons.definitions.figures.halves import halves
from relukit.lessons.definitions.figures.hinges import linear_stack
from relukit.lessons.definitions.figures.matrix import one_matrix
from relukit.lessons.definitions.figures.measured import homogeneity, zeros_by_layer
from relukit.lessons.definitions.figures.teeth import teeth
from relukit.lessons.definitions.figures.training import cells_in_training
from relukit.lessons.definitions.figures.unit import unit

__all__ = [
    "bell",
    "blame",
    "cells",
    "cells_in_training",
    "chord",
    "derivative_products",
    "draw",
    "fading",
    "fold",
    "four_hinges",
    "half_wave",
    "halves",
    "homogeneity",
    "linear_stack",
    "one_matrix",
    "pieces",
    "rectifier",
    "saturation",
    "slopes_at_zero",
    "softplus_sharpness",
    "teeth",
    "unit",
    "xor_points",
    "zeros_by_layer",
]
