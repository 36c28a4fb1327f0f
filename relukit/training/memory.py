"""How many members fit into a stated amount of memory."""

import torch
from torch import nn

from relukit.errors import InvalidValueError
from relukit.training.arguments import Examples
from relukit.training.members import Members
from relukit.training.optimizers import SGD, Adam

_ROWS = 256
# beyond about this, members push each other out of a processor's cache
_CACHE = 2**25
_FEW = 16


def bytes_of_member(
    members: Members, data: Examples, optimizer: SGD | Adam, steps: int, batch_size: int
) -> int:
    """Return about how many bytes one member needs at its peak.

    Counted are parameters, gradients, optimizer state and working copies; the curve; and the
    larger of: inputs and outputs of all layers for one batch with their gradients, or for one
    block of examples that is measured.

    Example:
        >>> from relukit.training.members import members_for
        >>> data = Examples(torch.ones(9, 2), torch.ones(9, 1), None, None, None)
        >>> bytes_of_member(members_for(nn.Linear(2, 1), (0,)), data, SGD(), 10, 3) > 100
        True
    """
    examples = max(3 * batch_size, 2 * measured_rows(data))
    width = next(iter(members.parameters.values())).element_size()
    return _bytes(members, data, optimizer, examples) + 2 * width * steps


def members_at_once(
    members: Members, data: Examples, optimizer: SGD | Adam, batch_size: int, device: torch.device
) -> int | None:
    """Return how many members train fastest together, None for as many as memory allows.

    On the CPU as many as keep a step within 32 MiB, 16 at least: more would wait for memory.
    """
    if device.type != "cpu":
        return None
    return max(_FEW, _CACHE // _bytes(members, data, optimizer, 3 * batch_size))


def _bytes(members: Members, data: Examples, optimizer: SGD | Adam, examples: int) -> int:
    values = [p[0] for p in members.parameters.values()]
    n_parameters = sum(v.numel() for v in values)
    passed = numbers_passed(members.template, data)
    return values[0].element_size() * (n_parameters * (6 + optimizer.buffers) + passed * examples)


def measured_rows(data: Examples) -> int:
    """Return how many examples are measured at once."""
    return min(_ROWS, len(data.x))


def numbers_passed(network: nn.Module, data: Examples) -> int:
    """Return how many numbers go into the network and out of its innermost modules, per example.

    Example:
        >>> data = Examples(torch.ones(9, 2), torch.ones(9, 1), None, None, None)
        >>> numbers_passed(nn.Linear(2, 1), data)
        3
    """
    sizes = [data.x[0].numel()]

    def seen(_module: nn.Module, _inputs: tuple, output: object) -> None:
        parts = output if isinstance(output, tuple) else (output,)
        sizes.extend(p.numel() for p in parts if isinstance(p, torch.Tensor))

    leaves = [m for m in network.modules() if not list(m.children())]
    handles = [m.register_forward_hook(seen) for m in leaves]
    try:
        with torch.no_grad():
            network(data.x[:1])
    finally:
        for handle in handles:
            handle.remove()
    return sum(sizes)


def members_that_fit(one: int, budget: int) -> int:
    """Return how many members of `one` byte size fit into a budget, or raise what would.

    Raises:
        InvalidValueError: not even two fit (a single member trains beside a copy of itself).

    Example:
        >>> members_that_fit(100, 1000)
        10
    """
    if 2 * one > budget:
        raise InvalidValueError(
            f"a memory budget that holds one member and a copy, {2 * one / 2**20:.1f} MiB",
            f"{budget / 2**20:.1f} MiB",
            f"pass memory={2 * one} or more, a smaller batch_size or a smaller network",
        )
    return budget // one
