"""A process that grades: set up before NumPy and torch are loaded, and closed to its children."""

import ctypes
import gc
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relukit.checks.counterexample import Drawn

_DEATH_SIGNAL, _DUMPABLE = 1, 4  # of prctl


def set_up(
    drawn: "dict[tuple[str, int], Drawn] | None" = None,
    jail: str = "none",
    server: socket.socket | None = None,
) -> None:
    """Get ready to grade, with what other processes have prepared.

    Interrupts are left to the process that started this one, which then lets the work in hand end.

    Args:
        drawn: what `counterexample.adopt` takes over.
        jail: "bwrap" or "none".
        server: a line to the fork server of that jail, see `launcher.share`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    prepare()
    gc.freeze()
    gc.enable()
    from relukit.checks.counterexample import adopt
    from relukit.grading.jail import launcher

    adopt(drawn or {})
    if server is not None:
        launcher.adopt(jail, server)


def prepare() -> None:
    """Use one thread, since several processes grade at once; close the process; import.

    No garbage is collected from here on, until `set_up`: nothing of what is imported is any, and
    looking for it takes 30 % longer.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    keep_secrets()
    gc.disable()
    import hypothesis  # noqa: F401
    import torch  # noqa: F401

    import relukit.grading.student  # noqa: F401
    from relukit.checks.registry import tasks

    tasks()


def keep_secrets() -> None:
    """Forbid processes of the same user to read this one's memory."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)


def end_with_parent() -> None:
    """Let this process be killed as soon as the one that started it is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
