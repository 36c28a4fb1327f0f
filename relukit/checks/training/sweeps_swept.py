"""What the text of a task allows of tables of learning rates, and large inputs drawn from it."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading, shapes

LRS = Domain(
    dtypes=("float64",), low=1e-30, high=1e9, signs="+", zero=False, axes=((1, 2, 9, 100),)
)
SHARES = Domain(
    dtypes=("float64", "float32"),
    low=2.0**-20,
    high=1.0,
    signs="+",
    axes=((1, 2, 9, 100), (1, 2, 9, 100)),
)


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def runs(n, seeds, top=256):  # sums of 256ths are exact, so that equal means are equal
        return rng.integers(0, top + 1, (n, seeds)) / 256

    found = []
    for lrs in leading(LRS, "float64", rng, (3,)):
        lrs = np.unique(lrs)[:: rng.choice([-1, 1])].copy()
        n, chosen = len(lrs), np.argmax(lrs)
        tuning = runs(n, 2, 128)
        tuning[chosen] = 0.75
        found += [(lrs, tuning, runs(n, 2)), (lrs, np.full((n, 2), 0.5), runs(n, 2))]
    for power in 2.0 ** -np.arange(0.0, 21.0):
        lrs = rng.permutation([0.5, 0.25, 0.125])
        found.append((lrs, runs(3, 2) * power, runs(3, 4)))
        found.append((lrs, runs(3, 2), rng.integers(128, 257, (3, 2)) / 256 * power))
        near = np.full((3, 2), 0.5)  # hardly apart
        near[rng.integers(3)] += 2.0**-30
        found.append((lrs, near, runs(3, 2)))
    for n, seeds in shapes(SHARES):
        lrs = rng.permutation(np.arange(1, n + 1)) / 128
        found += [(lrs, runs(n, seeds), runs(n, 2)), (lrs, runs(n, 2), runs(n, seeds))]
        for place in {0, 1, 8, 99, n - 1} & set(range(n)):
            for seed in {0, 1, 8, 99, seeds - 1} & set(range(seeds)):
                tuning, fresh = np.full((n, seeds), 0.5), runs(n, seeds)
                tuning[place, seed] = rng.choice([0.75, np.nan])
                found.append((lrs, tuning, fresh))
                tuning, fresh = np.full((n, 2), 0.5), np.full((n, seeds), 0.5)
                tuning[place], fresh[place, seed] = 0.75, rng.choice([1.0, np.nan])
                found.append((lrs, tuning, fresh))
    lrs, tuning, fresh = np.array([0.5, 0.25, 1.0]), runs(3, 4), runs(3, 2)
    for layout in LAYOUTS:
        found.append((laid_out(lrs, layout), tuning, fresh))
        found.append((lrs, laid_out(tuning, layout), laid_out(fresh, layout)))
    found.append((lrs, tuning.astype("float32"), fresh.astype("float32")))
    return (*found, (lrs, 0 * tuning, 0 * fresh), (lrs, 0 * tuning + 1, 0 * fresh + 1))
