"""Odd notebooks, and right answers that a grader could take for wrong ones."""

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from attacks.attack import COURSE, LESSON, RIGHT, Attack

_EXERCISE = COURSE / "exercises" / LESSON / f"{LESSON}.ipynb"
_COURSES = (COURSE / "solutions" / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8")
_STUB = "def relu(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
_WRONG = "def relu(x):\n    return x\n"


def _notebook(source: str, change: Callable[[dict, list, int], None] | None = None) -> str:
    """Return the exercise's notebook with an answer, as text.

    Args:
        source: the answer to `relu`.
        change: changes the notebook; takes it, its cells, and the position of the answer.
    """
    book = json.loads(_EXERCISE.read_text(encoding="utf-8"))
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in book["cells"]]
    position = ids.index("relu")
    book["cells"][position]["source"] = source
    if change is not None:
        change(book, book["cells"], position)
    return json.dumps(book)


def _written(text: str | bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        target = folder / "eve" / LESSON / f"{LESSON}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        neighbour = folder / "zoe" / LESSON / f"{LESSON}.ipynb"
        neighbour.parent.mkdir(parents=True)
        neighbour.write_text(_notebook(RIGHT), encoding="utf-8")

    return write


def _tag(name: str) -> Callable[[dict, list, int], None]:
    def change(book: dict, cells: list, position: int) -> None:
        for cell in cells:
            cell["metadata"]["tags"] = [name]

    return change


def _forge(book: dict, cells: list, position: int) -> None:
    book["metadata"] = {"kernelspec": {"name": "evil", "display_name": "evil"}}
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"] |= {"points": 99, "grade": False, "locked": False}
            cell["cell_type"] = "markdown"
            cell.pop("outputs", None)
            cell.pop("execution_count", None)


def _delete_tests(book: dict, cells: list, position: int) -> None:
    cells[:] = [c for c in cells if not c["metadata"].get("nbgrader", {}).get("grade")]


def _duplicate(book: dict, cells: list, position: int) -> None:
    cells.append({**cells[position], "id": "another", "source": RIGHT})


def _split(book: dict, cells: list, position: int) -> None:
    head, body = RIGHT.split("\n", 1)
    second = {**cells[position], "id": "another", "source": body}
    cells[position] |= {"source": head}
    cells.insert(position + 1, second)


def _beside(book: dict, cells: list, position: int) -> None:
    cells.insert(0, {**cells[position], "id": "another", "source": _STUB})


def _as_text(book: dict, cells: list, position: int) -> None:
    cells[position]["cell_type"] = "markdown"
    for name in ("outputs", "execution_count"):
        cells[position].pop(name, None)


def _in_own_cell(book: dict, cells: list, position: int) -> None:
    own = {**cells[position], "id": "own", "metadata": {}, "source": RIGHT}
    cells.insert(position + 1, own)


def _older(book: dict, cells: list, position: int) -> None:
    for cell in cells:
        graded = cell["metadata"].get("nbgrader", {})
        if graded:
            graded["grade_id"] = f"old_{graded['grade_id']}"
    cells[position]["id"] = "old"


def _large(book: dict, cells: list, position: int) -> None:
    cells[position]["outputs"] = [{"data": {"image/png": "iVBORw0KGgo" * 5_600_000}}]


def _whole_course(folder: Path) -> None:
    _written("{}")(folder)
    shutil.rmtree(folder / "eve")
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr(f"relukit/solutions/{LESSON}/{LESSON}.ipynb", _COURSES)
        packed.writestr(f"relukit/exercises/{LESSON}/{LESSON}.ipynb", _notebook(_WRONG))
    with zipfile.ZipFile(folder / "eve.zip", "w") as packed:
        packed.writestr("relukit.zip", inner.getvalue())


def _pretend(book: dict, cells: list, position: int) -> None:
    said = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
    cells[position]["outputs"] = [{**said, "data": {"text/plain": "relu: passed (2 of 2 points)"}}]


def _odd_id(book: dict, cells: list, position: int) -> None:
    cells[position]["metadata"]["nbgrader"]["grade_id"] = "relu\u200b"


def _link(folder: Path) -> None:
    _written("{}")(folder)
    target = folder / "eve" / LESSON / f"{LESSON}.ipynb"
    target.unlink()
    target.symlink_to(COURSE / "solutions" / LESSON / f"{LESSON}.ipynb")


def _bomb(folder: Path) -> None:
    _written("{}")(folder)
    (folder / "eve" / LESSON / f"{LESSON}.ipynb").unlink()
    with zipfile.ZipFile(folder / "eve" / LESSON / "work.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"{LESSON}.ipynb", bytes(200 * 2**20))


def _huge(folder: Path) -> None:
    _written("{}")(folder)
    os.truncate(folder / "eve" / LESSON / f"{LESSON}.ipynb", 200 * 2**20)


def _shadows(folder: Path) -> None:
    _written(_notebook(RIGHT))(folder)
    for name in ("numpy.py", "conftest.py", "relukit.py", "sitecustomize.py", "json.py"):
        (folder / "eve" / LESSON / name).write_text("raise SystemExit('shadowed')\n")


_DEEP = '{"cells": ' + "[" * 200_000
_NOISY = (
    "import sys, warnings\ndef relu(x):\n    warnings.warn('hm')\n"
    "    print('working'); print('hm', file=sys.stderr)\n    return np.maximum(x, 0)\n"
)


def _file(
    row: str, title: str, before: str, write: Callable[[Path], None], status: str, **more: object
) -> Attack:
    return Attack(row, title, before, "", status, write=write, **more)


ATTACKS = (
    _file(
        "9",
        "tests tagged skip-execution",
        "FULL",
        _written(_notebook(_WRONG, _tag("skip-execution"))),
        "wrong",
    ),
    _file(
        "10",
        "cells tagged raises-exception",
        "0",
        _written(_notebook(_WRONG, _tag("raises-exception"))),
        "wrong",
    ),
    _file(
        "28",
        "an answer cell twice",
        "batch aborts",
        _written(_notebook(_WRONG, _duplicate)),
        "passed",
        fair=True,
        note="the last one counts, as where a notebook runs",
    ),
    _file(
        "29",
        "the tests' metadata stripped",
        "ungraded",
        _written(_notebook(_WRONG, _forge)),
        "wrong",
    ),
    _file(
        "30", "the tests deleted", "no score", _written(_notebook(_WRONG, _delete_tests)), "wrong"
    ),
    _file(
        "31",
        "points, types and kernel changed",
        "restored",
        _written(_notebook(RIGHT, _forge)),
        "passed",
        fair=True,
    ),
    _file("32", "an output that says passed", "-", _written(_notebook(_WRONG, _pretend)), "wrong"),
    _file("39", "numpy.py beside the notebook", "on the path", _shadows, "passed", fair=True),
    _file("48", "a link to the solutions", "-", _link, "missing"),
    _file("48", "a notebook of 200 MB", "-", _huge, "missing"),
    _file("48", "a zip of 200 MB", "-", _bomb, "missing"),
    _file("48", "no JSON", "-", _written("{"), "missing"),
    _file("48", "a notebook 200 000 levels deep", "-", _written(_DEEP), "missing"),
    _file("48", "no text", "-", _written(b"\xff\xfe\x00"), "missing"),
    _file(
        "+", "an id with an invisible letter", "-", _written(_notebook(RIGHT, _odd_id)), "missing"
    ),
    _file("+", "the course's solutions", "FULL", _written(_COURSES), "missing"),
    _file("+", "the whole course, a zip in a zip", "FULL", _whole_course, "wrong"),
    _file("+", "an answer in halves", "0", _written(_notebook("", _split)), "passed", fair=True),
    _file(
        "+",
        "a stub beside the answer",
        "0",
        _written(_notebook(RIGHT, _beside)),
        "passed",
        fair=True,
    ),
    _file(
        "+",
        "an answer turned to text",
        "0",
        _written(_notebook(RIGHT, _as_text)),
        "passed",
        fair=True,
    ),
    _file(
        "+",
        "in a cell of one's own",
        "0",
        _written(_notebook(_STUB, _in_own_cell)),
        "passed",
        fair=True,
    ),
    _file(
        "+", "ids of an older release", "0", _written(_notebook(RIGHT, _older)), "passed", fair=True
    ),
    _file("+", "60 MB of outputs", "-", _written(_notebook(RIGHT, _large)), "passed", fair=True),
    _file(
        "+", "a byte order mark", "-", _written("\ufeff" + _notebook(RIGHT)), "passed", fair=True
    ),
    _file("+", "UTF-16", "-", _written(_notebook(RIGHT).encode("utf-16")), "passed", fair=True),
    Attack("+", "syntax of a newer Python", "-", "def relu[T](x: T) -> T: pass", "raised"),
    Attack(
        "49",
        "HTML in a message",
        "rendered",
        "def relu(x): raise type('<img src=x onerror=alert(1)>', (ValueError,), {})('<script>')",
        "raised",
    ),
    Attack(
        "49", "half a character in a message", "-", "raise ValueError('\\ud800 \\x1b[2J')", "raised"
    ),
    Attack("50", "a magic in the answer cell", "runs", f"%matplotlib inline\n{RIGHT}", "raised"),
    Attack("51", "a right answer that warns and prints", "0", _NOISY, "passed", fair=True),
    Attack(
        "+",
        "a right answer in wide letters",
        "-",
        RIGHT.replace("relu", "ｒｅｌｕ"),
        "passed",
        fair=True,
    ),
    Attack(
        "+",
        "a message that cannot be read",
        "-",
        "class E(Exception):\n    def __str__(self): raise SystemExit\ndef relu(x): raise E",
        "raised",
    ),
    Attack(
        "+", "NaN and infinity for every number", "-", "def relu(x): return x * np.nan", "wrong"
    ),
    Attack("+", "an integer of 100 000 digits", "-", "def relu(x): return 1 << 400_000", "wrong"),
)
