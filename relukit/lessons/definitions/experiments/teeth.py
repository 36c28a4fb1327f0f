"""What depth can draw and what training finds: teeth folded by hand, and learned from points.

A layer of two units folds the line: 2 f(x) - 4 f(x - 1/2) is 0 at 0, 1 in the middle and 0 again at
1. Folding k times draws 2^k straight pieces with 2k units.
"""

import torch
from torch import nn

from relukit.ledger import kept
from relukit.ledger.arms import best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED
from relukit.networks import mlp
from relukit.statistics import interval
from relukit.streams import generator
from relukit.training import Adam

FOLDS = 4  # of what is to be learned: 16 pieces, 8 teeth
SHAPES = {"one layer of 128": (128,), "four layers of 32": (32,) * 4}
STEPS, RATES, POINTS = 800, (0.001, 0.003, 0.01, 0.03), 256


def folded(folds: int) -> nn.Sequential:
    """Return the network of 2 * folds units that draws 2 ** folds pieces on [0, 1], float64.

    Args:
        folds: hidden layers of two units, at least 1.

    References: [Montufar2014].

    Example:
        >>> folded(2)(torch.tensor([[0.0], [0.25], [0.5], [0.75]]).double())[:, 0].tolist()
        [0.0, 1.0, 0.0, 1.0]
    """
    once = torch.tensor([[2.0, -4.0]], dtype=torch.float64)
    both, shift = torch.ones(2, 1, dtype=torch.float64), torch.tensor([0.0, -0.5]).double()
    layers: list[nn.Module] = []
    for fold in range(folds):
        hidden = nn.Linear(1 if fold == 0 else 2, 2, dtype=torch.float64)
        with torch.no_grad():
            hidden.weight.copy_(both if fold == 0 else both @ once)
            hidden.bias.copy_(shift)
        layers += [hidden, nn.ReLU()]
    output = nn.Linear(2, 1, bias=False, dtype=torch.float64)
    with torch.no_grad():
        output.weight.copy_(once)
    return nn.Sequential(*layers, output).requires_grad_(requires_grad=False)


def points(seed: int) -> tuple[torch.Tensor, ...]:
    """Return random points of the teeth to learn from, and an even grid to be judged on.

    Args:
        seed: draws the points.

    Returns:
        x and y to learn, (256, 1), and x and y of the grid, (513, 1); x from -1 to 1.
    """
    teeth = folded(FOLDS)
    x = torch.rand(POINTS, 1, generator=generator(seed, "points"), dtype=torch.float64)
    grid = torch.linspace(0, 1, 513, dtype=torch.float64)[:, None]
    return tuple(part.float() for part in (2 * x - 1, teeth(x), 2 * grid - 1, teeth(grid)))


def spread(widths: tuple[int, ...], seed: int) -> nn.Sequential:
    """Return a network with He's weights whose first kinks are spread evenly over -1 to 1.

    With biases of 0 all of them would begin in one point, and a wide layer would be at a loss.

    Args:
        widths: 1, the hidden layers' units, outputs.
        seed: draws weights and kinks.
    """
    draws = generator(seed, "kinks")
    network = mlp(widths, "relu", scheme="he_normal", seed=seed)
    first = network[0]
    assert isinstance(first, nn.Linear)
    with torch.no_grad():
        kinks = 2 * torch.rand(first.out_features, generator=draws) - 1
        first.bias.copy_(-first.weight[:, 0] * kinks)
    return network


@kept.cache
def learned(shape: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the grid, and what 16 trained networks of a shape draw there, and the share missed.

    Args:
        shape: a key of SHAPES.

    Returns:
        x (513,) from 0 to 1, outputs (16, 513), and each one's mean square error as a share of the
        teeth's variance, (16,).
    """
    found = best_of(
        lambda seed: spread((1, *SHAPES[shape], 1), seed), points,
        rates=RATES, steps=STEPS, optimizer=Adam(), batch_size=POINTS,
    )  # fmt: skip
    _, _, x, y = points(0)
    with torch.no_grad():
        drawn = torch.stack([found.runs.network(seed=s)(x)[:, 0] for s in STATED.seeds])
    missed = (drawn - y[:, 0]).square().mean(1) / y.var(correction=0)
    return (x[:, 0] + 1) / 2, drawn, missed


def missed() -> Measured:
    """Train 16 networks of each shape on points of eight teeth and see which share they miss."""
    return {
        f"share of eight teeth that {shape} miss": interval(learned(shape)[2].tolist())
        for shape in SHAPES
    }
