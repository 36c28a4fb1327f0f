"""The figures of lesson 04, each a function that returns a described picture."""

from relukit.lessons.dying.figures.adopted import adopted
from relukit.lessons.dying.figures.autopsy import autopsy, ways_to_die
from relukit.lessons.dying.figures.birth import born_dead_by_depth, dead_by_layer, silent_by_sample
from relukit.lessons.dying.figures.cliff import cliff_at, cliff_map
from relukit.lessons.dying.figures.levers import levers
from relukit.lessons.dying.figures.remedies import deep_accuracies, remedies
from relukit.lessons.dying.figures.rows import came_back, ropes
from relukit.lessons.dying.figures.thirty import thirty_alone, thirty_elsewhere, thirty_tasks

__all__ = [
    "adopted",
    "autopsy",
    "born_dead_by_depth",
    "came_back",
    "cliff_at",
    "cliff_map",
    "dead_by_layer",
    "deep_accuracies",
    "levers",
    "remedies",
    "ropes",
    "silent_by_sample",
    "thirty_alone",
    "thirty_elsewhere",
    "thirty_tasks",
    "ways_to_die",
]
