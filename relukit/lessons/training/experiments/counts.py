"""Counts of networks and of winners, which the lesson asks for."""

from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments import comparison, scaling, stopping


def winners(setting: Setting = STATED) -> Measured:
    """Count the activations, of eight, that are best on at least one of 16 seeds.

    Args:
        setting: the stated one.
    """
    setting.only()
    return {"activations that win": float(sum(share > 0 for share in comparison.wins().values()))}


def raw_ones_that_learn(setting: Setting = STATED) -> Measured:
    """Count the networks, of 16, that learn raw digits at the rate of standardized ones.

    Args:
        setting: the stated one.
    """
    setting.only()
    right = scaling.scaled("raw").values("test_accuracy", lr=scaling.COMMON)
    return {"networks above 70 %": float((right > 0.7).sum())}


def stopped_on_the_plateau(setting: Setting = STATED) -> Measured:
    """Count the sigmoid networks, of 16, that patience 7 stops while they guess.

    Args:
        setting: the stated one.
    """
    setting.only()
    found = stopping.curves().tolist()
    return {"stopped": float(sum(stopping.reported(curve) < 0.5 for curve in found))}
