"""What `train` accepts as numbers, sweeps and data."""

import math
import numbers
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from relukit.datasets import Dataset, Sequences
from relukit.errors import InvalidTypeError, InvalidValueError


@dataclass(frozen=True, eq=False)
class Examples:
    """Data as the engine uses them; the test part may be None.

    Args:
        x: training inputs (n, ...).
        y: labels (n,) of dtype int64, or targets of the network's output shape.
        x_test: as x.
        y_test: as y.
        n_classes: number of classes, None where it is not stated.

    Example:
        >>> Examples(torch.zeros(3, 2), torch.zeros(3, 1), None, None, None).classifies
        False
    """

    x: Tensor
    y: Tensor
    x_test: Tensor | None
    y_test: Tensor | None
    n_classes: int | None

    @property
    def classifies(self) -> bool:
        """Whether y holds labels (cross-entropy) and not targets (mean squared error)."""
        return not self.y.is_floating_point()

    def to(self, device: torch.device, dtype: torch.dtype) -> "Examples":
        """Return the same data on a device, floating-point parts in the given dtype."""
        parts = [
            part if part is None else part.to(device, dtype if part.is_floating_point() else None)
            for part in (self.x, self.y, self.x_test, self.y_test)
        ]
        return Examples(*parts, self.n_classes)


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


def sweep(name: str, value: object, *, positive: bool) -> tuple[tuple[float, ...], bool]:
    """Return the values of one setting, and whether they were given as a sequence.

    Args:
        name: the argument's name.
        value: a number or a sequence of different numbers.
        positive: whether 0 is refused too; negative numbers always are.

    Example:
        >>> sweep("lr", [0.1, 0.2], positive=True)
        ((0.1, 0.2), True)
    """
    plain = value.tolist() if hasattr(value, "tolist") else value
    swept = isinstance(plain, Iterable) and not isinstance(plain, str | bytes)
    values = tuple(number(name, v) for v in (plain if swept else [plain]))
    if not values:
        raise InvalidValueError(f"one or more values of {name}", "none", f"pass {name}=[0.1]")
    if len(set(values)) < len(values):
        raise InvalidValueError(
            f"different values of {name}", str(values), "list each value once; repeat over seeds"
        )
    low = min(values)
    if low < 0 or (positive and low == 0):
        bound = "above 0" if positive else "of at least 0"
        raise InvalidValueError(f"{name} {bound}", str(low), f"pass {name} {bound}")
    return values, swept


def seed_list(seeds: object) -> tuple[int, ...]:
    """Return the seeds of the members: 16 means 0 to 15.

    Example:
        >>> seed_list(3), seed_list([5, 7])
        ((0, 1, 2), (5, 7))
    """
    plain = seeds.tolist() if hasattr(seeds, "tolist") else seeds
    if isinstance(plain, Iterable) and not isinstance(plain, str | bytes):
        plain = list(plain)
    else:
        plain = list(range(count("seeds", plain)))
    for seed in plain:
        if isinstance(seed, bool) or not isinstance(seed, numbers.Integral):
            raise InvalidTypeError("integer seeds", repr(seed), "pass seeds=16 or a list")
        if not 0 <= seed < 2**63:
            raise InvalidValueError("seeds from 0 to 2**63 - 1", str(seed), "pass seeds=16")
    if not plain or len(set(plain)) < len(plain):
        raise InvalidValueError("one or more different seeds", str(plain), "pass seeds=16")
    return tuple(int(seed) for seed in plain)


def examples(data: object) -> Examples:
    """Return checked data from a Dataset, from Sequences, or from a tuple of two or four tensors.

    Raises:
        InvalidTypeError: no data set and no tuple of tensors, or dtypes that do not fit.
        InvalidValueError: no example, unequal lengths, nan or infinity, negative labels.

    Example:
        >>> examples((torch.zeros(4, 2), torch.ones(4, 1))).x.shape
        torch.Size([4, 2])
    """
    if isinstance(data, Dataset | Sequences):
        parts = [data.x_train, data.y_train, data.x_test, data.y_test]
        n_classes = data.n_classes if isinstance(data, Dataset) else None
    elif isinstance(data, tuple | list) and len(data) in (2, 4):
        parts, n_classes = [*data, None, None][:4], None
    else:
        raise InvalidTypeError(
            "a Dataset, Sequences, or a tuple (x, y) or (x_train, y_train, x_test, y_test)",
            type(data).__name__,
            "load one with relukit.datasets, or pass two or four tensors",
        )
    for x, y, part in ((*parts[:2], "training"), (*parts[2:], "test")):
        if x is not None or part == "training":
            _check_part(x, y, part, n_classes)
    if parts[2] is not None and (
        parts[0].shape[1:] != parts[2].shape[1:]
        or parts[1].shape[1:] != parts[3].shape[1:]
        or parts[1].dtype != parts[3].dtype
    ):
        raise InvalidValueError(
            "training and test parts of one kind",
            f"inputs {tuple(parts[0].shape[1:])} and {tuple(parts[2].shape[1:])}, targets "
            f"{tuple(parts[1].shape[1:])} of {parts[1].dtype} and {tuple(parts[3].shape[1:])} of "
            f"{parts[3].dtype}",
            "prepare both parts in the same way",
        )
    return Examples(*parts, n_classes)


def _check_part(x: object, y: object, part: str, n_classes: int | None) -> None:
    for name, value in (("x", x), ("y", y)):
        if not isinstance(value, Tensor):
            raise InvalidTypeError(
                f"a tensor {name} in the {part} part",
                type(value).__name__,
                "convert it with torch.as_tensor",
            )
    if x.ndim < 2 or y.ndim < 1 or len(x) != len(y) or 0 in x.shape:
        raise InvalidValueError(
            f"{part} data x of shape (n, ...) and y of length n, with n of at least 1",
            f"shapes {tuple(x.shape)} and {tuple(y.shape)}",
            "give one row of x and one entry of y for every example",
        )
    if not x.is_floating_point() or (y.dtype != torch.int64 and not y.is_floating_point()):
        raise InvalidTypeError(
            "floating-point x, and y of int64 labels or floating-point targets",
            f"{x.dtype} and {y.dtype}",
            "convert them with .float() and .long()",
        )
    for name, value in (("x", x), ("y", y)):
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise InvalidValueError(
                f"finite {part} data {name}", "nan or infinity", "remove those examples"
            )
    if y.dtype == torch.int64:
        if y.ndim != 1:
            raise InvalidValueError("labels of shape (n,)", str(tuple(y.shape)), "flatten them")
        low, high = int(y.min()), int(y.max())
        if low < 0 or (n_classes is not None and high >= n_classes):
            known = "0 up" if n_classes is None else f"0 to {n_classes - 1}"
            raise InvalidValueError(
                f"labels from {known}", f"labels from {low} to {high}", "number the classes from 0"
            )
