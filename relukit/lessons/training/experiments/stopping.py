"""Experiments on early stopping: a plateau that ends, and a rule that does not wait for it.

What is measured is a validation part, a fifth of the training images; the test part is left alone.
"""

from collections.abc import Sequence
from types import MappingProxyType

from torch import Tensor

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import Interval, proportion
from relukit.training import SGD, Adam, Runs, train

BATCH = 128
EPOCHS = 40
PATIENCE = 7
# name -> (optimizer, scheme, learning rate). The rates were set and not searched for:
# nothing records where they come from. The tutorial itself trains at 0.01, with momentum 0.9.
ARMS: MappingProxyType[str, tuple[SGD | Adam, str, float]] = MappingProxyType(
    {
        "momentum, default": (SGD(momentum=0.9), "pytorch", 0.1),
        "momentum, Xavier": (SGD(momentum=0.9), "glorot_normal", 0.1),
        "Adam, default": (Adam(), "pytorch", 0.01),
    }
)


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


@kept.once
def plateau(setting: Setting = STATED, *, arm: str = "momentum, default") -> Runs:
    """Return sigmoid networks of three hidden layers, measured after each of 40 epochs.

    Args:
        setting: the seeds, and what is changed.
        arm: a key of `ARMS`.
    """
    drawn, widths = setting.dataset("digits"), setting.widths((64, 64, 64, 64, 10))
    parts = {seed: drawn(seed).validation(seed=seed) for seed in setting.seeds}
    per_epoch = len(parts[setting.seeds[0]].x_train) // BATCH
    optimizer, scheme, lr = ARMS[arm]
    return train(
        lambda seed: mlp(widths, "sigmoid", scheme=scheme, seed=seed),
        parts.__getitem__,
        lr=setting.rates((lr,), optimizer)[0],
        seeds=setting.seeds,
        steps=setting.steps(EPOCHS) * per_epoch,
        batch_size=BATCH,
        optimizer=setting.optimizer(optimizer),
        record=per_epoch,
        progress=False,
    )


def curves(setting: Setting = STATED, *, arm: str = "momentum, default") -> Tensor:
    """Return each network's accuracy on its validation part after each epoch, shape (seeds, 40).

    Args:
        setting: the seeds, and what is changed.
        arm: a key of `ARMS`.
    """
    return plateau(setting, arm=arm).measured["test_accuracy"][:, 1:]


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


def sigmoid_fails(setting: Setting = STATED) -> Measured:
    """Count sigmoid networks below 50 % after 40 epochs, and after early stopping.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("data", "width", "depth", "steps")
    what = "share of networks below 50 %,"
    final = curves(setting)[:, -1]
    return {
        f"{what} left alone for 40 epochs": proportion(int((final < 0.5).sum()), len(final)),
        f"{what} stopped after 7 epochs without a gain": _failed(setting),
        f"{what} after 15 such epochs": _failed(setting, patience=15),
        f"{what} after 7, Xavier's weights": _failed(setting, arm="momentum, Xavier"),
        f"{what} after 7, Adam": _failed(setting, arm="Adam, default"),
    }


def _failed(
    setting: Setting, *, patience: int = PATIENCE, arm: str = "momentum, default"
) -> Interval:
    found = curves(setting, arm=arm).tolist()
    return proportion(sum(reported(curve, patience) < 0.5 for curve in found), len(found))
