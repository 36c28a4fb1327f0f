"""What a colour means, in every picture of the course.

*On, kept* is blue and filled; *off, lost* is vermilion and hollow. An activation, a way to begin
the weights and an optimizer each keep their colour, dash and marker. There are more methods than
colours that anybody can tell apart, so the three families share them; in a picture in which two
curves would look alike, the later one keeps its colour and takes another dash and marker.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from relukit.errors import unknown_name
from relukit.figures.canvas import DASHES, INK, MARKERS, PALETTE

ON: Mapping[str, Any] = MappingProxyType({"color": PALETTE["blue"], "marker": "o"})
OFF: Mapping[str, Any] = MappingProxyType(
    {"color": PALETTE["vermilion"], "marker": "s", "markerfacecolor": "white"}
)

# method -> its colour, the place of its dash and marker, and how labels call it
_ACTIVATIONS = {
    "relu": ("blue", 0, ("rectifier",)),
    "tanh": ("vermilion", 1, ()),
    "sigmoid": ("green", 2, ("logistic",)),
    "gelu": ("pink", 3, ()),
    "leaky_relu": ("purple", 4, ("leaky",)),
    "silu": ("brown", 5, ("swish",)),
    "mish": ("teal", 6, ()),
    "elu": ("rose", 7, ()),
    "prelu": ("purple", 8, ("parametric",)),
    "selu": ("rose", 9, ()),
    "celu": ("rose", 10, ()),
}
_SCHEMES = {
    "he": ("blue", 0, ("he normal", "he uniform", "he's weights", "he weights", "2/n")),
    "glorot": ("vermilion", 1, ("glorot normal", "glorot uniform", "xavier", "xavier's weights")),
    "lecun": ("green", 2, ("lecun normal",)),
    "pytorch": (
        "pink",
        3,
        ("pytorch's default", "pytorch's weights", "default", "default weights"),
    ),
    "orthogonal": ("purple", 4, ()),
}
_OPTIMIZERS = {
    "sgd": ("blue", 0, ("gradient descent",)),
    "momentum": ("vermilion", 1, ()),
    "adam": ("green", 2, ()),
    "adamw": ("pink", 3, ()),
}
METHODS = MappingProxyType(_ACTIVATIONS | _SCHEMES | _OPTIMIZERS)
_NAMES = {
    name: method
    for method, (_, _, others) in METHODS.items()
    for name in (method.replace("_", " "), *others)
}


def means(method: str) -> dict[str, Any]:
    """Return colour, dash and marker of a method.

    Args:
        method: a key of `METHODS`.

    Raises:
        InvalidValueError: an unknown method.

    Example:
        >>> means("tanh")["color"] == PALETTE["vermilion"]
        True
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    colour, place, _ = METHODS[method]
    return {"color": PALETTE[colour], "linestyle": DASHES[place], "marker": MARKERS[place]}


def methods_in(label: str) -> list[str]:
    """Return the methods that a label names between its commas and colons, or in brackets.

    Args:
        label: as it stands in a legend or beside an axis.

    Example:
        >>> methods_in("ReLU, Xavier"), methods_in("leaky ReLU: 16 seeds"), methods_in("noisy ReLU")
        (['relu', 'glorot'], ['leaky_relu'], [])
    """
    parts = re.split(r"[,:;]| \(|\)$", str(label).lower().replace("_", " "))
    return [_NAMES[part.strip()] for part in parts if part.strip() in _NAMES]


def looks(labels: Iterable[str]) -> list[dict[str, Any]]:
    """Return a look for each label: that of the method it names first, else one that is free.

    Where a label names two methods, the first gives the colour and the second the dash. No two
    looks of a picture share a dash or a marker, as long as there are enough of them.

    Args:
        labels: of the curves or rows of one picture, in their order.

    Example:
        >>> [look["marker"] for look in looks(["sigmoid, at best", "sigmoid", "anything else"])]
        ['^', 'o', 's']
    """
    labels = list(labels)
    named = [methods_in(label) for label in labels]
    owned = [METHODS[methods[0]][:2] for methods in named if methods]
    free = [colour for colour in PALETTE if colour not in dict(owned)]
    last = {place for _, place in owned}  # for the others, where nothing else is left
    places = sorted(range(len(DASHES)), key=lambda place: place in last)
    styles: list[dict[str, Any]] = []
    taken: set[int] = set()
    for methods in named:
        colour = METHODS[methods[0]][0] if methods else free.pop(0) if free else "grey"
        own = [METHODS[method][1] for method in reversed(methods)]
        place = next((p for p in (*own, *places) if p not in taken), 0)
        taken.add(place)
        look = {"color": PALETTE[colour], "linestyle": DASHES[place], "marker": MARKERS[place]}
        styles.append(look)
    return styles


def row_look(label: str) -> dict[str, Any]:
    """Return colour and marker of a row that its own label names, as beside an axis.

    Args:
        label: of the row; one that names no method gets the colour of words.

    Example:
        >>> row_look("tanh, digits")["marker"], row_look("no penalty")["marker"]
        ('s', '8')
    """
    methods = methods_in(label)
    if not methods:
        return {"color": INK, "marker": "8"}
    style = means(methods[0])
    return {"color": style["color"], "marker": style["marker"]}
