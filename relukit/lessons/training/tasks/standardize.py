"""A task of lesson 06 on the inputs: each feature with mean 0 and deviation 1."""

from dataclasses import replace

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading, middling, shapes
from relukit.checks.task import Misconception, Task
from relukit.lessons.training.tasks.features import both_parts

TRAIN = Domain(
    dtypes=("float64", "float32", "int64"),
    low=1e-12,  # as the task's text states
    high=1e12,
    axes=((1, 2, 9, 100, 10_000), (1, 2, 9, 100)),
)
TEST = replace(TRAIN, axes=((0, 1, 2, 9, 100, 10_000), (1, 2, 9, 100)))


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


def _scaled(x_train, x_test, *, constant=None, **options):
    """Return both parts as they should be, but for one detail.

    Args:
        x_train: an array (n, features).
        x_test: an array (m, features).
        constant: says which features are constant; None compares the values themselves.
        options: how the mean and the deviation are taken, what constant features become.
    """
    mean = options.get("mean", lambda x: x.mean(axis=0))
    deviation = options.get("deviation", lambda x: x.std(axis=0))
    instead = options.get("instead", 0.0)  # 1.0: a constant feature is divided by 1
    dtype = x_train.dtype if x_train.dtype.kind == "f" else np.dtype("float64")
    train, test = (x.astype("float64") for x in (x_train, x_test))
    base = options.get("base", lambda train, test: train)(train, test)
    center, size = mean(base), deviation(base)
    fixed = np.ptp(train, axis=0) == 0 if constant is None else constant(size)
    size = np.where(fixed, 1.0, size)
    pair = [np.where(fixed, instead * (x - center), (x - center) / size) for x in (train, test)]
    return tuple(x.astype(dtype) for x in pair)


def standardize(x_train, x_test):
    return _scaled(x_train, x_test)


def _generated():
    from hypothesis import strategies as st

    def pair(sizes):
        n, m, features = sizes
        cells = st.lists(
            st.integers(-5, 5), min_size=(n + m) * features, max_size=(n + m) * features
        )
        return cells.map(lambda c: np.split(np.array(c).reshape(n + m, features), [n]))

    sizes = st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(1, 3))
    dtypes = st.sampled_from(["float64", "float32", "int64"])
    return st.builds(lambda p, d: tuple(x.astype(d) for x in p), sizes.flatmap(pair), dtypes)


def _rows(*rows, dtype="float64") -> np.ndarray:
    return np.array(rows, dtype=dtype)


def _in_place(x_train, x_test):
    train, test = _scaled(x_train, x_test)
    x_train[...] = train
    return x_train, test


def _own_numbers(x_train, x_test):
    return _scaled(x_train, x_train)[0], _scaled(x_test, x_test)[0]


def _unhandled(x_train, x_test):
    mean, std = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / std, (x_test - mean) / std


def _nan_to_num(x_train, x_test):
    return tuple(np.nan_to_num(x) for x in _unhandled(x_train, x_test))


def _fitted(x_train, x_test):
    low, span = x_train.min(axis=0), np.ptp(x_train, axis=0)
    return tuple(
        np.where(span == 0, 0.0, (x - low) / np.where(span, span, 1)) for x in (x_train, x_test)
    )


def _without_constants(x_train, x_test):
    moving = np.ptp(x_train, axis=0) != 0
    return _scaled(x_train[:, moving], x_test[:, moving])


def _whole(x_train, x_test):
    mean, std = x_train.mean(), x_train.std()
    return (x_train - mean) / (std or 1), (x_test - mean) / (std or 1)


def _each_example(x_train, x_test):
    def scaled(x):
        std = x.std(axis=1, keepdims=True)
        return (x - x.mean(axis=1, keepdims=True)) / np.where(std == 0, 1, std)

    return scaled(x_train), scaled(x_test)


def _with(**options):
    return lambda x_train, x_test: _scaled(x_train, x_test, **options)


def _zero(size):
    return size == 0


_OFFSET = 1000 + np.array([[0.0], [1.0], [3.0]])

TASK = Task(
    points=2,
    title="Standardize the inputs",
    minutes=10,
    difficulty="easy",
    why="It lets other people's learning rates fit yours; its usual bug fills a network with nan.",
    hints=(
        "A pixel that is black in all training images has deviation 0: what does dividing by it"
        " give, and what should come out? And whose mean may the test images use?",
        "Take mean and deviation over axis 0 of the training part alone. Find constant features by"
        " comparing values, not by a computed deviation: that of 0.1, 0.1, 0.1 is about 1e-17.",
        "mean, std = x_train.mean(axis=0), x_train.std(axis=0)",
    ),
    reference=standardize,
    boundary=(
        (_rows([1], [3]), _rows([5])),
        (_rows([2], [2]), _rows([2])),
        (_rows([2], [2]), _rows([3])),
        (_rows([0.1], [0.1], [0.1]), _rows([0.1])),
        (_rows([0, 1], [0, 3]), _rows([0, 1], [0, 7])),
        (_rows([1, 10], [2, 30], [6, 20]), _rows([3, 20])),
        (_rows([1e-12], [3e-12]), _rows([5e-12])),
        (_OFFSET.astype("float32"), _rows([1002], dtype="float32")),
        (1e6 + _OFFSET, _rows([1001002.0])),
        (_rows([1, 5], [3, 5], dtype="int64"), _rows([4, 5], dtype="int64")),
        (_rows([np.nan, 1], [1, 3]), _rows([2, 2])),
        (_rows([1, 1], [3, 3]), _rows([np.nan, 2])),
        (_rows([1, 2], [3, 2]), np.zeros((0, 2))),
    ),
    compare=both_parts,
    generated=_generated,
    domains={"x_train": TRAIN, "x_test": TEST},
    swept=swept,
    misconceptions=(
        Misconception("constant features give 0 / 0 here, which is nan: give them 0", _unhandled),
        Misconception(
            "this hides every nan, also those that were in the data; and a constant feature that"
            " moves in the test part becomes huge: treat constant features alone",
            _nan_to_num,
        ),
        Misconception(
            "the test part is standardized by its own numbers: it must be shifted and divided as"
            " the training part was, or the network sees other inputs than it learned from",
            _own_numbers,
        ),
        Misconception(
            "mean and deviation are taken over both parts: the test part must not be looked at",
            _with(base=lambda train, test: np.concatenate([train, test])),
        ),
        Misconception(
            "this is one mean and one deviation for all features: each has its own", _whole
        ),
        Misconception(
            "this standardizes each example, along axis 1: features are columns, along axis 0",
            _each_example,
        ),
        Misconception(
            "this only subtracts the mean: divide by the deviation too",
            _with(deviation=lambda x: np.ones(x.shape[1])),
        ),
        Misconception(
            "this only divides by the deviation: subtract the mean first",
            _with(mean=lambda x: np.zeros(x.shape[1])),
        ),
        Misconception(
            "this divides by the variance: its root, the deviation, is due",
            _with(deviation=lambda x: x.var(axis=0)),
        ),
        Misconception(
            "this divides the squares by n - 1: the text asks for n, as np.std does (torch.std"
            " takes n - 1 unless told otherwise)",
            _with(deviation=lambda x: x.std(axis=0, ddof=len(x) > 1)),
        ),
        Misconception(
            "this fits each feature into 0 to 1: that is another scaling, mean 0 and deviation 1"
            " are asked for",
            _fitted,
        ),
        Misconception(
            "a small number is added to every deviation: features that are small themselves then"
            " come out far too small",
            _with(deviation=lambda x: x.std(axis=0) + 1e-8),
        ),
        Misconception(
            "a deviation of 0 becomes 1, as in scikit-learn: then a pixel that never moved in"
            " training reaches the network as soon as it moves in the test; 0 is asked for",
            _with(instead=1.0),
        ),
        Misconception(
            "the computed deviation of 0.1, 0.1, 0.1 is about 1e-17, not 0: compare the values, the"
            " largest with the smallest",
            _with(constant=_zero),
        ),
        Misconception(
            "a computed deviation of exactly 0 becomes 1: 0.1, 0.1, 0.1 has one of about 1e-17, so"
            " compare the values; and a constant feature must be 0 in the test part too",
            _with(constant=_zero, instead=1.0),
        ),
        Misconception(
            "nan is left out of the mean: then nobody sees that it was there",
            _with(mean=lambda x: np.nanmean(x, axis=0), deviation=lambda x: np.nanstd(x, axis=0)),
        ),
        Misconception(
            "constant features are dropped: keep the shape, weights belong to columns",
            _without_constants,
        ),
        Misconception(
            "this always returns float64: keep float32 where x_train has it",
            lambda x_train, x_test: _scaled(x_train.astype("float64"), x_test),
        ),
        Misconception(
            "this writes into x_train, so the caller's array changes too: build a new one",
            _in_place,
        ),
        Misconception(
            "the test part comes back unchanged: shift and divide it with the training numbers",
            lambda x_train, x_test: (
                _scaled(x_train, x_test)[0],
                x_test.astype(x_test.dtype if x_test.dtype.kind == "f" else float),
            ),
        ),
    ),
)
