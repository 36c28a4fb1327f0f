"""A labelled data set as four tensors that have been checked against each other."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from relukit.datasets.splitting import VALIDATION, split, validation
from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError
from relukit.quantities import integer


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Inputs x and labels y in {0, ..., n_classes - 1}, split into a training and a test part.

    Args:
        name: short name, as `load` knows it.
        x_train: floating-point tensor (n_train, n_features), finite, dimensionless.
        y_train: int64 tensor (n_train,) of labels.
        x_test: as x_train, (n_test, n_features), of the same dtype.
        y_test: as y_train, (n_test,).
        n_classes: number of classes, at least 2.
        source: where the data come from, in words.

    Raises:
        InvalidTypeError: a part is no tensor, or has the wrong dtype.
        InvalidValueError: shapes disagree, a part is empty, an input is not finite or a label is
            outside 0 to n_classes - 1.

    Conventions: two data sets are equal only if they are the same object.

    Example:
        >>> x, y = torch.tensor([[0.0], [1.0]]), torch.tensor([0, 1])
        >>> Dataset("step", x, y, x, y, n_classes=2, source="two points")
        Dataset('step': 2 train + 2 test, 1 feature, 2 classes, torch.float32 on cpu)
    """

    name: str
    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor
    n_classes: int
    source: str

    def __post_init__(self) -> None:
        integer("n_classes", self.n_classes, least=2, do="pass the number of classes")
        for part in ("train", "test"):
            self._check_part(part, getattr(self, f"x_{part}"), getattr(self, f"y_{part}"))
        train, test = self.x_train, self.x_test
        if (train.shape[1], train.dtype) != (test.shape[1], test.dtype):
            raise InvalidValueError(
                "x_train and x_test with the same features and dtype",
                f"{train.shape[1]} of {train.dtype} and {test.shape[1]} of {test.dtype}",
                "prepare both parts in the same way",
            )

    def _check_part(self, part: str, x: Tensor, y: Tensor) -> None:
        for name, value in ((f"x_{part}", x), (f"y_{part}", y)):
            if not isinstance(value, Tensor):
                raise InvalidTypeError(
                    f"a tensor {name}", type(value).__name__, "convert it with torch.as_tensor"
                )
        if not x.is_floating_point():
            raise InvalidTypeError(
                f"a floating-point x_{part}", str(x.dtype), "convert it with .float()"
            )
        if y.dtype != torch.int64:
            raise InvalidTypeError(f"an int64 y_{part}", str(y.dtype), "convert it with .long()")
        if x.ndim != 2 or 0 in x.shape or y.shape != x.shape[:1]:
            raise InvalidValueError(
                f"x_{part} of shape (n, features) and y_{part} of shape (n,), neither empty",
                f"{tuple(x.shape)} and {tuple(y.shape)}",
                "give one row of x and one label for every example",
            )
        if not torch.isfinite(x).all():
            raise InvalidValueError(
                f"a finite x_{part}", "nan or infinity", "remove or replace those examples"
            )
        low, high = int(y.min()), int(y.max())
        if low < 0 or high >= self.n_classes:
            raise InvalidValueError(
                f"labels y_{part} from 0 to {self.n_classes - 1}",
                f"labels from {low} to {high}",
                "number the classes from 0, or raise n_classes",
            )

    @property
    def n_features(self) -> int:
        """Number of inputs of one example."""
        return self.x_train.shape[1]

    def validation(self, share: float = VALIDATION, *, seed: int = 0) -> "Dataset":
        """Return the training part in two: what is left of it, and a validation part for the test.

        What is chosen by it, such as a learning rate, owes nothing to the test part.

        Args:
            share: of the training part that becomes the validation part, between 0 and 1.
            seed: which examples are drawn, evenly from each class; 0 to 2**32 - 1.

        Raises:
            InvalidTypeError: a share that is no number, or a seed that is no integer.
            InvalidValueError: one of them out of range, or too few examples of a class.

        Conventions: inputs keep the scale that the whole training part gave them.

        Example:
            >>> from relukit.datasets import xor
            >>> xor(40).validation()
            Dataset('xor': 24 train + 6 test, 2 features, 2 classes, torch.float32 on cpu)
        """
        return replace(self, **validation(self.x_train, self.y_train, share, seed=seed).named)

    def redrawn(self, *, seed: int) -> "Dataset":
        """Return the same examples in other parts of the same sizes, drawn evenly from each class.

        Args:
            seed: which split is drawn, 0 to 2**32 - 1.

        Raises:
            InvalidTypeError: a seed that is no integer.
            InvalidValueError: a seed out of range, or too few examples of a class.

        Conventions: inputs keep the scale that the first training part gave them.

        Example:
            >>> from relukit.datasets import xor
            >>> xor(40).redrawn(seed=1)
            Dataset('xor': 30 train + 10 test, 2 features, 2 classes, torch.float32 on cpu)
        """
        x, y = torch.cat([self.x_train, self.x_test]), torch.cat([self.y_train, self.y_test])
        return replace(self, **split(x, y, len(self.x_test), seed=seed, purpose="test").named)

    def to(self, device: torch.device | str) -> "Dataset":
        """Return the same data with all four tensors on `device`.

        Args:
            device: a torch device or its name, such as "cpu" or "cuda".

        Raises:
            UnavailableError: torch does not know the device or this machine does not have it.

        Example:
            >>> from relukit.datasets import xor
            >>> xor(16).to("cpu").x_test.device
            device(type='cpu')
        """
        parts = ("x_train", "y_train", "x_test", "y_test")
        try:
            moved = {part: getattr(self, part).to(torch.device(device)) for part in parts}
            return replace(self, **moved)
        except (RuntimeError, AssertionError, TypeError) as cause:
            raise UnavailableError(
                "a device that torch can use here", repr(device), "pass 'cpu'"
            ) from cause

    def __repr__(self) -> str:
        features = f"{self.n_features} feature{'s' if self.n_features > 1 else ''}"
        return (
            f"Dataset({self.name!r}: {len(self.x_train)} train + {len(self.x_test)} test, "
            f"{features}, {self.n_classes} classes, {self.x_train.dtype} on {self.x_train.device})"
        )
