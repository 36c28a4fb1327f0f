"""A task of lesson 01 on sets of units: which of them may be on together."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import in_step
from relukit.checks.task import Misconception, Task

_SIZES = (1, 2, 9, 100)
WEIGHT = Domain(dtypes=("float64",), low=1e-6, high=1e6, axes=(_SIZES, _SIZES))
_MARGIN = 1e-8  # the least distance of an eigenvalue from 1, unless it is 1; the text states it
_WEIGHTS = (-1.25, -0.75, -0.5, 0.0, 0.375, 0.75, 1.25)


def _permitted(weight, units):
    return bool(np.linalg.eigvalsh(_cut(weight, units))[-1] < 1)


def _cut(weight, units):
    return weight[np.ix_(units, units)]


def _compare_verdict(arguments: Arguments, expected: object, got: object) -> str | None:
    if isinstance(got, np.ndarray) and got.shape == () and got.dtype.kind == "b":
        got = bool(got)
    if not isinstance(got, bool):
        return "the answer must be True for a permitted set and False for a forbidden one"
    if got == expected:
        return None
    largest = float(np.linalg.eigvalsh(_cut(*arguments))[-1])
    side = "below" if largest < 1 else "not below"
    said = f"{largest:.6g}" if abs(largest - 1) > 1e-5 else f"{largest:.12g}"
    return f"the largest eigenvalue of the block of these units is {said}, {side} 1"


def _symmetric(*rows: tuple[float, ...]) -> np.ndarray:
    """Return the symmetric matrix with these rows as its lower triangle."""
    lower = np.zeros((len(rows), len(rows)))
    for i, row in enumerate(rows):
        lower[i, : i + 1] = row
    return lower + np.tril(lower, -1).T


def _generated_sets():
    from hypothesis import strategies as st

    def sets(n):
        entries = st.lists(st.sampled_from(_WEIGHTS), min_size=n * n, max_size=n * n)
        weight = entries.map(lambda v: _symmetric(*(v[i * n : i * n + i + 1] for i in range(n))))
        units = st.lists(st.integers(0, n - 1), min_size=1, unique=True).map(tuple)
        return st.tuples(weight, units).filter(_is_clear)

    return st.integers(2, 4).flatmap(sets)


def _is_clear(arguments: Arguments) -> bool:
    return abs(np.linalg.eigvalsh(_cut(*arguments))[-1] - 1) > 1e-6


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = []
    for k in range(48):
        n = 2 if k < 24 else 9  # the small ones first: they are what a learner sees
        found.append(_near_1(n, LAYOUTS[k % 6] if k % 6 < 3 else "", rng))
    found += [_near_1(n, "", rng) for n in (1, 1, *[100] * 12)]
    for row in in_step(WEIGHT, 3, rng).tolist():
        found.append((_symmetric((row[0],), (row[1], row[2])), (1, 0)))
    found.append((np.zeros((2, 2)), (0, 1)))
    return tuple(entry for entry in found if abs(_largest(*entry) - 1) > _MARGIN / 2)


def _largest(weight, units):
    return np.linalg.eigvalsh(_cut(weight, units))[-1]


def _near_1(n: int, layout: str, rng: np.random.Generator) -> Arguments:
    """Return weights, and some of their units whose largest eigenvalue nearly is 1."""
    size = int(rng.integers(1, n + 1))
    units = rng.permutation(n)[:size]
    turned, _ = np.linalg.qr(rng.normal(size=(size, size)))
    gap = rng.choice([-1, 1]) * 10.0 ** rng.uniform(np.log10(_MARGIN), -3.0)
    block = turned * np.append(rng.uniform(-3.0, 0.9, size - 1), 1.0 + gap) @ turned.T
    weight = rng.normal(size=(n, n))
    weight[np.ix_(units, units)] = block
    weight = np.tril(weight) + np.tril(weight, -1).T
    return laid_out(weight, layout), tuple(units.tolist())


_RIVALS = _symmetric((0.0,), (-1.25, 0.0), (-0.5, -0.5, 0.0))
_FRIENDS = _symmetric((0.0,), (0.4, 0.0), (0.4, 0.4, 0.0), (0.4, 0.4, 0.4, 0.0))
_SELVES = np.diag([1.0, 0.5, -3.0])

TASK = Task(
    points=2,
    title="May these units be on together?",
    minutes=10,
    difficulty="medium",
    why="What a circuit can remember is decided by its weights alone, before any input comes.",
    hints=(
        "Which rows and columns of W act while only these units are on?",
        "Cut W down to the block with np.ix_, then take the largest eigenvalue of it;"
        " np.linalg.eigvalsh returns the eigenvalues of a symmetric matrix in rising order.",
        "block = weight[np.ix_(units, units)]",
    ),
    reference=_permitted,
    boundary=(
        (_RIVALS, (0, 1)),
        (_RIVALS, (0, 2)),
        (_FRIENDS, (0, 1, 2)),
        (_FRIENDS, (0, 1, 2, 3)),
        (_SELVES, (0,)),
        (_SELVES, (1, 2)),
        (np.diag([2.0, 2.0]), (0, 1)),
        (np.diag([3.0, 0.5]), (0, 1)),
        (_symmetric((0.0,), (-0.999, 0.0)), (0, 1)),
        (_symmetric((0.0,), (1.001, 0.0)), (0, 1)),
    ),
    compare=_compare_verdict,
    generated=_generated_sets,
    domains={"weight": WEIGHT},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this looks at the whole of W, whichever units are on: cut out their rows and columns",
            lambda weight, units: bool(np.linalg.eigvalsh(weight)[-1] < 1),
        ),
        Misconception(
            "weight[units, units] picks single entries off the diagonal: weight[np.ix_(units,"
            " units)] is the block",
            lambda weight, units: np.linalg.eigvalsh(weight[units, units])[-1] < 1,
        ),
        Misconception(
            "this permits an eigenvalue of exactly 1: it must be below",
            lambda weight, units: bool(np.linalg.eigvalsh(_cut(weight, units))[-1] <= 1),
        ),
        Misconception(
            "this takes the largest absolute value: an eigenvalue of -3 pushes back and does no"
            " harm",
            lambda weight, units: bool(np.abs(np.linalg.eigvalsh(_cut(weight, units))).max() < 1),
        ),
        Misconception(
            "this takes the smallest eigenvalue: eigvalsh puts the largest last",
            lambda weight, units: bool(np.linalg.eigvalsh(_cut(weight, units))[0] < 1),
        ),
        Misconception(
            "this asks for an eigenvalue below 0: the -x in the equation adds a 1 to what is"
            " allowed",
            lambda weight, units: bool(np.linalg.eigvalsh(_cut(weight, units))[-1] < 0),
        ),
        Misconception(
            "this looks at the largest weight: four units that are joined by 0.4 stretch by 1.2",
            lambda weight, units: bool(_cut(weight, units).max() < 1),
        ),
        Misconception(
            "this looks at the sizes of the weights one by one: only together they decide",
            lambda weight, units: bool(np.abs(_cut(weight, units)).max() < 1),
        ),
        Misconception(
            "this adds up the sizes of each row, which is more than the eigenvalue: it forbids too"
            " much",
            lambda weight, units: bool(np.abs(_cut(weight, units)).sum(axis=1).max() < 1),
        ),
        Misconception(
            "this looks at the sign of det(1 - W): two eigenvalues above 1 make it positive again",
            lambda weight, units: bool(np.linalg.det(np.eye(len(units)) - _cut(weight, units)) > 0),
        ),
        Misconception(
            "this is the wrong way round: below 1 is permitted",
            lambda weight, units: not _permitted(weight, units),
        ),
        Misconception(
            "this takes the first units, as many as are given, and not those with these numbers",
            lambda weight, units: _permitted(weight, tuple(range(len(units)))),
        ),
        Misconception(
            "this takes all units from the lowest to the highest number, also those between",
            lambda weight, units: _permitted(weight, tuple(range(min(units), max(units) + 1))),
        ),
        Misconception(
            "this is the largest eigenvalue: the answer is whether it is below 1",
            lambda weight, units: np.linalg.eigvalsh(_cut(weight, units))[-1],
        ),
    ),
)
