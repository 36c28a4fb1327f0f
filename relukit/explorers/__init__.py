"""Pictures with sliders, one module each; the only place that knows ipywidgets."""

from relukit.explorers.engine import Explorer
from relukit.explorers.hinges import hinge_builder
from relukit.explorers.unit import unit_explorer

__all__ = ["Explorer", "hinge_builder", "unit_explorer"]
