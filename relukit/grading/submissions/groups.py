"""Folders and zips that hold several students, such as a section's or a platform's download."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from relukit.grading.names import readable
from relukit.grading.submissions.entry import (
    HIDDEN,
    MAX_DOWNLOAD,
    MAX_ZIP,
    MEBIBYTE,
    Allowance,
    Entry,
    Unusable,
    nothing,
)
from relukit.grading.submissions.listing import RESULTS
from relukit.grading.submissions.place import Place
from relukit.grading.submissions.places import Reader
from relukit.grading.submissions.shape import groups_among, shape_of
from relukit.grading.submissions.zipped import of_student

_DEPTH = 3  # groups inside each other
_MAX_GROUPS = 200  # a group that is a zip stays open
_SHOWN = 3  # names that a sentence gives
Known = Callable[[tuple[str, ...]], bool]


@dataclass(frozen=True)
class Group:
    """Entries among which each name of the top level is another student.

    Attributes:
        path: of the folder or the zip; () for the whole.
        entries: as seen from there.
        reader: has learnt from the entries.
        lesson: that the name of the folder or the zip says.
    """

    path: tuple[str, ...]
    entries: Sequence[Entry]
    reader: Reader
    lesson: str | None = None

    def place(self, entry: Entry) -> Place | None:
        """Return what the path of an entry says, as `Reader.place` does."""
        place = self.reader.place(entry)
        if place is None or not self.path:
            return place
        if place.lesson is None and self.lesson:
            place = replace(place, lesson=self.lesson, sureness=1)
        return replace(place, nested=len(self.path))


@dataclass
class _Found:
    groups: list[Group] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def split(
    entries: Sequence[Entry], reader: Reader, opened: ExitStack, known: Known
) -> tuple[list[Group], list[str]]:
    """Return the groups that entries fall into, and what to say about it.

    A folder or a zip holds several students where names in it have the forms of a platform, where
    several folders in it each hold a notebook of one lesson, or where files give several names
    beside one lesson. A name that itself says whose it is, in a platform's form, holds none but
    that student, whatever is in it: what lies in it is the student's own choice. Where one student
    may as well have made it, it is one student's, and a sentence says so.

    Args:
        entries: of all levels.
        reader: that has learnt from them.
        opened: what closes zips when all has been read.
        known: returns whether a list of names says whose a path is.
    """
    found = _Found()
    rest = _split(entries, reader, opened, known, found, (), None)
    found.groups.insert(0, Group((), rest, reader))
    said = []
    if found.opened:
        said.append(
            f"holding the work of several students, and so taken for nobody's own: "
            f"{_some(found.opened)}"
        )
    if found.unclear:
        said.append(
            f"holding several notebooks that may be one student's or those of several, and taken "
            f"for one student's: {_some(found.unclear)}; say whose they are with --names"
        )
    return found.groups, said


def _split(
    entries: Sequence[Entry],
    reader: Reader,
    opened: ExitStack,
    known: Known,
    found: _Found,
    path: tuple[str, ...],
    lesson: str | None,
) -> list[Entry]:
    """Collect the groups in a folder, and return the entries that lie in none."""
    by_top: dict[str, list[Entry]] = {}
    for entry in entries:
        by_top.setdefault(entry.path[0], []).append(entry)
    shapes = {}
    for top, part in by_top.items():
        if len(path) < _DEPTH and not known((*path, top)) and not reader.is_owned(part[0]):
            with ExitStack() as peeked:
                around, below, own = _inside(top, part, reader, peeked)
                lesson_of_zip = reader.lesson(around[0]) if part[0].is_zip else None
                shapes[top] = shape_of(below, own, lesson_of_zip)
    groups, unclear = groups_among(shapes, alone=len(by_top) == 1)
    rest = []
    for top, part in by_top.items():
        is_lesson = reader.lesson(top) is not None
        is_group = top in groups and not is_lesson and len(found.groups) < _MAX_GROUPS
        if top not in shapes or not (is_group or is_lesson):
            rest += part
        else:
            around, below, own = _inside(top, part, reader, opened)
            names = (*path, top, *around[1:])
            named = reader.lesson_in(around[0]) or lesson
            place, before = len(found.opened), len(found.groups)
            left = _split(below, own, opened, known, found, names, named)
            if is_group or len(found.groups) > before:
                found.groups.append(Group(names, left, own, named))
            else:
                rest += part
            if is_group:
                found.opened.insert(place, readable("/".join(names)))
        if top in unclear and not is_lesson:
            shown = readable("/".join((*path, top)))
            found.unclear.append(f"{shown} ({_some(sorted(map(readable, unclear[top])))})")
    return rest


def _below(part: Sequence[Entry], opened: ExitStack) -> list[Entry]:
    """Return what lies in a folder, or in a zip, which is opened."""
    first = part[0]
    if not first.is_zip or first.refused:
        return [entry.within(1) for entry in part if len(entry.path) > 1]
    try:
        allowance = Allowance()  # of its own: nobody's yet
        file = opened.enter_context(first.open())
        if not file.seekable():
            file = opened.enter_context(allowance.spooled(first, MAX_ZIP))
        if file.seek(0, 2) > MAX_DOWNLOAD * MEBIBYTE:
            return []
        found = of_student(file, allowance)
        folders = {e.path[:n] for e in found for n in range(1, min(len(e.path), _DEPTH + 1))}
        folders -= {e.path for e in found}
        return found + [Entry(path, nothing, is_folder=True) for path in sorted(folders)]
    except (Unusable, OSError):  # said where it is taken for a student's
        return []


def _inside(
    top: str, part: Sequence[Entry], reader: Reader, opened: ExitStack
) -> tuple[tuple[str, ...], list[Entry], Reader]:
    """Return the folders around what lies in a folder or a zip, what lies there, and a reader."""
    around: tuple[str, ...] = (part[0].stem if part[0].is_zip else top,)
    below = [e for e in _below(part, opened) if e.refused not in (HIDDEN, RESULTS)]
    own = reader.of(around[0])
    while len(around) < _DEPTH and (wrapper := own.wrapper(e for e in below if len(e.path) < 3)):
        around = (*around, wrapper)
        below = [e.within(1) for e in below if e.path[0] == wrapper and len(e.path) > 1]
    own.learn(below)
    return around, below, own


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join([*names[:_SHOWN], f"and {more} more"] if more > 0 else names)
