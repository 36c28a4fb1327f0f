"""All submissions of a class, from a folder or a zip, whatever is in it."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from relukit.checks.registry import LESSONS, tasks
from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError, unknown_name
from relukit.grading.course import course_folder, released
from relukit.grading.names import readable
from relukit.grading.submission import Submission
from relukit.grading.submissions.answers import Released
from relukit.grading.submissions.entry import Entry
from relukit.grading.submissions.folder import MAX_DEPTH
from relukit.grading.submissions.handed_in import Course, HandedIn, hand_in
from relukit.grading.submissions.listing import Look, open_submissions
from relukit.grading.submissions.places import Place, Reader
from relukit.grading.submissions.roster import Roster, read_roster

_LONGEST = 200  # characters of a student's name
_WRAPPERS = 3  # folders around the submissions
Key = tuple[str, str]  # a student's name, and the number that the platform gives beside it


def collect(
    path: str | Path,
    *,
    lesson: str | None = None,
    names: str | Path | None = None,
    set_ups: Mapping[str, str] | None = None,
) -> tuple[Submission, ...]:
    """Return what every student has handed in, for each lesson of the run.

    A file's student and lesson are read off its path:

    - nbgrader's layout `submitted/<student>/<lesson>/<lesson>.ipynb`, from any of its folders;
    - a folder for each student, as from Moodle (`Jane Doe_123_assignsubmission_file_/`);
    - files side by side, as from Canvas (`doejane_LATE_123_456_02_definitions-1.ipynb`; the
      student is `doejane_123`) or by hand (`jane-02_definitions.ipynb`, `jane.ipynb`);
    - each of these inside folders that are named after lessons.

    Where the path names no lesson, the answer cells do. A zip among the files is one student's.
    Of several files for one student and lesson one counts (see `hand_in`), and the note names the
    others. Moodle's numbers change with each assignment, so one name is one student, except where
    a lesson has it twice; those students' names then end in their numbers.

    Nothing is unpacked or run, no symbolic link is followed, and what cannot be used is a problem
    of that student alone.

    Args:
        path: a folder, a zip, or one notebook.
        lesson: the only lesson of the run, such as "02_definitions"; None for all lessons that
            somebody has handed in.
        names: a CSV file with the columns file, student and, if wanted, lesson, which wins over
            the paths.
        set_ups: the source of the course's cell with imports, by lesson. With it, names that a
            student has added to that cell are among `Submission.elsewhere`.

    Returns:
        One submission for each student and lesson, sorted by both; where nothing was handed in,
        one whose problem says so.

    Raises:
        InvalidTypeError: path is no path.
        InvalidValueError: a lesson is unknown, the zip is damaged, there is no notebook at all,
            or no file says which lesson it answers.
        UnavailableError: path or names cannot be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     source = '{"cells": [{"cell_type": "code", "source": "def relu(x): return x"}]}'
        ...     _ = Path(folder, "ada-02_definitions.ipynb").write_text(source)
        ...     found, = collect(folder)
        >>> found.student, found.answers["relu"]
        ('ada', 'def relu(x): return x')
    """
    if not isinstance(path, str | Path):
        raise InvalidTypeError("a path", f"a {type(path).__name__}", "pass a folder or a zip")
    if lesson is not None and lesson not in LESSONS:
        raise unknown_name("lesson", lesson, LESSONS)
    path = Path(path)
    roster = read_roster(Path(names)) if names is not None else Roster()
    nameless = path.resolve().name if path.is_dir() else path.stem
    lessons = {name: [task.name for task in tasks(name)] for name in LESSONS}
    course = Course(lessons, set_ups or {}, Reader(LESSONS, nameless), _released())
    with ExitStack() as opened:
        look = open_submissions(path, opened)
        files = _by_student(look, course.reader, roster)
        found = {key: hand_in(entries, course) for key, entries in files.items()}
    of_run = _lessons(path, lesson, found.values())
    for file in sorted(roster.unused):
        said = f"the list of names has {readable(file)}, which was not handed in"
        key = (_clean(roster.rows[file][0]), "")
        found.setdefault(key, HandedIn()).rest.append(("", said))
    called = _called(found)
    merged: dict[str, HandedIn] = {}
    for key, handed_in in found.items():
        one = merged.setdefault(called[key], HandedIn())
        one.submissions |= handed_in.submissions
        one.rest += handed_in.rest
    return tuple(
        replace(merged[student].submission(name), student=student)
        for student in sorted(merged)
        for name in of_run
    )


def _released() -> dict[str, Released]:
    try:
        return released(course_folder())
    except UnavailableError:  # the course is not here: stubs are known by their form alone
        return {}


def _by_student(look: Look, reader: Reader, roster: Roster) -> dict[Key, list[tuple[Place, Entry]]]:
    """Return the files by the student's name and number."""
    prefix: tuple[str, ...] = ()
    while len(prefix) < _WRAPPERS and (wrapper := reader.wrapper(look(prefix, 2))):
        prefix = (*prefix, wrapper)
    found: dict[Key, list[tuple[Place, Entry]]] = {}
    for entry in look(prefix, MAX_DEPTH):
        place = reader.place(entry)
        if known := roster.look_up((*prefix, *entry.path), entry.path):
            place = _mapped(place, *known)
        if place is not None:
            key = (_clean(place.name), place.number)
            found.setdefault(key, []).append((place, entry))
    return found


def _mapped(place: Place | None, student: str, lesson: str | None) -> Place:
    place = replace(place or Place(student), name=student, number="")
    return replace(place, lesson=lesson, sureness=3) if lesson else place


def _clean(name: str) -> str:
    return readable(unicodedata.normalize("NFC", name), limit=_LONGEST).strip() or "nameless"


def _lessons(path: Path, lesson: str | None, found: Iterable[HandedIn]) -> tuple[str, ...]:
    """Return the lessons of the run in their order."""
    found = list(found)
    if not any(one.submissions or any(file for file, _ in one.rest) for one in found):
        raise InvalidValueError(
            "submissions: notebooks, or zips that hold some",
            f"{path} without any",
            "pass the folder or the zip that they lie in",
        )
    handed_in = {name for one in found for name in one.submissions}
    if lesson is None and not handed_in:
        raise InvalidValueError(
            "notebooks that say which lesson they answer",
            f"{path}, where neither names nor contents do",
            f"name the lesson, one of {', '.join(LESSONS)}",
        )
    return tuple(name for name in LESSONS if name == lesson or (not lesson and name in handed_in))


def _called(found: Mapping[Key, HandedIn]) -> dict[Key, str]:
    """Return what each student is called; two keys that are one person get one name."""
    by_name: dict[str, list[Key]] = {}
    for key in sorted(found):
        by_name.setdefault(key[0], []).append(key)
    called: dict[Key, str] = {}
    for name, keys in by_name.items():
        labels = [name] * len(keys)
        if len(keys) > 1 and not _is_one_person([found[key].submissions for key in keys]):
            labels = ["_".join(filter(None, key)) for key in keys]
        taken = set(called.values())
        for key, label in zip(keys, labels, strict=True):
            while label in taken:
                label += "_"
            called[key] = label
    return called


def _is_one_person(lessons: Sequence[Collection[str]]) -> bool:
    """Return whether all have handed in something, and no two the same lesson."""
    every = [name for part in lessons for name in part]
    return all(lessons) and len(every) == len(set(every))
