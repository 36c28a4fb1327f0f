"""Where a population is computed: the device, its memory, and who else helps."""

import math
import os
from concurrent.futures import Executor
from dataclasses import dataclass

import torch

from relukit.errors import InvalidTypeError, UnavailableError
from relukit.quantities import integer


@dataclass(frozen=True)
class Machine:
    """What trains the members, and with how much room.

    Args:
        device: None takes CUDA where it is available, otherwise the CPU.
        memory: budget in bytes for the members that train together; results come on top.
        executor: any concurrent.futures.Executor, whose workers train the members; None trains
            them here.

    Raises:
        InvalidTypeError: a budget or an executor of another kind.
        InvalidValueError: a budget below 1.
        UnavailableError: a device that this machine does not have.

    Example:
        >>> Machine("cpu", memory=2**20).place
        device(type='cpu')
    """

    device: str | torch.device | None = None
    memory: int = 2**30
    executor: Executor | None = None

    def __post_init__(self) -> None:
        integer("memory", self.memory, least=1)
        if self.executor is not None and not hasattr(self.executor, "submit"):
            raise InvalidTypeError(
                "a concurrent.futures.Executor",
                type(self.executor).__name__,
                "pass None to train here",
            )
        try:
            torch.empty(1, device=self.place).item()
        except (RuntimeError, TypeError, AssertionError) as cause:
            raise UnavailableError(
                "a device of this machine", repr(self.device), "pass device='cpu'"
            ) from cause

    @property
    def place(self) -> torch.device:
        """The device itself."""
        if self.device is None:
            return torch.device("cuda" if torch.cuda.is_available() else "cpu")
        return torch.device(self.device)

    def share(self, n_members: int) -> int:
        """Return how many members each worker trains, all of them where there is no executor."""
        if self.executor is None:
            return n_members
        workers = getattr(self.executor, "_max_workers", None) or os.cpu_count() or 1
        return math.ceil(n_members / workers)
