"""A task of lesson 01 on censored data: the mean of what is seen, right in the far tail too."""

import math

import numpy as np

from relukit.checks.comparison import Arguments, close
from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task

ERROR = 1e-8  # relative; the task's text states it
MEAN = Domain(dtypes=("float64",), low=1e-30, high=1e30)
NOISE = Domain(low=1e-30, high=1e30, signs="+", zero=False)
_END, _NOTHING = -36.0, -39.0  # between, floats have no digits left; beyond, the mean rounds to 0


def _density(t):
    return np.exp(-t * t / 2) / math.sqrt(2 * math.pi)


def _share(t):
    from scipy.special import ndtr

    return ndtr(t)


def _rounded_share(t):
    from scipy.special import erf

    return (1 + erf(t / math.sqrt(2))) / 2


def _mean(mean, noise):
    from scipy.special import erfcx

    # beside max(0, mean), the noise adds phi(t) - t Phi(-t), whose terms nearly cancel in the tail
    t = np.abs(mean) / noise
    tail = _density(t) * (1 - t * math.sqrt(math.pi / 2) * erfcx(t / math.sqrt(2)))
    return np.maximum(mean, 0) + noise * tail


def _each(*values: float, noise: float) -> tuple[tuple[np.ndarray, float], ...]:
    return tuple((np.array([value]), noise) for value in values)


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    wide = arrays(dtypes=("float64",), bound=36.0, nan=False).filter(lambda mean: mean.size > 0)
    return st.tuples(wide, st.sampled_from([1.0, 2.0, 4.0]))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    shapes = [*((n,) for n in SIZES[1:]), (), (1, 1), (9, 2), (100, 100), (2, 3, 4), (2, 1, 2, 3)]
    found = [(np.array(rng.normal(0.0, 3.0, shape)), 1.5) for shape in shapes]
    for layout in LAYOUTS:
        found += [(laid_out(rng.normal(size=shape), layout), 0.5) for shape in ((9,), (3, 4))]
    for noise in magnitudes(NOISE, "float64", rng, per_decade=1).tolist():
        near = noise * rng.uniform(_END, -_END, 24)
        mean = np.concatenate([near, magnitudes(MEAN, "float64", rng, per_decade=1)])
        clear = (mean / noise > _END) | (mean / noise < _NOTHING)
        found.append((mean[clear], noise))
    return tuple(found)


def _sampled(mean, noise):
    z = np.random.default_rng(0).standard_normal(10_000)
    return np.maximum(mean[..., None] + noise * z, 0).mean(axis=-1)


TASK = Task(
    points=2,
    title="The mean of censored data",
    minutes=12,
    difficulty="medium",
    why="Noise inside the maximum lifts the mean, and a ReLU unit fitted to it bends too early.",
    hints=(
        "What is E max(0, u + z) for standard normal z, and what does a noise of another size"
        " change in it?",
        "With t = mean / noise the mean outcome is mean Phi(t) + noise phi(t). Far on the left"
        " 1 + erf rounds to 0: scipy.special.ndtr and math.erfc keep the tail.",
        "t = mean / noise",
    ),
    reference=_mean,
    boundary=(
        *_each(0.0, 0.5, noise=1.0),
        *_each(0.5, noise=2.0),
        *_each(-6.0, -8.0, -20.0, -36.0, noise=1.0),
        *_each(-80.0, noise=4.0),
        *_each(1e4, -1e4, noise=1.0),
        (np.array([-1.0, 0.0, 1.0, 2.0]), 1.0),
        (np.array([[0.5, -2.0], [-20.0, 4.0]]), 2.0),
        (np.linspace(-3, 3, 8).reshape(2, 2, 2), 1.0),
        (np.array(0.5), 1.0),
    ),
    compare=close({"float64": ERROR}),
    generated=_generated,
    domains={"mean": MEAN, "noise": NOISE},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this is max(0, mean), without the noise: inside the maximum it lifts the mean",
            lambda mean, noise: np.maximum(mean, 0),
        ),
        Misconception(
            "far on the left the digits are lost: 1 + erf rounds to 0 there, and scipy.special.ndtr"
            " or erfc does not",
            lambda mean, noise: (
                mean * _rounded_share(mean / noise) + noise * _density(mean / noise)
            ),
        ),
        Misconception(
            "this is the mean of the outcomes above 0 alone: the zeros are data too",
            lambda mean, noise: mean + noise * _density(mean / noise) / _share(mean / noise),
        ),
        Misconception(
            "the second term is missing, noise phi(t): where the outcome is seen, the noise is"
            " above its mean",
            lambda mean, noise: mean * _share(mean / noise),
        ),
        Misconception(
            "the first term is missing, mean Phi(t)",
            lambda mean, noise: noise * _density(mean / noise),
        ),
        Misconception(
            "the second term has the wrong sign: noise makes the mean larger",
            lambda mean, noise: mean * _share(mean / noise) - noise * _density(mean / noise),
        ),
        Misconception(
            "the noise is not used: this is right for noise 1 only",
            lambda mean, noise: _mean(mean, 1.0),
        ),
        Misconception(
            "the density is not multiplied by the noise: it has the unit 1, and the mean has the"
            " unit of the data",
            lambda mean, noise: mean * _share(mean / noise) + _density(mean / noise),
        ),
        Misconception(
            "the mean is not divided by the noise inside Phi and phi",
            lambda mean, noise: mean * _share(mean) + noise * _density(mean),
        ),
        Misconception(
            "this takes noise as the variance: it is the standard deviation, so no root is due",
            lambda mean, noise: _mean(mean, math.sqrt(noise)),
        ),
        Misconception(
            "this squares the noise: t and the second term want the standard deviation",
            lambda mean, noise: _mean(mean, noise**2),
        ),
        Misconception(
            "this is Phi(t), the share of outcomes above 0: their mean is asked for",
            lambda mean, noise: _share(mean / noise),
        ),
        Misconception(
            "the density lacks its factor 1 / sqrt(2 pi)",
            lambda mean, noise: (
                mean * _share(mean / noise) + noise * np.exp(-((mean / noise) ** 2) / 2)
            ),
        ),
        Misconception(
            "the exponent of the density lacks its 1/2",
            lambda mean, noise: (
                mean * _share(mean / noise)
                + noise * np.exp(-((mean / noise) ** 2)) / math.sqrt(2 * math.pi)
            ),
        ),
        Misconception(
            "this is softplus, the mean under logistic noise: here the noise is normal",
            lambda mean, noise: noise * np.logaddexp(0, mean / noise),
        ),
        Misconception(
            "this averages 10,000 draws: the tail needs the formula, and so do eight digits",
            _sampled,
        ),
    ),
)
