"""What lies in a folder, in a zip or in one notebook, in the same form."""

import os
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from relukit.errors import InvalidValueError, UnavailableError
from relukit.grading.submissions.entry import Entry, nothing
from relukit.grading.submissions.folder import regular_file, walk
from relukit.grading.submissions.zipped import MAX_MEMBERS, members

RESULTS = "it holds the results of a run of the grader, and no student's work"
_OF_RESULTS = "results.jsonl"
_OF_NBGRADER = ("autograded", "feedback", "source", "release")
_DATABASE = "gradebook.db"
Look = Callable[[tuple[str, ...], int], list[Entry]]


def open_submissions(path: Path, opened: ExitStack) -> Look:
    """Return a function from a folder inside and a depth to the entries below that folder.

    Args:
        path: a folder, a zip or a notebook.
        opened: what closes the zip when all has been read.

    Raises:
        UnavailableError: it cannot be read.
        InvalidValueError: it is none of the three, or holds more files than any class.
    """
    try:
        if path.is_dir():
            os.scandir(path).close()  # raises here and not later
            return lambda prefix, depth: walk(path.joinpath(*prefix), depth=depth)
        if path.suffix.lower() == ".ipynb" and path.exists():
            alone = regular_file(path.resolve())
            return lambda prefix, depth: [alone]
        file = opened.enter_context(path.open("rb"))
    except OSError as cause:
        raise UnavailableError(
            "a folder or a zip of submissions", f"{path}: {cause.strerror}", "correct the path"
        ) from cause
    try:
        entries = members(opened.enter_context(zipfile.ZipFile(file)))
    except Exception as cause:  # whatever a reader of arbitrary bytes may raise
        raise InvalidValueError(
            "a folder or a zip of submissions",
            f"{path}, a file that is neither a zip nor a notebook",
            "download it again, or unpack it and pass the folder",
        ) from cause
    if len(entries) > MAX_MEMBERS:
        raise InvalidValueError(
            f"at most {MAX_MEMBERS:,} files in a zip",
            f"{len(entries):,} in {path}",
            "unpack it and pass the folder",
        )

    def look(prefix: tuple[str, ...], depth: int) -> list[Entry]:
        start = len(prefix)
        below = (e.within(start) for e in entries if e.path[:start] == prefix != e.path)
        return [entry for entry in below if len(entry.path) <= depth]

    return look


def without_results(look: Look, path: Path, output: str | Path | None) -> Look:
    """Return the same function, where folders of results refuse to be anybody's.

    These are the run's own folder, a folder with a grader's results and no notebook, and what
    nbgrader has made beside its gradebook.

    Args:
        look: see `open_submissions`.
        path: the folder or the zip.
        output: the folder for results, or None.
    """
    own = Path(output).resolve() if output is not None else None
    root = path.resolve()

    def without(prefix: tuple[str, ...], depth: int) -> list[Entry]:
        entries = look(prefix, depth)
        tops = {entry.path[0] for entry in entries if entry.is_folder or len(entry.path) > 1}
        beside = any(entry.path == (_DATABASE,) for entry in entries)
        with_notebook = {entry.path[0] for entry in entries if entry.is_notebook or entry.is_zip}
        with_results = {e.path[0] for e in entries if e.path[1:] == (_OF_RESULTS,)}
        results = {
            top
            for top in tops
            if root.joinpath(*prefix, top) == own
            or (beside and top in _OF_NBGRADER)
            or (top in with_results and top not in with_notebook)
        }
        kept = [entry for entry in entries if entry.path[0] not in results]
        return kept + [Entry((top,), nothing, RESULTS, is_folder=True) for top in sorted(results)]

    return without
