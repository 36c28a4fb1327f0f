"""What `train` accepts as numbers."""

import math
import numbers

from relukit.errors import InvalidTypeError, InvalidValueError


def number(name: str, value: object) -> float:
    """Return a finite number as a float, or raise the error that names it.

    Example:
        >>> number("lr", 1)
        1.0
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InvalidTypeError(f"a number as {name}", type(value).__name__, "pass a float")
    if not math.isfinite(value):
        raise InvalidValueError(f"a finite {name}", str(value), "pass a finite number")
    return float(value)


def count(name: str, value: object) -> int:
    """Return a whole number of at least 1, or raise the error that names it.

    Example:
        >>> count("steps", 20)
        20
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise InvalidTypeError(
            f"an integer as {name}", f"{value!r} ({type(value).__name__})", "pass a whole number"
        )
    if value < 1:
        raise InvalidValueError(f"{name} of at least 1", str(value), f"pass {name}=100, say")
    return int(value)
