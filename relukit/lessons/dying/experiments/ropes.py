"""What holds a network whose learning rate is too large: one rope at a time."""

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import torch
from torch import Tensor

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import STEPS, dead_shares, network
from relukit.statistics import interval
from relukit.training import SGD, Factors, Record, train

RATE = 0.3
WARM = 50  # updates in which the rate grows in equal parts from 0


@dataclass(frozen=True)
class Rope:
    """One change of plain training at a rate that is too large.

    Attributes:
        activation: of the hidden units.
        bias: of every unit at the start, dimensionless.
        batch: images in a batch.
        warm: updates in which the rate grows to its full size.
        limit: longest gradient, over all weights and biases of a network.
        share: of the rate that is used, dimensionless.
        momentum: share of the last move that goes on, dimensionless.
    """

    activation: str = "relu"
    bias: float = 0.0
    batch: int = 64
    warm: int = 0
    limit: float | None = None
    share: float = 1.0
    momentum: float = 0.9


ROPES: MappingProxyType[str, Rope] = MappingProxyType(
    {
        "no rope": Rope(),
        "warm-up": Rope(warm=WARM),
        "bias 0.1": Rope(bias=0.1),
        "batches of 128": Rope(batch=128),
        "clipping at 1": Rope(limit=1.0),
    }
)
TENTH, LEAK = "a tenth of the rate", "leak 0.01"
_KNOWN = MappingProxyType(
    {
        **ROPES,
        TENTH: Rope(share=0.1),
        LEAK: Rope(activation="leaky_relu"),
        "no momentum": Rope(momentum=0.0),
        "tanh": Rope(activation="tanh"),
        "batches of 256": Rope(batch=256),
    }
)


@dataclass(frozen=True, eq=False)
class Roped:
    """What networks with one rope do after their last update.

    Attributes:
        accuracy: share of the test images that are right, float64 (seeds,); 0 where a network is
            no longer finite.
        dead: share of dead units, float64 (seeds, layers); nan where a network is no longer finite.
        finite: whether its loss stayed finite, bool (seeds,).
    """

    accuracy: Tensor
    dead: Tensor
    finite: Tensor


@kept.cache
def roped(
    name: str,
    *,
    rate: float = RATE,
    gain: float = 1.0,
    steps: int = STEPS,
    setting: Setting = STATED,
) -> Roped:
    """Return what 16 networks with one rope do, each with a split of the images of its own.

    Args:
        name: a key of `ROPES`, or `TENTH`, `LEAK`, "no momentum", "tanh" or "batches of 256".
        rate: learning rate, with momentum 0.9 where the rope leaves it.
        gain: factor on He's weights, dimensionless.
        steps: updates.
        setting: the seeds.

    References: [Pascanu2013].
    """
    rope, where = _KNOWN[name], setting.only()
    runs = train(
        partial(network, activation=rope.activation, bias=rope.bias),
        where.dataset("digits"),
        lr=rate * rope.share,
        factors=Factors(gain=gain),
        steps=steps,
        batch_size=rope.batch,
        seeds=where.seeds,
        optimizer=SGD(rope.momentum, clip=rope.limit, warm_up=rope.warm),
        record=Record(every=steps, units=True),
        device="cpu",
        progress=False,
    )
    lost, dead = runs.diverged, dead_shares(runs)
    return Roped(
        torch.where(lost, 0.0, runs.values("test_accuracy")),
        torch.where(lost[:, None], torch.nan, dead),
        ~lost,
    )


def ropes(setting: Setting = STATED) -> Measured:
    """Measure which single rope lets networks learn at rate 0.3, and what they do without any.

    Args:
        setting: the seeds.
    """
    where = setting.only()
    return {
        f"accuracy with {name}": interval(roped(name, setting=where).accuracy) for name in ROPES
    }
