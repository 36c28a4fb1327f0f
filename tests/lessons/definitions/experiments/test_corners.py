"""What a ruler and few ReLUs can say on the corners of a square, beside a search by brute force."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from relukit.lessons.definitions.experiments import corners

CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]
LABELS = list(itertools.product((0, 1), repeat=4))
PARITIES = {(0, 1, 1, 0), (1, 0, 0, 1)}


def named_by_some_ruler() -> set[tuple[int, ...]]:
    """Return the answers that rulers with small whole weights give, tried one after the other."""
    halves = np.arange(-3.5, 4)
    return {
        tuple(int(w1 * x1 + w2 * x2 + b > 0) for x1, x2 in CORNERS)
        for w1, w2, b in itertools.product(range(-2, 3), range(-2, 3), halves)
    }


@pytest.mark.parametrize("labels", LABELS)
def test_a_ruler_gives_the_answers_that_brute_force_finds_and_so_does_one_relu(labels):
    assert corners.straight(labels) == (labels in named_by_some_ruler())
    assert corners.computable(labels, 1) == (labels in named_by_some_ruler())
    assert corners.straight(labels) == (labels not in PARITIES)


@pytest.mark.parametrize("labels", LABELS)
def test_two_relus_give_every_answer(labels):
    assert corners.computable(labels, 2)


def test_no_single_relu_out_of_many_random_ones_computes_exclusive_or():
    rng = np.random.default_rng(0)
    weight, bias = rng.normal(size=(100_000, 2)), rng.normal(size=(100_000, 1))
    on = np.maximum(weight @ np.array(CORNERS).T + bias, 0)
    ones, zeros = on[:, [1, 2]], on[:, [0, 3]]
    assert not (ones.min(1) > zeros.max(1)).any()
    assert not (ones.max(1) < zeros.min(1)).any()


@pytest.mark.parametrize("labels", [(0, 1, 1, 0), (0, 0, 0, 1), (1, 0, 0, 1)])
def test_what_solves_a_program_is_a_network_with_these_answers(labels):
    signs = np.where(np.array(labels) > 0, 1.0, -1.0)
    solved = 0
    units = list(itertools.product((1.0, -1.0), itertools.product((False, True), repeat=4)))
    for chosen in itertools.combinations(units[:24], 2):
        rows, most = corners._program(signs, chosen)
        found = linprog(np.zeros(rows.shape[1]), rows, most, bounds=(None, None))
        if found.status == 0:
            solved += 1
            total = np.full(4, found.x[-1])
            for (v, _), (w1, w2, b) in zip(chosen, found.x[:-1].reshape(-1, 3), strict=True):
                total += [v * max(0.0, w1 * x1 + w2 * x2 + b) for x1, x2 in CORNERS]
            assert ((total > 0) == (signs > 0)).all()
    assert solved


def test_most_right_is_the_best_over_all_answers_that_are_possible():
    assert corners.most_right((0, 1, 1, 0), corners.straight) == 3
    assert corners.most_right((0, 0, 0, 1), corners.straight) == 4
    assert corners.most_right((0, 1, 1, 0), lambda answer: not any(answer)) == 2
