"""The units of a network along one line: straight pieces, split where a unit meets a kink."""

import numpy as np
from torch import nn

from relukit.diagnostics.branches import branches
from relukit.errors import InvalidValueError

# Numbers that differ by less than 64 units of rounding of the terms they were added from are equal.
ROUNDING = 64 * np.finfo(np.float64).eps


class Line:
    """All units of one layer as straight pieces: z = slope * x + offset, each (pieces, units).

    Args:
        low: left end of the line.
        high: right end of the line.

    Example:
        >>> line = Line(-2.0, 2.0)
        >>> line.bend(nn.ReLU())
        >>> line.ends.tolist(), line.slope.tolist()
        ([-2.0, 0.0, 2.0], [[0.0], [1.0]])
    """

    def __init__(self, low: float, high: float) -> None:
        self.ends, self.doubt = np.array([low, high]), np.zeros(2)
        self.slope, self.offset = np.ones((1, 1)), np.zeros((1, 1))
        # what was added up, without signs: the scale of the rounding error
        self.slope_terms, self.offset_terms = np.ones((1, 1)), np.zeros((1, 1))

    @property
    def width(self) -> int:
        """Number of units."""
        return self.slope.shape[1]

    def affine(self, layer: nn.Linear) -> None:
        """Replace the units by the layer's, W z + b."""
        weight, bias = (
            np.zeros(layer.out_features) if part is None else part.detach().double().cpu().numpy()
            for part in (layer.weight, layer.bias)
        )
        if weight.shape[1] != self.width:
            raise InvalidValueError(
                "one input, and layers that fit",
                f"{layer} behind {self.width} unit{'s' if self.width > 1 else ''}",
                "pass a network of one input",
            )
        if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
            raise InvalidValueError(
                "finite weights", f"nan or infinity in {layer}", "look where training diverged"
            )
        self.slope, self.offset = self.slope @ weight.T, self.offset @ weight.T + bias
        self.slope_terms = self.slope_terms @ np.abs(weight).T
        self.offset_terms = self.offset_terms @ np.abs(weight).T + np.abs(bias)

    def bend(self, module: nn.Module) -> None:
        """Replace z by f(z), after splitting the line where a unit meets a kink of f."""
        kinks, slopes, intercepts = branches(module, self.width)
        self.split(kinks)
        z = self.slope * _inside(self.ends)[:, None] + self.offset
        branch, unit = np.searchsorted(kinks, z), np.arange(self.width)
        slope, intercept = slopes[branch, unit], intercepts[branch, unit]
        self.slope, self.offset = slope * self.slope, slope * self.offset + intercept
        self.slope_terms = np.abs(slope) * self.slope_terms
        self.offset_terms = np.abs(slope) * self.offset_terms + np.abs(intercept)

    def split(self, kinks: np.ndarray) -> None:
        """Split the pieces where a unit's z equals one of the kinks."""
        slope = self.slope[..., None]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            x = (kinks - self.offset[..., None]) / slope
            terms = self.offset_terms[..., None] + np.abs(x) * self.slope_terms[..., None]
            doubt = ROUNDING * (terms + np.abs(kinks)) / np.abs(slope)
            left, right = (self.ends + s * self.doubt for s in (1, -1))
            inside = (x - doubt > left[:-1, None, None]) & (x + doubt < right[1:, None, None])
            real = np.abs(slope) > ROUNDING * self.slope_terms[..., None]
            found = inside & real & np.isfinite(x)
        piece = np.nonzero(found)[0]
        order = np.lexsort((x[found], piece))
        knots: list[list[tuple[float, float]]] = [[] for _ in range(len(self.slope))]
        for i, at, unsure in zip(
            piece[order].tolist(),
            x[found][order].tolist(),
            doubt[found][order].tolist(),
            strict=True,
        ):
            if knots[i] and at - knots[i][-1][0] <= unsure + knots[i][-1][1]:
                knots[i][-1] = min(knots[i][-1], (at, unsure), key=lambda knot: knot[1])
            else:
                knots[i].append((at, unsure))
        copies = [len(new) + 1 for new in knots]
        ends, doubts = [self.ends[0]], [self.doubt[0]]
        for i, new in enumerate(knots):
            ends += [at for at, _ in new] + [self.ends[i + 1]]
            doubts += [unsure for _, unsure in new] + [self.doubt[i + 1]]
        self.ends, self.doubt = np.array(ends), np.array(doubts)
        for name in ("slope", "offset", "slope_terms", "offset_terms"):
            setattr(self, name, np.repeat(getattr(self, name), copies, axis=0))


def _inside(ends: np.ndarray) -> np.ndarray:
    left, right = ends[:-1].copy(), ends[1:].copy()
    if len(left) == 1 and np.isinf(ends).all():
        return np.zeros(1)
    left[0] = left[0] if np.isfinite(left[0]) else right[0] - max(1.0, abs(right[0]))
    right[-1] = right[-1] if np.isfinite(right[-1]) else left[-1] + max(1.0, abs(left[-1]))
    return left + (right - left) / 2
