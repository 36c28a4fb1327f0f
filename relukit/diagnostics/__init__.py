"""What happens inside a network: activations, exact zeros, saturation, straight pieces, regions."""

from relukit.diagnostics.layers import activations, preactivations, saturation, zero_fraction
from relukit.diagnostics.pieces import Pieces, linear_pieces
from relukit.diagnostics.regions import count_regions, region_polygons, zaslavsky
from relukit.diagnostics.restriction import along_line

__all__ = [
    "Pieces",
    "activations",
    "along_line",
    "count_regions",
    "linear_pieces",
    "preactivations",
    "region_polygons",
    "saturation",
    "zaslavsky",
    "zero_fraction",
]
