"""What an experiment returns, as plain JSON and back: bit by bit, and nothing in it is executed."""

import math
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import numpy as np

_DTYPES = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64")

Classes = Mapping[str, type]
Plain = Any  # what JSON knows


def classes_of(hint: object) -> dict[str, type]:
    """Return the data classes that an annotation names, by name, with those of their fields.

    Args:
        hint: such as tuple[Interval, ...].

    Example:
        >>> from relukit.statistics import Interval
        >>> classes_of(tuple[Interval, ...])
        {'Interval': <class 'relukit.statistics.intervals.Interval'>}
    """
    if isinstance(hint, type) and is_dataclass(hint):
        inside: list[Any] = [*get_type_hints(hint).values()]
        found = {hint.__name__: hint}
    else:
        inside, found = [*get_args(hint)], {}
    for part in inside:
        found |= classes_of(part)
    return found


def encoded(value: object, classes: Classes) -> Plain:
    """Return what `json.dumps` takes.

    Args:
        value: numbers, words, arrays, tensors of the CPU, and tuples, lists, dicts and data
            classes of these.
        classes: the data classes that there may be.

    Raises:
        TypeError: something else.

    Example:
        >>> import numpy as np
        >>> encoded((0.1, np.arange(2)), {})
        {'tuple': [0.1, {'array': ['int64', [2], [0, 1]]}]}
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, tuple | list) and type(value) in (tuple, list):
        return {type(value).__name__: [encoded(one, classes) for one in value]}
    if isinstance(value, dict) and type(value) is dict:
        return {"dict": [[encoded(k, classes), encoded(v, classes)] for k, v in value.items()]}
    if type(value) is np.ndarray or isinstance(value, np.generic):
        return {"array" if type(value) is np.ndarray else "scalar": _listed(np.asarray(value))}
    torch: Any = sys.modules.get("torch")  # what is a tensor has imported it
    if torch is not None and type(value) is torch.Tensor:
        return {"tensor": _listed(np.asarray(value))}
    if is_dataclass(value) and classes.get(type(value).__name__) is type(value):
        named = {f.name: encoded(getattr(value, f.name), classes) for f in fields(value) if f.init}
        return {"class": [type(value).__name__, named]}
    raise TypeError(f"{type(value).__name__} is not kept")


def decoded(kept: Plain, classes: Classes) -> Plain:
    """Return the value again.

    Args:
        kept: what `encoded` gave, and JSON back again.
        classes: as for `encoded`; no other is ever made.

    Raises:
        Exception: whatever comes of what somebody else wrote.

    Example:
        >>> import numpy as np
        >>> decoded(encoded({0.5: (1, np.float32(0.1))}, {}), {})
        {0.5: (1, np.float32(0.1))}
    """
    if kept is None or type(kept) in (bool, int, float, str):
        return kept
    ((kind, inside),) = kept.items()
    if kind in ("tuple", "list"):
        values = [decoded(one, classes) for one in inside]
        return values if kind == "list" else tuple(values)
    if kind == "dict":
        return {decoded(k, classes): decoded(v, classes) for k, v in inside}
    if kind in ("array", "scalar"):
        found = _array(*inside)
        return found if kind == "array" else found[()]
    if kind == "tensor":
        import torch

        return torch.from_numpy(_array(*inside))
    if kind == "class":
        name, named = inside
        return classes[name](**{field: decoded(one, classes) for field, one in named.items()})
    raise ValueError(f"an unknown kind, {kind}")


def _listed(array: np.ndarray) -> list[Any]:
    if array.dtype.name not in _DTYPES or not array.dtype.isnative:
        raise TypeError(f"{array.dtype} is not kept")
    return [array.dtype.name, list(array.shape), array.ravel().tolist()]


def _array(dtype: str, shape: list[int], values: list[float]) -> np.ndarray:
    if dtype not in _DTYPES or math.prod(shape) != len(values) or min(shape, default=0) < 0:
        raise ValueError("no array")
    return np.array(values, dtype=dtype).reshape(shape)
