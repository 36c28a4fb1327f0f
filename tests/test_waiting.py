"""A bar comes for who waits, and never among outputs that are stored."""

import pytest

from relukit import waiting
from relukit.waiting import bar, waited


@pytest.fixture
def quick(monkeypatch):
    """Let a bar come at once, where the environment has not switched it off."""
    monkeypatch.setattr(waiting, "SECONDS", 0)


def shown(capsys):
    return capsys.readouterr().err


def test_who_waits_sees_how_far_it_is_and_nothing_stays(quick, monkeypatch, capsys):
    monkeypatch.delenv("RELUKIT_BARS")
    seen = []
    for letter in waited("abc", total=3, unit="letter"):
        seen.append((letter, shown(capsys)))
    assert [letter for letter, _ in seen] == ["a", "b", "c"]
    assert "0/3" in seen[0][1]
    assert shown(capsys).split("\r")[-1].strip() == ""  # wiped out


def test_what_is_done_in_two_seconds_shows_none(monkeypatch, capsys):
    monkeypatch.delenv("RELUKIT_BARS")
    assert [*waited("abc", total=3, unit="letter")] == ["a", "b", "c"]
    assert shown(capsys) == ""


def test_where_outputs_are_stored_there_is_none_unless_it_is_asked_for(quick, capsys):
    assert [*waited("abc", total=3, unit="letter")] == ["a", "b", "c"]
    assert shown(capsys) == ""
    with bar(asked=True, total=2):
        assert "0/2" in shown(capsys)
