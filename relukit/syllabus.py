"""The lessons of the course and their tasks, in order, and where the package holds them.

Each lesson has a folder in relukit/lessons with a file lesson.toml, which this reads.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_FOLDER = Path(__file__).parent / "lessons"


def _read() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the folder and the tasks of each lesson, in the lessons' order."""
    found = {}
    for path in _FOLDER.glob("*/lesson.toml"):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        found[entry["name"]] = path.parent.name, tuple(entry["tasks"])
    return dict(sorted(found.items()))


_ENTRIES = _read()

# the name of each lesson, such as "04_dying_relu", and its folder in relukit/lessons, "dying"
LESSONS: Mapping[str, str] = MappingProxyType({name: e[0] for name, e in _ENTRIES.items()})

# the names of each lesson's tasks, in the order of its exercises; each has a file of its name
TASKS: Mapping[str, tuple[str, ...]] = MappingProxyType({n: e[1] for n, e in _ENTRIES.items()})


def folder(lesson: str) -> Path:
    """Return the folder of a lesson, where its claims, experiments, figures and tasks stand.

    Args:
        lesson: a key of LESSONS.

    Example:
        >>> folder("04_dying_relu").name
        'dying'
    """
    return _FOLDER / LESSONS[lesson]


def module(lesson: str) -> str:
    """Return the importable name of a lesson's folder.

    Args:
        lesson: a key of LESSONS.

    Example:
        >>> module("04_dying_relu")
        'relukit.lessons.dying'
    """
    return f"relukit.lessons.{LESSONS[lesson]}"
