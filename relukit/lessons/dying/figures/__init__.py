"""The figures of lesson 04, each a function that returns a described picture."""

from relukit.lessons.dying.figures.birth import born_dead_by_depth, dead_by_layer, silent_by_sample
from relukit.lessons.dying.figures.causes import deep_accuracies, remedies, suspects
from relukit.lessons.dying.figures.cliff import cliff_at, cliff_map
from relukit.lessons.dying.figures.lifelines import autopsy, fates, life_lines, ways_to_die

__all__ = [
    "autopsy",
    "born_dead_by_depth",
    "cliff_at",
    "cliff_map",
    "dead_by_layer",
    "deep_accuracies",
    "fates",
    "life_lines",
    "remedies",
    "silent_by_sample",
    "suspects",
    "ways_to_die",
]
