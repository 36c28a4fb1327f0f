"""The command line prints the ledger, measures a claim, and says what is wrong in one line."""

import re
import subprocess
import sys

import pytest

from relukit.ledger import claims


def relukit(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "relukit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


def test_claims_lists_the_ledger_that_fits_the_filter():
    printed = relukit("claims", "--verdict", "depends").stdout
    assert f"{len(claims(verdict='depends'))} claims" in printed
    assert "half-linear" in printed
    assert "half-wave" not in printed


def test_claims_counts_by_source_by_verdict_and_by_what_settles_them():
    printed = relukit("claims", "--source", "D2L", "--lesson", "04_dying_relu").stdout
    (row,) = (line for line in printed.splitlines() if line.startswith("D2L "))
    counts = ["1", "0", "0", "1", *["0"] * 4, "1", "0"]  # all, true, wrong, ..., measured, on paper
    assert row.split()[1:] == counts
    assert "1 claims: 1 measured, 0 settled on paper" in printed


def test_claims_with_an_id_measures_it():
    printed = relukit("claims", "half-linear").stdout
    assert "is not f(a) + f(b): 0 (the claim needs above 0): does not hold" in printed
    assert re.search(r"verdict: +depends", printed)


def test_a_claim_says_its_seeds_what_was_changed_and_where_else_it_was_tried():
    printed = relukit("claims", "width-saves", "--seeds", "5000:5016").stdout
    assert "100 to 199 choose a learning rate, if any; 5000 to 5015 decide" in printed
    assert re.search(r"changed: +after numbers had been seen: 10,000 networks", printed)
    assert re.search(r"elsewhere: +not tried in other settings", printed)
    assert "seeds:" not in relukit("claims", "half-linear").stdout


def test_a_claim_that_draws_nothing_at_random_has_no_other_setting():
    run = relukit("claims", "half-linear", "--width", "2x")
    assert run.returncode == 2
    assert "got width x2" in run.stderr
    assert "the claim to measure there" in relukit("claims", "--depth", "6").stderr


def test_replicate_counts_the_verdicts_that_stand():
    printed = relukit("replicate", "half-linear", "half-wave").stdout
    assert "0 of 0 verdicts stand on seeds 2000 to 2015" in printed
    assert "2 of 2 that draw nothing at random" in printed
    assert (
        "did you mean '02_definitions'" in relukit("replicate", "--lesson", "02_definition").stderr
    )
    both = relukit("replicate", "--seeds", "3000:3016", "--settings")
    assert "either --seeds or --settings" in both.stderr


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
