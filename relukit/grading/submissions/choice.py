"""Which of a student's files counts for a lesson, and what is said about the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from relukit.grading.names import readable
from relukit.grading.submission import Submission
from relukit.grading.submissions.answers import Released, read_answers
from relukit.grading.submissions.cells import Cell, read_cells
from relukit.grading.submissions.contents import is_read, lessons_in
from relukit.grading.submissions.entry import Allowance, Entry, Unusable
from relukit.grading.submissions.model import MARKED, is_copied, is_marked, is_model
from relukit.grading.submissions.place import Place
from relukit.grading.submissions.places import Reader
from relukit.grading.submissions.stub import is_untouched

_TOLD = 3  # files that a note names
_SHOWN = 120  # characters of a file's path
MODEL = (
    "it is the course's own notebook of solutions and not yours: hand in the one of exercises/, "
    "with your answers"
)
READ = (
    "it is the lesson's notebook, which is read: hand in exercises/{0}/{0}.ipynb, with your answers"
)


@dataclass(frozen=True)
class Course:
    """What is known of the course.

    Attributes:
        lessons: the names of the tasks by lesson.
        set_ups: the source of the course's cell with imports, by lesson.
        reader: reads paths.
        released: the stubs and the model answers, by lesson.
        to_read: returns the texts of the notebook in which a lesson is read.
    """

    lessons: Mapping[str, Sequence[str]]
    set_ups: Mapping[str, str]
    reader: Reader
    released: Mapping[str, Released] = field(default_factory=dict)
    to_read: Callable[[str], frozenset[str]] = lambda lesson: frozenset()


@dataclass(frozen=True)
class Candidate:
    """A file that may be what a student has handed in for a lesson.

    Attributes:
        rank: the highest counts.
        place: what its path says.
        entry: the file.
        cells: of the notebook, where it has been read.
        problem: why it cannot be used, else "".
        said: what there is to say where it counts, else "".
    """

    rank: tuple
    place: Place
    entry: Entry
    cells: Sequence[Cell] | None = None
    problem: str = ""
    said: str = ""

    @property
    def upload(self) -> int:
        """What is equal for files of one upload; Canvas hands out those of the last one only."""
        owner = self.place.owner
        return 0 if owner and owner.platform == "canvas" else self.place.upload

    @property
    def is_part(self) -> bool:
        """Whether its name is no other version's, so that it may hold one part of the answers."""
        place = self.place
        return place.where >= 0 and not (place.is_old or place.is_copy or place.again)


@dataclass(frozen=True)
class Counted:
    """What counts for a lesson.

    Attributes:
        submission: with a note that names the other files.
        candidate: that it was read from; None where all are the course's own solutions.
        is_answered: whether it answers any task.
        empty: those that were read and answer none.
    """

    submission: Submission
    candidate: Candidate | None
    is_answered: bool
    empty: tuple[Candidate, ...] = ()


def best(
    candidates: Sequence[Candidate], lesson: str, allowance: Allowance, course: Course
) -> Counted:
    """Return what counts for a lesson: the highest of the last upload, and its parts.

    Args:
        candidates: at least one.
        lesson: such as "02_definitions".
        allowance: what may still be read.
        course: what is known of the course.
    """
    released = course.released.get(lesson, Released())
    ranked = sorted(candidates, key=lambda candidate: candidate.rank, reverse=True)
    models: list[Candidate] = []
    first: tuple[Candidate, Submission] | None = None
    answered: list[tuple[Candidate, Submission]] = []
    empty: list[Candidate] = []
    for candidate in ranked:
        if first and candidate.upload != first[0].upload:
            break
        if answered and not (candidate.is_part and answered[0][0].is_part):
            continue
        candidate = opened(candidate, allowance)
        tasks, beside = course.lessons[lesson], candidate.place.where < 0
        if not candidate.problem and is_model(
            candidate.cells or (), tasks, released, beside=beside
        ):
            models.append(candidate)
            continue
        submission = _read(candidate, lesson, course)
        first = first or (candidate, submission)
        if is_answered(submission, released):
            answered.append((candidate, submission))
            if not _gaps(submission, tasks, released):
                break
        else:
            empty.append(candidate)
        if first[0].problem:
            break
    if first is None:
        return Counted(Submission("", lesson, shown(ranked[0].entry), problem=MODEL), None, False)
    counts, submission = answered[0] if answered else first
    used = [counts.entry]
    for part, other in answered[1:]:
        names = [
            name
            for name in _gaps(submission, course.lessons[lesson], released)
            if not is_untouched(other.answers.get(name, ""), released.stubs.get(name, ""))
        ]
        if names:
            submission = _filled(submission, other, names)
            used.append(part.entry)
    why = {id(candidate.entry): "the course's own solutions" for candidate in models}
    left = [
        (shown(other.entry), why.get(id(other.entry), ""))
        for other in ranked
        if not any(other.entry is entry for entry in used)
    ]
    return Counted(_with_note(submission, left), counts, bool(answered), tuple(empty))


def _gaps(submission: Submission, tasks: Sequence[str], released: Released) -> list[str]:
    """Return the tasks that a submission does not answer."""
    answers, stubs = submission.answers, released.stubs
    return [name for name in tasks if is_untouched(answers.get(name, ""), stubs.get(name, ""))]


def _filled(submission: Submission, other: Submission, names: Sequence[str]) -> Submission:
    """Return a submission with answers of another file of the same upload."""
    said = f"taken from {other.file}, as the other file does not answer them: {', '.join(names)}"
    return replace(
        submission,
        answers={**submission.answers, **{name: other.answers[name] for name in names}},
        faults={name: why for name, why in submission.faults.items() if name not in names},
        elsewhere=tuple(dict.fromkeys((*submission.elsewhere, *other.elsewhere))),
        own=(*submission.own, *other.own),
        note="; ".join(filter(None, (submission.note, said))),
    )


def is_answered(submission: Submission, released: Released) -> bool:
    """Return whether a submission answers any task with more than a stub."""
    return any(
        not is_untouched(text, released.stubs.get(name, ""))
        for name, text in submission.answers.items()
    )


def opened(candidate: Candidate, allowance: Allowance) -> Candidate:
    """Return a candidate whose notebook has been read."""
    if candidate.cells is not None or candidate.problem:
        return candidate
    cells, problem = cells_of(candidate.entry, allowance)
    return replace(candidate, cells=cells, problem=problem)


def cells_of(entry: Entry, allowance: Allowance) -> tuple[list[Cell], str]:
    """Return the cells of a notebook and why it cannot be used, or ""."""
    try:
        with allowance.opened(entry) as file:
            return read_cells(file), ""
    except Unusable as why:
        return [], str(why)


def _read(candidate: Candidate, lesson: str, course: Course) -> Submission:
    file = shown(candidate.entry)
    if candidate.problem:
        return Submission("", lesson, file, problem=candidate.problem)
    released, cells = course.released.get(lesson, Released()), candidate.cells or ()
    found = read_answers(cells, course.lessons[lesson], course.set_ups.get(lesson, ""), released)
    for name in [name for name, text in found.answers.items() if is_marked(text)]:
        del found.answers[name]
        found.faults[name] = MARKED
    note = "; ".join(filter(None, (candidate.said, found.note)))
    if is_copied(found.answers, released):
        note = "; ".join(filter(None, (note, "every answer is word for word the course's own")))
    texts = found.answers, found.faults, found.elsewhere, found.own
    submission = Submission("", lesson, file, *texts, note=note)
    if candidate.place.is_given and not found.answers:
        others = [other for other in lessons_in(cells, course.lessons) if other != lesson]
        said = f"it looks like the notebook of {' and '.join(others)}" if others else ""
        return replace(submission, note=said)
    if not is_answered(submission, released) and is_read(cells, course.to_read(lesson)):
        return Submission("", lesson, file, problem=READ.format(lesson))
    return submission


def _with_note(submission: Submission, left: Sequence[tuple[str, str]]) -> Submission:
    if not left:
        return submission
    were = "was" if len(left) == 1 else "were"
    said = f"{listed(left)} {were} left out: {submission.file} counts"
    return replace(submission, note=f"{submission.note}; {said}" if submission.note else said)


def listed(parts: Sequence[tuple[str, str]]) -> str:
    """Return files and why they do not count as a text."""
    told = [": ".join(filter(None, part)) for part in parts[:_TOLD]]
    more = len(parts) - _TOLD
    return "; ".join([*told, f"and {more} more"] if more > 0 else told)


def shown(entry: Entry) -> str:
    """Return the path of an entry for a report."""
    return readable("/".join(entry.path), limit=_SHOWN)
