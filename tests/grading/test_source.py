"""Which cells, imports and modules an answer needs, read off its text."""

import ast

import pytest

from relukit.grading.scopes import bound_in, free_in
from relukit.grading.source import SET_UP, cells_for, commands_in, modules_in, others_wanted

COURSE = "import math\nimport numpy as np\nimport torch\nfrom torch import nn\n"


def titles(name: str, answers: dict[str, str]) -> list[str]:
    return [title for title, _ in cells_for(name, answers, COURSE)]


def set_up(source: str) -> str:
    return cells_for("f", {"f": source}, COURSE)[0][1]


def test_only_imports_that_the_answer_uses_are_run():
    assert set_up("def f(x): return np.abs(x)") == "import numpy as np"
    assert set_up("def f(x): return x") == ""
    assert set_up("class f(nn.Module): pass") == "from torch import nn"


def test_answers_that_it_builds_on_come_before_it_in_the_notebooks_order():
    answers = {
        "a": "def a(x): return x",
        "b": "def b(x): return a(x)",
        "c": "def c(x): return x",
        "d": "def d(x): return c(x) + b(x)",
        "e": "def e(x): return x",
    }
    assert titles("d", answers) == [SET_UP, "<cell a>", "<cell b>", "<cell c>", "<cell d>"]
    assert titles("e", answers) == [SET_UP, "<cell e>"]


def test_answers_that_need_each_other_come_once():
    answers = {"a": "def a(x): return b(x)", "b": "def b(x): return a(x)"}
    assert titles("a", answers) == [SET_UP, "<cell b>", "<cell a>"]


@pytest.mark.parametrize(
    "helper", ["h = 3", "h: int = 3", "i, h = 2, 3", "class h: pass", "def h(): pass"]
)
def test_helpers_in_other_answers_are_found(helper: str):
    answers = {"a": helper, "f": "def f(x): return h"}
    assert titles("f", answers) == [SET_UP, "<cell a>", "<cell f>"]


def test_names_inside_other_answers_functions_are_no_helpers():
    answers = {"a": "def a(x):\n    h = 2\n    return h", "f": "def f(x): return h"}
    assert titles("f", answers) == [SET_UP, "<cell f>"]


BROKEN = {
    "no Python": "def f(x:",
    "a zero byte": "x = 1\0",
    "half a character": "x = '\ud800'",
    "brackets": "(" * 10_000,
    "minus signs": "-" * 100_000 + "1",
    "attributes": "x" + ".a" * 100_000,
    "sums": "x" + "+1" * 100_000,
    "conditions": "if x: pass\n" + "elif x: pass\n" * 5000,
    "digits": "x = " + "9" * 100_000,
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_text_that_cannot_be_parsed_is_left_to_the_run(source: str):
    cells = cells_for("f", {"a": "def a(): pass", "f": source}, COURSE)
    assert cells[-1] == ("<cell f>", source)
    assert modules_in(cells) == ()


def test_a_neighbour_that_cannot_be_parsed_does_not_hurt():
    answers = {"a": "def a(", "f": "def f(x): return np.abs(x)"}
    assert titles("f", answers) == [SET_UP, "<cell f>"]


def test_a_dubious_escape_is_no_error_and_no_warning():
    assert set_up("def f(x):\n    '\\d'\n    return np.abs(x)") == "import numpy as np"


def test_modules_are_found_anywhere_and_named_once():
    source = (
        "import torch.nn as n, math\nimport math\n"
        "def f(x):\n    from scipy import special as s\n    from . import other\n"
    )
    expected = ("torch.nn", "math", "scipy", "scipy.special")
    assert modules_in((("f", source),)) == expected


@pytest.mark.parametrize(
    ("source", "command"),
    [
        ("%matplotlib inline", "%matplotlib inline"),
        ("x = 1\n  !ls -la\n", "!ls -la"),
        ("%%time\nx = 1", "%%time"),
        ("?np.abs", "?np.abs"),
        ("np.abs?", "np.abs?"),
        ("x = 7 % 2", ""),
        ("# is this right?", ""),
        ("", ""),
        ("%" + "x" * 1000, "%" + "x" * 59),
    ],
)
def test_notebook_commands_are_found(source: str, command: str):
    assert commands_in(source) == command


def test_what_is_called_set_up_is_python():
    ast.parse(set_up("def f(x): return np.abs(nn.relu(torch.tensor(math.pi)))"))


def test_what_a_cell_binds_itself_it_needs_from_no_other():
    answers = {
        "a": "place = 'a'\ndef a(x): return x",
        "b": "place = 'b'\ndef b(x): return place",
        "c": "def c(x): return place",
    }
    assert titles("b", answers) == [SET_UP, "<cell b>"]
    assert titles("c", answers) == [SET_UP, "<cell a>", "<cell b>", "<cell c>"]


def owned(source: str, *own: str, **answers: str) -> list[str]:
    answers = {**answers, "f": source}
    cells = cells_for("f", answers, COURSE, own=[("f", text) for text in own])
    return [title.strip("<>").removeprefix("cell ") for title, _ in cells[1:-1]]


def test_own_cells_run_where_nothing_else_defines_a_name_and_what_they_need_comes_with_them():
    answer = "def f(x): return h(np.abs(x))"
    assert owned(answer, "k = 1", "def h(x): return k", "x = 3") == [
        "of your own 1",
        "of your own 2",
    ]
    assert owned(answer, "def h(x): return g(x)", g="def g(x): return x") == ["g", "of your own 1"]
    assert owned(answer, "def h(x): return x", g="def h(x): return -x") == ["g"]
    assert owned("def f(x): return np.abs(x)", "np = 0", "x = 1", "len = 2") == []
    assert owned("def f(x): return np.abs(x)", "from numpy import *") == ["of your own 1"]


def test_a_name_that_no_text_shows_brings_the_own_cell_that_defines_it():
    own = [("f", "h = 1"), ("f", "k = 2")]
    cells = cells_for("f", {"f": "y = globals()[n]"}, COURSE, own=own)
    wanted = others_wanted("KeyError: 'k'", "f", {"f": "y = globals()[n]"}, cells, own)
    assert wanted == ("of your own 2",)
    again = cells_for("f", {"f": "y = globals()[n]"}, COURSE, wanted, own)
    assert [title for title, _ in again[1:]] == ["<cell of your own 2>", "<cell f>"]
    assert others_wanted("KeyError: 'k'", "f", {"f": ""}, again, own) == ()
    assert others_wanted("KeyError: 'h'", "f", {"f": ""}, again, own) == (
        "of your own 1",
        "of your own 2",
    )


# every statement that binds a name where it stands
BINDS = (
    *("h = 1", "h: int = 1", "a, (h, b) = 1, (2, 3)", "def h(): 1", "class h: pass", "import h"),
    *("from a import b as h", "import h.sub", "for h in a: pass", "with a as h: pass", "(h := 1)"),
    *("if a: h = 1", "try: pass\nexcept a as e: h = 1", "while a: h = 1", "async def h(): 1"),
    *(
        "match a:\n    case [h]: pass",
        "%time h\nh = 1",
        "[h := b for b in a]",
        "def a():\n    global h\n    h = 1\na()",
        "h = '\\d'",
    ),
    *("try: h = 1\nfinally: pass", "for a in b: pass\nelse: h = 1", "%%writefile h.py\nz = 1"),
)


@pytest.mark.parametrize("source", BINDS)
def test_names_are_bound_by_any_statement(source: str):
    assert "h" in bound_in(source)
    assert owned("def f(x): return h", source) == ["of your own 1"]


FREE = (
    *("h", "def f(x): return h", "f = lambda x, y=h: x", "class f(h): pass", "[h for x in y]"),
    *("def f(x: h): pass", "def f():\n    def g(): return h\n    return g", "@h\ndef f(): 1"),
)


@pytest.mark.parametrize("source", FREE)
def test_names_are_free_that_nothing_in_a_cell_binds(source: str):
    assert "h" in free_in(source)


@pytest.mark.parametrize(
    "source", ["def f(h): return h", "h = 1\nh", "def f():\n    h = 1\n    return h", "'h'", "x.h"]
)
def test_names_that_a_cell_binds_are_not_free(source: str):
    assert "h" not in free_in(source)


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_own_cells_that_cannot_be_parsed_do_no_harm(source: str):
    assert owned("def f(x): return np.abs(x)", source) == []
    assert free_in(source) == frozenset()


def test_only_the_first_modules_are_imported_before_an_answers_time_begins():
    source = "def f(x):\n    return x\ndef never():\n" + "".join(
        f"    import torch.m{i}\n" for i in range(1700)
    )
    assert modules_in((("f", source),)) == tuple(f"torch.m{i}" for i in range(32))
