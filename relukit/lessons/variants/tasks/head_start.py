"""A task of lesson 03 on leads: by how many steps one curve is earlier than another."""

import numpy as np

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.layouts import laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.task import Misconception, Task

SPREADS = 2  # by which the bar lies below the final level; the task's text states it
SAME = 1e-9  # by which means may differ that count as equal; the task's text states it
_CURVE = Domain(dtypes=("float64",), low=1e-3, high=99.9, signs="+", axes=((1, 2, 9, 100),))
_LOW = 0.05
_PLACES = (0, 1, 8, 9, 49, 89, 90, 98, 99)


def _tenth(curve):
    return max(1, len(curve) // 10)


def _means(curve, w=None):
    """Return the mean of each value and those that follow it, w in all."""
    w = _tenth(curve) if w is None else w
    return np.lib.stride_tricks.sliding_window_view(curve, w).mean(axis=1)


def _level(curve, spreads=SPREADS):
    """Return the bar: the mean of the last tenth, lowered by so many standard deviations."""
    last = curve[-_tenth(curve) :]
    return last.mean() - spreads * last.std()


def _first(reached):
    return int(reached.argmax()) if reached.any() else None


def _when(curve, level):
    return _first(_means(curve) >= level - SAME)


def _between(early, late):
    return None if early is None or late is None else late - early


def head_start(a, b):
    level = _level(b)
    return _between(_when(a, level), _when(b, level))


def _compare(arguments: Arguments, expected: float | None, got: object) -> str | None:
    a, b = arguments
    value = number(got)
    if got is not None and value is None:
        return "the answer must be a whole number of steps, or None"
    if value == expected:
        return None
    level, w = _level(b), _tenth(b)
    start = f"the bar, from b's last {w} values, is {level:.6g}"
    if w == 1:
        start = f"the bar, b's last value, is {level:.6g}"
    step = _when(a, level)
    if step is None:
        best, due = tell_apart(float(_means(a).max()), float(level))
        return f"{start}, and a never reaches it ({best} at best, {due} due): None is due"
    return f"{start}; a reaches it at index {step}, and b at index {_when(b, level)}"


def _curves(a, b) -> Arguments:
    return np.array(a, dtype=float), np.array(b, dtype=float)


def _generated():
    from hypothesis import strategies as st

    value = st.integers(0, 32).map(float)

    @st.composite
    def pairs(draw):
        n = draw(st.sampled_from([1, 2, 4, 9, 20, 24, 35]))
        a, b = (draw(st.lists(value, min_size=n, max_size=n)) for _ in range(2))
        return _curves(a, sorted(b) if draw(st.booleans()) else b)

    return pairs()


def _learned(
    n: int, delay: float, rng: np.random.Generator, *, top: float = 80.0, noise: float = 3.0
) -> np.ndarray:
    """Return a curve that rises late by a delay to a top, with noise on it."""
    steps = np.arange(n)
    rise = 1 - np.exp(-np.maximum(steps - delay, 0) / (n / 8))
    found = top * rise + noise * top / 100 * rng.standard_normal(n)
    return np.clip(found, 1e-3, 99.9)


def _spike(n: int, place: int, w: int) -> np.ndarray:
    """Return a curve whose one large value decides, over windows of w."""
    found = np.zeros(n)
    found[place] = min(99.0, 3 * w * _LOW)
    return found


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for n in (1, 2, 9, 10, 19, 20, 99, 100, 999):
        for _ in range(4):
            early, late = rng.uniform(0, n / 3, 2)
            found.append((_learned(n, early, rng), _learned(n, late, rng)))
        found.append((_learned(n, 0, rng, top=40.0), _learned(n, 0, rng)))
        found.append((_learned(n, 0, rng), _learned(n, n / 4, rng, top=40.0)))
    for n in (9, 100, 500):  # one value decides
        w = max(1, n // 10)
        for place in (p for p in (*_PLACES, n // 2, n - 1) if p < n):
            quiet = np.repeat([0.02, _LOW], [n - w, w])
            found.append((_spike(n, place, w), quiet))
            found.append((np.full(n, _LOW), np.maximum(quiet, _spike(n, place, w))))
    for power in np.arange(-3.0, 1.9, 0.25):
        for delays in ((0, 20), (25, 3)):
            sized = [_learned(100, d, rng, top=min(10.0**power * 2, 95.0)) for d in delays]
            found.append((sized[0], sized[1]))
            found.append((_learned(100, 0, rng, top=95.0), sized[1]))
    for k in range(1, 11):  # exactly at the level, a little below it, what single precision misses
        off = 2.0**-24 * k
        found.append((np.repeat([1.0, 4.0 - off], 15), np.repeat([1.0, 2.0, 4.0], 10)))
        found.append((np.repeat([1.0, 4.0 + off], 15), np.repeat([1.0, 2.0, 4.0], 10)))
    for layout in ("strided", "read-only"):
        pair = [_learned(100, d, rng) for d in (0, 20)]
        found += [
            (laid_out(pair[0], layout), pair[1]),
            (pair[0], laid_out(pair[1], layout)),
        ]
    return tuple(found)


def _by(level=_level, when=_when, between=_between):
    """Return an answer with another level, another time of reaching it, or another difference."""

    def answer(a, b):
        due = level(b)
        return between(when(a, due), when(b, due))

    return answer


def _or(never):
    """Return what takes the difference, with something for the step of a curve that never came."""

    def between(early, late):
        return late - (never if early is None else early)

    return between


def _for_good(curve, level):
    below = _means(curve) < level - SAME
    last = len(below) - int(below[::-1].argmax()) if below.any() else 0
    return last if last < len(below) else None


def _all_of_them(curve, level):
    w = _tenth(curve)
    lowest = np.lib.stride_tricks.sliding_window_view(curve, w).min(axis=1)
    return _first(lowest >= level - SAME)


def _in_blocks(curve, level):
    w = _tenth(curve)
    step = _first(_means(curve)[::w] >= level - SAME)
    return None if step is None else step * w


TASK = Task(
    points=2,
    title="How many steps ahead?",
    minutes=12,
    difficulty="medium",
    why="A lead in points may be a lead in time: this says how long the other one needs to follow.",
    hints=(
        "One lucky step is above the bar, and the next is below. Of which values would you take a"
        " mean, and what if curve a never gets there?",
        "w = max(1, len(b) // 10). The bar is made of b's last w values, with mean() and std()."
        " For each curve, go through the starts i = 0, 1, 2, ... and take the first at which the"
        " mean of curve[i : i + w] isn't below the bar, where w values still follow.",
        "bar = b[-w:].mean() - 2 * b[-w:].std()",
    ),
    reference=head_start,
    boundary=(
        _curves([1, 5, 5, 5, 5], [1, 2, 3, 4, 5]),
        _curves([1, 2, 3, 4, 5], [1, 5, 5, 5, 5]),
        _curves([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        _curves([1, 2, 3, 3, 3], [1, 2, 3, 4, 5]),
        _curves([9, 9, 9, 9, 9], [1, 2, 3, 4, 5]),
        _curves([1, 9, 2, 3, 4], [1, 2, 3, 4, 5]),
        _curves([0, 0, 6, 6, 6], [9, 1, 2, 4, 5]),
        _curves([3], [2]),
        _curves([2], [3]),
        _curves([1, 1], [1, 1]),
        # twenty steps: two count together
        _curves([1] * 4 + [8, 0] * 4 + [5] * 8, [1] * 8 + [3] * 8 + [4] * 4),
        _curves([1] * 4 + [9, 1] + [2] * 8 + [5] * 6, [1] * 15 + [4] * 5),
        _curves([1] * 6 + [5] * 14, [1] * 10 + [9, 1, 2, 3, 3, 3, 3, 3, 6, 8]),
        _curves([1] * 6 + [6] * 14, [1] * 10 + [5, 5, 5, 6, 6, 7, 7, 7, 6, 8]),
        _curves([1] * 6 + [5.8] * 2 + [9] * 12, [1] * 8 + [5.7] * 2 + [7] * 8 + [6, 8]),
        _curves([1] * 5 + [6.1] * 3 + [9] * 12, [1] * 8 + [5] * 3 + [6.5] * 7 + [8, 6]),
        _curves([0, 6, 0] + [1] * 11 + [3] * 6, [0] * 5 + [1] * 5 + [2] * 10),
        _curves([1] * 5 + [2] * 15, [1] * 4 + [3, 3] + [1] * 11 + [2] * 3),
        _curves([2] * 20, [3] * 18 + [4, 8]),
        _curves([0] * 19 + [9], [5] * 20),
        # twenty-nine: still two
        _curves([1] * 9 + [5, 3] * 10, [1] * 20 + [4] * 9),
        # thirty: three
        _curves([1] * 6 + [6.1] * 3 + [9] * 21, [1] * 20 + [7] * 7 + [6, 7, 8]),
    ),
    compare=_compare,
    generated=_generated,
    domains={"a": _CURVE, "b": _CURVE},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this takes the first single value at the bar, which may be luck: the mean of it and"
            " those that follow counts",
            _by(when=lambda curve, level: _first(curve >= level - SAME)),
        ),
        Misconception(
            "this makes the bar of b's last value alone: its last tenth counts",
            _by(level=lambda b: b[-1]),
        ),
        Misconception(
            "this makes the bar of b's highest value: the mean of its last tenth is asked for, less"
            " twice their standard deviation",
            _by(level=lambda b: b.max()),
        ),
        Misconception(
            "this makes the bar of all of b: its last tenth is asked for",
            _by(level=lambda b: b.mean() - SPREADS * b.std()),
        ),
        Misconception(
            "this puts the bar at the final level itself, where noise decides: twice the standard"
            " deviation of the last tenth comes off",
            _by(level=lambda b: _level(b, 0)),
        ),
        Misconception(
            "this takes off the standard deviation once: twice is asked for",
            _by(level=lambda b: _level(b, 1)),
        ),
        Misconception(
            "this adds twice the standard deviation: the bar lies below the final level",
            _by(level=lambda b: _level(b, -SPREADS)),
        ),
        Misconception(
            "this takes off twice the standard deviation of all of b: that of its last tenth is"
            " meant",
            _by(level=lambda b: _level(b, 0) - SPREADS * b.std()),
        ),
        Misconception(
            "this takes the bar from curve a: it's made of b, and both have to reach it",
            lambda a, b: _between(_when(a, _level(a)), _when(b, _level(a))),
        ),
        Misconception(
            "this holds each curve against a bar of its own: both have to reach that of b",
            lambda a, b: _between(_when(a, _level(a)), _when(b, _level(b))),
        ),
        Misconception(
            "a and b are exchanged: the head start is above 0 where a is earlier",
            _by(
                between=lambda early, late: None if early is None or late is None else early - late
            ),
        ),
        Misconception(
            "where a never reaches the bar this says that it did so at the start, as argmax of"
            " nothing but False is 0: None is due",
            _by(between=_or(0)),
        ),
        Misconception(
            "where a never reaches the bar this gives 0, as for two curves that are equally"
            " early: None is due",
            lambda a, b: 0 if head_start(a, b) is None else head_start(a, b),
        ),
        Misconception(
            "where a never reaches the bar this takes the end of the curve for it: None is due",
            lambda a, b: _by(between=_or(len(a)))(a, b),
        ),
        Misconception(
            "this gives 0 where a is later: a number below 0 is due there",
            lambda a, b: None if head_start(a, b) is None else max(0, head_start(a, b)),
        ),
        Misconception(
            "this loses the sign: below 0 means that a is later",
            lambda a, b: None if head_start(a, b) is None else abs(head_start(a, b)),
        ),
        Misconception(
            "this waits until the mean never falls below the bar again: the first time counts",
            _by(when=_for_good),
        ),
        Misconception(
            "this asks that each of the values is at the bar: their mean has to be",
            _by(when=_all_of_them),
        ),
        Misconception(
            "this cuts the curve into tenths and looks at those only: any step may be the first",
            _by(when=_in_blocks),
        ),
        Misconception(
            "this is the step at which a reaches the bar: how much earlier than b is asked for",
            lambda a, b: _when(a, _level(b)),
        ),
        Misconception(
            "this is a's lead at the end, in points: the lead in steps is asked for",
            lambda a, b: float(_level(a, 0) - _level(b, 0)),
        ),
        Misconception(
            "a mean that is equal to the bar has reached it: not below, and not above, is asked"
            " for",
            _by(when=lambda curve, level: _first(_means(curve) > level + SAME)),
        ),
    ),
)
