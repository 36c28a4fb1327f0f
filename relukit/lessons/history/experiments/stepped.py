"""Stepped sigmoid units, and the noisy rectifier that stands for them."""

import numpy as np

from relukit.ledger.finding import Measured
from relukit.lessons.history.experiments.noise import noisy_rate

COPIES = 200


def stepped_sigmoid_moments(x: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    r"""Return mean and variance of many tied binary units, $\sum_i \sigma(x - i + 1/2)$.

    Each copy of the unit has the same weights and a bias lower by 1 than the copy before; the
    sum of their states is a count. 200 copies stand for infinitely many.

    Args:
        x: the input they share, any shape below 150, dimensionless.

    References: [Nair2010].

    Example:
        >>> [round(float(v), 3) for v in stepped_sigmoid_moments(0.0)]
        [0.683, 0.5]
    """
    from scipy.special import expit

    on = expit(np.asarray(x, dtype=float)[..., None] - np.arange(1, COPIES + 1) + 0.5)
    return on.sum(-1)[()], (on * (1 - on)).sum(-1)[()]


def noisy_relu_moments(
    x: np.ndarray | float, *, logistic_is: str = "variance"
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return mean and variance of $\max(0, x + N(0, \sigma(x)))$ with the logistic $\sigma(x)$.

    Args:
        x: the input, any shape, dimensionless.
        logistic_is: "variance" as in the paper, or "deviation", as the formula may be misread.

    References: [Nair2010].

    Example:
        >>> [round(float(v), 6) for v in noisy_relu_moments(0.0)]
        [0.282095, 0.170423]
    """
    from scipy.special import expit, ndtr

    x = np.asarray(x, dtype=float)
    s = np.sqrt(expit(x)) if logistic_is == "variance" else expit(x)
    mean = s * noisy_rate(x / s)
    second = (x**2 + s**2) * ndtr(x / s) + x * s * np.exp(-((x / s) ** 2) / 2) / np.sqrt(2 * np.pi)
    return mean[()], (second - mean**2)[()]


def noise_is_a_variance() -> Measured:
    """Hold both readings of N(0, sigma(x)) against the variance of stepped sigmoid units at 2."""
    wanted = float(stepped_sigmoid_moments(2.0)[1])
    parts = {}
    for reading in ("variance", "deviation"):
        off = abs(float(noisy_relu_moments(2.0, logistic_is=reading)[1]) / wanted - 1)
        what = f"error of the variance at 2, sigma(x) read as the noise's {reading}"
        parts[what] = off
    return parts


def noisy_approximates_stepped() -> Measured:
    """Compare the mean of noisy rectifiers with that of stepped sigmoid units at 4 and at 0."""
    parts = {}
    for x in (4.0, 0.0):
        mean, wanted = float(noisy_relu_moments(x)[0]), float(stepped_sigmoid_moments(x)[0])
        off = abs(mean / wanted - 1)
        what = f"error of the mean at {x:g} ({mean:.3f} for {wanted:.3f})"
        parts[what] = off
    return parts


def stand_in_at_zero() -> Measured:
    """Return the noisy rectifier's mean at 0 over that of the stepped sigmoid unit."""
    return {"mean at 0": float(noisy_relu_moments(0.0)[0] / stepped_sigmoid_moments(0.0)[0])}
