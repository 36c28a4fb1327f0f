"""Which units of a layer are alive, measurement after measurement."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class LifeLines:
    """Alive or dead, for every unit of one hidden layer over training.

    Args:
        alive: whether any training example gives a non-zero activation, bool (..., k, units).

    Conventions: between two measurements nothing is known; a unit that dies and revives between
        them counts as alive throughout.

    Example:
        >>> line = LifeLines(torch.tensor([[False], [True], [False], [True]]))
        >>> line.births().tolist(), line.deaths().tolist(), line.revivals().tolist()
        ([1], [1], [1])
    """

    alive: Tensor

    def births(self) -> Tensor:
        """Return how often each unit came to life for the first time, 0 or 1, int64 (..., units).

        Conventions: alive at the first measurement is no birth.
        """
        first = ~self.alive[..., 0, :] & self.alive.any(-2)
        return first.to(torch.int64)

    def deaths(self) -> Tensor:
        """Return how often each unit went from alive to dead, int64 (..., units)."""
        return (self.alive[..., :-1, :] & ~self.alive[..., 1:, :]).sum(-2)

    def revivals(self) -> Tensor:
        """Return how often each unit came back to life after a death, int64 (..., units)."""
        rises = (~self.alive[..., :-1, :] & self.alive[..., 1:, :]).sum(-2)
        return rises - self.births()

    def dead_share(self) -> Tensor:
        """Return the share of dead units at each measurement, float64 (..., k), dimensionless."""
        return (~self.alive).double().mean(-1)
