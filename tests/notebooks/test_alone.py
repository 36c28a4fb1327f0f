"""The cell for notebooks that run alone: free at home, and the package where it is missing."""

import importlib.util

import nbformat
import pytest

from relukit.grading.submissions.answers import read_answers
from relukit.grading.submissions.cells import Cell
from relukit.notebooks import alone, is_alone


class Shell:
    """Stands for IPython, and keeps what it is told to run."""

    def __init__(self):
        self.told = []

    def run_line_magic(self, *told):
        self.told.append(told)


@pytest.mark.parametrize(("missing", "told"), [(False, []), (True, ["install --quiet relukit"])])
def test_the_package_is_installed_where_it_is_missing_and_nowhere_else(missing, told, monkeypatch):
    shell, real = Shell(), importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if missing else real(name))
    exec(compile(alone.SOURCE, "<alone>", "exec"), {"get_ipython": lambda: shell})
    assert shell.told == [("pip", line) for line in told]


def test_the_grader_takes_it_for_no_cell_of_a_students_own():
    cells = [
        Cell("code", "", alone.ID, alone.SOURCE),
        Cell("code", "", "", "from math import pi"),
        Cell("code", "relu", "", "def relu(x):\n    return x"),
    ]
    read = read_answers(cells, ["relu"])
    assert read.elsewhere == ("pi",)
    assert read.own == (("relu", "from math import pi"),)
    changed = Cell("code", "", alone.ID, f"{alone.SOURCE}\ntau = 6")
    assert read_answers([changed, *cells], ["relu"]).elsewhere == ("find_spec", "tau", "pi")


def test_it_is_known_by_its_text_where_a_service_drops_ids_and_tags():
    cell = nbformat.v4.new_code_cell(alone.SOURCE + "\n")
    assert is_alone(cell.source)
