"""Inputs that no eye wants to see: every decade, sign, size and layout that a text allows.

They come behind the small ones, so that a learner meets them only where an answer is right on all
that is small; what is shown then is the part of them that still fails.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, laid_out

Sweep = Callable[[np.random.Generator], tuple[Arguments, ...]]
PER_DECADE = 3
PLACES = (0, 1, 8, 99, -1)
_BEND = 40.0  # most formulas bend within


def magnitudes(
    domain: Domain, dtype: str, rng: np.random.Generator, *, per_decade: int = PER_DECADE
) -> np.ndarray:
    """Return numbers of every decade and sign that a domain has, in random order.

    Args:
        domain: what is allowed.
        dtype: one of its dtypes, or "float64" for a number.
        rng: where in each decade they lie.
        per_decade: how many of each sign.

    Returns:
        A vector of the dtype; with 0, nan and infinities where they are allowed.
    """
    low, high = domain.limits(dtype)
    exponents = np.repeat(np.array(domain.decades(dtype), dtype=float), per_decade)
    found = 10.0 ** np.minimum(exponents + rng.random(len(exponents)), 308.25)
    found = np.clip(np.concatenate([found, [low, high]]), low, high)
    kind = np.dtype(dtype)
    if kind.kind in "iu":
        found = np.floor(found)
    parts = [sign * found for sign in domain.signs_of(dtype)]
    if domain.zero:
        parts.append(np.zeros(1))
    if domain.special and kind.kind == "f":
        parts.append(np.array([np.nan, *(s * np.inf for s in domain.signs_of(dtype))]))
    with np.errstate(all="ignore"):
        mixed = rng.permutation(np.concatenate(parts))
        return _whole(mixed, kind) if kind.kind in "iu" else mixed.astype(dtype)


def _whole(values: np.ndarray, kind: np.dtype) -> np.ndarray:
    """Return whole numbers as integers; the largest of 64 bits is no float."""
    limits = np.iinfo(kind)
    return np.array([min(max(int(v), limits.min), limits.max) for v in values], dtype=kind)


def middling(
    domain: Domain, dtype: str, shape: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Return an array of numbers that no formula finds too large or too small.

    Args:
        domain: what is allowed.
        dtype: one of its dtypes.
        shape: of the array.
        rng: draws them.
    """
    low, high = domain.limits(dtype)
    kind = np.dtype(dtype)
    if kind.kind == "b":
        return np.asarray(rng.random(shape) < 0.5)
    size = np.clip(np.abs(rng.normal(0.0, 3.0, shape)), low, min(high, _BEND))
    found = size * rng.choice(domain.signs_of(dtype), shape)
    if kind.kind in "iu":
        found = np.ceil(np.abs(found)) * np.sign(found)
    return np.asarray(found, dtype=dtype)


def in_step(domain: Domain, columns: int, rng: np.random.Generator) -> np.ndarray:
    """Return rows of numbers of one decade, so that none is lost beside a larger one.

    Args:
        domain: what is allowed.
        columns: how many numbers a row has.
        rng: where in the decade each lies.

    Returns:
        An array with a row for each sign of each decade, in random order; every column has both
        signs of each decade, where both are allowed.
    """
    decades, signs = np.array(domain.decades(), dtype=float), domain.signs_of()
    exponents = np.repeat(decades, len(signs))[:, None] + rng.random((columns,))
    flips = np.repeat(rng.choice([-1, 1], (len(decades), columns)), len(signs), axis=0)
    turns = np.tile(signs, len(decades))[:, None] * (flips if len(signs) > 1 else 1)
    found = np.clip(10.0 ** np.minimum(exponents, 308.25), *domain.limits())
    return rng.permutation(turns * found)


def topped(top: float, shape: int | tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return numbers of both signs, at a random place the one that is largest in size.

    Args:
        top: the largest.
        shape: of the array, which has one number at least.
        rng: draws the others, down to a hundredth of it.
    """
    found = top * rng.uniform(0.01, 0.99, shape) * rng.choice([-1.0, 1.0], shape)
    found.reshape(-1)[rng.integers(found.size)] = top
    return found


def leading(
    domain: Domain, dtype: str, rng: np.random.Generator, shape: tuple[int, ...] = (2, 2)
) -> Iterator[np.ndarray]:
    """Yield an array for each decade and sign, whose largest number in size lies in it.

    Args:
        domain: what is allowed.
        dtype: one of its dtypes, or "float64" for a number.
        rng: draws the numbers and where the largest stands.
        shape: of each array.

    Example:
        >>> low = Domain(low=1.0, high=99.0, signs="+")
        >>> [int(a.max()) > 9 for a in leading(low, "float64", np.random.default_rng(0))]
        [False, True]
    """
    low, high = domain.limits(dtype)
    for k in domain.decades(dtype):
        for sign in domain.signs_of(dtype):
            most = min(max(low, 10.0 ** min(k + rng.uniform(0.05, 0.95), 308.25)), high)
            share = np.array(rng.uniform(0.1, 0.9, shape))
            share *= rng.choice(domain.signs_of(dtype), shape)
            share.flat[rng.integers(share.size)] = sign
            found = share * most
            found = np.sign(found) * np.maximum(np.abs(found), low)
            yield found.astype(dtype)


def shapes(domain: Domain, *, other: int = 2) -> Iterator[tuple[int, ...]]:
    """Yield shapes in which each axis has each size that it may have, the others `other`.

    Example:
        >>> list(shapes(Domain(axes=((1, 9), (0, 2)))))
        [(1, 2), (9, 2), (9, 0)]
    """
    usual = tuple(other if other in sizes else max(sizes) for sizes in domain.axes)
    found = [
        (*usual[:axis], n, *usual[axis + 1 :])
        for axis, sizes in enumerate(domain.axes)
        for n in sizes
    ]
    yield from dict.fromkeys(found)


def dense(domain: Domain, dtype: str, rng: np.random.Generator, *, steps: int = 640) -> np.ndarray:
    """Return numbers that lie close together where most formulas bend, float vector."""
    low, high = domain.limits(dtype)
    found = np.linspace(-_BEND, _BEND, steps) + rng.uniform(0, 2 * _BEND / steps)
    wide = np.linspace(-800.0, 800.0, steps // 4) + rng.uniform(0, 6400.0 / steps)
    found = np.concatenate([found, wide])
    allowed = (np.abs(found) >= low) & (np.abs(found) <= high)
    allowed &= np.isin(np.sign(found), domain.signs_of(dtype))
    return rng.permutation(found[allowed]).astype(dtype)


def peaked(
    domain: Domain, dtype: str, shape: tuple[int, ...], rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Yield arrays whose largest number has each decade and sign, or stands at each place.

    Args:
        domain: what is allowed; nan and infinities don't occur.
        dtype: one of its dtypes.
        shape: of the arrays, with at least one number.
        rng: draws them.
    """
    found = magnitudes(domain, dtype, rng, per_decade=1)
    peaks = found[np.isfinite(found) & (found != 0)]
    size = int(np.prod(shape))
    wanted = [(peak, int(rng.integers(size))) for peak in peaks]
    wanted += [(rng.choice(peaks), place) for place in PLACES if -size <= place < size]
    low, _ = domain.limits(dtype)
    for peak, place in wanted:
        rest = rng.random(size) * np.abs(peak)
        rest = np.where(rest < low, 0.0 if domain.zero else low, rest)
        rest *= rng.choice(domain.signs_of(dtype), size)
        rest[place] = peak
        yield np.asarray(rest.reshape(shape), dtype=dtype)


def elementwise(domains: Mapping[str, Domain]) -> Sweep:
    """Return a sweep for a function of one array, element by element, and of numbers.

    Args:
        domains: of the array, which comes first, and of each number that follows, in order.

    Returns:
        A function from a generator to inputs: every decade and sign, for each dtype and each
        value of the numbers; arrays of each size, of several axes, and in each layout.
    """

    def sweep(rng: np.random.Generator) -> tuple[Arguments, ...]:
        (_, domain), *numbers = domains.items()
        choices = [_numbers(number, rng) for _, number in numbers]
        found: list[Arguments] = []
        for dtype in domain.dtypes:
            everything = [magnitudes(domain, dtype, rng)]
            if np.dtype(dtype).kind == "f":
                everything.append(dense(domain, dtype, rng))
            for values in everything:
                found += [(values, *others) for others in (_each(choices) or [()])]
            for array in _forms(domain, dtype, rng):
                found.append((array, *(rng.choice(options) for options in choices)))
        return tuple((entry[0], *map(_plain, entry[1:])) for entry in found)

    return sweep


def _forms(domain: Domain, dtype: str, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield arrays of each size, of several axes, and in each layout."""
    for size in (*SIZES, 3, 10, 33, 1000):
        yield middling(domain, dtype, (size,), rng)
    for shape in ((), (1, 1), (9, 2), (2, 100), (100, 100), (2, 3, 4), (2, 1, 2, 3), (0, 3)):
        yield middling(domain, dtype, shape, rng)
    for layout, sizes in product(LAYOUTS, ((9,), (3, 4), (2, 3, 4))):
        yield laid_out(middling(domain, dtype, sizes, rng), layout)


def _numbers(domain: Domain, rng: np.random.Generator) -> list[float | str]:
    """Return the values of a number: those that the domain names, and one of each decade."""
    if domain.values and domain.low is None:
        return list(domain.values)
    return [*domain.values, *magnitudes(domain, "float64", rng, per_decade=1).tolist()]


def _each(choices: list[list[float | str]]) -> list[tuple[float | str, ...]]:
    """Return rows in which each choice of each number occurs; not every combination."""
    if not choices:
        return []
    most = max(map(len, choices))
    return [tuple(options[i % len(options)] for options in choices) for i in range(most)]


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value
