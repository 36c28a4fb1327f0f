"""What holds a network whose learning rate is too large: one rope at a time."""

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import torch
from torch import Tensor

from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import STEPS, network
from relukit.lessons.dying.experiments.stack import Data, Stack
from relukit.statistics import interval
from relukit.training.batches import Batches

RATE = 0.3
WARM = 50  # updates in which the rate grows in equal parts from 0


@dataclass(frozen=True)
class Rope:
    """One change of plain training at a rate that is too large.

    Attributes:
        bias: of every unit at the start, dimensionless.
        leak: slope of the hidden units below 0, dimensionless.
        warm: updates in which the rate grows to its full size.
        limit: longest gradient, over all weights and biases of a network.
        share: of the rate that is used, dimensionless.
    """

    bias: float = 0.0
    leak: float = 0.0
    warm: int = 0
    limit: float | None = None
    share: float = 1.0


ROPES: MappingProxyType[str, Rope] = MappingProxyType(
    {
        "no rope": Rope(),
        "warm-up": Rope(warm=WARM),
        "bias 0.1": Rope(bias=0.1),
        "leak 0.01": Rope(leak=0.01),
        "clipping at 1": Rope(limit=1.0),
    }
)
TENTH = "a tenth of the rate"
_KNOWN = MappingProxyType({**ROPES, TENTH: Rope(share=0.1)})


def examples(setting: Setting) -> tuple[Data, Data]:
    """Return the training and the test images of all seeds, each (seeds, examples, ...).

    Args:
        setting: the seeds, each with a split of its own.
    """
    splits = [setting.dataset("digits")(seed) for seed in setting.seeds]
    learned = torch.stack([s.x_train for s in splits]), torch.stack([s.y_train for s in splits])
    return learned, (
        torch.stack([s.x_test for s in splits]),
        torch.stack([s.y_test for s in splits]),
    )


@cache
def roped(
    name: str, *, rate: float = RATE, steps: int = STEPS, setting: Setting = STATED
) -> tuple[Tensor, Tensor]:
    """Return test accuracies and dead shares of 16 networks with one rope.

    Args:
        name: a key of `ROPES`, or `TENTH`.
        rate: learning rate, with momentum 0.9.
        steps: updates.
        setting: the seeds.

    Returns:
        float64 (seeds,), 0 where the loss became nan or infinite, and float64 (seeds, layers).

    References: [Pascanu2013].
    """
    rope, seeds = _KNOWN[name], setting.only().seeds
    stack = Stack.of([network(seed, bias=rope.bias) for seed in seeds], leak=rope.leak)
    (x, y), test = examples(setting)
    every = torch.arange(len(seeds))[:, None]
    batches = Batches(x.shape[1], 64, tuple(seeds), every[:, 0], torch.device("cpu"))
    for step in range(steps):
        rows = batches.at(step)
        grown = min(1.0, (step + 1) / rope.warm) if rope.warm else 1.0
        now = rate * rope.share * grown
        stack.learn((x[every, rows], y[every, rows]), now, limit=rope.limit)
    return torch.where(stack.alive, stack.accuracy(test), 0.0), stack.dead(x)


def ropes(setting: Setting = STATED) -> Measured:
    """Measure which single rope lets networks learn at rate 0.3, and the dead without any.

    Args:
        setting: the seeds.
    """
    setting = setting.only()
    return {f"accuracy with {name}": interval(roped(name, setting=setting)[0]) for name in ROPES}
