"""The other half, filled as you like: a rectifier whose left half goes through points."""

import itertools
import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.gaussian import gain
from relukit.initialization import initialize
from relukit.ledger import kept
from relukit.ledger.arms import best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import Elementwise
from relukit.networks.perceptron import layered
from relukit.quantities import real
from relukit.statistics import interval
from relukit.training import Adam
from relukit.training.tuning import FEW_TUNING_SEEDS

REACH = 4  # points on the left: at -4, -3, -2 and -1
MOST = 10.0
RATES, STEPS, HIDDEN = (0.003, 0.01, 0.03), 200, (64, 64)
# What stands at -4, -3, -2 and -1.
LEFTS = {
    "flat (ReLU)": (0.0, 0.0, 0.0, 0.0),
    "mirror": (4.0, 3.0, 2.0, 1.0),
    "straight on": (-4.0, -3.0, -2.0, -1.0),
    "zigzag": (-1.0, 1.0, -1.0, 1.0),
}


class Filled(Elementwise):
    r"""The function that is x right of 0, and left of it goes through four points and straight on.

    It works element by element, and is an `Elementwise` so that the engine knows.

    It is a sum of hinges: $f(x) = \max(0, x) + \sum_{k=0}^{3} c_k \max(0, -x - k)$, where $c_k$ is
    by how much its slope changes at $-k$.

    Args:
        left: f(-4), f(-3), f(-2) and f(-1), each from -10 to 10, dimensionless.

    Raises:
        InvalidTypeError, InvalidValueError: other than four such numbers.

    Example:
        >>> Filled([0.0, 0.0, 0.5, 1.0])(torch.tensor([-9.0, -2.5, -1.0, 3.0])).tolist()
        [0.0, 0.25, 1.0, 3.0]
    """

    def __init__(self, left: Sequence[float]) -> None:
        super().__init__("relu")
        self.left = checked(left)
        heights = (0.0, *reversed(self.left))
        slopes = [0.0, *(b - a for a, b in itertools.pairwise(heights))]
        self.bends = [b - a for a, b in itertools.pairwise(slopes)]

    def forward(self, x: Tensor) -> Tensor:
        """Return f of each element of x, in x's shape and dtype."""
        output = torch.relu(x)
        for k, bend in enumerate(self.bends):
            if bend:
                output = output + bend * torch.relu(-x - k)
        return output

    def extra_repr(self) -> str:
        """Return the four numbers, for the module's `repr`."""
        return repr(self.left)


def checked(left: Sequence[float]) -> tuple[float, ...]:
    """Return the four numbers of a left half as floats, or raise what is wrong with them.

    Args:
        left: f(-4), f(-3), f(-2) and f(-1).
    """
    do = "pass such as [0, -0.1, -0.3, -0.5]"
    if isinstance(left, str) or not isinstance(left, Sequence | Tensor):
        got = type(left).__name__
        raise InvalidTypeError("a list of four numbers, f(-4) to f(-1)", got, do)
    if len(left) != REACH:
        raise InvalidValueError("four numbers, f(-4), f(-3), f(-2), f(-1)", str(len(left)), do)
    return tuple(real("a point of the left half", y, least=-MOST, most=MOST, do=do) for y in left)


def builder(left: tuple[float, ...], setting: Setting = STATED) -> Callable[[int], nn.Module]:
    """Return the function seed -> network 40-64-64-10 whose units have this left half.

    Its first weights keep the power of a normal input from layer to layer.

    Args:
        left: as for `Filled`.
        setting: what is changed of the widths and the depth.
    """
    kinks = [-float(k) for k in range(REACH)]
    own = gain(Filled(left), kinks=kinks)
    widths = list(setting.widths((40, *HIDDEN, 10)))

    def build(seed: int) -> nn.Module:
        network = layered(widths, lambda: Filled(left))
        initialize(network, "lecun_normal", seed=seed, gain=own, bias=0.0)
        return network

    return build


def trained(left: Sequence[float], setting: Setting = STATED) -> list[float]:
    """Return the share of new signals of MNIST-1D that each seed's network gets right.

    200 steps of Adam at the rate that other seeds have chosen for this left half.

    Args:
        left: as for `Filled`.
        setting: the seeds, and what is changed.

    Raises:
        InvalidTypeError, InvalidValueError: what `Filled` refuses.
    """
    return _trained(checked(left), setting)


@kept.cache
def _trained(left: tuple[float, ...], setting: Setting) -> list[float]:
    found = best_of(
        builder(left, setting),
        "mnist1d",
        rates=RATES,
        steps=STEPS,
        optimizer=Adam(),
        setting=setting,
        tuning_seeds=FEW_TUNING_SEEDS,
    )
    accuracies: list[float] = found.runs.values("test_accuracy").flatten().tolist()
    return accuracies


def four_halves(setting: Setting = STATED) -> Measured:
    """Train all of LEFTS: the share of new signals that each gets right."""
    setting = setting.only("width", "depth", "optimizer", "steps")
    return {name: interval(trained(left, setting)) for name, left in LEFTS.items()}


def power_kept(left: Sequence[float]) -> float:
    """Return the mean square of what comes out, for a standard normal input.

    Example:
        >>> round(power_kept([0, 0, 0, 0]), 6)
        0.5
    """
    kinks = [-float(k) for k in range(REACH)]
    return math.pow(gain(Filled(left), kinks=kinks), -2)
