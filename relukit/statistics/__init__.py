"""Intervals over seeds, and what a comparison of two settings is allowed to say."""

from relukit.statistics.comparison import Comparison, paired_difference
from relukit.statistics.intervals import Interval, interval, proportion
from relukit.statistics.timing import seconds

__all__ = ["Comparison", "Interval", "interval", "paired_difference", "proportion", "seconds"]
