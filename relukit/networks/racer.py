"""The networks of the race: one size, one start, and six rules for what a unit lets through."""

import itertools

import torch
from torch import Tensor, nn

from relukit.datasets import spirals
from relukit.initialization import initialize
from relukit.streams import generator

WIDTHS = (2, 32, 32, 2)
COINS = sum(WIDTHS[1:-1])  # one for each hidden unit
RULES = (
    "keeps every number",
    "drops the same half every time",
    "drops a random half each time",
    "keeps a number if it is positive",
    "keeps a number if a stranger's is positive",
    "drops the sign",
)


class Racer(nn.Module):
    """A perceptron 2-32-32-2 whose hidden units let through what its arm says.

    Args:
        arm: one of RULES.
        seed: of the weights, of the half that one of the arms drops for good, and of the stranger.

    Conventions: behind the two coordinates an input carries a coin, 0 or 1, for each hidden unit,
        at which only the arm with the random half looks. The stranger is a network of the same
        size with other first weights, which never learns: its units are on or off, and this says
        which numbers are kept.

    Example:
        >>> Racer("keeps every number", seed=0)(torch.zeros(3, 2 + COINS)).shape
        torch.Size([3, 2])
    """

    kept: Tensor

    def __init__(self, arm: str, *, seed: int) -> None:
        super().__init__()
        self.arm = arm
        self.layers = nn.ModuleList(nn.Linear(n, m) for n, m in itertools.pairwise(WIDTHS))
        initialize(self, "he_normal", seed=seed, bias=0.0)
        for place, (n, m) in enumerate(itertools.pairwise(WIDTHS[:-1])):
            drawn = torch.randn(m, n, generator=generator(seed, f"stranger {place}"))
            self.register_buffer(f"stranger{place}", drawn * (2 / n) ** 0.5)
        kept = torch.randint(2, (COINS,), generator=generator(seed, "kept"))
        self.register_buffer("kept", kept.float())

    def forward(self, x: Tensor) -> Tensor:
        """Return one score for each arm of the spiral, (n, 2), of inputs (n, 2 + COINS)."""
        a, coins = x[:, :2], x[:, 2:]
        theirs = a
        for place, layer in enumerate(self.layers[:-1]):
            mine = slice(place * WIDTHS[1], (place + 1) * WIDTHS[1])
            a = layer(a)
            if self.arm == "drops the same half every time":
                a = a * self.kept[mine]
            elif self.arm == "drops a random half each time":
                a = a * coins[:, mine]
            elif self.arm == "keeps a number if it is positive":
                a = a.relu()
            elif self.arm == "keeps a number if a stranger's is positive":
                theirs = (theirs @ self.get_buffer(f"stranger{place}").T).relu()
                a = a * (theirs > 0)
            elif self.arm == "drops the sign":
                a = a.abs()
        return self.layers[-1](a)


def race_points(seed: int, *, steps: int, batch_size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return a spiral's training points, as often as the batches need them, and its test points.

    Each time that a point is seen, it comes with coins that were not thrown before.

    Args:
        seed: of the points and of the coins.
        steps: of the race.
        batch_size: points a step.
    """
    found, stream = spirals(400, seed=seed), generator(seed, "coins")
    again = -(-steps * batch_size // len(found.x_train))

    def thrown(x: Tensor) -> Tensor:
        coins = torch.randint(2, (len(x), COINS), generator=stream)
        return torch.cat([x, coins.to(x.dtype)], 1)

    x, y = found.x_train.repeat(again, 1), found.y_train.repeat(again)
    return thrown(x), y, thrown(found.x_test), found.y_test
