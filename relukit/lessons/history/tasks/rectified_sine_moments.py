"""A task of lesson 01 on waves: how much a rectifier passes of a sine."""

import math
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.domain import Domain
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task

ERROR = 1e-10  # relative; the task's text states it
AMPLITUDE = Domain(low=1e-30, high=1e30, signs="+")
WAVE = Domain(values=("half", "full"))


def _moments(amplitude, wave):
    if wave == "half":
        return amplitude / math.pi, amplitude / 2
    return 2 * amplitude / math.pi, amplitude / math.sqrt(2)


_MEANING = {"mean": "the average", "rms": "the root of the average square"}


def _compare_moments(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    wrong = parts(got, ("mean", "rms"))
    if wrong:
        return wrong
    for name, wanted, part in zip(_MEANING, expected, got, strict=True):
        value = number(part)
        if value is None:
            return f"the {name} must be one number"
        if not abs(value - wanted) <= ERROR * wanted:
            return f"the {name} differs: it is {_MEANING[name]}, over the whole period"
    return None


def _generated_amplitude():
    from hypothesis import strategies as st

    return st.tuples(st.floats(1e-3, 1e3), st.sampled_from(["half", "full"]))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    sizes = magnitudes(AMPLITUDE, "float64", rng, per_decade=1).tolist()
    return tuple((size, wave) for size in (3, *sizes) for wave in WAVE.values)


def _deviation(amplitude, wave):
    mean, rms = _moments(amplitude, wave)
    return mean, math.sqrt(rms**2 - mean**2)


def _sampled(amplitude, wave):
    signal = amplitude * np.sin(2 * math.pi * np.arange(10_000) / 10_000)
    signal = np.maximum(signal, 0) if wave == "half" else np.abs(signal)
    return signal.mean(), np.sqrt((signal**2).mean())


TASK = Task(
    points=2,
    title="Mean and rms of a rectified sine",
    minutes=10,
    difficulty="easy",
    why="Mean and mean square of what a rectifier passes decide how signals live on in a network.",
    hints=(
        "Which share of the sine's square does the half wave keep, and which does the full wave?",
        "The integral of sin over half a period is 2, and a period lasts 2 pi. The mean square of"
        " a sine is 1/2; the root comes last.",
        'if wave == "half":',
    ),
    reference=_moments,
    boundary=(
        (1.0, "half"),
        (1.0, "full"),
        (3.0, "half"),
        (0.0, "full"),
    ),
    compare=_compare_moments,
    generated=_generated_amplitude,
    domains={"amplitude": AMPLITUDE, "wave": WAVE},
    swept=_swept,
    misconceptions=(
        Misconception(
            "mean and rms are exchanged: the mean comes first",
            lambda amplitude, wave: _moments(amplitude, wave)[::-1],
        ),
        Misconception(
            "this averages the half wave over the half period that passes: the silent half counts"
            " too",
            lambda amplitude, wave: _moments(amplitude, "full"),
        ),
        Misconception(
            "this is the half wave, whatever is asked for",
            lambda amplitude, wave: _moments(amplitude, "half"),
        ),
        Misconception(
            "half and full wave are exchanged",
            lambda amplitude, wave: _moments(amplitude, "full" if wave == "half" else "half"),
        ),
        Misconception(
            "these are the moments of the sine itself: its mean is 0, and rectified it has none"
            " below 0",
            lambda amplitude, wave: (0.0, amplitude / math.sqrt(2)),
        ),
        Misconception(
            "the amplitude is not used: both moments grow with it",
            lambda amplitude, wave: _moments(1.0, wave),
        ),
        Misconception(
            "the second number is the mean square: rms is its root",
            lambda amplitude, wave: (
                _moments(amplitude, wave)[0],
                _moments(amplitude, wave)[1] ** 2,
            ),
        ),
        Misconception(
            "the second number is the standard deviation, around the mean: rms is around 0",
            _deviation,
        ),
        Misconception(
            "the half wave's rms is half of the full one's here: its square is halved, so its rms"
            " falls by the root of 2",
            lambda amplitude, wave: (
                _moments(amplitude, wave)[0],
                amplitude / math.sqrt(2) / (2 if wave == "half" else 1),
            ),
        ),
        Misconception(
            "the half wave has the full wave's rms here: it has half of the square",
            lambda amplitude, wave: (
                _moments(amplitude, wave)[0],
                amplitude / math.sqrt(2),
            ),
        ),
        Misconception(
            "this averages 10,000 samples, which is right to 8 digits: closed forms are asked for",
            _sampled,
        ),
    ),
)
