"""A server that imports once, and forks into the jail of one student after the other.

It runs no code of a student and holds no answer, submission or secret: what it hands on to a child
is the memory of imported libraries. The child joins the namespaces that bubblewrap has made, gives
up all rights, and only then reads its first request.
"""

import ctypes
import gc
import json
import os
import signal
import socket
import sys
import tempfile
import types
from collections.abc import Mapping
from pathlib import Path

from relukit.grading.jail.line import tell
from relukit.grading.jail.syscalls import restrict

# what the servers import: the first nothing further, since a process with little in memory forks
# ten times as fast; texts of students cannot add to it, since it happens outside of every jail
_SCIPY = ("scipy.special", "scipy.integrate", "scipy.stats")
SHARED = {
    "numpy": (),
    "scipy": _SCIPY,
    "torch": (
        *("torch", "torch._dynamo", "sklearn.datasets", *_SCIPY),
        *("relukit.initialization", "relukit.networks", "relukit.training"),
    ),
}
LARGEST = 2**16  # bytes of a request
_NAMESPACES = {  # flags of setns
    **{"user": 0x10000000, "mnt": 0x00020000, "pid": 0x20000000, "ipc": 0x08000000},
    **{"uts": 0x04000000, "net": 0x40000000, "cgroup": 0x02000000},
}
_DUMPABLE, _BOUND, _SUBREAPER, _NO_NEW_PRIVILEGES = 4, 24, 36, 38  # of prctl
_CAPABILITIES_VERSION = 0x20080522
_LAST_CAPABILITY = 63
_LAST_DESCRIPTOR = 4096


def main() -> None:
    """Serve the socket whose descriptor is the first argument, until all who use it close it."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no child leaves a zombie
    ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)  # nobody of the same user may look inside
    _stand_in_for_checks()
    import relukit.grading.jail.inside  # noqa: F401

    gc.freeze()  # what is shared stays shared
    _serve(control, {name: _Branch(modules) for name, modules in SHARED.items() if modules})


class _Branch:
    """A server that is forked from the first when it is needed, and then imports modules.

    Args:
        modules: their names.
    """

    def __init__(self, modules: tuple[str, ...]) -> None:
        self._modules = modules
        self._control: socket.socket | None = None

    def wake(self) -> socket.socket:
        """Start it where it has not been started, and return the line to it."""
        return self._control or self._begin()

    def pass_on(self, message: bytes, line: int) -> None:
        """Let it fork; it is started again where it has died."""
        control = self.wake()
        try:
            socket.send_fds(control, [message], [line])
        except OSError:
            control.close()
            socket.send_fds(self._begin(), [message], [line])

    def _begin(self) -> socket.socket:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork():
            theirs.close()
            return self._control
        try:
            _close_all_but(theirs)
            from relukit.grading.jail.inside import import_module

            gc.disable()  # nothing of what is imported is garbage: looking for it takes 30 % longer
            for name in self._modules:
                import_module(name)
            gc.freeze()
            gc.enable()
            _serve(theirs, {})
        finally:
            os._exit(0)


def _serve(control: socket.socket, branches: Mapping[str, _Branch]) -> None:
    """Fork for each request, or pass it on to the branch that has imported what it asks for.

    A packet is a request, and comes with the line to serve; without a line it only wakes a branch.
    """
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, LARGEST, 1)
        if not message:
            return
        request = json.loads(message)
        branch = branches.get(request["libraries"])
        for line in descriptors:
            if branch is not None:
                branch.pass_on(message, line)
            elif os.fork() == 0:
                _run(request, socket.socket(fileno=line))
            os.close(line)
        if branch is not None:
            branch.wake()


def _close_all_but(line: socket.socket) -> None:
    os.closerange(3, line.fileno())
    os.closerange(line.fileno() + 1, _LAST_DESCRIPTOR)


def _stand_in_for_checks() -> None:
    """Let answers that call `check` or `hint` do so in vain: the real ones hold the answers.

    What they get is true, so that `assert check(relu)` passes as it does in Jupyter.
    """
    import relukit
    from relukit.grading.jail.notebook import Anything

    package = types.ModuleType("relukit.checks")
    package.__path__ = [str(Path(relukit.__file__).parent / "checks")]
    for name in ("check", "hint", "predict", "progress", "verdict"):
        setattr(package, name, Anything())
    sys.modules["relukit.checks"] = relukit.checks = package


def _run(request: dict, line: socket.socket) -> None:
    """Become the process that runs the answers of one student; does not return."""
    from relukit.grading.jail.inside import serve

    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _close_all_but(line)
        if request["jail"]:
            _enter(request["jail"], line)
        else:
            tell(line, {"pid": os.getpid()})
        _give_up_rights(request["user"])
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _move_to(request["home"])
        restrict()
        serve(line)
        code = 0
    except Exception as error:  # the grader is told why, if it still listens
        tell(line, {"failed": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(code)


def _move_to(home: str) -> None:
    """Stand in a folder, and let all that looks for a place to write find this one."""
    os.environ |= {"HOME": home, "TMPDIR": home}
    os.environ.pop("TORCHINDUCTOR_CACHE_DIR", None)  # the server's, which makes no folder
    tempfile.tempdir = None  # what the server has found is not ours
    os.chdir(home)


def _enter(jail: int, line: socket.socket) -> None:
    """Join the namespaces of a process, and go on in a child that is in all of them.

    Args:
        jail: the number of the process.
        line: is told the number of the child, as it is outside.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    process, flags = os.pidfd_open(jail), 0
    for name, flag in _NAMESPACES.items():
        ours, theirs = f"/proc/self/ns/{name}", f"/proc/{jail}/ns/{name}"
        if os.path.exists(ours) and os.readlink(ours) != os.readlink(theirs):
            flags |= flag
    if libc.setns(process, flags):  # all at once: a step alone may take the right to the next
        number = ctypes.get_errno()
        raise OSError(number, f"setns: {os.strerror(number)}")
    os.close(process)
    told, waits = os.pipe()
    child = os.fork()
    if child:
        tell(line, {"pid": child})
        line.close()
        os.write(waits, b".")
        os.waitpid(child, 0)
        os._exit(0)
    os.read(told, 1)
    os.close(told)
    os.close(waits)


def _give_up_rights(user: int) -> None:
    """Become that user where this is root, and keep no capability and no way to get one.

    Raises:
        OSError: one of the rights could not be given up.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(_LAST_CAPABILITY + 1):
        libc.prctl(_BOUND, capability, 0, 0, 0)  # refused beyond the last, and where none is held
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    if libc.capset(head, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "capset")
    # no answer, which may run as the same user, may look into the process that starts it
    for option, value in ((_SUBREAPER, 1), (_NO_NEW_PRIVILEGES, 1), (_DUMPABLE, 0)):
        if libc.prctl(option, value, 0, 0, 0):
            raise OSError(ctypes.get_errno(), f"prctl {option}")


if __name__ == "__main__":
    main()
