"""The explorers of lesson 02: one unit, and a network of a few hinges."""

from relukit.lessons.definitions.explorers.hinges import hinge_builder
from relukit.lessons.definitions.explorers.unit import unit_explorer

__all__ = ["hinge_builder", "unit_explorer"]
