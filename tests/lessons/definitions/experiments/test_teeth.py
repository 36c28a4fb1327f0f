"""Teeth by hand, beside SciPy's sawtooth; and what training misses of them."""

import numpy as np
import pytest
import torch
from scipy.signal import sawtooth

from relukit.diagnostics import linear_pieces
from relukit.ledger.setting import STATED
from relukit.lessons.definitions.experiments import teeth
from relukit.training.tuning import TUNING_SEEDS


@pytest.mark.parametrize("folds", [1, 2, 3, 6])
def test_folding_draws_a_sawtooth_of_so_many_pieces_with_two_units_a_layer(folds):
    network = teeth.folded(folds)
    x = np.linspace(0, 1, 2001)
    wanted = (1 + sawtooth(2 * np.pi * 2 ** (folds - 1) * x, width=0.5)) / 2
    np.testing.assert_allclose(network(torch.from_numpy(x)[:, None])[:, 0], wanted, atol=1e-9)
    # beyond 1 it goes on falling for ever, so what lies between 0 and 1 is counted
    assert len([k for k in linear_pieces(network).knots if 0 < k < 1]) == 2**folds - 1
    widths = [layer.out_features for layer in network if isinstance(layer, torch.nn.Linear)]
    assert widths == [2] * folds + [1]


def test_first_kinks_are_spread_over_the_points():
    first = teeth.spread((1, 500, 1), seed=3)[0]
    kinks = -first.bias / first.weight[:, 0]
    assert kinks.min() > -1
    assert kinks.max() < 1
    assert kinks.mean().abs() < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("shape", teeth.SHAPES)
def test_the_share_missed_is_what_numpy_makes_of_the_outputs_and_all_shapes_have_128_units(shape):
    x, outputs, missed = teeth.learned(shape)
    y = 1 - np.abs(1 - 2 * ((x.double().numpy() * 8) % 1))
    again = ((outputs.numpy() - y) ** 2).mean(1) / y.var()
    np.testing.assert_allclose(missed, again, rtol=1e-4)
    assert outputs.shape == (len(STATED.seeds), len(x))
    assert not set(STATED.seeds) & set(TUNING_SEEDS)
    assert sum(teeth.SHAPES[shape]) == 128
