"""How good features are: what a linear read-out makes of them."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from relukit.datasets import Dataset


@dataclass(frozen=True, eq=False)
class Parts:
    """The data sets of several members, one on top of the other.

    Attributes:
        x_train: (members, n_train, features).
        y_train: (members, n_train).
        x_test: (members, n_test, features).
        y_test: (members, n_test).
    """

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor

    @classmethod
    def of(cls, sets: list[Dataset]) -> "Parts":
        """Return data sets of the same sizes, one for each member.

        Example:
            >>> from relukit.datasets import xor
            >>> Parts.of([xor(40), xor(40, seed=1)]).x_test.shape
            torch.Size([2, 10, 2])
        """
        names = ("x_train", "y_train", "x_test", "y_test")
        return cls(*(torch.stack([getattr(data, name) for data in sets]) for name in names))

    def at(self, members: Tensor) -> "Parts":
        """Return the parts of some members, also of one several times.

        Args:
            members: their positions, (m,), or which of them, (members,) of bool.
        """
        tensors = (self.x_train, self.y_train, self.x_test, self.y_test)
        return Parts(*(tensor[members] for tensor in tensors))

    def first(self, n: int) -> "Parts":
        """Return the same with the first n training examples of each member alone.

        Args:
            n: how many.
        """
        return replace(self, x_train=self.x_train[:, :n], y_train=self.y_train[:, :n])


def read_out(train: Tensor, test: Tensor, parts: Parts, *, penalty: float = 1e-2) -> Tensor:
    """Return the share of test labels that a linear read-out of features gets right, (members,).

    The read-out is ridge regression of the ten classes on the centred features; the largest
    output is the answer. It has no local minima and no learning rate.

    Args:
        train: features of the training examples, (members, n_train, k).
        test: features of the test examples, (members, n_test, k).
        parts: the labels of both.
        penalty: of the ridge, relative to the mean variance of a feature.
    """
    target = torch.nn.functional.one_hot(parts.y_train, 10).to(train.dtype)
    centre, level = train.mean(1, keepdim=True), target.mean(1, keepdim=True)
    a, b = train - centre, test - centre
    n = target.shape[1]
    gram = a.mT @ a / n
    ridge = penalty * gram.diagonal(dim1=-2, dim2=-1).mean(-1)[:, None, None]
    solution = torch.linalg.solve(
        gram + ridge * torch.eye(gram.shape[-1]), a.mT @ (target - level) / n
    )
    return ((b @ solution + level).argmax(-1) == parts.y_test).double().mean(-1)
