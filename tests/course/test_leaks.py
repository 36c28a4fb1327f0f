"""No notebook that a learner is given holds what a solution holds.

For each lesson, against its exercises and against every notebook that is no solution: the lines of
code between BEGIN and END SOLUTION, the numbers that the tasks' boundary inputs expect, and the
outputs of the cells that are graded. Looked at is every text of a notebook: sources, outputs, and
metadata. Comments, signatures and lines that say nothing of their own, such as `return result` or
`else:`, don't count; nor do numbers that three digits give, and in lessons what these teach.
"""

import ast
import copy
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from relukit.checks.counterexample import expect
from relukit.checks.registry import tasks

ROOT = Path(__file__).parents[2]
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*/*.ipynb"))
LESSONS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
GIVEN = EXERCISES + LESSONS
REGION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", flags=re.DOTALL)
# only words, numbers and brackets, or the beginning of a call: any answer may have it
PLAIN = re.compile(r"[\w\s,.:()\[\]]*|.*[(\[{]")
SHORT, DIGITS = 13, 5
TAUGHT = {
    *("0.31831", "0.63662", "0.70711"),  # 1/pi, 2/pi and the root of 1/2: moments of a sine
    *("0.39894", "0.84134"),  # the normal density at 0, and the share below 1
    *("0.69780", "4.0170"),  # two means of censored data
    *("0.69315", "0.88080"),  # softplus at 0, the sigmoid at 2
    "1.4142",  # the gain of ReLU
    "0.16622",  # the mean of hard Swish; by chance a number of lesson 06 begins alike
}


@cache
def read(path):
    return nbformat.read(path, as_version=4)


def texts(node: object) -> Iterator[str]:
    """Return every text of a notebook, wherever it stands; of images, their descriptions only."""
    if isinstance(node, str):
        yield " ".join(node.split())
    elif isinstance(node, dict):
        for key, value in node.items():
            if not key.startswith("image/") or not isinstance(value, str):
                yield from texts(key)
                yield from texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from texts(value)
    elif isinstance(node, float):
        yield repr(node)


def telling_lines(solution) -> set[str]:
    """Return the lines of the solved regions that say something, without their comments."""
    sources = [cell.source for cell in solution.cells if cell.cell_type == "code"]
    found = set()
    for region in REGION.findall("\n".join(sources)):
        lines = textwrap.dedent(region[: region.rfind("\n") + 1]).splitlines(keepends=True)
        tokens = tokenize.generate_tokens(iter(lines).__next__)
        comments = {t.start[0]: t.start[1] for t in tokens if t.type == tokenize.COMMENT}
        for number, line in enumerate(lines, 1):
            code = " ".join(line[: comments.get(number)].split())
            if len(code) >= SHORT and not PLAIN.fullmatch(code):
                found.add(code)
    return found


@cache
def expected_numbers(lesson: str) -> frozenset[str]:
    """Return the numbers that boundary inputs expect, to DIGITS digits and more, as texts."""
    found = set()
    for task in tasks(lesson):
        for value in _numbers([expect(task, arguments) for arguments in task.boundary]):
            if 1e-3 < abs(value) < 1e3 and abs(value - float(f"{value:.3g}")) > 1e-4 * abs(value):
                found.add(f"{abs(value):#.{DIGITS}g}")
    return frozenset(found)


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, list | tuple):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, np.ndarray) and value.size < 100:
        yield from value.astype(float).ravel().tolist()
    elif isinstance(value, float):
        yield value


def graded_outputs(solution) -> set[str]:
    """Return the texts that the graded cells of a solution put out."""
    graded = [cell for cell in solution.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    found = {text for cell in graded for out in cell.outputs for text in texts(out.get("data", {}))}
    return {text for text in found if " " in text}


def leaks(solution, lesson: str, given, *, taught: Iterable[str] = ()) -> set[str]:
    """Return what a given notebook holds of a solution, numbers apart that it may teach."""
    everything = "\n".join(texts(given))
    telling = telling_lines(solution) | graded_outputs(solution)
    numbers = [f"{float(n):#.{DIGITS}g}" for n in re.findall(r"\d+\.\d{3,}", everything)]
    expected = expected_numbers(lesson).difference(taught).intersection(numbers)
    return {text for text in telling if text in everything} | expected


@pytest.mark.parametrize("given", GIVEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: f"of-{path.stem}")
def test_a_notebook_that_is_given_holds_nothing_of_a_solution(path, given):
    taught = TAUGHT if given in LESSONS else ()
    assert leaks(read(path), path.stem, read(given), taught=taught) == set()


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_there_is_something_to_leak(path):
    assert len(telling_lines(read(path))) >= len(tasks(path.stem))
    assert len(graded_outputs(read(path))) >= len(tasks(path.stem))


@pytest.mark.parametrize("path", GIVEN, ids=lambda path: path.stem)
def test_a_notebook_that_is_given_has_no_attachments(path):
    assert not any(cell.get("attachments") for cell in read(path).cells)


def _in_the_source(notebook, text):
    notebook.cells[-1].source += f"\n        {text}  # planted"


def _in_the_metadata_of_a_cell(notebook, text):
    notebook.cells[3].metadata["relukit"] = {"notes": [f"answer: {text}"]}


def _in_the_metadata(notebook, text):
    notebook.metadata["solution"] = text


def _as_a_key(notebook, text):
    notebook.metadata[text] = True


def _in_an_output(notebook, text):
    cell = next(c for c in notebook.cells if c.cell_type == "code" and c.get("outputs"))
    cell.outputs.append(nbformat.v4.new_output("stream", name="stdout", text=f"got {text}\n"))


PLACES = [_in_the_source, _in_the_metadata_of_a_cell, _in_the_metadata, _as_a_key, _in_an_output]


@pytest.mark.parametrize("plant", PLACES)
@pytest.mark.parametrize("given", [GIVEN[1], GIVEN[-1]], ids=lambda path: path.stem)
def test_a_planted_leak_is_found(plant, given):
    path = next(path for path in SOLUTIONS if path.stem == "01_history")
    solution, clean = read(path), read(given)
    line, output = (max(found(solution), key=len) for found in (telling_lines, graded_outputs))
    for text in (line, output, min(expected_numbers(path.stem) - TAUGHT)):
        planted = copy.deepcopy(clean)
        plant(planted, text)
        assert leaks(solution, path.stem, planted, taught=TAUGHT), text


def test_comments_signatures_and_empty_structure_do_not_count():
    source = """def f(x):
    ### BEGIN SOLUTION
    # a remark that is long enough to tell something
    def inner(argument):
        return argument
    for value in values:
        total = value @ value  # the square
    else:
        pass
    return result
    ### END SOLUTION"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    assert telling_lines(notebook) == {"total = value @ value"}


SETTING = re.compile(r"\d+ (networks|units|steps|seeds|of \d+)")  # what a title may say
TELLING = {"title", "seen", "finding", "alt", "caption"}


def told(source: str) -> list[str]:
    """Return the texts of a cell that a picture would say: titles and the like, given by hand."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in TELLING:
            found.append(node.value)
        elif isinstance(node, ast.Assign):
            names = {n.id for target in node.targets for n in ast.walk(target)
                     if isinstance(n, ast.Name)}  # fmt: skip
            if names & TELLING:
                found.append(node.value)
    parts = [part for value in found for part in ast.walk(value)]
    return [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_code_below_a_question_does_not_tell_its_answer(path):
    """Its texts may say a setting; what is found says the figure, once the cell has run."""
    waiting = False
    for cell in read(path).cells:
        if cell.cell_type != "code":
            continue
        waiting = waiting or "predict(" in cell.source
        if waiting and "verdict(" not in cell.source:
            for text in told(cell.source):
                assert SETTING.search(text), text
        waiting = waiting and "verdict(" not in cell.source


def test_a_title_is_found_where_it_is_passed_and_where_it_is_named_before():
    assert told('arms, title = f(), "Cutting helps"\nfigures.rows(arms, title=title)') == [
        "Cutting helps"
    ]
    assert told('figures.dots(arms, seen="tanh is ahead", mark=("chance", 0.1))') == [
        "tanh is ahead"
    ]
