"""What is followed while a population trains, measured over whole data sets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from relukit.quantities import integer
from relukit.training.examples import Examples
from relukit.training.layered import Layered
from relukit.training.losses import summed_loss, widest
from relukit.training.vectorized import Vectorized

_ROWS = 256
KEPT = "parameter "  # stands before the name of a copied one


@dataclass(frozen=True)
class Record:
    """What to measure every so many steps, besides the loss of each batch.

    Args:
        every: number of steps between two measurements, at least 1. The start and the end are
            always measured.
        layers: whether to follow mean, standard deviation and share of zeros of each hidden layer.
        units: whether to follow, for each hidden unit, if any training example activates it.
        parameters: whether to keep a copy of all parameters each time, for `Runs.network`.

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
    parameters: bool = False

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
    network: Layered | Vectorized, examples: Examples, record: Record, which: Tensor
) -> dict[str, Tensor]:
    """Return what a record asks for at one moment, by name, each with members first.

    Args:
        network: the population.
        examples: measured whole: the test part for the metrics (the training part where there is
            no test part), the training part for layers and units.
        record: what to measure.
        which: for each member the position of its seed, int64 (members,).
    """
    pair = examples.test or (examples.x, examples.y)
    wide = widest(which.device)
    total = torch.zeros(len(which), dtype=wide, device=which.device)
    right = torch.zeros(len(which), dtype=torch.int64, device=which.device)
    n = 0
    for x, y in zip(*(_blocks(part, which, examples.apart) for part in pair), strict=True):
        output, _ = network.outputs(x)
        loss, n_right = summed_loss(output, y)
        total, right, n = total + loss, right + n_right, n + x.shape[1]
    found = {"test_loss": total / n}
    if examples.classifies:
        found["test_accuracy"] = right.to(wide) / n
    if record.inside:
        found.update(_inside(network, _blocks(examples.x, which, examples.apart), record))
    return found


def _blocks(part: Tensor, which: Tensor, apart: bool) -> Iterator[Tensor]:
    """Yield the examples in blocks, each member's own or the same for all, (members, rows, ...)."""
    for block in part.split(_ROWS, dim=int(apart)):
        yield block[which] if apart else block.expand(len(which), *block.shape)


def _inside(
    network: Layered | Vectorized, blocks: Iterable[Tensor], record: Record
) -> dict[str, Tensor]:
    sums: list[list[Tensor]] = []
    n = 0
    for x in blocks:
        new, n = _sums(network, x), n + x.shape[1]
        # a sum of booleans tells whether any is true
        pairs = [zip(*pair, strict=True) for pair in zip(sums, new, strict=True)] if sums else []
        sums = [[p + q for p, q in pair] for pair in pairs] or new
    found = {}
    if record.layers:
        sizes = [n * alive.shape[1] for *_, alive in sums]
        wide = sums[0][0].dtype
        mean, second, zeros = (
            torch.stack([s[i].to(wide) / size for s, size in zip(sums, sizes, strict=True)], 1)
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
        alive, wide = (a != 0).any(1), a.to(widest(a.device), copy=True)
        zeros = a[0].numel() - a.count_nonzero((1, 2))
        found.append([wide.sum((1, 2)), wide.square_().sum((1, 2)), zeros, alive])
    return found
