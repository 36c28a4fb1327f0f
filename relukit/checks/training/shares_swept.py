"""What the text of a task allows of outputs and labels, and large inputs drawn from it."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading, magnitudes, shapes

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
