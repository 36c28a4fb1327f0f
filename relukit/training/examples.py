"""What a population learns from: a training part and, where there is one, a test part."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from relukit.datasets import Dataset, Sequences
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.streams import made_from, number
from relukit.training.members import check_call


@dataclass(frozen=True, eq=False)
class Examples:
    """Data as the engine uses them.

    Args:
        x: training inputs (n, ...).
        y: labels (n,) of dtype int64, or targets of the network's output shape.
        test: inputs and labels or targets that are measured only, None where there are none.
        n_classes: number of classes, None where it is not stated.
        apart: whether each seed has examples of its own; then all tensors begin with the seeds,
            x being (n_seeds, n, ...).

    Example:
        >>> Examples(torch.zeros(3, 2), torch.zeros(3, 1)).classifies
        False
    """

    x: Tensor
    y: Tensor
    test: tuple[Tensor, Tensor] | None = None
    n_classes: int | None = None
    apart: bool = False

    @property
    def one(self) -> "Examples":
        """What the first seed learns, as examples for all."""
        if not self.apart:
            return self
        test = self.test and (self.test[0][0], self.test[1][0])
        return Examples(self.x[0], self.y[0], test, self.n_classes)

    @property
    def classifies(self) -> bool:
        """Whether y holds labels (cross-entropy) and not targets (mean squared error)."""
        return not self.y.is_floating_point()

    @property
    def parts(self) -> dict[str, tuple[Tensor, Tensor]]:
        """The parts that there are, "training" and mostly "test"."""
        return {"training": (self.x, self.y)} | ({"test": self.test} if self.test else {})

    def to(self, device: torch.device, dtype: torch.dtype) -> "Examples":
        """Return the same data on a device, floating-point parts in the given dtype."""

        def moved(value: Tensor) -> Tensor:
            return value.to(device, dtype if value.is_floating_point() else value.dtype)

        return self._each(moved)

    def at(self, positions: Sequence[int]) -> "Examples":
        """Return the examples of the seeds at some positions; those for all, where they share."""
        if not self.apart or list(positions) == list(range(len(self.x))):
            return self
        return self._each(lambda value: value[list(positions)])

    def _each(self, change: Callable[[Tensor], Tensor]) -> "Examples":
        test = self.test and (change(self.test[0]), change(self.test[1]))
        return Examples(change(self.x), change(self.y), test, self.n_classes, self.apart)


def examples_of(data: object, seeds: Sequence[int]) -> Examples:
    """Return checked data for all seeds, or those that a function gives for each of them.

    Args:
        data: a Dataset, Sequences, a tuple of two or four tensors, or a function seed -> these.
        seeds: of the members.

    Raises:
        InvalidTypeError: no data set and no tuple of tensors, or dtypes that do not fit.
        InvalidValueError: no example, unequal lengths, nan or infinity, negative labels; or data
            of another shape for another seed.

    Example:
        >>> examples_of((torch.zeros(4, 2), torch.ones(4, 1)), (0, 1)).x.shape
        torch.Size([4, 2])
        >>> examples_of(lambda seed: (torch.zeros(4, 2), torch.ones(4, 1)), (0, 1)).x.shape
        torch.Size([2, 4, 2])
    """
    if not callable(data):
        return examples_for_all(data)
    do = "pass lambda seed: digits(seed=seed), say"
    check_call(data, "as data a function of one argument, the seed", 0, do=do)
    each = [examples_for_all(data_of(data, seed)) for seed in seeds]
    kinds = [
        {part: [(tuple(v.shape), v.dtype) for v in pair] for part, pair in found.parts.items()}
        | {"classes": found.n_classes}
        for found in each
    ]
    for seed, kind in zip(seeds, kinds, strict=True):
        if kind != kinds[0]:
            raise InvalidValueError(
                "data of the same shapes, dtypes and classes for every seed",
                f"{kinds[0]} for seed {seeds[0]} beside {kind} for seed {seed}",
                "let the seed decide which examples are drawn, not how many",
            )
    (x, y), *tests = map(_stacked, zip(*(found.parts.values() for found in each), strict=True))
    return Examples(x, y, tests[0] if tests else None, each[0].n_classes, apart=True)


def data_of(data: object, seed: int) -> object:
    """Return what a function gives for a seed, or data themselves, which are for all seeds.

    Args:
        data: as for `examples_of`.
        seed: 0 to 2**32 - 1.

    Raises:
        InvalidValueError: a seed out of range.

    Conventions: the call runs under torch.manual_seed(number(seed, "data")), and torch's global
        random state is put back; so what it draws there is the same each time, and no weights.

    Example:
        >>> data_of(lambda seed: torch.rand(2), 3).equal(data_of(lambda seed: torch.rand(2), 3))
        True
    """
    if not callable(data):
        return data
    return made_from(number(seed, "data"), lambda _: data(seed))


def _stacked(pairs: Iterable[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    x, y = zip(*pairs, strict=True)
    return torch.stack(x), torch.stack(y)


def examples_for_all(data: object) -> Examples:
    """Return checked data from a Dataset, from Sequences, or from a tuple of two or four tensors.

    Raises:
        InvalidTypeError: no data set and no tuple of tensors, or dtypes that do not fit.
        InvalidValueError: no example, unequal lengths, nan or infinity, negative labels.

    Example:
        >>> examples_for_all((torch.zeros(4, 2), torch.ones(4, 1))).classifies
        False
    """
    if isinstance(data, Dataset | Sequences):
        values = [data.x_train, data.y_train, data.x_test, data.y_test]
    elif isinstance(data, tuple | list) and len(data) in (2, 4):
        values = list(data)
    else:
        raise InvalidTypeError(
            "a Dataset, Sequences, a tuple (x, y) or (x_train, y_train, x_test, y_test), or a "
            "function of the seed that returns one of them",
            type(data).__name__,
            "load one with relukit.datasets, or pass two or four tensors",
        )
    if values[2:] and values[2] is None:
        del values[2:]
    for i, value in enumerate(values):
        if not isinstance(value, Tensor):
            raise InvalidTypeError(
                f"a tensor {'xy'[i % 2]} in the {'training' if i < 2 else 'test'} part",
                type(value).__name__,
                "convert it with torch.as_tensor",
            )
    test = (values[2], values[3]) if values[2:] else None
    examples = Examples(values[0], values[1], test, getattr(data, "n_classes", None))
    for name, (x, y) in examples.parts.items():
        _check_part(name, x, y, examples.n_classes)
    kinds = [
        f"inputs {tuple(x.shape[1:])} and targets {tuple(y.shape[1:])} of {y.dtype}"
        for x, y in examples.parts.values()
    ]
    if kinds[0] != kinds[-1]:
        raise InvalidValueError(
            "training and test parts of one kind",
            " beside ".join(kinds),
            "prepare both parts in the same way",
        )
    return examples


def _check_part(part: str, x: Tensor, y: Tensor, n_classes: int | None) -> None:
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
        if value.is_meta:
            raise InvalidValueError(
                f"{part} data {name} that have values",
                "one on the device 'meta'",
                "make them on the CPU",
            )
        if not torch.isfinite(value).all():
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
