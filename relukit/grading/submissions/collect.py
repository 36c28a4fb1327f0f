"""All submissions of a class, from a folder or a zip, whatever is in it."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from relukit.checks.registry import tasks
from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError
from relukit.grading.course import course_folder, lesson_named, released, texts_to_read
from relukit.grading.names import readable
from relukit.grading.submission import Submission
from relukit.grading.submissions.answers import Released
from relukit.grading.submissions.choice import Course, shown
from relukit.grading.submissions.entry import HIDDEN, Entry
from relukit.grading.submissions.folder import MAX_DEPTH
from relukit.grading.submissions.groups import split
from relukit.grading.submissions.handed_in import HandedIn, hand_in
from relukit.grading.submissions.listing import RESULTS, Look, open_submissions, without_results
from relukit.grading.submissions.naming import Key, call, merged, unordered
from relukit.grading.submissions.place import Place
from relukit.grading.submissions.places import OF_COURSE, Reader
from relukit.grading.submissions.platforms import Owner
from relukit.grading.submissions.roster import Roster, read_roster
from relukit.syllabus import LESSONS

_WRAPPERS = 3  # folders around the submissions


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

    Where the path names no lesson, the answer cells do. A zip among the files is one student's, and
    so is a folder, but where it holds several students, see `groups.split`.
    Of several files for one student and lesson one counts (see `hand_in`), and the note names the
    others. Moodle's numbers change with each assignment, so one name is one student, except where
    a lesson has it twice; those students' names then end in their numbers.

    Nothing is unpacked or run, no symbolic link is followed, and what cannot be used is a problem
    of that student alone.

    Args:
        path: a folder, a zip, or one notebook.
        lesson: the only lesson of the run, such as "02_definitions", "2" or "definitions"; None
            for all lessons that somebody has handed in.
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
    return gather(path, lesson=lesson, names=names, set_ups=set_ups).submissions


@dataclass(frozen=True)
class Gathered:
    """What lies in a folder or a zip of submissions.

    Attributes:
        submissions: see `collect`.
        problems: a sentence for each thing that may be a student's and was taken for none, and for
            each two that may be one student or two.
    """

    submissions: tuple[Submission, ...]
    problems: tuple[str, ...]


def gather(
    path: str | Path,
    *,
    lesson: str | None = None,
    names: str | Path | None = None,
    set_ups: Mapping[str, str] | None = None,
    output: str | Path | None = None,
) -> Gathered:
    """Return what `collect` does, and what there is to say about it.

    Args:
        path: see `collect`, as for the other arguments.
        lesson: the only lesson of the run.
        names: a CSV file that says whose file is whose.
        set_ups: the source of the course's cell with imports, by lesson.
        output: the folder for results, which is no student's where it lies among the submissions.

    Raises:
        RelukitError: see `collect`.
    """
    path = Path(path)
    lesson = lesson_named(lesson)
    roster = read_roster(Path(names)) if names is not None else Roster()
    nameless = path.resolve().name if path.is_dir() else path.stem
    lessons = {name: [task.name for task in tasks(name)] for name in LESSONS}
    course = Course(lessons, set_ups or {}, Reader(LESSONS, nameless), *_of_course())
    with ExitStack() as opened:
        look = without_results(open_submissions(path, opened), path, output)
        files, problems = _by_student(look, course.reader, roster, opened)
        found = {key: hand_in(entries, course) for key, entries in files.items()}
    for key in [key for key in found if key.name in (nameless, *OF_COURSE)]:
        if len(found) > 1 and found[key].is_courses(course):
            problems.append(f"{shown(files[key][0][1])} is the course's own and taken for nobody's")
            del found[key]
    of_run = _lessons(path, lesson, found.values())
    for file in sorted(roster.unused):
        said = f"the list of names has {readable(file)}, which was not handed in"
        key = Key(unicodedata.normalize("NFC", roster.rows[file][0]))
        found.setdefault(key, HandedIn()).rest.append(("", said))
    called, merged_by_hand = call({key: one.submissions for key, one in found.items()})
    whole: dict[str, HandedIn] = {}
    owners: dict[str, Owner] = {}
    for key, handed_in in found.items():
        one = whole.setdefault(called[key], HandedIn())
        one.submissions |= handed_in.submissions
        one.rest += handed_in.rest
        one.remarks |= handed_in.remarks
        places = (place.owner for place, _ in files.get(key, ()))
        owners.setdefault(called[key], next(filter(None, places), Owner("", "")))
    submissions = tuple(
        _owned(whole[student].submission(name), student, owners[student])
        for student in sorted(whole)
        for name in of_run
    )
    return Gathered(submissions, (*problems, *merged_by_hand))


def _owned(submission: Submission, student: str, owner: Owner) -> Submission:
    names = ("platform", "display_name", "user_id", "login")
    return replace(submission, student=student, **{name: getattr(owner, name) for name in names})


def _of_course() -> tuple[dict[str, Released], Callable[[str], frozenset[str]]]:
    try:
        folder = course_folder()
    except UnavailableError:  # the course is not here: stubs are known by their form alone
        return {}, lambda lesson: frozenset()
    return released(folder), cache(partial(texts_to_read, folder))


def _by_student(
    look: Look, reader: Reader, roster: Roster, opened: ExitStack
) -> tuple[dict[Key, list[tuple[Place, Entry]]], list[str]]:
    """Return the files by the student's name and number, and what was passed over."""
    prefix: tuple[str, ...] = ()
    while len(prefix) < _WRAPPERS and (wrapper := reader.wrapper(_seen(look(prefix, 2)))):
        prefix = (*prefix, wrapper)
    found: dict[Key, list[tuple[Place, Entry]]] = {}
    entries = look(prefix, MAX_DEPTH)
    problems = [
        f"{readable('/'.join((*prefix, *entry.path)))} was passed over: {entry.refused}"
        for entry in entries
        if entry.refused in (HIDDEN, RESULTS) and len(entry.path) == 1
    ]
    entries = [e for e in entries if e.refused not in (HIDDEN, RESULTS) or len(e.path) > 1]
    reader.learn(_seen(entries))
    known = lambda path: roster.has((*prefix, *path), path)  # noqa: E731
    groups, said = split(entries, reader, opened, known)
    problems += said
    nameless: list[str] = []
    spelled: dict[Key, set[str]] = {}
    around: dict[tuple[Key, str | None], set[tuple[str, ...]]] = {}
    uploads: dict[Key, dict[str, int]] = {}
    for group in groups:
        for entry in group.entries:
            whole = (*group.path, *entry.path)
            place = group.place(entry)
            if row := roster.look_up((*prefix, *whole), whole, entry.path):
                place = _mapped(place, *row)
            elif place and place.name == group.reader.nameless and len(entry.path) == 1:
                nameless.append(whole[-1])
            if place is not None:
                platform = place.owner.platform if place.owner and place.number else ""
                key = Key(unicodedata.normalize("NFC", place.name), place.number, platform)
                found.setdefault(key, []).append((place, replace(entry, path=whole)))
                spelled.setdefault(key, set()).add(place.name)
                if platform == "brightspace":
                    uploads.setdefault(key, {})[entry.path[0]] = place.upload
                if not entry.is_folder:
                    around.setdefault((key, place.lesson), set()).add(group.path)
    if len(nameless) > 1:
        told = ", ".join(readable(name, limit=80) for name in nameless[:3])
        problems.append(
            f"{len(nameless)} files say no student's name ({told}), so all were taken for one "
            f"student, {readable(reader.nameless)}: say whose they are with --names"
        )
    return found, [*problems, *merged(spelled, around), *unordered(uploads)]


def _seen(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.refused not in (HIDDEN, RESULTS)]


def _mapped(place: Place | None, student: str, lesson: str | None) -> Place:
    place = replace(place or Place(student), name=student, number="", owner=None)
    return replace(place, lesson=lesson, sureness=3, is_given=True) if lesson else place


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
