"""A task of lesson 03 on a left half of one's own: a function through points, left of 0."""

import itertools

import numpy as np

from relukit.checks.comparison import Arguments, asks_dtype
from relukit.checks.domain import Domain
from relukit.checks.harnesses.filling import as_filling
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.task import Misconception, Task
from relukit.lessons.variants.tasks.tolerance import within

ERROR = 1e-9  # of the largest of 1, |x| and |result|; the task's text states it
_X = Domain(dtypes=("float64",), low=1e-6, high=999.0)
_PLACES = (0.0, 1.0, 8.0, 9.0, 99.0)


def _knots(points, *, corner=True, ordered=True):
    """Return where the drawing has points, from left to right, and its heights there."""
    rows = [*map(tuple, points), *([(0.0, 0.0)] if corner else [])]
    return np.array(sorted(rows) if ordered else rows, dtype=float).T


def fill_the_left(points, x):
    places, heights = _knots(points)
    return np.where(x < 0, _straight_on(x, places, heights), x)


def _straight_on(x, places, heights):
    """Return what goes through points, straight between them and straight on to the left."""
    piece = np.clip(np.searchsorted(places, x) - 1, 0, len(places) - 2)
    slopes = np.diff(heights) / np.diff(places)
    return heights[piece] + slopes[piece] * (x - places[piece])


def _size(points, x):
    return np.maximum(1.0, np.maximum(np.abs(x), np.abs(fill_the_left(points, x))))


_within = within({"float64": ERROR}, _size)


@asks_dtype
def _compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
    return got if isinstance(got, str) and got else _within(arguments, expected, got)


def _at(points: tuple[tuple[float, float], ...], *x: float) -> Arguments:
    return points, np.array(x)


def _generated():
    from hypothesis import strategies as st

    places = st.lists(
        st.integers(-32, -1).map(lambda n: n / 4), min_size=1, max_size=4, unique=True
    )
    heights = st.lists(st.integers(-16, 16).map(lambda n: n / 4), min_size=4, max_size=4)
    shapes = st.sampled_from([(), (1,), (2,), (3,), (2, 2), (0,)])

    @st.composite
    def inputs(draw):
        points = tuple(zip(draw(places), draw(heights), strict=False))
        shape = draw(shapes)
        size = int(np.prod(shape))
        x = draw(st.lists(st.integers(-48, 16).map(lambda n: n / 4), min_size=size, max_size=size))
        return points, np.array(x, dtype=float).reshape(shape)

    return inputs()


def _drawn(n: int, rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    """Return points in any order, their places multiples of 1/8 from -8 on."""
    places = -rng.choice(np.arange(1, 65), n, replace=False) / 8
    heights = rng.uniform(-8, 8, n)
    return tuple(zip(places.tolist(), heights.tolist(), strict=True))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for n in (1, 2, 3, 9, 20):
        for power in np.arange(-6.0, 3.0, 0.5):
            sizes = np.minimum(10.0**power * rng.uniform(1, 3, 8), 999.0)
            found.append((_drawn(n, rng), sizes * rng.choice([-1.0, 1.0], 8)))
        for shape in ((), (1,), (100,), (10_000,), (3, 4), (2, 3, 4), (0, 3), (2, 1, 2, 3)):
            found.append((_drawn(n, rng), rng.uniform(-12, 4, shape)))
        found += [
            (_drawn(n, rng), laid_out(rng.uniform(-12, 4, (3, 4)), layout)) for layout in LAYOUTS
        ]
    for n in (3, 9):  # from left to right, from right to left
        rising = tuple(sorted(_drawn(n, rng)))
        found += [(points, np.linspace(-12, 4, 65)) for points in (rising, rising[::-1])]
    points = _drawn(9, rng)
    found.append((points, np.array([place for place, _ in points])))
    found.append((((-8.0, 5.0), (-0.125, -3.0)), np.array([-1e-6, -0.125, -8.0, -999.0, 999.0])))
    found.append((((-1.125, 8.0), (-1.0, -8.0)), np.array([-1.125 - 5e-7, -1.0 - 5e-7, -5e-7])))
    return tuple(found)


def _maker(value):
    """Return an answer whose function has these values left of 0, and x on the right."""

    def answer(points):
        return lambda x: np.where(x < 0, value(points, x), x)

    return answer


def _on_from(slope):
    """Return an answer that goes on beyond its last point with a slope of its own."""

    def value(points, x):
        places, heights = _knots(points)
        beyond = heights[0] + slope(places, heights) * (x - places[0])
        return np.where(x < places[0], beyond, np.interp(x, places, heights))

    return _maker(value)


def _by_the_nearest(points, x):
    places, heights = _knots(points)
    return heights[np.abs(np.asarray(x)[..., None] - places).argmin(axis=-1)]


def _by_steps(points, x):
    places, heights = _knots(points)
    return heights[np.maximum(np.searchsorted(places, x, side="right") - 1, 0)]


def _by_a_polynomial(points, x):
    return np.polyval(np.polyfit(*_knots(points), len(points)), x)


def _by_a_line(points, x):
    places, heights = _knots(points)
    return (places @ heights) / (places @ places) * x


def _last_defined(points):
    """Return the function of the points that came last, whatever came first."""
    _last_defined.points = points
    return lambda x: fill_the_left(_last_defined.points, x)


def _unsorted(points, x):
    places, heights = _knots(((0.0, 0.0), *points), corner=False, ordered=False)
    rows = zip(itertools.pairwise(places), itertools.pairwise(heights), strict=True)
    found = heights[-1] + (heights[-1] - heights[-2]) / (places[-1] - places[-2]) * (x - places[-1])
    for (right, left), (first, second) in rows:
        inside = (left <= x) & (x <= right)
        between = first + (second - first) / (left - right) * (x - right)
        found = np.where(inside, between, found)
    return found


TASK = Task(
    points=2,
    title="Fill the left half",
    minutes=12,
    difficulty="easy",
    why="Whatever you draw left of 0 is an activation: this makes one of a few points.",
    hints=(
        "Between which two points does an x lie, and what is the slope there? Is (0, 0) a point,"
        " too?",
        "np.interp draws the straight pieces once the points, with (0, 0), are sorted by x. It's"
        " flat beyond the last one, so there you need the slope of the last piece.",
        "slope = (ys[1] - ys[0]) / (xs[1] - xs[0])  # xs[0] is farthest to the left, xs[-1] is 0",
    ),
    reference=fill_the_left,
    boundary=(
        _at(((-1.0, 2.0),), 3.0),
        _at(((-1.0, 2.0),), -1.0),
        _at(((-1.0, 2.0),), -0.5),
        _at(((-1.0, 2.0),), 0.0),
        _at(((-1.0, 2.0),), -2.0),
        _at(((-1.0, 0.0), (-3.0, 4.0)), -2.0),
        _at(((-1.0, 0.0), (-3.0, 4.0)), -4.0),
        _at(((-3.0, 4.0), (-1.0, 0.0)), -4.0),
        _at(((-3.0, 4.0), (-1.0, 0.0)), -2.0),
        _at(((-3.0, 4.0), (-1.0, 0.0)), -0.5),
        _at(((-2.0, -1.0), (-4.0, 0.0), (-1.0, 3.0)), -6.0, -3.0, -1.5, -0.5, 0.0, 2.0),
        _at(((-1.0, -1.0), (-2.0, -1.0)), -0.25, -1.5, -9.0),
        _at(((-0.25, 4.0),), -1e-6, 1e-6),
        (((-1.0, 2.0), (-2.0, 1.0)), np.array(-1.5)),
        (((-1.0, 2.0), (-2.0, 1.0)), np.array(2.5)),
        (((-1.0, 2.0), (-2.0, 1.0)), np.array([[-1.5, 2.0], [-0.5, -4.0]])),
        (((-1.0, 2.0),), np.array([])),
    ),
    compare=_compare,
    generated=_generated,
    domains={"x": _X},
    swept=_swept,
    harness=as_filling,
    misconceptions=(
        Misconception(
            "this is flat beyond the last point, as np.interp is: the last piece goes straight on",
            _maker(lambda points, x: np.interp(x, *_knots(points))),
        ),
        Misconception(
            "the points may come in any order: sort them by x before you draw",
            _maker(_unsorted),
        ),
        Misconception(
            "this jumps at 0: (0, 0) is a point of the drawing, too",
            _maker(
                lambda points, x: (
                    _straight_on(x, *_knots(points, corner=False))
                    if len(points) > 1
                    else np.full(np.shape(x), points[0][1])
                )
            ),
        ),
        Misconception(
            "beyond the last point this goes on with the slope of the piece next to 0: take that of"
            " the last piece",
            _on_from(lambda places, heights: heights[-2] / places[-2]),
        ),
        Misconception(
            "beyond the last point this goes on with slope 1: take that of the last piece",
            _on_from(lambda places, heights: 1.0),
        ),
        Misconception(
            "beyond the last point this goes on along the line from (0, 0): take the slope of the"
            " last piece",
            _on_from(lambda places, heights: heights[0] / places[0]),
        ),
        Misconception(
            "beyond the last point this is 0: the last piece goes straight on",
            _maker(
                lambda points, x: np.where(
                    x < _knots(points)[0][0], 0.0, np.interp(x, *_knots(points))
                )
            ),
        ),
        Misconception(
            "the last piece goes on with its slope turned round: is it rise over run, both taken in"
            " the same direction?",
            _on_from(lambda places, heights: (heights[0] - heights[1]) / (places[1] - places[0])),
        ),
        Misconception(
            "this takes the nearest point's height: it has to be straight from point to point",
            _maker(_by_the_nearest),
        ),
        Misconception(
            "this goes in steps, each as high as the point to its left: it has to be straight from"
            " point to point",
            _maker(_by_steps),
        ),
        Misconception(
            "this is one smooth curve through all points, a polynomial: it has to be straight from"
            " point to point",
            _maker(_by_a_polynomial),
        ),
        Misconception(
            "this is one straight line that fits the points as well as it can: it has to go through"
            " each of them",
            _maker(_by_a_line),
        ),
        Misconception(
            "the line of the left half goes on right of 0: there x itself is due",
            lambda points: (
                lambda x: np.where(
                    x < 0,
                    fill_the_left(points, x),
                    _knots(points)[1][-2] / _knots(points)[0][-2] * x,
                )
            ),
        ),
        Misconception(
            "right of 0 this is 0: there x itself is due",
            lambda points: lambda x: np.where(x < 0, fill_the_left(points, x), 0.0),
        ),
        Misconception(
            "the function draws the points of a later call: it has to keep its own",
            _last_defined,
        ),
    ),
)
