"""The wheel and the source archive, built of a copy of the repository as a release builds them."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked(*folders: str) -> list[str]:
    """Return the files that git knows, all or those of some folders."""
    command = ["git", "ls-files", "-z", *folders]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in said.split("\0") if name]


def built(folder: Path) -> tuple[Path, Path]:
    """Build a copy of the repository as the release does, and return the wheel and the archive."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    command = [sys.executable, "-m", "build", "--outdir", folder / "dist"]
    if importlib.util.find_spec("setuptools"):
        command.append("--no-isolation")  # needs no network
    settings = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run([*command, folder], env=settings, check=True, capture_output=True)
    (wheel,), (archive,) = (sorted((folder / "dist").glob(end)) for end in ("*.whl", "*.tar.gz"))
    return wheel, archive


def digest(data: bytes) -> str:
    """Return what tells one file's bytes from another's."""
    return hashlib.sha256(data).hexdigest()
