"""Experiments on early stopping: a plateau that ends, and a rule that does not wait for it."""

from collections.abc import Sequence
from functools import cache

from torch import Tensor

from relukit.datasets import digits
from relukit.ledger.finding import Measured
from relukit.networks import mlp
from relukit.statistics import proportion
from relukit.training import SGD, Runs, train

N_SEEDS = 32
BATCH = 128
EPOCHS = 40
PATIENCE = 7


def stopping_epoch(accuracy: Sequence[float], patience: int = PATIENCE) -> int | None:
    """Return the epoch after which training stops: none of the last `patience` was a new best.

    Args:
        accuracy: on the data that decide, after epoch 1, 2, and so on.
        patience: number of epochs without a new best, at least 1.

    Returns:
        The epoch, counted from 1; None where the rule never stops it.

    Example:
        >>> stopping_epoch([0.1, 0.1, 0.1, 0.9, 0.9], patience=3) is None
        True
        >>> stopping_epoch([0.1, 0.1, 0.1, 0.1, 0.9], patience=3)
        4
    """
    best, best_epoch = -1.0, 0
    for epoch, value in enumerate(accuracy, start=1):
        if value > best:
            best, best_epoch = value, epoch
        elif best_epoch <= epoch - patience:
            return epoch
    return None


@cache
def plateau() -> Runs:
    """Return 32 sigmoid networks of three hidden layers, measured after each of 40 epochs."""
    data = digits()
    per_epoch = len(data.x_train) // BATCH
    return train(
        lambda seed: mlp((64, 64, 64, 64, 10), "sigmoid", seed=seed),
        data,
        lr=0.1,
        seeds=N_SEEDS,
        steps=EPOCHS * per_epoch,
        batch_size=BATCH,
        optimizer=SGD(momentum=0.9),
        record=per_epoch,
        progress=False,
    )


def curves() -> Tensor:
    """Return the test accuracy of each network after each epoch, shape (32, 40)."""
    return plateau().measured["test_accuracy"][:, 1:]


def reported(accuracy: Sequence[float], patience: int = PATIENCE) -> float:
    """Return the accuracy that early stopping reports: the best until it stops.

    Args:
        accuracy: after each epoch.
        patience: epochs without a better one after which it stops.

    Example:
        >>> reported([0.1, 0.1, 0.1, 0.1, 0.9], patience=3)
        0.1
    """
    return max(accuracy[: stopping_epoch(accuracy, patience)])


def sigmoid_fails() -> Measured:
    """Count sigmoid networks below 50 % after 40 epochs, and after early stopping."""
    final = curves()[:, -1]
    stopped = [reported(curve) for curve in curves().tolist()]
    return {
        "share of networks below 50 % when left alone for 40 epochs": proportion(
            int((final < 0.5).sum()), N_SEEDS
        ),
        "share of networks below 50 % when stopped after 7 epochs without a gain": proportion(
            sum(best < 0.5 for best in stopped), N_SEEDS
        ),
    }
