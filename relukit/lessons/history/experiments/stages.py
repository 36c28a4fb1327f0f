"""Rectification of random filters before pooling, and the absolute value against the rectifier."""

from functools import cache

import torch
from torch import Tensor

from relukit.datasets import digits
from relukit.ledger.finding import Measured
from relukit.lessons.history.experiments.comparison import accuracies
from relukit.lessons.history.experiments.readout import read_out
from relukit.statistics import Interval, paired_difference

N_SEEDS = 16
N_FILTERS = 16
RECTIFIERS = {
    "tanh": torch.tanh,
    "absolute value of tanh": lambda z: torch.tanh(z).abs(),
    "positive part of tanh": lambda z: torch.tanh(z).clamp_min(0),
}


def pooled(images: Tensor, filters: Tensor, name: str) -> Tensor:
    """Return what random filters, a nonlinearity and 2 x 2 average pooling make of digits.

    Args:
        images: (n, 64), 8 x 8 pixels each.
        filters: (k, 1, 3, 3).
        name: a key of RECTIFIERS.

    Returns:
        Features, (n, 9 k).

    References: [Jarrett2009].
    """
    maps = torch.nn.functional.conv2d(images.view(-1, 1, 8, 8), filters)
    return torch.nn.functional.avg_pool2d(RECTIFIERS[name](maps), 2).flatten(1)


@cache
def random_filter_accuracies() -> dict[str, tuple[float, ...]]:
    """Return the accuracy of a linear read-out for 16 sets of random filters, by nonlinearity."""
    data, found = digits(), {}
    draws = [
        torch.randn(N_FILTERS, 1, 3, 3, generator=torch.Generator().manual_seed(seed))
        for seed in range(N_SEEDS)
    ]
    for name in RECTIFIERS:
        train, test = (
            torch.stack([pooled(x, filters, name) for filters in draws])
            for x in (data.x_train, data.x_test)
        )
        found[name] = tuple(read_out(train, test).tolist())
    return found


def _gap(first: tuple[float, ...], second: tuple[float, ...]) -> Interval:
    return paired_difference(first, second).difference


def rectification_matters() -> Measured:
    """Rectify random filters before pooling; then train with the rectifier and with |x|."""
    plain, absolute, positive = random_filter_accuracies().values()
    return {
        "random filters: accuracy with |tanh| minus that with tanh": _gap(absolute, plain),
        "random filters: accuracy with max(0, tanh) minus that with |tanh|": _gap(
            positive, absolute
        ),
        "3 trained layers: accuracy with max(0, x) minus that with |x|": _gap(
            accuracies("relu"), accuracies("absolute")
        ),
    }
