"""Sequences that are long to remember: generated, with a number to predict for each."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from relukit.errors import UnavailableError
from relukit.quantities import integer, seed_number
from relukit.streams import generator


@dataclass(frozen=True, eq=False, repr=False)
class Sequences:
    """Sequences x and one number y for each, split into a training and a test part.

    Args:
        name: short name.
        x_train: float32 tensor (n_train, time, features), dimensionless.
        y_train: float32 tensor (n_train, 1).
        x_test: as x_train, (n_test, time, features).
        y_test: as y_train, (n_test, 1).
        source: where the data come from, in words.

    Conventions: two sets are equal only if they are the same object.

    Example:
        >>> adding_problem(40, 100)
        Sequences('adding_problem': 30 train + 10 test, 100 steps, 2 features, torch.float32 on cpu)
    """

    name: str
    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor
    source: str

    @property
    def length(self) -> int:
        """Number of steps of a sequence."""
        return self.x_train.shape[1]

    @property
    def n_features(self) -> int:
        """Number of inputs at one step."""
        return self.x_train.shape[2]

    def to(self, device: torch.device | str) -> "Sequences":
        """Return the same data with all four tensors on `device`.

        Args:
            device: a torch device or its name, such as "cpu" or "cuda".

        Raises:
            UnavailableError: torch does not know the device or this machine does not have it.

        Example:
            >>> adding_problem(8, 5).to("cpu").x_test.device
            device(type='cpu')
        """
        parts = ("x_train", "y_train", "x_test", "y_test")
        try:
            if torch.device(device).type == "meta":
                raise RuntimeError("tensors without numbers")
            moved = {part: getattr(self, part).to(torch.device(device)) for part in parts}
        except (RuntimeError, AssertionError, TypeError) as cause:
            raise UnavailableError(
                "a device that torch can use here", repr(device), "pass 'cpu'"
            ) from cause
        return replace(self, **moved)

    def __repr__(self) -> str:
        return (
            f"Sequences({self.name!r}: {len(self.x_train)} train + {len(self.x_test)} test, "
            f"{self.length} steps, {self.n_features} features, "
            f"{self.x_train.dtype} on {self.x_train.device})"
        )


def adding_problem(n: int = 4000, length: int = 100, *, seed: int = 0) -> Sequences:
    r"""Return sequences of numbers, two of them marked, whose sum $y = v_i + v_j$ is wanted.

    At every step there is a number $v_t$, uniform on [0, 1), and a mark, 1 at the two steps
    $i \ne j$, drawn evenly from all pairs, and 0 elsewhere. To answer the mean, 1, for every
    sequence has an expected squared error of 1/6.

    Args:
        n: number of sequences in all, at least 4; three quarters of them are to train on.
        length: steps of a sequence, at least 2.
        seed: 0 to 2**32 - 1.

    Returns:
        Sequences of float32 numbers and marks (n, length, 2) and sums (n, 1).

    Raises:
        InvalidTypeError: n, length or seed is no integer.
        InvalidValueError: n, length or seed is out of range.

    References: [Le2015].

    Example:
        >>> data = adding_problem(8, 5)
        >>> numbers, marks = data.x_train.unbind(-1)
        >>> bool(torch.allclose((numbers * marks).sum(1, keepdim=True), data.y_train))
        True
    """
    n = integer("n", n, least=4, most=10_000_000)
    length = integer("length", length, least=2, most=1_000_000)
    # a recurrent network of this seed draws its weights from another stream
    stream = generator(seed_number(seed, bits=32), "adding problem")
    numbers = torch.rand(n, length, generator=stream)
    first = torch.randint(length, (n, 1), generator=stream)
    step = torch.randint(1, length, (n, 1), generator=stream)
    pair = torch.cat([first, (first + step) % length], dim=1)
    x = torch.stack([numbers, torch.zeros(n, length).scatter_(1, pair, 1.0)], dim=-1)
    y = numbers.gather(1, pair).sum(dim=1, keepdim=True)
    cut = n - n // 4
    return Sequences(
        name="adding_problem",
        x_train=x[:cut],
        y_train=y[:cut],
        x_test=x[cut:],
        y_test=y[cut:],
        source=f"adding problem of {length} steps, generated",
    )
