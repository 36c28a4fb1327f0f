"""A task of lesson 05 on the cosine of two inputs, from layer to layer."""

import math

import numpy as np

from relukit.checks.domain import Domain
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64
from relukit.lessons.initialization.tasks.nearness import near

_NEAR = 10.0 ** -np.arange(1, 17)  # how far from 1
ERROR = {"float32": 1e-4, "float64": 1e-10}  # absolute; the task's text states it
DOMAINS = {
    "c": Domain(dtypes=("float64", "float32"), high=1.0),
    "depth": Domain(values=(1, 0, 2, 9, 30)),
}
_elementwise = elementwise(DOMAINS)


def _swept(rng: np.random.Generator) -> tuple[tuple[object, ...], ...]:
    close = np.concatenate([rng.uniform(-1, 1, 300), *(s - s * _NEAR for s in (1, -1))])
    depths = (1, int(rng.integers(3, 100)), 100)
    # alone, so that nothing else keeps on a loop that ends where little changes
    alone = (np.array([1 - gap]) for gap in _NEAR[2:12:3])
    return (*_elementwise(rng), *((close, d) for d in depths), *((c, 100) for c in alone))


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1.0, nan=True), st.integers(0, 4))


def _one_layer(c):
    return (np.sqrt(1 - c * c) + c * (math.pi - np.arccos(c))) / math.pi


def _repeated(one_layer, *, clip=(-1.0, 1.0)):
    """Return an answer that applies one layer as often as it should."""

    def answer(c, depth=1):
        wide = np.clip(c.astype(float), *clip)
        for _ in range(depth):
            wide = np.clip(one_layer(wide), -1.0, 1.0)
        return wide.astype(c.dtype)

    return answer


_correlation_map = _repeated(_one_layer)


def _reference(c, depth=1):
    return _correlation_map(c, depth)


def _unclipped(c, depth=1):
    for _ in range(depth):
        c = _one_layer(c)
    return c.copy()


def _centred(c):
    return (_one_layer(c) - 1 / math.pi) / (1 - 1 / math.pi)


TASK = Task(
    points=2,
    title="How alike two inputs become",
    minutes=10,
    difficulty="medium",
    why="Depth makes inputs alike, and one rounding error past 1 turns the answer into nan.",
    hints=(
        "What are arccos(1) and arccos(1.0000001), and can a computed cosine be the second?",
        "The lesson's arc-cosine map is (sqrt(1 - c²) + c (π - arccos c)) / π; np.clip brings a"
        " cosine back between -1 and 1, before the first layer and after each.",
        "c = np.clip(c, -1, 1)",
    ),
    reference=_reference,
    boundary=(
        (np.array([0.0]),),
        (np.array([1.0, -1.0, 0.5, -0.5]),),
        (np.array([1.00001, -1.00001]),),
        (np.array([np.nan, 0.0]),),
        (np.array([0.3, -0.9]), 0),
        (np.array([0.0, 1 - 1e-9]), 20),
    ),
    compare=near(ERROR, size=lambda arguments: 1.0),
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this is the formula as it stands: where rounding took c past 1, it gives nan; clip c"
            " first",
            _unclipped,
        ),
        Misconception(
            "this turns nan into a number: clip what lies beyond 1, and let nan stay",
            lambda c, depth=1: _correlation_map(np.nan_to_num(c), depth),
        ),
        Misconception(
            "this turns nan into 1: clip what lies beyond 1, and let nan stay",
            lambda c, depth=1: _correlation_map(np.where(np.isnan(c), c.dtype.type(1), c), depth),
        ),
        Misconception(
            "this clips at 0: inputs may point away from each other, down to a cosine of -1",
            _repeated(_one_layer, clip=(0.0, 1.0)),
        ),
        Misconception(
            "this is one layer, whatever depth is: apply the map depth times",
            lambda c, depth=1: _correlation_map(c, 1),
        ),
        Misconception(
            "this applies the map once too often: depth 0 gives c itself",
            lambda c, depth=1: _correlation_map(c, depth + 1),
        ),
        Misconception(
            "this applies the map once too rarely: depth 1 is one layer",
            lambda c, depth=1: _correlation_map(c, max(depth - 1, 0)),
        ),
        Misconception(
            "the division by π is missing: equal inputs must stay equal, with a cosine of 1",
            _repeated(lambda c: _one_layer(c) * math.pi),
        ),
        Misconception(
            "this divides by 2π, as for the mean product of both: the cosine of equal inputs is 1",
            _repeated(lambda c: _one_layer(c) / 2),
        ),
        Misconception(
            "this has arccos c where π - arccos c is due",
            _repeated(lambda c: (np.sqrt(1 - c * c) + c * np.arccos(c)) / math.pi),
        ),
        Misconception(
            "the sine is missing: sqrt(1 - c²) is added before the division by π",
            _repeated(lambda c: c * (math.pi - np.arccos(c)) / math.pi),
        ),
        Misconception(
            "this is 1 - c² without its root",
            _repeated(lambda c: (1 - c * c + c * (math.pi - np.arccos(c))) / math.pi),
        ),
        Misconception(
            "this is 1 - arccos(c)/π, the slope of the map: it tells how often both units are on",
            _repeated(lambda c: 1 - np.arccos(c) / math.pi),
        ),
        Misconception(
            "this subtracts means: activations have one, and the next layer's cosine includes it",
            _repeated(_centred),
        ),
        Misconception(
            "the angle is in degrees here: arccos gives radians, and π is the half turn",
            _repeated(lambda c: (np.sqrt(1 - c * c) + c * (180 - np.degrees(np.arccos(c)))) / 180),
        ),
        Misconception(
            "this gives 1 for every pair from 30 layers on: cosines come close to 1, about as"
            " 1 / depth² does, and never get there",
            lambda c, depth=1: _correlation_map(c if depth < 30 else c * 0 + 1, depth),
        ),
        Misconception("this is c itself: ReLU moves every cosine upwards", _repeated(lambda c: c)),
        always_float64(_correlation_map),
    ),
)
