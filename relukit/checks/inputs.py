"""Strategies that draw arrays: cheap to draw from, and quick to shrink."""

from collections.abc import Iterable
from typing import Literal, cast

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as numpy_arrays

# a counterexample shrinks towards the first
SHAPES = (
    *[(), (1,), (2,), (3,), (5,), (0,)],
    *[(1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (2, 3), (0, 2), (2, 0)],
    *[(1, 1, 1), (2, 1, 2), (2, 2, 2), (1, 0, 2)],
)


@st.composite
def arrays(
    draw: st.DrawFn,
    *,
    dtypes: Iterable[str] = ("float64", "float32"),
    bound: float | None = None,
    nan: bool = True,
) -> np.ndarray:
    """Return a strategy for arrays with the shapes above.

    Args:
        draw: passed by hypothesis.
        dtypes: names of dtypes to choose from.
        bound: the largest absolute value (dimensionless); None allows infinities.
        nan: whether nan may occur; with a bound, it is one number of few arrays.
    """
    dtype = np.dtype(draw(st.sampled_from(list(dtypes))))
    shape = draw(st.sampled_from(SHAPES))
    size = int(np.prod(shape))
    width = cast("Literal[16, 32, 64]", 8 * dtype.itemsize)
    element: st.SearchStrategy[float]
    if dtype.kind == "i":
        element = st.integers(-1000, 1000)
    elif bound is None:
        element = st.floats(width=width, allow_nan=nan)
    else:
        ranges = [min(bound, 30.0), bound]  # most formulas bend within the first
        element = st.one_of(*(st.floats(-side, side, width=width) for side in ranges))
    values = draw(st.lists(element, min_size=size, max_size=size))
    if nan and bound is not None and size and draw(st.integers(0, 7)) == 7:
        values[draw(st.integers(0, size - 1))] = float("nan")
    return np.array(values, dtype=dtype).reshape(shape)


def eighths(bound: int = 8) -> st.SearchStrategy[float]:
    """Return a strategy for multiples of 1/8 in [-bound, bound]: sums of them are exact."""
    return st.integers(-8 * bound, 8 * bound).map(lambda n: n / 8)


def shaped(*shape: int) -> st.SearchStrategy[np.ndarray]:
    """Return a strategy for float64 arrays of one shape, of multiples of 1/8.

    Args:
        *shape: sizes of the axes.

    Example:
        >>> shaped(2, 3).is_empty
        False
    """
    return numpy_arrays(np.float64, shape, elements=eighths(), fill=st.nothing())
