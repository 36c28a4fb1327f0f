"""The jail that bubblewrap makes: what can be seen and written in it, and nothing else."""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from relukit.grading.jail.processes import threads_of

# what the answers and the harnesses may see of the package's folders that are hidden from them
VISIBLE = {
    "lessons": (),  # every reference answer
    "handout": (),  # the model answers, where a wheel carries them
    "checks": ("call.py", "layouts.py", "mishap.py", "plain.py", "surroundings.py", "harnesses"),
    "grading": ("__init__.py", "jail"),
}
UNJAILED = sys.executable  # the interpreter that runs without a jail
SCRATCH = ("/tmp", "/dev/shm")  # where answers may write in the jail
_PROCESSES = 64  # where a cgroup counts their memory
_UNCOUNTED = 16  # elsewhere
_SCRATCH = str(16 * 2**20)  # bytes of /tmp and of /dev/shm inside the jail
_SYSTEM = (
    *("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/share/fonts"),
    *("/lib", "/lib64", "/lib32", "/bin", "/sbin"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts"),
)
_OF_PYTHON = ("bin", "lib", "lib64", "lib32", "pyvenv.cfg")  # of the folder that it stands in
_LIBRARIES = ("site-packages", "dist-packages")  # where packages are installed
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MALLOC_ARENA_MAX": "1",
    "RELUKIT_KEPT": "off",
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


def command(
    words: list[str], *, hidden: Iterable[Path] = (), seccomp: int | None = None
) -> list[str]:
    """Return the command that runs another one in a jail.

    Args:
        words: the other command.
        hidden: files and folders that the jail must not show, wherever they are.
        seccomp: a descriptor to read the filter of system calls from, which holds for all that
            bubblewrap starts.
    """
    package = Path(__file__).parents[2]
    libraries = [Path(path) for path in sys.path if Path(path).name in _LIBRARIES]
    prefixes = dict.fromkeys((sys.base_prefix, sys.prefix))
    pythons = [Path(prefix, name) for prefix in prefixes for name in _OF_PYTHON]
    system = list(map(Path, _SYSTEM))
    shown = [*(path for path in pythons if not _is_in(path, system)), *libraries, package]
    options = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    options += ["--as-pid-1", "--cap-drop", "ALL"]
    if seccomp is not None:
        options += ["--seccomp", str(seccomp)]
    if os.geteuid() != 0:
        options += ["--unshare-user", "--disable-userns"]
    options += _above(system)
    options += _bound(system)
    options += ["--proc", "/proc", "--dev", "/dev"]
    for folder in SCRATCH:
        options += ["--perms", "1777", "--size", _SCRATCH, "--tmpfs", folder]
    options += _above(shown, known=system)
    options += _bound(dict.fromkeys(shown))
    options += _bare_libraries(libraries)
    for folder, names in VISIBLE.items():
        options += ["--size", _SCRATCH, "--tmpfs", str(package / folder)]
        for name in names:
            options += ["--ro-bind", *[str(package / folder / name)] * 2]
        options += ["--remount-ro", str(package / folder)]
    for path in _outermost(hidden, [*shown, *system], [package / name for name in VISIBLE]):
        kind = ["--tmpfs"] if path.is_dir() else ["--ro-bind", os.devnull]
        options += [*kind, str(path), "--remount-ro", str(path)]
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    return [shutil.which("bwrap") or "bwrap", *options, "--", *words]


def _above(paths: Iterable[Path], *, known: Iterable[Path] = ()) -> list[str]:
    """Return the options that make the folders above some paths, which everybody may enter."""
    above = {parent for path in paths for parent in path.parents} - {Path("/"), Path("/tmp")}
    folders = map(str, sorted(above - set(known)))
    return [word for folder in folders for word in ("--perms", "0755", "--dir", folder)]


def _bound(paths: Iterable[Path]) -> list[str]:
    """Return the options that show files and folders that can be read; some may be missing."""
    options = []
    for path in map(str, paths):
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            options += ["--ro-bind", path, path]
    return options


def _bare_libraries(used: list[Path]) -> list[str]:
    """Return the options that empty the folders of packages that this Python does not use."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    places = (Path(sys.base_prefix, "lib", name) for name in (version, "python3"))
    unused = [place / name for place in places for name in _LIBRARIES if place / name not in used]
    options = []
    for path in unused:
        if path.is_dir() and not any(other.is_relative_to(path) for other in used):
            options += ["--tmpfs", str(path), "--remount-ro", str(path)]
    return options


def _outermost(hidden: Iterable[Path], roots: list[Path], emptied: list[Path]) -> list[Path]:
    """Return the hidden paths as the jail would show them, without those inside others."""
    paths = set()
    for path in hidden:
        for root in roots:
            real = root.resolve()
            if path.is_relative_to(root):
                paths.add(path)
            elif path.is_relative_to(real) and not root.is_symlink():  # shown by another name
                paths.add(root / path.relative_to(real))
    kept: list[Path] = []
    for path in sorted(paths):  # a folder comes before what is in it
        if path.exists() and not _is_in(path, [*kept, *emptied]):
            kept.append(path)
    return kept


def _is_in(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
