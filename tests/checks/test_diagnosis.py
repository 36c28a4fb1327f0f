"""A diagnosis is a likeness, and nothing is said of a function that the answer does not call."""

import functools

import numpy as np
import torch
from torch import nn

from relukit.checks import check
from relukit.checks.naming import names_in, names_in_text


def halved(x):
    return np.tanh(x) / 2


def test_names_are_followed_through_what_calls_what():
    class Module(nn.Module):
        def forward(self, x):
            return torch.erf(x)

    for answer in (halved, lambda x: halved(x), functools.partial(halved, 1), np.tanh):
        assert "tanh" in names_in(answer)
    assert "erf" in names_in(Module())
    assert "erf" in names_in(Module)
    assert "tanh" not in names_in(lambda x: x + abs(x))
    assert {"np", "tanh"} <= names_in_text("y = np.tanh(x)")


def test_code_without_names_names_nothing_and_what_has_no_code_is_not_known():
    assert names_in(lambda relu: False) == frozenset()
    assert names_in(3) is None


def test_a_sentence_about_a_function_is_withheld_where_the_answer_does_not_call_it():
    def by_tanh(x):
        return ((1 + np.tanh(x / 2)) / 2).astype(x.dtype)

    def by_exp(x):
        return ((1 + (1 - np.exp(-x)) / (1 + np.exp(-x))) / 2).astype(x.dtype)

    assert "tanh" in check(by_tanh, "sigmoid").diagnosis
    assert "tanh" not in check(by_exp, "sigmoid").diagnosis


def test_a_clipped_tail_is_not_taken_for_a_cancelled_one():
    def clipped(x):
        return (1 / (1 + np.exp(-np.clip(x, -88, 88)))).astype(x.dtype)

    assert check(clipped, "sigmoid").diagnosis == ""


def test_what_is_shown_calls_a_diagnosis_a_likeness():
    assert "it behaves like a known mistake: this is |x|" in repr(check(abs, "relu"))
