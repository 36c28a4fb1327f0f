"""Lateral inhibition in a row of rectified units, as in the eye of the horseshoe crab."""

import numpy as np

from relukit.ledger.finding import Measured

REACH = 3
STRENGTH = 0.15
LEVELS = (15.0, 25.0, 35.0, 45.0, 55.0, 65.0)
WIDTH = 12  # receptors in a stripe


def neighbours(n: int, *, reach: int = REACH, strength: float = STRENGTH) -> np.ndarray:
    """Return inhibitory weights, (n, n): each unit inhibits `reach` neighbours on each side.

    Args:
        n: units in the row.
        reach: how many neighbours on each side.
        strength: of the inhibition between two, 0 or more, dimensionless.

    Example:
        >>> neighbours(4, reach=1, strength=0.5)[1].tolist()
        [-0.5, 0.0, -0.5, 0.0]
    """
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return np.where((apart > 0) & (apart <= reach), -strength, 0.0)


def edge_response(light: np.ndarray, *, strength: float = STRENGTH) -> np.ndarray:
    """Return the settled rates of a row of units that inhibit their neighbours, as `light`.

    x' = -x + max(0, light + W x); the row's ends see the light of the last unit go on.

    Args:
        light: excitation of each unit, (n,), in impulses per second or any other unit.
        strength: of the inhibition between neighbours, dimensionless.
    """
    margin = 12 * REACH
    wide = np.pad(np.asarray(light, dtype=float), margin, mode="edge")
    weight, x = neighbours(len(wide), strength=strength), np.zeros(len(wide))
    for _ in range(2000):
        x = x + 0.2 * (np.maximum(wide + weight @ x, 0) - x)
    return x[margin:-margin]


def step_of_light(n: int = 40, dark: float = 10.0, bright: float = 30.0) -> np.ndarray:
    """Return the light on a row of n units whose right half is bright, (n,).

    Args:
        n: units in the row.
        dark: light on the left half, in impulses per second or any other unit.
        bright: light on the right half, in the same unit.

    Example:
        >>> step_of_light(4).tolist()
        [10.0, 10.0, 30.0, 30.0]
    """
    return np.where(np.arange(n) < n // 2, dark, bright)


def stripes_of_light(levels: tuple[float, ...] = LEVELS, *, width: int = WIDTH) -> np.ndarray:
    """Return the light on a row of units that looks at even stripes, (len(levels) * width,).

    Args:
        levels: light of each stripe, in impulses per second or any other unit.
        width: units that look at one stripe.

    Example:
        >>> stripes_of_light((10.0, 20.0), width=2).tolist()
        [10.0, 10.0, 20.0, 20.0]
    """
    return np.repeat(np.asarray(levels, dtype=float), width)


def gradient_of_light(
    n: int = 60, dark: float = 10.0, bright: float = 30.0, *, width: int = 10
) -> np.ndarray:
    """Return light that rises evenly between two levels in the middle of a row of units, (n,).

    Args:
        n: units in the row.
        dark: light on the left, in impulses per second or any other unit.
        bright: light on the right, in the same unit.
        width: units over which it rises.

    Example:
        >>> gradient_of_light(6, width=2).tolist()
        [10.0, 10.0, 15.0, 25.0, 30.0, 30.0]
    """
    place = np.arange(n) - (n - width) / 2 + 0.5
    return dark + (bright - dark) * np.clip(place / width, 0, 1)


def edges_stand_out() -> Measured:
    """Measure by how much rates leave the levels beside a step and beside a gradient of light.

    References: [Ratliff1959].
    """
    parts: dict[str, float] = {}
    for name, light, where in (
        ("step", step_of_light(), "beside it"),
        ("gradient", gradient_of_light(), "at its end"),
    ):
        rates = edge_response(light)
        parts[f"{name}: rise above the bright level {where}"] = rates.max() / rates[-1] - 1
        parts[f"{name}: fall below the dark level {where}"] = 1 - rates.min() / rates[0]
    return parts


def beside_a_border() -> Measured:
    """Compare the unit just inside of a brighter stripe with those in the middle of that stripe."""
    rates = edge_response(stripes_of_light()).reshape(len(LEVELS), WIDTH)
    rises = rates[1:, 0] / rates[1:, WIDTH // 2] - 1
    return {
        "rate beside a darker stripe over the rate in the middle, minus 1": round(rises.min(), 2)
    }
