"""A bar comes for who waits, and never among outputs that are stored."""

from types import SimpleNamespace

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


def test_what_was_found_is_said_once_a_cell_and_stays(monkeypatch, capsys):
    cell = SimpleNamespace(execution_count=1)
    monkeypatch.setattr("IPython.get_ipython", lambda: cell)
    monkeypatch.setattr(waiting, "_told", {})
    waiting.found("from this morning")
    assert shown(capsys) == ""  # where outputs are stored
    monkeypatch.delenv("RELUKIT_BARS")
    for expected in ("1 kept", "2 kept"):
        waiting.found("from this morning")
        assert f"from this morning: {expected}" in shown(capsys)
    cell.execution_count = 2
    waiting.found("from this morning")
    assert "from this morning: 1 kept" in shown(capsys)
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    waiting.found("from this morning")
    assert shown(capsys) == ""


def test_where_outputs_are_stored_there_is_none_unless_it_is_asked_for(quick, capsys):
    assert [*waited("abc", total=3, unit="letter")] == ["a", "b", "c"]
    assert shown(capsys) == ""
    with bar(asked=True, total=2):
        assert "0/2" in shown(capsys)
