"""Grade a folder of submissions: shared out over processes, interrupted and continued at will."""

import multiprocessing
import os
import secrets
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path

from relukit.checks.registry import tasks
from relukit.grading.course import course_folder, secret_places, set_ups
from relukit.grading.jail.choice import choose
from relukit.grading.questions import Terms
from relukit.grading.result import GRADER_ERROR, Result
from relukit.grading.store import ResultStore
from relukit.grading.student import grade_student
from relukit.grading.submission import Submission
from relukit.grading.submissions.collect import collect
from relukit.grading.worker import set_up

Student = tuple[Submission, ...]


@dataclass(frozen=True)
class Grades:
    """What a run has found.

    Attributes:
        results: of all submissions, those of earlier runs included.
        submissions: what was handed in.
        jail: "bwrap" or "none".
        n_graded: how many notebooks this run has graded.
        interrupted: True where some are still to be graded.
        problems: a sentence for each thing that an earlier run left unusable.
    """

    results: tuple[Result, ...]
    submissions: tuple[Submission, ...]
    jail: str
    n_graded: int
    interrupted: bool
    problems: tuple[str, ...]

    @property
    def n_errors(self) -> int:
        """How many answers the grader itself failed on."""
        return sum(result.status == GRADER_ERROR for result in self.results)


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
    jail = choose(jail)
    folder = course_folder()
    surroundings = set_ups(folder)
    submissions = collect(path, lesson=lesson, names=names, set_ups=surroundings)
    store = ResultStore(output)
    terms = Terms(
        jail=jail,
        seed=secrets.randbits(64),
        set_ups=surroundings,
        hidden=(*secret_places(folder), Path(path).resolve(), Path(output).resolve()),
    )
    todo = [s for s in submissions if not store.done(s.student, s.lesson, s.digest)]
    students = [tuple(part) for _, part in groupby(todo, key=attrgetter("student"))]
    n_graded, interrupted = 0, False
    try:
        for results in _graded(students, terms, executor):
            for _, part in groupby(results, key=attrgetter("lesson")):
                store.add(part)
                n_graded += 1
    except KeyboardInterrupt:
        interrupted = True
    stored = store.settle()
    handed_in = {(s.student, s.lesson) for s in submissions}
    results = tuple(r for r in stored.results if (r.student, r.lesson) in handed_in)
    return Grades(results, submissions, jail, n_graded, interrupted, stored.problems)


def _graded(
    students: Sequence[Student], terms: Terms, executor: Executor | int | None
) -> Iterator[list[Result]]:
    from tqdm import tqdm

    with tqdm(total=len(students), unit="student", delay=1) as bar:
        found = (
            _by(executor, students, terms)
            if isinstance(executor, Executor)
            else _by_processes(executor or os.cpu_count() or 1, students, terms)
        )
        for results in found:
            bar.update()
            yield results


def _by(executor: Executor, students: Sequence[Student], terms: Terms) -> Iterator[list[Result]]:
    waiting = {executor.submit(grade_student, student, terms): student for student in students}
    try:
        while waiting:
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                yield _result_of(future, waiting.pop(future), terms)
    finally:
        for future in waiting:
            future.cancel()


def _by_processes(
    n_workers: int, students: Sequence[Student], terms: Terms
) -> Iterator[list[Result]]:
    """Grade with a pool of processes; whose grading was under way when one died is tried alone."""
    left, suspects = list(students), []
    while left:
        lost = yield from _in_one_pool(n_workers, left, terms)
        left = [student for student in left if student not in lost]
        suspects += lost
    for student in suspects:
        if (yield from _in_one_pool(1, [student], terms)):
            yield _grader_errors(student, terms, "the process that grades was killed")


def _in_one_pool(
    n_workers: int, left: list[Student], terms: Terms
) -> Generator[list[Result], None, list[Student]]:
    """Grade students, take them off the list, and return those whose process was killed."""
    pool = ProcessPoolExecutor(
        min(n_workers, len(left)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=set_up,
    )
    running: dict[Future, Student] = {}
    queue = iter(tuple(left))
    try:
        while True:
            # no more at a time than there are processes: so it is known who ran when one died
            for student in islice(queue, n_workers - len(running)):
                running[pool.submit(grade_student, student, terms)] = student
            if not running:
                return []
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                results = future.result()
                left.remove(running.pop(future))
                yield results
    except BrokenProcessPool:
        return list(running.values())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _result_of(future: Future, student: Student, terms: Terms) -> list[Result]:
    try:
        return future.result()
    except Exception as error:  # what the executor says of a process that was lost
        return _grader_errors(student, terms, f"{type(error).__name__}: {error}")


def _grader_errors(student: Student, terms: Terms, because: str) -> list[Result]:
    return [
        Result(
            student=submission.student,
            lesson=submission.lesson,
            task=task.name,
            status=GRADER_ERROR,
            points=task.points,
            because=because,
            file=submission.file,
            digest=submission.digest,
            seed=terms.seed,
            jail=terms.jail,
        )
        for submission in student
        for task in tasks(submission.lesson)
    ]
