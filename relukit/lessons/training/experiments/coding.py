"""Experiments on sparse codes: an autoencoder of the digits with an L1 penalty on its code."""

import itertools
from functools import cache

import torch
from torch import Tensor

from relukit.datasets import digits
from relukit.ledger.finding import Measured
from relukit.networks import autoencoder
from relukit.statistics import paired_difference
from relukit.training import Factors, Record, Runs, train

N_SEEDS = 16
N_CODES = 100
PENALTIES = (0.0, 0.001, 0.01)


@cache
def codes() -> Runs:
    """Return autoencoders 64-100-64 of the digits (pixels 0 to 1) at three penalties on the code.

    Adam at 0.003, 300 steps of 64 images.
    """
    data = digits(scaling="unit")
    return train(
        lambda seed: autoencoder((data.n_features, N_CODES), scheme="he_normal", seed=seed),
        (data.x_train, data.x_train, data.x_test, data.x_test),
        lr=0.003,
        factors=Factors(l1_activations=PENALTIES),
        steps=300,
        optimizer="adam",
        seeds=N_SEEDS,
        record=Record(every=300, layers=True),
        progress=False,
    )


def zeros(penalty: float) -> tuple[float, ...]:
    """Return the share of zeros in the codes of the training part, one for each seed.

    Args:
        penalty: on the codes, one of `PENALTIES`.
    """
    return tuple(codes().values("layer_zeros", l1_activations=penalty)[:, 0].tolist())


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


def features(penalty: float, *, seed: int = 0, n: int = 12) -> Tensor:
    """Return what the most used codes add to an image, (n, 8, 8).

    Args:
        penalty: on the code.
        seed: of the autoencoder.
        n: how many of its codes, those with the largest mean over the training part.
    """
    network, data = codes().network(seed=seed, l1_activations=penalty), digits(scaling="unit")
    with torch.no_grad():
        used = network.get_submodule("encoder")(data.x_train).mean(dim=0).topk(n).indices
        return network.get_parameter("decoder.0.weight")[:, used].mT.reshape(n, 8, 8).clone()


def zeros_are_controlled() -> Measured:
    """Follow the share of zeros from one penalty on the code to the next."""
    return {
        f"share of zeros gained from penalty {low:g} to {high:g}": paired_difference(
            zeros(high), zeros(low)
        ).difference
        for low, high in itertools.pairwise(PENALTIES)
    }
