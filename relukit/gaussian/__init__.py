"""Moments of activations of a standard normal input, and the gains that they imply."""

from relukit.gaussian.elementwise import Moments, gain, moments
from relukit.gaussian.units import gated_moments, maxout_moments, rrelu_moments

__all__ = ["Moments", "gain", "gated_moments", "maxout_moments", "moments", "rrelu_moments"]
