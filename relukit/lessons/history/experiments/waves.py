"""What a diode lets through of a wave, measured by its power, the mean of its squares."""

import math

import torch
from torch import Tensor

from relukit.activations import relu
from relukit.ledger.finding import Measured

SAMPLES = 10_000


def sine(samples: int = SAMPLES) -> Tensor:
    """Return one period of a sine, float64 (samples,).

    Args:
        samples: how many, at equal distances.

    Example:
        >>> sine(4).round().tolist()
        [0.0, 1.0, 0.0, -1.0]
    """
    return torch.sin(2 * math.pi * torch.arange(samples, dtype=torch.float64) / samples)


def power(wave: Tensor) -> float:
    """Return the mean of a wave's squares.

    Args:
        wave: of any shape.

    Example:
        >>> power(torch.tensor([1.0, -1.0, 0.0, 0.0]))
        0.5
    """
    return wave.square().mean().item()


def power_kept() -> Measured:
    """Return the share of a sine's power that one diode lets through."""
    wave = sine()
    return {"share of the power that passes": round(power(relu(wave)) / power(wave), 12)}
