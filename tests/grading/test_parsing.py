"""What is parsed for one student is bounded, and what is not parsed is looked through."""

import ast
import io
import json
import re
import sys
import zipfile
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relukit.checks.registry import tasks
from relukit.grading import parsing
from relukit.grading.source import SET_UP, cells_for, modules_in
from relukit.grading.submissions import answers as answers_of
from relukit.grading.submissions import entry, handed_in
from relukit.grading.submissions.cells import MAX_CELLS, read_cells
from relukit.grading.submissions.collect import collect
from relukit.grading.submissions.entry import Unusable
from relukit.grading.submissions.toplevel import defined_in

LESSON = "02_definitions"
LONG = "\n".join(f"# {n}" for n in range(parsing.LONGEST))


def book(*sources: str, **metadata: object) -> bytes:
    cells = [{"cell_type": "code", "source": s, "metadata": metadata} for s in sources]
    return json.dumps({"cells": cells}).encode()


@pytest.fixture
def parsed(monkeypatch):
    """Count the characters that Python parses."""
    counted: list[int] = []
    real = ast.parse
    parsing._parsed.cache_clear()

    def parse(source, *args, **more):
        counted.append(len(source))
        return real(source, *args, **more)

    monkeypatch.setattr(parsing.ast, "parse", parse)
    return counted


HOSTILE = {
    "f-strings": "f'" + "{x}" * 30_000 + "'",
    "statements": "x;" * 45_000,
    "slices": "x[" + ":," * 45_000 + "]",
    "signs": "-" * 90_000 + "x",
    "brackets": ("[" * 190 + "]" * 190 + "\n") * 240,
    "digits": ("9" * 4_200 + "\n") * 20,
    "short f-strings": "f'" + "{x}" * 1_200 + "'",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_zip_of_hostile_notebooks_is_hardly_parsed(kind, tmp_path, parsed):
    (tmp_path / "eve").mkdir()
    with zipfile.ZipFile(tmp_path / "eve" / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            cells = [f"{HOSTILE[kind]}\n# {n} {i}" for i in range(60)]
            archive.writestr(f"{n}.ipynb", book(*cells))
    (tmp_path / "ada").mkdir()
    own = book("def relu(x): return x")
    (tmp_path / "ada" / f"{LESSON}.ipynb").write_bytes(own)
    found = {one.student: one for one in collect(tmp_path, lesson=LESSON)}
    assert sum(parsed) <= parsing.PARSED + 100
    assert max(parsed) <= parsing.LONGEST
    assert found["ada"].answers == {"relu": "def relu(x): return x"}
    assert found["eve"].problem


def test_long_answers_are_taken_whole_and_parsed_by_nobody(tmp_path, parsed):
    sources = {task.name: f"def {task.name}(x): return x\n{LONG}" for task in tasks(LESSON)}
    (tmp_path / "eve").mkdir()
    data = {"cells": [{"cell_type": "code", "source": s} for s in sources.values()]}
    (tmp_path / "eve" / f"{LESSON}.ipynb").write_text(json.dumps(data))
    (found,) = collect(tmp_path, lesson=LESSON)
    assert found.answers == sources
    for name in sources:
        cells_for(name, found.answers, "import numpy as np")
    assert sum(parsed) < 200


def test_an_answer_is_parsed_once_however_often_it_is_needed(parsed):
    answers = {f"f{n}": f"def f{n}(x): return f{n - 1}(x) # of a test" for n in range(9)}
    for _ in range(3):
        for name in answers:
            modules_in(cells_for(name, answers, "import math"))
    assert len(parsed) <= 3 * len(answers) + 3


def test_beyond_the_budget_a_text_is_looked_through_and_then_it_is_not():
    sources = [f"x{n} = [\n" + "0,\n" * 300 + "]" for n in range(2 * parsing.READ // 900)]

    @parsing.budgeted
    def of_student():
        found = [defined_in(source) for source in sources]
        return found, parsing.is_spent()

    found, spent = of_student()
    assert found[:5] == [(f"x{n}",) for n in range(5)]
    half = len(found) // 3
    assert found[half] == (f"x{half}",)
    assert found[-1] == ()
    assert spent
    assert not parsing.is_spent()
    assert defined_in(sources[-1]) == (f"x{len(sources) - 1}",)


def test_a_student_who_hands_in_too_much_code_is_told(tmp_path):
    own = [f"def helper{n}(): pass\n{'#' * 90_000}" for n in range(60)]
    (tmp_path / "eve").mkdir()
    data = book("def relu(x): return x", *own)
    (tmp_path / "eve" / f"{LESSON}.ipynb").write_bytes(data)
    (found,) = collect(tmp_path, lesson=LESSON)
    assert found.answers == {"relu": "def relu(x): return x"}
    assert parsing.SPENT in found.note


def test_what_is_not_parsed_still_gets_its_imports_helpers_and_modules():
    long = f"from scipy import special\ndef f(x):\n    return np.abs(g(x))\n{LONG}"
    cells = cells_for("f", {"g": "def g(x): return x", "f": long}, "import numpy as np, math")
    assert [title for title, _ in cells] == [SET_UP, "<cell g>", "<cell f>"]
    assert cells[0][1] == "import numpy as np"
    assert "scipy" in modules_in(cells)


def test_the_course_s_own_cell_stays_whole_when_some_of_it_is_used():
    set_up = "import math, numpy as np\nfrom torch import nn, optim"
    for name, kept in (("np", "import numpy as np"), ("nn", "from torch import nn")):
        for _ in range(2):
            assert cells_for("f", {"f": f"def f(x): return {name}"}, set_up)[0][1] == kept


@pytest.mark.parametrize(
    "data",
    [
        b'{"cells": [' + b"{}," * MAX_CELLS + b"{}]}",
        b'{"cells": [' + b"[]," * parsing.VALUES + b"0]}",
        b'{"cells": [' + b"0.5," * parsing.VALUES + b"0]}",
        b'{"cells": [' + b'"",' * (parsing.VALUES + 1) + b"0]}",
        b'{"a\\\\": [' + b"0," * parsing.VALUES + b'"\\""]}',
    ],
    ids=["cells", "lists", "numbers", "texts", "escapes"],
)
def test_a_notebook_with_more_than_any_holds_is_refused_before_it_is_read(data):
    with pytest.raises(Unusable, match=r"than any|more than"):
        read_cells(data)


def test_what_was_printed_may_hold_millions_of_commas():
    output = {"output_type": "stream", "text": ["1, 2, [3], {4: 5}\n" * 400_000]}
    cell = {"cell_type": "code", "source": "x = 1", "outputs": [output]}
    (found,) = read_cells(json.dumps({"cells": [cell]}).encode())
    assert found.source == "x = 1"


def test_six_notebooks_of_a_diligent_student_are_within_the_budget():
    sources = [f"def task{n}(x):\n    return x ** {n}\n" * 8 for n in range(60)]

    @parsing.budgeted
    def of_student():
        return [defined_in(source) for source in sources], parsing._BUDGET.get()

    found, left = of_student()
    assert found == [(f"task{n}",) for n in range(60)]
    assert left.parsed > parsing.PARSED / 2


def halves(n: int) -> bytes:
    """Two cells of one answer: the first defines many names, and the second has n words."""
    first = "relu = 1\n" + "".join(f"q{i} = 1\n" for i in range(3 * n))
    marked = {"nbgrader": {"grade_id": "relu"}}
    return book(first, f"def relu(x): return x\n# {'q ' * n}", **marked)


def texts(n: int) -> bytes:
    cells = [{"cell_type": "markdown", "source": "~~~x\n" * 20 + "a = 1"} for _ in range(n)]
    return json.dumps({"cells": cells}).encode()


def packed(n: int, **more: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in more.items():
            archive.writestr(name.replace("_", "."), data)
        for i in range(n):
            archive.writestr(f"{i}/a/b/c/d", b"")
    return file.getvalue()


GROWING = {
    "halves.ipynb": halves,
    "texts.ipynb": texts,
    "cells.ipynb": lambda n: book(*[f"a{i} = {i}" for i in range(n)]),
    "marked.ipynb": lambda n: book(*["def relu(x): 1"] * n, nbgrader={"grade_id": "relu"}),
    "nested.ipynb": lambda n: book("x", outputs=None) + b" " * n,
    "members.zip": lambda n: packed(n, a_ipynb=book("x = 1")),
    "zips.zip": lambda n: packed(
        0, a_ipynb=book("x = 1"), **{f"{i}_zip": packed(9) for i in range(n // 9)}
    ),
}


def steps_of(folder, name: str, data: bytes) -> int:
    """Count the lines of Python that are run while a student's file is read."""
    (folder / "eve").mkdir(exist_ok=True)
    (folder / "eve" / name).write_bytes(data)
    n_lines = 0

    def follow(frame, event, argument):
        nonlocal n_lines
        n_lines += event == "line"
        return follow

    before = sys.gettrace()
    parsing._parsed.cache_clear()
    try:
        sys.settrace(follow)
        collect(folder, lesson=LESSON)
    finally:
        sys.settrace(before)
    return n_lines


@pytest.mark.parametrize("name", GROWING)
def test_twice_as_much_takes_at_most_twice_as_many_steps(name, tmp_path):
    steps_of(tmp_path, name, GROWING[name](0))  # imports and caches
    steps = [steps_of(tmp_path, name, GROWING[name](n)) for n in (0, 200, 400)]
    assert steps[2] - steps[0] <= 2.2 * (steps[1] - steps[0]) + 100


def _needed(task: str, sources: list[str]) -> list[str]:
    """Say what `_counting` does with a search for each name."""
    begins = re.compile(rf"^(?:def|class)[ \t]+{task}\b", flags=re.MULTILINE)
    last = max((n for n, source in enumerate(sources) if begins.search(source)), default=0)
    later = "\n".join(sources[last:])
    above = sources[last][: begins.search(later).start()] if last else ""

    def is_used(name: str) -> bool:
        return re.search(rf"\b{name}\b", above if name == task else later) is not None

    earlier = [(source, defined_in(source)) for source in sources[:last]]
    kept = [source for source, names in earlier if task not in names or any(map(is_used, names))]
    return [*kept, *sources[last:]]


LINES = st.sampled_from(
    ["def relu(x): return limit", "relu = 2", "limit = 3", "# relu", "b_limit = limit2", "é = relu"]
)


@given(st.lists(st.lists(LINES, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=5))
def test_halves_that_the_last_one_needs_are_found_as_by_a_search_for_each_name(sources):
    assert answers_of._counting("relu", sources) == _needed("relu", sources)


def test_halves_are_searched_in_one_pass(monkeypatch):
    looked_at = []
    real = parsing.words
    monkeypatch.setattr(parsing, "words", lambda text: looked_at.append(len(text)) or real(text))
    first = "relu = 1\n" + "".join(f"q{i} = 1\n" for i in range(500))
    answers_of._joined("relu", [first, "def relu(x): return x\n# " + "q " * 20_000])
    assert 40_000 < sum(looked_at) < 41_000
    looked_at.clear()
    answers_of._joined("relu", [first * 500, "def relu(x): return x\n# " + "q " * 200_000])
    assert looked_at == []


def test_members_of_zips_inside_zips_count_together(tmp_path, monkeypatch):
    inner = packed(400, a_ipynb=book("x = 1"))
    (tmp_path / "eve").mkdir()
    outer = packed(
        0, b_ipynb=book("def relu(x): return x"), **{f"{n}_zip": inner for n in range(9)}
    )
    (tmp_path / "eve" / "all.zip").write_bytes(outer)
    members = []
    monkeypatch.setattr(handed_in, "Allowance", partial(entry.Allowance, members=1_000))
    real = entry.Entry.__init__
    monkeypatch.setattr(entry.Entry, "__init__", lambda *a, **k: members.append(1) or real(*a, **k))
    (found,) = collect(tmp_path, lesson=LESSON)
    assert found.answers == {"relu": "def relu(x): return x"}
    assert len(members) < 3_000


@pytest.mark.parametrize(
    ("name", "extra"),
    [("{}" + "/" * 60_000, b""), ("{}", b"\x99\x99\0\0" * 16_000)],
    ids=["names", "extras"],
)
def test_a_list_of_members_that_takes_long_to_read_is_refused_unread(tmp_path, name, extra):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for n in range(200):
            info = zipfile.ZipInfo(name.format(f"{n}.ipynb"))
            info.extra = extra
            archive.writestr(info, b"")
    (tmp_path / "eve.zip").write_bytes(file.getvalue())
    (found,) = collect(tmp_path, lesson=LESSON)
    assert re.search("more than 20,000 files|the zip is damaged", found.problem)


def test_what_is_passed_over_and_what_is_kept_count_over_all_notebooks():
    deep = b'{"cells": [{"source": "x", "outputs": ' + b"[[[[1,[1]],1],1]," * 30_000 + b"1"
    deep += b"]" * 30_000 + b"}]}"
    large = book(*["#" * 90_000] * 60)

    @parsing.budgeted
    def of_student(data):
        for n in range(9):
            try:
                read_cells(data)
            except Unusable as why:
                return n, str(why)

    assert of_student(deep) == (2, "it holds more than any notebook does")
    assert of_student(large) == (1, "it is larger than 10 MiB without its outputs, with the others")
