"""Where this process may make cgroups: the trees that the kernel shows, of version 2 and 1."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NEEDED = ("memory", "pids")
_WANTED = (*_NEEDED, "cpu")
_ESCAPED = re.compile(r"\\([0-7]{3})")  # of spaces in the paths of mounts


@dataclass(frozen=True)
class Hierarchy:
    """A tree of cgroups in which this process may make some.

    Attributes:
        folder: where.
        version: 1 or 2.
        controllers: what they control, out of "memory", "pids" and "cpu".
    """

    folder: Path
    version: int
    controllers: tuple[str, ...]


def candidates(proc: Path = Path("/proc/self")) -> Iterator[tuple[Hierarchy, ...]]:
    """Yield sets of hierarchies that may do, the nearest to this process's own group first.

    Args:
        proc: what the kernel says of this process.
    """
    places, own = mounts(proc), _own(proc)
    for root, mount, kind, _ in places:
        if kind == "cgroup2" and "" in own:
            yield from _of_version_2(mount, _below(mount, root, own[""]))
    first = {}
    for root, mount, kind, options in places:
        for controller in _WANTED:
            if kind == "cgroup" and controller in options and controller in own:
                first[controller] = _below(mount, root, own[controller])
    if all(controller in first for controller in _NEEDED):
        folders = dict.fromkeys(first.values())
        yield tuple(
            Hierarchy(folder, 1, tuple(c for c in _WANTED if first.get(c) == folder))
            for folder in folders
        )


def _of_version_2(mount: Path, own: Path) -> Iterator[tuple[Hierarchy, ...]]:
    """Go up from this process's own group: below which one are memory and pids controlled?

    The kernel controls what is below a group that holds processes itself only at the very top.
    """
    for folder in (own, *own.parents):
        if not folder.is_relative_to(mount):
            return
        _enable(folder)
        controlled = words_in(folder / "cgroup.subtree_control")
        if set(_NEEDED) <= controlled:
            yield (Hierarchy(folder, 2, tuple(c for c in _WANTED if c in controlled)),)


def _enable(folder: Path) -> None:
    missing = set(_WANTED) - words_in(folder / "cgroup.subtree_control")
    for controller in missing & words_in(folder / "cgroup.controllers"):
        with contextlib.suppress(OSError):
            (folder / "cgroup.subtree_control").write_text(f"+{controller}")


def words_in(path: Path) -> set[str]:
    """Return the words of a file, none where it cannot be read."""
    try:
        return set(path.read_text().split())
    except OSError:
        return set()


def mounts(proc: Path) -> list[tuple[str, Path, str, list[str]]]:
    """Return root, place, kind and options of what is mounted."""
    found = []
    with contextlib.suppress(OSError):
        for line in (proc / "mountinfo").read_text().splitlines():
            before, _, after = line.partition(" - ")
            root, place = before.split()[3:5]
            place = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), place)
            found.append((root, Path(place), after.split()[0], after.split()[-1].split(",")))
    return found


def _own(proc: Path) -> dict[str, str]:
    """Return the path of this process's own group by controller; that of version 2 by ""."""
    found: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in (proc / "cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            found |= dict.fromkeys(controllers.split(","), path)
    return found


def _below(mount: Path, root: str, path: str) -> Path:
    """Return the folder of a group; where it lies outside of what is mounted, the top."""
    if Path(path).is_relative_to(root):
        folder = mount / Path(path).relative_to(root)
        if folder.is_dir():
            return folder
    return mount
