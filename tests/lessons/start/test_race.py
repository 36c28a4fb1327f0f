"""The race of four networks: each arm lets through what it says, and all begin alike."""

import numpy as np
import pytest
import torch

from relukit.ledger.setting import STATED
from relukit.lessons.start.experiments import race
from relukit.lessons.start.experiments.race import ARMS, points
from relukit.networks.racer import COINS, Racer

KEEPS, SAME, RANDOM, POSITIVE = ARMS


def inputs(n=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    coins = torch.randint(2, (n, COINS), generator=generator).float()
    return torch.cat([torch.randn(n, 2, generator=generator), coins], 1)


def by_hand(racer, x):
    """Return the outputs layer by layer, each kept number written as a mask."""
    (w1, b1), (w2, b2), (w3, b3) = ((layer.weight, layer.bias) for layer in racer.layers)
    a, coins = x[:, :2], x[:, 2:]
    for place, (w, b) in enumerate(((w1, b1), (w2, b2))):
        z, mine = a @ w.T + b, slice(32 * place, 32 * place + 32)
        mask = {
            KEEPS: torch.ones_like(z),
            SAME: racer.kept[mine].expand_as(z),
            RANDOM: coins[:, mine],
            POSITIVE: (z > 0).float(),
        }[racer.arm]
        a = z * mask
    return a @ w3.T + b3


@pytest.mark.parametrize("arm", ARMS)
def test_each_arm_lets_through_what_it_says(arm):
    racer, x = Racer(arm, seed=3), inputs()
    torch.testing.assert_close(racer(x), by_hand(racer, x))


@pytest.mark.parametrize("arm", ARMS)
def test_only_the_arm_whose_switches_listen_to_the_input_bends(arm):
    racer, x = Racer(arm, seed=1), inputs()
    x[:, 2:] = x[:1, 2:]  # the same coins for all, so that the coins are no input
    one, other = x[:32], x[32:]
    middle = (one + other) / 2
    gap = racer(middle) - (racer(one) + racer(other)) / 2
    assert bool(gap.abs().max() > 1e-3) == (arm == POSITIVE)


def test_the_arms_start_alike_and_seeds_differ():
    first = Racer(KEEPS, seed=0).state_dict()
    for arm in ARMS[1:]:
        again = Racer(arm, seed=0).state_dict()
        assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["layers.0.weight"], Racer(KEEPS, seed=1).layers[0].weight)
    assert 0.3 < first["kept"].mean() < 0.7


def test_no_point_comes_twice_with_the_same_coins_and_all_batches_are_new():
    x, y, x_test, _ = points(0)
    assert len(x) >= race.STEPS * race.BATCH
    assert len(torch.unique(x[:, 2:], dim=0)) == len(x)
    assert x[:, 2:].mean() == pytest.approx(0.5, abs=0.01)
    assert len(torch.unique(x[:, :2], dim=0)) == len(torch.unique(x_test[:, :2], dim=0)) * 3
    assert torch.equal(x[:300, :2], x[300:600, :2])
    assert torch.equal(y[:300], y[300:600])


@pytest.mark.slow
def test_no_other_rate_would_bring_an_arm_to_the_other_side_of_the_bound():
    for arm in ARMS:
        tried = race.tried(arm)
        assert all((accuracy > 0.9) == (arm == POSITIVE) for accuracy in tried.values()), tried


def test_the_best_straight_cut_gets_about_seven_of_ten_points():
    """Every direction and every place of a cut are tried on the points that it learns from."""
    angles = np.linspace(0, np.pi, 180, endpoint=False)
    across = np.stack([np.cos(angles), np.sin(angles)])
    best, new = [], []
    for seed in STATED.seeds:
        x, y, x_test, y_test = (part.numpy() for part in race.points(seed))
        x, y = x[:300, :2], y[:300]
        places = np.linspace(-1.1, 1.1, 89)
        said = (x @ across)[:, :, None] > places  # points, directions, places
        share = (said == (y == 1)[:, None, None]).mean(0)
        share = np.maximum(share, 1 - share)
        direction, place = np.unravel_index(share.argmax(), share.shape)
        best.append(share.max())
        told = (x_test[:, :2] @ across[:, direction] > places[place]) == (y_test == 1)
        new.append(max(told.mean(), 1 - told.mean()))
    assert 0.68 < np.mean(best) < 0.74
    assert 0.63 < np.mean(new) < 0.72
