"""The straight pieces of a network on a line, found by its kinks and not by a grid."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from torch import nn

from relukit.diagnostics.line import ROUNDING, Line
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.quantities import is_real


@dataclass(frozen=True, eq=False)
class Pieces:
    r"""A continuous function of straight pieces, $s_i x + c_i$ between neighbouring knots.

    Args:
        knots: float64 (n - 1,), ascending, where the slope changes.
        slopes: float64 (n,), the slope s of each piece, from left to right.
        intercepts: float64 (n,), what each piece would be at x = 0.
        low: left end of the domain, may be -inf.
        high: right end of the domain, may be inf.
        n_patterns: on how many intervals no unit changes its branch, at least n.

    Raises:
        InvalidValueError: the three arrays do not fit together.

    Example:
        >>> absolute = Pieces(np.zeros(1), np.array([-1.0, 1.0]), np.zeros(2), n_patterns=2)
        >>> absolute.count, absolute([-2.0, 0.5]).tolist()
        (2, [2.0, 0.5])
    """

    knots: np.ndarray
    slopes: np.ndarray
    intercepts: np.ndarray
    low: float = -math.inf
    high: float = math.inf
    n_patterns: int = 1

    def __post_init__(self) -> None:
        shapes = [np.shape(part) for part in (self.knots, self.slopes, self.intercepts)]
        n = shapes[1][0] if len(shapes[1]) == 1 else 0
        if n < 1 or shapes != [(n - 1,), (n,), (n,)]:
            raise InvalidValueError(
                "n - 1 knots, n slopes and n intercepts",
                f"shapes {', '.join(map(str, shapes))}",
                "build it with linear_pieces()",
            )

    @property
    def count(self) -> int:
        """Number of straight pieces of the function."""
        return len(self.slopes)

    def __call__(self, x: object) -> np.ndarray:
        """Return the function's values at x.

        Args:
            x: finite numbers from low to high, of any shape.

        Returns:
            A float64 array of the shape of x.

        Raises:
            InvalidTypeError: x are not numbers.
            InvalidValueError: x is nan, infinite or outside the domain.
        """
        try:
            x = np.asarray(x, dtype=np.float64)
        except (TypeError, ValueError, RuntimeError) as cause:
            do = "pass an array, or a tensor after .detach()"
            raise InvalidTypeError("numbers x", type(x).__name__, do) from cause
        if not (np.isfinite(x) & (x >= self.low) & (x <= self.high)).all():
            raise InvalidValueError(
                f"finite x from {self.low} to {self.high}",
                f"x from {x.min()} to {x.max()}",
                "ask for the pieces on a wider range",
            )
        piece = np.searchsorted(self.knots, x)
        return self.slopes[piece] * x + self.intercepts[piece]

    def __repr__(self) -> str:
        return f"Pieces({self.count} on [{self.low:g}, {self.high:g}])"


def linear_pieces(network: nn.Module, low: float = -math.inf, high: float = math.inf) -> Pieces:
    r"""Return every straight piece of a network of one input and one output.

    Layer by layer, each unit's preactivation $z = sx + c$ is straight on each piece so far; the
    piece is split where z meets a kink $\kappa$ of the activation, at $x = (\kappa - c)/s$.

    Args:
        network: Linear layers and piecewise-linear activations in (nested) nn.Sequential, with
            widths[0] = widths[-1] = 1.
        low: left end of the domain, dimensionless; may be -inf.
        high: right end of the domain, above low; may be inf.

    Returns:
        Pieces, where neighbours have different slopes; `.count` is their number.

    Raises:
        InvalidTypeError: a module or an end of another kind.
        InvalidValueError: an activation that is bent or jumps, other than one input and output,
            layers that do not fit, weights that are not finite, or low >= high.

    Conventions: computed in float64 from the stored weights, whatever their dtype. Kinks, and
        slopes of neighbours, count as equal if they differ by less than 64 times the rounding of
        the terms that they are added from. RReLU has its slope of evaluation mode.

    References: [Montufar2014].

    Example:
        >>> from relukit.networks import mlp
        >>> network = mlp([1, 9, 1], seed=0)
        >>> linear_pieces(network).count
        10
    """
    low, high = _domain(low, high)
    line = Line(low, high)
    with np.errstate(over="ignore", invalid="ignore"):  # _merged refuses what overflowed
        for module in _modules(network):
            if isinstance(module, nn.Linear):
                line.affine(module)
            else:
                line.bend(module)
    if line.width != 1:
        raise InvalidValueError("one output", str(line.width), "pass a network of one output")
    return _merged(line)


def _merged(line: Line) -> Pieces:
    slope, terms = line.slope[:, 0], ROUNDING * line.slope_terms[:, 0]
    if not (np.isfinite(terms).all() and np.isfinite(line.offset_terms).all()):
        raise InvalidValueError(
            "weights whose products fit into float64", "an overflow", "scale the weights down"
        )
    kept = [0]
    for i in range(1, len(slope)):
        if abs(slope[i] - slope[kept[-1]]) > terms[i] + terms[kept[-1]]:
            kept.append(i)
    return Pieces(
        knots=line.ends[kept[1:]],
        slopes=slope[kept],
        intercepts=line.offset[kept, 0],
        low=float(line.ends[0]),
        high=float(line.ends[-1]),
        n_patterns=len(slope),
    )


def _domain(low: object, high: object) -> tuple[float, float]:
    ends: list[float] = []
    for name, end in (("low", low), ("high", high)):
        if not is_real(end):
            raise InvalidTypeError(f"a number as {name}", type(end).__name__, "pass a float")
        ends.append(float(end))
    if not ends[0] < ends[1]:
        raise InvalidValueError("low < high", f"low {low} and high {high}", "pass a range")
    return ends[0], ends[1]


def _modules(network: object) -> Iterator[nn.Module]:
    if not isinstance(network, nn.Module):
        raise InvalidTypeError("a torch.nn.Module", type(network).__name__, "pass a network")
    if isinstance(network, nn.Sequential):
        for module in network:
            yield from _modules(module)
    else:
        yield network
