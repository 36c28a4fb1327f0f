"""How alike two inputs become with depth, and how alike the gradients at two inputs stay."""

import math

import numpy as np
import torch
from torch import Tensor

from relukit.diagnostics import activations
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization.experiments.layers import fresh, inputs, width_of
from relukit.statistics import Interval, interval

DEPTH = 20
N_POINTS = 256


def arc_cosine(c: float | np.ndarray | Tensor) -> Tensor:
    r"""Return the cosine of two rectified Gaussian vectors whose own cosine is c.

    It is $(\sqrt{1 - c^2} + c\,(\pi - \arccos c))/\pi$, as for infinitely many units.

    Args:
        c: cosines from -1 to 1, dimensionless.

    Returns:
        A float64 tensor of the shape of c.

    References: [Cho2009].

    Example:
        >>> [round(float(arc_cosine(c)), 6) for c in (-1.0, 0.0, 1.0)]
        [0.0, 0.31831, 1.0]
    """
    c = torch.as_tensor(c, dtype=torch.float64).clamp(-1, 1)
    return (torch.sqrt(1 - c * c) + c * (math.pi - torch.arccos(c))) / math.pi


def predicted_cosines(depth: int, *, start: float = 0.0) -> list[float]:
    """Return the cosine of two inputs after 0 to `depth` layers of infinite width.

    Args:
        depth: layers.
        start: cosine of the inputs, dimensionless.

    Example:
        >>> [round(c, 3) for c in predicted_cosines(3)]
        [0.0, 0.318, 0.494, 0.605]
    """
    cosines = [torch.tensor(start, dtype=torch.float64)]
    for _ in range(depth):
        cosines.append(arc_cosine(cosines[-1]))
    return [float(c) for c in cosines]


def mean_cosine(a: Tensor) -> float:
    """Return the mean cosine over all pairs of rows of a, (n, width).

    Args:
        a: activations, none of whose rows is 0.

    Example:
        >>> mean_cosine(torch.eye(3)), mean_cosine(torch.ones(3, 2))
        (0.0, 1.0)
    """
    unit = a.double() / a.double().norm(dim=1, keepdim=True)
    n = len(unit)
    return round(((unit @ unit.T).sum().item() - n) / (n * (n - 1)), 12)


def fixed_units(a: Tensor) -> float:
    """Return the share of units that are on for every row of a, or off for every row.

    Args:
        a: activations, (n, units).

    Example:
        >>> fixed_units(torch.tensor([[1.0, 0.0, 2.0, 0.0], [3.0, 0.0, 0.0, 1.0]]))
        0.5
    """
    on = (a > 0).double().mean(dim=0)
    return float(((on == 0) | (on == 1)).double().mean())


@kept.cache
def through_layers(setting: Setting = STATED) -> tuple[dict[str, list[float]], ...]:
    """Return for each seed, by layer: cosine of two inputs, share of zeros, share of fixed units.

    He's weights, biases 0, 20 layers of 256 units, 256 standard normal inputs.

    Args:
        setting: the seeds, and the factor of the width.
    """
    width, found = width_of(setting), []
    for seed in setting.seeds:
        network = fresh((width,) * (DEPTH + 1) + (1,), "relu", "he_normal", seed=seed)
        hidden = activations(network, inputs(N_POINTS, width, seed=seed))
        found.append(
            {
                "cosine": [mean_cosine(a) for a in hidden],
                "zeros": [float((a == 0).double().mean()) for a in hidden],
                "fixed": [fixed_units(a) for a in hidden],
            }
        )
    return tuple(found)


def at_layer(quantity: str, layer: int) -> Interval:
    """Return the interval over seeds of a quantity of `through_layers` at a layer from 1 up.

    Args:
        quantity: "cosine", "zeros" or "fixed".
        layer: 1 to 20.
    """
    return interval([one[quantity][layer - 1] for one in through_layers()])


def cosines_by_layer() -> Measured:
    """Measure the cosine of two inputs after 1, 5 and 20 layers."""
    return {f"after {n} layer{'s' * (n > 1)}": at_layer("cosine", n) for n in (1, 5, 20)}


def two_inputs_become_alike(setting: Setting = STATED) -> Measured:
    """Compare the cosine of two inputs with the arc-cosine map, layer by layer.

    Args:
        setting: the seeds, and the factor of the width.
    """
    expected, found = predicted_cosines(DEPTH), through_layers(setting)
    parts = {}
    for layer in (1, 5, 20):
        gaps = interval([one["cosine"][layer - 1] - expected[layer] for one in found])
        what = f"cosine of two inputs after layer {layer}, less the map's {expected[layer]:.3f}"
        parts[what] = gaps
    return parts


def difference_left(
    layers: int, *, weight: float, bias: float = 0.0, start: float = 0.5
) -> list[float]:
    r"""Return 1 - c of two inputs after 0 to `layers` ReLU layers of infinite width.

    Both begin with the mean square 1, which a layer multiplies by $\sigma_w^2/2$ before it adds
    $\sigma_b^2$. The biases are random, and the same for both: of what the arc-cosine map leaves
    of $1 - c$, the share stays that the weights have in the new mean square.

    Args:
        layers: how many, at least 0.
        weight: $\sigma_w^2$, n times the variance of a weight, above 0.
        bias: $\sigma_b^2$, the variance of a bias, at least 0.
        start: the inputs' correlation, from -1 to 1.

    References: [Poole2016], [Hayou2019].

    Example:
        >>> [round(d, 3) for d in difference_left(2, weight=2.0, start=0.0)]
        [1.0, 0.682, 0.506]
    """
    square, left = 1.0, [1 - start]
    for _ in range(layers):
        # 1 - arc_cosine(1 - d), written with the angle so that small d keep their digits
        angle = 2 * math.asin(math.sqrt(left[-1] / 2))
        gained = (math.sin(angle) - angle * math.cos(angle)) / math.pi
        kept = weight / 2 * square
        share = 1 / (1 + bias / kept) if bias else 1.0  # without, however small or large kept is
        left.append(share * (left[-1] - gained))
        square = kept + bias
    return left


def edge_of_chaos() -> Measured:
    """Follow the difference of two inputs on the edge of chaos and off it, from layer 20 to 60."""
    parts = {}
    for weight, bias, said in (
        (2.0, 0.0, "on the edge (weights 2/n, no biases)"),
        (1.5, 0.25, "off it (weights 1.5/n, random biases)"),
        (1.5, 0.0, "off it (weights 1.5/n, no biases)"),
        (2.5, 0.25, "off it (weights 2.5/n, random biases)"),
    ):
        left = difference_left(60, weight=weight, bias=bias)
        lost = math.log10(left[20] / left[60])
        what = f"decades of difference lost from layer 20 to 60, {said}"
        parts[what] = lost
    return parts
