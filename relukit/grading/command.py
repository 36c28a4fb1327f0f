"""What `relukit grade` does: grade, write the gradebook and the reports, and sum up."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from relukit.grading.classlist.columns import read_class_list
from relukit.grading.classlist.filled import write_filled
from relukit.grading.classlist.filling import fill
from relukit.grading.names import readable
from relukit.grading.reports.gradebook import write_gradebook
from relukit.grading.reports.report import STUDENTS, left_over, write_reports
from relukit.grading.result import GRADER_ERROR, STATUSES, TOO_BUSY, UNSCORED, Result
from relukit.grading.run import grade
from relukit.grading.shelter import started_in


@dataclass(frozen=True)
class Done:
    """What a run of the command amounts to.

    Attributes:
        summary: lines to print.
        n_errors: how many answers have no score.
        interrupted: True where some submissions are still to be graded.
    """

    summary: tuple[str, ...]
    n_errors: int
    interrupted: bool


def run(
    submissions: Path,
    output: Path,
    *,
    lesson: str | None = None,
    jail: str = "auto",
    names: Path | None = None,
    executor: Executor | int | None = None,
    nbgrader_db: Path | None = None,
    roster: Path | None = None,
) -> Done:
    """Grade submissions and write everything that comes of it into the output folder.

    Args:
        submissions: a folder or a zip.
        output: the folder for results, the gradebook and the reports.
        lesson: such as "02_definitions" or "2"; None grades all that were handed in.
        jail: "auto", "bwrap" or "none".
        names: a CSV file that says whose file is whose.
        executor: runs the work; a number is that many processes.
        nbgrader_db: a gradebook of nbgrader that the scores go into, too.
        roster: a class list that a platform has exported; a copy of it with the points in its own
            rows and columns is written, see `classlist.filling.fill`.

    Raises:
        RelukitError: the jail cannot be built, there is nothing to grade, or the class list cannot
            be read.
    """
    here = started_in()
    submissions, output = here / submissions, here / output
    names, nbgrader_db, roster = (path and here / path for path in (names, nbgrader_db, roster))
    listed = read_class_list(roster) if roster is not None else None  # before hours of grading
    grades = grade(submissions, output, lesson=lesson, jail=jail, names=names, executor=executor)
    counts = Counter(result.status for result in grades.results)
    n_students = len({result.student for result in grades.results})
    lines = [
        *grades.problems,
        f"{n_students} students, {len(grades.results)} answers; "
        f"{grades.n_graded} notebooks graded now, jail: {grades.jail}, "
        f"cgroups: {grades.cgroup or 'none'}",
        ", ".join(f"{counts[s]} {s}" for s in (*STATUSES, *UNSCORED) if counts[s]),
    ]
    if grades.results:
        lines += [f"written: {path}" for path in write_gradebook(grades.results, output)]
        said: tuple[str, ...] = ()
        if roster is not None and listed is not None:
            filled = fill(listed, grades.results, grades.submissions)
            lines += [f"written: {path}" for path in write_filled(filled, roster, output)]
            lines += filled.summary
            said = filled.lines
        page = write_reports(grades.results, output, jail=grades.jail, roster=said)
        lines.append(f"written: {page}")
        if old := left_over(grades.results, output):
            told = ", ".join(readable(name) for name in old[:3])
            lines.append(
                f"{len(old)} pages in {page.parent / STUDENTS} are of an earlier run and of nobody "
                f"in this one: {told}{' and others' if len(old) > 3 else ''}"
            )
        if nbgrader_db is not None:
            from relukit.grading.reports.nbgrader_db import write_nbgrader

            write_nbgrader(grades.results, nbgrader_db, submissions=grades.submissions)
            lines.append(f"written: {nbgrader_db}")
    if counts[GRADER_ERROR]:
        lines.append("the grader failed on some answers, which have no score: see class.html")
    lines += _kept_waiting(grades.results)
    if grades.interrupted:
        lines.append("interrupted: run the same command again to grade the rest")
    return Done(tuple(lines), grades.n_errors, grades.interrupted)


def _kept_waiting(results: Sequence[Result]) -> Iterator[str]:
    names = dict.fromkeys(result.student for result in results if result.status == TOO_BUSY)
    if names:
        yield (
            "the machine was too busy for some answers, which have no score, and took no points; "
            "run the same command again when the machine is quieter: "
            f"{', '.join(map(readable, names))}"
        )
