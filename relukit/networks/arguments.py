"""What the networks accept as widths, schemes and dtypes."""

from collections.abc import Iterable

import torch

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.quantities import integers


def checked_widths(widths: Iterable[int]) -> list[int]:
    """Return two or more widths as a list of ints, or raise the error that says what is wrong.

    Raises:
        InvalidTypeError: no list, or an entry that is no integer.
        InvalidValueError: fewer than two, or one below 1.

    Example:
        >>> checked_widths((64, 100, 10))
        [64, 100, 10]
    """
    found = integers("widths", widths, least=1, do="pass for example [64, 100, 10]")
    if len(found) < 2:
        raise InvalidValueError(
            "two or more widths", str(len(found)), "pass inputs and outputs at least: [64, 10]"
        )
    return found


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
