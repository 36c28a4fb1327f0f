"""What one student has handed in, reduced to one submission for each lesson."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from relukit.grading import parsing
from relukit.grading.names import readable
from relukit.grading.submission import Submission
from relukit.grading.submissions.answers import Released, read_answers
from relukit.grading.submissions.cells import Cell, lesson_of, read_cells
from relukit.grading.submissions.entry import HIDDEN, MAX_ZIP, Allowance, Entry, Unusable
from relukit.grading.submissions.model import MARKED, is_copied, is_marked, is_model
from relukit.grading.submissions.place import Place
from relukit.grading.submissions.places import Reader
from relukit.grading.submissions.stub import is_untouched
from relukit.grading.submissions.zipped import of_student

_TOLD = 3  # files that a note names
_SHOWN = 120  # characters of a file's path
MAX_ZIPS = 3  # inside each other
MODEL = (
    "it is the course's own notebook of solutions and not yours: hand in the one of exercises/, "
    "with your answers"
)
NOTHING = "no notebook for this lesson was handed in"


@dataclass(frozen=True)
class Course:
    """What is known of the course.

    Attributes:
        lessons: the names of the tasks by lesson.
        set_ups: the source of the course's cell with imports, by lesson.
        reader: reads paths.
        released: the stubs and the model answers, by lesson.
    """

    lessons: Mapping[str, Sequence[str]]
    set_ups: Mapping[str, str]
    reader: Reader
    released: Mapping[str, Released] = field(default_factory=dict)


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


@dataclass(frozen=True)
class _Candidate:
    """A file that may be what a student has handed in for a lesson."""

    rank: tuple
    place: Place
    entry: Entry
    cells: Sequence[Cell] | None = None
    problem: str = ""


@parsing.budgeted
def hand_in(files: Sequence[tuple[Place, Entry]], course: Course) -> HandedIn:
    """Read what one student has handed in.

    Of several files for one lesson one counts. Files whose path names the lesson come before
    those recognised by their cells; then the last upload counts, by the platform's time or number;
    then a file in `exercises/`, and last one in a folder of the course's such as `solutions/`;
    then the one named most plainly, `<lesson>/<lesson>.ipynb`; then the highest number that a
    browser or a platform has added, "-2" or "(2)"; a copy ("-Copy1", "Copy of ...") counts least.
    A link, or another file that is never opened, gives way to any file. The course's own solutions
    never count, and a notebook that is as it was released gives way to one with answers in the
    same upload.

    Args:
        files: what is the student's, and where it was found.
        course: what is known of the course.
    """
    allowance = Allowance()
    result = HandedIn()
    found: dict[str, list[_Candidate]] = {}
    with ExitStack() as opened:
        unzipped = _unzipped(files, allowance, course.reader, opened)
        for order, (place, entry, problem) in enumerate(unzipped):
            file = _shown(entry)
            if entry.refused == HIDDEN:
                result.rest.append(("", f"{file}: {HIDDEN}"))
                continue
            if not (entry.is_notebook or entry.is_zip or entry.is_folder):
                result.rest.append(("", f"{file} is no notebook"))
                continue
            lesson, cells = place.lesson, None
            problem = problem or entry.refused
            if entry.is_folder and not problem:
                continue
            if lesson is None and not problem:
                cells, problem = _cells(entry, allowance)
                lesson = lesson_of(cells, course.lessons)
                if lesson is None and not problem:
                    problem = "it holds no answer cell of any lesson"
            if lesson is None:
                result.rest.append((file, problem))
                continue
            says_it = place.sureness > 0
            first = (not entry.refused, -place.nested, says_it, place.upload)
            rank = (*first, *place.rank, order)
            candidate = _Candidate(rank, place, entry, cells, problem)
            found.setdefault(lesson, []).append(candidate)
        for lesson, candidates in found.items():
            result.submissions[lesson] = _best(candidates, lesson, allowance, course)
    return result


def _best(
    candidates: Sequence[_Candidate], lesson: str, allowance: Allowance, course: Course
) -> Submission:
    """Return the submission that counts, with a note that names the other files."""
    ranked = sorted(candidates, key=lambda candidate: candidate.rank, reverse=True)
    models: list[_Candidate] = []
    best: tuple[_Candidate, Submission] | None = None
    for candidate in ranked:
        if best and candidate.place.upload != best[0].place.upload:
            break
        cells, problem = candidate.cells, candidate.problem
        if cells is None and not problem:
            cells, problem = _cells(candidate.entry, allowance)
        tasks, released = course.lessons[lesson], course.released.get(lesson, Released())
        beside = candidate.place.where < 0
        if not problem and is_model(cells, tasks, released, beside=beside):
            models.append(candidate)
            continue
        file = _shown(candidate.entry)
        if problem and best:
            continue
        submission = (
            Submission("", lesson, file, problem=problem)
            if problem
            else _submission(cells, lesson, file, course)
        )
        if best is None or _is_answered(submission, released):
            first = best is None
            best = candidate, submission
            if not first or problem or _is_answered(submission, released):
                break
    if best is None:
        return Submission("", lesson, _shown(ranked[0].entry), problem=MODEL)
    counts, submission = best
    left = [
        (_shown(other.entry), "the course's own solutions" if other in models else "")
        for other in ranked
        if other is not counts
    ]
    return _with_note(submission, left)


def _is_answered(submission: Submission, released: Released) -> bool:
    return any(
        not is_untouched(text, released.stubs.get(name, ""))
        for name, text in submission.answers.items()
    )


def _cells(entry: Entry, allowance: Allowance) -> tuple[list[Cell], str]:
    """Return the cells of a notebook and why it cannot be used, or ""."""
    try:
        with allowance.opened(entry) as file:
            return read_cells(file), ""
    except Unusable as why:
        return [], str(why)


def _unzipped(
    files: Sequence[tuple[Place, Entry]],
    allowance: Allowance,
    reader: Reader,
    opened: ExitStack,
    depth: int = 0,
) -> Iterator[tuple[Place, Entry, str]]:
    """Return the files, those inside zips too, each with why it cannot be used, or ""."""
    for place, entry in files:
        if not entry.is_zip or entry.refused:
            yield place, entry, ""
            continue
        if depth == MAX_ZIPS:
            yield place, entry, f"more than {MAX_ZIPS} zips inside each other are not opened"
            continue
        try:
            file = opened.enter_context(allowance.spooled(entry, MAX_ZIP))
            inside = of_student(file)
            if not any(e.is_notebook or e.is_zip or e.refused for e in inside):
                raise Unusable("the zip holds no notebook")
        except Unusable as why:
            yield place, entry, str(why)
            continue
        parts = []
        for part in inside:
            spot = reader.inside(part, place, part.path)
            parts.append((spot, replace(part, path=entry.path + part.path)))
        yield from _unzipped(parts, allowance, reader, opened, depth + 1)


def _submission(cells: Sequence[Cell], lesson: str, file: str, course: Course) -> Submission:
    released = course.released.get(lesson, Released())
    found = read_answers(cells, course.lessons[lesson], course.set_ups.get(lesson, ""), released)
    for name in [name for name, text in found.answers.items() if is_marked(text)]:
        del found.answers[name]
        found.faults[name] = MARKED
    note = found.note
    if is_copied(found.answers, released):
        note = "; ".join(filter(None, (note, "every answer is word for word the course's own")))
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
