"""What noise makes of a threshold: a power law, and a tuning that ignores contrast."""

import math

import numpy as np
from numpy.typing import ArrayLike

from relukit.ledger.finding import Measured

CONTRASTS = (0.5, 1.0, 2.0, 4.0)
TUNING_DEGREES = 30.0


def noisy_rate(u: np.ndarray | float, noise: float = 1.0) -> np.ndarray:
    r"""Return the mean of max(0, u + noise z) with z standard normal: $u\Phi(u/s) + s\phi(u/s)$.

    Args:
        u: input minus threshold, any shape, in the unit of the noise.
        noise: its standard deviation s, 0 or more.

    References: [Hansel2002].

    Example:
        >>> noisy_rate(0.5).round(6), noisy_rate(-1.0, 0.0)
        (np.float64(0.697797), np.float64(0.0))
    """
    from scipy.special import ndtr

    u = np.asarray(u, dtype=float)
    if noise == 0:
        return np.maximum(u, 0.0)[()]
    z = u / noise
    return (u * ndtr(z) + noise * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))[()]


def power_law_fit(u: np.ndarray, rate: np.ndarray) -> tuple[float, float, float]:
    """Return (a, u0, n) of the power law a max(0, u - u0)^n nearest to a rate, by least squares.

    Args:
        u: input minus threshold, (n,), in the unit of the noise.
        rate: the rate at each, (n,).
    """
    from scipy.optimize import curve_fit

    law = lambda u, a, u0, n: a * np.maximum(u - u0, 1e-12) ** n  # noqa: E731 - curve_fit's form
    (a, u0, n), _ = curve_fit(law, u, rate, p0=(0.3, -1.5, 2.0))
    return float(a), float(u0), float(n)


def noise_makes_a_power_law() -> Measured:
    """Fit a power law to the noisy threshold over three ranges of three noise widths each."""
    parts, exponents = {}, []
    for words, low in (
        ("from 2 noise widths below threshold to 1 above", -2),
        ("from 1 below to 2 above", -1),
        ("from the threshold to 3 above", 0),
    ):
        u = np.linspace(low, low + 3, 301)
        rate = noisy_rate(u)
        a, u0, n = power_law_fit(u, rate)
        off = np.abs(a * np.maximum(u - u0, 0) ** n - rate).max()
        parts[f"{words}: largest error over the largest rate"] = float(off / rate.max())
        exponents.append(n)
    return {**parts, "smallest of the three exponents": min(exponents)}


def tuned_rate(degrees: ArrayLike, contrast: float, *, noise: float = 1.0) -> np.ndarray:
    r"""Return the rate of a unit for a bar turned away by some angle from the one it prefers.

    The input is $2 c\, e^{-\theta^2 / (2 \cdot 30^2)}$, the threshold 1.

    Args:
        degrees: the angle, any shape, in degrees.
        contrast: c, dimensionless.
        noise: standard deviation of the noise, 0 or more; threshold and input have its unit.
    """
    drive = 2 * contrast * np.exp(-((np.asarray(degrees) / TUNING_DEGREES) ** 2) / 2)
    return noisy_rate(drive - 1, noise)


def half_width(contrast: float, *, noise: float = 1.0) -> float:
    """Return the angle, in degrees, at which a tuned unit's rate is half of its peak.

    It is nan where the unit is silent, and inf where no bar, however it is turned, halves its rate.

    Args:
        contrast: dimensionless.
        noise: standard deviation of the noise, in the unit of the threshold, which is 1.
    """
    from scipy.optimize import brentq

    peak = float(tuned_rate(0.0, contrast, noise=noise))
    if peak <= 0:
        return float("nan")
    above = lambda degrees: float(tuned_rate(degrees, contrast, noise=noise)) - peak / 2  # noqa: E731
    return float(brentq(above, 0, 90)) if above(90.0) < 0 else float("inf")


def contrast_invariance() -> Measured:
    """Compare the tuning's widths over an eightfold range of contrast, by noise and beyond it."""
    cases = {
        "widest over narrowest tuning, noise as large as the threshold": (1.0, CONTRASTS),
        "the same with half of that noise": (0.5, CONTRASTS),
        "the same with twice that noise": (2.0, CONTRASTS),
        "the same from half of the lowest contrast on": (1.0, (CONTRASTS[0] / 2, *CONTRASTS)),
        "the same without noise, where the unit answers": (0.0, CONTRASTS),
        "the same up to eight times the highest contrast": (1.0, (*CONTRASTS, 8.0, 16.0, 32.0)),
    }
    parts: dict[str, float] = {}
    for words, (noise, contrasts) in cases.items():
        widths = np.array([half_width(c, noise=noise) for c in contrasts])
        parts[words] = float(np.nanmax(widths) / np.nanmin(widths))
    silent = sum(math.isnan(half_width(c, noise=0.0)) for c in CONTRASTS)
    return {**parts, "contrasts at which it is silent without noise": silent}


def widths_under_noise() -> Measured:
    """Return the tuning's half-widths, in degrees, with noise as large as the threshold."""
    contrasts = (CONTRASTS[0] / 2, *CONTRASTS)
    return {f"half-width at contrast {c:g}": round(half_width(c, noise=1.0), 1) for c in contrasts}
