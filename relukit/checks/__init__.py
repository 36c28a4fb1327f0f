"""Exercises that answer back: checks, hints and progress."""

from relukit.checks.checking import check
from relukit.checks.hints import hint
from relukit.checks.overview import progress

__all__ = ["check", "hint", "progress"]
