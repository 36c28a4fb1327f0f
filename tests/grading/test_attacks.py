"""Every attack of the catalogue has the verdict that it must have, with the jail and without."""

import os
from pathlib import Path

import pytest
from attacks.attack import SECRET, Attack, grade_attack, surroundings
from attacks.catalogue import CATALOGUE
from attacks.outliving import OUTLIVES

from relukit.grading.result import GRADER_ERROR, Result
from relukit.grading.worker import keep_secrets

pytestmark = pytest.mark.slow

# what passes in spite of all, with the reason in the attack's note: nothing, today
KNOWN: set[str] = set()


@pytest.fixture(scope="module")
def places(python):
    keep_secrets()
    with surroundings() as found:
        yield found


def _alive(name: str) -> list[str]:
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"Name:\t{name}" in text and "State:\tZ" not in text:
            found.append(text)
    return found


@pytest.mark.parametrize("attack", CATALOGUE, ids=lambda attack: f"{attack.row} {attack.title}")
def test_an_attack_has_its_expected_verdict(attack: Attack, jail: str, places: dict[str, str]):
    if attack.harms_the_user and jail == "none" and os.geteuid() != 0:
        pytest.skip("it would hit the other processes of the user who runs the tests")
    result = grade_attack(attack, jail, places)
    assert (result.status, result.because) == (attack.expected(jail), result.because)
    assert result.jail == jail
    _holds_nothing_dangerous(result)
    assert _alive(OUTLIVES[:15]) == []
    assert not Path(places["PLANTED"], "exploded").exists()


def _holds_nothing_dangerous(result: Result) -> None:
    for text in (result.given, result.expected, result.got, result.because, result.note):
        text.encode()
        assert len(text) < 1000
        assert SECRET not in text


def test_no_wrong_answer_passes_in_the_jail_and_every_right_one_does():
    passing = {a.title for a in CATALOGUE if a.jailed == "passed" and not a.fair}
    assert passing == KNOWN
    assert all(a.note for a in CATALOGUE if a.title in KNOWN)
    assert all(a.jailed == "passed" for a in CATALOGUE if a.fair)
    assert not any(GRADER_ERROR in (a.jailed, a.bare) for a in CATALOGUE)


def test_every_row_of_the_catalogue_has_an_attack():
    beside = {"52"}  # is about tests of answers, which tools/kill_rates.py holds to account
    assert {a.row for a in CATALOGUE} | beside >= set(map(str, range(1, 53)))


def test_titles_are_unique():
    assert len({a.title for a in CATALOGUE}) == len(CATALOGUE)
