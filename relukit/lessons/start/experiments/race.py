"""The race: four networks of one size learn one spiral, and differ in what a unit lets through.

The arms share their weights at the start, their batches and their points, which each seed draws
anew. The first keeps every number, the second drops the same half of its units for every input, the
third a random half each time, the fourth keeps a number where it is positive.
"""

import itertools
from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor, nn

from relukit.datasets import spirals
from relukit.initialization import initialize
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.streams import generator
from relukit.training import Record, Runs, train
from relukit.training.tuning import FEW_TUNING_SEEDS

WIDTHS = (2, 32, 32, 2)
COINS = sum(WIDTHS[1:-1])  # one for each hidden unit
STEPS, BATCH = 200, 64
EVERY = 2  # steps: how often a race is measured, and its networks kept
ARMS = (
    "keeps every number",
    "drops the same half every time",
    "drops a random half each time",
    "keeps a number if it is positive",
)
# The rate of all arms. On the seeds and points that choose, no other of RATES brings an arm to the
# other side of 90 %.
RATE, RATES = 0.01, (0.003, 0.01, 0.03)


class Racer(nn.Module):
    """A perceptron 2-32-32-2 whose hidden units let through what its arm says.

    Args:
        arm: one of ARMS.
        seed: of the weights, and of the half that one of the arms drops for good.

    Conventions: behind the two coordinates an input carries a coin, 0 or 1, for each hidden unit,
        at which only the arm with the random half looks.

    Example:
        >>> Racer("keeps every number", seed=0)(torch.zeros(3, 2 + COINS)).shape
        torch.Size([3, 2])
    """

    kept: Tensor

    def __init__(self, arm: str, *, seed: int) -> None:
        super().__init__()
        self.arm = arm
        self.layers = nn.ModuleList(nn.Linear(n, m) for n, m in itertools.pairwise(WIDTHS))
        initialize(self, "he_normal", seed=seed, bias=0.0)
        kept = torch.randint(2, (COINS,), generator=generator(seed, "kept"))
        self.register_buffer("kept", kept.float())

    def forward(self, x: Tensor) -> Tensor:
        """Return one score for each arm of the spiral, (n, 2), of inputs (n, 2 + COINS)."""
        a, coins = x[:, :2], x[:, 2:]
        for place, layer in enumerate(self.layers[:-1]):
            mine = slice(place * WIDTHS[1], (place + 1) * WIDTHS[1])
            a = layer(a)
            if self.arm == "drops the same half every time":
                a = a * self.kept[mine]
            elif self.arm == "drops a random half each time":
                a = a * coins[:, mine]
            elif self.arm == "keeps a number if it is positive":
                a = a.relu()
        return self.layers[-1](a)


def points(seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return a spiral's training points, as often as the batches need them, and its test points.

    Each time that a point is seen, it comes with coins that were not thrown before.

    Args:
        seed: of the points and of the coins.
    """
    found, stream = spirals(400, seed=seed), generator(seed, "coins")
    again = -(-STEPS * BATCH // len(found.x_train))

    def thrown(x: Tensor) -> Tensor:
        coins = torch.randint(2, (len(x), COINS), generator=stream)
        return torch.cat([x, coins.to(x.dtype)], 1)

    x, y = found.x_train.repeat(again, 1), found.y_train.repeat(again)
    return thrown(x), y, thrown(found.x_test), found.y_test


@cache
def raced(arm: str, setting: Setting) -> Runs:
    """Return the arm's networks after training, each on a spiral of its own.

    Args:
        arm: one of ARMS.
        setting: the seeds.
    """
    record = Record(EVERY, parameters=True)
    return _train(arm, lr=RATE, seeds=setting.seeds, record=record)


def tried(arm: str) -> dict[float, float]:
    """Return the mean accuracy at each of RATES, on seeds and points that the race never sees.

    Args:
        arm: one of ARMS.
    """
    runs = _train(arm, lr=RATES, seeds=FEW_TUNING_SEEDS)
    return {lr: float(runs.values("test_accuracy", lr=lr).mean()) for lr in RATES}


def accuracies(setting: Setting = STATED) -> Measured:
    """Race all four arms: the share of new points that each gets right."""
    setting = setting.only()
    return {arm: raced(arm, setting).interval("test_accuracy") for arm in ARMS}


def _train(
    arm: str,
    *,
    lr: float | tuple[float, ...],
    seeds: Sequence[int],
    record: Record | None = None,
) -> Runs:
    return train(
        lambda seed: Racer(arm, seed=seed),
        points,
        lr=lr,
        steps=STEPS,
        batch_size=BATCH,
        seeds=seeds,
        optimizer="adam",
        record=record,
        progress=False,
    )
