"""The race of the start page again, with a stranger's switches and the sign dropped beside it.

Units whose switch has weights of its own, which are not trained, are those of [Fiat2019].
"""

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks.racer import RULES, Racer, race_points
from relukit.statistics import interval
from relukit.training import train

STEPS, BATCH, RATE = 200, 64, 0.01  # those of the start page


def finished(rule: str, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the share of new points that each seed's network gets right, each its own spiral.

    Args:
        rule: one of `relukit.networks.racer.RULES`.
        setting: the seeds.
    """
    return _finished(rule, setting.seeds)


@kept.cache
def _finished(rule: str, seeds: range) -> tuple[float, ...]:
    runs = train(
        lambda seed: Racer(rule, seed=seed),
        lambda seed: race_points(seed, steps=STEPS, batch_size=BATCH),
        lr=RATE,
        steps=STEPS,
        batch_size=BATCH,
        seeds=seeds,
        optimizer="adam",
        progress=False,
    )
    return tuple(runs.values("test_accuracy").tolist())


def means(setting: Setting = STATED) -> Measured:
    """Race all six: the share of new points that each gets right.

    Args:
        setting: the seeds.
    """
    setting = setting.only()
    return {rule: interval(finished(rule, setting)) for rule in RULES}
