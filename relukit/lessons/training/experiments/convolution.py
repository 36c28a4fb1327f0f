"""Experiments on rectifiers and pooling in a small convolutional network on the digits."""

import torch
from torch import Tensor, nn

from relukit.datasets import digits
from relukit.ledger import kept
from relukit.ledger.arms import best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments.arms import seed_accuracies
from relukit.networks import convolutional
from relukit.statistics import interval
from relukit.training import Adam
from relukit.training.tuning import FEW_TUNING_SEEDS

POOLS = {"max": nn.MaxPool2d(2), "average": nn.AvgPool2d(2)}


def filter_maps(seed: int = 0) -> Tensor:
    """Return what the 8 filters of a fresh network make of 450 digits, (450, 8, 8, 8).

    Args:
        seed: of the filters.
    """
    network = convolutional(scheme="he_normal", seed=seed)
    with torch.no_grad():
        return network[:2](digits().x_test)


@kept.cache
def accuracies(setting: Setting = STATED) -> tuple[float, ...]:
    """Return the test accuracy of networks with two blocks: filters, ReLU, max-pooling.

    Adam at its own rate, 100 steps of 64 images.

    Args:
        setting: the seeds, and what is changed.
    """
    found = best_of(
        lambda seed: convolutional((8, 16), scheme="he_normal", seed=seed),
        "digits",
        rates=(0.003, 0.01, 0.03),
        steps=100,
        optimizer=Adam(),
        setting=setting,
        tuning_seeds=FEW_TUNING_SEEDS,
    )
    return seed_accuracies(found)


def before_pooling(setting: Setting = STATED) -> Measured:
    """Train the network with the rectifier on the filter maps, before the pooling.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("optimizer", "steps")
    return {"test accuracy with the rectifier first": interval(accuracies(setting))}
