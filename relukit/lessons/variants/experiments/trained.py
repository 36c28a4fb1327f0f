"""Populations that compare relatives of the rectifier: same seeds, own learning rate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from torch import Tensor, nn

from relukit.gaussian import gain
from relukit.initialization import initialize
from relukit.ledger import kept
from relukit.ledger.setting import STATED, Setting
from relukit.networks import gated_mlp, matched_widths, maxout_mlp, mlp
from relukit.statistics import Interval, paired_difference
from relukit.training import tuned
from relukit.training.tuning import FEW_TUNING_SEEDS

CHANGES = ("width", "depth", "optimizer", "steps")  # what the comparisons can be measured with
INPUTS = {"digits": 64, "mnist1d": 40}
RATES = {  # by `make`: where Adam's search begins
    "builder": (0.003, 0.01, 0.03),
    "block": (0.003, 0.01, 0.03),
    "deep": (0.003, 0.01, 0.03),
}
STEPS = {  # by `make` and data set: where the rectifier has learned most of what it will
    "builder": {"digits": 200, "mnist1d": 400},
    "block": {"digits": 200, "mnist1d": 600},
    "deep": {"mnist1d": 1200},
}
HIDDEN = (64, 64)
DEEP = (32,) * 6
GATED = ("bilinear", "reglu", "geglu", "swiglu")


@dataclass(frozen=True, eq=False)
class Arm:
    """One way to fill the hidden layers, trained at its own best learning rate.

    Args:
        name: of the arm.
        lr: the rate that served it best on validation parts of the tuning seeds.
        validation: mean accuracy on those parts, at that rate.
        accuracy: share of test images classified right, for each seed of the setting.
        early_loss: mean training loss of the first quarter of the steps, for each seed.
    """

    name: str
    lr: float
    validation: float
    accuracy: Tensor
    early_loss: Tensor


@cache
def _gain(name: str) -> float:
    return gain(name)  # an integral: once for all networks of an arm


def own_gain(widths: Sequence[int], name: str, seed: int) -> nn.Sequential:
    """Return a perceptron whose weights have variance gain²/fan_in, the gain its activation's.

    Args:
        widths: inputs, hidden widths and outputs.
        name: an activation with a forward gain.
        seed: of the weights; biases are 0.
    """
    network = mlp(widths, name, seed=seed)
    initialize(network, "lecun_normal", seed=seed, gain=_gain(name), bias=0.0)
    return network


def network_of(arm: str, widths: Sequence[int]) -> Callable[[int], nn.Module]:
    """Return the function seed -> network of an arm, its first weights scaled for it.

    Args:
        arm: an activation's name, a gate's, or "maxout".
        widths: inputs, hidden widths and outputs of the plain network; a gated one, or one of
            maxout units, has narrower layers and about as many weights.
    """
    if arm == "maxout":  # two maps a unit, as in a gate: the same widths have as many parameters
        narrower = matched_widths(widths)
        return lambda seed: maxout_mlp(narrower, 2, scheme="lecun_normal", seed=seed)
    if arm in GATED:
        return lambda seed: gated_mlp(widths, arm, scheme="lecun_normal", seed=seed)
    return lambda seed: own_gain(widths, arm, seed)


def builder(arm: str, data: str, setting: Setting = STATED) -> Callable[[int], nn.Module]:
    """Return the function seed -> network of an arm: two hidden layers, about equal in weights.

    Args:
        arm: an activation's name, a gate's, or "maxout".
        data: "digits" or "mnist1d".
        setting: what is changed of the widths and the depth.
    """
    return network_of(arm, setting.widths((INPUTS[data], *HIDDEN, 10)))


def deep(arm: str, data: str, setting: Setting = STATED) -> Callable[[int], nn.Module]:
    """Return the function seed -> network of an arm with six hidden layers of 32 units.

    Args:
        arm: as for `builder`.
        data: "digits" or "mnist1d".
        setting: as for `builder`.
    """
    return network_of(arm, setting.widths((INPUTS[data], *DEEP, 10)))


def block(arm: str, data: str, setting: Setting = STATED) -> Callable[[int], nn.Module]:
    """Return the function seed -> network of one hidden layer, plain or gated.

    The plain one has 96 units; a gated one has fewer, so that both have as many parameters.

    Args:
        arm: as for `builder`.
        data: "digits" or "mnist1d".
        setting: as for `builder`.
    """
    return network_of(arm, setting.widths((INPUTS[data], 96, 10)))


@kept.cache
def arm(
    name: str, data: str = "digits", make: Callable = builder, setting: Setting = STATED
) -> Arm:
    """Return an arm trained at the rate that other seeds chose for it on validation parts.

    Adam; each seed splits the data anew.

    Args:
        name: of the arm, as for `make`.
        data: "digits" or "mnist1d".
        make: `builder`, `deep` or `block`.
        setting: its seeds, and what is changed of widths, depth, optimizer and steps.
    """
    setting = setting.only(*CHANGES)
    steps = setting.steps(STEPS[make.__name__][data])
    found = tuned(
        make(name, data, setting),
        setting.dataset(data),
        rates=setting.rates(RATES[make.__name__], "adam"),
        steps=steps,
        seeds=setting.seeds,
        tuning_seeds=FEW_TUNING_SEEDS,
        optimizer=setting.optimizer("adam"),
        progress=False,
    )
    early = found.runs.loss[..., : max(1, steps // 4)].mean(dim=-1)
    return Arm(
        name,
        found.rate,
        float(found.scores[found.grid.index(found.rate)].mean()),
        found.runs.values("test_accuracy").flatten(),
        early.flatten(),
    )


def differences(
    name: str, data: str = "digits", make: Callable = builder, setting: Setting = STATED
) -> list[float]:
    """Return an arm's accuracy minus the rectifier's in points, for each seed.

    Args:
        name: of the arm.
        data: "digits" or "mnist1d".
        make: `builder`, `deep` or `block`.
        setting: as for `arm`.
    """
    gaps = arm(name, data, make, setting).accuracy - arm("relu", data, make, setting).accuracy
    return (100 * gaps).tolist()


def gain_over(
    base: str,
    name: str,
    data: str = "digits",
    make: Callable = builder,
    setting: Setting = STATED,
    *,
    level: float = 0.95,
) -> Interval:
    """Return the interval of an arm's accuracy minus another's, paired by seed.

    Args:
        base: the arm that is subtracted.
        name: of the arm.
        data: "digits" or "mnist1d".
        make: `builder`, `deep` or `block`.
        setting: as for `arm`.
        level: confidence level.
    """
    first, second = (arm(n, data, make, setting).accuracy.tolist() for n in (name, base))
    return paired_difference(first, second, level=level).difference
