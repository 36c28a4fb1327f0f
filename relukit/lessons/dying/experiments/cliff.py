"""The cliff map: learning rate by initial gain, ReLU beside leaky ReLU."""

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from relukit.activations import activation
from relukit.errors import unknown_name
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import (
    MOMENTUM,
    STEPS,
    dead_shares,
    network,
)
from relukit.lessons.dying.experiments.ropes import LEAK, RATE, roped
from relukit.statistics import proportion
from relukit.training import Factors, Record, train

LRS = (0.01, 0.03, 0.1, 0.3, 1.0)
GAINS = (0.25, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True, eq=False)
class Cliff:
    """What 16 networks, each with a split of its own, do at every learning rate and gain.

    Attributes:
        activation: "relu" or "leaky_relu".
        lrs: learning rates.
        gains: factors on He's weights, dimensionless.
        accuracy: test accuracy after five passes, float64 (lrs, gains, seeds).
        dead: share of dead units by layer, float64 (lrs, gains, seeds, 3); of a broken network
            with its last finite parameters.
        broken: whether the loss became nan or infinite, bool (lrs, gains, seeds).
    """

    activation: str
    lrs: tuple[float, ...]
    gains: tuple[float, ...]
    accuracy: Tensor
    dead: Tensor
    broken: Tensor

    @property
    def title(self) -> str:
        """The activation as prose writes it."""
        return activation(self.activation).title

    def at(self, lr: float, gain: float) -> tuple[Tensor, Tensor, Tensor]:
        """Return accuracy (seeds,), dead (seeds, 3) and broken (seeds,) of one cell.

        Args:
            lr: learning rate, one of `lrs`.
            gain: factor on He's weights, one of `gains`, dimensionless.
        """
        place = self.lrs.index(lr), self.gains.index(gain)
        return self.accuracy[place], self.dead[place], self.broken[place]


@kept.cache
def cliff(activation: str) -> Cliff:
    """Return 400 networks trained once: five learning rates, five gains, 16 seeds.

    Args:
        activation: "relu" or "leaky_relu".

    Raises:
        InvalidValueError: another activation.

    Conventions: momentum 0.9, centred digits, batches of 64. A network whose loss is no longer
        finite keeps its last parameters; its accuracy is set to 0.
    """
    if activation not in ("relu", "leaky_relu"):
        raise unknown_name("side of the cliff map", activation, ("relu", "leaky_relu"))
    runs = train(
        partial(network, activation=activation),
        STATED.dataset("digits"),
        lr=LRS,
        factors=Factors(gain=GAINS),
        steps=STEPS,
        seeds=STATED.seeds,
        optimizer=MOMENTUM,
        record=Record(every=STEPS, units=True),
        device="cpu",
        progress=False,
    )
    accuracy = runs.measured["test_accuracy"][..., -1]
    return Cliff(
        activation,
        LRS,
        GAINS,
        torch.where(runs.diverged, 0.0, accuracy),
        dead_shares(runs),
        runs.diverged,
    )


def leaky_cliff(setting: Setting = STATED) -> Measured:
    """Train leaky networks at rate 0.3: how many learn, guess, or end as nan.

    Args:
        setting: the seeds, each with a split of its own.
    """
    found = roped(LEAK, rate=RATE, setting=setting.only())
    n, broken = len(found.finite), int((~found.finite).sum())
    learned = int((found.finite & (found.accuracy > 0.8)).sum())
    return {
        "leaky networks that learn": proportion(learned, n),
        "leaky networks that guess": proportion(n - learned - broken, n),
        "leaky networks that end as nan": proportion(broken, n),
    }
