"""The figures of the start page, each a function that returns a described picture or a film."""

from relukit.lessons.start.figures.dots import dots
from relukit.lessons.start.figures.race import race
from relukit.lessons.start.figures.switch import switch

__all__ = ["dots", "race", "switch"]
