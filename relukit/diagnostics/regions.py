"""The regions into which lines cut the plane, counted and drawn in exact arithmetic."""

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from torch import Tensor

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.quantities import integer

Triple = tuple[int, ...]  # a line ax + by + c = 0, or the point (x/w, y/w) as (x, y, w)


def zaslavsky(n_units: int, n_inputs: int) -> int:
    r"""Return the most regions of n hyperplanes in d dimensions, $\sum_{j=0}^{d}\binom nj$.

    Args:
        n_units: number of hyperplanes n, one for each unit of a hidden layer, at least 0.
        n_inputs: dimension d, at least 0.

    Returns:
        The number of regions in general position.

    Raises:
        InvalidTypeError: a number that is no integer.
        InvalidValueError: a number below 0.

    References: [Zaslavsky1975].

    Example:
        >>> zaslavsky(3, 2), zaslavsky(32, 2)
        (7, 529)
    """
    n = integer("n_units", n_units, least=0, do="pass a count")
    d = integer("n_inputs", n_inputs, least=0, do="pass a count")
    return sum(math.comb(n, j) for j in range(min(d, n) + 1))


def count_regions(weight: object, bias: object) -> int:
    r"""Return the number of regions that the lines $w_i\cdot x + b_i = 0$ cut the plane into.

    It is 1 + number of lines + sum over crossings of (lines through the crossing - 1).

    Args:
        weight: finite numbers (n, 2), one row for each unit; array, tensor or list.
        bias: finite numbers (n,).

    Returns:
        The exact count for the numbers as they are stored.

    Raises:
        InvalidTypeError: something that is not numbers.
        InvalidValueError: other shapes, nan or infinity.

    Conventions: a line that several units share counts once; a unit of zero weights has none.

    Example:
        >>> count_regions([[1, 0], [0, 1], [1, 1]], [0, 0, -1])
        7
    """
    lines = _lines(weight, bias)
    crossings: dict[Triple, set[Triple]] = defaultdict(set)
    for first, second in itertools.combinations(lines, 2):
        point = _reduced(_cross(first, second))
        if point[2]:  # 0: they are parallel
            crossings[point].update((first, second))
    return 1 + len(lines) + sum(len(through) - 1 for through in crossings.values())


def region_polygons(weight: object, bias: object, box: Sequence[float]) -> list[np.ndarray]:
    r"""Return the regions of the lines $w_i\cdot x + b_i = 0$ inside a box, as convex polygons.

    Args:
        weight: finite numbers (n, 2), one row for each unit; array, tensor or list.
        bias: finite numbers (n,).
        box: (left, right, bottom, top), with left < right and bottom < top.

    Returns:
        One float64 array (corners, 2) a region that the open box meets, counter-clockwise.

    Raises:
        InvalidTypeError: something that is not numbers.
        InvalidValueError: other shapes, nan or infinity, or a box without area.

    Conventions: cut in exact arithmetic and rounded at the end, so no region is lost, though the
        corners of a very thin one may coincide.

    Example:
        >>> [polygon.tolist() for polygon in region_polygons([[1.0, 0.0]], [0.0], (-1, 1, 0, 1))]
        [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], [[-1.0, 0.0], [0.0, 0.0], [0.0, 1.0],
        [-1.0, 1.0]]]
    """
    left, right, bottom, top = map(Fraction, _numbers("box", box, (4,)).tolist())
    if not (left < right and bottom < top):
        raise InvalidValueError(
            "left < right and bottom < top", str(tuple(box)), "pass (left, right, bottom, top)"
        )
    corners = ((left, bottom), (right, bottom), (right, top), (left, top))
    polygons = [[_integers(x, y, Fraction(1)) for x, y in corners]]
    for line in _lines(weight, bias):
        polygons = [part for polygon in polygons for part in _halves(polygon, line)]
    return [np.array([(x / w, y / w) for x, y, w in polygon]) for polygon in polygons]


def _halves(polygon: list[Triple], line: Triple) -> list[list[Triple]]:
    sides = [sum(a * b for a, b in zip(line, corner, strict=True)) for corner in polygon]
    if min(sides) >= 0 or max(sides) <= 0:
        return [polygon]
    above, below = [], []
    for i, (corner, side) in enumerate(zip(polygon, sides, strict=True)):
        before, side_before = polygon[i - 1], sides[i - 1]
        if side * side_before < 0:
            cut = tuple(p * side_before - q * side for p, q in zip(corner, before, strict=True))
            above.append(_reduced(cut))
            below.append(above[-1])
        if side >= 0:
            above.append(corner)
        if side <= 0:
            below.append(corner)
    return [above, below]


def _lines(weight: object, bias: object) -> list[Triple]:
    weight = _numbers("weight", weight, (None, 2))
    bias = _numbers("bias", bias, (len(weight),))
    rows = zip(weight.tolist(), bias.tolist(), strict=True)
    lines = (_integers(*map(Fraction, (*w, b))) for w, b in rows if any(w))
    return list(dict.fromkeys(lines))


def _integers(*parts: Fraction) -> Triple:
    common = math.lcm(*(part.denominator for part in parts))
    return _reduced(tuple(int(part * common) for part in parts))


def _reduced(triple: Triple) -> Triple:
    """Return the same line or point with coprime integers, the last non-zero one positive."""
    divisor = math.gcd(*triple)
    last = next((part for part in reversed(triple) if part), 1)
    return tuple(part // (divisor if last > 0 else -divisor) for part in triple)


def _cross(p: Triple, q: Triple) -> Triple:
    return p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]


def _numbers(name: str, values: object, shape: tuple[int | None, ...]) -> np.ndarray:
    wanted = f"shape ({', '.join('n' if size is None else str(size) for size in shape)})"
    try:
        # tolist() takes a tensor off its device and out of its graph, whatever its dtype
        array = np.asarray(values.tolist() if isinstance(values, Tensor) else values)
    except ValueError as cause:
        raise InvalidValueError(f"{name} of {wanted}", "a ragged list", "repair it") from cause
    if array.size == 0 and shape[0] in (None, 0):
        array = array.reshape([size or 0 for size in shape])
    if array.dtype.kind not in "iuf":
        raise InvalidTypeError(
            f"{name} of numbers", f"{type(values).__name__} of {array.dtype}", "pass floats"
        )
    if array.ndim != len(shape) or any(
        size not in (None, got) for size, got in zip(shape, array.shape, strict=True)
    ):
        raise InvalidValueError(
            f"{name} of {wanted}", f"shape {array.shape}", "see the shapes in the help text"
        )
    if not np.isfinite(array).all():
        raise InvalidValueError(f"finite {name}", "nan or infinity", "look where they arose")
    return array
