"""How a slider moves a picture; beside the lessons' own, the only place that knows ipywidgets."""

from relukit.explorers.engine import Explorer

__all__ = ["Explorer"]
