"""The folder for results: nothing in it was prepared by a student.

Whoever hands in a folder called `grades` with results in it would else have graded himself, where
that is the name that the folder for results will have.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import platformdirs

from relukit.errors import UnavailableError
from relukit.grading.store import write_whole, written

MARK = ".made-by-relukit"
_KEY = "grader.key"
_CHARACTERS = 64  # of the key


def prepare(output: Path, submissions: Path) -> None:
    """Make the folder for results; where it lies among the submissions, see whose it is.

    There it must be new, empty, or have the mark that an earlier run gave it: a code of its path
    that takes a key to make, which lies among the user's own data and is in no submission.

    Args:
        output: the folder.
        submissions: the folder, the zip or the notebook that is graded.

    Raises:
        UnavailableError: it may be a student's, or it cannot be written.
    """
    root = submissions.parent if submissions.suffix.lower() == ".ipynb" else submissions
    output, root = Path(os.path.abspath(output)), Path(os.path.abspath(root))
    is_among = output.is_relative_to(root) or output.resolve().is_relative_to(root.resolve())
    folder = output.resolve()
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not is_among:
            return
        is_new = not any(folder.iterdir())
    mark = folder / MARK
    code = hmac.new(_key(), os.fsencode(folder), hashlib.sha256).hexdigest()
    if is_new:
        write_whole(mark, code)
    elif not hmac.compare_digest(_text(mark), code.encode()):
        raise UnavailableError(
            "a folder for results that is new, or that this user's grader has made",
            f"{output}, which lies among the submissions and may have been handed in",
            "name a folder outside of the submissions; if an earlier run of yours made this one, "
            "move it there and name it, and the run goes on",
        )


def _key() -> bytes:
    path = platformdirs.user_data_path("relukit", appauthor=False) / _KEY
    if len(key := _text(path)) == _CHARACTERS:
        return key
    with written(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, secrets.token_hex(_CHARACTERS // 2))
    return _text(path)


def _text(path: Path) -> bytes:
    """Return what a small file of ours holds; nothing where there is none, or no such file."""
    try:
        if path.is_symlink() or not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(_CHARACTERS)
    except OSError:
        return b""
