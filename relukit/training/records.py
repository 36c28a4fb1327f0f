"""What is followed while a population trains, measured over whole data sets."""

from dataclasses import dataclass

import torch
from torch import Tensor

from relukit.quantities import integer
from relukit.training.examples import Examples
from relukit.training.layered import Layered
from relukit.training.losses import summed_loss
from relukit.training.vectorized import Vectorized

_ROWS = 256


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
        integer("every", self.every, least=1)

    @property
    def inside(self) -> bool:
        """Whether hidden activations are followed."""
        return self.layers or self.units

    def at(self, steps: int) -> tuple[int, ...]:
        """Return the steps of the measurements; step s means: after s updates."""
        return (*range(0, steps, self.every), steps)


def record_for(record: int | Record | None, steps: int) -> Record:
    """Return the record itself: a number is its `every`, None the number of steps."""
    return record if isinstance(record, Record) else Record(steps if record is None else record)


def rows_at_once(x: Tensor) -> int:
    """Return how many examples are measured at once."""
    return min(_ROWS, len(x))


def measure(
    network: Layered | Vectorized, examples: Examples, record: Record, n_members: int
) -> dict[str, Tensor]:
    """Return what a record asks for at one moment, by name, each with members first.

    Args:
        network: the population.
        examples: measured whole: the test part for the metrics (the training part where there is
            no test part), the training part for layers and units.
        record: what to measure.
        n_members: number of members.
    """
    x, y = examples.test or (examples.x, examples.y)
    total = torch.zeros(n_members, dtype=torch.float64, device=x.device)
    right = torch.zeros(n_members, dtype=torch.int64, device=x.device)
    for part, answers in zip(x.split(_ROWS), y.split(_ROWS), strict=True):
        output, _ = network.outputs(part.expand(n_members, *part.shape))
        loss, n_right = summed_loss(output, answers)
        total, right = total + loss, right + n_right
    found = {"test_loss": total / len(x)}
    if examples.classifies:
        found["test_accuracy"] = right.double() / len(x)
    if record.inside:
        found.update(_inside(network, examples.x, record, n_members))
    return found


def _inside(
    network: Layered | Vectorized, x: Tensor, record: Record, n_members: int
) -> dict[str, Tensor]:
    sums: list[list[Tensor]] = []
    for part in x.split(_ROWS):
        new = _sums(network, part.expand(n_members, *part.shape))
        # a sum of booleans tells whether any is true
        pairs = [zip(*pair, strict=True) for pair in zip(sums, new, strict=True)] if sums else []
        sums = [[p + q for p, q in pair] for pair in pairs] or new
    found = {}
    if record.layers:
        sizes = [len(x) * alive.shape[1] for *_, alive in sums]
        mean, second, zeros = (
            torch.stack([s[i].double() / n for s, n in zip(sums, sizes, strict=True)], 1)
            for i in range(3)
        )
        found["layer_mean"] = mean
        found["layer_std"] = (second - mean.square()).clamp_min(0).sqrt()
        found["layer_zeros"] = zeros
    if record.units:
        found.update({f"alive_{i}": s[3] for i, s in enumerate(sums)})
    return found


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
