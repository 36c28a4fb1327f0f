"""A small restricted Boltzmann machine with binary or with noisy rectified hidden units."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from relukit.errors import InvalidValueError, unknown_name
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.history.experiments.readout import Parts, read_out
from relukit.statistics import paired_difference
from relukit.training.tuning import TUNING_SEEDS

N_HIDDEN = 64
BATCH = 64
EPOCHS = 20
KINDS = ("noisy rectified", "binary")
RATES = (0.01, 0.03, 0.06, 0.1, 0.2, 0.3)


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
    kind: str, images: Tensor, seeds: Sequence[int], rates: tuple[float, ...], *, epochs: int
) -> Machine:
    r"""Train by contrastive divergence, one step: $\Delta W = v h^\top - v' h'^\top$.

    Visible units are Gaussian with variance 1. Members are seeds x rates, seeds first.

    Args:
        kind: "binary" or "noisy rectified".
        images: of each seed, (seeds, n, visible).
        seeds: of weights, order of examples and noise.
        rates: learning rates.
        epochs: passes over the images.

    References: [Nair2010].
    """
    n_rates, (n_images, n_visible) = len(rates), images.shape[1:]
    streams = [torch.Generator().manual_seed(seed) for seed in seeds]
    own = torch.arange(len(streams))[:, None]

    def drawn(*shape: int) -> Tensor:
        each = torch.stack([torch.randn(*shape, generator=stream) for stream in streams])
        return each.repeat_interleave(n_rates, dim=0)

    lr = torch.tensor(rates * len(streams))[:, None, None]
    weight = 0.01 * drawn(n_visible, N_HIDDEN)
    visible_bias = torch.zeros(len(weight), 1, n_visible)
    hidden_bias = torch.zeros(len(weight), 1, N_HIDDEN)
    machine = Machine(weight, visible_bias, hidden_bias)
    for _ in range(epochs):
        order = torch.stack([torch.randperm(n_images, generator=stream) for stream in streams])
        # a last batch of three images would be a step far too noisy for the others' rate
        for rows in order[:, : n_images // BATCH * BATCH].split(BATCH, dim=1):
            v = images[own, rows].repeat_interleave(n_rates, dim=0)
            z = machine.input_of_hidden(v)
            h, outputs = sampled(z, kind, drawn(rows.shape[1], N_HIDDEN)), features(z, kind)
            back = h @ weight.mT + visible_bias
            again = features(machine.input_of_hidden(back), kind)
            scale = lr / rows.shape[1]
            weight += scale * (v.mT @ outputs - back.mT @ again)
            visible_bias += scale * (v - back).sum(1, keepdim=True)
            hidden_bias += scale * (outputs - again).sum(1, keepdim=True)
    return machine


def accuracy_of(
    kind: str, parts: Parts, seeds: Sequence[int], rates: tuple[float, ...], *, epochs: int = EPOCHS
) -> Tensor:
    """Return the read-out's accuracy on each member's test part, (seeds, rates); 0 where lost.

    Args:
        kind: one of `KINDS`.
        parts: the data of each seed.
        seeds: of the machines.
        rates: learning rates.
        epochs: passes over the training images.
    """
    machine = fit(kind, parts.x_train, seeds, rates, epochs=epochs)
    every = parts.at(torch.arange(len(seeds)).repeat_interleave(len(rates)))
    train, test = (
        features(machine.input_of_hidden(x), kind) for x in (every.x_train, every.x_test)
    )
    kept = train.isfinite().all(dim=(1, 2)) & (train.amax((1, 2)) > 0)  # else nothing to read
    right = torch.zeros(len(kept), dtype=torch.float64)
    right[kept] = read_out(train[kept], test[kept], every.at(kept))
    return right.view(len(seeds), len(rates))


@kept.cache
def machine_accuracies(setting: Setting = STATED) -> dict[str, tuple[float, ...]]:
    """Return the accuracy of machines of each kind, each seed's on a test part of its own.

    The rate is the best of `RATES` on other seeds and on validation parts of their training images.

    Args:
        setting: the seeds, and what is changed of the number of passes.
    """
    drawn, found, epochs = setting.dataset("digits"), {}, setting.steps(EPOCHS)
    choosing = Parts.of([drawn(seed).validation(seed=seed) for seed in TUNING_SEEDS])
    measured = Parts.of([drawn(seed) for seed in setting.seeds])
    for kind in KINDS:
        scores = accuracy_of(kind, choosing, TUNING_SEEDS, RATES, epochs=epochs).mean(0)
        best = int(scores.argmax())
        if not 0 < best < len(scores) - 1:
            raise InvalidValueError(
                f"a best rate inside {RATES}", f"{RATES[best]:g}", "widen RATES"
            )
        values = accuracy_of(kind, measured, setting.seeds, (RATES[best],), epochs=epochs)
        found[kind] = tuple(values[:, 0].tolist())
    return found


def noisy_rectified_machine(setting: Setting = STATED) -> Measured:
    """Compare linear read-outs of features learnt with noisy rectified and with binary units."""
    arms = machine_accuracies(setting.only("steps"))
    gap = paired_difference(*(arms[kind] for kind in KINDS)).difference
    what = "accuracy of a linear read-out, noisy rectified minus binary features"
    return {what: gap}
