"""The networks of the race: six rules for what a unit lets through, each against its mask."""

import pytest
import torch

from relukit.networks.racer import COINS, RULES, Racer, race_points

KEEPS, SAME, RANDOM, POSITIVE, STRANGER, SIGN = RULES


def inputs(n=64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    coins = torch.randint(2, (1, COINS), generator=generator).float().expand(n, COINS)
    return torch.cat([torch.randn(n, 2, generator=generator), coins], 1)


def let_through(racer, x):
    """Return the outputs layer by layer, each rule written as a factor for every unit."""
    a, coins, theirs = x[:, :2], x[:, 2:], x[:, :2]
    for place, layer in enumerate(racer.layers[:-1]):
        z, mine = a @ layer.weight.T + layer.bias, slice(32 * place, 32 * place + 32)
        stranger = theirs @ getattr(racer, f"stranger{place}").T
        theirs = torch.where(stranger > 0, stranger, 0.0)
        factor = {
            KEEPS: torch.ones_like(z),
            SAME: racer.kept[mine].expand_as(z),
            RANDOM: coins[:, mine],
            POSITIVE: (z > 0).float(),
            STRANGER: (stranger > 0).float(),
            SIGN: z.sign(),
        }[racer.arm]
        a = z * factor
    last = racer.layers[-1]
    return a @ last.weight.T + last.bias


@pytest.mark.parametrize("rule", RULES)
def test_a_unit_lets_through_what_its_rule_says(rule):
    racer, x = Racer(rule, seed=3), inputs()
    torch.testing.assert_close(racer(x), let_through(racer, x))


@pytest.mark.parametrize("rule", RULES)
def test_only_rules_that_listen_to_the_input_bend(rule):
    racer, x = Racer(rule, seed=1), inputs()
    one, other = x[:32], x[32:]
    gap = racer((one + other) / 2) - (racer(one) + racer(other)) / 2
    assert bool(gap.abs().max() > 1e-3) == (rule in (POSITIVE, STRANGER, SIGN))


def test_a_stranger_is_another_network_that_no_gradient_reaches():
    racer = Racer(STRANGER, seed=0)
    assert not any("stranger" in name for name, _ in racer.named_parameters())
    assert not torch.equal(racer.stranger1, racer.layers[1].weight)
    assert racer.stranger1.std().item() == pytest.approx((2 / 32) ** 0.5, rel=0.1)
    assert not torch.equal(racer.stranger0, Racer(STRANGER, seed=1).stranger0)


def test_points_come_again_with_coins_that_were_not_thrown_before():
    x, y, x_test, y_test = race_points(3, steps=200, batch_size=64)
    assert x.shape[1] == x_test.shape[1] == 2 + COINS
    assert len(x) == len(y) >= 200 * 64
    assert len(y_test) == len(x_test)
    (again,) = torch.nonzero((x[:, :2] == x[0, :2]).all(1), as_tuple=True)
    assert len(again) > 2
    assert not torch.equal(x[again[0], 2:], x[again[1], 2:])
    assert x[:, 2:].mean().item() == pytest.approx(0.5, abs=0.01)
