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


def show(value: object, *, digits: int = DIGITS[0], first: int = 0) -> str:
    """Return plain data as text.

    Args:
        value: what `plain` returns.
        digits: significant digits of a float.
        first: the first element that is written of an array that is too long.

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
        return f"{_elements(value, digits, first)} {_kind(value)}"
    if isinstance(value, tuple | list):
        items = ", ".join(_part(item, digits) for item in value[:ITEMS])
        items += ", ..." if len(value) > ITEMS else ""
        if isinstance(value, tuple):
            return _short(f"({items},)" if len(value) == 1 else f"({items})")
        return _short(f"[{items}]")
    return _short(_number(value, digits))


def show_both(expected: object, got: object) -> tuple[str, str]:
    """Return both values as text, with digits enough to tell them apart where they differ.

    Example:
        >>> show_both(1.0, 1.0000001)
        ('1.0', '1.0000001')
    """
    if isinstance(got, np.ndarray) and got.ndim == 0 and not isinstance(expected, np.ndarray):
        got = got.item()
    first = _first_difference(expected, got)
    for digits in DIGITS:
        bare = [_part(value, digits, first) for value in (expected, got)]
        if bare[0] != bare[1]:
            break
    one, other = (show(value, digits=digits, first=first) for value in (expected, got))
    return _of_parts(expected, got) if one == other else (one, other)


def _of_parts(expected: object, got: object) -> tuple[str, str]:
    """Return the first part that differs to the eye where the whole, cut short, does not."""
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        for place, pair in enumerate(zip(expected, got, strict=False), start=1):
            one, other = show_both(*pair)
            if one != other:
                return f"part {place} is {one}", f"part {place} is {other}"
    return show(expected), show(got)


def tell_apart(*numbers: float) -> tuple[str, ...]:
    """Return numbers as text, with digits enough that different ones differ to the eye.

    Example:
        >>> tell_apart(3.0, 3.0000001), tell_apart(4, 2.5, 4)
        (('3', '3.0000001'), ('4', '2.5', '4'))
    """
    values = [float(number) + 0.0 for number in numbers]  # no -0
    different = len({repr(value) for value in values})
    for digits in DIGITS:
        texts = tuple(f"{value:.{digits}g}" for value in values)
        if len(set(texts)) == different:
            break
    return texts


def _first_difference(expected: object, got: object) -> int:
    """Return from which element on two long arrays of one shape are written, 0 for others."""
    if not (isinstance(expected, np.ndarray) and isinstance(got, np.ndarray)):
        return 0
    if expected.shape != got.shape or expected.size <= ITEMS:
        return 0
    differ = (expected != got) & ~((expected != expected) & (got != got))
    return int(differ.argmax()) // ITEMS * ITEMS


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


def _part(item: object, digits: int, first: int = 0) -> str:
    if isinstance(item, np.ndarray):
        return _elements(item, digits, first)
    return show(item, digits=digits)


def _kind(array: np.ndarray) -> str:
    said = [array.dtype.name]
    if array.ndim != 1 or not 0 < array.size <= ITEMS:
        said.append("0-d" if array.ndim == 0 else f"shape {array.shape}")
    return f"({', '.join(said)})"


def _elements(array: np.ndarray, digits: int, first: int = 0) -> str:
    if array.size > ITEMS:
        window = array.ravel()[first : first + ITEMS].tolist()
        written = ", ".join(_number(item, digits) for item in window)
        before, after = ("..., " * (first > 0), ", ..." * (first + ITEMS < array.size))
        return f"[{before}{written}{after}]"
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
