"""What the class page says of a task is what the results say."""

from collections import Counter

import pytest

from relukit.grading.reports.gradebook import arrange
from relukit.grading.reports.summary import GROUPS, group, summarize
from relukit.grading.result import GRADER_ERROR, STATUSES, UNSCORED, Result

LESSON = "02_definitions"


def results(*statuses, task="relu", **said):
    return [Result(f"s{i}", LESSON, task, s, 2, **said) for i, s in enumerate(statuses)]


def summary(entries):
    (found,) = summarize(arrange(entries), LESSON)
    return found


def test_each_status_of_a_student_is_in_one_group():
    assert Counter(status for some in GROUPS.values() for status in some) == Counter(STATUSES)
    assert group(GRADER_ERROR) == GRADER_ERROR


def test_each_status_once_is_counted_once():
    found = summary(results(*STATUSES, *UNSCORED))
    assert found.statuses == dict.fromkeys(STATUSES, 1)
    assert (found.passed, found.attempted, found.handed_in, found.graded) == (1, 7, 8, 9)
    assert found.rate == "14 %"
    assert sum(found.groups.values()) == found.graded
    assert found.title == "The rectifier"


def test_nobody_who_attempted_it_is_no_rate():
    assert summary(results("missing", "not attempted")).rate == "-"
    found = summary(results(GRADER_ERROR))
    assert (found.graded, found.rate, found.finding) == (0, "-", "")


def test_the_commonest_finding_prefers_the_diagnosis_and_leaves_remarks_out():
    entries = [
        Result("a", LESSON, "relu", "wrong", 2, because="differs", diagnosis="like |x|"),
        Result("b", LESSON, "relu", "wrong", 2, because="other", diagnosis="like |x|"),
        Result("c", LESSON, "relu", "raised", 2, because="differs"),
        *(Result(f"p{i}", LESSON, "relu", "passed", 2, diagnosis="remark") for i in range(5)),
        *(Result(f"n{i}", LESSON, "relu", "missing", 2, because="no file") for i in range(5)),
        *(Result(f"g{i}", LESSON, "relu", GRADER_ERROR, 2, because="bug") for i in range(5)),
    ]
    found = summary(entries)
    assert (found.finding, found.times) == ("it behaves like a known mistake: like |x|", 2)
    assert summary(entries[::-1]) == found


def test_a_tie_goes_to_the_first_in_the_alphabet():
    entries = [*results("wrong", because="b"), Result("x", LESSON, "relu", "wrong", 2, because="a")]
    for order in (entries, entries[::-1]):
        assert summary(order).finding == "a"


def test_tasks_come_in_the_lessons_order():
    entries = [e for task in ("hinge_weights", "relu", "own") for e in results("passed", task=task)]
    found = summarize(arrange(entries), LESSON)
    assert [entry.name for entry in found] == ["relu", "hinge_weights", "own"]
    assert found[-1].title == "own"


@pytest.mark.parametrize(("status", "name"), [("raised", "stopped"), ("wrong", "wrong")])
def test_a_status_has_a_group(status, name):
    assert group(status) == name
