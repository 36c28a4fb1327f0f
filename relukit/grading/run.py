"""Grade a folder of submissions: shared out over processes, interrupted and continued at will."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from relukit.errors import UnavailableError
from relukit.grading import canary
from relukit.grading.course import (
    course_folder,
    must_be_no_submission,
    secret_places,
    set_ups,
)
from relukit.grading.jail import cgroups
from relukit.grading.jail.choice import tried
from relukit.grading.output import prepare
from relukit.grading.pool import Student, by_processes, grader_errors, libraries, warm_up
from relukit.grading.questions import Terms
from relukit.grading.result import UNSCORED, Result
from relukit.grading.shelter import sheltered
from relukit.grading.store import ResultStore
from relukit.grading.student import grade_student
from relukit.grading.submission import Submission
from relukit.grading.submissions.collect import gather
from relukit.processors import usable
from relukit.syllabus import LESSONS


@dataclass(frozen=True)
class Grades:
    """What a run has found.

    Attributes:
        results: of all submissions, those of earlier runs included.
        submissions: what was handed in.
        jail: "bwrap" or "none".
        cgroup: "v1" or "v2" where each student's answers ran in a cgroup, else "".
        n_graded: how many notebooks this run has graded.
        interrupted: True where some are still to be graded.
        problems: a sentence for each thing that was handed in and taken for nobody's, or that an
            earlier run left unusable.
    """

    results: tuple[Result, ...]
    submissions: tuple[Submission, ...]
    jail: str
    cgroup: str
    n_graded: int
    interrupted: bool
    problems: tuple[str, ...]

    @property
    def n_errors(self) -> int:
        """How many answers have no score: the grader failed, or the machine was too busy."""
        return sum(result.status in UNSCORED for result in self.results)


def grade(
    path: str | Path,
    output: str | Path,
    *,
    lesson: str | None = None,
    jail: str = "auto",
    names: Path | None = None,
    executor: Executor | int | None = None,
) -> Grades:
    """Grade all submissions that have not been graded before, and store their results.

    Args:
        path: a folder or a zip of submissions, see `collect`.
        output: the folder for results; what is stored there already is not graded again.
        lesson: such as "02_definitions"; None grades all that were handed in.
        jail: "auto", "bwrap" or "none", see `jail.choice.choose`.
        names: a CSV file that says whose file is whose, see `collect`.
        executor: runs the work, one student at a time; a number is that many processes, None one
            for each processor.

    Raises:
        RelukitError: the jail cannot be built, or there is nothing to grade.
    """
    folder = course_folder()
    must_be_no_submission(folder, Path(path))
    surroundings = set_ups(folder)
    gathered = gather(path, lesson=lesson, names=names, set_ups=surroundings, output=output)
    submissions = gathered.submissions
    prepare(Path(output), Path(path))
    store = ResultStore(Path(output).resolve())
    hidden = (*secret_places(folder), Path(path).resolve(), Path(output).resolve())
    todo = [s for s in submissions if not store.done(s.student, s.lesson, s.digest)]
    _must_be_known({submission.lesson for submission in todo}, surroundings, folder)
    students = [tuple(part) for _, part in groupby(todo, key=attrgetter("student"))]
    n_graded, interrupted = 0, False
    with sheltered():
        if todo and not isinstance(executor, Executor):
            warm_up(jail, {submission.lesson for submission in todo})
        found = tried(jail, lessons=LESSONS)
        terms = Terms(
            jail=found.name,
            seed=secrets.randbits(64),
            set_ups=surroundings,
            hidden=(*hidden, *found.secret),
            cgroup=cgroups.name(),
        )
        try:
            for graded in _graded(students, terms, executor):
                for _, part in groupby(graded, key=attrgetter("lesson")):
                    store.add(part)
                    n_graded += 1
        except KeyboardInterrupt:
            interrupted = True
    stored = store.settle()
    handed_in = {(s.student, s.lesson) for s in submissions}
    results = tuple(r for r in stored.results if (r.student, r.lesson) in handed_in)
    problems = (*gathered.problems, *stored.problems)
    kept = terms.jail, terms.cgroup
    return Grades(results, submissions, *kept, n_graded, interrupted, problems)


def _must_be_known(lessons: set[str], surroundings: Mapping[str, str], folder: Path) -> None:
    for lesson in sorted(lessons - set(surroundings)):
        raise UnavailableError(
            f"the course's own notebook of {lesson}, which says what its answers may use",
            f"no exercises/{lesson}/{lesson}.ipynb in {folder}",
            "start in the course's folder, and have all of it",
        )


def _graded(
    students: Sequence[Student], terms: Terms, executor: Executor | int | None
) -> Iterator[list[Result]]:
    from tqdm import tqdm

    needed = libraries({s.lesson for student in students for s in student})
    trial = canary.submissions(("numpy", needed)) if students else ()
    with tqdm(total=len(students), unit="student", delay=1) as bar:
        found = (
            _by(executor, [trial, *students] if students else [], terms)
            if isinstance(executor, Executor)
            else by_processes(executor or usable(), students, terms, trial=trial)
        )
        for results in canary.proved(found):
            bar.update()
            yield results


def _by(executor: Executor, students: Sequence[Student], terms: Terms) -> Iterator[list[Result]]:
    waiting = {executor.submit(grade_student, student, terms): student for student in students}
    late = []
    try:
        while waiting:
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                student = waiting.pop(future)
                results = _result_of(future, student, terms)
                if any(result.late for result in results):
                    late.append((student, results))
                else:
                    yield results
        for student, results in late:  # one at a time, since others may have had the processors
            again = executor.submit(grade_student, student, terms, results)
            yield _result_of(again, student, terms)
    finally:
        for future in waiting:
            future.cancel()


def _result_of(future: Future, student: Student, terms: Terms) -> list[Result]:
    try:
        return future.result()
    except Exception as error:  # what the executor says of a process that was lost
        return grader_errors(student, terms, f"{type(error).__name__}: {error}")
