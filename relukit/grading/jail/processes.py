"""The processes in a jail as the grader sees them: how much memory they take, and their end."""

import contextlib
import ctypes
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

_SUBREAPER = 36  # of prctl
_ROUNDS = 100
_DYING = 5.0  # seconds that killed processes may take to end
_COUNTED = ("RssAnon", "RssShmem")  # what is mapped from files costs nothing
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


def threads_of(user: int) -> int:
    """Return how many threads the processes of a user have."""
    statuses = map(_status, psutil.pids())
    return sum(int(s["Threads"]) for s in statuses if s and s["Uid"].split()[0] == str(user))


def memory(process: subprocess.Popen) -> int:
    """Return the memory of a process and of all that it has started, in bytes."""
    statuses = [_status(pid) for pid in _family(process.pid)]
    return sum(1024 * int(s[key].split()[0]) for s in statuses for key in _COUNTED if key in s)


def end(process: subprocess.Popen, *, user: int | None = None, orphans: bool = False) -> None:
    """Kill a process and all that it has started.

    They are stopped before any is killed, so that none can start another meanwhile.

    Args:
        process: the first one.
        user: the number of a user of whom every process is killed, or None.
        orphans: whether processes that have lost their parents may be left, see `adopt_orphans`.
    """
    stopped: set[int] = set()
    for _ in range(_ROUNDS):
        found = _family(process.pid)
        if user is not None:
            found |= {pid for pid in psutil.pids() if _user(pid) == user}
        if orphans:
            found |= _orphans(process.pid)
        found -= stopped
        if not found:
            break
        for pid in found:
            _send(pid, signal.SIGSTOP)
        stopped |= found
    stopped -= {process.pid}
    for pid in stopped:
        _send(pid, signal.SIGKILL)
    process.kill()
    process.wait()
    deadline = time.monotonic() + _DYING
    while any(map(_is_alive, stopped)) and time.monotonic() < deadline:
        time.sleep(0.001)
    for pid in stopped:
        with contextlib.suppress(OSError):  # most have another parent
            os.waitpid(pid, os.WNOHANG)


def _is_alive(pid: int) -> bool:
    return _status(pid).get("State", "X")[0] not in "XZ"


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)


def _status(pid: int) -> dict[str, str]:
    """Return what the system says of a process; nothing where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
    except OSError:
        return {}
    return {key: value for key, _, value in (line.partition(":\t") for line in lines)}


def _user(pid: int) -> int:
    uid = _status(pid).get("Uid", "-1")
    return int(uid.split()[0])


def _family(pid: int) -> set[int]:
    with contextlib.suppress(psutil.Error):
        return {pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))}
    return {pid}


def _orphans(pid: int) -> set[int]:
    """Return the children of this process that came after another one, in sessions of their own."""
    found: set[int] = set()
    with contextlib.suppress(psutil.Error, OSError):
        start = psutil.Process(pid).create_time()
        for child in psutil.Process().children():
            if child.create_time() >= start and os.getsid(child.pid) != os.getsid(0):
                found |= _family(child.pid)
    return found
