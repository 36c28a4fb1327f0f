"""Generated sequences: the adding problem."""

import numpy as np
import pytest
import torch

from relukit.datasets import Sequences, adding_problem
from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError


def everything(data):
    return torch.cat([data.x_train, data.x_test]), torch.cat([data.y_train, data.y_test])


def test_shapes_split_and_dtype_are_as_stated():
    data = adding_problem(10, 7)
    assert (data.x_train.shape, data.y_train.shape) == ((8, 7, 2), (8, 1))
    assert (data.x_test.shape, data.y_test.shape) == ((2, 7, 2), (2, 1))
    assert {part.dtype for part in everything(data)} == {torch.float32}
    assert (data.length, data.n_features) == (7, 2)
    text = (
        "Sequences('adding_problem': 8 train + 2 test, 7 steps, 2 features, torch.float32 on cpu)"
    )
    assert repr(data) == text


@pytest.mark.parametrize("length", [2, 3, 50])
def test_two_steps_are_marked_and_their_numbers_add_up(length):
    x, y = everything(adding_problem(200, length))
    for sequence, total in zip(x.double().numpy(), y.double().numpy(), strict=True):
        marked = [value for value, mark in sequence if mark == 1]
        assert len(marked) == 2
        assert set(sequence[:, 1]) <= {0, 1}
        np.testing.assert_allclose(sum(marked), total[0], rtol=1e-6)


def test_every_pair_of_steps_is_as_likely_as_any_other():
    marks = everything(adding_problem(30_000, 5))[0][:, :, 1]
    pairs = np.bincount((marks @ 2.0 ** torch.arange(5)).long().numpy(), minlength=32)
    counts = pairs[pairs > 0]
    assert len(counts) == 10
    # five standard deviations of a binomial around 3000
    assert np.abs(counts - 3000).max() < 5 * (30_000 * 0.1 * 0.9) ** 0.5


def test_numbers_are_uniform_and_the_mean_answer_errs_by_a_sixth():
    x, y = everything(adding_problem(20_000, 10))
    numbers = x[:, :, 0]
    assert 0 <= numbers.min() < 0.001
    assert 0.999 < numbers.max() < 1
    assert numbers.mean().item() == pytest.approx(0.5, abs=0.005)
    assert (y - 1).square().mean().item() == pytest.approx(1 / 6, rel=0.05)


def test_sequences_depend_on_the_seed_and_on_nothing_else():
    before = torch.get_rng_state()
    one, same, other = (adding_problem(40, 9, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(one.x_train, same.x_train)
    assert not torch.equal(one.x_train, other.x_train)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_set_is_frozen_and_moves_as_one():
    data = adding_problem(8, 5)
    with pytest.raises(AttributeError):
        data.name = "other"
    moved = data.to("cpu")
    assert isinstance(moved, Sequences)
    assert torch.equal(moved.x_test, data.x_test)
    for device in ("abacus", 3.5, None, "cuda:9999", "meta"):
        with pytest.raises(UnavailableError, match="pass 'cpu'"):
            data.to(device)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"n": 3}, InvalidValueError, "n from 4"),
        ({"n": 10.0}, InvalidTypeError, "integer n"),
        ({"length": 1}, InvalidValueError, "length from 2"),
        ({"length": "long"}, InvalidTypeError, "integer length"),
        ({"length": True}, InvalidTypeError, "integer length"),
        ({"seed": -1}, InvalidValueError, "seed from 0"),
        ({"seed": None}, InvalidTypeError, "integer seed"),
    ],
)
def test_unusable_numbers_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        adding_problem(**{"n": 8, "length": 5, **options})
