"""The figures of lesson 01, each a function that returns a described picture."""

from relukit.lessons.history.figures.chaos import chaos, same_half
from relukit.lessons.history.figures.circuits import permitted_sets
from relukit.lessons.history.figures.diode import half_kept
from relukit.lessons.history.figures.eye import receptors, stripes
from relukit.lessons.history.figures.five import five_curves
from relukit.lessons.history.figures.machine import time_machine, what_arrives
from relukit.lessons.history.figures.measured import (
    by_seed,
    stepped_units,
    three_curves,
    three_nonlinearities,
    tobit,
)
from relukit.lessons.history.figures.neurons import (
    firing_rates,
    power_law,
    rectified_waves,
    tuning,
    widths,
)
from relukit.lessons.history.figures.rivals import two_rivals
from relukit.lessons.history.figures.shapes import s_shapes
from relukit.lessons.history.figures.since import since_then
from relukit.lessons.history.figures.timeline import time_line

__all__ = [
    "by_seed",
    "chaos",
    "firing_rates",
    "five_curves",
    "half_kept",
    "permitted_sets",
    "power_law",
    "receptors",
    "rectified_waves",
    "s_shapes",
    "same_half",
    "since_then",
    "stepped_units",
    "stripes",
    "three_curves",
    "three_nonlinearities",
    "time_line",
    "time_machine",
    "tobit",
    "tuning",
    "two_rivals",
    "what_arrives",
    "widths",
]
