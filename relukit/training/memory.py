"""How many members fit into a stated amount of memory."""

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode

from relukit.errors import InvalidValueError
from relukit.training.examples import Examples
from relukit.training.machine import Machine
from relukit.training.population import Population
from relukit.training.records import rows_at_once
from relukit.training.replay import records_steps

# beyond about this, members push each other out of a processor's cache
_CACHE = 2**25
_FEW = 16
# what an allocator loses between its blocks
_MARGIN = 1.25


def members_together(population: Population, machine: Machine) -> int:
    """Return how many members train together at most: what the budget holds, a worker's share.

    On the CPU as many as keep a step within 32 MiB, 16 at least: more would wait for memory.

    Raises:
        InvalidValueError: not even two fit (a single member trains beside a copy of itself).
    """
    peak, step = bytes_of_member(population)
    one = peak + 2 * population.settings.steps * population.networks.dtype.itemsize
    one += bytes_of_own_examples(population.examples) + bytes_of_copies(population)
    one += bytes_of_records(population)
    budget = machine.budget
    if 2 * one > budget:
        raise InvalidValueError(
            f"a memory budget that holds one member and a copy, {2 * one / 2**20:.1f} MiB",
            f"{budget / 2**20:.1f} MiB",
            f"pass memory={2 * one} or more, a smaller batch_size or a smaller network",
        )
    fast = max(_FEW, _CACHE // step) if machine.place.type == "cpu" else budget
    return min(budget // one, machine.share(len(population.sweep.rows)), fast)


def bytes_of_member(population: Population) -> tuple[int, int]:
    """Return about how many bytes one member needs at its peak, and how many in a step.

    Counted are parameters, gradients, optimizer state and working copies; for a step three times
    what the forward pass makes of a batch, because of the way back; at the peak, if that is more,
    what it makes of a block of examples that is measured. The curve comes on top.
    """
    networks, x, settings = population.networks, population.examples.one.x, population.settings
    n_parameters = sum(p[0].numel() for p in networks.parameters.values())
    each, once = numbers_passed(networks.template, x)
    kept = n_parameters * (6 + settings.optimizer.buffers) + 3 * once
    # sums over a layer are in float64
    measured = (4 if settings.record.inside else 2) * rows_at_once(x)
    learned = 3 * settings.batch_size
    replayed = settings.graphs and records_steps(torch.device(settings.device))
    # a recorded step keeps its memory while others are measured
    most = measured + learned if replayed else max(measured, learned)
    found = (kept + each * n for n in (most, learned))
    peak, step = (math.ceil(_MARGIN * networks.dtype.itemsize * numbers) for numbers in found)
    return peak, step


def bytes_of_own_examples(examples: Examples) -> int:
    """Return how many bytes the examples of one seed take, 0 where all share them.

    Example:
        >>> bytes_of_own_examples(Examples(torch.zeros(9, 4, 2), torch.zeros(9, 4, 1), apart=True))
        48
    """
    parts = examples.parts.values() if examples.apart else ()
    return sum(value[0].nbytes for pair in parts for value in pair)


def bytes_of_copies(population: Population) -> int:
    """Return how many bytes the parameters take that a record copies as one member trains."""
    record, parameters = population.settings.record, population.networks.parameters.values()
    if not record.parameters:
        return 0
    return len(record.at(population.settings.steps)) * sum(p[0].nbytes for p in parameters)


def bytes_of_records(population: Population) -> int:
    """Return about how many bytes all measurements of one member take, which stay on its device.

    Loss and accuracy, for each hidden layer three numbers in float64, for each unit one byte.
    """
    record, networks = population.settings.record, population.networks
    each, _ = numbers_passed(networks.template, population.examples.one.x)
    layers = len(list(networks.template.modules())) if record.layers else 0
    moments = len(record.at(population.settings.steps))
    return moments * (16 + 24 * layers + each * record.units)


class _Outputs(TorchDispatchMode):
    """Adds up the sizes of all new tensors that are made while it is active."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0

    def __torch_dispatch__(
        self,
        func: OpOverload,
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        found = func(*args, **(kwargs or {}))
        if not any(part.alias_info for part in func._schema.returns):  # no view
            parts = found if isinstance(found, tuple | list) else (found,)
            self.numbers += sum(part.numel() for part in parts if isinstance(part, Tensor))
        return found


def numbers_passed(network: nn.Module, x: Tensor) -> tuple[int, int]:
    """Return how many numbers a forward pass makes for each example, its input counted, and once.

    Example:
        >>> numbers_passed(nn.Linear(2, 1), torch.ones(9, 2))
        (3, 0)
    """
    found = []
    for n in (1, 2):
        with torch.no_grad(), _Outputs() as outputs:
            network(x[:1].expand(n, *x.shape[1:]).clone())
        found.append(outputs.numbers)
    each = found[1] - found[0]
    return each, max(0, found[0] - each)
