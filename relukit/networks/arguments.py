"""What the networks accept as widths, schemes, dtypes and factors."""

import math
import numbers
from collections.abc import Iterable

import torch

from relukit.errors import InvalidTypeError, InvalidValueError


def whole_number(name: str, value: object) -> int:
    """Return `value` as an int of at least 1, or raise the error that says so.

    Args:
        name: what the number is, in the plural, such as "widths".
        value: what the caller passed.

    Raises:
        InvalidTypeError: no integer.
        InvalidValueError: below 1.

    Example:
        >>> whole_number("pieces", 3)
        3
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise InvalidTypeError(
            f"integer {name}", f"{value!r} ({type(value).__name__})", "pass whole numbers"
        )
    if value < 1:
        raise InvalidValueError(f"{name} of at least 1", str(value), f"pass positive {name}")
    return int(value)


def whole_numbers(name: str, values: Iterable[int], *, example: str) -> list[int]:
    """Return `values` as a list of ints of at least 1, or raise the error that says so.

    Args:
        name: what the numbers are, in the plural, such as "widths".
        values: what the caller passed; any iterable but text.
        example: a list that would be accepted, for the error.

    Raises:
        InvalidTypeError: no iterable, or an entry that is no integer.
        InvalidValueError: an entry below 1.

    Example:
        >>> whole_numbers("widths", (64, 10), example="[64, 10]")
        [64, 10]
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidTypeError(
            f"a list of {name}", type(values).__name__, f"pass for example {example}"
        )
    return [whole_number(name, value) for value in values]


def checked_widths(widths: Iterable[int]) -> list[int]:
    """Return two or more widths as a list of ints, or raise the error that says what is wrong.

    Raises:
        InvalidTypeError: no list, or an entry that is no integer.
        InvalidValueError: fewer than two, or one below 1.

    Example:
        >>> checked_widths((64, 100, 10))
        [64, 100, 10]
    """
    widths = whole_numbers("widths", widths, example="[64, 100, 10]")
    if len(widths) < 2:
        raise InvalidValueError(
            "two or more widths", str(len(widths)), "pass inputs and outputs at least: [64, 10]"
        )
    return widths


def check_options(*, scheme: str, dtype: torch.dtype, bias: bool = True) -> None:
    """Raise the error for an option that no network takes; `initialize` checks the rest.

    Args:
        scheme: not "normal", which needs a standard deviation.
        dtype: a floating dtype.
        bias: True or False.

    Raises:
        InvalidTypeError: dtype or bias of another kind.
        InvalidValueError: the scheme "normal".

    Example:
        >>> check_options(scheme="he_normal", dtype=torch.float64)
    """
    if not isinstance(bias, bool):
        raise InvalidTypeError("True or False as bias", repr(bias), "pass bias=True")
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise InvalidTypeError("a floating dtype", repr(dtype), "pass dtype=torch.float32")
    if scheme == "normal":
        raise InvalidValueError(
            "a scheme that needs no std",
            "'normal'",
            "choose another, then call initialize(network, 'normal', seed=0, std=0.01)",
        )


def positive(name: str, value: object) -> float:
    """Return `value` as a finite float above 0, or raise the error that says so.

    Raises:
        InvalidTypeError: no real number.
        InvalidValueError: 0 or below, infinite or nan.

    Example:
        >>> positive("gain", 1)
        1.0
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InvalidTypeError(f"a number as {name}", type(value).__name__, "pass a float")
    if not 0 < value < math.inf:
        raise InvalidValueError(f"a finite {name} above 0", str(value), f"pass {name}=1.0")
    return float(value)
