"""Which steps of CONTRIBUTING are done for a lesson or an exercise, and which are open.

make lesson NAME=02_definitions
make exercise NAME=relu LESSON=02_definitions
make claim ID=half-linear LESSON=02_definitions
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
from wrong_answers import collected

from relukit.checks.call import Caller
from relukit.checks.counterexample import passes
from relukit.checks.mishap import is_blank
from relukit.checks.registry import task
from relukit.checks.resetting import released_stub
from relukit.errors import InvalidValueError, RelukitError
from relukit.ledger import claim, measure
from relukit.syllabus import COURSE, LESSONS

ROOT = Path(__file__).parents[1]
LEAST_KNOWN, LEAST_SPELT, LEAST_RIGHT = 8, 1, 3  # mistakes; in other words; right answers
UNWRITTEN = "..."  # what stands in a skeleton for what its author is to write
SECTIONS = ("**Prerequisites**", "**Time**", "## Summary", "## References")


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def prose(path: Path) -> str:
    return "\n\n".join(c.source for c in read(path).cells if c.cell_type == "markdown")


def notebook(lesson: str, root: Path) -> Path:
    """Return where a page's notebook stands; one that the course lacks would be a lesson's."""
    known = COURSE.get(lesson)
    return root / (known.notebook if known else f"notebooks/{lesson}.ipynb")


def notebook_written(lesson: str, root: Path) -> bool:
    text = prose(notebook(lesson, root))
    return text.startswith(f"# {lesson[:2]} ") and all(section in text for section in SECTIONS)


def notebook_run(lesson: str, root: Path) -> bool:
    cells = read(notebook(lesson, root)).cells
    counts = [cell.execution_count for cell in cells if cell.cell_type == "code"]
    return counts == list(range(1, len(counts) + 1))


def rows_written(lesson: str, root: Path) -> bool:
    start = prose(root / "notebooks" / "00_start_here.ipynb")
    readme = (root / "README.md").read_text(encoding="utf-8")
    place = notebook(lesson, root).relative_to(root).as_posix()
    return f"({place.removeprefix('notebooks/')})" in start and f"({place})" in readme


def exercises_at_the_end(lesson: str, root: Path) -> bool:
    last = read(notebook(lesson, root)).cells[-1]
    return lesson not in LESSONS or last.source == f'progress("{lesson}")'


def task_described(name: str, root: Path) -> bool:
    entry = task(name)
    said = (entry.title, entry.why, *entry.hints, *(m.sentence for m in entry.misconceptions))
    begun = (entry.title, entry.why) == (UNWRITTEN, UNWRITTEN) or is_blank(entry.reference)
    return len(entry.misconceptions) >= LEAST_KNOWN and all(said) and not begun


def answer_written(name: str, root: Path) -> bool:
    lesson = task(name).lesson
    cells = read(root / "solutions" / lesson / f"{lesson}.ipynb").cells
    grades = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in cells}
    answer = grades.get(name, "")
    marked = "### BEGIN SOLUTION" in answer and "### END SOLUTION" in answer
    marked = marked and "    raise NotImplementedError\n" not in answer
    return marked and f"check({name})" in [cell.source for cell in cells]


def answers_collected(name: str, root: Path) -> bool:
    entry = task(name)
    spelt = [answer for _, answer, sentence in collected.listed(entry) if sentence is not None]
    right = collected.right(entry)
    enough = len(spelt) >= LEAST_SPELT and len(right) >= LEAST_RIGHT
    if not enough or any(map(is_blank, (*spelt, *right))):
        return False
    refused = [answer for answer in right if not passes(entry, Caller(answer, entry.harness).ask)]
    amiss = [f"refused: {answer.__name__}" for answer in refused] + collected.misnamed(entry)
    if amiss:
        do = "mend the answer, or what the task says of it"
        raise InvalidValueError("right answers accepted, mistakes named", "; ".join(amiss), do)
    return True


def exercise_released(name: str, root: Path) -> bool:
    lesson = task(name).lesson
    paths = (root / folder / lesson / f"{lesson}.ipynb" for folder in ("solutions", "exercises"))
    solved, released = map(read, paths)
    stub = released_stub(solved, name)
    return stub in [cell.source for cell in released.cells]


def claim_entered(claim_id: str, root: Path) -> bool:
    entry = claim(claim_id)
    places = (text for saying in entry.said_by for text in (saying.source.key, saying.where))
    parts = (part.what for part in entry.holds)
    said = (entry.text, entry.correct, entry.reason, entry.on, *places, *parts)
    return UNWRITTEN not in said and bool(entry.said_by and entry.references)


def claim_measured(claim_id: str, root: Path) -> bool:
    entry = claim(claim_id)
    return entry.experiment is None or measure(claim_id).verdict == entry.verdict


def cells_about(claim_id: str, root: Path) -> list[nbformat.NotebookNode]:
    """Return the cells of a claim's lesson, and of the pages that go deeper."""
    lesson = claim(claim_id).lesson
    pages = (page for page in COURSE.values() if lesson in (page.name, page.deepens))
    return [cell for page in pages for cell in read(root / page.notebook).cells]


def claim_shown(claim_id: str, root: Path) -> bool:
    cells = cells_about(claim_id, root)
    wanted = re.compile(rf"\bverdict\([^)]*\"{claim_id}\"")
    shown = [cell for cell in cells if cell.cell_type == "code" and wanted.search(cell.source)]
    return any(f"{claim_id}: " in str(cell.outputs) for cell in shown)


def claim_asked(claim_id: str, root: Path) -> bool:
    text = (root / "docs" / "predictions.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith(f"| `{claim_id}` ")]
    cells = cells_about(claim_id, root)
    asked = any(f'predict("{claim_id}"' in cell.source for cell in cells)
    written = not any(UNWRITTEN in row.split(" | ") for row in rows)
    return claim_shown(claim_id, root) and len(rows) == int(asked) and written


Check = Callable[[str, Path], bool]
# in the order of the numbered steps of CONTRIBUTING
STEPS: dict[str, dict[str, Check]] = {
    "claim": {
        "its entry in claims.toml, with who says it and what is demanded": claim_entered,
        "its experiment, which finds the entry's verdict": claim_measured,
        'verdict("its-id") in its lesson, and make notebooks': claim_shown,
        "make pages: what is asked before is in docs/predictions.md, without dots": claim_asked,
    },
    "lesson": {
        "the notebook: title, prerequisites, minutes, Summary, References": notebook_written,
        "make notebooks: run in order, with its outputs": notebook_run,
        "make pages: its rows in README.md and 00_start_here": rows_written,
        "its last cell, progress(lesson), if it has exercises": exercises_at_the_end,
    },
    "exercise": {
        "the task in relukit/lessons/, with hints and misconceptions": task_described,
        "its cells in solutions/, with the marks of the solution": answer_written,
        "wrong and right answers in tests/material/wrong_answers/": answers_collected,
        "make exercises: its stub is released": exercise_released,
    },
}


def report(kind: str, name: str, root: Path = ROOT) -> list[tuple[bool, str]]:
    """Return for each step whether it is done, and what it is; what fails is not done."""
    found = []
    for text, check in STEPS[kind].items():
        try:
            done = check(name, root)
        except (OSError, RelukitError, IndexError, ImportError, NotImplementedError) as error:
            done, text = False, f"{text} ({str(error) or type(error).__name__})"
        found.append((done, text))
    return found


def main(arguments: list[str]) -> int:
    """Print the steps; return 1 where one is open."""
    if len(arguments) != 2 or arguments[0] not in STEPS:
        sys.stderr.write(__doc__ or "")
        return 2
    steps = report(*arguments)
    for number, (done, text) in enumerate(steps, start=1):
        sys.stdout.write(f"{number} {'done' if done else 'open'}  {text}\n")
    return int(not all(done for done, _ in steps))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
