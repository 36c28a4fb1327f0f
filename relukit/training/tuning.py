"""A learning rate chosen on validation data and other seeds, and the runs that it then gives."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from relukit.datasets import Dataset, Sequences
from relukit.datasets.splitting import validation
from relukit.errors import InvalidValueError
from relukit.training.examples import data_of, examples_for_all
from relukit.training.machine import Machine
from relukit.training.optimizers import SGD, Adam
from relukit.training.records import Record
from relukit.training.runs import Runs
from relukit.training.sweep import Factors, Sweep, sweep_of
from relukit.training.training import Data, population_for, train

TUNING_SEEDS = range(100, 108)
FEW_TUNING_SEEDS = TUNING_SEEDS[:4]  # where a network takes long
MOST_EXTENSIONS = 8


@dataclass(frozen=True, eq=False, repr=False)
class Tuned:
    """Runs at a learning rate that other seeds have chosen, on validation parts.

    Attributes:
        runs: of the seeds of the verdict, at the rate, measured on the test part.
        rate: the learning rate that was chosen.
        grid: all rates that were tried, ascending; the chosen one is neither first nor last.
        scores: validation accuracy (or less the loss, for targets) of every rate and tuning seed,
            float64 (rates, tuning seeds); nan where a run did not stay finite.
        tuning_seeds: those that chose.

    Example:
        >>> from relukit.datasets import moons
        >>> from relukit.networks import mlp
        >>> found = tuned(lambda seed: mlp([2, 8, 2], seed=seed), lambda seed: moons(seed=seed),
        ...               rates=(0.01, 0.1, 1.0), steps=50, seeds=range(2), tuning_seeds=(5, 6))
        >>> found.grid[0] < found.rate < found.grid[-1], found.runs
        (True, Runs(seed: 2; 50 steps on cpu))
    """

    runs: Runs
    rate: float
    grid: tuple[float, ...]
    scores: Tensor
    tuning_seeds: tuple[int, ...]

    @property
    def seeds(self) -> tuple[int, ...]:
        """Those of the runs."""
        return self.runs.axes["seed"]

    def __repr__(self) -> str:
        tried = f"{len(self.grid)} tried from {self.grid[0]:g} to {self.grid[-1]:g}"
        return f"Tuned(lr {self.rate:g}, {tried}, on {len(self.tuning_seeds)} seeds; {self.runs})"


def tuned(
    network: nn.Module | type[nn.Module] | Callable[[int], nn.Module],
    data: Data | Callable[[int], Data],
    *,
    rates: Sequence[float],
    steps: int,
    seeds: int | Sequence[int],
    tuning_seeds: int | Sequence[int] = TUNING_SEEDS,
    batch_size: int = 64,
    optimizer: str | SGD | Adam = "sgd",
    factors: Factors = Factors(),  # noqa: B008 - frozen
    record: int | Record | None = None,
    device: str | torch.device | Machine | None = None,
    progress: bool | None = None,
) -> Tuned:
    """Choose the learning rate on validation parts and other seeds, then train `seeds` at it.

    Of the training part of each tuning seed a fifth, drawn evenly from the classes, becomes the
    validation part; the rate with the best mean score there is chosen. While that is the smallest
    or largest of the grid, the grid goes on by its own ratio on that side.

    Args:
        network: as `train` takes it.
        data: as `train` takes it. With a function of the seed every seed of the verdict is measured
            on a test part of its own; one data set has one test part, and the intervals over seeds
            say nothing about another.
        rates: two or more learning rates, from which the search begins.
        steps: number of updates, in the search and after it.
        seeds: of the verdict, as `train` takes them.
        tuning_seeds: those on which the rate is chosen, none of them among `seeds`.
        batch_size: as for `train`.
        optimizer: as for `train`.
        factors: one value each, as for `train`.
        record: what is measured of the runs of the verdict; of the search, its end alone.
        device: as for `train`.
        progress: as for `train`.

    Returns:
        A Tuned.

    Raises:
        InvalidTypeError, InvalidValueError: what `train` refuses, one rate only, a swept factor,
            seeds of the verdict among the tuning seeds, or no best rate within 8 further ones.

    Conventions: a run that did not stay finite counts as accuracy 0, or as an infinite loss. Of
        rates equally good the one nearest to the middle of the grid is chosen. The cost is that of
        (rates + extensions) x tuning seeds + seeds members: for 4 rates, 8 tuning seeds and 16
        seeds three times the cost of the 16 alone. What other seeds have in their test parts may
        be in the training part of a tuning seed, where both come from one pool. All data and
        networks of the verdict are made before the search too, so that what is refused is refused
        at once.

    Example:
        >>> from relukit.datasets import xor
        >>> from relukit.networks import mlp
        >>> tuned(lambda seed: mlp([2, 8, 2], seed=seed), xor(80), rates=(0.1, 0.3), steps=5,
        ...       seeds=[100, 200])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        relukit.errors.InvalidValueError: Expected seeds that did not choose the rate, got 100 ...
    """
    sweep, choosing = _checked(rates, factors, seeds, tuning_seeds)
    grid = tuple(sorted(sweep.factors["lr"]))
    machine = device if isinstance(device, Machine) else Machine(device)
    # what would be refused after the search is refused before it
    classifies = population_for(
        network, data, sweep=sweep, steps=steps, batch_size=batch_size, optimizer=optimizer,
        record=record, machine=machine,
    ).examples.classifies  # fmt: skip
    worst = 0.0 if classifies else -math.inf
    trained = partial(
        train, network, steps=steps, batch_size=batch_size, optimizer=optimizer, factors=factors,
        device=machine, progress=progress,
    )  # fmt: skip
    parts = {seed: _for_validation(data, seed) for seed in choosing}

    def tried(new: Sequence[float]) -> dict[float, Tensor]:
        runs = trained(parts.__getitem__, lr=list(new), seeds=choosing)
        if runs.partial:  # train has kept the interrupt to itself
            raise KeyboardInterrupt
        return dict(zip(new, _scores(runs, classifies), strict=True))

    found = tried(grid)
    while not 0 < (best := _best(_means(found.values(), worst))) < len(found) - 1:
        if len(found) == len(grid) + MOST_EXTENSIONS:
            raise InvalidValueError(
                f"a best rate inside the grid after {MOST_EXTENSIONS} extensions",
                f"the best at an edge of {', '.join(f'{rate:g}' for rate in found)}",
                "begin with other rates, or with more steps",
            )
        found = dict(sorted((found | tried([_beyond([*found], best)])).items()))
    rate = [*found][best]
    if not math.isfinite(_means(found.values(), worst)[best]):
        raise InvalidValueError(
            "a rate at which training stays finite",
            f"none among {', '.join(f'{rate:g}' for rate in found)}",
            "begin with smaller rates",
        )
    runs = trained(data, lr=rate, seeds=sweep.seeds, record=record)
    return Tuned(runs, rate, tuple(found), torch.stack([*found.values()]), choosing)


def _for_validation(data: Data | Callable[[int], Data], seed: int) -> Data:
    """Return one seed's data with a validation part, of its training part, for the test part."""
    found = data_of(data, seed)
    examples = examples_for_all(found)
    parts = validation(examples.x, examples.y, seed=seed).named
    if isinstance(found, Dataset | Sequences):
        return replace(found, **parts)
    return tuple(parts.values())


def _checked(
    rates: object, factors: Factors, seeds: object, tuning_seeds: object
) -> tuple[Sweep, tuple[int, ...]]:
    """Return the sweep of the verdict, over all rates, and the seeds that choose one of these."""
    sweep = sweep_of(rates, factors, seeds)
    given = sweep.factors["lr"]
    choosing = sweep_of(given, Factors(), tuning_seeds).seeds
    if len(given) < 2:
        raise InvalidValueError(
            "two or more rates, to choose from", str(given), "pass rates=(0.01, 0.03, 0.1), say"
        )
    if swept := sorted(sweep.axes.keys() - {"lr", "seed"}):
        raise InvalidValueError(
            "one value of each factor", f"several of {', '.join(swept)}", "tune each by itself"
        )
    if both := sorted(set(sweep.seeds) & set(choosing)):
        raise InvalidValueError(
            "seeds that did not choose the rate",
            f"{', '.join(map(str, both))} among the tuning seeds",
            "pass other seeds",
        )
    return sweep, choosing


def _scores(runs: Runs, classifies: bool) -> Tensor:
    """Return the last accuracy, or less the loss, float64 (rates, seeds); nan where it was lost."""
    found = runs.measured["test_accuracy"] if classifies else -runs.measured["test_loss"]
    last = found[..., -1]
    return last.masked_fill(runs.diverged | ~last.isfinite(), math.nan)


def _means(scores: Iterable[Tensor], worst: float) -> list[float]:
    """Return each rate's mean score, in which a lost run counts as the worst there is.

    Example:
        >>> _means([torch.tensor([0.5, math.nan]), torch.tensor([0.25, 0.5])], 0.0)
        [0.25, 0.375]
    """
    table = torch.stack([*scores])
    return torch.where(table.isnan(), worst, table).mean(1).tolist()


def _best(means: Sequence[float]) -> int:
    """Return the position of the largest; of equal ones that nearest to the middle.

    Example:
        >>> _best([0.9, 0.9, 0.9, 0.1])
        1
    """
    middle = (len(means) - 1) / 2
    return max(range(len(means)), key=lambda i: (means[i], -abs(i - middle)))


def _beyond(grid: Sequence[float], edge: int) -> float:
    """Return the rate that goes on from an edge of an ascending grid by its own ratio there."""
    first, second = grid[:2] if edge == 0 else grid[:-3:-1]
    return float(f"{first * first / second:.6g}")
