"""One student's answers: every outcome, fairness, and what an attack does to the other answers."""

import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from relukit.checks.call import Caller
from relukit.checks.checking import examine
from relukit.checks.counterexample import probes
from relukit.checks.registry import task, tasks
from relukit.grading import student
from relukit.grading.course import set_ups
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.questions import Terms
from relukit.grading.result import Result
from relukit.grading.student import grade_student
from relukit.grading.submission import Submission
from relukit.syllabus import LESSONS

pytestmark = pytest.mark.slow
COURSE = Path(__file__).parents[2]
LESSON = "02_definitions"
SET_UPS = set_ups(COURSE)
RIGHT = {
    "relu": "def relu(x):\n    return np.maximum(x, 0)\n",
    "identity_from_relus": "def identity_from_relus(left, right):\n"
    "    return np.array([1.0, -1.0]), np.array([right, -left])\n",
}


def grade(answers: dict[str, str], jail: str, *, seconds: int = 2, **more: object) -> dict:
    """Return the results of answers to lesson 02 by their tasks."""
    submission = Submission("ada", LESSON, "ada.ipynb", answers, **more)
    found = grade_student([submission], Terms(jail, 2**62 + 1, SET_UPS, seconds=seconds))
    assert [result.task for result in found] == [entry.name for entry in tasks(LESSON)]
    return {result.task: result for result in found}


def grade_relu(source: str, jail: str, **more: object) -> Result:
    return grade({"relu": source}, jail, **more)["relu"]


def notebook(lesson: str, folder: str) -> Submission:
    book = nbformat.read(COURSE / folder / lesson / f"{lesson}.ipynb", as_version=4)
    names = [entry.name for entry in tasks(lesson)]
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in book.cells}
    return Submission("ada", lesson, "ada.ipynb", {name: cells[name] for name in names})


HANDED_OUT = [name for name in LESSONS if (COURSE / "solutions" / name).is_dir()]


@pytest.mark.parametrize(
    ("folder", "status"), [("solutions", "passed"), ("exercises", "not attempted")]
)
def test_every_solution_passes_and_every_stub_is_not_attempted(folder, status, any_jail):
    probes.cache_clear()  # other tests may have computed what is expected with several threads
    submissions = [notebook(lesson, folder) for lesson in HANDED_OUT]
    results = grade_student(submissions, Terms(any_jail, 2**62 + 7, SET_UPS))
    assert {result.task: result.status for result in results} == {
        entry.name: status for lesson in HANDED_OUT for entry in tasks(lesson)
    }
    assert all(result.digest and result.seed == 2**62 + 7 for result in results)


WRONG = {
    "relu": ["np.abs(x)", "np.maximum(x, 0.01 * x)", "x * (x > 0)", "np.clip(x, 0, 6)", "1 / 0"],
    "identity_from_relus": ["np.ones(2), np.array([left, right])", "'text'", "print('x')", "[0.0]"],
    "hinge_weights": ["y[0], y[1:]", "0.0, np.diff(y)"],
    "count_linear_pieces": ["len(weight) + 1"],
    "kill_the_mutants": ["True", "bool(relu(np.array([-1.0]))[0] == 0)"],
}


@pytest.mark.parametrize("position", range(5))
def test_a_wrong_answer_is_told_what_the_notebooks_check_tells(position, any_jail):
    import numpy as np

    bodies = {name: some[position] for name, some in WRONG.items() if position < len(some)}
    answers = {
        name: f"def {task(name).signature}:\n    return {body}" for name, body in bodies.items()
    }
    found = grade(answers, any_jail)
    for name, source in answers.items():
        names: dict[str, object] = {"np": np}
        exec(compile(source, "<cell>", "exec"), names)
        told = examine(task(name), Caller(names[name], task(name).harness).ask)
        got = found[name]
        assert not told
        assert (got.status, got.diagnosis) == (told.status, told.diagnosis)
        if told.given == got.given:  # where no generated input was shrunk to a smaller one
            assert (got.expected, got.got) == (told.expected, told.got)
            assert got.because.split(" (line")[0] == told.because.split(" (line")[0]
        assert got.given
        assert got.because


STOPPED = {
    "raised": "def relu(x):\n    y = 0\n    return y / 0",
    "timed out": "def relu(x):\n    while True: pass",
    "too much memory": "kept = np.ones(2**30)\ndef relu(x): return x",
    "too much output": "def relu(x): return np.zeros(30_000)",
    "not attempted": "def relu(x):\n    raise NotImplementedError",
    "missing": "def rectifier(x):\n    return np.maximum(x, 0)",
}


def test_every_other_outcome_is_told_from_the_rest(any_jail):
    found = {status: grade_relu(source, any_jail) for status, source in STOPPED.items()}
    assert {status: result.status for status, result in found.items()} == {s: s for s in STOPPED}
    assert "ZeroDivisionError" in found["raised"].because
    assert "line 3 of relu" in found["raised"].because
    assert "2 seconds" in found["timed out"].because
    assert "Unable to allocate 8.00 GiB" in found["too much memory"].because
    assert "16 MB" in found["too much output"].because
    assert "defines no relu" in found["missing"].because
    assert all(result.earned == 0 for result in found.values())


def test_a_cell_that_stops_says_where(any_jail):
    result = grade_relu("a = 1\nb = c + 1\ndef relu(x): return x", any_jail)
    said = "its cell stops with NameError: name 'c' is not defined (line 2 of the cell)"
    assert (result.status, result.because) == ("raised", said)
    assert "line 1" in grade_relu("def relu(x: return x", any_jail).because


def test_an_answer_written_for_some_inputs_only_is_not_attempted(any_jail):
    source = "def relu(x):\n    if x.ndim > 1:\n        raise NotImplementedError\n    return "
    result = grade_relu(source + "np.maximum(x, 0)", any_jail)
    assert result.status == "not attempted"


def test_a_problem_or_a_fault_of_the_file_is_missing_and_nothing_runs():
    terms = Terms("no such jail", 1, SET_UPS)
    submissions = [
        Submission("ada", LESSON, problem="no notebook"),
        Submission("ada", "03_variants", faults={"PReLU": "two cells named PReLU"}),
    ]
    found = {result.task: result for result in grade_student(submissions, terms)}
    assert {result.status for result in found.values()} == {"missing"}
    assert found["relu"].because == "no notebook"
    assert found["PReLU"].because == "two cells named PReLU"
    assert found["maxout"].because == "no answer cell for maxout"


def test_a_fault_of_the_grader_is_not_the_students(any_jail, monkeypatch):
    def broken(x):
        raise ZeroDivisionError("the reference is broken")

    known = tasks(LESSON)
    first = replace(known[0], reference=broken)
    monkeypatch.setattr(student, "tasks", lambda lesson: (first, *known[1:]))
    found = grade(RIGHT, any_jail)
    assert found["relu"].status == "grader error"
    assert found["relu"].earned is None
    assert "the reference of relu" in found["relu"].because
    assert found["identity_from_relus"].status == "passed"


def test_a_jail_that_does_not_start_is_a_fault_of_the_grader(monkeypatch, any_jail):
    monkeypatch.setattr(jails, "command", lambda *args, **kwargs: ["/bin/false"])
    monkeypatch.setattr(jails, "interpreter", lambda jail: "/bin/false")
    result = grade_relu(RIGHT["relu"], any_jail)
    assert (result.status, result.earned) == ("grader error", None)


FAIR = {
    "prints": "def relu(x):\n    print('x' * 10**4)\n    return np.maximum(x, 0)",
    "warns": "import warnings\nwarnings.warn('hm')\n" + RIGHT["relu"],
    "divides by zero": "def relu(x):\n    np.ones(1) / 0\n    return np.maximum(x, 0)",
    "writes to standard error": "import sys\nprint('hm', file=sys.stderr)\n" + RIGHT["relu"],
    "writes to no file": "import os\nos.write(2, b'hm')\n" + RIGHT["relu"],
    "helper": "def positive(v):\n    return v > 0\ndef relu(x):\n"
    "    return np.where(positive(x) | np.isnan(x), x, x.dtype.type(0))",
    "imports of its own": "import scipy.special, numpy\ndef relu(x):\n"
    "    from math import pi\n    return numpy.maximum(x, 0)",
    "imports torch": "import torch\ndef relu(x):\n"
    "    return torch.relu(torch.as_tensor(x)).numpy().astype(x.dtype)",
    "written for tensors": "def relu(x):\n    return x.clamp(min=0)",
    "a lambda": "relu = lambda x: np.maximum(x, 0)",
    "an object": "class Rectifier:\n    def __call__(self, x): return np.maximum(x, 0)\n"
    "relu = Rectifier()",
    "a name of its own": "class relu:\n    def __new__(cls, x): return np.maximum(x, 0)",
    "a decorator": "import functools\n@functools.lru_cache\ndef zero(): return 0\n"
    "def relu(x): return np.maximum(x, zero())",
    "a check of its own": RIGHT["relu"] + "from relukit.checks import check\ncheck(relu)",
    "a dubious escape": "def relu(x):\n    '\\d'\n    return np.maximum(x, 0)",
    "its main part": RIGHT["relu"] + "if __name__ == '__main__':\n    relu(np.ones(3))",
    "another thread": "import threading\nt = threading.Thread(target=print)\nt.start(); t.join()\n"
    + RIGHT["relu"],
    "its source": "import inspect\n" + RIGHT["relu"] + "inspect.getsource(relu)",
    "files": "open('notes', 'w').write('x')\n" + RIGHT["relu"] + "open('notes').read()",
}


@pytest.mark.parametrize("source", FAIR.values(), ids=FAIR)
def test_a_right_answer_passes_whatever_else_it_does(source, any_jail):
    result = grade_relu(source, any_jail)
    assert (result.status, result.because) == ("passed", "")
    assert result.earned == result.points


def test_an_answer_may_use_earlier_ones_and_pays_for_its_own_faults_only(any_jail):
    uses = (
        "def identity_from_relus(left, right):\n"
        "    return np.array([1.0, -1.0]), relu(np.ones(2)) * np.array([right, -left])"
    )
    found = grade({**RIGHT, "identity_from_relus": uses}, any_jail)
    assert found["identity_from_relus"].status == "passed"
    found = grade({"relu": "1 / 0", "identity_from_relus": RIGHT["identity_from_relus"]}, any_jail)
    assert (found["relu"].status, found["identity_from_relus"].status) == ("raised", "passed")


def test_commands_of_notebooks_are_understood_and_noted(any_jail):
    for typed in ("%matplotlib inline", "!pip install numpy", "%%time"):
        result = grade_relu(f"{typed}\n{RIGHT['relu']}", any_jail, note="late")
        assert result.status == "passed"
        said = f"late; {typed!r} is a command of notebooks: it was understood or left out"
        assert result.note == said
    assert grade_relu(RIGHT["relu"] + "x = (7\n% 2)\n", any_jail).note == ""


PARTS = "return np.array([1.0, -1.0]), f(np.ones(2)) * np.array([right, -left])"
LOOKS_UP = {
    "globals": "f = globals()['relu']",
    "eval": "f = eval('relu')",
    "get": "f = globals().get('relu')",
    "a name that no text shows": "f = globals()['re' + 'lu']",
    "an expression that no text shows": "f = eval('re' + 'lu')",
    "getattr": "import __main__; f = getattr(__main__, 're' + 'lu')",
    "an attribute": "import __main__; f = __main__.relu",
    "an import": "from __main__ import relu as f",
}


@pytest.mark.parametrize("line", LOOKS_UP.values(), ids=LOOKS_UP)
def test_an_answer_finds_other_answers_as_in_a_notebook(line, any_jail):
    uses = f"def identity_from_relus(left, right):\n    {line}\n    {PARTS}"
    for answers in ({**RIGHT, "identity_from_relus": uses}, {"identity_from_relus": uses, **RIGHT}):
        found = grade({**answers, "identity_from_relus": uses}, any_jail)
        assert found["identity_from_relus"].status == "passed"


def test_a_decorator_and_an_import_of_another_cell_serve(any_jail):
    first = "import functools as tools\ndef same(f): return tools.wraps(f)(f)\n" + RIGHT["relu"]
    second = "@same\n" + RIGHT["identity_from_relus"] + "tools\n"
    found = grade({"relu": first, "identity_from_relus": second}, any_jail)
    assert [found[name].status for name in RIGHT] == ["passed", "passed"]


BROKEN = {
    "raises": "1 / 0",
    "exits": "import os\nos._exit(0)",
    "dies": "import os\nos.kill(os.getpid(), 9)",
    "never ends": "while True: pass",
    "is no Python": "relu = = 1",
    "takes all memory": "x = [0] * 10**12",
}


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_another_answer_that_is_broken_costs_a_right_one_nothing(code, any_jail):
    """The second one names the first, whose cell is therefore run before it."""
    answers = {"relu": f"def relu(x): return x\n{code}"}
    answers["identity_from_relus"] = f"{RIGHT['identity_from_relus']}near = 'relu'\n"
    found = grade(answers, any_jail)
    assert found["identity_from_relus"].status == "passed"
    assert found["relu"].status != "passed"


def test_a_cell_that_goes_on_too_long_is_stopped_and_its_answer_asked(any_jail):
    endless = RIGHT["relu"] + "while True: relu(np.ones(3))"
    result = grade_relu(endless, any_jail, seconds=6)
    assert (result.status, result.earned) == ("passed", result.points)
    said = "after relu is defined, its cell stops with the end of its time"
    assert result.note.startswith(said)
    result = grade_relu("while True: pass\n" + RIGHT["relu"], any_jail)
    assert result.status == "timed out"  # by its time or, on a busy machine, by the clock


def test_a_cell_that_stops_after_its_answer_is_judged_by_the_answer(any_jail):
    result = grade_relu(RIGHT["relu"] + "assert relu(np.ones(1)) == 2", any_jail)
    assert result.status == "passed"
    assert result.note == (
        "after relu is defined, its cell stops with AssertionError (line 3 of the cell)"
    )
    result = grade_relu("def relu(x): return x\nraise SystemExit", any_jail)
    assert result.status == "wrong"
    result = grade_relu("def relu(x): return x\nraise NotImplementedError", any_jail)
    assert result.status == "not attempted"
    # the name is another cell's, not this one's
    found = grade({"relu": "1 / 0", "identity_from_relus": "def relu(x): return x"}, any_jail)
    assert found["relu"].status == "raised"


def test_what_a_newer_python_may_read_names_the_graders_python(any_jail):
    result = grade_relu("def relu[T](x: T) -> T return x", any_jail)
    assert f"the grader reads Python 3.{sys.version_info[1]}" in result.because


@pytest.mark.parametrize("source", ["def relu(x): return helper(x)", "y = helper"])
def test_names_of_other_cells_get_a_note(source, any_jail):
    result = grade_relu(source, any_jail, elsewhere=("helper",), note="late")
    assert result.status == "raised"
    said = "late; helper is defined in a cell of your own: put it into the answer cell"
    assert result.note == said


def test_long_texts_of_an_answer_are_cut(any_jail):
    result = grade_relu("def relu(x): raise ValueError('m' * 10**5)", any_jail)
    assert len(result.because) < 500
    result = grade_relu("def relu(x): return 'm' * 10**4", any_jail)
    assert len(result.got) < 500


HOSTILE = {
    "kills": "os.kill(os.getppid(), 9)",
    "stops": "os.kill(os.getppid(), 19)",
    "kills later": "daemon(0.1, 9)\nimport time\ntime.sleep(9)",
    "forges": "send(b'{}')",
    "poisons": "np.maximum = None\nsys.modules['relukit.checks.call'].plain = None",
    "fills": "open('/tmp/a_test_fills', 'wb').write(bytes(2**23))",
}
_HELP = """
import os, stat, sys, time
def daemon(seconds, number):
    parent = os.getppid()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(seconds)
            os.kill(parent, number)
        os._exit(0)
def send(data):
    for n in range(3, 99):
        try:
            if stat.S_ISFIFO(os.fstat(n).st_mode): os.write(n, data)
        except OSError: pass
    os._exit(0)
"""


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE)
def test_an_attack_costs_no_other_answer_anything(code, jail):
    """The answer before it, the one after it and the next student's are graded as ever."""
    if jail == "none" and code == HOSTILE["fills"]:
        pytest.skip("without a jail /tmp is the machine's own")
    body = code.replace("\n", "\n    ")
    hostile = f"{_HELP}\ndef hinge_at(kink, slope, opens):\n    {body}\n"
    found = grade({**RIGHT, "hinge_at": hostile}, jail, seconds=1)
    assert found["hinge_at"].earned == 0
    assert found["hinge_at"].status != "grader error"
    assert [found[name].status for name in RIGHT] == ["passed", "passed"]
    assert grade(RIGHT, jail)["relu"].status == "passed"


@pytest.mark.parametrize(
    ("source", "said", "not_said"),
    [
        ("def relu(x)\n    return x\n", "SyntaxError", "newer"),
        ("type A = int\ndef relu(x: A):\n    return x\n", "if it ran in a newer one", "libraries"),
        ("def relu[T](x: T) -> T:\n    return x\n", "if it ran in a newer one", "libraries"),
        ("import seaborn as sns\ndef relu(x): return x", "numpy, scipy, sklearn, torch", "newer"),
        ("def relu(x):\n    import seaborn\n", "numpy, scipy, sklearn, torch", "newer"),
        ("def relU(x):\n    return x\n", "it defines relU: did you mean relu?", "newer"),
        ("def rectify(x):\n    return x\n", "the answer cell defines no relu", "mean"),
    ],
)
def test_what_a_student_is_told_leads_to_what_to_do(source, said, not_said, any_jail):
    because = grade_relu(source, any_jail).because
    assert said in because
    assert not_said not in because


def test_an_answer_that_prints_too_much_is_told_so(any_jail):
    source = "def relu(x):\n    while True:\n        print(x)\n"
    assert "printing" in grade_relu(source, any_jail).because
    quiet = grade_relu("def relu(x):\n    while True:\n        pass\n", any_jail)
    assert "printing" not in quiet.because


def test_an_attribute_that_an_own_cell_sets_is_told(any_jail):
    source = "class A:\n    pass\ndef relu(x):\n    return A().f(x)\n"
    own = (("", "def g(self, x):\n    return x\nA.f = g\n"),)
    result = grade_relu(source, any_jail, own=own)
    assert result.note == "f is set in a cell of your own: put it into the answer cell"


def test_an_own_cell_that_never_ends_costs_its_own_time_and_no_other(any_jail):
    own = (("relu", "zero = 0\nwhile True:\n    pass\n"),)
    result = grade_relu("def relu(x):\n    return np.maximum(x, zero)\n", any_jail, own=own)
    assert result.status == "passed"
