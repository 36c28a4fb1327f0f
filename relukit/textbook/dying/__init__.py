"""Experiments of lesson 04: units that are born dead, die, come back, or leave the data."""
