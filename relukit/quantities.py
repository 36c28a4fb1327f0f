"""What counts as a number where a function asks for one, and which numbers it takes.

Python's and NumPy's integers are integers; they, floats and fractions are real numbers. True and
False, decimals, text, arrays and tensors, even of one element, are neither.
"""

import math
from collections.abc import Callable, Iterable
from numbers import Integral, Real
from typing import TypeGuard

from relukit.errors import InvalidTypeError, InvalidValueError

_SHOWN = 60  # characters of a refused value


def is_integer(value: object) -> TypeGuard[int]:
    """Return whether a value counts as an integer.

    Example:
        >>> is_integer(3), is_integer(3.0), is_integer(True)
        (True, False, False)
    """
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_real(value: object) -> TypeGuard[float]:
    """Return whether a value counts as a real number; infinities and nan do too.

    Example:
        >>> is_real(3), is_real(0.5), is_real("3"), is_real(True)
        (True, True, False, False)
    """
    return isinstance(value, Real) and not isinstance(value, bool)


def integer(
    name: str,
    value: object,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    do: str = "",
) -> int:
    """Return an argument as an int, or raise the error that says which integers are taken.

    Args:
        name: the argument's name.
        value: what the caller passed.
        least: the smallest integer that is taken.
        most: the largest one.
        do: what to do, such as "pass seed=0".

    Raises:
        InvalidTypeError: no integer.
        InvalidValueError: an integer out of range.

    Example:
        >>> integer("steps", 20, least=1)
        20
    """
    return _integer(f"an integer {name}", name, value, least, most, do)


def integers(
    name: str,
    values: object,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    do: str = "",
) -> list[int]:
    """Return several numbers as a list of ints, or raise the error that says which are taken.

    Args:
        name: what the numbers are, in the plural, such as "widths".
        values: what the caller passed; any iterable but text.
        least: the smallest integer that is taken.
        most: the largest one.
        do: what to do, such as "pass for example [64, 10]".

    Raises:
        InvalidTypeError: no iterable, or an entry that is no integer.
        InvalidValueError: an entry out of range.

    Example:
        >>> integers("widths", (64, 10), least=1)
        [64, 10]
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InvalidTypeError(f"a list of {name}", type(values).__name__, do or "pass a list")
    return [_integer(f"integer {name}", name, value, least, most, do) for value in values]


def seed_number(value: object, *, bits: int = 63) -> int:
    """Return a seed as an int, or raise the error that says which seeds are taken.

    Args:
        value: what the caller passed.
        bits: 63 for torch's generators, 32 for NumPy's.

    Raises:
        InvalidTypeError: no integer.
        InvalidValueError: not from 0 to 2**bits - 1.

    Example:
        >>> seed_number(7)
        7
    """
    return integer("seed", value, least=0, most=2**bits - 1, do="pass seed=0")


def real(
    name: str,
    value: object,
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
    do: str = "",
) -> float:
    """Return an argument as a finite float, or raise the error that says which numbers are taken.

    Args:
        name: the argument's name.
        value: what the caller passed.
        above: numbers above this one are taken.
        least: this number and those above it are taken.
        below: numbers below this one are taken.
        most: this number and those below it are taken.
        do: what to do, such as "pass lr=0.1".

    Raises:
        InvalidTypeError: no real number.
        InvalidValueError: nan, an infinity, a number too large for a float, or one out of range.

    Example:
        >>> real("lr", 1, above=0)
        1.0
    """
    if not is_real(value):
        raise InvalidTypeError(f"a number as {name}", typed(value), do or "pass a float")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    if not (above < number < below and least <= number <= most and math.isfinite(number)):
        wanted = _range(name, above, least, below, most)
        raise InvalidValueError(wanted, _shown(value), do or "pass a number in that range")
    return number


def _integer(wanted: str, name: str, value: object, least: float, most: float, do: str) -> int:
    if not is_integer(value):
        raise InvalidTypeError(wanted, typed(value), do or "pass a whole number")
    number = int(value)
    if not least <= number <= most:
        low, high = f" of at least {_bound(least)}", f" from {_bound(least)} to {_bound(most)}"
        wanted = name + (low if most == math.inf else high)
        raise InvalidValueError(wanted, _shown(number), do or "pass a number in that range")
    return number


def _range(name: str, above: float, least: float, below: float, most: float) -> str:
    if math.isfinite(above) and math.isfinite(below):
        return f"a {name} between {above:g} and {below:g}"
    if math.isfinite(least) and math.isfinite(most):
        return f"a {name} from {least:g} to {most:g}"
    bounds = (
        (above, "above {:g}"), (least, "of {:g} or more"),
        (below, "below {:g}"), (most, "of {:g} or less"),
    )  # fmt: skip
    words = [said.format(bound) for bound, said in bounds if math.isfinite(bound)]
    return " ".join((f"a finite {name}", " and ".join(words))).strip()


def _bound(bound: float) -> str:
    """Return a bound as it is read: 2**63 - 1, and not its 19 digits."""
    power = int(bound) + 1 if 10**6 < bound < math.inf else 0
    whole = power and power & (power - 1) == 0
    return f"2**{power.bit_length() - 1} - 1" if whole else str(bound)


def typed(value: object) -> str:
    """Return a value with its type, cut where it is long.

    Example:
        >>> typed(1.4)
        '1.4 (float)'
    """
    return f"{_shown(value, repr)} ({type(value).__name__})"


def _shown(value: object, write: Callable[[object], str] = str) -> str:
    try:
        text = write(value)
    except ValueError:  # more digits than Python writes
        return "one of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
