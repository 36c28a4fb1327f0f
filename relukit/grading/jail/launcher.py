"""The processes that students' answers run in: how they are started, in a jail of their own."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import processes, remnants
from relukit.grading.jail.line import receive
from relukit.grading.jail.syscalls import program
from relukit.grading.shelter import NO_CACHE

START = 60.0  # seconds that imports may take
# the first process of a jail: it keeps it open until the grader closes the pipe. Once all others
# have joined, it can be looked into by nobody, and before that it limits itself.
_HOLD = """
import ctypes, resource, sys
for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
    resource.setrlimit(kind, (0, 0))
resource.setrlimit(resource.RLIMIT_AS, (2**26, 2**26))
resource.setrlimit(resource.RLIMIT_CPU, (9, 9))
print("ready", flush=True)
sys.stdin.readline()
code = ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
print("closed" if code == 0 else "open", flush=True)
sys.stdin.read()
"""


class JailBroken(Exception):  # noqa: N818 - a fault of the grader or its surroundings
    """The process in the jail could not be started."""


@dataclass(frozen=True)
class Started:
    """A process that waits for requests.

    Attributes:
        line: the way to it.
        first: the process itself, and what holds its jail open where there is one.
        user: the number of the user that it runs as, where the grader is root.
        closing: what is left to close once all are dead.
    """

    line: socket.socket
    first: tuple[psutil.Process, ...]
    user: int
    closing: ExitStack

    def memory(self) -> int:
        """Return the memory of all processes that answers have, in bytes."""
        try:
            return processes.memory(self.first[0].children())
        except psutil.Error:  # it is gone, and all of them with it
            return 0

    def end(self) -> None:
        """End the jail and everything in it."""
        without, root = len(self.first) == 1, os.geteuid() == 0
        with self.closing:
            processes.end(
                self.first,
                user=self.user if without and root else None,
                orphans=without and not root,
            )


def start(jail: str, *, libraries: str = "numpy", hidden: tuple[Path, ...] = ()) -> Started:
    """Start a process for the answers of one student.

    Args:
        jail: "bwrap" or "none".
        libraries: what it is to find imported, see `forkserver.SHARED`.
        hidden: files and folders that the jail must not show.

    Raises:
        JailBroken: it did not start.
    """
    user = processes.free_user()
    with ExitStack() as closing:
        try:
            ours, theirs = map(closing.enter_context, socket.socketpair())
            holder = closing.enter_context(_held(hidden)) if jail == "bwrap" else None
            folder = jails.SCRATCH[0]
            if holder is None:
                processes.adopt_orphans()
                folder = closing.enter_context(remnants.home(user))
            inside = psutil.Process(holder.pid).children()[0].pid if holder else 0
            request = {"jail": inside, "user": user, "home": folder, "libraries": libraries}
            _server(jails.interpreter(jail)).ask(request, theirs)
            theirs.close()
            pid = _ready(ours)
            process = psutil.Process(pid)
            if holder is not None:
                _close(holder)
        except (OSError, psutil.Error, LookupError) as error:
            raise JailBroken(f"{type(error).__name__}: {error}") from None
        first = (process,) if holder is None else (process, psutil.Process(holder.pid))
        return Started(ours, first, user, closing.pop_all())


def _ready(line: socket.socket) -> int:
    """Return the number of the process at the end of a line, once it waits for requests."""
    told: dict = {}
    while "ready" not in told:
        report = receive(line, time.monotonic() + START)
        if report is None or "failed" in report:
            raise JailBroken((report or {}).get("failed", "it ended before it could be asked"))
        told |= report
    return told["pid"]


@contextmanager
def _held(hidden: tuple[Path, ...]) -> Iterator[subprocess.Popen]:
    """Keep a jail open in which nothing runs but a process that waits, see `_HOLD`."""
    read, write = os.pipe()
    os.write(write, program() or b"")  # less than a pipe takes at once
    os.close(write)
    words = [sys.executable, "-I", "-S", "-B", "-c", _HOLD]
    process = subprocess.Popen(
        jails.command(words, hidden=hidden, seccomp=read if program() else None),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=jails.environment(),
        cwd="/",
        pass_fds=[read],
    )
    os.close(read)
    try:
        assert process.stdout is not None  # a pipe
        if not process.stdout.readline():
            raise JailBroken(jails.last_line(process.communicate()[1].decode()))
        yield process
    finally:
        process.kill()
        process.communicate()


def _close(holder: subprocess.Popen) -> None:
    """Let nobody look into the process that holds a jail open, now that all have joined it."""
    assert holder.stdin is not None  # a pipe
    assert holder.stdout is not None
    holder.stdin.write(b"\n")
    holder.stdin.flush()
    if holder.stdout.readline() != b"closed\n":
        raise JailBroken("the first process of the jail can be looked into")


def share(jail: str, *, libraries: str = "numpy") -> socket.socket | None:
    """Return this end of the line to the fork server, for `adopt` in the processes that grade.

    Without a jail there is none: what an answer leaves behind has to be found among the
    descendants of the process that grades, which then needs a server of its own.

    Args:
        jail: "bwrap" or "none".
        libraries: what answers will need, so that it is imported from now on.
    """
    return _server(jails.interpreter(jail)).share(libraries) if jail == "bwrap" else None


def adopt(jail: str, control: socket.socket) -> None:
    """Use the fork server of another process, as long as it lives."""
    _server(jails.interpreter(jail)).control = control


@cache
def _server(interpreter: str) -> "_ForkServer":
    server = _ForkServer(interpreter)
    atexit.register(server.close)
    return server


class _ForkServer:
    """This end of the line to a fork server; it is started when it is needed."""

    def __init__(self, interpreter: str) -> None:
        self._interpreter = interpreter
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self.control: socket.socket | None = None

    def ask(self, request: dict, line: socket.socket) -> None:
        """Let the server fork a process that serves the line."""
        self._send(json.dumps(request).encode(), [line.fileno()])

    def share(self, libraries: str) -> socket.socket:
        """Return the line, once the server has been told what will be needed."""
        return self._send(json.dumps({"libraries": libraries}).encode(), [])

    def close(self) -> None:
        """End the server."""
        with self._lock:
            self._end()

    def _send(self, message: bytes, descriptors: list[int]) -> socket.socket:
        with self._lock:
            control = self.control or self._begin()
            try:
                socket.send_fds(control, [message], descriptors)
            except OSError:  # the server is gone
                self._end()
                control = self._begin()
                socket.send_fds(control, [message], descriptors)
            return control

    def _begin(self) -> socket.socket:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            words = [self._interpreter, "-I", "-B", "-m", "relukit.grading.jail.forkserver"]
            self._process = subprocess.Popen(
                [*words, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=jails.environment() | NO_CACHE,
                cwd="/",
                pass_fds=[theirs.fileno()],
            )
        return self.control

    def _end(self) -> None:
        if self.control is not None:
            self.control.close()
            self.control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
