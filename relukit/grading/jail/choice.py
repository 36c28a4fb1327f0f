"""Which jail there is: the choice, and a trial of it."""

import os
import shutil
import subprocess
import sys

from relukit.errors import UnavailableError, unknown_name
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail.launcher import JailBroken, start
from relukit.grading.jail.processes import free_user

CHOICES = ("auto", "bwrap", "none")


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
    said = _fault_of(jail)
    if not said:
        return jail
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


def _fault_of(jail: str) -> str:
    """Return what the system said where no answer could run, or ""."""
    python = [jails.interpreter(jail), "-I", "-B", "-c", "import numpy, relukit.grading"]
    user = free_user()
    another = {"user": user, "group": user, "extra_groups": []}
    trial = subprocess.run(
        jails.command(python) if jail == "bwrap" else python,
        capture_output=True,
        text=True,
        check=False,
        env=jails.environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        **(another if jail == "none" and os.geteuid() == 0 else {}),
    )
    if trial.returncode:
        return jails.last_line(trial.stderr)
    try:
        start(jail).end()
    except JailBroken as broken:
        return str(broken)
    return ""
