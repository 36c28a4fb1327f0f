"""After class: one page and one table of what a room believed, which name nobody; and forgetting.

Nothing of a device is written: no token, no name, no time, and answers stand sorted.
"""

import base64
import contextlib
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import relukit
from relukit.errors import UnavailableError
from relukit.files import write_whole
from relukit.room.asking import Address, Silent
from relukit.room.belief import Belief, Beliefs, opened
from relukit.room.guesses import drawn
from relukit.room.store import fact
from relukit.syllabus import COURSE

if TYPE_CHECKING:
    import jinja2

COLUMNS = ("part", "id", "round", "answer", "count", "share", "outcome", "note")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = tuple[str | int, ...]


def write_report(beliefs: Beliefs, folder: Path) -> tuple[Path, Path]:
    """Write the page and the table of a room.

    Args:
        beliefs: what the room believed.
        folder: where to; made where it is missing.

    Returns:
        The page, and the table: UTF-8 with the mark that spreadsheets need.

    Raises:
        UnavailableError: the folder cannot be written.
    """
    page, listed = (folder / f"room_{beliefs.lesson}.{kind}" for kind in ("html", "csv"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(page, page_of(beliefs))
        write_whole(listed, table_of(beliefs), encoding="utf-8-sig")
    except OSError as cause:
        do = "name another folder with --output"
        raise UnavailableError("a folder for the report", f"{folder}: {cause.strerror}", do) \
            from cause  # fmt: skip
    return page, listed


def table_of(beliefs: Beliefs) -> str:
    """Return the table as CSV, with a row for each answer, each way to move, and each exercise."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for one in beliefs.asked:
        writer.writerows([_cell(value) for value in row] for row in _votes(one))
        writer.writerows([_cell(value) for value in row] for row in _moves(one))
    for hurt in beliefs.hurt:
        for words, count in (("passed", hurt.passed), ("not passed", hurt.tried - hurt.passed)):
            note = hurt.said if words == "not passed" else ""
            row = ("task", hurt.task, "", words, count, _share(count, hurt.tried), "", note)
            writer.writerow([_cell(value) for value in row])
    return stream.getvalue()


def _votes(one: Belief) -> Iterable[Row]:
    for turn, votes in enumerate(one.rounds, start=1):
        counts = Counter(votes)
        for answer, count in sorted(counts.items(), key=lambda pair: (-pair[1], repr(pair[0]))):
            said, share = one.question.said(answer), _share(count, len(votes))
            yield "vote", one.question.id, turn, said, count, share, one.outcome(answer), ""


def _moves(one: Belief) -> Iterable[Row]:
    moved = one.moved
    if not moved.voters:
        return
    for words, count in (
        ("off, then right", moved.gained),
        ("right, then off", moved.lost),
        ("right both times", moved.right[0] - moved.lost),
        ("off both times", moved.wrong - moved.gained),
    ):
        yield "moved", one.question.id, "", words, count, _share(count, moved.voters[0]), "", ""


def _share(count: int, of: int) -> str:
    return f"{count / of:.3f}" if of else ""


def _cell(value: str | int) -> str | int:
    """Return a cell that no spreadsheet takes for a formula; a number stays one."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        with contextlib.suppress(ValueError):
            float(value)
            return value
        return f"'{value}"
    return value


def page_of(beliefs: Beliefs) -> str:
    """Return the page as HTML that needs no network and runs no script."""
    pictures = {
        one.question.id: drawn(
            one.question, [r for r in one.rounds if r], one.measured, width=760, size=16
        )
        for one in beliefs.asked
    }
    values = {
        "beliefs": beliefs,
        "title": COURSE[beliefs.lesson].heading,
        "pictures": pictures,
        "version": relukit.__version__,
    }
    return _templates().get_template("report.html").render(values)


@cache
def _templates() -> "jinja2.Environment":
    import jinja2
    import markupsafe

    loader = jinja2.PackageLoader("relukit.room")
    templates = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = loader.get_source(templates, "report.css")[0]
    code = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    templates.globals |= {
        "style": markupsafe.Markup(style),  # the package's own text
        "policy": f"default-src 'none'; style-src 'sha256-{code}'; base-uri 'none'; "
        "form-action 'none'",
        "percent": lambda count, of: f"{100 * count / of:.0f} %" if of else "none",
        "picture": markupsafe.Markup,  # SVG whose words `ink` has escaped
    }
    return templates


def forget(file: Path) -> None:
    """Erase a room: every vote, name and check, and its file.

    Args:
        file: the room's.

    Raises:
        InvalidValueError, UnavailableError: there is none, it is no room's, or the room is open.
    """
    with opened(file, write=True) as db:
        port = fact(db, "port")
        if port and _answers(int(port), fact(db, "lesson")):
            do = "close it with Ctrl+C where it runs, then write this again"
            raise UnavailableError("a room that is closed", f"one that answers at port {port}", do)
        tables = [
            row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        with db:
            for name in tables:
                if not name.startswith("sqlite_"):
                    db.execute(f'DELETE FROM "{name}"')
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for name in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)


def _answers(port: int, lesson: str) -> bool:
    """Return whether a room of this lesson is open on this computer."""
    try:
        reply = Address(secure=False, host="127.0.0.1", port=port).ask("/api/state")
    except Silent:
        return False
    return reply.data.get("lesson") == lesson
