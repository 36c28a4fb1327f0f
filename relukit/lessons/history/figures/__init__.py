"""The figures of lesson 01, each a function that returns a described picture."""

from relukit.lessons.history.figures.chaos import chaos, same_half
from relukit.lessons.history.figures.circuits import lateral_inhibition, permitted_sets, two_units
from relukit.lessons.history.figures.measured import by_seed, stepped_units, tobit
from relukit.lessons.history.figures.neurons import (
    firing_rates,
    power_law,
    rectified_waves,
    tuning,
    widths,
)
from relukit.lessons.history.figures.timeline import time_line

__all__ = [
    "by_seed",
    "chaos",
    "firing_rates",
    "lateral_inhibition",
    "permitted_sets",
    "power_law",
    "rectified_waves",
    "same_half",
    "stepped_units",
    "time_line",
    "tobit",
    "tuning",
    "two_units",
    "widths",
]
