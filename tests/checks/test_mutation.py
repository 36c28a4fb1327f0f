"""No part of a check is decoration: without any one of them, a listed wrong answer passes.

What is claimed of each task, with its misconceptions, the forms of mistake that apply to it, and
the wrong answers that are listed:

- Inputs: without any one family of inputs, a wrong answer passes that fails with it. Families are
  told by what the inputs show: an array's dtype (float64, a narrower float, whole numbers, truth
  values), its form (0-d, several axes, empty), nan and each infinity in it, numbers far from 0
  where a boundary input is one alone; a number that is not positive; an option given or left out;
  a choice of at most five texts; a result that is a text, True, False or nan; and all generated
  inputs together. That each boundary input alone is needed is not claimed: some stand for the
  simplest case, so that it is what a learner is shown.
- Comparisons: without any one complaint that this task alone can make, a wrong answer passes, or
  the check stops with an error. Some complaints only say better what another would say too; these
  are disabled together with those that take over. Some are made only where an answer is held
  against a misconception, to name what it behaves like; these are made there. What tasks share
  (the kind of thing that came back, an input changed in place, a result that changes from call to
  call) is held over all of them; shape and dtype in every task that asks for them.
"""

from functools import cache

import numpy as np
import pytest
from complaints import disabled, functions, instrumented, places
from disabling import worth

from relukit.checks import comparison, judging
from relukit.checks.registry import task, tasks

pytestmark = pytest.mark.slow
NAMES = [entry.name for entry in tasks()]
every_task = pytest.mark.parametrize("name", NAMES)


@cache
def measured(name):
    return worth(task(name))


def used_by():
    """Return the tasks whose check has a place, for each place of a complaint."""
    found = {}
    for entry in tasks():
        for site in places(entry.compare, judging._fault):
            found.setdefault(site, set()).add(entry.name)
    return found


@every_task
def test_no_listed_wrong_answer_passes(name):
    assert measured(name).missed == ()


@every_task
def test_without_any_family_of_inputs_a_wrong_answer_passes(name):
    assert [kind for kind, needed in measured(name).families.items() if not needed] == []


@every_task
def test_without_any_complaint_of_its_own_a_wrong_answer_passes_or_the_check_breaks(name):
    own = {site for site, names in used_by().items() if names == {name}}
    found = measured(name).complaints
    assert [site for site in own & found.keys() if found[site] == "never"] == []


@every_task
def test_shape_and_dtype_are_complained_of_where_a_task_asks_for_them(name):
    if comparison.form in functions(task(name).compare):
        dtype = ("the dtype must be",) if task(name).asks_dtype else ()
        for beginning in ("the shape must be", *dtype):
            assert any(text.startswith(beginning) for text in measured(name).said)


def test_what_all_tasks_share_is_needed_by_some_of_them():
    found = {}
    for name in NAMES:
        for site, without in measured(name).complaints.items():
            found.setdefault(site, set()).add(without)
    assert [site for site, outcomes in found.items() if outcomes == {"never"}] == []
    assert any(measured(name).steady for name in NAMES)


def test_a_family_that_no_wrong_answer_needs_is_found():
    found = worth(task("relu"), [lambda x: abs(x), lambda x: np.maximum(x, 0.0)])
    assert found.families["x of kind i"]
    assert not found.families["x with nan"]


def test_a_complaint_that_no_wrong_answer_needs_is_found():
    found = worth(task("relu"), [lambda x: abs(x)])
    assert set(found.complaints.values()) == {"passes", "never"}


def test_a_right_answer_among_the_wrong_ones_is_found():
    assert len(worth(task("relu"), [lambda x: np.maximum(x, 0)]).missed) == 1


def test_a_disabled_complaint_is_not_made_and_is_made_again_afterwards():
    (x, expected), answer = (np.ones(2), np.ones(2)), np.ones(3)
    before = comparison.form.__code__
    with instrumented(comparison.form) as heard:
        assert comparison.form(expected, answer) == "the shape must be (2,), and is (3,)"
        (site,) = heard.said
        with disabled({site}):
            assert comparison.form(expected, answer) is None
    assert comparison.form.__code__ is before
    assert "_heard" not in vars(comparison)
    assert comparison.form(x, answer).startswith("the shape")
    assert judging._fault in functions(judging._fault)
