"""A task of lesson 06 on AdamW: one step, with the decay beside the division."""

from collections.abc import Callable
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, Index, elements, form, parts
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.task import Misconception, Task

NAMES = ("weights", "mean", "square")
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8
TOLERANCE = 1e-9  # of the largest of what is added up; the task's text states it


def _step(
    w, grad, m, v, step, lr, decay, *,
    inside=0.0, beside=1.0, shrink=None, corrected=(True, True), root=np.sqrt, eps=EPS,
    outside=True, kept=True, late=False, betas=(BETA1, BETA2), back=0,
):  # fmt: skip
    """Make the step as it should be, but for what the options change."""
    one, two = betas
    grad = grad + inside * decay * w
    m = one * m + (1 - one) * grad
    v = two * v + (1 - two) * grad**2
    t = step - back
    mean = m / (1 - one**t) if corrected[0] else m
    square = v / (1 - two**t) if corrected[1] else v
    divisor = root(square) + eps if outside else root(square + eps)
    moved = w - lr * mean / divisor if kept else lr * mean / divisor
    base = moved if late else w
    size = lr * beside * decay if shrink is None else shrink(lr, decay)
    return moved - size * base, m, v


def adamw_step(w, grad, m, v, step, lr, decay):
    return _step(w, grad, m, v, step, lr, decay)


def _scales(arguments: Arguments) -> tuple[np.ndarray, ...]:
    """Return how large the terms are whose sum each number is, for weights, mean and square."""
    w, grad, m, _, step, lr, decay = arguments
    square = adamw_step(*arguments)[2]
    sizes = BETA1 * np.abs(m) + (1 - BETA1) * np.abs(grad)
    unbiased = sizes / (1 - BETA1**step)
    pull = unbiased / (np.sqrt(square / (1 - BETA2**step)) + EPS)
    return np.abs(w) * (1 + lr * decay) + lr * pull, sizes, square


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    if said := parts(got, NAMES):
        return said
    pairs = list(zip(NAMES, expected, got, _scales(arguments), strict=True))
    for name, wanted, part, scale in pairs[1:] + pairs[:1]:  # the mean decides the weights
        if said := form(wanted, part):
            return f"{name}: {said}"
        given = np.asarray(part, dtype=float)
        near = np.where(np.abs(given - wanted) <= TOLERANCE * scale, wanted, given)
        if said := elements(wanted, near, why=_why(name, arguments)):
            return f"{name}: {said}"
    return None


def _why(name: str, arguments: Arguments) -> Callable[[Index], str]:
    return lambda index: _reason(name, arguments)


def _reason(name: str, arguments: Arguments) -> str:
    step, lr, decay = arguments[4:]
    if name == "mean":
        return "it is 0.9 of the old mean and 0.1 of the slope, and the decay is no part of it"
    if name == "square":
        return "it is 0.999 of the old one and 0.001 of the squared slope, without the decay"
    return (
        "the mean and the square are right; corrected, in step "
        f"{step:g}, they are divided by {1 - BETA1**step:g} and {1 - BETA2**step:g}, and "
        f"{lr * decay:g} of the old weight is taken off beside"
    )


def _at(w, grad, m, v, step, lr, decay) -> Arguments:
    return (*(np.array(part, dtype=float) for part in (w, grad, m, v)), step, lr, decay)


def _drawn(rng: np.random.Generator, shape=(3,), *, size=1.0, step=1, lr=0.01, decay=0.1):
    w, grad, m = size * rng.standard_normal((3, *shape))
    v = (size * rng.standard_normal(shape)) ** 2
    if step == 1:
        m, v = 0 * m, 0 * v
    return w, grad, m, v, step, lr, decay


def _generated():
    from hypothesis import strategies as st

    numbers = st.sampled_from([0.0, 1.0, -2.0, 0.5, -8.0])
    row = st.lists(numbers, min_size=3, max_size=3).map(lambda values: np.array(values))

    def whole(w, grad, m, v, step, lr, decay):
        first = step == 1
        return w, grad, 0 * m if first else m, 0 * v if first else v**2, step, lr, decay

    return st.builds(
        whole, row, row, row, row, st.sampled_from([1, 2, 3, 10, 1000]),
        st.sampled_from([0.001, 0.125, 1.0]), st.sampled_from([0.0, 0.01, 1.0, 4.0]),
    )  # fmt: skip


_NUMBERS = Domain(dtypes=("float64",), low=1e-6, high=9.9e5)
_SQUARES = Domain(dtypes=("float64",), low=1e-12, high=9.9e11, signs="+")
_STEP = Domain(low=1, high=10_000, signs="+", zero=False)
_LR = Domain(low=1e-6, high=1.0, signs="+", zero=False)
_DECAY = Domain(low=1e-4, high=10.0, signs="+")


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for power in np.arange(-5.0, 5.1, 0.5):
        for step in (1, 7):
            w, grad, m, v, *rest = _drawn(rng, size=10.0**power, step=step)
            ones = rng.standard_normal((3, 3))
            found += [(w, grad, m, v, *rest), (ones[0], grad, m, v, *rest)]
            found.append((w, ones[1], *_drawn(rng, step=step)[2:]))
    for step in (1, 2, 3, 5, 10, 30, 100, 300, 1000, 3000, 10_000):
        found.append(_drawn(rng, step=step))
    for exponent in np.arange(-6.0, 0.1, 0.5):
        found.append(_drawn(rng, lr=float(10.0**exponent), step=4))
    for exponent in np.arange(-4.0, 1.1, 0.5):
        found.append(_drawn(rng, decay=float(10.0**exponent), step=4))
        found.append(_drawn(rng, decay=float(10.0**exponent), lr=1.0, step=4))
    for shape in ((), (1,), (2,), (9,), (100,), (10_000,), (0,), (3, 4), (9, 1), (2, 3, 4)):
        found += [_drawn(rng, shape), _drawn(rng, shape, step=6)]
    for layout in LAYOUTS:
        *arrays, step, lr, decay = _drawn(rng, (3, 4), step=6)
        found.append((*(laid_out(array, layout) for array in arrays), step, lr, decay))
    for place in (0, 1, 8, 9, 63, 64, 99):
        w = np.zeros(100)
        w[place] = 1.0
        grad, m, v = np.zeros(100), np.zeros(100), np.zeros(100)
        found.append((w, grad, m, v, 1, 0.1, 1.0))
        found.append((grad, w, m, v, 1, 0.1, 1.0))
        found.append((grad, grad, w, m + 1, 3, 0.1, 1.0))
        found.append((grad, grad, w, w, 3, 0.1, 1.0))
    return tuple(found)


def _with(**options):
    return lambda *given: _step(*given, **options)


def _in_place(w, grad, m, v, step, lr, decay):
    m *= BETA1
    m += (1 - BETA1) * grad
    v *= BETA2
    v += (1 - BETA2) * grad**2
    mean, square = m / (1 - BETA1**step), v / (1 - BETA2**step)
    w -= lr * (mean / (np.sqrt(square) + EPS) + decay * w)
    return w, m, v


def _old_means(w, grad, m, v, step, lr, decay):
    found = adamw_step(w, grad, m, v, step, lr, decay)
    return found[0], m, v


def _corrected_means(w, grad, m, v, step, lr, decay):
    new, mean, square = adamw_step(w, grad, m, v, step, lr, decay)
    return new, mean / (1 - BETA1**step), square / (1 - BETA2**step)


def _from_old(w, grad, m, v, step, lr, decay):
    _, mean, square = adamw_step(w, grad, m, v, step, lr, decay)
    pull = (m / (1 - BETA1**step)) / (np.sqrt(v / (1 - BETA2**step)) + EPS)
    return w - lr * (pull + decay * w), mean, square


TASK = Task(
    points=2,
    title="One step of AdamW",
    minutes=15,
    difficulty="medium",
    why="Large language models are trained with it; one line tells it from Adam.",
    hints=(
        "Adam divides every slope by its recent size. What would that do to a decay that is part of"
        " the slope?",
        "First the two running means, of the slope alone. Then divide copies of them by 1 - 0.9 **"
        " step and 1 - 0.999 ** step. The decay comes in at the end, beside the quotient.",
        "m = 0.9 * m + 0.1 * grad",
    ),
    reference=adamw_step,
    boundary=(
        _at([1.0], [0.0], [0.0], [0.0], 1, 0.5, 0.5),
        _at([0.0], [1.0], [0.0], [0.0], 1, 0.5, 0.0),
        _at([1.0], [-4.0], [0.0], [0.0], 1, 0.5, 0.0),
        _at([2.0], [1.0], [0.0], [0.0], 1, 0.5, 1.0),
        _at([2.0, -1.0], [4.0, 0.5], [0.0, 0.0], [0.0, 0.0], 1, 0.125, 0.5),
        _at([1.0, -1.0], [1.0, 2.0], [0.5, -0.5], [1.0, 4.0], 2, 0.125, 0.0),
        _at([1.0, -1.0], [1.0, 2.0], [0.5, -0.5], [1.0, 4.0], 2, 0.125, 1.0),
        _at([1.0, 8.0], [0.0, 0.0], [0.5, -0.5], [1.0, 4.0], 3, 1.0, 2.0),
        _at([[1.0, 2.0]], [[0.0, 1e-6]], [[0.0, 0.0]], [[0.0, 0.0]], 1, 0.001, 0.01),
        _at([1.0], [1.0], [1.0], [1.0], 1000, 0.001, 0.01),
    ),
    compare=_compare,
    generated=_generated,
    domains={
        "w": _NUMBERS,
        "grad": _NUMBERS,
        "m": _NUMBERS,
        "v": _SQUARES,
        "step": _STEP,
        "lr": _LR,
        "decay": _DECAY,
    },
    swept=_swept,
    misconceptions=(
        Misconception(
            "the decay goes through the slope here, and so through the division: that is Adam with"
            " an L2 penalty; AdamW takes it off beside",
            _with(inside=1.0, beside=0.0),
        ),
        Misconception(
            "the decay is there twice, in the slope and beside: beside is enough", _with(inside=1.0)
        ),
        Misconception("there is no decay here: this is Adam's step", _with(beside=0.0)),
        Misconception(
            "the learning rate is missing from the decay: lr multiplies the whole step",
            _with(shrink=lambda lr, decay: decay),
        ),
        Misconception("this decays away from 0: weights are to shrink", _with(beside=-1.0)),
        Misconception(
            "the decay is taken of the moved weight: take it of the one that came in",
            _with(late=True),
        ),
        Misconception(
            "neither mean is corrected: both start at 0 and are too small in the first steps",
            _with(corrected=(False, False)),
        ),
        Misconception(
            "the mean of the squares isn't corrected: divide it by 1 - 0.999 ** step",
            _with(corrected=(True, False)),
        ),
        Misconception(
            "the mean of the slopes isn't corrected: divide it by 1 - 0.9 ** step",
            _with(corrected=(False, True)),
        ),
        Misconception(
            "this divides by the square itself: its root is due", _with(root=lambda square: square)
        ),
        Misconception(
            "eps stands below the root here: it is added to the root", _with(outside=False)
        ),
        Misconception(
            "both memories are 0.9 here: that of the squares is 0.999", _with(betas=(0.9, 0.9))
        ),
        Misconception(
            "the memories are exchanged: 0.9 is that of the slope, 0.999 that of its square",
            _with(betas=(0.999, 0.9)),
        ),
        Misconception(
            "the weights are right, but the old means came back: the next step needs the new ones",
            _old_means,
        ),
        Misconception(
            "the weights are right, but corrected means came back: the next step needs them as they"
            " add up, or it corrects them again",
            _corrected_means,
        ),
        Misconception("the step is made of the old means: the new slope belongs to it", _from_old),
        Misconception(
            "this is the step alone: take it off the weights", _with(kept=False, beside=0.0)
        ),
        Misconception("this changes the arrays of whoever calls it: make new ones", _in_place),
        Misconception(
            "this counts steps from one later: in step 1 the exponent is 1", _with(back=-1)
        ),
    ),
)
