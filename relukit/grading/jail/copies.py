"""Where a jail shows a copy of the course: looked for in there, by the Python that runs answers.

The text of this file is what runs in the jail, so it needs nothing but the standard library: which
relukit is imported in there, and whether any is, is what it finds out.
"""

import importlib.util
import json
import os
import sys

PACKAGE = "relukit"
ANSWERS = ("lessons", "checks")  # a package with one of them is a copy; the second held them once
_OF_COURSE = (  # what lies beside the package and shows answers or tests them
    *("solutions", "tests", "exercises", "build", "dist", "benchmarks", "tools"),
    *("source", "release", "submitted", "autograded", "feedback", "gradebook.db"),
)
_ARCHIVES = (".whl", ".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".egg")
_REPOSITORY = {"HEAD", "objects", "refs"}
_SOLVED = (b"BEGIN SOLUTION", b"relukit")  # what a notebook with answers has in it
_CACHE = "__pycache__"  # nothing but what stands beside it
_SKIPPED = ("/proc", "/dev", "/sys")  # hold no files of anybody
_LARGEST = 2**24  # bytes of a notebook


def secret(root: str, package: str, lessons: frozenset[str]) -> list[str]:
    """Return the files and folders under a root that answers could be read from.

    Args:
        root: an absolute path.
        package: the folder of the relukit that answers import, which is hidden in part.
        lessons: the names of the lessons' folders.
    """
    found, waiting = [], [root]
    while waiting:
        folder = waiting.pop()
        folders, files = _listed(folder)
        place = folder.rstrip("/") + "/"
        here = set()
        if folders | files >= _REPOSITORY:
            here = folders | files
        if _is_copy(place, folders) and ("pyproject.toml" in files or ".git" in folders | files):
            here |= {name for name in _OF_COURSE if name in folders | files}
        here |= {name for name in folders if name == ".git" or name in lessons}
        here |= {name for name in files if _shows(place, name)}
        if place + PACKAGE != package and _is_copy(place, folders):
            here.add(PACKAGE)
        found += [place + name for name in here]
        if folder != package:  # it has no copy in it: what it may show is told apart elsewhere
            there = (place + name for name in folders - here - {_CACHE})
            waiting += [path for path in there if path not in _SKIPPED]
    return sorted(found)


def _listed(folder: str) -> tuple[set[str], set[str]]:
    folders: set[str] = set()
    files: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                (folders if entry.is_dir(follow_symlinks=False) else files).add(entry.name)
    except OSError:  # what this user cannot read, answers cannot
        pass
    return folders, files


def _is_copy(place: str, folders: set[str]) -> bool:
    inside = [f"{place}{PACKAGE}/{name}" for name in ANSWERS]
    return PACKAGE in folders and any(map(os.path.isdir, inside))


def _shows(place: str, name: str) -> bool:
    if name.endswith(_ARCHIVES):
        return PACKAGE in name
    if not name.endswith(".ipynb"):
        return False
    try:
        with open(place + name, "rb") as file:
            text = file.read(_LARGEST)
    except OSError:
        return False
    return all(words in text for words in _SOLVED)


def main() -> None:
    """Print what the first argument, as JSON, asks for: which relukit, and what shows answers."""
    asked = json.loads(sys.argv[1])
    spec = importlib.util.find_spec(PACKAGE)
    origin = spec.origin if spec else None
    if origin is not None:
        __import__("numpy")
        __import__("relukit.grading")
    roots, package, lessons = asked["roots"], asked["package"], frozenset(asked["lessons"])
    found = [path for root in roots for path in secret(root, package, lessons)]
    sys.stdout.write(json.dumps({"relukit": origin, "secret": found}) + "\n")


if __name__ == "__main__":
    main()
