"""The straight branches of an activation module: where they meet, their slopes and intercepts."""

import copy
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import Elementwise

# Exact types: a subclass may compute something else.
KINKS: dict[type[nn.Module], Callable[[Any], tuple[float, ...]]] = {
    nn.Identity: lambda module: (),
    nn.ReLU: lambda module: (0.0,),
    nn.LeakyReLU: lambda module: (0.0,),
    nn.PReLU: lambda module: (0.0,),
    nn.RReLU: lambda module: (0.0,),
    nn.ReLU6: lambda module: (0.0, 6.0),
    nn.Hardtanh: lambda module: (module.min_val, module.max_val),
    nn.Hardsigmoid: lambda module: (-3.0, 3.0),
    nn.Softshrink: lambda module: (-module.lambd, module.lambd),
    nn.Threshold: lambda module: (module.threshold,),
    Elementwise: lambda module: module.activation.kinks,
}


def branches(module: nn.Module, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return kinks (k,), slopes (k + 1, width) and intercepts (k + 1, width), all float64.

    Args:
        module: an element-wise activation, in evaluation mode (which fixes RReLU's slope).
        width: number of units; a PReLU may have one slope for each.

    Raises:
        InvalidTypeError: the kinks of this type of module are not known.
        InvalidValueError: the function is bent between its kinks, or jumps.

    Example:
        >>> kinks, slopes, intercepts = branches(nn.ReLU6(), 1)
        >>> kinks.tolist(), slopes.ravel().tolist(), intercepts.ravel().tolist()
        ([0.0, 6.0], [0.0, 1.0, 0.0], [0.0, 0.0, 6.0])
    """
    if type(module) not in KINKS:
        raise InvalidTypeError(
            "Linear layers and piecewise-linear activations in nn.Sequential",
            type(module).__name__,
            f"build the network from: Linear, {', '.join(sorted(t.__name__ for t in KINKS))}",
        )
    kinks = np.array(sorted(set(KINKS[type(module)](module))), dtype=np.float64)
    inner = kinks if len(kinks) else np.zeros(1)
    edges = [inner[0] - 16, *inner, inner[-1] + 16]
    if not len(kinks):
        edges = [-16.0, 16.0]
    slopes, intercepts = [], []
    module = copy.deepcopy(module).double().cpu().eval()
    for left, right in itertools.pairwise(edges):
        # the ends belong to the branch too if it is continuous, so they are probed as well
        points = left + (right - left) * np.array([0.25, 0.75, 0.0, 0.125, 0.5, 1.0])
        columns = torch.from_numpy(points)[:, None].repeat(1, width)
        with torch.no_grad():
            values = module(columns).numpy()
        slope = (values[1] - values[0]) / (points[1] - points[0])
        intercept = values[0] - slope * points[0]
        straight = slope * points[:, None] + intercept
        if not np.allclose(values, straight, rtol=1e-12, atol=1e-12 * (1 + np.abs(points).max())):
            raise InvalidValueError(
                "an activation made of straight lines without jumps",
                f"{module}, which is none between {left:g} and {right:g}",
                "use a piecewise-linear one, such as 'relu', 'leaky_relu' or 'absolute'",
            )
        slopes.append(slope)
        intercepts.append(intercept)
    return kinks, np.stack(slopes), np.stack(intercepts)
