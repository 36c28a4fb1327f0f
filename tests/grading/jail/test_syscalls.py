"""The calls that no answer needs are refused, by the numbers that the kernel's headers give."""

import ctypes
import errno
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from relukit.grading.jail import syscalls

# memory that no limit counts, what outlives its process, and what reaches others
REFUSED = (
    *("socket", "shmget", "shmat", "msgget", "semget", "memfd_create", "memfd_secret"),
    *("vmsplice", "splice", "tee", "mq_open", "io_setup", "inotify_init1", "fanotify_init"),
    *("landlock_create_ruleset", "landlock_add_rule", "userfaultfd", "io_uring_setup", "bpf"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "unshare", "setns"),
    *("mount", "add_key", "request_key", "keyctl", "perf_event_open"),
)
HEADERS = {
    "x86_64": ("x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h"),
    "aarch64": ("asm-generic/unistd.h",),
}


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_those_of_the_kernels_headers(machine):
    paths = [Path("/usr/include", name) for name in HEADERS[machine]]
    found = [path for path in paths if path.exists()]
    if not found:
        pytest.skip("no headers of the kernel on this machine")
    text = found[0].read_text()
    numbers = {
        name: int(n) for name, n in re.findall(r"#define __NR3?_?(?:264_)?(\w+)\s+(\d+)", text)
    }
    missing = {name for name in REFUSED if name in numbers} - {
        name for name, number in numbers.items() if number in syscalls._CALLS[machine][2]
    }
    assert missing == set()
    assert len([name for name in REFUSED if name in numbers]) >= len(REFUSED) - 2


def test_a_refused_call_is_an_error_and_the_rest_goes_on():
    if platform.machine() not in HEADERS:
        pytest.skip("no filter for this machine")
    code = (
        "import ctypes, os, socket, threading\n"
        "from relukit.grading.jail.syscalls import _CALLS, restrict\n"
        "import platform\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "libc.prctl(38, 1, 0, 0, 0)\n"
        "assert restrict()\n"
        "for number in _CALLS[platform.machine()][2]:\n"
        "    ctypes.set_errno(0)\n"
        "    print(libc.syscall(number, 0, 0, 0, 0, 0, 0), ctypes.get_errno())\n"
        "socket.socketpair()\nos.pipe()\nos.eventfd(0)\n"
        "threading.Thread(target=print, args=('goes on',)).start()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *refused, last = done.stdout.splitlines()
    assert set(refused) == {f"-1 {errno.EPERM}"}
    assert last == "goes on"


def test_a_message_queue_cannot_be_made_and_none_is_left():
    if platform.machine() not in HEADERS:
        pytest.skip("no filter for this machine")
    name = f"/relukit-test-{os.getpid()}".encode()
    code = (
        "import ctypes\nfrom relukit.grading.jail.syscalls import restrict\n"
        "libc = ctypes.CDLL(None)\nlibc.prctl(38, 1, 0, 0, 0)\nrestrict()\n"
        f"print(ctypes.CDLL('librt.so.1').mq_open({name!r}, {os.O_CREAT | os.O_RDWR}, 0o600, None))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "-1\n"
    assert ctypes.CDLL("librt.so.1").mq_unlink(name) == -1
