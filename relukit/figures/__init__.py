"""How a picture is made that describes itself, and a film of several."""

from relukit.figures.canvas import Picture
from relukit.figures.cost import cost
from relukit.figures.film import Film

__all__ = ["Film", "Picture", "cost"]
