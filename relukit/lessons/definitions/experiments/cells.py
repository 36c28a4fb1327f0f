"""Experiments on cells: how many lines cut, and the one matrix behind each answer of a network."""

import torch
from torch import Tensor, nn

from relukit.datasets import Dataset, digits
from relukit.diagnostics import count_regions, preactivations
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.training import Runs, train

WIDTHS = (64, 64, 64, 10)
STEPS, RATE, BATCH = 200, 0.003, 128
FIRST = STATED.seeds[0]  # of the one reader whose matrices are looked at


def cells_of_ten(setting: Setting = STATED) -> Measured:
    """Draw ten lines at random, as the units of a new layer draw them, and count their cells.

    The most of 16 draws; lines in general position all reach it [Steiner1826], [Zaslavsky1975].
    """
    counts = []
    for seed in setting.only().seeds:
        layer = mlp((2, 10, 1), seed=seed)[0]
        counts.append(count_regions(layer.weight, layer.bias))
    return {"cells that ten lines cut the plane into, the most of 16 draws": float(max(counts))}


def images(seed: int) -> Dataset:
    """Return the digits with ink from 0 to 1, so that where there is none a pixel says nothing.

    Args:
        seed: which 450 of them are kept for the test.
    """
    return digits(scaling="unit", seed=seed)


@kept.once
def readers(seeds: tuple[int, ...] = (FIRST,)) -> Runs:
    """Return networks 64-64-64-10 that have learned to read the digits, one for each seed.

    Args:
        seeds: of the weights and of the split of the images.
    """
    return train(
        lambda seed: mlp(WIDTHS, scheme="he_normal", seed=seed, dtype=torch.float64),
        images,
        lr=RATE,
        steps=STEPS,
        batch_size=BATCH,
        seeds=seeds,
        optimizer="adam",
        device="cpu",
        progress=False,
    )


@kept.once
def reader() -> tuple[nn.Sequential, Dataset]:
    """Return the first reader in float32, and its images: the one whose matrices are shown."""
    network = readers().network(seed=FIRST).float()
    assert isinstance(network, nn.Sequential)
    return network, images(FIRST)


def switched(network: nn.Module, x: Tensor) -> Tensor:
    """Return for each input which hidden units it turns on, bool (n, hidden units).

    Args:
        network: a perceptron of ReLUs.
        x: inputs (n, features).
    """
    return torch.cat([z > 0 for z in preactivations(network, x)], dim=1)
