"""The figures of lesson 03, each made once for the tests that read it."""

import functools

import numpy as np

from relukit.figures.canvas import Picture
from relukit.lessons.variants import LEFTS
from relukit.lessons.variants import figures as variants
from relukit.lessons.variants.experiments.published import HE_SLOPES

GAPS = np.random.default_rng(0).standard_normal((3, 16))
SLOPES = np.random.default_rng(1).uniform(0.1, 0.4, (2, 16, 6))
FAMILY = {"ReLU": "relu", "elu, a = 2": ("elu", {"alpha": 2.0}), "GELU": "gelu"}
MAKERS = {
    "family": lambda: variants.family(FAMILY, title="Three"),
    "minima": lambda: variants.family({"GELU": "gelu", "SiLU": "silu"}, minima=True, reach=5),
    "approximation_errors": variants.approximation_errors,
    "maxout_pieces": variants.maxout_pieces,
    "randomized_slopes": variants.randomized_slopes,
    "noisy": variants.noisy,
    "gains": lambda: variants.gains(
        {"digits": {"elu": GAPS[0], "gelu": GAPS[1]}, "MNIST-1D": {"squared_relu": GAPS[2]}}
    ),
    "slopes_by_layer": lambda: variants.slopes_by_layer(
        {"learning rate 0.003": SLOPES[0], "learning rate 0.01": SLOPES[1]}, HE_SLOPES
    ),
    "selu_constants": variants.selu_constants,
    "squareplus_gaps": variants.squareplus_gaps,
    "swapped": lambda: variants.swapped([0, 50, 100], GAPS.T / 50 + 0.6, GAPS.T / 50 + 0.61),
    "mish_intervals": variants.mish_intervals,
    "twin_rankings": variants.twin_rankings,
    "wall": variants.wall,
    "dip": variants.dip,
    "drawings": lambda: variants.drawings(LEFTS),
    "left_halves": lambda: variants.left_halves({"mirror": LEFTS["mirror"]}),
    "lead": variants.lead,
    "wires": variants.wires,
    "gate": variants.gate,
    "one referee": lambda: variants.referees(own=False),
    "referees": variants.referees,
    "variant": lambda: variants.variant("swish", 3.0),
}


@functools.cache
def made(name: str) -> Picture:
    return MAKERS[name]()
