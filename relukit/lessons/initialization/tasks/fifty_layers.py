"""The capstone of lesson 05: fifty layers of ReLU that learn five spirals in 100 steps."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, vector
from relukit.checks.harnesses.floors import ARMS, LAYERS, POINTS, STEPS, as_fifty
from relukit.checks.task import Misconception, Task

BAR = 0.8  # as the task's text states; floors that open from 0 reach 0.88 to 1 in 40 trials
_EXPLODES = 5.0  # decades


def fifty_layers(seed):
    return _truth(seed), 0.0, False


def _truth(seed: int) -> np.ndarray:
    from relukit.datasets import spirals

    return spirals(POINTS, arms=ARMS, seed=seed).y_test.numpy()


def _kind(seed: int, found: Any) -> tuple[str, str]:
    """Return of which kind an answer is, and what is said of it; both empty where it is right."""
    if isinstance(found, str) and found:
        return found, found
    labels, grown, normalized = (
        found if isinstance(found, tuple) and len(found) == 3 else [None] * 3
    )
    truth, named, decades = _truth(seed), vector(labels), number(grown)
    whole = named is not None and named.shape == truth.shape
    share = float((truth == named).mean()) if whole else 0.0
    if share >= BAR:
        return "", ""
    explodes = decades is not None and decades > _EXPLODES
    kind = "normalized" if normalized is True else "explodes" if explodes else "fades"
    return kind, (
        f"after {STEPS} steps {100 * share:.0f} % of the new points are right, and"
        f" {100 * BAR:.0f} % are due; before training the power gains {decades or 0.0:.1f} decades"
        " from the first ReLU to the last"
    )


def _compare(arguments: Arguments, expected: Any, got: Any) -> str | None:
    (seed,) = arguments
    due, _ = _kind(seed, expected)
    kind, said = _kind(seed, got)
    if due:  # two wrong answers, compared
        return None if kind == due else "another"
    return said or None


def tower(floor, *, floors=LAYERS - 1, width=32):
    """Return an answer: a first layer, equal floors that a function makes of a width, a last."""

    def answer(seed):
        from torch import nn

        def linear(n, m):
            made = nn.Linear(n, m)
            nn.init.kaiming_normal_(made.weight, nonlinearity="relu")
            nn.init.zeros_(made.bias)
            return made

        built = [floor(nn, linear(width, width)) for _ in range(floors)]
        return nn.Sequential(linear(2, width), nn.ReLU(), *built, linear(width, ARMS))

    return answer


def around(factor, activation="ReLU"):
    """Return what makes floors x + factor * f(x); None is a number that is learned from 0."""

    def floor(nn, linear):
        import torch

        class Floor(nn.Module):
            def __init__(self):
                super().__init__()
                self.linear, self.activation = linear, getattr(nn, activation)()
                self.alpha = nn.Parameter(torch.zeros(())) if factor is None else factor

            def forward(self, x):
                return x + self.alpha * self.activation(self.linear(x))

        return Floor()

    return floor


def _nothing(nn, linear):
    return nn.Sequential(linear, nn.ReLU())


def _normalized(nn, linear):
    return nn.Sequential(linear, nn.LayerNorm(linear.out_features), nn.ReLU())


def _one_for_all(seed):
    from torch import nn

    made = tower(around(None))(seed)
    return nn.Sequential(*made[:2], *[made[2]] * (LAYERS - 1), made[-1])


TASK = Task(
    points=4,
    title="Fifty layers",
    minutes=25,
    difficulty="hard",
    why="With all that this lesson has, a network that is far too deep learns in a few seconds.",
    hints=(
        "Which layer of section 7 has the signal of its input, whatever its own weights are?",
        "The Opening of section 7 will do, 49 times: a first layer before them makes 32 numbers of"
        " two, a last one behind them makes five scores. He weights, biases at 0.",
        "class Opening(nn.Linear):",
    ),
    reference=fifty_layers,
    boundary=((1,),),
    redrawn=lambda chance: ((int(chance.integers(2, 2**31)),),),
    compare=_compare,
    harness=as_fifty,
    several=True,
    calls=1,
    misconceptions=(
        Misconception(
            "these are fifty layers with no way around: the power sinks, inputs become alike, and"
            " 100 steps are too few",
            tower(_nothing),
        ),
        Misconception(
            "a plain way around adds as much as came in in each layer, and the signal explodes: let"
            " each layer begin by adding little",
            tower(around(1.0)),
        ),
        Misconception(
            "normalization alone is not enough here: leave the signal a way around",
            tower(_normalized),
        ),
        Misconception(
            "this has a few layers only: they learn the spirals, too, but fifty are asked for",
            tower(around(None), floors=2),
        ),
        Misconception(
            "these layers are shut for good: 0 times anything neither helps nor learns",
            tower(around(0.0)),
        ),
        Misconception(
            "one layer is used again and again: each needs weights of its own", _one_for_all
        ),
        Misconception(
            "this has tanh in the place of ReLU: fifty layers of ReLU are asked for",
            tower(around(None, "Tanh")),
        ),
        Misconception(
            "this has leaky ReLU in the place of ReLU: fifty layers of ReLU are asked for",
            tower(around(None, "LeakyReLU")),
        ),
        Misconception(
            "this is wider than 64 units: a narrow network is the task",
            tower(around(None), width=128),
        ),
    ),
)
