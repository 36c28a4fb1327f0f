"""Populations that compare relatives of the rectifier: same seeds, own learning rate."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from torch import Tensor, nn

from relukit.datasets import Dataset, load
from relukit.gaussian import gain
from relukit.initialization import initialize
from relukit.networks import gated_mlp, maxout_mlp, mlp
from relukit.statistics import Interval, paired_difference
from relukit.training import train

N_SEEDS = 16
TUNING_SEEDS = tuple(range(100, 104))
RATES = (0.003, 0.01, 0.03)
STEPS = {  # by `make` and data set: where the rectifier has learned most of what it will
    "builder": {"digits": 200, "mnist1d": 400},
    "block": {"digits": 200, "mnist1d": 600},
}
HIDDEN = (64, 64)
GATED = ("bilinear", "reglu", "geglu", "swiglu")
MAXOUT_UNITS = {
    "digits": 40,
    "mnist1d": 42,
}  # hidden units of maxout with the same number of weights


@dataclass(frozen=True, eq=False)
class Arm:
    """One way to fill the hidden layers, trained at its own best learning rate.

    Args:
        name: of the arm.
        lr: the rate that served it best on the tuning seeds.
        accuracy: share of test images classified right, for each of the 16 seeds.
    """

    name: str
    lr: float
    accuracy: Tensor


@cache
def data_set(name: str) -> Dataset:
    """Return "digits" or "mnist1d"; a second call returns the same object."""
    return load(name)


def own_gain(widths: tuple[int, ...], name: str, seed: int) -> nn.Sequential:
    """Return a perceptron whose weights have variance gain²/fan_in, the gain its activation's.

    Args:
        widths: inputs, hidden widths and outputs.
        name: an activation with a forward gain.
        seed: of the weights; biases are 0.
    """
    network = mlp(widths, name, seed=seed)
    initialize(network, "lecun_normal", seed=seed, gain=gain(name), bias=0.0)
    return network


def builder(arm: str, data: str) -> Callable[[int], nn.Module]:
    """Return the function seed -> network of an arm: two hidden layers, about equal in weights.

    Args:
        arm: an activation's name, or "maxout".
        data: "digits" or "mnist1d".
    """
    inputs = data_set(data).n_features
    if arm == "maxout":
        units = MAXOUT_UNITS[data]
        widths = (inputs, units, units, 10)
        return lambda seed: maxout_mlp(widths, 2, scheme="lecun_normal", seed=seed)
    return lambda seed: own_gain((inputs, *HIDDEN, 10), arm, seed)


def block(arm: str, data: str) -> Callable[[int], nn.Module]:
    """Return the function seed -> network of one hidden layer, plain or gated.

    The plain one has 96 units; a gated one has fewer, so that both have as many parameters.

    Args:
        arm: an activation's name or a gate's.
        data: "digits" or "mnist1d".
    """
    widths = (data_set(data).n_features, 96, 10)
    if arm in GATED:
        return lambda seed: gated_mlp(widths, arm, scheme="lecun_normal", seed=seed)
    return lambda seed: own_gain(widths, arm, seed)


@cache
def arm(name: str, data: str = "digits", make: Callable = builder) -> Arm:
    """Return an arm trained on 16 seeds at the rate that four other seeds chose for it.

    Args:
        name: of the arm, as for `make`.
        data: "digits" or "mnist1d".
        make: `builder` or `block`.
    """
    network, steps = make(name, data), STEPS[make.__name__][data]
    trained = partial(train, network, data_set(data), steps=steps, optimizer="adam", progress=False)
    tried = trained(lr=RATES, seeds=TUNING_SEEDS)
    means = [float(tried.values("test_accuracy", lr=lr).mean()) for lr in RATES]
    best = RATES[means.index(max(means))]
    runs = trained(lr=best, seeds=N_SEEDS)
    return Arm(name, best, runs.values("test_accuracy"))


def differences(name: str, data: str = "digits", make: Callable = builder) -> list[float]:
    """Return an arm's accuracy minus the rectifier's in points, for each of the 16 seeds.

    Args:
        name: of the arm.
        data: "digits" or "mnist1d".
        make: `builder` or `block`.
    """
    gaps = arm(name, data, make).accuracy - arm("relu", data, make).accuracy
    return (100 * gaps).tolist()


def gain_over(
    base: str, name: str, data: str = "digits", make: Callable = builder, *, level: float = 0.95
) -> Interval:
    """Return the interval of an arm's accuracy minus another's, paired by seed.

    Args:
        base: the arm that is subtracted.
        name: of the arm.
        data: "digits" or "mnist1d".
        make: `builder` or `block`.
        level: confidence level.
    """
    first, second = (arm(n, data, make).accuracy.tolist() for n in (name, base))
    return paired_difference(first, second, level=level).difference
