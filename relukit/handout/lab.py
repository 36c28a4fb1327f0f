"""Opening JupyterLab in a learner's folder."""

import contextlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from relukit.errors import UnavailableError
from relukit.processors import one_thread

FIRST = "notebooks/00_start_here.ipynb"
OPENING = (
    "JupyterLab opens in your browser; the first time that can take a minute. Where no\n"
    "browser opens, copy the address below into one. Control-C, twice, ends it."
)
# keeps JupyterLab from asking every new user about news, as `make lab` does
_CONFIG = Path(__file__).parent / "jupyter"


def has_lab() -> bool:
    """Return whether JupyterLab is installed for this Python."""
    return find_spec("jupyterlab") is not None


def command(folder: Path) -> list[str]:
    """Return the command that opens JupyterLab at the first lesson.

    Args:
        folder: holds `notebooks/`.
    """
    words = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    words.append("--log-level=WARN")  # the address, and what goes wrong
    words.append(f"--LabApp.default_url=/lab/tree/{FIRST}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")  # in a container; otherwise JupyterLab refuses
    return words


def open_lab(folder: Path) -> int:
    """Run JupyterLab in a folder until it is shut down, and return its exit status.

    Args:
        folder: holds `notebooks/`.

    Raises:
        UnavailableError: JupyterLab is not installed for this Python.
    """
    if not has_lab():
        raise UnavailableError(
            "JupyterLab beside this Python",
            "none",
            "pip install 'relukit[lab]' (uvx --from 'relukit[lab]' relukit start), "
            f"or open {folder / FIRST} in the Jupyter that you have, with this Python as its "
            f"kernel: {sys.executable}",
        )
    path = os.pathsep.join(filter(None, (str(_CONFIG), os.environ.get("JUPYTER_CONFIG_PATH"))))
    settings = {**one_thread(os.environ), "JUPYTER_CONFIG_PATH": path}
    with subprocess.Popen(command(folder), cwd=folder, env=settings) as process:
        while process.poll() is None:
            with contextlib.suppress(KeyboardInterrupt):  # it asks the same terminal what is meant
                process.wait()
    return process.returncode
