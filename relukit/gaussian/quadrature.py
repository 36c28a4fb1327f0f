"""Expectations over a standard normal variable, by quadrature on panels that end at kinks."""

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import roots_legendre

from relukit.errors import InvalidValueError

_REACH = 14  # the normal density beyond is below 1e-42
_NODES = (12, 20)  # two rules: the second is the answer, the first measures its error
_TOLERANCE = 1e-8


def expectation(
    integrands: Callable[[np.ndarray], np.ndarray], kinks: Sequence[float]
) -> np.ndarray:
    """Return the Gaussian expectations of the rows of `integrands(z)` for z from N(0, 1).

    Args:
        integrands: maps n points to an array of k rows of n values.
        kinks: the points where an integrand is not smooth, besides 0.

    Returns:
        k numbers.

    Raises:
        InvalidValueError: an integrand is not finite, or its tails are not negligible, or two
            quadrature rules disagree, as where a kink is missing.

    Example:
        >>> expectation(lambda z: np.stack([z**2, z**4]), ()).round(9)
        array([1., 3.])
    """
    edges = _panels(tuple(sorted({0.0, *(float(k) for k in kinks if abs(k) < _REACH)})))
    (rough_points, rough_weights), (points, weights) = (_rule(edges, n) for n in _NODES)
    with np.errstate(all="ignore"):  # what is not finite is reported below
        values = integrands(np.concatenate([rough_points, points]))
    if not np.isfinite(values).all():
        wanted = f"a function that is finite, squared too, from -{_REACH} to {_REACH}"
        raise InvalidValueError(wanted, "nan or infinity", "check its values and derivative there")
    rough = values[:, : len(rough_points)] @ rough_weights
    terms = values[:, len(rough_points) :] * weights
    fine, tails = terms.sum(axis=1), terms[:, np.abs(points) > _REACH - 1].sum(axis=1)
    allowed = _TOLERANCE * (1 + np.abs(fine))
    if (np.abs(tails) > allowed).any():
        wanted = "a function whose square is far below exp(x^2 / 2) for large x"
        raise InvalidValueError(wanted, "a steeper one", "use one that grows more slowly")
    if (np.abs(fine - rough) > allowed).any():
        do = "name the points where the function or its derivative jumps, as in kinks=[0.5]"
        raise InvalidValueError("a function that is smooth between its kinks", "a rough one", do)
    return fine


@functools.lru_cache(maxsize=64)
def _panels(breaks: tuple[float, ...]) -> tuple[float, ...]:
    """Return panel edges one apart, and ever closer towards each break, where a bend may sit."""
    steps = 2.0 ** -np.arange(0, 45)
    near = [b + sign * steps for b in breaks for sign in (-1, 1)]
    edges = np.concatenate([np.arange(-_REACH, _REACH + 1), breaks, *near])
    return tuple(np.unique(edges[np.abs(edges) <= _REACH]))


@functools.lru_cache(maxsize=128)
def _rule(edges: tuple[float, ...], nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes and weights, density included, of Gauss-Legendre quadrature on every panel."""
    x, w = roots_legendre(nodes)
    left, right = np.array(edges[:-1])[:, None], np.array(edges[1:])[:, None]
    z = ((left + right) / 2 + (right - left) / 2 * x).ravel()
    weights = ((right - left) / 2 * w).ravel() * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return z, weights
