"""What one student has handed in, reduced to one submission for each lesson."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from relukit.grading.names import readable
from relukit.grading.submission import Submission
from relukit.grading.submissions.answers import read_answers
from relukit.grading.submissions.cells import Cell, lesson_of, read_cells
from relukit.grading.submissions.entry import MAX_NOTEBOOK, MAX_ZIP, Allowance, Entry, Unusable
from relukit.grading.submissions.places import Place, Reader
from relukit.grading.submissions.zipped import of_student

_TOLD = 3  # files that a note names
_SHOWN = 120  # characters of a file's path
NOTHING = "no notebook for this lesson was handed in"


@dataclass(frozen=True)
class Course:
    """What is known of the course.

    Attributes:
        lessons: the names of the tasks by lesson.
        set_ups: the source of the course's cell with imports, by lesson.
        reader: reads paths.
    """

    lessons: Mapping[str, Sequence[str]]
    set_ups: Mapping[str, str]
    reader: Reader


@dataclass
class HandedIn:
    """What was found of one student.

    Attributes:
        submissions: by lesson; the student's name is still to be filled in.
        rest: what belongs to no lesson: a notebook's, a zip's or a folder's name and why it cannot
            be used, or "" and a remark.
    """

    submissions: dict[str, Submission] = field(default_factory=dict)
    rest: list[tuple[str, str]] = field(default_factory=list)

    def submission(self, lesson: str) -> Submission:
        """Return the submission for a lesson, also where none was handed in."""
        if lesson in self.submissions:
            return self.submissions[lesson]
        unusable = [(file, why) for file, why in self.rest if file]
        if not self.submissions and unusable:
            (file, why), *others = unusable
            return Submission("", lesson, file, problem=why, note=_list(others))
        told = unusable if self.submissions else self.rest
        return Submission("", lesson, problem=NOTHING, note=_list(told))


def hand_in(files: Sequence[tuple[Place, Entry]], course: Course) -> HandedIn:
    """Read what one student has handed in.

    Of several files for one lesson one counts. Files whose path names the lesson come before
    those recognised by their cells; then the last upload counts, by the platform's number; then
    the one named most plainly, `<lesson>/<lesson>.ipynb`; then the highest number that a browser
    or a platform has added, "-2" or "(2)"; a copy ("-Copy1") counts least. A link, or another
    file that is never opened, gives way to any file.

    Args:
        files: what is the student's, and where it was found.
        course: what is known of the course.
    """
    allowance = Allowance()
    result = HandedIn()
    found: dict[str, list[tuple[tuple, Place, Entry, Submission | None]]] = {}
    for order, (place, entry, problem) in enumerate(_unzipped(files, allowance, course.reader)):
        lesson, known = place.lesson, None
        file = _shown(entry)
        try:
            if not (entry.is_notebook or entry.is_zip or entry.is_folder):
                result.rest.append(("", f"{file} is no notebook"))
                continue
            if problem or entry.refused:
                raise Unusable(problem or entry.refused)
            if entry.is_folder:
                continue
            if lesson is None:
                cells = read_cells(allowance.read(entry, MAX_NOTEBOOK))
                lesson = lesson_of(cells, course.lessons)
                if lesson is None:
                    raise Unusable("it holds no answer cell of any lesson")
                known = _submission(cells, lesson, file, course)
        except Unusable as why:
            if lesson is None:
                result.rest.append((file, str(why)))
                continue
            known = Submission("", lesson, file, problem=str(why))
        rank = (not entry.refused, *place.rank, order)
        found.setdefault(lesson, []).append((rank, place, entry, known))
    for lesson, candidates in found.items():
        *others, (_, _, entry, known) = sorted(candidates, key=lambda candidate: candidate[0])
        counts = known or _read(entry, lesson, allowance, course)
        left = [(_shown(other), "") for _, _, other, _ in reversed(others)]
        result.submissions[lesson] = _with_note(counts, left)
    return result


def _unzipped(
    files: Sequence[tuple[Place, Entry]], allowance: Allowance, reader: Reader
) -> Iterator[tuple[Place, Entry, str]]:
    """Return the files, those inside zips too, each with why it cannot be used, or ""."""
    for place, entry in files:
        if not entry.is_zip or entry.refused:
            yield place, entry, ""
            continue
        try:
            data = allowance.read(entry, MAX_ZIP)
            inside = of_student(io.BytesIO(data), data)
            if not any(e.is_notebook or e.is_zip or e.refused for e in inside):
                raise Unusable("the zip holds no notebook")
        except Unusable as why:
            yield place, entry, str(why)
            continue
        for part in inside:
            why = "a zip inside a zip is not opened" if part.is_zip else ""
            spot = reader.inside(part, place, part.path)
            yield spot, replace(part, path=entry.path + part.path), why


def _read(entry: Entry, lesson: str, allowance: Allowance, course: Course) -> Submission:
    try:
        cells = read_cells(allowance.read(entry, MAX_NOTEBOOK))
    except Unusable as why:
        return Submission("", lesson, _shown(entry), problem=str(why))
    return _submission(cells, lesson, _shown(entry), course)


def _submission(cells: Sequence[Cell], lesson: str, file: str, course: Course) -> Submission:
    found = read_answers(cells, course.lessons[lesson], course.set_ups.get(lesson, ""))
    note = found.note
    if not found.answers and (other := lesson_of(cells, course.lessons)) not in (None, lesson):
        note = f"it looks like the notebook of {other}"
    return Submission("", lesson, file, found.answers, found.faults, found.elsewhere, note=note)


def _with_note(submission: Submission, left: Sequence[tuple[str, str]]) -> Submission:
    if not left:
        return submission
    were = "was" if len(left) == 1 else "were"
    said = f"{_list(left)} {were} left out: {submission.file} counts"
    return replace(submission, note=f"{submission.note}; {said}" if submission.note else said)


def _list(parts: Sequence[tuple[str, str]]) -> str:
    told = [": ".join(filter(None, part)) for part in parts[:_TOLD]]
    more = len(parts) - _TOLD
    return "; ".join([*told, f"and {more} more"] if more > 0 else told)


def _shown(entry: Entry) -> str:
    return readable("/".join(entry.path), limit=_SHOWN)
