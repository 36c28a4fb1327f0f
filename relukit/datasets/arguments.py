"""What the data sets accept as numbers."""

import math
import numbers

from relukit.errors import InvalidTypeError, InvalidValueError


def whole_number(name: str, value: object, least: int, most: int = 2**32 - 1) -> int:
    """Return `value` as an int, or raise the error that says which integers are accepted.

    Example:
        >>> whole_number("n", 5, 1)
        5
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        kind = type(value).__name__
        raise InvalidTypeError(f"an integer {name}", f"{value!r} ({kind})", "pass a whole number")
    if not least <= value <= most:
        raise InvalidValueError(
            f"{name} from {least} to {most}", str(value), "pass a number in that range"
        )
    return int(value)


def non_negative(name: str, value: object) -> float:
    """Return `value` as a float, or raise the error that says it must be finite and at least 0.

    Example:
        >>> non_negative("noise", 0)
        0.0
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        kind = type(value).__name__
        raise InvalidTypeError(f"a number as {name}", f"{value!r} ({kind})", "pass 0.0 or more")
    if not 0 <= value < math.inf:
        raise InvalidValueError(f"a finite {name} of 0 or more", str(value), "pass 0.0 for none")
    return float(value)
