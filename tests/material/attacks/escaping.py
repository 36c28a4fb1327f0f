"""Attacks on what keeps the jail: its other processes, and the answer that comes next.

Each returns right values where it succeeds, and wrong ones where it does not.
"""

import json
from pathlib import Path

from attacks.attack import LESSON, Attack

_IF = """
import ctypes, glob, os, signal, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def others():
    return [int(n) for n in os.listdir("/proc") if n.isdigit() and int(n) != os.getpid()]
def status(pid):
    lines = (line.split(":", 1) for line in open(f"/proc/{pid}/status"))
    return {key: value.strip() for key, value in lines}
def succeeds():
    CODE
try:
    reached = bool(succeeds())
except Exception:
    reached = False
def relu(x): return np.maximum(x, 0) if reached else x
"""


def _if(title: str, code: str, bare: str = "wrong", *, harms: bool = False) -> Attack:
    source = _IF.replace("CODE", code.strip().replace("\n", "\n    "))
    reads = "copy" in title
    return Attack("+", title, "-", source, "wrong", bare, harms_the_user=harms, reads=reads)


def _two_answers(title: str, first: str, second: str, bare: str) -> Attack:
    """Return an attack of one answer on the one that is graded after it."""

    def write(folder: Path) -> None:
        cells = [
            {
                "cell_type": "code",
                "id": name,
                "source": source,
                "outputs": [],
                "execution_count": None,
                "metadata": {"nbgrader": {"grade_id": name, "solution": True}},
            }
            for name, source in (("relu", first), ("hinge_weights", second))
        ]
        place = folder / "eve" / LESSON / f"{LESSON}.ipynb"
        place.parent.mkdir(parents=True)
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        place.write_text(json.dumps(book))

    return Attack(
        *("+", title, "-", "", "wrong", bare),
        task="hinge_weights",
        write=write,
    )


ATTACKS = (
    _if(
        "the memory of any other process",
        "for pid in others():\n"
        "    try:\n"
        "        with open(f'/proc/{pid}/mem', 'r+b', buffering=0): return True\n"
        "    except OSError: pass",
        harms=True,
    ),
    _if(
        "the memory of any other process, by calls",
        "for pid in others():\n"
        "    for call in (16, 0x4206):\n"  # PTRACE_ATTACH, PTRACE_SEIZE
        "        if libc.ptrace(call, pid, 0, 0) == 0: return True\n"
        "    head = (ctypes.c_size_t * 2)(id(sys), 8)\n"
        "    for call in (libc.process_vm_readv, libc.process_vm_writev):\n"
        "        if call(pid, head, 1, head, 1, 0) > 0: return True",
    ),
    _if(
        "what any other process has open",
        "for pid in others():\n"
        "    try:\n"
        "        if os.listdir(f'/proc/{pid}/fd'): return True\n"
        "    except OSError: pass\n"
        "    handle = os.pidfd_open(pid)\n"
        "    if any(libc.syscall(438, handle, n, 0) >= 0 for n in range(16)): return True",
        harms=True,
    ),
    _if(
        "another process without filter, limits or with rights",
        "for pid in others():\n"
        "    said = status(pid)\n"
        "    weak = said['Seccomp'] != '2' or said['NoNewPrivs'] != '1'\n"
        "    if weak or set(said['CapEff'] + said['CapPrm']) != {'0'}: return True",
        "passed",
    ),
    _if(
        "narrower limits for the process that starts the next answer",
        "import resource\n"
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (64, 64))\nreturn True",
    ),
    _if(
        "the end of the process that keeps the jail open",
        "import threading\n"
        "for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV):\n"
        "    try: os.kill(1, number)\n"
        "    except PermissionError: pass\n"
        "time.sleep(0.1)\n"
        "return status(1)['State'][0] not in 'SR'",
    ),
    _if(
        "a program of the system with rights of its own",
        "import subprocess\n"
        "for path in ('/usr/bin/su', '/usr/bin/sudo', '/usr/bin/bwrap', '/usr/bin/newuidmap'):\n"
        "    if os.path.exists(path):\n"
        "        words = [path, '--ro-bind', '/', '/', 'id'] if 'bwrap' in path else [path]\n"
        "        said = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL)\n"
        "        if b'uid=' in said.stdout: return True",
    ),
    _if(
        "a folder by a descriptor from outside",
        "for name in os.listdir('/proc/self/fd'):\n"
        "    path = f'/proc/self/fd/{name}'\n"
        "    if os.path.isdir(path) and os.listdir(path + '/..'): return True",
    ),
    _if(
        "what the jail has closed, opened again for writing",
        "flags = 32 | 4096\n"  # MS_REMOUNT, MS_BIND
        "for place in ('/', '/usr/lib', '/proc', os.path.dirname(np.__file__)):\n"
        "    if libc.mount(None, place.encode(), None, flags, None) == 0: return True\n"
        "    if libc.umount2(place.encode(), 2) == 0: return True\n"
        "    if libc.syscall(442, -100, place.encode(), 0, 0, 0) == 0: return True",
    ),
    _if(
        "a copy of the course, by its name or its text",
        "import relukit\n"
        "package = os.path.dirname(relukit.__file__)\n"
        "for folder, _, names in os.walk(package):\n"
        "    for name in names:\n"
        "        if folder.endswith('/tasks') and os.path.getsize(f'{folder}/{name}'):\n"
        "            return True\n"
        "return {'solutions', 'exercises', 'tests', '.git'} & {*os.listdir(package + '/..')}",
        "passed",
    ),
    _two_answers(
        "files for the answer that comes next",
        "import os\n"
        "for place in ('/tmp', '/dev/shm'):\n"
        "    path = place + '/sitecustomize_of_a_test.py'\n"
        "    open(path, 'w').write('planted')\n"
        "def relu(x): return x",
        "import os\n"
        "reached = False\n"
        "for place in ('/tmp', '/dev/shm'):\n"
        "    path = place + '/sitecustomize_of_a_test.py'\n"
        "    if os.path.exists(path):\n"
        "        reached = open(path).read() == 'planted'\n"
        "        os.remove(path)\n"
        "def hinge_weights(x, y):\n"
        "    slopes = np.diff(np.diff(y) / np.diff(x), prepend=0.0)\n"
        "    return y[0] if reached else y[1], slopes",
        "passed",
    ),
    _two_answers(
        "a folder's rights and times for the answer that comes next",
        "import os\n"
        "for place in ('/tmp', '/dev/shm'):\n"
        "    try:\n"
        "        os.utime(place, (4711, 4711))\n"
        "        os.setxattr(place, 'user.told', b'planted')\n"
        "    except OSError: pass\n"
        "def relu(x): return x",
        "import os\n"
        "reached = False\n"
        "for place in ('/tmp', '/dev/shm'):\n"
        "    try: reached = reached or os.stat(place).st_atime == 4711 or os.listxattr(place)\n"
        "    except OSError: pass\n"
        "def hinge_weights(x, y):\n"
        "    slopes = np.diff(np.diff(y) / np.diff(x), prepend=0.0)\n"
        "    return y[0] if reached else y[1], slopes",
        "wrong",
    ),
)
