"""A small restricted Boltzmann machine with binary or with noisy rectified hidden units."""

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from relukit.datasets import digits
from relukit.errors import unknown_name
from relukit.ledger.finding import Measured
from relukit.lessons.history.experiments.readout import read_out
from relukit.statistics import paired_difference

N_SEEDS = 16
N_HIDDEN = 64
BATCH = 64
EPOCHS = 20
RATES = (0.003, 0.01, 0.03)
CHOOSING_SEEDS = tuple(range(100, 104))
KINDS = ("noisy rectified", "binary")


@dataclass(frozen=True, eq=False)
class Machine:
    """Restricted Boltzmann machines, one for each member.

    Attributes:
        weight: (members, visible, hidden).
        visible_bias: (members, 1, visible).
        hidden_bias: (members, 1, hidden).
    """

    weight: Tensor
    visible_bias: Tensor
    hidden_bias: Tensor

    def input_of_hidden(self, visible: Tensor) -> Tensor:
        """Return what the hidden units receive, (members, examples, hidden).

        Args:
            visible: images, (members, examples, visible).
        """
        return visible @ self.weight + self.hidden_bias


def features(z: Tensor, kind: str) -> Tensor:
    """Return the hidden units' outputs without noise: a probability, or a rectified input.

    Args:
        z: input of the hidden units, any shape.
        kind: "binary" or "noisy rectified".
    """
    if kind not in KINDS:
        raise unknown_name("kind of hidden unit", kind, KINDS)
    return z.sigmoid() if kind == "binary" else z.clamp_min(0)


def sampled(z: Tensor, kind: str, noise: Tensor) -> Tensor:
    """Return random states of hidden units that receive z.

    Args:
        z: (members, examples, hidden).
        kind: "binary" or "noisy rectified".
        noise: standard normal numbers that broadcast against z.

    References: [Nair2010].
    """
    if kind == "binary":  # a normal number below its quantile is a coin with that probability
        return (torch.special.ndtr(noise) < z.sigmoid()).to(z.dtype)
    return (z + z.sigmoid().sqrt() * noise).clamp_min(0)


def fit(
    kind: str, seeds: tuple[int, ...], rates: tuple[float, ...], *, epochs: int = EPOCHS
) -> Machine:
    r"""Train by contrastive divergence, one step: $\Delta W = v h^\top - v' h'^\top$.

    Visible units are Gaussian with variance 1. Members are seeds x rates, seeds first.

    Args:
        kind: "binary" or "noisy rectified".
        seeds: of weights, order of examples and noise.
        rates: learning rates.
        epochs: passes over the 1347 training images.

    References: [Nair2010].
    """
    data, n_rates = digits().x_train, len(rates)
    streams = [torch.Generator().manual_seed(seed) for seed in seeds]

    def drawn(*shape: int) -> Tensor:
        each = torch.stack([torch.randn(*shape, generator=stream) for stream in streams])
        return each.repeat_interleave(n_rates, dim=0)

    lr = torch.tensor(rates * len(seeds))[:, None, None]
    weight = 0.01 * drawn(data.shape[1], N_HIDDEN)
    visible_bias = torch.zeros(len(weight), 1, data.shape[1])
    hidden_bias = torch.zeros(len(weight), 1, N_HIDDEN)
    machine = Machine(weight, visible_bias, hidden_bias)
    for _ in range(epochs):
        order = torch.stack([torch.randperm(len(data), generator=stream) for stream in streams])
        for rows in order.split(BATCH, dim=1):
            v = data[rows].repeat_interleave(n_rates, dim=0)
            z = machine.input_of_hidden(v)
            h, outputs = sampled(z, kind, drawn(rows.shape[1], N_HIDDEN)), features(z, kind)
            back = h @ weight.mT + visible_bias
            again = features(machine.input_of_hidden(back), kind)
            scale = lr / rows.shape[1]
            weight += scale * (v.mT @ outputs - back.mT @ again)
            visible_bias += scale * (v - back).sum(1, keepdim=True)
            hidden_bias += scale * (outputs - again).sum(1, keepdim=True)
    return machine


def accuracy_of(kind: str, seeds: tuple[int, ...], rates: tuple[float, ...]) -> Tensor:
    """Return the read-out's accuracy on test images for machines of one kind, (seeds, rates).

    Args:
        kind: one of `KINDS`.
        seeds: of the machines.
        rates: learning rates.
    """
    data, machine = digits(), fit(kind, seeds, rates)
    train, test = (features(machine.input_of_hidden(x), kind) for x in (data.x_train, data.x_test))
    return read_out(train, test).nan_to_num(0.0).view(len(seeds), len(rates))


@cache
def machine_accuracies() -> dict[str, tuple[float, ...]]:
    """Return the accuracy of 16 machines of each kind, at the rate that is best on other seeds."""
    found = {}
    for kind in KINDS:
        best = accuracy_of(kind, CHOOSING_SEEDS, RATES).mean(0).argmax()
        values = accuracy_of(kind, tuple(range(N_SEEDS)), (RATES[int(best)],))
        found[kind] = tuple(values[:, 0].tolist())
    return found


def noisy_rectified_machine() -> Measured:
    """Compare linear read-outs of features learnt with noisy rectified and with binary units."""
    arms = machine_accuracies()
    gap = paired_difference(*(arms[kind] for kind in KINDS)).difference
    what = "accuracy of a linear read-out, noisy rectified minus binary features"
    return {what: gap}
