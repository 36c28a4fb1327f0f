"""What runs inside the jail: answers each request in a process of its own.

It gets the source of answers and inputs, and gives back what the answers return: data, never a
verdict. It knows no task, no reference answer and no expected value. The first process runs no
code of a student; it only imports, forks, waits and kills.
"""

import contextlib
import ctypes
import importlib
import os
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

from relukit.grading.jail.cell import TooLate, cell_reply, run_cell
from relukit.grading.jail.exchange import CELLS, OTHERS, OUT_OF_MEMORY
from relukit.grading.jail.line import HEAD, tell
from relukit.grading.jail.notebook import Notebook
from relukit.grading.jail.replies import CELL
from relukit.grading.jail.wire import decode, encode

PREPARED = ("numpy", "scipy", "sklearn", "torch", "relukit", "math", "itertools", "functools")
FILE = 8 * 2**20  # bytes that an answer may write into one file
_FILES, _CPU_GRACE = 256, 1
_ANYBODY = 0o1777


def serve(line: socket.socket) -> None:
    """Answer the requests on a line, until it is closed."""
    tell(line, {"ready": True})
    while True:
        head, descriptors, _, _ = socket.recv_fds(line, HEAD.size, 1)
        if len(head) < HEAD.size:
            return
        (length,) = HEAD.unpack(head)
        request = decode(_exactly(line, length))
        for name in request["modules"]:
            import_module(name)
        _import_ours(request["harness"])
        tell(line, {"ready": True})  # from here on an answer may be to blame
        tell(line, _supervised(request, descriptors[0], line))


def import_module(name: str) -> None:
    """Import a module that many answers use, so that each of them finds it in memory."""
    if name.split(".")[0] not in PREPARED:
        return
    try:
        importlib.import_module(name)
        if name == "torch":
            sys.modules["torch"].set_num_threads(1)  # a fork would lose the others
    except (Exception, SystemExit):  # the answer itself will meet the error and be told
        return


def _import_ours(harness: str) -> None:
    """Import the course's own code, whose failing is the grader's fault and ends this process."""
    for name in ("relukit.checks.call", "relukit.checks.mishap", harness.split(":")[0]):
        importlib.import_module(name)


def _supervised(request: dict, out: int, line: socket.socket) -> dict:
    """Answer one request in a child, and return how the child ended."""
    started, before = time.monotonic(), _of_children()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            line.close()
            _be_seen()
            _be_limited(request["cpu"], request["memory"], request["processes"])
            _answer(request, out)
            code = 0
        except MemoryError:
            code = OUT_OF_MEMORY
        finally:
            os._exit(code)
    os.close(out)
    late = _wait(child, request["wall"], line)
    waited = _waited(child)
    _, status, usage = os.wait4(child, 0)
    _kill_the_rest()  # what they took counts, too: nobody waits for others in a crowd of one's own
    for folder in request["scratch"]:
        _tidy(folder)
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        "late": late,
        "waited": waited,
        "cpu": _of_children() - before,
        "seconds": time.monotonic() - started,
        "peak": usage.ru_maxrss * 1024,
        "left": any(map(os.listdir, request["scratch"])),
    }


def _tidy(folder: str) -> None:
    """Put back a folder's rights, times and attributes, which can hold a message to the next."""
    with contextlib.suppress(OSError):  # it is root's, and no answer could change it
        os.chmod(folder, _ANYBODY)
        for name in os.listxattr(folder):
            os.removexattr(folder, name)
        os.utime(folder, (0, 0))


def _wait(child: int, seconds: float, line: socket.socket) -> bool:
    """Wait for the child, but no longer than the grader lives, and return whether it was late."""
    descriptor = os.pidfd_open(child)
    try:
        watched: list[int | socket.socket] = [descriptor, line]
        ended, _, _ = select.select(watched, [], [], seconds)
    finally:
        os.close(descriptor)
    if descriptor not in ended:  # nothing is sent meanwhile: a line that can be read is closed
        os.kill(child, signal.SIGKILL)
    return not ended


def _of_children() -> float:
    """Return the seconds of CPU time of all processes that were reaped here."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _waited(child: int) -> float:
    """Return how many seconds a process that is not yet reaped has waited for a processor."""
    try:
        return int(Path(f"/proc/{child}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):  # a kernel that does not count it
        return 0.0


def _kill_the_rest() -> None:
    """Kill every process that the child has left behind: as orphans they become ours."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while True:
        try:
            for number in children.read_text().split():
                os.kill(int(number), signal.SIGKILL)
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
        except ProcessLookupError:
            continue


def _be_seen() -> None:
    """Let the grader, who may be the same user, see how much memory this process takes."""
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE, which this one's parent has not


def _be_limited(cpu: int, memory: int, processes: int) -> None:
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limits = {
        resource.RLIMIT_CPU: (cpu, cpu + _CPU_GRACE),
        resource.RLIMIT_AS: (used + memory,) * 2,
        resource.RLIMIT_NPROC: (processes,) * 2,
        resource.RLIMIT_FSIZE: (FILE,) * 2,
        resource.RLIMIT_NOFILE: (_FILES,) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, (soft, hard) in limits.items():
        resource.setrlimit(kind, (soft, hard))


def _answer(request: dict, out: int) -> None:
    """Run the cells, ask the answer about every input, and write the replies."""
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    replies = [_as_data(entry) for entry in _replies(request)]
    with os.fdopen(out, "wb") as pipe:
        pipe.write(encode(replies))
    os.chdir("/")
    shutil.rmtree(folder, ignore_errors=True)


def _replies(request: dict) -> list:
    from relukit.checks.call import Caller

    book = Notebook()
    book.open()
    name = request["name"]
    *others, (title, source) = request["cells"]
    limits = request["cpu"], time.monotonic() + request["wall"]
    for other, text in others:  # whatever becomes of it, the answer is asked
        run_cell(book, text, other, OTHERS, *limits)
    before = book.names.get(name, book)
    error = run_cell(book, source, title, CELLS, *limits)
    found = [] if error is None else [(CELL, cell_reply(error, title))]
    if name not in book.names or (found and book.names[name] is before):
        while isinstance(error, TooLate):
            signal.pause()  # it is not the cell that took the time: let the grader see that
        return found
    module, function = request["harness"].split(":")
    harness = getattr(importlib.import_module(module), function)
    tensors = "torch" in request["modules"]
    caller = Caller(book.names[name], harness, tensors=tensors, mending=False)
    return found + [(n, caller.ask(given)) for n, given in enumerate(request["inputs"])]


def _as_data(entry: tuple) -> dict:
    """Return a reply as plain data: what it has beside its value only where there is something."""
    position, reply = entry
    mishap = reply.mishap
    more = {
        "mishap": mishap and [mishap.kind, mishap.message, mishap.where],
        "printed": reply.printed,
        "changed": list(reply.changed),
        "signature": reply.signature,
        "unwritten": reply.unwritten,
    }
    told = {name: said for name, said in more.items() if said}
    return {"input": position, "value": reply.value, **told}


def _exactly(line: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = line.recv(min(length - len(parts), 2**16))
        if not part:
            raise SystemExit("the grader is gone")
        parts += part
    return bytes(parts)
