"""Memory that no process maps and that is taken all the same, for where there are no cgroups.

Shared memory that was given up, what waits in pipes and sockets, inodes, page tables, stacks of
threads: the kernel says of most of it only how much the whole machine holds.
"""

import contextlib
import os
import time
from pathlib import Path

_SCRATCH = ("tmp", "dev/shm")  # what a jail lets its processes write to
_INODE = 1024  # bytes of the kernel's memory, with the name
_SOCKET = 2 * 212_992  # bytes that may wait in one
_SETTLING = 10.0  # seconds that the kernel may take to give back what dead processes held


def of_jail(process: int) -> int:
    """Return what the files and the sockets of a jail may hold, in bytes.

    Args:
        process: the number of one in the jail.
    """
    return _of_files(Path(f"/proc/{process}/root")) + _of_sockets(Path(f"/proc/{process}/net"))


def _of_files(root: Path) -> int:
    total = 0
    for folder in _SCRATCH:
        with contextlib.suppress(OSError):
            found = os.statvfs(root / folder)
            total += (found.f_blocks - found.f_bfree) * found.f_frsize
            total += (found.f_files - found.f_ffree) * _INODE
    return total


def _of_sockets(net: Path) -> int:
    """Return what the sockets of a network namespace may hold; it counts those on their way."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((net / "sockstat").read_text().split()[2]) * _SOCKET
    return 0


def of_machine(meminfo: Path = Path("/proc/meminfo")) -> int:
    """Return the memory of the machine that is neither mapped by a process nor a cache, in bytes.

    Args:
        meminfo: what the kernel says.
    """
    lines = (line.split() for line in meminfo.read_text().splitlines())
    found = {words[0].rstrip(":"): 1024 * int(words[1]) for words in lines}
    free = sum(found[name] for name in ("MemFree", "Buffers", "Cached", "SReclaimable"))
    return found["MemTotal"] - free + found["Shmem"] - found["AnonPages"]


def falls_below(limit: int) -> bool:
    """Return whether that memory falls below a limit soon, after some processes were killed."""
    deadline = time.monotonic() + _SETTLING
    while of_machine() > limit:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
