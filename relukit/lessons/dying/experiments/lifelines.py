"""Life lines: which unit died when, and which came back."""

from dataclasses import replace
from functools import partial
from types import MappingProxyType

import torch
from torch import Tensor, nn

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import MOMENTUM, WIDTHS, network
from relukit.statistics import Interval, interval, paired_difference, proportion
from relukit.training import Record, Runs, train

EVERY = 5


@kept.once
def followed(setting: Setting = STATED, *, scaling: str = "unit", lr: float = 0.1) -> Runs:
    """Return 16 networks followed over ten passes: images from 0 to 1, lr 0.1, momentum 0.9.

    Args:
        setting: the seeds, and what is changed.
        scaling: of the images.
        lr: learning rate, for momentum 0.9.

    Conventions: a unit is looked at after every 5 of the 210 steps, over all training images of
        its network; each network has a training part of its own.
    """
    return train(
        partial(network, widths=setting.widths(WIDTHS)),
        setting.dataset("digits", scaling=scaling),
        lr=setting.rates((lr,))[0],
        steps=setting.steps(210),
        seeds=setting.seeds,
        optimizer=setting.optimizer(MOMENTUM),
        record=Record(every=EVERY, units=True),
        device="cpu",
        progress=False,
    )


def fates(runs: Runs) -> tuple[Tensor, Tensor]:
    """Return how many units of each layer died at least once, and how many of them came back.

    Args:
        runs: without swept settings, recorded with units=True.

    Returns:
        two int64 tensors of shape (seeds, layers).
    """
    died = torch.stack([(line.deaths() > 0).sum(-1) for line in runs.alive], -1)
    back = torch.stack([(line.revivals() > 0).sum(-1) for line in runs.alive], -1)
    return died, back


def shares_that_come_back(runs: Runs) -> tuple[Tensor, Tensor]:
    """Return which share of the units that died came back, in the first layer and behind it.

    Args:
        runs: as for `fates`.

    Returns:
        two float tensors of shape (seeds,); 0 where no unit died.
    """
    died, back = fates(runs)
    first = back[:, 0] / died[:, 0].clamp_min(1)
    return first, back[:, 1:].sum(-1) / died[:, 1:].sum(-1).clamp_min(1)


def survive(setting: Setting = STATED) -> Measured:
    """Count the units of each layer that are dead after ten passes.

    Args:
        setting: the seeds.
    """
    runs = followed(setting.only())
    first, second, third = (line.dead_share()[..., -1] for line in runs.alive)
    return {
        "dead at the end in layer 1": interval(first),
        "dead at the end in layer 2": interval(second),
        "dead at the end in layer 3": interval(third),
        "silent at the end, layer 1 minus layer 3": paired_difference(first, third).difference,
    }


# how networks were trained -> the pixels, the learning rate, and another rule than momentum
PLACES: MappingProxyType[str, tuple[str, float, str | None]] = MappingProxyType(
    {
        "pixels 0 to 1, rate 0.1": ("unit", 0.1, None),
        "pixels 0 to 1, Adam 0.01": ("unit", 0.01, "adam"),
        "centred, rate 0.1": ("standard", 0.1, None),
        "centred, rate 0.3": ("standard", 0.3, None),
    }
)


def shares_by_place(setting: Setting = STATED) -> dict[str, Tensor]:
    """Return which share of the dead comes back, by layer, where networks are trained otherwise.

    Args:
        setting: the seeds.

    Returns:
        for each of `PLACES` float64 (seeds, layers); nan where no unit of a layer died.
    """
    found = {}
    for name, (scaling, lr, rule) in PLACES.items():
        where = replace(setting.only("optimizer"), rule=rule)
        died, back = fates(followed(where, scaling=scaling, lr=lr))
        found[name] = back.double() / died.double()
    return found


def back(setting: Setting = STATED) -> Measured:
    """Follow the dead of layers 2 and 3 where the learning rate is too large.

    Args:
        setting: the seeds.
    """
    _, deeper = shares_that_come_back(followed(setting.only(), scaling="standard", lr=0.3))
    return {"share of the dead of layers 2 and 3 that come back at rate 0.3": interval(deeper)}


def without_gradient(lr: float, setting: Setting = STATED) -> Interval:
    """Return the share of networks whose first layer gets a gradient of exactly 0 at the end.

    Args:
        lr: learning rate, on centred images, with momentum 0.9.
        setting: the seeds.

    Conventions: over all training images of the network.
    """
    where = setting.only()
    runs, split = followed(where, scaling="standard", lr=lr), where.dataset("digits")
    n_zero = 0
    for seed in where.seeds:
        made, data = runs.network(seed=seed), split(seed)
        loss = nn.functional.cross_entropy(made(data.x_train), data.y_train)
        (gradient,) = torch.autograd.grad(loss, next(made.parameters()))
        n_zero += not gradient.any()
    return proportion(n_zero, len(where.seeds))


def can_die_for_ever(setting: Setting = STATED) -> Measured:
    """Follow units that died in the first layer."""
    where = setting.only("data", "width", "depth", "optimizer", "steps")
    first, _ = shares_that_come_back(followed(where))
    return {"share of the dead of the first layer that come back": interval(first)}


def never_recover(setting: Setting = STATED) -> Measured:
    """Follow units that died in the first layer, and units that died behind it."""
    where = setting.only("data", "width", "optimizer", "steps")  # one layer has none behind it
    first, deeper = shares_that_come_back(followed(where))
    return {
        "share of the dead of the first layer that come back": interval(first),
        "share of the dead of deeper layers that come back": interval(deeper),
    }


@kept.cache
def one_network(seed: int = STATED.seeds.start) -> Tensor:
    """Return for one network of `followed` which units are alive after each update.

    Args:
        seed: of the network, its split and its batches.

    Returns:
        bool (updates + 1, layers, units): whether some training image turns the unit on.
    """
    runs = train(
        network,
        STATED.dataset("digits", scaling="unit"),
        lr=0.1,
        steps=210,
        seeds=[seed],
        optimizer=MOMENTUM,
        record=Record(every=1, units=True),
        device="cpu",
        progress=False,
    )
    return torch.stack([line.alive[0] for line in runs.alive], 1)
