"""A filter on system calls: what no answer needs, and what neither limits nor namespaces hold."""

import ctypes
import platform
import struct

_SET_SECCOMP, _FILTER = 22, 2  # of prctl
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # bytes into what the filter is shown
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x00050001, 0x00050026  # the last two: EPERM, ENOSYS
_NAMESPACES = 0x7E020000  # flags of clone that make one
_FOREIGN = 0x40000000  # where x86 counts a second table of calls

# by machine: its code, clone, and the calls to refuse
_CALLS = {
    "x86_64": (
        0xC000003E,
        56,
        (
            *(41,),  # socket: the network, and the services of this machine
            *(29, 30, 68, 64, 319, 447),  # shmget, shmat, msgget, semget, memfd: uncounted memory
            *(278, 276, 275, 240, 206),  # vmsplice, tee, splice, mq_open, io_setup: the same
            *(253, 294, 300, 444, 445),  # inotify, fanotify, landlock: they keep inodes
            *(101, 310, 311, 438),  # ptrace, process_vm_readv and _writev, pidfd_getfd
            *(272, 308, 165),  # unshare, setns, mount
            *(248, 249, 250, 298, 321, 323, 425, 426, 427),  # keys, perf, bpf, faults, io_uring
        ),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        (
            *(198,),
            *(194, 196, 186, 190, 279, 447),
            *(75, 77, 76, 180, 0),
            *(26, 262, 444, 445),
            *(117, 270, 271, 438),
            *(97, 268, 40),
            *(217, 218, 219, 241, 280, 282, 425, 426, 427),
        ),
    ),
}
_PRLIMIT = {"x86_64": 302, "aarch64": 261}
_CLONE3 = 435  # hides its flags in memory; where it is unknown, the C library takes clone


def program() -> bytes | None:
    """Return the filter as the kernel takes it, or None for a machine that is not listed."""
    if platform.machine() not in _CALLS:
        return None
    code, clone, refused = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, code),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _FOREIGN),
        (_RETURN, 0, 0, _REFUSE),
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _UNKNOWN),
    ]
    for call in refused:
        steps += [(_EQUAL, 0, 1, call), (_RETURN, 0, 0, _REFUSE)]
    steps += [  # limits of this process may be narrowed, those of another one not
        (_EQUAL, 0, 4, _PRLIMIT[platform.machine()]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 0, 1, 0),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    steps += [
        (_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _NAMESPACES),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def restrict() -> bool:
    """Refuse the calls from now on, for this process and all that it starts.

    Returns:
        False where the machine or its kernel knows no such filter.
    """
    steps = program()
    if steps is None:
        return False
    kept = ctypes.create_string_buffer(steps)
    head = ctypes.create_string_buffer(struct.pack("@HP", len(steps) // 8, ctypes.addressof(kept)))
    return ctypes.CDLL(None).prctl(_SET_SECCOMP, _FILTER, head, 0, 0) == 0
