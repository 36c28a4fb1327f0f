"""The jail that bubblewrap makes: what can be seen and written in it, and nothing else."""

import os
import shutil
import sys
from pathlib import Path

from relukit.grading.jail.processes import threads_of

# what the answers and the harnesses may see of the package's folders that hold reference answers
VISIBLE = {
    "checks": ("call.py", "layouts.py", "mishap.py", "plain.py", "harnesses"),
    "grading": ("__init__.py", "jail"),
}
UNJAILED = sys.executable  # the interpreter that runs without a jail
_PROCESSES = 64  # where a cgroup counts their memory
_UNCOUNTED = 16  # elsewhere
_SCRATCH = str(16 * 2**20)  # bytes of /tmp and of /dev/shm inside the jail
_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache")
_SYSTEM += ("/etc/alternatives", "/etc/fonts")
_LIBRARIES = ("site-packages", "dist-packages")  # where packages are installed
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MALLOC_ARENA_MAX": "1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


def last_line(said: str) -> str:
    """Return the last line of what a program said."""
    return (said.strip() or "no message").splitlines()[-1]


def interpreter(jail: str) -> str:
    """Return the path of the Python that runs answers in a jail, or without."""
    return UNJAILED if jail == "none" else sys.executable


def environment() -> dict[str, str]:
    """Return all environment variables that an answer sees."""
    return dict(_ENVIRONMENT)


def processes(*, counted: bool) -> int:
    """Return how many processes and threads of this user there may be while an answer runs.

    Args:
        counted: whether a cgroup counts the memory of them all.
    """
    most = _PROCESSES if counted else _UNCOUNTED
    return most + (threads_of(os.getuid()) if os.geteuid() else 0)


def command(words: list[str], *, hidden: tuple[Path, ...] = ()) -> list[str]:
    """Return the command that runs another one in a jail.

    Args:
        words: the other command.
        hidden: files and folders that the jail must not show, wherever they are.
    """
    package = Path(__file__).parents[2]
    libraries = [Path(path) for path in sys.path if Path(path).name in _LIBRARIES]
    shown = [Path(sys.base_prefix), Path(sys.prefix), *libraries, package]
    options = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    options += ["--cap-drop", "ALL"]
    if os.geteuid() != 0:
        options += ["--unshare-user", "--disable-userns"]
    for path in _SYSTEM:
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            options += ["--ro-bind", path, path]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for folder in ("/tmp", "/dev/shm"):
        options += ["--perms", "1777", "--size", _SCRATCH, "--tmpfs", folder]
    above = {parent for path in shown for parent in path.parents}
    for parent in sorted(above - {Path("/"), Path("/tmp")} - set(map(Path, _SYSTEM))):
        options += ["--perms", "0755", "--dir", str(parent)]
    for path in dict.fromkeys(shown):
        # Debian names folders that are not there
        options += ["--ro-bind-try", str(path), str(path)]
    for folder, names in VISIBLE.items():
        options += ["--size", _SCRATCH, "--tmpfs", str(package / folder)]
        for name in names:
            options += ["--ro-bind", *[str(package / folder / name)] * 2]
        options += ["--remount-ro", str(package / folder)]
    for path in hidden:
        if any(path.is_relative_to(root) for root in (*shown, *map(Path, _SYSTEM))):
            kind = ["--tmpfs"] if path.is_dir() else ["--ro-bind", os.devnull]
            options += [*kind, str(path), "--remount-ro", str(path)] if path.exists() else []
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    return [shutil.which("bwrap") or "bwrap", *options, "--", *words]
