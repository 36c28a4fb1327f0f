"""The figures of lesson 03, each a function that returns a described picture."""

from relukit.lessons.variants.figures.constants import selu_constants, squareplus_gaps
from relukit.lessons.variants.figures.gate import gate
from relukit.lessons.variants.figures.halves import drawings, left_halves
from relukit.lessons.variants.figures.lead import lead
from relukit.lessons.variants.figures.measured import gains, slopes_by_layer
from relukit.lessons.variants.figures.printed import mish_intervals, twin_rankings
from relukit.lessons.variants.figures.random import noisy, randomized_slopes
from relukit.lessons.variants.figures.referees import referees
from relukit.lessons.variants.figures.shapes import approximation_errors, family, maxout_pieces
from relukit.lessons.variants.figures.single import variant
from relukit.lessons.variants.figures.swapped import swapped
from relukit.lessons.variants.figures.wall import dip, wall
from relukit.lessons.variants.figures.wires import wires

__all__ = [
    "approximation_errors",
    "dip",
    "drawings",
    "family",
    "gains",
    "gate",
    "lead",
    "left_halves",
    "maxout_pieces",
    "mish_intervals",
    "noisy",
    "randomized_slopes",
    "referees",
    "selu_constants",
    "slopes_by_layer",
    "squareplus_gaps",
    "swapped",
    "twin_rankings",
    "variant",
    "wall",
    "wires",
]
