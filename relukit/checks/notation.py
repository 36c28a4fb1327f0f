"""How values are written in an outcome: short, the same on every machine, with their dtype."""

import numpy as np

from relukit.checks.layouts import layout_of
from relukit.checks.plain import Unusable

DIGITS = (6, 9, 17)  # significant ones: the first that tells two values apart is taken
ITEMS = 12  # elements of an array that are written out
WIDTH = 160
_LAID = {
    "": "",
    "strided": ", every second number of a longer array",
    "Fortran": ", stored column by column",
    "read-only": ", which cannot be written to",
}


def show(value: object, *, digits: int = DIGITS[0]) -> str:
    """Return plain data as text.

    Args:
        value: what `plain` returns.
        digits: significant digits of a float.

    Example:
        >>> show(np.array([-1.0, 0.5], dtype=np.float32))
        '[-1.0, 0.5] (float32)'
        >>> show((1.0, np.array([2.0, 3.0])))
        '(1.0, [2.0, 3.0])'
        >>> show((1, "two"))
        "(1, 'two')"
    """
    if isinstance(value, Unusable):
        return value.description.partition(":")[0]
    if isinstance(value, np.ndarray):
        return f"{_elements(value, digits)} {_kind(value)}"
    if isinstance(value, tuple | list):
        items = ", ".join(_part(item, digits) for item in value[:ITEMS])
        items += ", ..." if len(value) > ITEMS else ""
        return _short(f"({items})" if isinstance(value, tuple) else f"[{items}]")
    return _short(_number(value, digits))


def show_both(expected: object, got: object) -> tuple[str, str]:
    """Return both values as text, with digits enough to tell them apart where they differ.

    Example:
        >>> show_both(1.0, 1.0000001)
        ('1.0', '1.0000001')
    """
    if isinstance(got, np.ndarray) and got.ndim == 0 and not isinstance(expected, np.ndarray):
        got = got.item()
    for digits in DIGITS:
        texts = show(expected, digits=digits), show(got, digits=digits)
        if texts[0] != texts[1]:
            break
    return texts


def show_arguments(names: tuple[str, ...], arguments: tuple[object, ...]) -> str:
    """Return the arguments of a call as text.

    Args:
        names: the parameters' names; as many as arguments, or more.
        arguments: plain data.

    Example:
        >>> show_arguments(("x", "sharpness"), (np.array([1.0]), 2.0))
        'x = [1.0] (float64), sharpness = 2.0'
    """
    pairs = zip(names[: len(arguments)], arguments, strict=True)
    said = (f"{name} = {show(value)}{_laid(value)}" for name, value in pairs)
    return ", ".join(said) or "no arguments"


def _laid(value: object) -> str:
    """Return how an array lies in memory, where that is unusual."""
    layout = layout_of(value) if isinstance(value, np.ndarray) else ""
    return _LAID[layout]


def _part(item: object, digits: int) -> str:
    return _elements(item, digits) if isinstance(item, np.ndarray) else show(item, digits=digits)


def _kind(array: np.ndarray) -> str:
    said = [array.dtype.name]
    if array.ndim != 1 or not 0 < array.size <= ITEMS:
        said.append("0-d" if array.ndim == 0 else f"shape {array.shape}")
    return f"({', '.join(said)})"


def _elements(array: np.ndarray, digits: int) -> str:
    if array.size > ITEMS:
        first = ", ".join(_number(item, digits) for item in array.ravel()[:ITEMS].tolist())
        return f"[{first}, ...]"
    return _nested(array.tolist(), digits)


def _nested(item: object, digits: int) -> str:
    if isinstance(item, list):
        return f"[{', '.join(_nested(inner, digits) for inner in item)}]"
    return _number(item, digits)


def _number(value: object, digits: int) -> str:
    if not isinstance(value, float):
        return repr(value)
    text = f"{value:.{digits}g}"
    return text if any(mark in text for mark in ".en") else text + ".0"


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else text[:WIDTH] + "..."
