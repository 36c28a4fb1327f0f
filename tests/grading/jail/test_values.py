"""Whatever a hostile process sends in place of a value, every task has a verdict on it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from relukit.checks.call import Reply
from relukit.checks.counterexample import probes
from relukit.checks.judging import judge
from relukit.checks.notation import show
from relukit.checks.plain import Unusable
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.grading.jail.wire import decode, encode

DTYPES = ("float64", "float32", "float16", "int64", "uint8", "bool", "complex128", ">f8")
ARRAYS = hnp.arrays(
    st.sampled_from(DTYPES), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(max_size=3),
    st.builds(Unusable, st.just("a set")),
    ARRAYS,
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple),
    max_leaves=6,
)
CHEAP = [task for task in tasks() if task.calls > 1 and task.name != "mend_the_network"]


def like(expected: object) -> st.SearchStrategy:
    """Return a strategy for values of the form of the expected one, and of others."""
    if isinstance(expected, np.ndarray):
        kinds = st.sampled_from([expected.dtype.str, "float64", "complex128", "int64", "bool"])
        odd = st.builds(lambda item: [item] * min(expected.size, 9), LEAVES)
        return st.one_of(hnp.arrays(kinds, expected.shape), odd, VALUES)
    if isinstance(expected, tuple | list):
        same = st.tuples(*map(like, expected))
        return st.one_of(same, same.map(list), VALUES)
    return VALUES


@pytest.mark.slow
@pytest.mark.parametrize("task", CHEAP, ids=lambda task: task.name)
def test_no_value_makes_a_verdict_raise(task: Task):
    known = probes(task)[:: max(1, len(probes(task)) // 12)]

    @settings(
        max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        arguments, expected = data.draw(st.sampled_from(known))
        value = decode(encode(data.draw(like(expected))))
        reply = Reply(value)
        outcome = judge(task, arguments, expected, [reply, reply])
        assert outcome is None or outcome.because
        assert isinstance(show(value), str)

    holds()
