"""How like a neuron the rectifier is: its sign, its sparsity, and where a neuron saturates."""

import numpy as np
import torch

from relukit.activations import relu
from relukit.diagnostics import zeros_at_the_start
from relukit.ledger.finding import Measured
from relukit.statistics import interval

N_SEEDS = 16
REFRACTORY_MS = 2.0
MEMBRANE_MS = 20.0


def firing_rate(drive: np.ndarray | float) -> np.ndarray:
    r"""Return the rate, in hertz, of a leaky integrate-and-fire neuron with a constant input.

    $1000 / (t_r + \tau \ln(I/(I - 1)))$ above the threshold I = 1, else 0, with a refractory time
    $t_r$ of 2 ms and a membrane time constant of 20 ms.

    Args:
        drive: the input I in units of its threshold, any shape.

    Example:
        >>> firing_rate(0.5), round(float(firing_rate(2.0)), 1)
        (np.float64(0.0), 63.0)
    """
    drive = np.asarray(drive, dtype=float)
    above = np.maximum(drive, 1 + 1e-12)
    rate = 1000 / (REFRACTORY_MS - MEMBRANE_MS * np.log1p(-1 / above))
    return np.where(drive > 1, rate, 0.0)[()]


def plausible() -> Measured:
    """Hold three things that neurons do against fresh rectifiers and a model neuron."""
    active = [1 - sum(z) / len(z) for z in (zeros_at_the_start(s) for s in range(N_SEEDS))]
    smallest = float(relu(torch.linspace(-100, 100, 2001)).min())
    growth = float(firing_rate(100.0) / firing_rate(50.0))
    return {
        "smallest output of the rectifier": smallest,
        "share of rectifiers that are on": interval(active),
        "growth of a model neuron's rate when a strong input doubles (rectifier: 2)": growth,
    }
