"""Pictures with sliders, one module each; the only place that knows ipywidgets."""

from relukit.explorers.cliff import cliff_explorer
from relukit.explorers.engine import Explorer
from relukit.explorers.gain import gain_explorer
from relukit.explorers.hinges import hinge_builder
from relukit.explorers.learning_rate import learning_rate_explorer
from relukit.explorers.timeline import timeline_explorer
from relukit.explorers.unit import unit_explorer
from relukit.explorers.variants import variants_explorer

__all__ = [
    "Explorer",
    "cliff_explorer",
    "gain_explorer",
    "hinge_builder",
    "learning_rate_explorer",
    "timeline_explorer",
    "unit_explorer",
    "variants_explorer",
]
