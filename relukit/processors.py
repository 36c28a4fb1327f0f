"""How many processors this process may use, and threads that sleep while they wait.

A thread of PyTorch that has nothing to do spins for a while, in case work comes. Beside other work,
as in a video call or on a busy server, spinning takes the processor from whoever has work to do:
lessons ran two to three times slower so (benchmarks/RESULTS.md, "Threads that wait").
"""

import contextlib
import math
import os
import sys
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
MINE = Path("/proc/self/cgroup")


def usable() -> int:
    """Return how many processors this process may use.

    That is what its affinity allows, and a container's or service's share of their time, in cgroups
    of version 1 or 2, rounded up.
    """
    return min([_affinity(), *(max(1, math.ceil(share)) for share in _shares())])


def settle() -> None:
    """Have OpenMP, and so PyTorch, wait passively and take no more threads than `usable`.

    What is set already stays: `OMP_WAIT_POLICY`, `OMP_NUM_THREADS`. It is read once, when OpenMP
    is loaded, so this comes before the first `import torch` or does nothing but limit the threads.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if "OMP_NUM_THREADS" in os.environ or usable() == _affinity():  # OpenMP knows the affinity
        return
    os.environ["OMP_NUM_THREADS"] = str(usable())
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(usable())


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _shares() -> list[float]:
    """Return how many processors' time this process's group and each above it may take."""
    read = [limit(folder) for folder in _groups() for limit in (_version_2, _version_1)]
    return [share for share in read if share]


def _groups() -> list[Path]:
    """Return the folders in which a limit of this process may stand; in a container, the root."""
    found = [CGROUPS, CGROUPS / "cpu"]
    with contextlib.suppress(OSError):  # no Linux, or no /proc
        for line in MINE.read_text(encoding="utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers or "cpu" in controllers.split(","):  # "" is version 2
                root = CGROUPS / "cpu" if controllers else CGROUPS
                inside = Path(path.lstrip("/"))
                found += [root / each for each in (inside, *inside.parents)]
    return found


def _version_2(folder: Path) -> float | None:
    try:
        quota, period = (folder / "cpu.max").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else int(quota) / int(period)


def _version_1(folder: Path) -> float | None:
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text(encoding="ascii"))
        period = int((folder / "cpu.cfs_period_us").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return None if quota < 0 else quota / period
