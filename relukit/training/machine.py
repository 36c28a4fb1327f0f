"""Where a population is computed: the device, its memory, and who else helps."""

import math
import os
from concurrent.futures import Executor
from dataclasses import dataclass

import torch

from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError
from relukit.quantities import integer
from relukit.training.losses import widest

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
        graphs: whether a card records the kernels of a step once, as a CUDA graph, and replays
            them: one launch a step. Where that can't be done a warning says so, and each kernel
            is launched by itself.
        tf32: whether a card may compute products of float32 with 11 of their 24 bits, faster by
            far where it has TF32. While it trains, cuDNN's algorithms are those that give the same
            bits each time; afterwards torch's settings are as they were.

    Raises:
        InvalidTypeError: a budget or an executor of another kind.
        InvalidValueError: a budget below 1, or workers that would be forked from a process that
            uses CUDA; or float64 on a device that has none, when it comes to training.
        UnavailableError: a device that this machine does not have.

    Example:
        >>> Machine("cpu", memory=2**20).place
        device(type='cpu')
    """

    device: str | torch.device | None = None
    memory: int | None = None
    executor: Executor | None = None
    graphs: bool = True
    tf32: bool = False

    def __post_init__(self) -> None:
        if self.memory is not None:
            integer("memory", self.memory, least=1)
        for name in ("graphs", "tf32"):
            if not isinstance(getattr(self, name), bool):
                kind = type(getattr(self, name)).__name__
                raise InvalidTypeError(f"a bool {name}", kind, f"pass {name}=False")
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
        # what torch keeps for its next tensors is free too
        free += torch.cuda.memory_reserved(self.place) - torch.cuda.memory_allocated(self.place)
        return max(1, free // 2 // self.workers)

    @property
    def workers(self) -> int:
        """How many train at a time."""
        if self.executor is None:
            return 1
        return getattr(self.executor, "_max_workers", None) or os.cpu_count() or 1

    def refuse(self, dtype: torch.dtype) -> None:
        """Raise if the device can't compute in a dtype.

        Raises:
            InvalidValueError: float64 on a device that has none.

        Example:
            >>> Machine("cpu").refuse(torch.float64)
        """
        if dtype == torch.float64 and widest(self.place) != dtype:
            raise InvalidValueError(
                f"a network in float32 on the device {self.place.type!r}, which has no float64",
                "one in float64",
                "build it in float32, or pass device='cpu'",
            )

    def share(self, n_members: int) -> int:
        """Return how many members each worker trains, all of them where there is no executor."""
        return math.ceil(n_members / self.workers)


def _forks(executor: Executor | None) -> bool:
    """Return whether an executor's workers begin as copies of this process."""
    context = getattr(executor, "_mp_context", None)
    return context is not None and context.get_start_method() == "fork"
