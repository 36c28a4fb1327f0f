"""What each student is called: nobody is merged with another, and nobody in silence."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from relukit.grading.names import readable

_LONGEST = 200  # characters of a student's name
_SHOWN = 3  # names that a sentence gives


class Key(NamedTuple):
    """What tells students apart.

    Attributes:
        name: as a path gives it, in the composed form of Unicode.
        number: what the platform gives beside it, else "".
        platform: that the number is of, else "".
    """

    name: str
    number: str = ""
    platform: str = ""


def call(lessons: Mapping[Key, Collection[str]]) -> tuple[dict[Key, str], list[str]]:
    """Return what each student is called, and a sentence where one could be another.

    Two keys of one name are one student where only the number differs, the platform is one whose
    numbers change with each assignment, and no lesson was handed in twice; else their names end
    in their numbers. Names that differ in nothing that can be seen stay apart.

    Args:
        lessons: what was handed in, by key.

    Example:
        >>> one, two = Key("Jane", "1", "moodle"), Key("Jane", "7", "moodle")
        >>> call({one: ["02_definitions"], two: ["03_variants"]})[0][two]
        'Jane'
        >>> call({one: ["02_definitions"], two: ["02_definitions"]})[0][two]
        'Jane_7'
    """
    by_name: dict[str, list[Key]] = {}
    for key in sorted(lessons):
        by_name.setdefault(key.name, []).append(key)
    labels: dict[Key, str] = {}
    joined, alike = [], []
    for name, keys in by_name.items():
        clean = readable(name, limit=_LONGEST).strip() or "nameless"
        one = len(keys) == 1 or _is_one_person(keys, [lessons[key] for key in keys])
        labels |= {
            key: clean if one else "_".join(filter(None, (clean, key.number))) for key in keys
        }
        if one and len({key.number for key in keys}) > 1:
            joined.append(clean)
    called: dict[Key, str] = {}
    owner: dict[str, str] = {}  # of a label, the name as it was given
    for key in sorted(labels, key=lambda key: (labels[key] != key.name, key)):
        label = labels[key]
        if owner.get(label, key.name) != key.name:
            alike.append(label)
        while owner.setdefault(label, key.name) != key.name or (
            label in called.values() and label != labels[key]
        ):
            label += "_"
        called[key] = label
    return called, _sentences(joined, alike)


def _is_one_person(keys: Sequence[Key], lessons: Sequence[Collection[str]]) -> bool:
    """Return whether all have handed in something, and no two the same lesson."""
    every = [name for part in lessons for name in part]
    changing = {key.platform for key in keys} <= {"moodle", ""}
    return changing and all(lessons) and len(every) == len(set(every))


def _sentences(joined: Sequence[str], alike: Sequence[str]) -> list[str]:
    said = []
    if joined:
        said.append(
            f"of one name and several of the platform's numbers, taken for one student each, since "
            f"Moodle's numbers change with each assignment: {_some(joined)}"
        )
    if alike:
        said.append(
            f"names that look the same and differ in spaces or invisible characters, taken for "
            f"different students: {_some(alike)}"
        )
    return said


def merged(
    spelled: Mapping[Key, Collection[str]],
    around: Mapping[tuple[Key, str | None], Collection[tuple[str, ...]]],
) -> list[str]:
    """Return a sentence where names were taken for one student's that may be of two.

    Args:
        spelled: how each name is written where it stands.
        around: the folders and zips of several students in which each student's files for a lesson
            lie.
    """
    said = []
    forms = [key.name for key, names in spelled.items() if len(names) > 1]
    if forms:
        said.append(
            f"names that are written in two ways of Unicode, taken for one student each: "
            f"{_some([readable(name) for name in forms])}"
        )
    several = {key.name for (key, _), paths in around.items() if len(paths) > 1}
    if several:
        said.append(
            f"found in more than one of the folders or zips, and taken for one student each: "
            f"{_some([readable(name) for name in sorted(several)])}"
        )
    return said


def unordered(uploads: Mapping[Key, Mapping[str, int]]) -> list[str]:
    """Return a sentence where a platform's time of an upload cannot be read.

    Args:
        uploads: by student, the time of each upload by its folder's or file's name; 0 where it
            cannot be read.
    """
    lost = [key.name for key, times in uploads.items() if len(times) > 1 and 0 in times.values()]
    if not lost:
        return []
    return [
        f"several uploads whose times are written in a way that is not known, so the last may not "
        f"be the one that counts: {_some([readable(name) for name in lost])}"
    ]


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join([*names[:_SHOWN], f"and {more} more"] if more > 0 else names)
