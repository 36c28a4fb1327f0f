"""The race: four networks of one size learn one spiral, and differ in what a unit lets through.

The arms share their weights at the start, their batches and their points, which each seed draws
anew. The first keeps every number, the second drops the same half of its units for every input, the
third a random half each time, the fourth keeps a number where it is positive.
"""

from collections.abc import Sequence

from torch import Tensor

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks.racer import RULES, Racer, race_points
from relukit.training import Record, Runs, train
from relukit.training.tuning import FEW_TUNING_SEEDS

STEPS, BATCH = 200, 64
EVERY = 2  # steps: how often a race is measured, and its networks kept
ARMS = RULES[:4]
# The rate of all arms. On the seeds and points that choose, no other of RATES brings an arm to the
# other side of 90 %.
RATE, RATES = 0.01, (0.003, 0.01, 0.03)


def points(seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the points of one seed's race, as `relukit.networks.racer.race_points`.

    Args:
        seed: of the points and of the coins.
    """
    return race_points(seed, steps=STEPS, batch_size=BATCH)


@kept.once
def raced(arm: str, setting: Setting) -> Runs:
    """Return the arm's networks after training, each on a spiral of its own.

    Args:
        arm: one of ARMS.
        setting: the seeds.
    """
    return _train(arm, lr=RATE, setting=setting, record=Record(EVERY, parameters=True))


def tried(arm: str) -> dict[float, float]:
    """Return the mean accuracy at each of RATES, on seeds and points that the race never sees.

    Args:
        arm: one of ARMS.
    """
    runs = _train(arm, lr=RATES, seeds=FEW_TUNING_SEEDS)
    return {lr: float(runs.values("test_accuracy", lr=lr).mean()) for lr in RATES}


def accuracies(setting: Setting = STATED) -> Measured:
    """Race all four arms: the share of new points that each gets right."""
    setting = setting.only("optimizer", "steps")
    return {arm: raced(arm, setting).interval("test_accuracy") for arm in ARMS}


def _train(
    arm: str,
    *,
    lr: float | tuple[float, ...],
    seeds: Sequence[int] | None = None,
    setting: Setting = STATED,
    record: Record | None = None,
) -> Runs:
    rates = setting.rates((lr,) if isinstance(lr, float) else lr, "adam")
    return train(
        lambda seed: Racer(arm, seed=seed),
        points,
        lr=rates if isinstance(lr, tuple) else rates[0],
        steps=setting.steps(STEPS),
        batch_size=BATCH,
        seeds=setting.seeds if seeds is None else seeds,
        optimizer=setting.optimizer("adam"),
        record=record,
        progress=False,
    )
