"""Which examples a member sees at which step: decided by its seed alone."""

import numpy as np
import torch
from torch import Tensor


def epoch_order(n: int, seed: int, epoch: int) -> Tensor:
    """Return the order of the n examples in one epoch, int64 of shape (n,).

    Example:
        >>> sorted(epoch_order(4, 0, 0).tolist())
        [0, 1, 2, 3]
    """
    mixed = int(np.random.SeedSequence([seed, epoch]).generate_state(1, np.uint64)[0] >> 1)
    return torch.randperm(n, generator=torch.Generator().manual_seed(mixed))


def batch(n: int, batch_size: int, *, seed: int, step: int) -> Tensor:
    """Return the examples that a member of this seed sees at one step, int64 (batch_size,).

    Args:
        n: number of training examples.
        batch_size: from 1 to n.
        seed: of the member.
        step: from 0.

    Conventions: an epoch has n // batch_size steps over a new random order; what is left of that
        order is not used. With batch_size = n every step sees all examples in a new order.

    Example:
        >>> sorted(torch.cat([batch(6, 3, seed=1, step=s) for s in (0, 1)]).tolist())
        [0, 1, 2, 3, 4, 5]
    """
    per_epoch = n // batch_size
    start = step % per_epoch * batch_size
    return epoch_order(n, seed, step // per_epoch)[start : start + batch_size]


class Batches:
    """The batches of several seeds, step after step.

    Args:
        n: number of training examples.
        batch_size: from 1 to n.
        seeds: of the members that differ in their order.
        which: for each member the position of its seed, int64 (members,).
        device: where the indices are used.
        apart: whether each seed has n examples of its own, one seed's after the other's.

    Example:
        >>> Batches(6, 3, (0, 1), torch.tensor([0, 1, 0]), torch.device("cpu")).at(0).shape
        torch.Size([3, 3])
    """

    def __init__(
        self,
        n: int,
        batch_size: int,
        seeds: tuple[int, ...],
        which: Tensor,
        device: torch.device,
        *,
        apart: bool = False,
    ) -> None:
        self.n, self.size, self.seeds, self.apart = n, batch_size, seeds, apart
        self.which, self.device, self.epoch = which.to(device), device, -1

    def at(self, step: int) -> Tensor:
        """Return the indices of one step, int64 (members, batch_size)."""
        epoch, position = divmod(step, self.n // self.size)
        if epoch != self.epoch:
            orders = torch.stack([epoch_order(self.n, seed, epoch) for seed in self.seeds])
            if self.apart:
                orders += self.n * torch.arange(len(self.seeds))[:, None]
            if self.device.type == "cuda":  # from pinned memory nobody waits for the copy
                orders = orders.pin_memory()
            self.orders, self.epoch = orders.to(self.device, non_blocking=True), epoch
        start = position * self.size
        return self.orders[:, start : start + self.size][self.which]
