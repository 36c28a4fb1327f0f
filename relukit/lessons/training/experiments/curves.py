"""Loss curves of 16 networks at nine learning rates, and in words what became of them."""

import math

from torch import Tensor

from relukit.datasets import digits
from relukit.ledger import kept
from relukit.lessons.training.experiments.arms import sweep_rates
from relukit.training import Runs

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
STEPS = 120
WINDOW = 8  # batches in a running mean
CHANCE = math.log(10)  # the loss of ten equal probabilities
FATES = ("learn", "on the way", "at chance", "diverged")


@kept.once
def trained(activation: str) -> Runs:
    """Return 16 networks with an activation at nine rates, 120 steps on digits.

    Args:
        activation: a name of `relukit.activations`.
    """
    return sweep_rates(activation, digits(), RATES, steps=STEPS)


def smooth(loss: Tensor, window: int = WINDOW) -> Tensor:
    """Return the running mean of batch losses over a window of steps.

    Args:
        loss: shape (..., steps), in nats.
        window: number of steps, at least 1.

    Returns:
        Means of shape (..., steps - window + 1); nan wherever the window holds a nan.

    Example:
        >>> import torch
        >>> smooth(torch.tensor([1.0, 3.0, 5.0]), window=2).tolist()
        [2.0, 4.0]
    """
    return loss.unfold(-1, window, 1).mean(-1)


def fates(loss: Tensor) -> list[str]:
    """Return what became of each member, one of FATES.

    A member has diverged if its last loss is not finite; it learns if the mean of its last eight
    losses is below half of ln 10, the loss of a guess, is at chance above 0.9 ln 10, and on the
    way between.

    Args:
        loss: batch losses, shape (members, steps), in nats.

    Example:
        >>> import torch
        >>> fates(torch.tensor([[2.3] * 8, [0.1] * 8, [2.0] * 8, [2.3] * 7 + [torch.nan]]))
        ['at chance', 'learn', 'on the way', 'diverged']
    """
    found = []
    for last in loss[:, -WINDOW:].mean(1).tolist():
        if not math.isfinite(last):
            found.append("diverged")
        else:
            found.append(FATES[(last >= 0.5 * CHANCE) + (last >= 0.9 * CHANCE)])
    return found
