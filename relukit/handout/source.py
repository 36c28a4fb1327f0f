"""Where the course's own files are: in the checkout, or in the package where a wheel brought them.

A wheel has them in `files/` beside this module, where setup.py put them; an editable installation
finds those of its checkout, so that nothing is there twice.
"""

import tomllib
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_CARRIED = Path(__file__).parent / "files"
_LISTS = Path(__file__).parent / "carried.toml"


def root() -> Path:
    """Return the folder that holds the course's `notebooks/`, `exercises/` and `solutions/`."""
    return _CARRIED if _CARRIED.is_dir() else _PACKAGE.parent


def checkout() -> Path | None:
    """Return the repository that this package lies in, or None where a wheel brought it."""
    return None if _CARRIED.is_dir() else _PACKAGE.parent


def offered(*, answers: bool = False) -> dict[str, Path]:
    """Return what is laid into a learner's folder: the files by their names there, sorted.

    Args:
        answers: whether the model answers are among them.

    Example:
        >>> "exercises/02_definitions/02_definitions.ipynb" in offered()
        True
        >>> [name for name in offered() if name.startswith("solutions/")]
        []
    """
    lists = tomllib.loads(_LISTS.read_text(encoding="utf-8"))
    wanted = [*lists["learners"], *(lists["answers"] if answers else ())]
    found = _matching(root(), wanted) | _matching(_PACKAGE.parent, lists["linked"])
    return dict(sorted(found.items()))


def _matching(folder: Path, patterns: list[str]) -> dict[str, Path]:
    """Return files below a folder by their names there, without what a program has hidden."""
    paths = (path for pattern in patterns for path in folder.glob(pattern))
    named = ((path.relative_to(folder), path) for path in paths)
    return {
        name.as_posix(): path for name, path in named if not any(p[0] == "." for p in name.parts)
    }
