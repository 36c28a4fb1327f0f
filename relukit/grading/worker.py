"""A process that grades: set up before NumPy and torch are loaded, and closed to its children."""

import ctypes
import os
import sys

_DUMPABLE = 4  # of prctl


def set_up() -> None:
    """Use one thread, since several processes grade at once, and let no other process read this.

    It leaves interrupts to the process that started it, which then lets the work in hand end.
    """
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    keep_secrets()
    gc.disable()  # nothing of what is imported is garbage: looking for it takes 30 % longer
    import torch  # noqa: F401

    import relukit.grading.student  # noqa: F401

    gc.freeze()
    gc.enable()


def keep_secrets() -> None:
    """Forbid processes of the same user to read this one's memory."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)
