"""Where a population is computed: the device, its memory, and who else helps."""

import math
import os
from concurrent.futures import Executor
from dataclasses import dataclass

import torch

from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError
from relukit.quantities import integer

_ROOM = 2**30  # bytes, where nothing else is said


@dataclass(frozen=True)
class Machine:
    """What trains the members, and with how much room.

    Args:
        device: None takes CUDA where it is available, otherwise the CPU.
        memory: budget in bytes for the members that train together. None takes 1 GiB, and on CUDA
            half of what is free on the card.
        executor: any concurrent.futures.Executor, whose workers train the members and share the
            memory of a card; None trains them here.

    Raises:
        InvalidTypeError: a budget or an executor of another kind.
        InvalidValueError: a budget below 1, or workers that would be forked from a process that
            uses CUDA.
        UnavailableError: a device that this machine does not have.

    Example:
        >>> Machine("cpu", memory=2**20).place
        device(type='cpu')
    """

    device: str | torch.device | None = None
    memory: int | None = None
    executor: Executor | None = None

    def __post_init__(self) -> None:
        if self.memory is not None:
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
        if self.place.type == "cuda" and _forks(self.executor):
            raise InvalidValueError(
                "workers that are spawned, since CUDA does not survive a fork",
                "an executor that forks",
                "pass ProcessPoolExecutor(mp_context=multiprocessing.get_context('spawn'))",
            )

    @property
    def place(self) -> torch.device:
        """The device itself."""
        if self.device is None:
            return torch.device("cuda" if torch.cuda.is_available() else "cpu")
        return torch.device(self.device)

    @property
    def budget(self) -> int:
        """How many bytes the members may take that train together, in one worker."""
        if self.memory is not None:
            return self.memory
        if self.place.type != "cuda":
            return _ROOM
        free, _ = torch.cuda.mem_get_info(self.place)
        return max(1, free // 2 // self.workers)

    @property
    def workers(self) -> int:
        """How many train at a time."""
        if self.executor is None:
            return 1
        return getattr(self.executor, "_max_workers", None) or os.cpu_count() or 1

    def share(self, n_members: int) -> int:
        """Return how many members each worker trains, all of them where there is no executor."""
        return math.ceil(n_members / self.workers)


def _forks(executor: Executor | None) -> bool:
    """Return whether an executor's workers begin as copies of this process."""
    context = getattr(executor, "_mp_context", None)
    return context is not None and context.get_start_method() == "fork"
