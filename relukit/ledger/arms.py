"""An arm of a comparison: networks at the learning rate that suits them, where a setting says."""

from collections.abc import Callable, Sequence

from torch import nn

from relukit.ledger.setting import STATED, Setting
from relukit.training import SGD, Adam, Tuned, tuned
from relukit.training.training import Data
from relukit.training.tuning import TUNING_SEEDS

MOMENTUM = SGD(momentum=0.9)


def best_of(
    build: Callable[[int], nn.Module],
    data: str | Callable[[int], Data],
    *,
    rates: Sequence[float],
    steps: int,
    optimizer: SGD | Adam = MOMENTUM,
    setting: Setting = STATED,
    tuning_seeds: Sequence[int] = TUNING_SEEDS,
    batch_size: int = 64,
) -> Tuned:
    """Return networks at the rate that other seeds and validation parts have chosen for them.

    Args:
        build: a network for each seed, of the widths that the setting asks for.
        data: name of the data set, unless the setting has its own; or what takes its place, as a
            function of the seed. Every seed gets a split of its own.
        rates: learning rates that suit the optimizer, from which the search begins.
        steps: number of updates.
        optimizer: the experiment's own.
        setting: the seeds, and what is changed of all this.
        tuning_seeds: those that choose the rate.
        batch_size: examples in each update.

    Raises:
        InvalidTypeError, InvalidValueError: what `relukit.training.tuned` refuses.

    Example:
        >>> from relukit.datasets import moons
        >>> from relukit.networks import mlp
        >>> best_of(lambda seed: mlp((2, 8, 2), seed=seed), lambda seed: moons(seed=seed),
        ...         rates=(0.01, 0.1, 1.0), steps=50, tuning_seeds=range(2)).runs
        Runs(seed: 16; 50 steps on cpu)
    """
    return tuned(
        build,
        setting.dataset(data) if isinstance(data, str) else data,
        rates=setting.rates(rates, optimizer),
        steps=setting.steps(steps),
        seeds=setting.seeds,
        tuning_seeds=tuning_seeds,
        batch_size=batch_size,
        optimizer=setting.optimizer(optimizer),
        progress=False,
    )
