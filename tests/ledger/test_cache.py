"""What figures compute is found again by another kernel, and never in place of a fresh verdict."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from relukit import waiting
from relukit.ledger import kept
from relukit.ledger.setting import STATED, Setting


@pytest.fixture
def learner(monkeypatch):
    """Keep even what takes no time, as in a learner's kernel."""
    monkeypatch.setenv("RELUKIT_KEPT", "on")
    monkeypatch.setattr(kept, "WORTH", -1)


class Kernel:
    """A kernel's own memory of an experiment and of one that rests on it, and what they ran."""

    def __init__(self, decorator=kept.cache):
        self.runs = []

        @decorator
        def below(name: str, setting: Setting = STATED) -> tuple[float, ...]:
            self.runs.append(name)
            return 0.1 + 0.2, len(self.runs)

        @decorator
        def above(name: str) -> np.ndarray:
            self.runs.append("above")
            return np.array(below(name))

        for one, said in ((below, "below"), (above, "above")):
            one.__wrapped__.__qualname__ = said
        self.below, self.above = below, above


def measured(kernel, *, fresh=False):
    """Let a verdict measure what rests on an experiment; return its runs and the times found."""
    before = len(kernel.runs)
    with kept.looking(fresh=fresh) as times:
        found = kept.kept_or(lambda: {"a": kernel.below("x")[0]}, measured, STATED)
    assert found == {"a": 0.1 + 0.2}
    return len(kernel.runs) - before, len(times)


def test_another_kernel_finds_the_very_values_and_one_kernel_the_very_object(learner):
    first, second = Kernel(), Kernel()
    value = first.above("x")
    assert first.above("x") is value
    assert second.above("x").tobytes() == value.tobytes()
    assert second.below("x") == first.below("x")
    assert (first.runs, second.runs) == (["above", "x"], [])


def test_defaults_written_out_are_the_same_and_other_arguments_are_not(learner):
    Kernel().below("x")
    same = Kernel()
    same.below("x", STATED)
    same.below(setting=Setting(), name="x")
    assert same.runs == []
    same.below("y")
    same.below("x", Setting(seeds=range(2000, 2016)))
    assert same.runs == ["y", "x"]


def test_other_words_of_a_call_are_the_same_arguments(learner):
    runs = []

    @kept.cache
    def network(name: str, *widths: int, seed: int = 0, **more: float) -> int:
        runs.append((name, widths, seed, more))
        return len(runs)

    assert network("x", 1, 2, gain=1.5, bias=0.0) == network("x", 1, 2, bias=0.0, gain=1.5, seed=0)
    assert network("x", 1, 2, gain=1.5) == 2
    assert network("x", 1, gain=1.5) == 3
    assert len(kept.files()) == len(runs) == 3


def test_off_and_what_takes_no_time_is_remembered_in_one_kernel_only(monkeypatch):
    for variable, worth in (("off", -1), ("on", 60)):
        monkeypatch.setenv("RELUKIT_KEPT", variable)
        monkeypatch.setattr(kept, "WORTH", worth)
        kernel = Kernel()
        assert kernel.below("x") is kernel.below("x")
        assert (kernel.runs, kept.files()) == (["x"], [])


def test_what_is_there_is_not_found_when_switched_off(learner, monkeypatch):
    Kernel().below("x")
    monkeypatch.setenv("RELUKIT_KEPT", "off")
    kernel = Kernel()
    kernel.below("x")
    assert kernel.runs == ["x"]


def test_once_keeps_nothing_for_others(learner):
    kernel = Kernel(kept.once)
    assert kernel.below("x") is kernel.below("x")
    assert kept.files() == []


def test_a_damaged_file_is_measured_anew_and_mended(learner):
    Kernel().below("x")
    (file,) = kept.files()
    file.write_text(file.read_text().replace("0.30000000000000004", "0.3"))
    kernel = Kernel()
    assert kernel.below("x") == (0.1 + 0.2, 1)
    assert kernel.runs == ["x"]
    assert "0.30000000000000004" in file.read_text()


def test_a_verdict_finds_a_figures_experiment_and_says_so(learner):
    Kernel().below("x")
    assert measured(Kernel()) == (0, 1)
    kernel = Kernel()
    kernel.below("x")  # found by a figure of this kernel
    kept.files()[-1].unlink()
    assert measured(kernel) == (0, 1)


def test_a_fresh_verdict_measures_all_the_way_down_whatever_was_kept_or_remembered(learner):
    for decorator in (kept.cache, kept.once):
        kernel = Kernel(decorator)
        kernel.above("x")
        assert kernel.runs == ["above", "x"]
        assert measured(kernel, fresh=True) == (1, 0)
    assert kernel.below("x")[1] == 3  # and what came is what a figure then gets
    assert Kernel().below("x") == (0.1 + 0.2, 3)


def test_in_a_fresh_verdict_an_experiment_runs_once(learner):
    kernel = Kernel()
    with kept.looking(fresh=True):
        kernel.below("x")
        kernel.above("x")
    assert kernel.runs == ["x", "above"]


def test_where_no_verdict_is_read_claims_and_replications_measure(learner):
    Kernel().below("x")
    kernel, before = Kernel(), len(kept.files())
    kernel.below("x")  # a figure has found it
    found = kept.kept_or(lambda: {"a": kernel.below("x")[0]}, measured, STATED)
    assert found == {"a": 0.1 + 0.2}
    assert kernel.runs == ["x"]
    assert len(kept.files()) == before


def test_what_rests_on_something_kept_is_as_old_as_that(learner):
    Kernel().below("x")
    (file,) = kept.files()
    os.utime(file, (1000, 1000))
    kernel = Kernel()
    kernel.above("x")
    assert kernel.runs == ["above"]
    assert [f.stat().st_mtime for f in kept.files()] == [1000, 1000]


def test_what_an_interrupt_left_is_neither_kept_nor_remembered(learner):
    runs = []

    @kept.cache
    def half(name: str) -> float:
        runs.append(name)
        if len(runs) == 1:
            waiting.stopped()  # as train does, which returns what there is
        return float(len(runs))

    assert [half("x"), half("x"), half("x")] == [1.0, 2.0, 2.0]
    assert len(kept.files()) == 1


def test_what_is_no_plain_value_or_has_no_plain_argument_is_only_remembered(learner):
    @kept.cache
    def made(name: object) -> object:
        return object()

    assert made("x") is made("x")
    assert made(len) is made(len)
    assert made(Kernel) is made(Kernel)
    assert kept.files() == []


def test_a_function_of_the_package_is_an_argument_and_one_of_a_notebook_is_not(learner):
    @kept.cache
    def called(function: object) -> int:
        return 1

    called(kept.when)
    assert len(kept.files()) == 1
    called(lambda: 0)
    called(measured)
    called(kept.cache(measured))
    assert len(kept.files()) == 1


def test_all_of_it_takes_no_more_than_its_share(learner, monkeypatch):
    Kernel().below("x")
    monkeypatch.setattr(kept, "MOST_BYTES", int(1.5 * kept.files()[0].stat().st_size))
    Kernel().below("y")
    assert len(kept.files()) == 1
    kernel = Kernel()
    kernel.below("y")
    assert kernel.runs == []
    monkeypatch.setattr(kept, "LONGEST", 10)
    Kernel().below("z")
    assert len(kept.files()) == 1


def test_a_cell_says_once_from_when_its_results_are(learner, monkeypatch):
    said = []
    monkeypatch.setattr(waiting, "found", said.append)
    monkeypatch.setattr(waiting, "SECONDS", -1)
    Kernel().below("x")
    assert said == []
    Kernel().below("x")
    assert [words.startswith("from ") for words in said] == [True]
    measured(Kernel())  # which says it itself
    assert len(said) == 1


def test_two_processes_that_write_at_once_leave_one_whole_result(learner):
    code = (
        "from relukit.ledger import kept; kept.WORTH = -1\n"
        "from relukit.lessons.initialization.experiments.halved import factors\n"
        "print(repr(factors('uniform')))"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [run.communicate()[0] for run in runs]
    assert said[0].startswith("(Interval(")
    assert len({*said, subprocess.check_output([sys.executable, "-c", code], text=True)}) == 1
    files = kept.files()
    assert [json.loads(f.read_text()).keys() for f in files] == [{"digest", "seconds", "value"}]
