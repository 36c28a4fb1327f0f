"""Pictures that describe themselves, one module a lesson."""

from relukit.figures.canvas import Picture

__all__ = ["Picture"]
