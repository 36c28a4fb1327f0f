"""The arms of a comparison: one small network, trained at several rates, each arm at its best."""

from collections.abc import Sequence

from torch import Tensor

from relukit.datasets import Dataset
from relukit.networks import mlp
from relukit.training import SGD, Runs, train

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
        optimizer=SGD(momentum=0.9),
        record=record,
        progress=False,
    )


def best_for_the_others(scores: Tensor) -> Tensor:
    """Return, for each seed, the position of the rate with the best mean score over other seeds.

    A rate chosen in this way owes nothing to the seed that is then measured with it.

    Args:
        scores: the higher the better, finite, shape (rates, seeds) with two seeds or more.

    Returns:
        Positions of shape (seeds,), int64; the first of equally good rates.

    Example:
        >>> import torch
        >>> best_for_the_others(torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 0.5]]))
        tensor([1, 0, 0])
    """
    others = scores.sum(1, keepdim=True) - scores
    return others.argmax(0)


def at_own_rate(values: Tensor, scores: Tensor | None = None) -> Tensor:
    """Return each seed's value at the rate that is best for the other seeds, shape (seeds,).

    Args:
        values: shape (rates, seeds).
        scores: what decides which rate is best, shape (rates, seeds); the values if None.

    Example:
        >>> import torch
        >>> at_own_rate(torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 0.5]])).tolist()
        [0.5, 0.0, 0.0]
    """
    chosen = best_for_the_others(values if scores is None else scores)
    return values.gather(0, chosen[None])[0]


def final_accuracy(runs: Runs) -> Tensor:
    """Return the last measured accuracy of every member, shape (..., seeds), float64.

    Args:
        runs: of networks that classify.
    """
    return runs.measured["test_accuracy"][..., -1]
