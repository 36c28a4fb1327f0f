"""How a network is judged by what it draws, whatever its weights are: the harness of `fold`."""

from collections.abc import Sequence

import numpy as np

from relukit.checks.call import Answer, Arguments
from relukit.checks.plain import Unusable, plain, real_numbers

UNITS = 2  # hidden units for each fold
WANTED = "the answer must be a list of layers, each a pair (weight, bias)"
_ROUNDING = 1e-12  # relative: what is smaller is 0
_STRAIGHT = 1e-9  # how far from a line a point may lie that is no corner

Layer = tuple[np.ndarray, np.ndarray]


def as_polyline(answer: Answer, arguments: Arguments) -> object:
    """Return the corners of what a learner's network draws on [0, 1], or what is wrong with it.

    Every place where a unit switches is worked out, so that nothing hides between two points.

    Args:
        answer: takes k, the number of folds; returns a (weight, bias) for each layer, the last of
            them without a ReLU.
        arguments: k.

    Returns:
        An array of shape (corners, 2), rows (x, y) from x = 0 to x = 1; or a text; or what came
        where it is no data.

    Example:
        >>> tent = [([[1], [1]], [0, -0.5]), ([[2, -4]], [0])]
        >>> as_polyline(lambda k: tent, (1,)).tolist()
        [[0.0, 0.0], [0.5, 1.0], [1.0, 0.0]]
    """
    value = answer(*arguments)
    pairs = plain(value)
    if pairs is None or isinstance(pairs, Unusable):
        return value
    if not isinstance(pairs, tuple | list) or not pairs:
        return WANTED
    layers = _layers(pairs, UNITS * arguments[0])
    if isinstance(layers, str):
        return layers
    with np.errstate(all="ignore"):
        x, y = _drawn(layers)
    if not np.isfinite(y).all():
        return "what the network draws is infinite or nan"
    return _corners(x, y)


def _layers(pairs: Sequence[object], allowed: int) -> list[Layer] | str:
    """Return the layers as arrays of fitting shapes, or what is wrong with them."""
    found: list[Layer] = []
    width = 1
    for place, pair in enumerate(pairs, start=1):
        layer = _layer(pair, width)
        if isinstance(layer, str):
            return f"layer {place}: {layer}"
        found.append(layer)
        width = len(layer[0])
    if width != 1:
        return f"the last layer must give one number, and gives {width}: is it missing?"
    units = sum(len(weight) for weight, _ in found[:-1])
    if units > allowed:
        return f"the network has {units} hidden units, and 2 k = {allowed} are allowed"
    return found


def _layer(pair: object, width: int) -> Layer | str:
    """Return the weight, one row a unit, and the bias of a layer that gets so many numbers."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        return "a pair (weight, bias) is due"
    weight, bias = (real_numbers(part) for part in pair)
    if weight is None or bias is None:
        return "weight and bias must be arrays of numbers"
    if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
        return "a weight or bias is infinite or nan"
    if weight.ndim < 2 and weight.size % width == 0:  # of one input, or of one unit
        weight = weight.reshape(-1, width)
    if weight.ndim != 2 or weight.shape[1] != width or not len(weight):
        numbers = "1 number" if width == 1 else f"{width} numbers"
        return f"it gets {numbers}, so weight must have shape (units, {width}), not {weight.shape}"
    if bias.size != 1 and bias.shape not in ((len(weight),), (len(weight), 1)):
        return f"it has {len(weight)} units, so bias must have shape ({len(weight)},)"
    return weight, np.broadcast_to(bias.reshape(-1), len(weight))


def _drawn(layers: list[Layer]) -> tuple[np.ndarray, np.ndarray]:
    """Return places from 0 to 1 between which the network is straight, and its height there."""
    x = np.array([0.0, 1.0])
    a = x[None]
    for weight, bias in layers[:-1]:
        x, z = _cut(x, weight @ a + bias[:, None])
        a = np.maximum(z, 0.0)
    weight, bias = layers[-1]
    return x, (weight @ a + bias[:, None])[0]


def _cut(x: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places with those added where a unit switches, and z of each unit there."""
    if not np.isfinite(z).all():
        return x, np.full_like(z, np.nan)
    z = np.where(np.abs(z) <= _ROUNDING * np.abs(z).max(axis=1, keepdims=True), 0.0, z)
    unit, piece = np.nonzero(np.sign(z[:, :-1]) * np.sign(z[:, 1:]) < 0)
    before, after = z[unit, piece], z[unit, piece + 1]
    new = x[piece] + before / (before - after) * (x[piece + 1] - x[piece])
    places = np.unique(np.concatenate([x, new]))
    return places, np.stack([np.interp(places, x, row) for row in z])


def _corners(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the ends of a broken line and the places where it bends, as rows (x, y)."""
    flat = _STRAIGHT * max(1.0, float(np.abs(y).max()))
    apart = (np.diff(x, prepend=-1.0) > _ROUNDING) | (np.abs(np.diff(y, prepend=np.inf)) > flat)
    apart[-1] = True
    y = np.where(np.abs(y) <= _ROUNDING * max(1.0, float(np.abs(y).max())), 0.0, y)
    points = np.column_stack([x, y])[apart]
    (x0, y0), (x1, y1), (x2, y2) = (part.T for part in (points[:-2], points[1:-1], points[2:]))
    bends = np.abs(y0 + (y2 - y0) * (x1 - x0) / (x2 - x0) - y1) > flat
    kept = points[np.concatenate([[True], bends, [True]])]
    same = np.abs(np.interp(x, *kept.T) - y) <= flat
    return kept if same.all() else np.column_stack([x, y])
