"""A task of lesson 06 on the share of examples that are right."""

import numpy as np

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading, magnitudes, shapes
from relukit.checks.task import Misconception, Task

LOGITS = Domain(
    dtypes=("float64", "float32", "float16", "int64"),
    low=1e-12,  # a table of all decades comes beside: see swept
    high=1e12,
    special=True,
    axes=((0, 1, 2, 9, 100, 10_000), (1, 2, 9, 100)),
)
LABELS = Domain(
    dtypes=("int64", "int32", "uint8"),
    low=1.0,
    high=99.0,
    signs="+",
    axes=((0, 1, 2, 9, 100, 10_000),),
)


def _right_once(n: int, place: int, classes: int = 2) -> Arguments:
    """Return outputs of which one example alone is right."""
    logits = np.zeros((n, classes))
    logits[:, 0] = 1.0
    labels = np.ones(n, dtype="int64")
    labels[place] = 0
    return logits, labels


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def labelled(logits, dtype="int64"):
        n, classes = logits.shape
        chosen = logits.argmax(axis=1) if n else np.zeros(0)
        drawn = rng.integers(0, classes, n)
        return logits, np.where(rng.random(n) < 0.5, chosen, drawn).astype(dtype)

    found = []
    for dtype in LOGITS.dtypes:
        for logits in leading(LOGITS, dtype, rng, (3, 2)):
            found.append(labelled(logits))
            if logits.dtype.kind == "f":  # hardly apart, and the second is the larger one
                top = np.abs(logits).max()
                pair = np.sort([top, top * (1 - 4 * np.finfo(dtype).eps)]).astype(dtype)
                found.append((pair[None, :], np.array([1])))
    # no float64 tells these integers apart
    found.append((np.array([[2**53, 2**53 + 1]]), np.array([1])))
    whole = magnitudes(Domain(dtypes=("float64",), special=True), "float64", rng)
    rest = len(whole) % 2
    found.append(labelled(whole[rest:].reshape(-1, 2)))
    for shape in shapes(LOGITS):
        found.append(labelled(rng.integers(-3, 4, shape).astype(float)))
    for dtype in LABELS.dtypes:
        for place in (1, 9, 10, 50, 99):
            logits = np.zeros((3, 100))
            logits[:, place] = 1.0
            found.append((logits, np.full(3, place, dtype)))
            found.append((logits, np.array([place, 0, place - 1], dtype)))
    for place in (0, 1, 8, 9, 63, 98, 99, 100, 999, 1000, 9_999):
        found.append(_right_once(100 if place < 100 else 10_000, place))
        broken = _right_once(10_000, place)
        broken[0][place, 1] = np.nan
        found.append(broken)
    for place in (0, 1, 8, 99):  # one class decides
        logits = np.zeros((2, 100))
        logits[:, place] = 2.0
        logits[1, place - 1] = 3.0
        found.append((logits, np.array([place, place])))
    for layout in LAYOUTS:
        logits, labels = labelled(rng.normal(size=(9, 3)))
        found += [(laid_out(logits, layout), labels), (logits, laid_out(labels, layout))]
    found += [(np.array([[v, 0.0]]), np.array([0])) for v in (np.nan, np.inf, -np.inf, 0.0)]
    return tuple(found)


ERROR = 1e-6  # absolute; the task's text states it


def _right(logits, labels):
    first = np.argmax(logits, axis=1)
    return (first == labels) & ~np.isnan(logits).any(axis=1)


def accuracy(logits, labels):
    right = _right(logits, labels)
    return right.mean() if right.size else np.float64("nan")


def _compare(arguments: Arguments, expected: float, got: object) -> str | None:
    share = number(got)
    if share is None:
        return "the answer must be one number"
    if abs(share - float(expected)) <= ERROR or (np.isnan(share) and np.isnan(expected)):
        return None
    if np.isnan(expected):
        return "there is no example, so no share: nan is due"
    logits, labels = arguments
    said = f"{int(_right(logits, labels).sum())} of {len(labels)} examples are right"
    if np.isnan(logits).any():
        said += ", one with nan in its outputs is not"
    elif _tied(logits).any():
        said += "; where outputs are equal, the first of the largest counts"
    return said


def _tied(logits: np.ndarray) -> np.ndarray:
    return (logits == logits.max(axis=1, keepdims=True)).sum(axis=1) > 1


def _table(*rows, labels, dtype="float64") -> Arguments:
    return np.array(rows, dtype=dtype), np.array(labels)


def _generated():
    from hypothesis import strategies as st

    def table(sizes):
        n, classes = sizes
        entry = st.sampled_from([0.0, 1.0, 2.0, -1.0, -3.5, 100.0, np.nan])
        row = st.lists(entry, min_size=classes, max_size=classes)
        label = st.integers(0, classes - 1)
        pairs = st.lists(st.tuples(row, label), min_size=n, max_size=n)
        return pairs.map(lambda p: _table(*[r for r, _ in p], labels=[k for _, k in p]))

    return st.tuples(st.integers(1, 4), st.integers(2, 4)).flatmap(table)


def _many(n: int = 400) -> Arguments:
    logits = np.tile(np.array([[1.0, 0.0]]), (n, 1))
    return logits, (np.arange(n) >= n - 3).astype(int)


def _softened(logits, labels):
    odds = np.exp(logits)
    return accuracy(odds / odds.sum(axis=1, keepdims=True), labels)


def _squashed(logits, labels):
    return accuracy(1 / (1 + np.exp(-logits)), labels)


def _known(logits, labels):
    kept = ~np.isnan(logits).any(axis=1)
    return accuracy(logits[kept], labels[kept])


def _generous(logits, labels):
    chosen = logits[np.arange(len(labels)), labels]
    return _mean(chosen == logits.max(axis=1))


def _mean(right) -> float:
    return right.mean() if right.size else np.float64("nan")


def _last(logits, labels):
    position = logits.shape[1] - 1 - np.argmax(logits[:, ::-1], axis=1)
    return _mean((position == labels) & ~np.isnan(logits).any(axis=1))


def _or(value):
    return lambda logits, labels: accuracy(logits, labels) if len(labels) else value


def _divided(logits, labels):
    return int(_right(logits, labels).sum()) / len(labels)


TASK = Task(
    points=2,
    title="The share that is right",
    minutes=5,
    difficulty="easy",
    why="One number decides what is better, and a careless one calls an output of nan right.",
    hints=(
        "A network that gives the same output for every class: how many examples should count as"
        " right? And one that gives nan?",
        "np.argmax along axis 1 takes the first of equal numbers, as the course does, but takes nan"
        " for the largest of all: look for it with np.isnan.",
        "chosen = logits.argmax(axis=1)",
    ),
    reference=accuracy,
    boundary=(
        _table([1, 2], labels=[1]),
        _table([1, 2], labels=[0]),
        _table([3, 1, 2], [0, 1, 5], [2, 1, 0], labels=[0, 2, 2]),
        _table([-1, -2], [-3, -2], labels=[0, 1]),
        _table([0, 0], labels=[0]),
        _table([0, 0], labels=[1]),
        _table([1, 2, 2], [1, 2, 2], labels=[1, 2]),
        _table([np.nan, 1], labels=[0]),
        _table([np.nan, 1], labels=[1]),
        _table([0, np.nan, 1], [1, 0, 0], labels=[1, 0]),
        _table([np.inf, 1], [-np.inf, 1], labels=[0, 1]),
        _table([-np.inf, -np.inf], [-np.inf, -5], labels=[0, 1]),
        _table([np.inf, -np.inf], labels=[0]),
        _table([1000, 1001], [-1000, -1001], labels=[1, 0]),
        _table([1, 2], [2, 1], [np.nan, 1], labels=[1, 0, 0], dtype="float32"),
        _table([3, 2], [2, 3], labels=[0, 0], dtype="int64"),
        _many(),
        (np.zeros((0, 3)), np.zeros(0, dtype="int64")),
    ),
    compare=_compare,
    generated=_generated,
    domains={"logits": LOGITS, "labels": LABELS},
    swept=swept,
    misconceptions=(
        Misconception(
            "an output of nan is taken for the largest, so an example whose label stands there"
            " counts as right: whoever has nan is wrong",
            lambda logits, labels: _mean(np.argmax(logits, axis=1) == labels),
        ),
        Misconception(
            "examples with nan are left out: they count, as wrong ones, or a network that breaks"
            " looks better than it is",
            _known,
        ),
        Misconception(
            "this counts: divide by the number of examples",
            lambda logits, labels: int(_right(logits, labels).sum()) if len(labels) else np.nan,
        ),
        Misconception(
            "this is the share of errors: 1 less it is right",
            lambda logits, labels: 1 - accuracy(logits, labels),
        ),
        Misconception(
            "this is in per cent: a share goes from 0 to 1",
            lambda logits, labels: 100 * accuracy(logits, labels),
        ),
        Misconception(
            "argmax runs along axis 0, down the examples: classes stand along axis 1",
            lambda logits, labels: (np.argmax(logits, axis=0) == labels).mean(),
        ),
        Misconception(
            "argmax without an axis finds one place in the whole table: one for each row is due",
            lambda logits, labels: (np.argmax(logits) == labels).mean(),
        ),
        Misconception(
            "this takes the smallest output: the largest is the network's choice",
            lambda logits, labels: accuracy(-logits, labels),
        ),
        Misconception(
            "where outputs are equal, this counts an example as right if its label is among the"
            " largest: then a network that gives the same for all gets everything right",
            _generous,
        ),
        Misconception(
            "where outputs are equal, this takes the last of the largest: the first counts", _last
        ),
        Misconception(
            "classes are counted from 1: labels, like positions, start from 0",
            lambda logits, labels: accuracy(logits, labels - 1),
        ),
        Misconception(
            "exp overflows for large outputs: the softmax is not needed, it keeps the order",
            _softened,
        ),
        Misconception(
            "a sigmoid rounds large outputs to 1, so that they become equal: compare the outputs"
            " themselves",
            _squashed,
        ),
        Misconception("no examples have no share of right ones: nan is due, and not 0", _or(0.0)),
        Misconception("no examples have no share of right ones: nan is due, and not 1", _or(1.0)),
        Misconception("this divides by 0 where there are no examples: nan is due", _divided),
        Misconception(
            "this is True or False for each example: their mean is due",
            lambda logits, labels: _right(logits, labels),
        ),
        Misconception(
            "only the first batch of 64 is counted: take all examples",
            lambda logits, labels: accuracy(logits[:64], labels[:64]),
        ),
        Misconception(
            "this rounds to full per cent: return the share itself",
            lambda logits, labels: np.round(accuracy(logits, labels), 2),
        ),
        Misconception(
            "// rounds down to 0 or 1: divide with /",
            lambda logits, labels: (
                int(_right(logits, labels).sum()) // len(labels) if len(labels) else np.nan
            ),
        ),
    ),
)
