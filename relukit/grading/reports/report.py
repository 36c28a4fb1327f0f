"""Reports on what was graded: a page and a text for each student, and a page for the class.

Whatever a learner wrote is shown and never obeyed: each value that a template prints is first made
readable and then escaped, and the pages forbid scripts, forms and anything from elsewhere.
"""

import base64
import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import relukit
from relukit.checks.outcome import likened
from relukit.checks.task import Task
from relukit.errors import InvalidValueError
from relukit.grading.names import readable, slug
from relukit.grading.reports.gradebook import Book, arrange
from relukit.grading.reports.summary import GROUPS, group, known_tasks, summarize
from relukit.grading.result import GRADER_ERROR, TOO_BUSY, Result
from relukit.grading.store import write_whole

if TYPE_CHECKING:
    import jinja2

CLASS_PAGE = "class.html"
STUDENTS = "students"
JAILS = ("bwrap", "none")
LOST_PROMISES = (
    "An answer could read the files of the course, its solutions included.",
    "An answer could read other students' submissions and results, and change what its user may.",
    "An answer could reach the network, where this system has no filter of system calls.",
    "An answer could fill the disk, with files of 8 MB each; they stay, unless root graded, who "
    "removes them from /tmp and from folders in it that all may write to.",
    "An answer could leave files in /tmp that another student's answer reads meanwhile, if it "
    "looks there and not in the folder of its own that it is given.",
    "An answer could leave a message queue, where this system has no filter of system calls.",
    "An answer could lift the limits of its cgroup, unless root graded.",
    "An answer could kill other processes of the user who grades, read their memory and change "
    "it, unless that was root.",
    "An answer could leave files to another one of the same student.",
    "A process that an answer starts may outlive it for a moment, until it is found and killed.",
)
RAN = ("passed", "wrong", "raised", "timed out", "too much memory", "too much output", TOO_BUSY)
_GROUPS = {  # by whether answers ran in cgroups
    (): "",
    (False,): ", without cgroups",
    (True,): ", each student in a cgroup",
    (False, True): ", in part without cgroups",
}
NOT_SCORED = {
    GRADER_ERROR: "The grader failed here, not you: this task has no score yet and has to be "
    "graded again.",
    TOO_BUSY: "Not graded yet: the machine was too busy; no points were taken.",
}


def write_reports(
    results: Iterable[Result],
    folder: str | Path,
    *,
    jail: str,
    lost_promises: Sequence[str] = LOST_PROMISES,
    roster: Sequence[str] = (),
    when: datetime | None = None,
) -> Path:
    """Write `students/<slug>.html` and `.txt` for each student and `class.html`; return the last.

    Args:
        results: at most one for each student and task.
        folder: where the files go; it is made where it is missing.
        jail: "bwrap", or "none" where the answers ran in no jail. A page also tells where answers
            on it ran without one in an earlier run.
        lost_promises: the sentences on what cannot be promised without a jail.
        roster: sentences on what became of a class list, for the class's page.
        when: the time of grading, with its time zone; now if None.

    Raises:
        InvalidValueError: no such jail, or two results for one task of one student.
    """
    if jail not in JAILS:
        raise InvalidValueError(f"a jail out of {', '.join(JAILS)}", repr(jail), "correct it")
    book = arrange(results)
    folder = Path(folder)
    (folder / STUDENTS).mkdir(parents=True, exist_ok=True)
    when = when or datetime.now(UTC)
    shared = {
        "version": relukit.__version__,
        "time": when.isoformat(sep=" ", timespec="minutes"),
    }
    for student, own in book.students.items():
        values = shared | _student(book, student) | _jail(own.values(), jail, lost_promises)
        for kind in ("html", "txt"):
            text = _templates().get_template(f"student.{kind}").render(values)
            write_whole(folder / STUDENTS / f"{slug(student)}.{kind}", text)
    entries = [entry for own in book.students.values() for entry in own.values()]
    values = shared | _class(book, entries) | _jail(entries, jail, lost_promises)
    values["roster"] = roster
    page = folder / CLASS_PAGE
    write_whole(page, _templates().get_template("class.html").render(values))
    return page


def left_over(results: Iterable[Result], folder: str | Path) -> tuple[str, ...]:
    """Return the pages that an earlier run has written for students who are not in this one.

    Args:
        results: of this run.
        folder: see `write_reports`.
    """
    known = {slug(result.student) for result in results}
    pages = sorted((Path(folder) / STUDENTS).glob("*.html"))
    return tuple(page.name for page in pages if page.stem not in known)


def rows(result: Result) -> tuple[tuple[str, str], ...]:
    """Return pairs (label, text) for all that there is to say to a student about one answer.

    Example:
        >>> rows(Result("ada", "02_definitions", "relu", "passed", 2, diagnosis="well done"))
        (('remark', 'well done'),)
    """
    if result.status in NOT_SCORED:
        return (("note", NOT_SCORED[result.status]),)
    passed = result.status == "passed"
    known = "remark" if passed else "diagnosis"
    labels = ("given", "expected", "got", "because", known, "note")
    texts = (
        result.given,
        result.expected,
        result.got,
        result.because,
        result.diagnosis if passed else likened(result.diagnosis),
        result.note,
    )
    pairs = zip(labels, map(readable, texts), strict=True)
    return tuple((label, text) for label, text in pairs if text)


def points(earned: int | None, of: int) -> str:
    """Return points in words.

    Example:
        >>> points(1, 2), points(None, 1)
        ('1 of 2 points', 'not scored, of 1 point')
    """
    unit = "point" if of == 1 else "points"
    return f"not scored, of {of} {unit}" if earned is None else f"{earned} of {of} {unit}"


@functools.cache
def _templates() -> "jinja2.Environment":
    import jinja2
    import markupsafe

    def shown(value: object) -> object:
        if isinstance(value, str) and not isinstance(value, markupsafe.Markup):
            return readable(value)
        return value

    loader = jinja2.PackageLoader("relukit.grading.reports")
    templates = jinja2.Environment(
        loader=loader,
        autoescape=jinja2.select_autoescape(["html"]),
        finalize=shown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = loader.get_source(templates, "style.css")[0]
    code = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    templates.globals |= {
        "style": markupsafe.Markup(style),  # the package's own text
        "policy": f"default-src 'none'; style-src 'sha256-{code}'; base-uri 'none'; "
        "form-action 'none'",
        "group": group,
        "groups": GROUPS,
        "points": points,
        "rows": rows,
        "slug": slug,
    }
    return templates


def _student(book: Book, student: str) -> dict[str, object]:
    own, course = book.students[student], known_tasks()
    lessons = []
    for lesson in book.taken(student):
        entries = [own[lesson, task] for task in book.lessons[lesson] if (lesson, task) in own]
        lessons.append(
            {
                "name": lesson,
                "answers": [(entry, _about(course, entry)) for entry in entries],
                "passed": sum(entry.status == "passed" for entry in entries),
                "earned": book.lesson_total(student, lesson),
                "possible": sum(book.lessons[lesson].values()),
                "file": next((entry.file for entry in entries if entry.file), ""),
            }
        )
    return {
        "student": student,
        "lessons": lessons,
        "total": points(book.total(student), book.possible(student)),
        "seeds": sorted({entry.seed for entry in own.values()}),
    }


def _jail(entries: Iterable[Result], jail: str, lost: Sequence[str]) -> dict[str, object]:
    """Say in which jail the answers ran; some may be of an earlier run with another one."""
    entries = [entry for entry in entries if entry.status in RAN]
    ran, counted = {entry.jail for entry in entries}, {bool(entry.cgroup) for entry in entries}
    groups = _GROUPS[tuple(sorted(counted))]
    if jail == "none" and ran <= {"none"}:
        return {"jail": f"without a jail{groups}", "lost_promises": lost}
    if jail == "none" or "none" in ran:
        return {"jail": f"in part without a jail{groups}", "lost_promises": lost}
    return {"jail": f"in a jail ({jail}){groups}", "lost_promises": ()}


def _about(course: Mapping[str, Task], result: Result) -> dict[str, object]:
    entry = course.get(result.task)
    return {
        "title": entry.title if entry else result.task,
        "hints": entry.hints if entry and result.status != "passed" else (),
    }


def _class(book: Book, entries: Sequence[Result]) -> dict[str, object]:
    from relukit.figures.canvas import PALETTE

    summaries = {lesson: summarize(book, lesson) for lesson in book.lessons}
    return {
        "book": book,
        "lessons": [(name, found, _alt(name, found)) for name, found in summaries.items()],
        "faults": [entry for entry in entries if entry.status == GRADER_ERROR],
        "kept_waiting": [entry for entry in entries if entry.status == TOO_BUSY],
        "palette": PALETTE,
        "seeds": sorted({entry.seed for entry in entries}),
    }


def _alt(lesson: str, summaries: Sequence) -> str:
    graded = [entry for entry in summaries if entry.graded]
    start = f"Bars for the {len(summaries)} tasks of {lesson}"
    if not graded:
        return f"{start}: nothing was graded."
    shares = [(entry.passed / entry.graded, entry.name) for entry in graded]
    low, high = min(shares), max(shares)
    return (
        f"{start}: {low[0]:.0%} ({low[1]}) to {high[0]:.0%} ({high[1]}) of the students passed. "
        "The table that follows has the numbers."
    )
