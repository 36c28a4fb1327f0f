"""Which jail there is: the choice, and a trial of it, which also finds what it must hide."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import relukit
from relukit.errors import UnavailableError, unknown_name
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import copies
from relukit.grading.jail.launcher import JailBroken, start
from relukit.grading.jail.processes import free_user

CHOICES = ("auto", "bwrap", "none")


@dataclass(frozen=True)
class Jail:
    """A jail that has been tried.

    Attributes:
        name: "bwrap" or "none".
        secret: what it would show, beside the package's own answers, of any copy of the course.
    """

    name: str
    secret: tuple[Path, ...]


def choose(wanted: str = "auto") -> str:
    """Return "bwrap" or "none", and make sure that it works here; see `tried`."""
    return tried(wanted).name


def tried(wanted: str = "auto", *, lessons: Iterable[str] = ()) -> Jail:
    """Return a jail that works here.

    Args:
        wanted: "auto" demands bubblewrap; "none" does without.
        lessons: the names of folders that hold answers of the course.

    Raises:
        InvalidValueError: an unknown choice.
        UnavailableError: bubblewrap is missing or forbidden; or Python itself cannot be read by
            the unprivileged user that a grader run by root gives the answers to; or what it would
            import is not the relukit that grades.
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
    seen, said = _seen(jail, lessons)
    if seen is not None:
        _must_be_ours(seen["relukit"], jail)
        said = _fault_of(jail)
        if not said:
            return Jail(jail, tuple(map(Path, seen["secret"])))
    if jail == "bwrap":
        raise UnavailableError(
            "a jail that bubblewrap can build",
            said,
            "allow user namespaces (in a container: run it privileged), or accept less with "
            "--jail none",
        )
    raise UnavailableError(
        "a Python that an unprivileged user can read",
        f"{said} for {jails.interpreter(jail)}",
        "install the course outside of root's home, or grade as another user",
    )


def _seen(jail: str, lessons: Iterable[str]) -> tuple[dict | None, str]:
    """Return what Python finds out in the jail, or None and what the system said."""
    asked = {
        "roots": ["/"] if jail == "bwrap" else [],
        "package": str(Path(relukit.__file__).parent),
        "lessons": list(lessons),
    }
    text = Path(copies.__file__).read_text(encoding="utf-8")
    python = [jails.interpreter(jail), "-I", "-B", "-c", text, json.dumps(asked)]
    user = free_user() if jail == "none" and os.geteuid() == 0 else None
    try:
        trial = subprocess.run(
            jails.command(python) if jail == "bwrap" else python,
            capture_output=True,
            text=True,
            check=False,
            env=jails.environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
    except OSError as error:  # no other user may start it
        return None, str(error)
    if trial.returncode:
        return None, jails.last_line(trial.stderr)
    return json.loads(trial.stdout.splitlines()[-1]), ""


def _must_be_ours(imported: str | None, jail: str) -> None:
    ours = os.path.realpath(relukit.__file__)
    if imported is not None and os.path.realpath(imported) == ours:
        return
    raise UnavailableError(
        f"answers to import the relukit that grades, {Path(ours).parent}",
        "none that they can see" if imported is None else str(Path(imported).parent),
        f"use the `relukit` of the Python that it is installed for, {jails.interpreter(jail)}, "
        "or install this one: pip install --editable .",
    )


def _fault_of(jail: str) -> str:
    """Return what the system said where no answer could run, or ""."""
    try:
        start(jail).end()
    except JailBroken as broken:
        return str(broken)
    return ""
