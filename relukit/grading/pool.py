"""The processes that grade: forked from one that has imported all, with inputs drawn once.

Where one is killed, nobody's results are lost: whose grading was under way is tried again, alone.
So is who was late, since others may have had the processors.
"""

import contextlib
import multiprocessing
import socket
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import islice
from multiprocessing import forkserver

from relukit.checks.counterexample import Drawn
from relukit.checks.registry import tasks
from relukit.grading.jail.forkserver import SHARED
from relukit.grading.jail.launcher import share
from relukit.grading.questions import Terms, about_torch, draw
from relukit.grading.result import GRADER_ERROR, Result
from relukit.grading.student import blank, grade_student
from relukit.grading.submission import Submission
from relukit.grading.worker import set_up

Student = tuple[Submission, ...]
_KILLED = "the process that grades was killed"
_Drawn = dict[tuple[str, int], Drawn]  # by a task's name and a number
_Ready = tuple[_Drawn, str, socket.socket | None]  # what `set_up` takes


def warm_up(jail: str, lessons: Iterable[str]) -> None:
    """Let the process that the others are forked from begin to import, and return at once.

    Args:
        jail: as it was asked for.
        lessons: that will be graded.
    """
    if jail == "none" or sys.platform != "linux":  # where `choose` will refuse, and say why
        return
    modules = ["relukit.grading.preload", *SHARED[libraries(lessons)]]
    _context(jail).set_forkserver_preload(modules)
    forkserver.ensure_running()


def by_processes(
    n_workers: int, students: Sequence[Student], terms: Terms, *, trial: Student = ()
) -> Iterator[list[Result]]:
    """Grade students, as many at a time as there are processes, and return results as they come.

    Args:
        n_workers: how many processes.
        students: the submissions of each.
        terms: what holds for the run.
        trial: submissions that are graded before all others.
    """
    if not students:
        return
    lessons = dict.fromkeys(s.lesson for student in students for s in student)
    server = share(terms.jail, libraries=libraries(lessons))
    ready = (_drawn(n_workers, lessons, terms), terms.jail, server)
    everybody = [*([trial] if trial else []), *students]
    left, suspects = list(everybody), []
    late: dict[str, list[Result]] = {}
    while left:
        lost = yield from _in_one_pool(n_workers, left, terms, ready, late)
        left = [student for student in left if student not in lost]
        suspects += lost
    for student in suspects:
        if (yield from _in_one_pool(1, [student], terms, ready, late)):
            yield grader_errors(student, terms, _KILLED)
    alone = [student for student in everybody if student[0].student in late]
    while alone:
        for student in (yield from _in_one_pool(1, alone, terms, ready, late)):
            alone.remove(student)
            yield grader_errors(student, terms, _KILLED)


def libraries(lessons: Iterable[str]) -> str:
    """Return what the answers to some lessons need, see `forkserver.SHARED`."""
    some = any(about_torch(task) for lesson in lessons for task in tasks(lesson))
    return "torch" if some else "numpy"


def grader_errors(student: Student, terms: Terms, because: str) -> list[Result]:
    """Return the results of a student whom the grader failed.

    Args:
        student: the submissions.
        terms: what holds for the run.
        because: what happened.
    """
    return [
        replace(blank(submission, task, terms), status=GRADER_ERROR, because=because)
        for submission in student
        for task in tasks(submission.lesson)
    ]


def _context(jail: str) -> multiprocessing.context.BaseContext:
    """Return how processes start: who can reach the socket of Python's fork server commands it."""
    return multiprocessing.get_context("spawn" if jail == "none" else "forkserver")


@contextlib.contextmanager
def _pool(jail: str, n_workers: int, ready: _Ready | tuple = ()) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(
        n_workers, mp_context=_context(jail), initializer=set_up, initargs=ready
    )
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _drawn(n_workers: int, lessons: Iterable[str], terms: Terms) -> _Drawn:
    """Draw the inputs for all tasks, with what is due.

    What fails is tried again, and reported, where it is used.
    """
    found: _Drawn = {}
    names = [task.name for lesson in lessons for task in tasks(lesson)]
    names.reverse()  # what trains takes longest, and comes last in the course
    with contextlib.suppress(BrokenProcessPool), _pool(terms.jail, n_workers) as pool:
        for future in [pool.submit(draw, name, terms.seed) for name in names]:
            with contextlib.suppress(Exception):
                found |= future.result()
    return found


def _in_one_pool(
    n_workers: int,
    left: list[Student],
    terms: Terms,
    ready: _Ready,
    late: dict[str, list[Result]],
) -> Generator[list[Result], None, list[Student]]:
    """Grade students, take them off the list, and return those whose process was killed.

    A student some of whose answers were late is not done: what was found goes into `late`. Whoever
    is in it already is graded alone now, and what comes of it counts.
    """
    running: dict[Future, Student] = {}
    queue = iter(tuple(left))
    try:
        with _pool(terms.jail, min(n_workers, len(left)), ready) as pool:
            while True:
                # as many at a time as there are processes: so it is known who ran when one died
                for student in islice(queue, n_workers - len(running)):
                    again = late.get(student[0].student, ())
                    running[pool.submit(grade_student, student, terms, again)] = student
                if not running:
                    return []
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    student = running[future]
                    results = _results_of(future, student, terms)
                    del running[future]
                    left.remove(student)
                    name = student[0].student
                    if name not in late and any(result.late for result in results):
                        late[name] = results
                    else:
                        yield results
    except BrokenProcessPool:
        return list(running.values())


def _results_of(future: Future, student: Student, terms: Terms) -> list[Result]:
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except Exception as error:  # a fault of ours with one student is not the end of the others
        return grader_errors(student, terms, f"{type(error).__name__}: {error}")
