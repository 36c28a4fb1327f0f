"""The jail: bubblewrap around the process that runs a student's code, or limits alone."""

import os
import shutil
import site
import subprocess
import sys
from pathlib import Path

from relukit.errors import UnavailableError, unknown_name
from relukit.grading.jail.processes import free_user, threads_of

CHOICES = ("auto", "bwrap", "none")
# what the answers and the harnesses may see of the package's folders that hold reference answers
VISIBLE = {
    "checks": ("call.py", "mishap.py", "plain.py", "harnesses"),
    "grading": ("__init__.py", "jail"),
}
UNJAILED = sys.executable  # the interpreter that runs without a jail
_PROCESSES = 64
_SCRATCH = str(16 * 2**20)  # bytes of /tmp and of /dev/shm inside the jail
_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache")
_SYSTEM += ("/etc/alternatives", "/etc/fonts")
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MALLOC_ARENA_MAX": "1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


def choose(wanted: str = "auto") -> str:
    """Return "bwrap" or "none", and make sure that it works here.

    Args:
        wanted: "auto" demands bubblewrap; "none" does without.

    Raises:
        InvalidValueError: an unknown choice.
        UnavailableError: bubblewrap is missing or forbidden; or Python itself cannot be read by
            the unprivileged user that a grader run by root gives the answers to.
    """
    if wanted not in CHOICES:
        raise unknown_name("jail", wanted, CHOICES)
    if sys.platform != "linux":
        raise UnavailableError(
            "Linux", sys.platform, "grade on Linux, in a container or in WSL 2 on Windows"
        )
    jail = "bwrap" if wanted == "auto" else wanted
    if jail == "bwrap" and shutil.which("bwrap") is None:
        raise UnavailableError(
            "the program bwrap, which keeps answers away from files and network",
            "none on the PATH",
            "install bubblewrap (apt install bubblewrap, dnf install bubblewrap), or accept less "
            "with --jail none",
        )
    trial = subprocess.run(
        command(jail, ["-c", "import numpy, relukit.grading"]),
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        **privileges(jail, free_user()),
    )
    if trial.returncode == 0:
        return jail
    said = (trial.stderr.strip() or "no message").splitlines()[-1]
    if jail == "bwrap":
        raise UnavailableError(
            "a jail that bubblewrap can build",
            said,
            "allow user namespaces (in a container: run it privileged), or accept less with "
            "--jail none",
        )
    raise UnavailableError(
        "a Python that an unprivileged user can read",
        f"{said} for {UNJAILED}",
        "install the course outside of root's home, or grade as another user",
    )


def privileges(jail: str, user: int) -> dict[str, object]:
    """Return what subprocess needs to start Python as a user; inside the jail it changes there.

    Args:
        jail: "bwrap" or "none".
        user: the number of the user that the answers run as where the grader is root.
    """
    if jail == "none" and os.geteuid() == 0:
        return {"user": user, "group": user, "extra_groups": []}
    return {}


def environment() -> dict[str, str]:
    """Return all environment variables that an answer sees."""
    return dict(_ENVIRONMENT)


def processes() -> int:
    """Return how many processes and threads of this user there may be while an answer runs."""
    return _PROCESSES + (threads_of(os.getuid()) if os.geteuid() else 0)


def command(jail: str, arguments: list[str], *, hidden: tuple[Path, ...] = ()) -> list[str]:
    """Return the command that runs Python, isolated from its surroundings, with these arguments.

    Args:
        jail: "bwrap" or "none".
        arguments: of the interpreter.
        hidden: files and folders that the jail must not show, wherever they are.
    """
    if jail == "none":
        return [UNJAILED, "-I", "-B", *arguments]
    package = Path(__file__).parents[2]
    shown = [Path(sys.base_prefix), Path(sys.prefix), *map(Path, site.getsitepackages()), package]
    options = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    options += ["--cap-drop", "ALL"]
    if os.geteuid() == 0:  # it gives up the rest of its rights itself, see inside.py
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
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
    return [
        shutil.which("bwrap") or "bwrap",
        *options,
        "--",
        sys.executable,
        "-I",
        "-B",
        *arguments,
    ]
