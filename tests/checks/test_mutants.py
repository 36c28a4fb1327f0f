"""The checks are checked on answers that nobody wrote: changed model answers, drawn with a seed."""

import numpy as np
import pytest
from mutants.mutant import Mutant, survives
from mutants.ranges import _spoil
from mutants.trial import KINDS, SLOW, equivalents, trial

from relukit.checks.registry import task, tasks

pytestmark = pytest.mark.slow
NAMES = [entry.name for entry in tasks() if entry.name not in SLOW]
DRAWN = 12  # of each kind for each task; `make checks` tries all


@pytest.mark.parametrize("kind", ["range", "code"])
@pytest.mark.parametrize("name", NAMES)
def test_a_drawn_mutant_is_rejected(name, kind):
    found = trial(task(name), kind, most=DRAWN)
    assert found.survivors == (), "what is right goes to mutants/equivalent.toml, with a reason"
    assert found.stale == ()


@pytest.mark.parametrize("name", equivalents())
def test_what_is_listed_as_right_is_a_mutant_and_has_a_reason(name):
    made = {mutant.title for kind in KINDS.values() for mutant in kind(task(name))}
    assert equivalents()[name].keys() <= made
    assert all(equivalents()[name].values())


def test_a_mutant_that_is_right_survives_and_one_that_never_ends_does_not(monkeypatch):
    assert survives(task("relu"), Mutant("none", lambda: lambda x: np.maximum(x, 0)))
    monkeypatch.setattr("mutants.mutant.SECONDS", 0.05)

    def endless(x):
        while True:
            pass

    assert not survives(task("relu"), Mutant("endless", lambda: endless))


def test_where_the_model_answer_is_stopped_no_mutant_counts_as_rejected(monkeypatch):
    monkeypatch.setattr("mutants.mutant.SECONDS", 1e-6)
    with pytest.raises(RuntimeError, match="expected the model answer of relu to pass before"):
        trial(task("relu"), "code", most=2)


def test_a_spoilt_answer_of_several_arrays_is_one_of_other_arrays():
    several = np.ones((2, 2)), [np.ones(2), 3.0]
    matrix, (vector, number) = several
    changed, (other, larger) = _spoil(several)
    assert changed.shape == matrix.shape
    assert other.shape == vector.shape
    assert (changed != matrix).all()
    assert (other != vector).all()
    assert larger != number
