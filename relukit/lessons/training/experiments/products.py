"""An experiment on time: what a matrix product gains from zeros in one of its matrices."""

import time

import torch
from torch import Tensor

from relukit.ledger import kept
from relukit.ledger.finding import Measured

SIZE = 768


def left_out(x: Tensor, weight: Tensor) -> Tensor:
    """Return x @ weight from those columns of x alone that hold anything but zeros.

    Args:
        x: matrix (n, k).
        weight: matrix (k, m).

    Example:
        >>> left_out(torch.tensor([[0.0, 2.0]]), torch.tensor([[5.0], [7.0]])).item()
        14.0
    """
    used = (x != 0).any(dim=0)
    return x[:, used] @ weight[used]


@kept.once
def times_of_products(size: int = SIZE, *, rounds: int = 15) -> dict[str, float]:
    """Return the shortest times, in seconds, of products whose first matrix has zeros.

    Args:
        size: rows and columns of the two matrices.
        rounds: how often each is timed, one after the other in turn.
    """
    generator = torch.Generator().manual_seed(0)
    x, weight, chance = torch.randn(3, size, size, generator=generator)
    chance = torch.argsort(chance.flatten()).argsort().view(size, size) / size**2
    whole_columns = x * (torch.arange(size) < 0.05 * size)
    half, few = (x * (chance >= share) for share in (0.5, 0.95))
    products = {
        "no zeros": lambda: x @ weight,
        "50 % zeros": lambda: half @ weight,
        "95 % zeros": lambda: few @ weight,
        "95 % zeros, left out": lambda: left_out(whole_columns, weight),
    }
    times: dict[str, list[float]] = {name: [] for name in products}
    for turn in range(rounds + 1):
        for name, product in products.items():
            start = time.perf_counter()
            product()
            if turn:  # the first is not counted
                times[name].append(time.perf_counter() - start)
    return {name: min(values) for name, values in times.items()}


def sparsity_is_faster() -> Measured:
    """Time products of 768 x 768 matrices with scattered zeros, and with columns left out."""
    times = times_of_products()
    return {
        f"time with {said} over time with none": times[name] / times["no zeros"]
        for name, said in (
            ("50 % zeros", "50 % zeros"),
            ("95 % zeros", "95 % zeros"),
            ("95 % zeros, left out", "95 % zeros, left out,"),
        )
    }
