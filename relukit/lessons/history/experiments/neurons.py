"""How like a neuron the rectifier is: where it is silent, and where a neuron saturates."""

import numpy as np
import torch
from numpy.typing import ArrayLike

from relukit.activations import relu
from relukit.ledger.finding import Measured

REFRACTORY_MS = 2.0
MEMBRANE_MS = 20.0


def firing_rate(drive: ArrayLike) -> np.ndarray:
    r"""Return the rate, in hertz, of a leaky integrate-and-fire neuron with a constant input.

    $1000 / (t_r + \tau \ln(I/(I - 1)))$ above the threshold I = 1, else 0, with a refractory time
    $t_r$ of 2 ms and a membrane time constant of 20 ms.

    Args:
        drive: the input I in units of its threshold, any shape.

    Example:
        >>> firing_rate(0.5), round(float(firing_rate(2.0)), 1)
        (np.float64(0.0), 63.0)
    """
    current = np.asarray(drive, dtype=float)
    above = np.maximum(current, 1 + 1e-12)
    rate = 1000 / (REFRACTORY_MS - MEMBRANE_MS * np.log1p(-1 / above))
    return np.where(current > 1, rate, 0.0)[()]


def plausible() -> Measured:
    """Look for outputs below 0: of a model neuron, of the rectifier and of tanh."""
    drive = torch.linspace(-100, 100, 2001, dtype=torch.float64)
    bent = drive.tanh()
    return {
        "smallest rate of a model neuron, in impulses per second": float(firing_rate(drive).min()),
        "smallest output of the rectifier": float(relu(drive).min()),
        "smallest output of tanh over its largest": float(bent.min() / bent.max()),
    }
