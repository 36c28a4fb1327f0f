"""Learners' names become file names that cannot meet, and their words become harmless lines."""

import os
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relukit.grading.names import LONGEST, readable, slug, visible
from relukit.grading.reports.autograded import student_id

texts = st.text(st.characters(exclude_categories=()), max_size=200)  # surrogates too
SAFE = re.compile(r"[a-z0-9_][a-z0-9._-]*(?<!\.)")


@given(texts)
@settings(deadline=None)
def test_a_slug_is_a_safe_file_name(student):
    name = slug(student)
    assert SAFE.fullmatch(name)
    assert len(name) <= LONGEST
    assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name)


@given(texts, texts)
@settings(deadline=None)
def test_two_students_never_share_a_slug(one, other):
    assert (slug(one) == slug(other)) == (one == other)


@given(texts)
@settings(deadline=None)
def test_no_student_can_be_named_after_the_slug_of_another(student):
    assert (
        slug(slug(student)) == slug(student)
        if slug(student) == student
        else slug(slug(student)) != slug(student)
    )


@pytest.mark.parametrize("plain", ["ada", "s1234567", "ada.lovelace", "a_b-c", "0", "a" * LONGEST])
def test_a_safe_name_stays(plain):
    assert slug(plain) == plain


UNSAFE = ["", ".", "..", "../x", "a/b", "a\\b", "con", "nul.txt", "com1", "Ada", "ADA", "a.", "-x"]
UNSAFE += ["a\0b", " a", "e\u0301", "\u00e9", "\u738b", "a" * 81, "x" * 5000, "\udc80"]


@pytest.mark.parametrize("student", UNSAFE)
def test_any_other_name_gets_a_hash(student, tmp_path):
    name = slug(student)
    assert name != student
    assert re.search(r"-[0-9a-f]{16}$", name)
    (tmp_path / f"{name}.html").touch()
    assert os.listdir(tmp_path) == [f"{name}.html"]


def test_names_that_differ_in_case_or_accents_alone_differ_in_lower_case():
    names = ["ada", "Ada", "ADA", "\u00e9", "e\u0301", "e"]
    assert len({slug(name).lower() for name in names}) == len(names)


@given(texts)
@settings(deadline=None)
def test_a_readable_text_is_one_line_without_anything_unseen(text):
    line = readable(text)
    line.encode("utf-8")
    assert line.splitlines() in ([], [line])
    kinds = {unicodedata.category(c) for c in line if c not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_what_cannot_be_seen_is_written_out():
    assert readable("a\u202eb\x00\x1b[31m\udc80\ufeff") == r"a\u202eb\x00\x1b[31m\udc80\ufeff"


def test_a_long_text_is_cut_and_says_so():
    assert readable("ab" * 5000, limit=4) == "abab... (9996 more characters)"


def test_code_keeps_its_spacing():
    assert visible("    x  = 1") == "    x  = 1"


@given(texts)
@settings(deadline=None)
def test_no_student_shares_nbgraders_row_with_one_who_is_named_after_its_slug(student):
    assert student_id(slug(student)) != student_id(student) or slug(student) == student


def test_the_slug_of_a_name_is_another_student():
    assert slug("O'Brien") == "o-brien-e6e624964c8327e4"
    assert student_id("O'Brien") == "o-brien-e6e624964c8327e4"
    assert student_id("o-brien-e6e624964c8327e4") != "o-brien-e6e624964c8327e4"
