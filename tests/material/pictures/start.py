"""The figures of the start page, each made once for the tests that read it."""

import functools

from relukit.figures import Film
from relukit.figures.canvas import Picture
from relukit.lessons.start import figures


@functools.cache
def film() -> Film:
    """Return the race, which tests only read."""
    return figures.race()


MAKERS = {
    "dots": lambda: figures.dots(24),
    "race": lambda: figures.race().frames[10],
    "switch": figures.switch,
}


@functools.cache
def made(name: str) -> Picture:
    """Return a figure that tests only read."""
    return film().frames[10] if name == "race" else MAKERS[name]()
