"""Experiments on sparse codes: an autoencoder of the digits with an L1 penalty on its code."""

import itertools

import torch
from torch import Tensor

from relukit.datasets import digits
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import autoencoder
from relukit.statistics import paired_difference
from relukit.training import Factors, Record, Runs, train

N_CODES = 100
PENALTIES = (0.0, 0.001, 0.01)


@kept.once
def codes(setting: Setting = STATED) -> Runs:
    """Return autoencoders 64-100-64 of the digits (pixels 0 to 1) at three penalties on the code.

    Adam at 0.003, 300 steps of 64 images.

    Args:
        setting: the seeds, and what is changed.
    """
    widths, steps = setting.widths((64, N_CODES, 10))[:-1], setting.steps(300)
    return train(
        lambda seed: autoencoder(widths, scheme="he_normal", seed=seed),
        lambda seed: _to_itself(setting, seed),
        lr=0.003,
        factors=Factors(l1_activations=PENALTIES),
        steps=steps,
        optimizer="adam",
        seeds=setting.seeds,
        record=Record(every=steps, layers=True),
        progress=False,
    )


def _to_itself(setting: Setting, seed: int) -> tuple[Tensor, ...]:
    data = setting.dataset("digits", scaling="unit")(seed)
    return data.x_train, data.x_train, data.x_test, data.x_test


def zeros(penalty: float, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the share of zeros in the codes of the training part, one for each seed.

    Args:
        penalty: on the codes, one of `PENALTIES`.
        setting: the seeds, and what is changed.
    """
    return tuple(codes(setting).values("layer_zeros", l1_activations=penalty)[:, 0].tolist())


def errors(penalty: float) -> tuple[float, ...]:
    """Return the mean square error of a pixel of the test part, one for each seed.

    Args:
        penalty: on the codes, one of `PENALTIES`.
    """
    return tuple(codes().values("test_loss", l1_activations=penalty).tolist())


def variance() -> float:
    """Return the mean square error of a pixel if the mean image answers for every test image."""
    data = digits(scaling="unit")
    return float((data.x_test - data.x_train.mean(dim=0)).square().mean())


def features(penalty: float, *, seed: int = 1000, n: int = 12) -> Tensor:
    """Return what the most used codes add to an image, (n, 8, 8).

    Args:
        penalty: on the code.
        seed: of the autoencoder.
        n: how many of its codes, those with the largest mean over the training part.
    """
    network, (x, *_) = codes().network(seed=seed, l1_activations=penalty), _to_itself(STATED, seed)
    with torch.no_grad():
        used = network.get_submodule("encoder")(x).mean(dim=0).topk(n).indices
        return network.get_parameter("decoder.0.weight")[:, used].mT.reshape(n, 8, 8).clone()


def zeros_are_controlled(setting: Setting = STATED) -> Measured:
    """Follow the share of zeros from one penalty on the code to the next.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("data", "width", "steps")
    return {
        f"share of zeros gained from penalty {low:g} to {high:g}": paired_difference(
            zeros(high, setting), zeros(low, setting)
        ).difference
        for low, high in itertools.pairwise(PENALTIES)
    }
