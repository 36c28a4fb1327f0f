"""The processes in a jail as the grader sees them: how much memory they take, and their end."""

import contextlib
import ctypes
import os
import random
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

_SUBREAPER = 36  # of prctl
_ROUNDS = 100
_DYING = 5.0  # seconds that killed processes may take to end
# what is mapped from files costs nothing; without the right to see what is shared, all counts
_COUNTED = {"smaps_rollup": ("Pss_Anon", "Pss_Shmem"), "status": ("RssAnon", "RssShmem")}
_FIRST_USER, _LAST_USER = 64_000, 65_000  # numbers that accounts seldom have


def adopt_orphans() -> None:
    """Make processes whose parents are gone children of this one, so that they can be found."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def free_user() -> int:
    """Return the number of a user who has no process."""
    taken = set(map(_user, psutil.pids()))
    free = set(range(_FIRST_USER, _LAST_USER)) - taken
    return random.SystemRandom().choice(sorted(free))


def is_of_students(user: int) -> bool:
    """Return whether a user's number is one of those that students' answers get."""
    return _FIRST_USER <= user < _LAST_USER


def threads_of(user: int) -> int:
    """Return how many threads the processes of a user have."""
    statuses = map(_status, psutil.pids())
    return sum(int(s["Threads"]) for s in statuses if s and s["Uid"].split()[0] == str(user))


def memory(first: Iterable[psutil.Process]) -> int:
    """Return the memory of some processes and of all that they have started, in bytes.

    What several processes share, since they were forked, counts once.
    """
    return sum(map(_memory, _family(first)))


def end(first: Iterable[psutil.Process], *, user: int | None = None, orphans: bool = False) -> None:
    """Kill some processes and all that they have started.

    They are stopped before any is killed, so that none can start another meanwhile.

    Args:
        first: the first ones.
        user: the number of a user of whom every process is killed, or None.
        orphans: whether processes that have lost their parents may be left, see `adopt_orphans`.
    """
    first = tuple(first)
    stopped: set[int] = set()
    for _ in range(_ROUNDS):
        found = _family(first)
        if user is not None:
            found |= {pid for pid in psutil.pids() if _user(pid) == user}
        if orphans:
            found |= _orphans(since=min(process.create_time() for process in first))
        found -= stopped
        if not found:
            break
        for pid in found:
            _send(pid, signal.SIGSTOP)
        stopped |= found
    for pid in stopped:
        _send(pid, signal.SIGKILL)
    deadline = time.monotonic() + _DYING
    while any(map(_is_alive, stopped)) and time.monotonic() < deadline:
        time.sleep(0.001)
    for pid in stopped - {process.pid for process in first}:
        with contextlib.suppress(OSError):  # most have another parent
            os.waitpid(pid, os.WNOHANG)


def _is_alive(pid: int) -> bool:
    return _status(pid).get("State", "X")[0] not in "XZ"


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def _status(pid: int, file: str = "status") -> dict[str, str]:
    """Return what the system says of a process; nothing where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text(errors="replace").splitlines()
    except OSError:
        return {}
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def _memory(pid: int) -> int:
    for file, keys in _COUNTED.items():
        said = _status(pid, file)
        if all(key in said for key in keys):
            said |= {"VmPTE": "0 kB", **_status(pid)}  # the tables of its pages
            return sum(1024 * int(said[key].split()[0]) for key in (*keys, "VmPTE"))
    return 0


def _user(pid: int) -> int:
    uid = _status(pid).get("Uid", "-1")
    return int(uid.split()[0])


def _family(first: Iterable[psutil.Process]) -> set[int]:
    found: set[int] = set()
    for process in first:
        with contextlib.suppress(psutil.Error):
            found |= {child.pid for child in process.children(recursive=True)}
        if process.is_running():
            found.add(process.pid)
    return found


def _orphans(since: float) -> set[int]:
    """Return the children of this process that came later, in sessions of their own."""
    found: set[int] = set()
    with contextlib.suppress(psutil.Error, OSError):
        for child in psutil.Process().children():
            if child.create_time() >= since and os.getsid(child.pid) != os.getsid(0):
                found |= _family([child])
    return found
