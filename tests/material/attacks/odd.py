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


# right answers whose cells need what a notebook has: its `__main__`, its names, its patience
_AS_IN_A_NOTEBOOK = {
    "a dataclass with a ClassVar": "from __future__ import annotations\n"
    "import dataclasses, typing\n@dataclasses.dataclass\nclass P:\n"
    f"    k: typing.ClassVar[int] = 0\n    a: int = 1\ntyping.get_type_hints(P)\n{RIGHT}"
    "assert P(2).a == 2\n",
    "pickles a class of its own": "import pickle\nclass A: pass\n"
    f"assert isinstance(pickle.loads(pickle.dumps(A())), A)\n{RIGHT}",
    "saves a class of its own with torch": "import io, torch\nclass A(torch.nn.Module): pass\n"
    f"torch.save(A(), io.BytesIO())\n{RIGHT}",
    "displays": f"{RIGHT}display(relu)\n",
    "asserts its check": f"{RIGHT}from relukit import check, hint\nassert check(relu)\n"
    "assert check(relu).status == 'passed' and hint(relu)\n",
    "awaits": f"{RIGHT}import asyncio\nawait asyncio.sleep(0)\n"
    "async def g():\n    yield 1\nasync for one in g(): assert one == 1\n",
    "is timed": f"%%time\n{RIGHT}",
    "calls the shell, asks for help": f"!pip install numpy\n{RIGHT}files = !ls\nrelu?\n",
    "is indented": "    def relu(x):\n        return np.maximum(x, 0)\n",
    "exits at its end": f"{RIGHT}import sys\nsys.exit()\n",
    "leaves at its end": f"{RIGHT}import os\nos._exit(0)\n",
    "asks somebody": f"{RIGHT}input('go on?')\n",
    "has a breakpoint": "def relu(x):\n    breakpoint()\n    return np.maximum(x, 0)\n",
    "tests itself for 60 seconds": f"{RIGHT}while True: assert relu(np.ones(1)) == 1\n",
    "sleeps for a minute at its end": f"{RIGHT}import time\ntime.sleep(60)\n",
    "has a test of its own that is wrong": f"{RIGHT}assert relu(np.ones(1)) == 2\n",
    "its doctests and unit tests": f"import doctest, unittest\n{RIGHT}doctest.testmod()\n"
    "class T(unittest.TestCase):\n    def test(self): self.assertTrue(relu(np.ones(1))[0])\n"
    "unittest.main(exit=False)\n",
    "turns warnings into errors": "import warnings\nwarnings.simplefilter('error')\n"
    f"np.seterr(all='raise')\n{RIGHT}",
}
_STILL_NOT_RIGHT = {
    "an exit before the answer": (f"raise SystemExit\n{RIGHT}", "raised"),
    "a loop before the answer": (f"while True: pass\n{RIGHT}", "timed out"),
    "a check as the answer": ("from relukit import check\nrelu = check", "wrong"),
    "display as the answer": ("relu = display", "wrong"),
    "a wrong answer and an exit": (f"{_WRONG}raise SystemExit", "wrong"),
    "a loop that nothing stops": (
        "def stay():\n    try: return stay()\n    except BaseException: return stay()\n"
        f"while True:\n    try: stay()\n    except BaseException: pass\n{RIGHT}",
        "timed out",
    ),
    "an answer for a shell": (f"%%bash\n{RIGHT}", "missing"),
}


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
        "+",
        "an id with an invisible letter",
        "-",
        _written(_notebook(RIGHT, _odd_id)),
        "passed",
        fair=True,
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
    Attack(
        "50",
        "a magic in the answer cell",
        "runs",
        f"%matplotlib inline\n{RIGHT}",
        "passed",
        fair=True,
        seconds=5,
    ),
    *(
        Attack("+", title, "-", source, "passed", fair=True, seconds=5)
        for title, source in _AS_IN_A_NOTEBOOK.items()
    ),
    *(
        Attack("+", title, "-", source, status)
        for title, (source, status) in _STILL_NOT_RIGHT.items()
    ),
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
