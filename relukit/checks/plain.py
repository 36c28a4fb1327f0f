"""Any value, reduced to data that can be compared and shown without calling back its owner."""

import sys
from dataclasses import dataclass

import numpy as np

DEPTH = 8  # a list inside a list inside a list: deeper ones are not data
_EXACTLY = {int: int.__int__, float: float.__float__, str: str.__str__}  # past any subclass


@dataclass(frozen=True)
class Unusable:
    """Stands for a value that is not data.

    Attributes:
        description: what it was, such as "a value of type set".
    """

    description: str


def plain(value: object, *, depth: int = DEPTH) -> object:
    """Return the value as None, bool, int, float, str, NumPy array, tuple or list of these.

    NumPy scalars become 0-d arrays; tensors are detached and copied; anything else becomes
    `Unusable`.

    Args:
        value: anything.
        depth: how many levels of lists and tuples count as data.

    Example:
        >>> plain((np.float32(2), {1}))
        (array(2., dtype=float32), Unusable(description='a value of type set'))
    """
    if value is None or value is True or value is False:
        return value
    for kind, exactly in _EXACTLY.items():
        if isinstance(value, kind) and not isinstance(value, np.generic):
            return exactly(value)
    if isinstance(value, tuple | list):
        if depth == 0:
            return Unusable("a list that is nested too deeply")
        items = [plain(item, depth=depth - 1) for item in value]
        return tuple(items) if isinstance(value, tuple) else items
    if value is NotImplemented or value is ...:
        return Unusable(repr(value))
    return _array(value)


def _array(value: object) -> object:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        if value.dtype == torch.bfloat16 or value.layout != torch.strided:
            return Unusable(f"a tensor of dtype {value.dtype} and layout {value.layout}")
        value = value.detach().cpu().resolve_conj().resolve_neg().numpy()
    if not isinstance(value, np.ndarray | np.generic) and not hasattr(type(value), "__array__"):
        return Unusable(f"a value of type {type(value).__name__}")
    array = np.array(value, subok=False)
    if array.dtype.kind not in "biufc":
        return Unusable(f"an array of dtype {array.dtype.name}")
    return array
