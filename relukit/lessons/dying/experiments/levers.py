"""Six levers, each pulled alone: which of them kill units, and in which layer."""

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


@dataclass(frozen=True)
class Levers:
    """Where six levers stand: by default where networks learn and hardly a unit dies.

    Attributes:
        rate: learning rate.
        momentum: share of the last move that goes on, dimensionless.
        gain: factor on He's weights, dimensionless.
        bias: of every unit at the start, dimensionless.
        size: factor on the centred images, dimensionless.
        shift: added to every centred pixel, in units of their standard deviation; the images are
            then scaled to power 1 again, so that this lever changes the centre alone.
    """

    rate: float = 0.1
    momentum: float = 0.9
    gain: float = 1.0
    bias: float = 0.0
    size: float = 1.0
    shift: float = 0.0


# lever -> its field, and where it is set
PULLED: MappingProxyType[str, tuple[str, tuple[float, ...]]] = MappingProxyType(
    {
        "learning rate": ("rate", (0.03, 0.1, 0.2, 0.3)),
        "momentum": ("momentum", (0.0, 0.5, 0.9, 0.97)),
        "size of the weights": ("gain", (0.5, 1.0, 2.0, 4.0)),
        "bias": ("bias", (0.0, 0.1, 1.0, 3.0)),
        "size of the inputs": ("size", (1.0, 2.0, 3.0, 4.0)),
        "inputs off centre": ("shift", (0.0, 1.0, 2.0, 4.0)),
    }
)


@kept.cache
def dead_after(levers: Levers, setting: Setting = STATED) -> Tensor:
    """Return which share of each layer is dead after five passes, float64 (seeds, layers).

    Args:
        levers: where they stand.
        setting: the seeds, each with a split of its own.
    """
    where = setting.only()
    split = where.dataset("digits")

    def moved(seed: int) -> tuple[Tensor, ...]:
        data = split(seed)
        xs = (data.x_train, data.x_test)
        x, x_test = (levers.size * (x + levers.shift) / (1 + levers.shift**2) ** 0.5 for x in xs)
        return x, data.y_train, x_test, data.y_test

    runs = train(
        partial(network, bias=levers.bias),
        moved,
        lr=levers.rate,
        factors=Factors(gain=levers.gain),
        steps=STEPS,
        seeds=where.seeds,
        optimizer=SGD(levers.momentum),
        record=Record(every=STEPS, units=True),
        device="cpu",
        progress=False,
    )
    return dead_shares(runs)


def pulled() -> dict[str, tuple[tuple[float, ...], Tensor]]:
    """Return for each lever where it was set, and the dead shares, (settings, seeds, layers)."""
    return {
        lever: (values, torch.stack([dead_after(Levers(**{name: v})) for v in values]))
        for lever, (name, values) in PULLED.items()
    }


def first_layer_killer(setting: Setting = STATED) -> Measured:
    """Pull each lever to its end and count the dead of the first layer.

    Args:
        setting: the seeds.
    """
    ends = {lever: Levers(**{name: values[-1]}) for lever, (name, values) in PULLED.items()}
    return {
        f"dead in layer 1, {lever}": interval(dead_after(end, setting.only())[:, 0])
        for lever, end in ends.items()
    }
