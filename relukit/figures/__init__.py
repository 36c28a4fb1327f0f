"""How a picture is made that describes itself."""

from relukit.figures.canvas import Picture
from relukit.figures.cost import cost

__all__ = ["Picture", "cost"]
