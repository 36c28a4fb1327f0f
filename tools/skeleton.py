"""Write what an exercise begins with: `make exercise NAME=hard_swish LESSON=03_variants`.

What is there already stays as it is; `steps.py` says what is still open.
"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import steps
from nbformat.v4 import new_code_cell, new_markdown_cell

from relukit.errors import InvalidValueError, RelukitError, unknown_name
from relukit.files import write_whole
from relukit.syllabus import COURSE, LESSONS, TASKS, description

ROOT = Path(__file__).parents[1]
USAGE = "make exercise NAME=hard_swish LESSON=03_variants"

TASK = '''"""A task of {kind} {number} on ...: what the learner sees when it is done."""

import numpy as np

from relukit.checks.comparison import close
from relukit.checks.domain import Domain
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64

ERROR = {{"float32": 1e-6, "float64": 1e-14}}  # relative; the task's text states it
DOMAINS = {{"x": Domain(dtypes=("float64", "float32"), special=True)}}


def _{name}(x):
    raise NotImplementedError


TASK = Task(
    points=1,
    title="...",
    minutes=10,
    difficulty="easy",
    why="...",
    hints=("a question ...", "a pointer ...", "the first line ..."),
    reference=_{name},
    boundary=(*each(0.0, 1.0, -1.0, np.inf, -np.inf, np.nan), *SHAPES),
    compare=close(ERROR),
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception("this is ReLU: ...", lambda x: np.maximum(x, 0)),
        always_float64(_{name}),
    ),
)
'''

TEXT = """## {place}. ... (10 minutes, easy, 1 point)

Why it matters, in a sentence.

Write ... Relative error at most $10^{{-6}}$ in float32 and $10^{{-14}}$ in float64."""

ANSWER = '''def {name}(x):
    """Return ..., element by element.

    x: array of any shape, float32 or float64.
    Returns an array of x's shape and dtype.
    """
    ### BEGIN SOLUTION
    raise NotImplementedError
    ### END SOLUTION'''

ANSWERS = """

# {name}


@wrong("{name}", "this is ReLU")
def {name}_as_relu_in_other_words(x):
    ...


@right("{name}")
def {name}_in_a_loop(x):
    ...
"""


def write(name: str, lesson: str, root: Path = ROOT) -> list[Path]:
    """Write the skeleton of an exercise, and return the files that changed.

    Args:
        name: of the function that the learner writes.
        lesson: such as "03_variants".
        root: the course's folder.

    Raises:
        InvalidValueError: the name is no name in Python, another lesson has it, or no lesson has
            the lesson's name.
    """
    if lesson not in LESSONS:
        raise unknown_name("lesson", lesson, LESSONS)
    if not name.isidentifier():
        raise InvalidValueError("a name that Python takes", repr(name), USAGE)
    taken = next((other for other, names in TASKS.items() if name in names), lesson)
    if taken != lesson:
        raise InvalidValueError("a name of its own", f"{name!r} of {taken}", "choose another")
    described = root / description(lesson).relative_to(ROOT)
    written = {
        described.parent / "tasks" / f"{name}.py": lambda text: (
            text or TASK.format(name=name, kind=COURSE[lesson].kind, number=lesson[:2])
        ),
        described: lambda text: _named(text, name),
        root / "tests" / "material" / "wrong_answers" / f"{LESSONS[lesson]}.py": lambda text: (
            _answered(text, name)
        ),
        root / "solutions" / lesson / f"{lesson}.ipynb": lambda text: _with_cells(text, name),
    }
    changed = []
    for path, change in written.items():
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if (new := change(old)) != old:
            write_whole(path, new)
            changed.append(path)
    return changed


def _named(text: str, name: str) -> str:
    """Return the file of a page with a task at the end of its list."""
    if f'"{name}"' in text:
        return text
    listed = re.compile(r"^tasks = \[\n(?: .*\n)*", flags=re.MULTILINE)
    return listed.sub(lambda found: f'{found[0]}    "{name}",\n', text)


def _answered(text: str, name: str) -> str:
    if f'"{name}"' in text:
        return text
    return text.rstrip("\n") + "\n" + ANSWERS.format(name=name)


def _with_cells(text: str, name: str) -> str:
    """Return the solutions with three cells behind those of the last task."""
    notebook = nbformat.reads(text, as_version=4)
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]
    if name in ids:
        return text
    checks = [place for place, known in enumerate(ids) if known.startswith("check-")]
    title = TEXT.format(place=len(checks) + 1)
    made = (
        new_markdown_cell(title, metadata=_graded(f"{name}-text", locked=True)),
        new_code_cell(ANSWER.format(name=name), metadata=_graded(name, solution=True)),
        new_code_cell(f"check({name})", metadata=_graded(f"check-{name}", locked=True, points=1)),
    )
    for cell, part in zip(made, ("text", "answer", "check"), strict=True):
        cell.id = f"{name.replace('_', '-')}-{part}"
    notebook.cells[max(checks) + 1 : max(checks) + 1] = made
    return nbformat.writes(notebook) + "\n"


def _graded(
    grade_id: str, *, locked: bool = False, solution: bool = False, points: int = 0
) -> dict:
    """Return what nbgrader wants to know of a cell."""
    entry = {
        "grade": points > 0,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": entry | ({"points": points} if points else {})}


def main(arguments: list[str]) -> int:
    """Write the skeleton and print what changed and what is open."""
    name, lesson = (*arguments, "", "")[:2]
    lesson = lesson or next((own for own, names in TASKS.items() if name in names), "")
    if not name or not lesson:
        sys.stderr.write(f"Expected a name and a lesson. What to do: {USAGE}\n")
        return 2
    try:
        changed = write(name, lesson)
    except RelukitError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path in changed:
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    # in a process of its own, which reads anew which tasks there are
    script = Path(steps.__file__)
    subprocess.run([sys.executable, script, "exercise", name], check=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
