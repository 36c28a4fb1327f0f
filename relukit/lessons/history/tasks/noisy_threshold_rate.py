"""A task of lesson 01 on a noisy threshold: its mean rate, and the power law that it looks like."""

import math
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import in_step, topped
from relukit.checks.task import Misconception, Task

ERROR = 1e-6  # relative, which leaves room for a central difference; the task's text states it
DRIVE = Domain(low=1e-12, high=1e12, signs="+", zero=False)
THRESHOLD = Domain(low=1e-12, high=1e12)
NOISE = Domain(dtypes=("float64",), low=1e-12, high=1e12, axes=(SIZES[1:],))


def _rate(drive, threshold, noise):
    u = drive - threshold + noise
    rate = np.maximum(u, 0).mean()
    return rate, drive * (u > 0).mean() / rate if rate > 0 else math.nan


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    wrong = parts(got, ("rate", "exponent"))
    if wrong:
        return wrong
    for name, wanted, part in zip(("rate", "exponent"), expected, got, strict=True):
        wanted, value = float(wanted), number(part)
        if value is None:
            return f"the {name} must be one number"
        if math.isnan(wanted) and not math.isnan(value):
            return "a unit that is silent for every sample has no exponent: nan is due"
        if not (math.isnan(wanted) or abs(value - wanted) <= ERROR * abs(wanted)):
            n = arguments[2].size
            on = round(_share(*arguments) * n)
            return f"the {name} differs: the unit is on in {on} of {n} samples"
    return None


def _sixteenths(*numerators: int | np.ndarray) -> np.ndarray:
    """Return odd multiples of 1/16: with drives and thresholds in eighths, none is at the kink."""
    return np.asarray(numerators).ravel() / 16


def _generated():
    from hypothesis import strategies as st

    odd = st.integers(-24, 24).map(lambda n: (2 * n + 1) / 16)
    noise = st.lists(odd, min_size=1, max_size=6).map(np.array)
    drive = st.integers(1, 24).filter(lambda n: n != 8).map(lambda n: n / 8)  # log 1 is 0
    threshold = st.integers(1, 24).map(lambda n: n / 8)
    return st.tuples(drive, threshold, noise)


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = [_grid(n, "", rng) for n in NOISE.axes[0] for _ in range(3)]
    found += [_grid(9, layout, rng) for layout in LAYOUTS]
    for drive, threshold, top in np.tile(in_step(THRESHOLD, 3, rng), (3, 1)).tolist():
        noise = topped(top, int(rng.integers(1, 9)), rng)
        found.append((abs(drive), threshold, noise))
    found += [(drive, 0.0, noise) for drive, _, noise in found[::12]]
    return tuple(entry for entry in found if _is_clear(*entry))


def _grid(n: int, layout: str, rng: np.random.Generator) -> Arguments:
    noise = _sixteenths(2 * rng.integers(-24, 24, n) + 1)
    return float(rng.integers(1, 9)) / 8, float(rng.integers(-8, 9)) / 8, laid_out(noise, layout)


def _is_clear(drive: float, threshold: float, noise: np.ndarray) -> bool:
    """Return whether a step of 1e-5 of the drive shows the exponent, and meets no threshold."""
    terms = np.abs(noise) + abs(drive) + abs(threshold)
    far = (np.abs(drive - threshold + noise) > 1e-3 * terms).all()
    return bool(far and not _rate(drive, threshold, noise)[1] > 50)


def _gaussian(drive, threshold, noise):
    from scipy.special import ndtr

    u, s = drive - threshold + noise.mean(), max(noise.std(), 1e-12)
    share = ndtr(u / s)
    rate = u * share + s * np.exp(-((u / s) ** 2) / 2) / math.sqrt(2 * math.pi)
    return rate, drive * share / rate if rate > 0 else math.nan


def _altered(change):
    """Return an answer that is right but for a change of (rate, exponent)."""
    return lambda drive, threshold, noise: change(
        *_rate(drive, threshold, noise), drive, threshold, noise
    )


def _share(drive, threshold, noise):
    return (drive - threshold + noise > 0).mean()


_WIDE = _sixteenths(-21, -13, -9, -5, -3, -1, 1, 3, 5, 9, 13, 21)

TASK = Task(
    points=2,
    title="The exponent of a noisy threshold",
    minutes=15,
    difficulty="medium",
    why="The exponent says how noise turns a threshold into a power law, which ignores contrast.",
    hints=(
        "How much does the mean rate grow if the drive grows by a little: which samples feel it?",
        "Each sample adds max(0, drive - threshold + noise), and its slope by the drive is 1 where"
        " the unit is on. The slope of log rate by log drive is (drive / rate) times the slope of"
        " the rate by the drive.",
        "u = drive - threshold + noise",
    ),
    reference=_rate,
    boundary=(
        (2.0, 1.0, _sixteenths(3)),
        (1.5, 1.5, _sixteenths(5, -5)),
        (0.5, 1.0, np.array([0.0])),
        (0.5, 1.0, _sixteenths(-3, 1, 5)),
        (1.5, 1.0, _WIDE),
        (0.5, 1.0, _WIDE),
    ),
    compare=_compare,
    generated=_generated,
    domains={"drive": DRIVE, "threshold": THRESHOLD, "noise": NOISE},
    swept=_swept,
    misconceptions=(
        Misconception(
            "the noise is averaged before the threshold, where it is lost: rectify each sample,"
            " then average",
            lambda drive, threshold, noise: _rate(drive, threshold, noise[:1] * 0 + noise.mean()),
        ),
        Misconception(
            "the noise is not used: it is added before the rectifier",
            lambda drive, threshold, noise: _rate(drive, threshold, np.zeros(1)),
        ),
        Misconception(
            "the mean runs over the samples that are on: the silent ones count with 0",
            _altered(
                lambda rate, exponent, *given: (
                    rate / _share(*given) if rate > 0 else 0.0,
                    exponent,
                )
            ),
        ),
        Misconception(
            "the threshold is not used: it is taken off the drive",
            lambda drive, threshold, noise: _rate(drive, 0.0, noise),
        ),
        Misconception(
            "the exponent is taken by the distance from the threshold: what contrast multiplies is"
            " the whole drive",
            _altered(
                lambda rate, exponent, drive, threshold, noise: (
                    rate,
                    exponent * (drive - threshold) / drive,
                )
            ),
        ),
        Misconception(
            "the second number is the slope of the rate by the drive: the exponent is the slope of"
            " log rate by log drive",
            _altered(
                lambda rate, exponent, *given: (rate, _share(*given) if rate > 0 else math.nan)
            ),
        ),
        Misconception(
            "the second number is the slope of log rate by the drive: by log drive it is drive"
            " times as much",
            _altered(lambda rate, exponent, drive, *_: (rate, exponent / drive)),
        ),
        Misconception(
            "the exponent counts every sample with slope 1: those below the threshold have slope 0",
            _altered(
                lambda rate, exponent, drive, *_: (rate, drive / rate if rate > 0 else math.nan)
            ),
        ),
        Misconception(
            "this divides log rate by log drive: the slope of a curve is not the ratio of its"
            " coordinates",
            _altered(
                lambda rate, exponent, drive, *_: (
                    rate,
                    np.log(rate) / np.log(drive) if rate > 0 else math.nan,
                )
            ),
        ),
        Misconception(
            "the exponent of a silent unit is 0 here: it has none, so nan is due",
            _altered(lambda rate, exponent, *_: (rate, exponent if rate > 0 else 0.0)),
        ),
        Misconception(
            "rate and exponent are exchanged: the rate comes first",
            _altered(lambda rate, exponent, *_: (exponent, rate)),
        ),
        Misconception(
            "this adds the samples up: the mean is asked for",
            _altered(lambda rate, exponent, *given: (rate * given[2].size, exponent)),
        ),
        Misconception(
            "this takes the noise to be Gaussian: average over the samples that are given",
            _gaussian,
        ),
    ),
)
