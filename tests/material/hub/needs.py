"""What a hub with real users needs of a machine, and what of it is missing."""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PLACE = ROOT / ".venv-hub"
BIN = PLACE / "bin"
PROXY = PLACE / "node_modules" / ".bin" / "configurable-http-proxy"
COMMANDS = ("useradd", "userdel", "chpasswd", "git", "node")


def read_by_all(path: Path) -> bool:
    """Return whether every user of the machine may go into the folders above a file."""
    return all(folder.stat().st_mode & 0o001 for folder in path.parents)


def missing() -> str | None:
    """Return, in words, the first thing that is missing for a hub; None where all is there."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root of a Linux machine may start servers for other users"
    for name in COMMANDS:
        if not shutil.which(name):
            return f"no command {name} is here: apt install passwd git nodejs"
    for file in (BIN / "jupyterhub", PROXY):
        if not file.exists():
            return f"no {file.relative_to(ROOT)} is here: make hub"
    for file in (BIN / "python", (BIN / "python").resolve()):
        if not read_by_all(file):
            return f"users may not read {file}: make hub PYTHON=/usr/bin/python3"
    return None
