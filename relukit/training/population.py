"""Everything that is trained at once, before it is cut into jobs."""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor

from relukit.training.examples import Examples
from relukit.training.members import Members
from relukit.training.settings import Settings
from relukit.training.sweep import Sweep


@dataclass(frozen=True, eq=False)
class Population:
    """Many members: what each starts from and learns, what they share and where they differ.

    Args:
        networks: the initial networks, one for each seed.
        examples: what is learned, in the networks' dtype, on the CPU.
        settings: what all members have in common.
        sweep: what differs between them.
    """

    networks: Members
    examples: Examples
    settings: Settings
    sweep: Sweep

    @property
    def identity(self) -> dict[str, str]:
        """What tells its run from others, by name."""
        # what a card replays has the numbers of what it is told step by step
        settings = {n: value for n, value in vars(self.settings).items() if n != "graphs"}
        told = settings | self.sweep.factors | {"seeds": self.sweep.seeds}
        data, values = self.examples, self.networks.parameters | self.networks.constants
        return {name: str(value) for name, value in told.items()} | {
            "network": repr(self.networks.template),
            "initial parameters": digest(list(values.values())),
            "data": digest([data.x, data.y, *(data.test or (None, None))]),
            "torch": str(torch.__version__),
        }


def digest(tensors: list[Tensor | None]) -> str:
    """Return 16 hexadecimal digits that stand for the values, shapes and dtypes of tensors.

    Example:
        >>> digest([torch.zeros(2)]) == digest([torch.zeros(2, 1)])
        False
    """
    found = hashlib.sha256()
    for tensor in tensors:
        if tensor is None:
            found.update(b"none")
            continue
        found.update(f"{tuple(tensor.shape)} {tensor.dtype}".encode())
        plain = tensor.detach().cpu().contiguous().view(-1)
        found.update(plain.view(torch.uint8).numpy().tobytes())
    return found.hexdigest()[:16]
