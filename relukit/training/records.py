"""What is followed while a population trains, measured over whole data sets."""

from dataclasses import dataclass

import torch
from torch import Tensor

from relukit.training.arguments import Examples, count
from relukit.training.layered import Layered
from relukit.training.losses import summed_loss
from relukit.training.vectorized import Vectorized


@dataclass(frozen=True)
class Record:
    """What to measure every so many steps, besides the loss of each batch.

    Args:
        every: number of steps between two measurements, at least 1. The start and the end are
            always measured.
        layers: whether to follow mean, standard deviation and share of zeros of each hidden layer.
        units: whether to follow, for each hidden unit, if any training example activates it.

    Raises:
        InvalidTypeError: `every` is no whole number.
        InvalidValueError: `every` is below 1.

    Example:
        >>> Record(every=4).at(10)
        (0, 4, 8, 10)
    """

    every: int
    layers: bool = False
    units: bool = False

    def __post_init__(self) -> None:
        count("every", self.every)

    def at(self, steps: int) -> tuple[int, ...]:
        """Return the steps of the measurements; step s means: after s updates."""
        return (*range(0, steps, self.every), steps)


def measure(
    network: Layered | Vectorized, data: Examples, record: Record, rows: int, n_members: int
) -> dict[str, Tensor]:
    """Return what a record asks for at one moment, by name, each with members first.

    Args:
        network: the population.
        data: measured whole: the test part for the metrics (the training part where there is no
            test part), the training part for layers and units.
        record: what to measure.
        rows: how many examples go through at once.
        n_members: number of members.
    """
    x, y = (data.x, data.y) if data.x_test is None else (data.x_test, data.y_test)
    total, right = 0.0, 0
    for start in range(0, len(x), rows):
        part = x[start : start + rows]
        output, _ = network.outputs(part.expand(n_members, *part.shape))
        loss, n_right = summed_loss(output, y[start : start + rows])
        total, right = total + loss, right + n_right
    found = {"test_loss": total / len(x)}
    if data.classifies:
        found["test_accuracy"] = right.double() / len(x)
    if record.layers or record.units:
        found.update(_inside(network, data.x, record, rows, n_members))
    return found


def _inside(
    network: Layered | Vectorized, x: Tensor, record: Record, rows: int, n_members: int
) -> dict[str, Tensor]:
    sums: list[list[Tensor]] = []
    for start in range(0, len(x), rows):
        part = x[start : start + rows]
        new = _sums(network, part.expand(n_members, *part.shape))
        sums = [_added(*pair) for pair in zip(sums, new, strict=True)] if sums else new
    found = {}
    if record.layers:
        sizes = [len(x) * alive.shape[1] for *_, alive in sums]
        mean = torch.stack([s[0] / n for s, n in zip(sums, sizes, strict=True)], 1)
        second = torch.stack([s[1] / n for s, n in zip(sums, sizes, strict=True)], 1)
        found["layer_mean"] = mean
        found["layer_std"] = (second - mean.square()).clamp_min(0).sqrt()
        found["layer_zeros"] = torch.stack(
            [s[2].double() / n for s, n in zip(sums, sizes, strict=True)], 1
        )
    if record.units:
        found.update({f"alive_{i}": s[3] for i, s in enumerate(sums)})
    return found


def _added(old: list[Tensor], new: list[Tensor]) -> list[Tensor]:
    *counts, alive = old
    return [p + q for p, q in zip(counts, new[:-1], strict=True)] + [alive | new[-1]]


def _sums(network: Layered | Vectorized, x: Tensor) -> list[list[Tensor]]:
    """Return each hidden layer's sum, sum of squares, number of zeros, and which units are alive.

    What is made on the way is freed before the next block of examples.
    """
    found = []
    for activation in network.outputs(x)[1]:
        a = activation.flatten(2)
        alive, wide = (a != 0).any(1), a.double()
        zeros = a[0].numel() - a.count_nonzero((1, 2))
        found.append([wide.sum((1, 2)), wide.square_().sum((1, 2)), zeros, alive])
    return found
