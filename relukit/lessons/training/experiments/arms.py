"""The arms of a comparison: one small network, at several rates, a stated one, or its own best."""

from collections.abc import Sequence

from torch import Tensor

from relukit.datasets import Dataset
from relukit.ledger.arms import MOMENTUM, best_of
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.training import SGD, Adam, Runs, Tuned, train

N_SEEDS = 16
WIDTHS = (64, 32, 32, 10)


def sweep_rates(
    activation: str,
    data: Dataset | tuple[Tensor, ...],
    rates: Sequence[float],
    *,
    steps: int,
    widths: Sequence[int] = WIDTHS,
    record: int | None = None,
) -> Runs:
    """Return 16 seeds of a network at every learning rate: momentum 0.9, batches of 64.

    Args:
        activation: of the hidden layers, by name.
        data: what to learn and, after it, what to measure on, as `relukit.training.train` takes it.
        rates: learning rates, swept.
        steps: number of updates.
        widths: inputs, hidden widths and outputs.
        record: measure every so many steps; None: at the start and the end.

    Example:
        >>> from relukit.datasets import digits
        >>> sweep_rates("relu", digits(), (0.1, 0.3), steps=1).loss.shape
        torch.Size([2, 16, 1])
    """
    return train(
        lambda seed: mlp(widths, activation, seed=seed),
        data,
        lr=rates,
        seeds=N_SEEDS,
        steps=steps,
        optimizer=MOMENTUM,
        record=record,
        progress=False,
    )


def at_its_best(
    activation: str | None,
    *,
    rates: Sequence[float],
    steps: int,
    widths: Sequence[int] = WIDTHS,
    scheme: str = "pytorch",
    data: str = "digits",
    scaling: str = "standard",
    optimizer: SGD | Adam = MOMENTUM,
    setting: Setting = STATED,
) -> Tuned:
    """Return networks at the rate that other seeds and validation parts have chosen for them.

    Args:
        activation: of the hidden layers, by name; None for none.
        rates: learning rates from which the search begins.
        steps: number of updates.
        widths: inputs, hidden widths and outputs.
        scheme: of the first weights, by name.
        data: name of the data set, of which every seed gets a split of its own.
        scaling: of the digits.
        optimizer: the experiment's own.
        setting: the seeds, and what is changed of all this.
    """
    layers = setting.widths(widths)
    return best_of(
        lambda seed: mlp(layers, activation, scheme=scheme, seed=seed),
        setting.dataset(data, **({"scaling": scaling} if data == "digits" else {})),
        rates=rates,
        steps=steps,
        optimizer=optimizer,
        setting=setting,
    )


def at_one_rate(
    activation: str,
    lr: float,
    *,
    steps: int,
    widths: Sequence[int] = WIDTHS,
    scheme: str = "pytorch",
    scaling: str = "standard",
    optimizer: SGD | Adam = MOMENTUM,
    setting: Setting = STATED,
) -> tuple[float, ...]:
    """Return the test accuracy of every seed on digits at a rate that no search has chosen.

    Args:
        activation: of the hidden layers, by name.
        lr: the stated learning rate.
        steps: number of updates.
        widths: inputs, hidden widths and outputs.
        scheme: of the first weights, by name.
        scaling: of the digits.
        optimizer: the experiment's own.
        setting: the seeds, and what is changed of all this.
    """
    layers = setting.widths(widths)
    runs = train(
        lambda seed: mlp(layers, activation, scheme=scheme, seed=seed),
        setting.dataset("digits", scaling=scaling),
        lr=setting.rates((lr,), optimizer)[0],
        seeds=setting.seeds,
        steps=setting.steps(steps),
        optimizer=setting.optimizer(optimizer),
        progress=False,
    )
    return tuple(runs.values("test_accuracy").tolist())


def final_accuracy(runs: Runs) -> Tensor:
    """Return the last measured accuracy of every member, shape (..., seeds), float64.

    Args:
        runs: of networks that classify.
    """
    return runs.measured["test_accuracy"][..., -1]


def seed_accuracies(found: Tuned) -> tuple[float, ...]:
    """Return the test accuracy of every seed of an arm, as plain numbers.

    Args:
        found: what `at_its_best` returns.
    """
    return tuple(final_accuracy(found.runs).tolist())
