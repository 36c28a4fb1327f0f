"""Any value, reduced to data that can be compared and shown without calling back its owner."""

import itertools
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

DEPTH = 8  # a list inside a list inside a list: deeper ones are not data
NUMBERS = 2**22  # elements of an array: what is asked for has 100,000 at most
ITEMS = 2**17  # items of a list, those of the lists in it counted too
LETTERS = 10_000  # of a text, which is cut there
BITS = 1024  # of an integer: a longer one is beyond every float

TOO_LARGE = "larger than anything that is asked for"
# past any subclass
_EXACTLY: dict[type, Callable[[Any], int | float | str]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
}
_ITERATE = {tuple: tuple.__iter__, list: list.__iter__}
_UNFINISHED = {
    types.CoroutineType: "a coroutine: write def, not async def",
    types.AsyncGeneratorType: "an asynchronous generator: write def and return",
    types.GeneratorType: "a generator: write return, not yield, or make it a list",
}
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


@dataclass(frozen=True)
class Unusable:
    """Stands for a value that is not data.

    Attributes:
        description: what it was, such as "a value of type set".
    """

    description: str


def plain(value: object) -> object:
    """Return the value as None, bool, int, float, str, NumPy array, tuple or list of these.

    NumPy scalars become 0-d arrays, and its strings text; tensors are detached and copied; anything
    else becomes `Unusable`, and so does what is far larger than any answer.

    Args:
        value: anything.

    Example:
        >>> plain((np.float32(2), {1}))
        (array(2., dtype=float32), Unusable(description='a value of type set'))
        >>> plain(np.array(["a", "b"]))
        ['a', 'b']
    """
    return _plain(value, DEPTH, itertools.count())


def real_numbers(part: object) -> np.ndarray | None:
    """Return a number, an array, or lists of one length as a float64 array; else None.

    Args:
        part: of a value that `plain` returned.

    Example:
        >>> real_numbers([[1, 2], [3, 4.5]]).shape, real_numbers([[1], [2, 3]]), real_numbers("1")
        ((2, 2), None, None)
    """
    try:
        found = np.array(part)
    except (ValueError, TypeError):  # rows of different lengths
        return None
    return found.astype(float) if found.dtype.kind in "iuf" else None


def name_of(kind: type) -> str:
    """Return the name of a type, also where its metaclass has other ideas.

    Example:
        >>> name_of(int)
        'int'
    """
    return type.__dict__["__name__"].__get__(kind)


def _plain(value: Any, depth: int, counted: Iterator[int]) -> object:  # noqa: ANN401 - anything
    if value is None or value is True or value is False:
        return value
    kind = type(value)  # isinstance would ask the value's own __class__, too
    for base, exactly in _EXACTLY.items():
        if issubclass(kind, base) and not issubclass(kind, np.number):
            return _short(exactly(value))
    for base, iterate in _ITERATE.items():
        if issubclass(kind, base):
            return _items(iterate(value), base, depth, counted)
    if value is NotImplemented or value is ...:
        return Unusable(repr(value))
    if kind in _UNFINISHED:
        if kind is types.CoroutineType:
            value.close()  # else Python complains that nobody waited for it
        return Unusable(_UNFINISHED[kind])
    if kind in _FUNCTIONS:
        return Unusable(f"a value of type {name_of(kind)}: are parentheses missing at a call?")
    return _array(value, kind, depth, counted)


def _short(value: int | float | str) -> object:
    if type(value) is int and value.bit_length() > BITS:
        return Unusable(f"an integer of about {int(value.bit_length() * 0.30103):,} digits")
    return value[:LETTERS] if type(value) is str else value


def _items(items: Iterator[object], base: type, depth: int, counted: Iterator[int]) -> object:
    if depth == 0:
        return Unusable("a list that is nested too deeply")
    found = []
    for item in items:
        if next(counted) >= ITEMS:
            return Unusable(TOO_LARGE)
        part = _plain(item, depth - 1, counted)
        if isinstance(part, Unusable) and part.description == TOO_LARGE:
            return part
        found.append(part)
    return base(found)


def _array(value: Any, kind: type, depth: int, counted: Iterator[int]) -> object:  # noqa: ANN401
    torch = sys.modules.get("torch")
    if torch is not None and issubclass(kind, torch.Tensor):
        if value.dtype == torch.bfloat16 or value.layout != torch.strided:
            return Unusable(f"a tensor of dtype {value.dtype} and layout {value.layout}")
        if value.numel() > NUMBERS:
            return Unusable(TOO_LARGE)
        value = value.detach().cpu().resolve_conj().resolve_neg().numpy()
    elif not issubclass(kind, np.ndarray | np.generic):
        if not any("__array__" in vars(base) for base in type.__dict__["__mro__"].__get__(kind)):
            return Unusable(f"a value of type {name_of(kind)}")
        value = np.asarray(value)
    if np.ndarray.size.__get__(np.asarray(value)) > NUMBERS:
        return Unusable(TOO_LARGE)
    array = np.array(value, subok=False)
    if array.dtype.kind in "biufc":
        return array
    if array.dtype.kind not in "UTO" or not _is_data(array):
        return Unusable(f"an array of dtype {array.dtype.name}")
    return _plain(array.tolist(), depth, counted)


def _is_data(array: np.ndarray) -> bool:
    """Return whether an array of objects holds numbers and text alone."""
    kinds = (bool, int, float, str, np.generic)
    return all(issubclass(type(item), kinds) for item in array.ravel()[:ITEMS].tolist())
