"""Weights before training: drawn from a scheme, or rescaled on a batch of data."""

from relukit.initialization.schemes import SCHEMES, WEIGHTED, Scheme, initialize
from relukit.initialization.sequential import lsuv

__all__ = ["SCHEMES", "WEIGHTED", "Scheme", "initialize", "lsuv"]
