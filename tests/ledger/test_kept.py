"""What took long to measure is found again, and never in place of what should be measured."""

import hashlib
import json
import os
import stat
import subprocess
import sys

import pytest

from relukit.ledger import kept, verdict
from relukit.ledger.questions import forget
from relukit.ledger.setting import STATED, Setting
from relukit.statistics import Interval

VALUES = {"share": Interval(0.1, 0.0, 0.30000000000000004, 16, 0.95, "trials"), "depth": 3.5}


@pytest.fixture
def learner(monkeypatch):
    """Keep even what takes no time, as in a learner's kernel."""
    monkeypatch.setenv("RELUKIT_KEPT", "on")
    monkeypatch.setattr(kept, "WORTH", -1)
    forget()
    yield
    forget()


def experiment():
    """Stand in for one that takes long."""


def whole(plain):
    """Return the text of a file with the digest that belongs to it."""
    digest = hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:32]
    return json.dumps({"digest": digest, "seconds": 1.5, "value": plain})


def found(values=VALUES, setting=STATED, run=experiment, *, fresh=False):
    """Return what came, and how often it was measured."""
    runs = []

    def measure():
        runs.append(1)
        return values

    with kept.looking(fresh=fresh):
        return kept.kept_or(measure, run, setting), len(runs)


def test_a_second_run_finds_the_very_numbers_of_the_first(learner):
    assert found() == (VALUES, 1)
    came, runs = found()
    assert (came, [*came], runs) == (VALUES, [*VALUES], 0)


def test_other_settings_experiments_threads_versions_and_sources_are_measured(learner, monkeypatch):
    found()
    assert found(setting=Setting(seeds=range(2000, 2016)))[1] == 1
    assert found(run=found)[1] == 1
    for name, other in (("_sources", lambda: "x"), ("_versions", lambda: ("torch 1",))):
        with monkeypatch.context() as patch:
            patch.setattr(kept, name, other)
            assert found()[1] == 1
    monkeypatch.setattr("torch.get_num_threads", lambda: 99)
    assert found()[1] == 1


def test_fresh_measures_and_what_was_kept_gives_way(learner):
    found()
    assert found({"depth": 4.0}, fresh=True) == ({"depth": 4.0}, 1)
    assert found() == ({"depth": 4.0}, 0)


def test_off_and_outside_of_a_verdict_nothing_is_read_or_written(learner, monkeypatch):
    assert kept.kept_or(lambda: VALUES, experiment, STATED) == VALUES
    assert kept.files() == []
    found()
    monkeypatch.setenv("RELUKIT_KEPT", "off")
    assert found() == (VALUES, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"digest": "", "seconds": 1, "value": 1}',
        whole({"dict": [["depth", 4.0]]}).replace("4.0", "5.0"),
        whole({"dict": [["depth", 4.0]]}).replace("1.5", '"long"'),
        whole({"class": ["Path", {"mean": 1}]}),
        whole({"class": ["Interval", {"mean": 1}]}),
        whole({"class": ["Interval", {"mean": 1, "low": 2, "high": 3, "n": 16, "level": 0.95}]}),
        whole({"array": ["object", [1], [1]]}),
        whole({"array": ["float64", [-1], [1]]}),
        whole({"array": ["float64", [2], [1]]}),
        whole({"array": ["int8", [1], [300]]}),
        whole({"eval": "1"}),
        whole({}),
        "[" * 60_000,
        '{"value": ' + "1" * 5000 + "}",
        whole({"dict": [["depth", 4.0]]}) + " " * kept.LONGEST,
        b"\xff\xfe",
        b"\x80\x04cos\nsystem\n",
    ],
    ids=range(21),
)
def test_a_damaged_file_is_measured_anew_and_mended(learner, text):
    found()
    (file,) = kept.files()
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert found() == (VALUES, 1)
    assert found() == (VALUES, 0)


def test_only_its_owner_reads_it_and_it_is_plain_json(learner):
    found()
    (file,) = kept.files()
    assert json.loads(file.read_text())["value"]["dict"][1] == ["depth", VALUES["depth"]]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_oldest_goes_first(learner, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    settings = [Setting(seeds=range(k, k + 16)) for k in (1000, 2000, 3000)]
    for age, setting in enumerate(settings):
        found(setting=setting)
        newest = kept.files()[-1]
        os.utime(newest, (age + 1, age + 1))
    assert [found(setting=s)[1] for s in (*settings[1:], settings[0])] == [0, 0, 1]


def test_a_folder_that_cannot_be_made_keeps_nothing_and_says_nothing(learner):
    kept.folder().write_text("")
    assert found() == found() == (VALUES, 1)


def test_a_verdict_says_from_when_it_is_and_fresh_measures(learner):
    first = verdict("leaky-vanishing")
    assert first.note == ""
    forget()
    second = verdict("leaky-vanishing")
    assert second.entries == first.entries
    assert "fresh=True measures again" in second._repr_html_()
    assert verdict("leaky-vanishing", fresh=True).note == ""


def test_another_process_finds_it(learner):
    ask = "from relukit.ledger import kept, verdict; kept.WORTH = -1; "
    ask += "print(verdict('leaky-vanishing').note)"
    said = [subprocess.check_output([sys.executable, "-c", ask], text=True) for _ in range(2)]
    assert said[0].strip() == ""
    assert said[1].startswith("measured ")
