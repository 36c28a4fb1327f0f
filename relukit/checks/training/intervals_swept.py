"""What the text of a task allows of two settings' runs, and large inputs drawn from it."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading, shapes


def drawn(seed: int, n: int, *level: float) -> Arguments:
    draw = np.random.default_rng(seed)
    common = draw.normal(0.9, 0.05, n)  # what one seed does to both
    return common + draw.normal(0.01, 0.01, n), common + draw.normal(0, 0.01, n), *level


RUNS = Domain(
    dtypes=("float64", "float32", "int64", "uint8"),
    low=1e-12,  # as the task's text states
    high=1e12,
    axes=((2, 9, 100, 10_000),),
)
LEVEL = Domain(values=(0.5, 0.9, 0.95, 0.99, 0.999), low=0.001, high=0.999, signs="+", zero=False)


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = []
    for dtype in RUNS.dtypes:
        columns = [leading(RUNS, dtype, rng, (3,)) for _ in "ab"]
        found += list(zip(*columns, strict=True))
    for (n,) in shapes(RUNS):
        found.append(drawn(int(rng.integers(2**30)), n))
        a, b = rng.integers(0, 256, (2, n)).astype("uint8")
        found += [(a, b), (a.astype("float32") / 8, b.astype("float32") / 8)]
    levels = (*LEVEL.values, *(10.0 ** rng.uniform(-3, -1, 6)), 0.001, *rng.uniform(0.1, 1, 4))
    found += [drawn(int(rng.integers(2**30)), 5, float(min(v, 0.999))) for v in levels]
    for place in (0, 1, 8, 9, 98, 99, 100, 999, 1000, 9_999):  # one pair is not as the others
        for column in range(2):
            pair = [np.zeros(100 if place < 100 else 10_000) for _ in "ab"]
            pair[column][place] = 3.0
            pair[column][place - 1] = -1.0
            found.append(tuple(pair))
    for layout in LAYOUTS:
        a, b = drawn(int(rng.integers(2**30)), 9)
        found += [(laid_out(a, layout), b), (a, laid_out(b, layout))]
    zero = np.zeros(3)
    return (
        *found,
        (zero, np.array([1.0, 2.0, 4.0])),
        (np.array([1.0, 2.0, 4.0]), zero),
        (zero,) * 2,
    )
