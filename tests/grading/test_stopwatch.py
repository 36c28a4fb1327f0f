"""Work that takes too long ends, whatever it is; what is quick is left alone."""

import re
import signal
import threading

import pytest

from relukit.grading import parsing
from relukit.grading.stopwatch import Exhausted, limited
from relukit.grading.submissions import choice, handed_in
from relukit.grading.submissions.collect import collect

ONLY_HERE = pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="no clock of CPU time")
FOREVER = re.compile(r"(?:a|a)*b")  # each letter more takes twice as long


def forever(*args, **more):
    FOREVER.match("a" * 60)


@ONLY_HERE
def test_a_pattern_without_an_end_is_interrupted():
    with pytest.raises(Exhausted), limited(0.01):
        forever()


@ONLY_HERE
def test_what_catches_the_interruption_is_interrupted_again():
    def stubborn():
        try:
            forever()
        except BaseException:
            forever()

    with pytest.raises(Exhausted), limited(0.01):
        stubborn()


@ONLY_HERE
def test_all_is_as_before_afterwards():
    before = signal.getsignal(signal.SIGPROF)
    with limited(100):
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 0
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    assert signal.getsignal(signal.SIGPROF) is before


def test_in_another_thread_nothing_is_limited():
    done = []

    def work():
        with limited(0.001):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@ONLY_HERE
def test_who_takes_all_time_has_a_problem_and_the_others_are_read(tmp_path, monkeypatch):
    """The next slow step, whatever it will be, is that student's alone."""
    source = '{"cells": [{"cell_type": "code", "source": "def relu(x): return x"}]}'
    for name in ("ada", "eve", "zoe"):
        (tmp_path / f"{name}-02_definitions.ipynb").write_text(source + " " * (name == "eve"))
    real = choice.read_cells

    def read_cells(file):
        cells = real(file)
        return cells if file._file.tell() == len(source) else forever()

    monkeypatch.setattr(choice, "read_cells", read_cells)
    monkeypatch.setattr(parsing, "SECONDS", 0.01)
    found = {one.student: one for one in collect(tmp_path, lesson="02_definitions")}
    assert found["eve"].problem == handed_in.ENDLESS
    assert found["ada"].answers == found["zoe"].answers == {"relu": "def relu(x): return x"}
