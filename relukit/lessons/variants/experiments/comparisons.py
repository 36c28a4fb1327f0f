"""Experiments that train relatives of the rectifier beside it: what each gains, with intervals.

Intervals have the level 0.995: some ten comparisons share one chance of 5 % to err.
"""

from collections.abc import Callable
from dataclasses import replace

from relukit.ledger.finding import Measured, Value
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments.published import (
    HE_ERRORS,
    SHAZEER_GATED,
    SHAZEER_PLAIN,
)
from relukit.lessons.variants.experiments.trained import arm, block, builder, deep, gain_over
from relukit.statistics import Interval, interval

LEVEL = 0.995
TITLES = {"digits": "on digits", "mnist1d": "on MNIST-1D"}
SMOOTH = ("gelu", "silu", "mish")
RELATIVES = ("elu", *SMOOTH)


def gained(
    name: str,
    data: str,
    setting: Setting = STATED,
    *,
    make: Callable = builder,
    base: str = "relu",
) -> tuple[str, Interval]:
    """Return an arm's accuracy minus another's, with its name.

    Args:
        name: of the arm.
        data: "digits" or "mnist1d".
        setting: as for `arm`.
        make: `builder`, `deep` or `block`.
        base: the arm that is subtracted.
    """
    where = f"in six layers {TITLES[data]}" if make is deep else TITLES[data]
    what = f"accuracy of {name} minus that of {base} {where}"
    return (what, gain_over(base, name, data, make, setting, level=LEVEL))


def on_both(name: str, setting: Setting) -> dict[str, Value]:
    """Return an arm's accuracy minus the rectifier's, on digits and on MNIST-1D.

    Args:
        name: of the arm.
        setting: as for `arm`.
    """
    return dict(gained(name, data, setting) for data in TITLES)


def leaky_accuracy(setting: Setting = STATED) -> Measured:
    """Ask how far the leaky rectifier is from the plain one, on digits and on MNIST-1D."""
    return on_both("leaky_relu", setting)


def prelu_better(setting: Setting = STATED) -> Measured:
    """Set the published gain of learned slopes beside theirs on digits and on MNIST-1D."""
    printed = HE_ERRORS["ReLU"] - HE_ERRORS["PReLU"]
    return {"gain in print on ImageNet, in points": printed, **on_both("prelu", setting)}


def elu_accuracy(setting: Setting = STATED) -> Measured:
    """Ask whether ELU is more accurate in more than five layers, on MNIST-1D."""
    return dict([gained("elu", "mnist1d", setting, make=deep)])


def smooth_better(setting: Setting = STATED) -> Measured:
    """Ask whether GELU, SiLU and Mish are more accurate in six layers, on MNIST-1D."""
    return dict(gained(name, "mnist1d", setting, make=deep) for name in SMOOTH)


def saved(data: str, make: Callable, setting: Setting) -> Interval:
    """Return what share of the rectifier's early training loss ELU saves, over the seeds.

    Args:
        data: "digits" or "mnist1d".
        make: `builder`, `deep` or `block`.
        setting: as for `arm`.
    """
    plain, elu = (arm(name, data, make, setting).early_loss for name in ("relu", "elu"))
    return interval((1 - elu / plain).tolist(), level=LEVEL)


def preferred(data: str, make: Callable, setting: Setting) -> str:
    """Return the relative of the rectifier that is best on the validation parts.

    Args:
        data: "digits" or "mnist1d".
        make: `builder`, `deep` or `block`.
        setting: as for `arm`.
    """
    return max(RELATIVES, key=lambda name: arm(name, data, make, setting).validation)


def relu_by_default(setting: Setting = STATED) -> Measured:
    """Ask what one gives up who starts with the rectifier and not with the best of four."""
    found = {}
    for data, make in (("digits", builder), ("mnist1d", deep)):
        where = f"in six layers {TITLES[data]}" if make is deep else TITLES[data]
        best = preferred(data, make, setting)
        found[f"what the best of four relatives gains over relu {where}"] = gain_over(
            "relu", best, data, make, setting, level=LEVEL
        )
    return found


def gates_here(setting: Setting = STATED) -> Measured:
    """Ask whether gated blocks of equal size gain accuracy, on MNIST-1D and on digits."""
    return dict(
        [
            *(gained(n, "mnist1d", setting, make=block) for n in ("reglu", "geglu", "swiglu")),
            gained("swiglu", "digits", setting, make=block),
        ]
    )


def gate_not_shape(setting: Setting = STATED) -> Measured:
    """Compare gated blocks with plain ones of the same curve: in print, in one layer, in two."""
    setting = setting.only("width", "optimizer", "steps")
    pairs = {"ReGLU": "ReLU", "GEGLU": "GELU", "SwiGLU": "Swish"}
    printed = sum(SHAZEER_GATED[gate] < SHAZEER_PLAIN[plain] for gate, plain in pairs.items())
    here = (("reglu", "relu"), ("geglu", "gelu"), ("swiglu", "silu"))
    two = gain_over("silu", "swiglu", "mnist1d", block, replace(setting, depth=2), level=LEVEL)
    return {
        "pairs in print in which the gated unit is better, of 3": printed,
        **dict(gained(g, "mnist1d", setting, make=block, base=plain) for g, plain in here),
        "accuracy of swiglu minus that of silu in two layers on MNIST-1D": two,
    }


def bilinear_gate(setting: Setting = STATED) -> Measured:
    """Ask whether a gate without a nonlinearity helps: in print, and in the same block here."""
    printed = SHAZEER_PLAIN["ReLU"] - SHAZEER_GATED["Bilinear"]
    return {
        "log-perplexity in print, ReLU minus Bilinear": printed,
        **dict([gained("bilinear", "mnist1d", setting, make=block)]),
    }
