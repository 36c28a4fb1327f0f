"""A cgroup for each student: what the kernel counts and limits of all that the answers start.

It counts what no look at processes finds: shared memory that nobody maps, buffers of pipes and
sockets, inodes, page tables, stacks of threads. Version 2 is used where memory and pids are
controlled by it, version 1 elsewhere. Groups whose grader was killed are removed by the next one.
"""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from relukit.grading.jail.hierarchies import Hierarchy, candidates, words_in

_PREFIX = "relukit-"
_KILLS = {1: "memory.oom_control", 2: "memory.events"}  # count the processes killed
_OPTIONAL = ("memory.swap.max", "memory.memsw.limit_in_bytes", "memory.oom.group")
_KEPT = 2  # processes in a group that are not the answer's: the one that starts it, and a reserve
_OF_TRIAL = 2**26  # bytes
_ENDING = 5.0  # seconds that killed processes may take to leave
_TRIES = 3  # another run that starts may take a group for a dead one's until it is locked


class Group:
    """The cgroup of one student, one folder in each hierarchy.

    Args:
        hierarchies: where to make it.
        memory: bytes that all in it may take, the kernel's own for them included.
        processes: how many processes and threads it may hold beside the first.

    Attributes:
        folders: where it is.

    Raises:
        OSError: it cannot be made.
    """

    def __init__(self, hierarchies: tuple[Hierarchy, ...], *, memory: int, processes: int) -> None:
        name = _PREFIX + secrets.token_hex(8)
        self._held = contextlib.ExitStack()
        self.folders: list[Path] = []
        self._events: Path | None = None
        with contextlib.ExitStack() as undo:
            undo.callback(self.close)
            for hierarchy in hierarchies:
                folder = hierarchy.folder / name
                folder.mkdir()
                self.folders.append(folder)
                self._held.enter_context(_locked(folder))
                for file, value in _limits(hierarchy, memory, processes).items():
                    _write(folder / file, value, optional=file in _OPTIONAL)
                if "memory" in hierarchy.controllers:
                    self._events = folder / _KILLS[hierarchy.version]
            undo.pop_all()

    def add(self, process: int) -> None:
        """Move a process into the group; what it starts from then on is in it, too.

        Raises:
            OSError: it may not be moved, or is gone.
        """
        for folder in self.folders:
            _write(folder / "cgroup.procs", str(process))

    def ran_out(self) -> bool:
        """Return whether the kernel had to kill a process, as no memory was left to the group."""
        if self._events is None:
            return False
        with contextlib.suppress(OSError):
            words = self._events.read_text().split()
            counts = dict(zip(words[::2], words[1::2], strict=False))
            return int(counts.get("oom_kill", 0)) > 0
        return False

    def close(self) -> None:
        """Kill all processes in the group, and remove it."""
        for folder in self.folders:
            with contextlib.suppress(OSError):
                _write(folder / "pids.max", "0")  # so that none can start another meanwhile
        for folder in self.folders:
            _remove(folder)
        self.folders = []
        self._held.close()


def _limits(hierarchy: Hierarchy, memory: int, processes: int) -> Mapping[str, str]:
    """Return what to write into which file; swap is memory, too."""
    of_version = {
        1: {
            "memory": {
                "memory.limit_in_bytes": str(memory),
                "memory.memsw.limit_in_bytes": str(memory),
            },
            "pids": {"pids.max": str(processes + _KEPT)},
            "cpu": {"cpu.shares": "1024"},
        },
        2: {
            "memory": {
                "memory.max": str(memory),
                "memory.swap.max": "0",
                "memory.oom.group": "1",
            },
            "pids": {"pids.max": str(processes + _KEPT)},
            "cpu": {"cpu.weight": "100"},
        },
    }[hierarchy.version]
    return {
        file: value
        for controller in hierarchy.controllers
        for file, value in of_version[controller].items()
    }


def create(*, memory: int, processes: int) -> Group | None:
    """Return a new group for one student, or None where this process can have none.

    Args:
        memory: bytes that all in it may take.
        processes: how many processes and threads it may hold beside the first.

    Raises:
        OSError: groups can be had, and yet this one cannot be made.
    """
    found = available()
    if not found:
        return None
    for left in reversed(range(_TRIES)):
        try:
            return Group(found, memory=memory, processes=processes)
        except OSError:
            if not left:
                raise
    return None


@cache
def available() -> tuple[Hierarchy, ...]:
    """Return where this process can have cgroups that limit memory and processes; () for nowhere.

    A process is moved into one for trial. Groups that dead graders have left are removed first.
    """
    if sys.platform != "linux":
        return ()
    for hierarchies in candidates():
        for hierarchy in hierarchies:
            sweep(hierarchy.folder)
        with contextlib.suppress(OSError):
            _try_out(hierarchies)
            return hierarchies
    return ()


def name() -> str:
    """Return "v2", "v1" or, where there are none, ""."""
    found = available()
    return f"v{max(hierarchy.version for hierarchy in found)}" if found else ""


def _try_out(hierarchies: tuple[Hierarchy, ...]) -> None:
    waiting = subprocess.Popen(
        ["/bin/sh", "-c", "read line"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    with waiting:
        try:
            group = Group(hierarchies, memory=_OF_TRIAL, processes=1)
            try:
                group.add(waiting.pid)
            finally:
                group.close()
        finally:
            waiting.kill()


def sweep(folder: Path) -> None:
    """Remove the groups of graders that are dead: nobody holds their locks."""
    for path in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), _locked(path):
            _remove(path)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock that says that the grader of a group is alive.

    Raises:
        OSError: another process holds it, or the folder is gone.
    """
    import fcntl  # Unix alone has it

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    deadline = time.monotonic() + _ENDING
    pause = 0.0005
    while folder.exists():
        _kill(folder)
        try:
            folder.rmdir()
        except OSError:  # some have not left yet
            if time.monotonic() > deadline:
                return
            time.sleep(pause)
            pause = min(2 * pause, 0.05)


def _kill(folder: Path) -> None:
    with contextlib.suppress(OSError):
        _write(folder / "cgroup.kill", "1")
        return
    for process in words_in(folder / "cgroup.procs"):  # before Linux 5.14, and in version 1
        with contextlib.suppress(OSError):
            os.kill(int(process), signal.SIGKILL)


def _write(path: Path, value: str, *, optional: bool = False) -> None:
    """Write into a file that the kernel has made; a new one would be none of a cgroup."""
    with contextlib.suppress(*(OSError,) if optional else ()):
        descriptor = os.open(path, os.O_WRONLY)
        try:
            os.write(descriptor, value.encode())
        finally:
            os.close(descriptor)
