"""How many processors this process may use, and no more threads than that.

A thread of PyTorch that has nothing to do spins for a while, in case work comes, and takes the
processor from whoever has some. Threads that sleep at once are no cure: on an idle machine they
took a lesson twice as long. One thread a kernel does well both ways, so that is what the course's
own ways into JupyterLab ask for; benchmarks/RESULTS.md, "Threads that wait", has the seconds.
"""

import contextlib
import math
import os
import sys
from collections.abc import Mapping
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
    """Have OpenMP, and so PyTorch, take no more threads than `usable`; what is set already stays.

    OpenMP knows the affinity and no container's or service's share: on a hub with 64 processors
    that gives each learner two, 64 threads would wait for each other.
    """
    if "OMP_NUM_THREADS" in os.environ or usable() == _affinity():
        return
    os.environ["OMP_NUM_THREADS"] = str(usable())
    if torch := sys.modules.get("torch"):  # it has read the number already
        torch.set_num_threads(usable())


def one_thread(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which OpenMP takes one thread, unless it says how many.

    Example:
        >>> one_thread({"HOME": "/home/ada"})
        {'HOME': '/home/ada', 'OMP_NUM_THREADS': '1'}
    """
    return {**environment, "OMP_NUM_THREADS": environment.get("OMP_NUM_THREADS", "1")}


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
