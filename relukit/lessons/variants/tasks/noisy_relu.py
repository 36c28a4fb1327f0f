"""A task of lesson 03 on the noisy rectifier: a variance is no deviation."""

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import laid_out, layout_of
from relukit.checks.sweeps import elementwise, magnitudes
from relukit.checks.task import Misconception, Task
from relukit.lessons.variants.tasks.tolerance import within

ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative to |x| + |noise|; the text states them
DOMAINS = {
    "x": Domain(dtypes=("float64", "float32"), special=True),
    "noise": Domain(dtypes=("float64", "float32"), low=1e-6, high=1e3),
}
_swept_x = elementwise({"x": DOMAINS["x"]})


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    noise = st.sampled_from([1.0, -1.0, 0.5, -2.0])
    return st.tuples(arrays(bound=1e4), noise).map(
        lambda drawn: (drawn[0], np.full_like(drawn[0], drawn[1]))
    )


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = []
    for (x,) in _swept_x(rng):
        numbers = magnitudes(DOMAINS["noise"], x.dtype.name, rng)
        noise = np.resize(numbers, x.shape).astype(x.dtype)
        found.append((x, laid_out(noise, layout_of(x))))
    return tuple(found)


def _sigmoid(x):
    small = np.exp(-np.abs(x.astype("float64")))
    return np.where(x < 0, small, 1.0) / (1 + small)


def _noisy(x, noise):
    return np.maximum(x + np.sqrt(_sigmoid(x)) * noise, 0).astype(x.dtype)


def _size(x, noise):
    size = np.abs(x) + np.abs(noise)
    below = x + np.sqrt(_sigmoid(x)) * noise < -max(ERROR.values()) * size
    return np.where(below, 0.0, size)  # the maximum is 0 there, and no rounding reaches it


def _input(x, noise, dtype="float64"):
    return np.array(x, dtype=dtype), np.array(noise, dtype=dtype)


TASK = Task(
    points=1,
    title="Noise inside the maximum",
    minutes=10,
    difficulty="easy",
    why="Encyclopedias leave open whether the noise has variance or standard deviation sigmoid(x).",
    hints=(
        "If z has variance 1, which factor gives it the variance s?",
        "A factor f multiplies the variance by f squared; the noise is added before the maximum is"
        " taken.",
        "variance = 1 / (1 + np.exp(-x))",
    ),
    reference=_noisy,
    boundary=(
        _input([0.0], [1.0]),
        _input([1.0], [-1.0]),
        _input([-1.0], [3.0]),
        _input([-3.0], [1.0]),
        _input([1e4], [1.0]),
        _input([-90.0, -5.0, 0.5], [1.0, 4.0, -0.5], "float32"),
        _input([np.inf], [1.0]),
        _input([-np.inf], [1.0]),
        _input([np.nan], [1.0]),
        _input([[1.5, -2.0], [-0.5, 4.0]], [[-1.0, 3.0], [2.0, 0.5]]),
        _input(0.5, -0.25),
        _input([], []),
    ),
    compare=within(ERROR, _size),
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this is the standard deviation: the variance is sigmoid(x), so the factor is its root",
            lambda x, noise: np.maximum(x + _sigmoid(x) * noise, 0).astype(x.dtype),
        ),
        Misconception(
            "the variance is squared: the factor of the noise is its square root",
            lambda x, noise: np.maximum(x + _sigmoid(x) ** 2 * noise, 0).astype(x.dtype),
        ),
        Misconception(
            "the noise is added after the maximum: it belongs inside",
            lambda x, noise: (np.maximum(x, 0) + np.sqrt(_sigmoid(x)) * noise).astype(x.dtype),
        ),
        Misconception(
            "this is ReLU: the noise is not used",
            lambda x, noise: np.maximum(x, 0),
        ),
        Misconception(
            "the noise has variance 1 everywhere: it must be sigmoid(x)",
            lambda x, noise: np.maximum(x + noise, 0),
        ),
        Misconception(
            "the maximum is missing: what is negative must become 0",
            lambda x, noise: (x + np.sqrt(_sigmoid(x)) * noise).astype(x.dtype),
        ),
        Misconception(
            "the noise is subtracted: the result is due for this noise, and not for its mirror",
            lambda x, noise: np.maximum(x - np.sqrt(_sigmoid(x)) * noise, 0).astype(x.dtype),
        ),
        Misconception(
            "the variance is sigmoid(-x), which falls: it must rise with x",
            lambda x, noise: np.maximum(x + np.sqrt(_sigmoid(-x)) * noise, 0).astype(x.dtype),
        ),
        Misconception(
            "this is sqrt(|x|) noise: the variance is the logistic function of x",
            lambda x, noise: np.maximum(x + np.sqrt(np.abs(x)) * noise, 0),
        ),
        Misconception(
            "this is exp(x) / (1 + exp(x)) in the variance: at large x both overflow, and inf / inf"
            " is nan",
            lambda x, noise: np.maximum(x + np.sqrt(np.exp(x) / (1 + np.exp(x))) * noise, 0),
        ),
        Misconception(
            "this always returns float64: keep the dtype of x",
            lambda x, noise: np.maximum(x + np.sqrt(_sigmoid(x)) * noise, 0),
        ),
    ),
)
