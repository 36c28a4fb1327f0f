"""How many networks fail, are stopped, or win: what the lesson asks for."""

import torch

from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments import comparison, scaling, stopping
from relukit.statistics import proportion


def wins_of_the_best(setting: Setting = STATED) -> Measured:
    """Return the share of seeds in which the activation wins that has the best mean, of eight.

    Args:
        setting: the stated one.
    """
    setting.only()
    scores = torch.tensor([comparison.accuracies(name) for name in comparison.ACTIVATIONS])
    won = scores[scores.mean(1).argmax()] == scores.amax(0)
    return {"pulls that the best one wins": proportion(int(won.sum()), len(won))}


def raw_ones_that_learn(setting: Setting = STATED) -> Measured:
    """Count the networks, of 16, that learn raw digits at the rate of standardized ones.

    Args:
        setting: the stated one.
    """
    setting.only()
    right = scaling.scaled("raw").values("test_accuracy", lr=scaling.COMMON)
    return {"networks above 70 %": float((right > 0.7).sum())}


def stopped_on_the_plateau(setting: Setting = STATED) -> Measured:
    """Return the share of 16 sigmoid networks that patience 7 stops while they guess.

    Args:
        setting: the stated one.
    """
    setting.only()
    found = stopping.curves().tolist()
    stopped = sum(stopping.reported(curve) < 0.5 for curve in found)
    return {"stopped": proportion(stopped, len(found))}
