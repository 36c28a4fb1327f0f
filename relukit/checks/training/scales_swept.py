"""What the text of a task allows of features, and large inputs drawn from it."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading, middling, shapes

_FLOATS = {"low": 1e-12, "high": 1e12, "special": False}  # as the task's text states
TRAIN = Domain(
    dtypes=("float64", "float32", "int64"), axes=((1, 2, 9, 100, 10_000), (1, 2, 9, 100)), **_FLOATS
)
TEST = Domain(dtypes=TRAIN.dtypes, axes=((0, 1, 2, 9, 100, 10_000), (1, 2, 9, 100)), **_FLOATS)


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def pair(dtype, n=4, m=3, features=2):
        shape = (n + m, features)
        return tuple(np.split(middling(Domain(dtypes=(dtype,)), dtype, shape, rng), [n]))

    found = []
    for dtype in TRAIN.dtypes:
        for train, test in zip(
            leading(TRAIN, dtype, rng, (4, 2)), leading(TEST, dtype, rng, (3, 2)), strict=True
        ):
            found += [(train, test), (train, train[:2].copy())]
        found += [(*pair(dtype)[:1], np.zeros((2, 2), dtype)), (np.zeros((3, 2), dtype),) * 2]
    for n, features in shapes(TRAIN):
        found.append(pair("float64", n=n, features=features))
    for m, features in shapes(TEST):
        found.append(pair("float32", m=m, features=features))
    for layout in LAYOUTS:
        train, test = pair("float64")
        found += [(laid_out(train, layout), test), (train, laid_out(test, layout))]
    train, test = pair("float64", n=9, features=3)
    train[:, 1], test[:, 1] = np.nan, 2.0  # nothing but nan
    test[:, 0] = [1e6, -1e6, 50.0]  # far from all that was learned from
    found.append((train, test))
    near = 128 + np.array([[0.0, 1.0], [1.0, 0.0], [3.0, 3.0]]) / 2**13  # nearly the same
    found.append((near, near[:1].copy()))
    for place in (0, 9, 99, 100, 1000, 9_999):  # one example is not as the others
        train = np.ones((10_000, 2))
        train[place, 0] = 3.0
        found.append((train, np.array([[2.0, 2.0]])))
        train = np.arange(20.0).reshape(10, 2)
        found.append((train, np.repeat(train[:1], 10_000, axis=0)))
        found[-1][1][place] += 1
    wide = rng.normal(size=(4, 100))
    wide[:, ::7] = 1.0
    return (*found, (wide, wide.copy()))
