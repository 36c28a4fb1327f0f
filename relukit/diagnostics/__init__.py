"""What happens inside a network: activations, exact zeros, saturation, straight pieces, regions."""

from relukit.diagnostics.affine import Affine, affine_at
from relukit.diagnostics.layers import activations, preactivations, saturation, zero_fraction
from relukit.diagnostics.pieces import Pieces, linear_pieces
from relukit.diagnostics.regions import count_regions, region_polygons, zaslavsky
from relukit.diagnostics.restriction import along_line
from relukit.diagnostics.slope import slope
from relukit.diagnostics.start import sums_at_the_start, zeros_at_the_start

__all__ = [
    "Affine",
    "Pieces",
    "activations",
    "affine_at",
    "along_line",
    "count_regions",
    "linear_pieces",
    "preactivations",
    "region_polygons",
    "saturation",
    "slope",
    "sums_at_the_start",
    "zaslavsky",
    "zero_fraction",
    "zeros_at_the_start",
]
