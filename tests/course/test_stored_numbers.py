"""Stored numbers are masked where nbval compares text, and compared where they are numbers."""

import math
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbformat import v4
from nbval.plugin import coalesce_streams, get_sanitize_patterns
from stored_numbers import FILE, MEASURED, REGEX, REPLACE, differences

from relukit.statistics import Interval

ROOT = Path(__file__).parents[2]
NUMBERS = st.floats(allow_nan=False)
INTERVALS = st.builds(
    lambda ends, n, level, counted: Interval(ends[1], ends[0], ends[2], n, level, counted),
    st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted),
    st.integers(1, 10**6),
    st.floats(0.5, 0.9999),
    st.sampled_from(["seeds", "trials", "pairs"]),
)
# what may stand before and behind a number: no digit, and nothing that belongs to one
AROUND = st.sampled_from(["", " ", "x: ", "\n", ">", "(", "one of ", "<dd style='margin: 0'>"])


def mask(text):
    return re.sub(REGEX, REPLACE, text)


def stored(mean, low, high, n=16):
    return f"lead {mean} [{low}, {high}] ({n} seeds, 95 %) and no more"


SMALLEST = Interval(0.0, 0.0, 5e-324, 1, 0.5)  # a fifth of its width is no float any more


# the mask


@given(INTERVALS, AROUND, AROUND)
@example(SMALLEST, "", "")
def test_a_number_with_its_interval_is_masked_whole_and_nothing_else_is(interval, before, behind):
    basis = f"({interval.n} {interval.counted}, {100 * interval.level:g} %)"
    assert mask(f"{before}{interval}{behind}") == f"{before}measured {basis}{behind}"


@given(INTERVALS)
@example(SMALLEST)
def test_the_masked_numbers_are_the_printed_ones(interval):
    found = MEASURED.fullmatch(str(interval))
    for name in ("mean", "low", "high"):
        value, printed = getattr(interval, name), float(found[name])
        if abs(value) > 1e300:
            continue  # rounded up, it may be no float any more
        # one unit of the last digit is at most a fifth of the width, or of six digits
        width = interval.high - interval.low
        allowed = max(width / 5, 1e-5 * max(abs(interval.low), abs(interval.high)))
        assert printed == value or abs(printed - value) <= allowed or width == math.inf


@pytest.mark.parametrize(
    "text",
    [
        "0.5",
        "0.5 [0.4, 0.6]",
        "[0.4, 0.6] (16 seeds, 95 %)",
        "0.5 (0.4, 0.6) (16 seeds, 95 %)",
        "0.5 [0.4; 0.6] (16 seeds, 95 %)",
        "0.5 [0.4, 0.6] (16 seeds)",
        "v0.5 [0.4, 0.6] (16 seeds, 95 %)",
        "1.0.5 [0.4, 0.6] (16 seeds, 95 %)",
        "nan [nan, nan] (16 seeds, 95 %)",
        "93 tasks [1, 2] of 16 seeds, 95 %",
        "16 seeds (the claim needs above 0.5): holds",
    ],
)
def test_other_text_stays_as_it_is(text):
    assert mask(text) == text


def masked(text):
    for regex, replace in get_sanitize_patterns(FILE.read_text(encoding="utf-8")):
        text = re.sub(regex, replace, text, flags=re.MULTILINE)
    return text


@pytest.mark.parametrize(
    "row",
    ["\n  measured  {}", "<dt a='b'>measured</dt><dd c='d'>{}</dd>"],
    ids=["text", "html"],
)
def test_what_an_interval_is_judged_to_be_is_masked_and_nothing_else_is(row):
    end, number = "\n  correct   So it is.", "lead 5 [4, 6] (16 seeds, 95 %)"
    held = row.format(f"{number} (the claim needs above 4): holds") + end
    left_open = row.format(f"{number} (the claim needs above 4): the same within 0.5")
    left_open += row.format("this run finds: the same") + end
    assert masked(held) == masked(left_open)
    assert masked(held) != masked(held.replace("above 4", "above 3"))
    exact = row.format("gap: 0 (the claim needs above 4): holds")
    assert masked(exact) == exact


def test_what_is_masked_still_says_on_how_many_seeds_it_rests():
    assert mask(stored(1, 0, 2, n=16)) != mask(stored(1, 0, 2, n=15))
    assert mask(stored(1, 0, 2)) == mask(stored(5, 4, 6))


# the comparison


def stream(text):
    return [v4.new_output("stream", name="stdout", text=text)]


@pytest.mark.parametrize(
    ("fresh", "differs"),
    [
        ((5.0, 4.0, 6.0), False),
        ((6.0, 5.0, 7.0), False),
        ((6.1, 5.0, 7.2), False),  # other networks of the same seeds
        ((7.0, 6.1, 7.9), True),
        ((3.0, 2.1, 3.9), True),
        ((-5.0, -6.0, -4.0), True),
        ((5.5, 5.5, 5.5), False),  # 16 equal values, inside of the stored interval
        ((6.5, 6.5, 6.5), True),
    ],
)
def test_the_stored_interval_and_the_fresh_one_must_meet(fresh, differs):
    found = list(differences(stream(stored(5.0, 4.0, 6.0)), stream(stored(*fresh))))
    assert bool(found) == differs
    if differs:
        assert "stored 5.0 [4.0, 6.0]" in found[0]
        assert f"now {fresh[0]} [" in found[0]
        assert "'lead 5.0 [4.0, 6.0] (16 seeds, 95 %) and no more'" in found[0]


def test_the_number_that_is_wrong_is_counted_among_the_others():
    right, wrong = stored(5, 4, 6), stored(50, 40, 60)
    (found,) = differences(stream(f"{right}\n{wrong}"), stream(f"{right}\n{right}"))
    assert found.startswith("measured number 2 of stdout: stored 50 [40, 60]")


def test_streams_that_come_in_pieces_are_one():
    text = stored(5, 4, 6)
    pieces = coalesce_streams([*stream(text[:9]), *stream(text[9:])])
    assert not list(differences(stream(text), pieces))


# the run


def notebook(tmp_path, printed, *, tags=()):
    """Store a notebook whose cell prints one number, and claim that it printed another."""
    cell = v4.new_code_cell(
        f"print({stored(5.0, 4.0, 6.0)!r})",
        execution_count=1,
        outputs=stream(printed + "\n"),
        metadata={"tags": list(tags)},
    )
    made = v4.new_notebook(cells=[cell])
    path = tmp_path / "numbers.ipynb"
    nbformat.write(made, path)
    return path


def nbval(path):
    """Run nbval as `make test` does, on a notebook from elsewhere."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    line = re.search(r"^NBVAL = \$\(BIN\)/python (.*)$", makefile, flags=re.MULTILINE)[1]
    command = [sys.executable, *line.split(), "-p", "no:cacheprovider", str(path)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("printed", [stored(5.0, 4.0, 6.0), stored(5.5, 4.6, 6.4)])
def test_a_stored_number_that_the_run_measures_again_passes(tmp_path, printed):
    run = nbval(notebook(tmp_path, printed))
    assert run.returncode == 0, run.stdout


@pytest.mark.slow
def test_a_wrong_stored_number_fails_the_cell_and_is_named(tmp_path):
    run = nbval(notebook(tmp_path, stored(7.5, 6.5, 8.5)))
    assert run.returncode == 1
    assert "1 failed" in run.stdout
    said = "stored 7.5 [6.5, 8.5] (16 seeds, 95 %), now 5.0 [4.0, 6.0] (16 seeds, 95 %)"
    assert said in run.stdout


@pytest.mark.slow
def test_other_text_around_a_number_fails_as_ever(tmp_path):
    run = nbval(notebook(tmp_path, stored(5.0, 4.0, 6.0).replace("lead", "gap")))
    assert run.returncode == 1


@pytest.mark.slow
def test_a_cell_whose_output_is_ignored_is_not_compared(tmp_path):
    path = notebook(tmp_path, stored(7.5, 6.5, 8.5), tags=("nbval-ignore-output",))
    assert nbval(path).returncode == 0


def test_the_files_that_nbval_is_given_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"--nbval-sanitize-with {FILE.relative_to(ROOT).as_posix()} " in makefile
    assert "-p tests.material.stored_numbers" in makefile
