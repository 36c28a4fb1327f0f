r"""Units and networks that are dead before the first step.

Both bounds are exact consequences of symmetric weights without biases and one input. Follow one
sign of the input through the layers: whatever reaches a layer of N units, all of them are off with
probability $p = 2^{-N}$, so this sign is dead after H layers with probability
$1 - (1 - p)^H$. The network is born dead when both signs are; that is no more likely, hence the
upper bound. In the first layer a unit is on for exactly one sign. Later the two signs reach a layer
as two non-negative vectors, whose angle is at most 90 degrees, so both die in it with probability
$4^{-N}$ or more; with exactly $4^{-N}$ they would die independently, hence the lower bound.
"""

import math
from types import MappingProxyType

import torch
from torch import Tensor

from relukit.initialization import initialize
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.meaning import DEEP_WIDTHS, dead_units
from relukit.lessons.dying.experiments.population import MOMENTUM
from relukit.networks import mlp
from relukit.quantities import integer, real
from relukit.statistics import Interval, interval, paired_difference, proportion
from relukit.streams import generator
from relukit.training import SGD, Adam, tuned
from relukit.training.tuning import FEW_TUNING_SEEDS

N_NETWORKS = 2000
SCHEMES = ("pytorch", "pytorch, biases 0", "he_normal")
NARROW = (64, *[32] * 10, 10)
Arm = tuple[str, str, SGD | Adam]  # activation, scheme of the weights, optimizer
ARMS: MappingProxyType[str, Arm] = MappingProxyType(
    {
        "ReLU, default": ("relu", "pytorch", MOMENTUM),
        "Swish, default": ("silu", "pytorch", MOMENTUM),
        "ReLU, default, Adam": ("relu", "pytorch", Adam()),
        "Swish, default, Adam": ("silu", "pytorch", Adam()),
        "ReLU, He": ("relu", "he_normal", MOMENTUM),
        "Swish, He": ("silu", "he_normal", MOMENTUM),
    }
)


@kept.cache
def died_at(
    width: int, *, layers: int = 100, n: int = N_NETWORKS, seed: int = STATED.seeds.start
) -> Tensor:
    """Return in which hidden layer each of n random networks with one input is born dead.

    Args:
        width: units in each hidden layer, at least 1.
        layers: how many hidden layers are drawn.
        n: networks; standard normal weights, no biases.
        seed: of all of them.

    Returns:
        int64 of shape (n,): 1 to `layers`, or layers + 1 where a signal comes through.

    Conventions: without biases the size of the weights does not matter; each layer's output is
        divided by its largest entry, so that nothing under- or overflows.

    Example:
        >>> bool((died_at(1, n=50) <= 100).all())
        True
    """
    stream = generator(seed, f"born dead, width {width}")
    signal = torch.tensor([[1.0, -1.0]]).expand(n, 1, 2)
    found = torch.full((n,), layers + 1)
    for layer in range(1, layers + 1):
        weight = torch.randn(n, width, signal.shape[1], generator=stream)
        signal = torch.relu(weight @ signal)
        largest = signal.amax((1, 2), keepdim=True)
        found[(largest[:, 0, 0] == 0) & (found > layers)] = layer
        signal = signal / largest.clamp_min(1e-30)
    return found


def born_dead(
    width: int, layers: int, *, seed: int = STATED.seeds.start, n: int = N_NETWORKS
) -> Interval:
    """Return the share of random networks that are born dead, with Wilson's interval.

    Args:
        width: units in each hidden layer.
        layers: hidden layers, 1 to 100.
        seed: of all networks.
        n: networks.
    """
    return proportion(int((died_at(width, seed=seed, n=n) <= layers).sum()), n)


def born_dead_bounds(width: int, layers: int) -> tuple[float, float]:
    r"""Return $2p q + (1 - 2p) q^2$ with $q = 1 - (1-p)^{H-1}$, and $1 - (1-p)^H$, $p = 2^{-N}$.

    Args:
        width: N, units in each hidden layer, at least 1.
        layers: H, hidden layers, at least 1.

    Returns:
        A lower and an upper bound of the probability that a network is born dead; one input, no
        biases. The two meet the exact value at H = 2 (lower).

    Example:
        >>> born_dead_bounds(2, 2)
        (0.15625, 0.4375)
    """
    width, layers = integer("width", width, least=1), integer("layers", layers, least=1)
    p = 2.0**-width
    later = 1 - (1 - p) ** (layers - 1)
    return 2 * p * later + (1 - 2 * p) * later**2, 1 - (1 - p) ** layers


def width_for(layers: int, chance: float) -> int:
    r"""Return the smallest width $N \ge \log_2(H / \delta)$, which keeps the chance below delta.

    Args:
        layers: H, hidden layers.
        chance: delta, between 0 and 1.

    Raises:
        InvalidValueError: no layer, or a chance that is none.

    Example:
        >>> width_for(100, 0.05)
        11
    """
    layers = integer("layers", layers, least=1)
    chance = real("chance", chance, above=0, below=1, do="pass 0.05, say")
    return math.ceil(math.log2(layers / chance))


def depth_kills(setting: Setting = STATED) -> Measured:
    """Draw networks of 100 narrow layers and count those that are born dead."""
    seed = setting.only().seeds.start
    return {
        f"share of networks {width} units wide born dead in 100 layers": born_dead(
            width, 100, seed=seed
        )
        for width in (2, 3, 4)
    }


def width_saves(setting: Setting = STATED) -> Measured:
    """Draw networks as wide as log2(layers / 0.05) and count those that are born dead.

    Five times as many as elsewhere, for the chance is near 0.05 by construction.
    """
    seed, widths = setting.only().seeds.start, {n: width_for(n, 0.05) for n in (5, 20, 100)}
    return {
        f"share born dead in {layers} layers of {width} units": born_dead(
            width, layers, seed=seed, n=5 * N_NETWORKS
        )
        for layers, width in widths.items()
    }


@kept.cache
def dead_at_birth(scheme: str, setting: Setting = STATED) -> Tensor:
    """Return the share of dead units in each of ten fresh layers, as the UvA tutorial counts them.

    Args:
        scheme: one of `SCHEMES`.
        setting: of which seeds, data and widths are asked for.

    Returns:
        float64 of shape (seeds, 10), over the whole training set of each network.
    """
    name, bias = ("pytorch", 0.0) if scheme == SCHEMES[1] else (scheme, None)
    data, rows = setting.dataset("digits"), []
    for seed in setting.seeds:
        made = mlp(setting.widths(DEEP_WIDTHS), scheme=name, seed=seed)
        initialize(made, name, seed=seed, bias=bias)
        rows.append([d.double().mean() for d in dead_units(made, data(seed).x_train)])
    return torch.tensor(rows)


def deep_networks_die(setting: Setting = STATED) -> Measured:
    """Count the dead units of a fresh tenth layer with two initializations."""
    parts = {}
    for scheme, said in (("pytorch", "PyTorch's default"), ("he_normal", "He's weights")):
        share = interval(dead_at_birth(scheme, setting.only("data", "width"))[:, -1])
        what = f"share of dead units in the tenth layer, {said}"
        parts[what] = share
    return parts


@kept.cache
def deep_accuracy(
    activation: str, scheme: str, optimizer: SGD | Adam, *, setting: Setting = STATED
) -> Tensor:
    """Return the test accuracy of 16 networks of ten layers of 32 units after twenty passes.

    Args:
        activation: of the hidden units.
        scheme: of the weights.
        optimizer: the rule.
        setting: where it is measured.

    Returns:
        float64 of shape (seeds,), 0 where the loss became infinite. The learning rate is the best
        of other seeds on validation images; the search begins at 0.01, 0.03 and 0.1 for momentum.
    """
    widths = setting.widths(NARROW)
    found = tuned(
        lambda seed: mlp(widths, activation, scheme=scheme, seed=seed),
        setting.dataset("digits"),
        rates=(0.003, 0.01, 0.03) if optimizer == Adam() else (0.01, 0.03, 0.1),
        steps=setting.steps(420),
        seeds=setting.seeds,
        tuning_seeds=FEW_TUNING_SEEDS,
        optimizer=optimizer,
        device="cpu",
        progress=False,
    )
    return torch.where(found.runs.diverged, 0.0, found.runs.values("test_accuracy"))


def swish_for_deep(setting: Setting = STATED) -> Measured:
    """Train ten layers of ReLU and of Swish, with two initializations and two optimizers."""
    setting = setting.only("data", "width", "depth", "steps")
    compared = {
        "PyTorch's default weights, momentum": "default",
        "PyTorch's default weights, Adam": "default, Adam",
        "He's weights, momentum": "He",
    }

    def gained(arm: str) -> Interval:
        swish, relu = (
            deep_accuracy(*ARMS[f"{name}, {arm}"], setting=setting) for name in ("Swish", "ReLU")
        )
        return paired_difference(swish, relu).difference

    return {f"accuracy gained by Swish, {said}": gained(arm) for said, arm in compared.items()}
