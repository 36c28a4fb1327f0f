"""Exercises that answer back: checks, hints, progress, predictions and verdicts."""

from relukit.checks.checking import check
from relukit.checks.hints import hint
from relukit.checks.overview import progress
from relukit.checks.predictions import predict, verdict

__all__ = ["check", "hint", "predict", "progress", "verdict"]
