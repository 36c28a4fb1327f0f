"""The figures of lesson 01, each made once for the tests that read it."""

import functools

from relukit.figures.canvas import Picture
from relukit.lessons.history import figures as history
from relukit.lessons.history.experiments.circuits import random_inhibition
from relukit.lessons.history.experiments.tobit import FITS

SLOPES = {FITS[0]: (0.9, 0.92, 0.88), FITS[1]: (1.3, 1.31, 1.29), FITS[2]: (1.5, 1.52, 1.47)}
LEFT = [0.15**layer for layer in range(11)]
DEEP = {("relu", "1990", 10): (0.1, 0.11), ("tanh", "1990", 10): (0.6, 0.7)}
ARMS = {"relu": (0.97, 0.98, 0.975), "sigmoid": (0.93, 0.94, 0.95)}
MAKERS = {
    "time_line": history.time_line,
    "time_line biology": lambda: history.time_line(theme="biology"),
    "five_curves": history.five_curves,
    "stripes": history.stripes,
    "receptors": history.receptors,
    "two_rivals 0.8": lambda: history.two_rivals(0.8),
    "two_rivals 1.2": lambda: history.two_rivals(1.2),
    "half_kept": history.half_kept,
    "s_shapes": history.s_shapes,
    "what_arrives": lambda: history.what_arrives({"1990": LEFT}),
    "time_machine": lambda: history.time_machine(DEEP),
    "since_then": history.since_then,
    "permitted_sets": lambda: history.permitted_sets(random_inhibition(1)),
    "firing_rates": history.firing_rates,
    "rectified_waves": history.rectified_waves,
    "power_law": history.power_law,
    "tuning": history.tuning,
    "chaos": history.chaos,
    "same_half": history.same_half,
    "widths": history.widths,
    "tobit": lambda: history.tobit(SLOPES),
    "stepped_units": history.stepped_units,
    "three_curves": lambda: history.three_curves(ARMS),
    "three_nonlinearities": lambda: history.three_nonlinearities(ARMS),
    "by_seed": lambda: history.by_seed(ARMS, quantity="right, in %", title="Two arms", scale=100),
}


@functools.cache
def made(name: str) -> Picture:
    """Return a figure that tests only read."""
    return MAKERS[name]()
