"""A whole exercise notebook is checked from the terminal."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest

from relukit.checks.registry import tasks
from relukit.errors import InvalidValueError, UnavailableError
from relukit.grading.rehearsal import notebook
from relukit.grading.rehearsal.notebook import check_notebook

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
LESSON = "02_definitions"
N_TASKS, POINTS = len(tasks(LESSON)), sum(entry.points for entry in tasks(LESSON))
COMMAND = [sys.executable, "-m", "relukit", "check"]


@pytest.fixture
def exercises(tmp_path):
    """Return a function that writes the notebook with some answers in it and gives its path."""
    path = tmp_path / f"{LESSON}.ipynb"

    def write(answers=None, *, without=()):
        notebook = nbformat.read(ROOT / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = (answers or {}).get(name, cell.source)
        notebook.cells = [
            c
            for c in notebook.cells
            if c.metadata.get("nbgrader", {}).get("grade_id") not in without
        ]
        scratch = path.with_suffix(".new")
        nbformat.write(notebook, scratch)
        os.replace(scratch, path)
        return path

    return write


def statuses(path):
    return {outcome.task: outcome.status for outcome in check_notebook(path)}


def test_the_solutions_pass_and_the_exercises_are_not_attempted():
    solved = statuses(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb")
    assert set(solved.values()) == {"passed"}
    assert set(statuses(ROOT / "exercises" / LESSON / f"{LESSON}.ipynb").values()) == {
        "not attempted"
    }


def test_a_cell_that_stops_costs_its_own_task_only(exercises):
    answers = {
        "relu": "def relu(x):\n    return np.maximum(x, 0)",
        "hinge_weights": "def hinge_weights(x, y):\n    return 1 / 0\n\nhinge_weights(1, 1)",
        "count_linear_pieces": "def count_linear_pieces(x:\n",
    }
    outcomes = {
        o.task: o for o in check_notebook(exercises(answers, without=("kill_the_mutants",)))
    }
    assert outcomes["relu"].status == "passed"
    assert outcomes["hinge_weights"].because.startswith("ZeroDivisionError")
    assert (
        "after hinge_weights is defined, its cell stops with Zero" in outcomes["hinge_weights"].note
    )
    assert outcomes["count_linear_pieces"].because.startswith("its cell stops with SyntaxError")
    said = "no cell of 02_definitions.ipynb defines kill_the_mutants"
    assert said in outcomes["kill_the_mutants"].note
    assert outcomes["identity_from_relus"].status == "not attempted"


def test_an_error_in_an_answer_names_its_line(exercises):
    path = exercises({"relu": "def relu(x):\n    y = x\n    return y / None"})
    (relu,) = (o for o in check_notebook(path) if o.task == "relu")
    assert "line 3 of relu: return y / None" in relu.because


def test_what_is_no_exercise_notebook_is_refused(tmp_path):
    with pytest.raises(InvalidValueError, match="02_definitions"):
        check_notebook(tmp_path / "02_definition.ipynb")
    with pytest.raises(UnavailableError, match="No such file"):
        check_notebook(tmp_path / "02_definitions.ipynb")
    (tmp_path / "02_definitions.ipynb").write_text("no JSON")
    with pytest.raises(InvalidValueError, match="which is none"):
        check_notebook(tmp_path / "02_definitions.ipynb")


def test_the_command_prints_every_outcome_and_its_status_says_whether_all_pass(exercises):
    path = exercises({"relu": "def relu(x):\n    return abs(x)"})
    run = subprocess.run([*COMMAND, path], capture_output=True, text=True)
    assert run.returncode == 1
    assert "this is |x|" in run.stdout
    assert f"0 of {N_TASKS} tasks passed, 0 of {POINTS} points" in run.stdout
    solved = ROOT / "solutions" / LESSON / f"{LESSON}.ipynb"
    run = subprocess.run([*COMMAND, solved], capture_output=True, text=True)
    assert run.returncode == 0
    said = f"{N_TASKS} of {N_TASKS} tasks passed, {POINTS} of {POINTS} points"
    assert said in run.stdout


def test_what_ends_the_process_costs_its_own_task_and_the_status_is_never_0(exercises):
    path = exercises(
        {
            "relu": "def relu(x):\n    return np.maximum(x, 0)\n\nimport ctypes\n"
            "ctypes.CDLL(None)._exit(0)",
            "identity_from_relus": "def identity_from_relus(left, right):\n    exit()",
            "kill_the_mutants": "def kill_the_mutants(relu):\n    import os\n"
            "    os.kill(os.getpid(), 9)",
            "hinge_weights": "hinge_weights = 3",
            "count_linear_pieces": "def count_linear_pieces(weight, bias, outgoing):\n"
            "    import threading, time\n"
            "    threading.Thread(target=time.sleep, args=(1000,)).start()\n"
            "    return 1 + sum(w != 0 for w in weight) * (input() == '')",
        }
    )
    run = subprocess.run([*COMMAND, path], capture_output=True, text=True)
    assert run.returncode == 1
    assert "relu: raised (0 of 2 points)" in run.stdout
    assert "in its cell the process ended in the middle, with status 0" in run.stdout
    assert "because   SystemExit" in run.stdout
    assert "because   the process was ended by the signal SIGKILL" in run.stdout
    assert "a value of type int" in run.stdout
    assert f"0 of {N_TASKS} tasks passed, 0 of {POINTS} points" in run.stdout


def test_what_ends_the_process_behind_an_answer_costs_it_nothing(exercises):
    answer = (
        "def identity_from_relus(left, right):\n"
        "    return np.array([1.0, -1.0]), np.array([right, -left])\n\nexit()"
    )
    path = exercises({"identity_from_relus": answer})
    run = subprocess.run([*COMMAND, path], capture_output=True, text=True)
    assert run.returncode == 1
    assert "after identity_from_relus is defined, its cell stops with SystemExit" in run.stdout
    assert f"1 of {N_TASKS} tasks passed, 2 of {POINTS} points" in run.stdout


AT_RELU = """print('{"at": "relu"}', flush=True); """


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (AT_RELU + "import sys; sys.stdin.read()", "the process was stopped after 5 seconds"),
        (AT_RELU + "import os; os.abort()", "ended by the signal SIGABRT"),
        (AT_RELU + "raise SystemExit(0)", "with status 0"),
    ],
)
def test_a_process_that_ends_again_and_again_gives_a_verdict_on_every_task(
    exercises, monkeypatch, code, said
):
    monkeypatch.setattr(notebook, "COMMAND", (sys.executable, "-c", code))
    outcomes = check_notebook(exercises(), seconds=5)
    assert [outcome.status for outcome in outcomes] == ["raised"] * N_TASKS
    assert said in outcomes[0].because
    assert "ended before this task" in outcomes[1].because


def test_a_process_that_does_not_even_begin_is_no_fault_of_the_learner(exercises, monkeypatch):
    monkeypatch.setattr(notebook, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(UnavailableError, match=r"status 3.*relukit doctor"):
        check_notebook(exercises())


def test_watching_checks_again_when_the_file_is_saved_and_ends_with_an_interrupt(exercises):
    path = exercises()
    process = subprocess.Popen(
        [*COMMAND, "--watch", path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    guard = threading.Timer(120, process.kill)  # then the next line never comes
    guard.start()
    try:
        lines = iter(process.stdout.readline, "")
        assert next(line for line in lines if "tasks passed" in line).startswith(f"0 of {N_TASKS}")
        exercises({"relu": "def relu(x):\n    return np.maximum(x, 0)"})
        assert next(line for line in lines if "tasks passed" in line).startswith(f"1 of {N_TASKS}")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 1
    finally:
        guard.cancel()
        process.kill()
