"""The figures of lesson 02, each a function that returns a described picture."""

from relukit.figures.definitions.builder import four_hinges
from relukit.figures.definitions.cells import pieces, regions
from relukit.figures.definitions.depth import derivative_products, saturation
from relukit.figures.definitions.function import (
    half_wave,
    rectifier,
    slopes_at_zero,
    softplus_sharpness,
)
from relukit.figures.definitions.hinges import hinge_fit, linear_stack
from relukit.figures.definitions.measured import cost, homogeneity, zeros_by_layer
from relukit.figures.definitions.unit import unit

__all__ = [
    "cost",
    "derivative_products",
    "four_hinges",
    "half_wave",
    "hinge_fit",
    "homogeneity",
    "linear_stack",
    "pieces",
    "rectifier",
    "regions",
    "saturation",
    "slopes_at_zero",
    "softplus_sharpness",
    "unit",
    "zeros_by_layer",
]
