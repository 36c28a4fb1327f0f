"""The inputs that hypothesis draws for a task are the same whatever else a session does with it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from relukit.checks.counterexample import examples
from relukit.checks.registry import tasks


def test_what_hypothesis_has_kept_for_others_changes_no_input():
    before = {task.name: repr(examples(task, 3)) for task in tasks("02_definitions")}

    @settings(database=None, max_examples=200)
    @given(st.floats(), st.floats(width=32), st.floats(-30.0, 30.0), st.floats(-1e4, 1e4))
    def others(a: float, b: float, c: float, d: float) -> None:
        assert abs(c) <= 30

    others()
    assert {task.name: repr(examples(task, 3)) for task in tasks("02_definitions")} == before
