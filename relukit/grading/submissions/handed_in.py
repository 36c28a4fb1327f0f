"""What one student has handed in, reduced to one submission for each lesson."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from relukit.grading import parsing
from relukit.grading.stopwatch import Exhausted
from relukit.grading.submission import Submission
from relukit.grading.submissions.answers import Released
from relukit.grading.submissions.choice import (
    MODEL,
    Candidate,
    Counted,
    Course,
    best,
    cells_of,
    is_answered,
    listed,
    shown,
)
from relukit.grading.submissions.contents import lessons_in
from relukit.grading.submissions.entry import HIDDEN, Allowance, Entry
from relukit.grading.submissions.place import Place
from relukit.grading.submissions.unzipped import with_unzipped

ENDLESS = (
    f"reading it was stopped after {parsing.SECONDS:g} seconds: hand in the notebook alone, as the "
    "course's, with your answers"
)
NOTHING = "no notebook for this lesson was handed in"
NO_LESSON = "it holds no answer cell of any lesson"


@dataclass
class HandedIn:
    """What was found of one student.

    Attributes:
        submissions: by lesson; the student's name is still to be filled in.
        rest: what belongs to no lesson: a notebook's, a zip's or a folder's name and why it cannot
            be used, or "" and a remark.
        remarks: by lesson, what to say where nothing was handed in for it.
    """

    submissions: dict[str, Submission] = field(default_factory=dict)
    rest: list[tuple[str, str]] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)

    def submission(self, lesson: str) -> Submission:
        """Return the submission for a lesson, also where none was handed in."""
        if lesson in self.submissions:
            return self.submissions[lesson]
        unusable = [(file, why) for file, why in self.rest if file]
        if not self.submissions and unusable:
            (file, why), *others = unusable
            return Submission("", lesson, file, problem=why, note=listed(others))
        told = unusable if self.submissions else self.rest
        note = "; ".join(filter(None, (self.remarks.get(lesson, ""), listed(told))))
        return Submission("", lesson, problem=NOTHING, note=note)

    def is_courses(self, course: Course) -> bool:
        """Return whether all was made by the course: solutions, or notebooks as released."""
        return bool(self.submissions) and not any(
            s.problem not in ("", MODEL) or is_answered(s, course.released.get(lesson, Released()))
            for lesson, s in self.submissions.items()
        )


def hand_in(files: Sequence[tuple[Place, Entry]], course: Course) -> HandedIn:
    """Read what one student has handed in.

    Of several files for one lesson one counts. A file says its lesson by its path or, as plainly,
    by its cells; one whose cells say it vaguely comes last. Of these the last upload counts, by the
    platform's time or number; in it the files that hold answers before those without, and of them
    the highest by `Place.rank`: one that is named as old, such as `backup`, and a folder of the
    course's such as `solutions/` come last, a file in `exercises/` first; then a copy ("-Copy1",
    "Copy of ...") counts least, one that is named as newer most, such as `final` or `v2`, then the
    one named most plainly, `<lesson>/<lesson>.ipynb`, then the highest number that a browser or a
    platform has added, "-2" or "(2)", then the one in the fewest folders. What it does not answer
    is taken from other files of the same upload.

    A link, or another file that is never opened, gives way to any file. The course's own solutions
    never count. A notebook that answers none of the lesson that its path names counts for those
    that its cells are of, and one that answers another lesson, too, counts for that where nothing
    else does.

    Args:
        files: what is the student's, and where it was found.
        course: what is known of the course.
    """
    try:
        return _read(files, course)
    except Exhausted:
        return HandedIn(rest=[(shown(files[0][1]), ENDLESS)])


@parsing.budgeted
def _read(files: Sequence[tuple[Place, Entry]], course: Course) -> HandedIn:
    allowance = Allowance()
    result = HandedIn()
    with ExitStack() as stack:
        unzipped = with_unzipped(files, allowance, course.reader, stack)
        found = _by_lesson(unzipped, allowance, course, result)
        counted: dict[str, Counted] = {}
        waiting = list(found)
        while waiting:
            lesson = waiting.pop(0)
            counted.pop(lesson, None)
            if not found[lesson]:
                continue
            one = counted[lesson] = best(found[lesson], lesson, allowance, course)
            for candidate in one.empty:
                if others := _misnamed(candidate, lesson, course):
                    waiting += _moved(candidate, lesson, others, found, result)
        for lesson, one in list(counted.items()):
            if (taken := one.candidate) is None:
                continue
            for other in _also_in(taken, counted, course):
                again = replace(taken, said=f"in the notebook of {lesson}")
                also = best([again], other, allowance, course)
                if also.is_answered:
                    counted[other] = also
        result.submissions = {lesson: one.submission for lesson, one in counted.items()}
    return result


def _by_lesson(
    unzipped: Iterator[tuple[Place, Entry, str]],
    allowance: Allowance,
    course: Course,
    result: HandedIn,
) -> dict[str, list[Candidate]]:
    """Return the files that may count, by lesson; what belongs to none goes to the result."""
    found: dict[str, list[Candidate]] = {}
    for order, (place, entry, problem) in enumerate(unzipped):
        file = shown(entry)
        if entry.refused == HIDDEN:
            result.rest.append(("", f"{file}: {HIDDEN}"))
            continue
        if not (entry.is_notebook or entry.is_zip or entry.is_folder):
            result.rest.append(("", f"{file} is no notebook: hand in the .ipynb file"))
            continue
        problem = problem or entry.refused
        if entry.is_folder and not problem:
            continue
        first = (not entry.refused, -place.nested)
        last = (place.upload, *place.rank, order)
        if place.lesson is not None:
            rank = (*first, True, place.sureness > 0, *last)
            candidate = Candidate(rank, place, entry, None, problem)
            found.setdefault(place.lesson, []).append(candidate)
            continue
        cells, problem = ([], problem) if problem else cells_of(entry, allowance)
        said = lessons_in(cells, course.lessons)
        if not said:
            result.rest.append((file, problem or NO_LESSON))
        for lesson, how in said.items():
            rank = (*first, how.is_most, how.is_plain, *last)
            found.setdefault(lesson, []).append(Candidate(rank, place, entry, cells, problem))
    return found


def _misnamed(candidate: Candidate, lesson: str, course: Course) -> list[str]:
    """Return the lessons of a notebook that answers none of the lesson that its path names."""
    place = candidate.place
    if candidate.problem or place.lesson != lesson or place.is_given:
        return []
    said = lessons_in(candidate.cells or (), course.lessons)
    return [] if lesson in said else [other for other, how in said.items() if how.is_most]


def _moved(
    candidate: Candidate,
    lesson: str,
    others: Sequence[str],
    found: dict[str, list[Candidate]],
    result: HandedIn,
) -> list[str]:
    """Put a notebook to the lessons that its cells are of, and return those to look at again."""
    found[lesson] = [other for other in found[lesson] if other.entry is not candidate.entry]
    said = f"its name says {lesson}, and its cells are those of {' and '.join(others)}"
    result.remarks[lesson] = f"{shown(candidate.entry)}: {said}"
    rank = (*candidate.rank[:2], False, *candidate.rank[3:])
    for other in others:
        found.setdefault(other, []).append(replace(candidate, rank=rank, said=said))
    return [lesson, *others]


def _also_in(candidate: Candidate, counted: dict[str, Counted], course: Course) -> list[str]:
    """Return the other lessons that a notebook answers, too, and nothing else does."""
    if candidate.problem or candidate.place.is_given:
        return []
    said = lessons_in(candidate.cells or (), course.lessons)
    return [
        other
        for other, how in said.items()
        if how.is_plain and (other not in counted or not counted[other].is_answered)
    ]
