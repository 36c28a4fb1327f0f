"""What lies in a folder or a zip: one student's work, or that of several."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from relukit.grading.submissions.entry import Entry
from relukit.grading.submissions.places import COURSE, EXERCISES, Reader
from relukit.grading.submissions.spare import is_version, words_of

_CERTAIN = ("moodle", "brightspace", "blackboard")  # names that nobody gives by hand


@dataclass(frozen=True)
class Shape:
    """What the names in a folder or a zip say about whose it is.

    Attributes:
        owners: students whom a platform names, with the platform.
        folders: names of folders that each hold a notebook of the same lesson.
        files: names that files give beside the same lesson.
        loose: names of files that may be of several students, or of one.
        plain: whether it looks like one student's: notebooks lie in it that name nobody.
        below: whether it has a folder that is named after a lesson, as one student's has.
    """

    owners: frozenset[tuple[str, str]] = frozenset()
    folders: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    plain: bool = False
    below: bool = False


def shape_of(entries: Iterable[Entry], reader: Reader, lesson: str | None = None) -> Shape:
    """Return what the names in a folder or a zip say.

    Args:
        entries: of all levels, as seen from there.
        reader: that has learnt from them.
        lesson: that a zip is named after, which then is a lesson's folder.
    """
    owners: set[tuple[str, str]] = set()
    folders: dict[str, set[str]] = {}
    files: dict[str, set[str]] = {}
    loose: set[str] = set()
    plain = below = False
    for entry in entries:
        deeper = len(entry.path) > 1
        of_lesson = reader.lesson(entry.path[0]) if deeper else None
        below = below or of_lesson is not None
        entry, of_lesson = entry.within(1) if of_lesson else entry, of_lesson or lesson
        name, deeper, is_work = (
            entry.path[0],
            len(entry.path) > 1,
            entry.is_notebook or entry.is_zip,
        )
        if not deeper and (owner := reader.owner(entry)):
            owners.add((owner.platform, owner.display_name or owner.name))
        elif not deeper and is_work:
            who, said = reader.who(entry)
            if not who or is_version(who):
                plain = True
            elif said := said or of_lesson:
                files.setdefault(said, set()).add(who)
            else:
                loose.add(who)
        elif deeper and is_work:
            who = reader.login(name)
            if who or not (COURSE.fullmatch(name) or reader.lesson(name) or is_version(name)):
                if said := reader.lesson_of(entry) or of_lesson:
                    folders.setdefault(said, set()).add(who or name)
            else:
                plain = plain or name == EXERCISES
    return Shape(frozenset(owners), _most(folders), _most(files), frozenset(loose), plain, below)


def _most(kinds: Mapping[str, set[str]]) -> frozenset[str]:
    most: set[str] = max(kinds.values(), key=len, default=set())
    return frozenset(most)


def groups_among(
    shapes: Mapping[str, Shape], *, alone: bool
) -> tuple[set[str], dict[str, frozenset[str]]]:
    """Return the names that hold several students, and those that may, with what is in them.

    Args:
        shapes: of folders and zips that lie side by side.
        alone: whether nothing else lies beside them.

    Example:
        >>> mon, ann = Shape(folders=frozenset({"ada", "bob"})), Shape(plain=True)
        >>> groups_among({"Mon": mon}, alone=True)[0]
        {'Mon'}
        >>> groups_among({"Mon": mon, "Ann": ann}, alone=False)[0]
        set()
    """
    own = any(shape.plain and not shape.owners for shape in shapes.values())
    groups = {
        top
        for top, shape in shapes.items()
        if len({name for _, name in shape.owners}) > 1
        or (not own and any(platform in _CERTAIN for platform, _ in shape.owners))
    }
    if groups and not own:
        groups |= {top for top, shape in shapes.items() if shape.owners}
    others = {top: shape for top, shape in shapes.items() if top not in groups}
    plain = any(shape.plain for shape in others.values())
    given = Counter(name for shape in others.values() for name in _names(shape))
    by_hand, unclear = set(), {}
    for top, shape in others.items():
        names = _names(shape)
        alike = any(set(words_of(name)) & set(words_of(top)) for name in names)
        clear = not plain and not alike and all(given[name] == 1 for name in names)
        if len(names) > 1 and clear and (alone or not shape.below):
            by_hand.add(top)
        elif len(names | shape.loose) > 1:
            unclear[top] = names | shape.loose
    if by_hand:
        small = {top for top, shape in others.items() if _names(shape) and not shape.loose}
        by_hand |= small - unclear.keys()
    return groups | by_hand, unclear


def _names(shape: Shape) -> frozenset[str]:
    return max(shape.folders, shape.files, key=len)
