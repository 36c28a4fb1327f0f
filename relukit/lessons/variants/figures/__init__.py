"""The figures of lesson 03, each a function that returns a described picture."""

from relukit.lessons.variants.figures.measured import gains, slopes_by_layer
from relukit.lessons.variants.figures.printed import mish_intervals, perplexity, twin_rankings
from relukit.lessons.variants.figures.random import noisy, randomized_slopes
from relukit.lessons.variants.figures.shapes import approximation_errors, family, maxout_pieces
from relukit.lessons.variants.figures.single import variant

__all__ = [
    "approximation_errors",
    "family",
    "gains",
    "maxout_pieces",
    "mish_intervals",
    "noisy",
    "perplexity",
    "randomized_slopes",
    "slopes_by_layer",
    "twin_rankings",
    "variant",
]
