"""The command line prints the ledger, measures a claim, and says what is wrong in one line."""

import subprocess
import sys

import pytest

from relukit.ledger import claims


def relukit(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "relukit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


def test_claims_lists_the_ledger_that_fits_the_filter():
    printed = relukit("claims", "--verdict", "wrong").stdout
    assert f"{len(claims(verdict='wrong'))} claims" in printed
    assert "half-linear" in printed
    assert "half-wave" not in printed


def test_claims_counts_by_source_by_verdict_and_by_what_settles_them():
    printed = relukit("claims", "--source", "ARENA", "--lesson", "02_definitions").stdout
    (row,) = (line for line in printed.splitlines() if line.startswith("ARENA "))
    assert row.split()[1:] == ["1", "0", "1", "0", "0", "0", "1", "0"]  # all, true, wrong, ...
    assert "1 claims: 1 measured, 0 settled on paper" in printed


def test_claims_with_an_id_measures_it():
    printed = relukit("claims", "half-linear").stdout
    assert "measured 0" in printed
    assert "verdict: wrong" in printed


def test_an_unknown_claim_is_one_line_on_stderr():
    run = relukit("claims", "half-liner")
    assert run.returncode == 2
    assert "did you mean 'half-linear'?" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_progress_prints_every_lesson_with_exercises():
    assert "02_definitions" in relukit("progress").stdout


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_without_a_command_the_help_is_printed(arguments):
    assert "claims" in relukit(*arguments).stdout
