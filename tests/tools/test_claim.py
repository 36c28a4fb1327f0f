"""`make claim` begins a claim: the ledger can be read with it, and what is there stays."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import claim as skeleton
import pytest
import steps

from relukit.errors import InvalidValueError
from relukit.ledger import measure
from relukit.ledger.entries import read_ledger

ROOT = Path(__file__).parents[2]
LESSON, ID = "03_variants", "swish-cheaper"
LEDGER = "relukit/lessons/variants/claims.toml"


@pytest.fixture
def course(tmp_path):
    """Return a copy of the files that a claim changes."""
    (tmp_path / LEDGER).parent.mkdir(parents=True)
    shutil.copy(ROOT / LEDGER, tmp_path / LEDGER)
    (tmp_path / "relukit/lessons/variants/experiments").mkdir()
    return tmp_path


def test_a_claim_is_begun_in_two_files_and_a_second_call_changes_nothing(course):
    changed = [str(path.relative_to(course)) for path in skeleton.write(ID, LESSON, root=course)]
    assert changed == [LEDGER, "relukit/lessons/variants/experiments/swish_cheaper.py"]
    assert skeleton.write(ID, LESSON, root=course) == []


def test_the_ledger_can_be_read_with_it_and_the_entry_names_its_experiment(course):
    before = (course / LEDGER).read_text(encoding="utf-8")
    _, experiment = skeleton.write(ID, LESSON, root=course)
    text = (course / LEDGER).read_text(encoding="utf-8")
    assert text.startswith(before)
    sources = (ROOT / "relukit/ledger/sources.toml").read_text(encoding="utf-8")
    entry = read_ledger({"": sources, LESSON: text})[ID]
    module, function = entry.experiment.split(".")
    assert module == experiment.stem
    assert f"def {function}(setting: Setting = STATED) -> Measured:" in experiment.read_text(
        encoding="utf-8"
    )


def test_an_experiment_may_join_those_of_its_kind(course):
    known = course / "relukit/lessons/variants/experiments/smooth.py"
    shutil.copy(ROOT / "relukit/lessons/variants/experiments/smooth.py", known)
    before = known.read_text(encoding="utf-8")
    skeleton.write(ID, LESSON, "smooth", course)
    after = known.read_text(encoding="utf-8")
    assert after.startswith(before)
    assert "def swish_cheaper(setting: Setting = STATED) -> Measured:" in after.removeprefix(before)
    assert 'experiment = "smooth.swish_cheaper"' in (course / LEDGER).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("claim_id", "lesson", "message"),
    [
        ("Swish_cheaper", LESSON, "small letters, digits and hyphens"),
        ("half-linear", LESSON, "an id of its own"),
        (ID, "03_variant", "did you mean '03_variants'"),
        (ID, "D2_numbers_at_the_edge", "lesson with claims"),
    ],
)
def test_an_id_that_cannot_be_is_refused(course, claim_id, lesson, message):
    with pytest.raises(InvalidValueError, match=message):
        skeleton.write(claim_id, lesson, root=course)
    assert not list((course / "relukit/lessons/variants/experiments").iterdir())


def test_every_step_is_done_for_a_claim_of_the_course_and_open_for_one_that_is_begun(monkeypatch):
    assert [done for done, _ in steps.report("claim", "half-linear")] == [True] * 4
    assert not any(done for done, _ in steps.report("claim", ID))
    begun = replace(steps.claim("half-linear"), id=ID, text="...", verdict="true", on="")
    monkeypatch.setattr(steps, "claim", lambda claim_id: begun)
    monkeypatch.setattr(steps, "measure", lambda claim_id: measure("half-linear"))
    assert [done for done, _ in steps.report("claim", ID)] == [False, False, False, False]


def test_without_a_lesson_the_command_says_how_it_is_called():
    command = [sys.executable, ROOT / "tools" / "claim.py", ID]
    env = os.environ | {"PYTHONPATH": str(ROOT / "tests" / "material")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env)
    assert done.returncode == 2
    assert "make claim ID=" in done.stderr
