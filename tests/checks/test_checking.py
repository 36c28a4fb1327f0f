"""A check has four outcomes, says the smallest failing input, and never breaks a notebook."""

import dataclasses
import functools
import os
import random
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from relukit import record
from relukit.checks import check, hint
from relukit.checks.call import as_value
from relukit.checks.comparison import close, exact
from relukit.checks.counterexample import probes, sweeps
from relukit.checks.outcome import Outcome
from relukit.checks.registry import task, task_of, tasks
from relukit.checks.task import Misconception, Task
from relukit.errors import CheckFailed, InvalidTypeError, InvalidValueError, RelukitError

STATUSES = ("passed", "wrong", "raised", "not attempted")


def small_task(**changes):
    fields = {
        "name": "double",
        "lesson": "02_definitions",
        "points": 1,
        "title": "Twice",
        "minutes": 1,
        "difficulty": "easy",
        "why": "It is short.",
        "hints": ("What?", "How?", "return"),
        "reference": lambda x: 2 * x,
        "boundary": ((np.array([1.0]),), (np.array([1.0, 2.0]),)),
        "compare": exact(),
    }
    return Task(**(fields | changes))


def stub_with_ellipsis(x):
    """Return max(0, x)."""
    ...


def stub_with_pass(x):
    pass


def stub_that_raises(x):
    # YOUR CODE HERE
    raise NotImplementedError()


@pytest.mark.parametrize("stub", [stub_with_ellipsis, stub_with_pass, stub_that_raises, ...])
def test_a_stub_is_not_attempted(stub):
    outcome = check(stub, "relu")
    assert outcome.status == "not attempted"
    assert not outcome
    assert "hint('relu')" in repr(outcome)
    assert record.read()[0].of("relu").attempts == 0


@pytest.mark.parametrize("name", [entry.name for entry in tasks()])
def test_the_reference_answers_own_value_is_right(name):
    entry = task(name)
    for arguments, expected in (*probes(entry), *sweeps(entry)):
        assert entry.compare(arguments, expected, expected) is None


def test_a_library_that_lacks_something_is_no_stub():
    def relu(x):
        return torch.empty(1, device="meta").cpu()

    outcome = check(relu)
    assert outcome.status == "raised"
    assert outcome.because.startswith("NotImplementedError: Cannot copy out of meta tensor")


def test_the_task_is_found_by_the_name_of_the_function():
    def relu(x):
        return np.maximum(x, 0)

    outcome = check(relu)
    assert outcome == Outcome("relu", "passed", 2)
    assert repr(outcome) == "relu: passed (2 of 2 points)"


def test_a_name_that_is_no_task_gets_the_nearest_one():
    def relu_derivativ(x):
        return x

    with pytest.raises(InvalidValueError, match="did you mean 'relu_derivative'"):
        check(relu_derivativ)
    with pytest.raises(InvalidValueError, match="did you mean 'softplus'"):
        check(relu_derivativ, "softplsu")


@pytest.mark.parametrize(
    ("answer", "name", "said"),
    [
        (3.0, None, "without calling it"),
        (None, None, "without calling it"),
        (np.zeros(2), "relu", r"check\(relu\)"),
        (lambda x: x, None, "a lambda"),
        (lambda x, sharpness=1.0: x, None, r'check\(answer, "softplus"\)'),
        (nn.ReLU(), None, r'nameless ReLU.*check\(answer, "relu"\)'),
        (functools.partial(np.maximum, 0), None, r'check\(answer, "relu"\)'),
        (np.maximum, None, r'known task.*check\(answer, "relu"\)'),
    ],
)
def test_what_is_no_function_of_a_task_is_refused_with_what_to_do(answer, name, said):
    with pytest.raises(RelukitError, match=said):
        check(answer, name)
    with pytest.raises((InvalidTypeError, InvalidValueError)):
        check(answer, name)


def unwrapped(function):
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: np.maximum(x, 0),
        functools.partial(np.maximum, 0),
        nn.ReLU(),
        unwrapped(lambda x: np.maximum(x, 0)),
    ],
)
def test_an_answer_without_a_name_is_known_by_the_variable_that_holds_it(answer):
    relu = answer
    assert check(relu).task == "relu"
    assert check(relu)
    assert hint(relu).task == "relu"


def test_a_refusal_is_short_and_no_list_of_all_tasks():
    with pytest.raises(InvalidTypeError) as refused:
        check(lambda x: x)
    assert len(str(refused.value)) < 160


def test_a_lambda_or_a_callable_object_passes_where_the_task_is_named():
    assert check(lambda x: np.maximum(x, 0), "relu")
    assert check(nn.ReLU(), task("relu"))
    assert task_of(None, "relu") is task("relu")


def test_the_smallest_failing_input_comes_from_hypothesis_where_no_boundary_input_fails():
    def relu(x):
        return np.where((x > 50) & (x < 900), 0, np.maximum(x, 0)).astype(x.dtype)

    outcome = check(relu)
    assert outcome.status == "wrong"
    assert outcome.given in ("x = 51 (int64, 0-d)", "x = 51.0 (float64, 0-d)")
    assert outcome.because == "where x is positive, ReLU is x"
    assert check(relu) == outcome


def test_a_counterexample_has_no_more_elements_than_it_needs():
    unbounded = dataclasses.replace(task("relu"), boundary=((np.array(0.0),),))

    def relu(x):
        return np.maximum(x, 0) if x.size < 3 or x.ndim != 2 else -x

    assert re.search(r"float64, shape \((1, 3|3, 1)\)", check(relu, unbounded).given)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (lambda x: None, "not attempted"),
        (lambda x: np.maximum(x, 0) and None, "is a return missing"),
        (lambda x: sys.stdout.write("loud"), "one number came back"),
        (lambda x: str(x), "is text"),
        (lambda x: {1, 2}, "a value of type set"),
        (lambda x: (v for v in x), "it returns a generator: write return"),
        (lambda x: NotImplemented, "returns NotImplemented"),
        (lambda x: np.array([object()]), "an array of dtype object"),
        (lambda x: np.maximum(x, 0).tolist(), "np.array(...) makes it an array"),
        (lambda x: np.maximum(x, 0)[None], "the shape must be (1,), and is (1, 1)"),
        (lambda x: np.maximum(x, 0) * 1j, "the dtype must be float64, and is complex128"),
        (lambda x: np.maximum(x, 0) + np.nan, "nan came out"),
        (lambda: 1, "the task asks for relu(x), and yours is relu()"),
        (lambda x, y: x, "yours is relu(x, y)"),
        (lambda x: x.nothing, "AttributeError"),
        (lambda x: 1 / 0, "ZeroDivisionError: division by zero (line 1 of <lambda>"),
        (lambda x: sys.exit(3), "SystemExit: 3"),
    ],
)
def test_each_kind_of_mistake_gets_a_message_to_act_on(body, said):
    outcome = check(body, "relu")
    assert not outcome
    assert said in repr(outcome)
    assert len(repr(outcome).splitlines()) <= 8


def test_printing_instead_of_returning_shows_what_was_printed(capsys):
    def relu(x):
        print("result:", np.maximum(x, 0))  # noqa: T201 - the mistake

    assert "it prints 'result: [2.]' and returns nothing" in check(relu).because
    assert capsys.readouterr() == ("", "")


def test_changing_the_input_in_place_is_said_even_without_a_return():
    def double(x):
        x *= 2

    assert "changes x in place and returns nothing" in check(double, small_task()).because


def relu_in_place(x):
    x += x
    return x


def test_an_answer_that_works_in_place_does_not_spoil_the_next_call():
    twice = small_task()
    assert "it changes x in place" in check(relu_in_place, twice).because
    assert check(lambda x: x + x, twice)


def test_an_interrupted_call_says_that_a_loop_may_never_end():
    calls = []

    def relu(x):
        calls.append(1)
        raise KeyboardInterrupt

    outcome = check(relu)
    assert outcome.status == "raised"
    assert "does a loop in it never end?" in outcome.because
    assert len(calls) == 1


def test_an_interrupt_on_a_generated_input_is_not_provoked_again():
    calls = []
    known = {entry[0].shape for entry in task("relu").boundary}
    new = next(x.shape for (x,), _ in probes(task("relu")) if x.shape not in known)

    def relu(x):
        if x.shape == new:
            calls.append(1)
            raise KeyboardInterrupt
        return np.maximum(x, 0)

    assert check(relu).status == "raised"
    assert len(calls) == 1


def test_a_random_answer_is_told_so():
    def relu(x):
        return np.maximum(x, 0) + np.random.rand()  # noqa: NPY002 - the mistake

    assert "must not depend on chance" in check(relu).because


def test_an_answer_that_remembers_earlier_calls_is_told_so():
    seen = {}

    def relu(x):
        return seen.setdefault("first", np.maximum(x, 0))

    assert not check(relu)


def test_warnings_of_an_answer_neither_decide_nor_escape(capsys):
    def relu(x):
        warnings.warn("careful", stacklevel=2)
        np.log(np.array([0.0, -1.0]))
        sys.stderr.write("noise")
        return np.maximum(x, 0)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check(relu)
    assert capsys.readouterr() == ("", "")


def test_floating_point_flags_that_a_learner_set_do_not_decide():
    def sigmoid(x):
        small = np.exp(-np.abs(x))
        return np.where(x < 0, small, np.ones_like(small)) / (1 + small)

    with np.errstate(all="raise"):
        assert check(sigmoid)


def test_a_check_leaves_the_global_random_streams_alone():
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002 - the stream under test
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    check(lambda x: np.maximum(x, 0) * (np.abs(x) != 77), "relu")
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002


def test_text_and_html_hold_no_address_no_folder_and_no_markup_of_the_learner():
    folder = "/home/someone/secret"

    def relu(x):
        raise OSError(f"<b>{object()!r}</b> in {folder}/file.txt")

    outcome = check(relu)
    for shown in (repr(outcome), outcome._repr_html_()):
        assert "0x..." in shown
        assert "secret" not in shown
        assert "file.txt" in shown
        assert not re.search(r"0x[0-9a-f]{4}", shown)
    assert "<b>" not in outcome._repr_html_()
    assert "&lt;b&gt;" in outcome._repr_html_()


@pytest.mark.parametrize("status", STATUSES)
def test_html_says_the_status_in_words_and_fixes_no_colour(status):
    html = Outcome("relu", status, 2, because="1 < 2")._repr_html_()
    assert f"relu: {status}" in html
    assert "1 &lt; 2" in html
    colours = re.findall(r"(?:#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl\(|color:)", html)
    assert colours == []
    assert "var(--jp-" in html


def test_an_outcome_with_a_status_of_its_own_is_refused():
    with pytest.raises(InvalidValueError, match="passed"):
        Outcome("relu", "perfect", 2)


def test_under_nbgrader_what_does_not_pass_raises_and_nothing_is_recorded(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(CheckFailed, match=r"this is \|x\|"):
        check(abs, "relu")
    with pytest.raises(CheckFailed, match="not attempted"):
        check(stub_with_pass, "relu")
    assert check(lambda x: np.maximum(x, 0), "relu").status == "passed"
    assert record.read()[0].tasks == {}


def test_attempts_and_the_best_status_are_recorded():
    check(abs, "relu")
    check(lambda x: np.maximum(x, 0), "relu")
    check(abs, "relu")
    assert record.read()[0].of("relu") == record.TaskRecord("passed", attempts=3, hints=0)


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.25))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


def through_a_module(answer, arguments):
    return answer()(torch.as_tensor(arguments[0]))


def test_a_module_is_reached_through_its_harness():
    leaky = small_task(
        reference=lambda x: np.where(x > 0, x, 0.25 * x),
        boundary=((np.array([1.0, -1.0], dtype="float32"),),),
        compare=close({"float32": 1e-6}),
        harness=through_a_module,
        misconceptions=(Misconception("this is ReLU", nn.ReLU),),
    )
    assert check(Scaled, leaky)
    assert check(nn.ReLU, leaky).diagnosis == "this is ReLU"


def test_a_number_is_reached_through_its_harness():
    guess = small_task(
        reference=lambda: np.array(0.5), boundary=((),), harness=as_value, name="guess"
    )
    assert check(0.5, guess)
    wrong = check(0.25, guess)
    assert wrong.given == "no arguments"
    assert wrong.because == "the value differs"
    assert check(..., guess).status == "not attempted"


def test_an_expensive_task_is_tried_once_an_input():
    calls = []

    def counted(x):
        calls.append(1)
        return 2 * x

    check(counted, small_task(calls=1))
    assert len(calls) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "two words"},
        {"points": 0},
        {"difficulty": "brutal"},
        {"hints": ("one", "two")},
        {"boundary": ()},
        {"boundary": (np.zeros(1),)},
    ],
)
def test_a_task_with_a_faulty_entry_is_refused(fault):
    with pytest.raises(InvalidValueError, match="correct the task's entry"):
        small_task(**fault)


def test_an_unknown_lesson_is_refused_with_the_nearest_one():
    with pytest.raises(InvalidValueError, match="did you mean '02_definitions'"):
        tasks("02_definition")


SESSION = """
import sys, types, numpy as np
import relukit.checks.call
assert not {"relukit.lessons.definitions.tasks", "hypothesis", "torch"} & set(sys.modules)
exec(open(sys.argv[1]).read()) if len(sys.argv) > 1 else None
from relukit.checks import check
print(check(lambda x: np.where((x > 50) & (x < 900), 0, np.maximum(x, 0)).astype(x.dtype), "relu"))
from relukit.checks.counterexample import probes, sweeps
from relukit.checks.registry import tasks
import hashlib, pickle
print([hashlib.sha256(repr(probes(task)).encode()).hexdigest()[:12] for task in tasks()])
"""


def test_two_sessions_see_the_same_inputs_and_leave_nothing_in_the_folder(tmp_path):
    (tmp_path / "own.py").write_text("SIZES = [77, 123456, 0.123]\n")
    (tmp_path / "load.py").write_text("sys.path.insert(0, '.'); import own")
    outputs = []
    for seed, arguments in (("1", []), ("2", ["load.py"])):
        shown = subprocess.run(
            [sys.executable, "-c", SESSION, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append(shown.stdout)
    assert outputs[0] == outputs[1]
    assert "x = 51" in outputs[0]
    left = {path.name for path in tmp_path.iterdir()} - {"__pycache__"}
    assert left == {"own.py", "load.py", "progress.json", "progress.json.lock"}
