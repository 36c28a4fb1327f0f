"""Experiments that train relatives of the rectifier beside it: what each gains, with intervals.

Intervals have the level 0.995: some ten comparisons share one chance of 5 % to err.
"""

from collections.abc import Callable

from relukit.ledger.finding import Measured, Value
from relukit.lessons.variants.experiments.published import HE_ERRORS
from relukit.lessons.variants.experiments.trained import block, builder, gain_over

LEVEL = 0.995


def gained(
    name: str,
    data: str,
    *,
    make: Callable = builder,
    base: str = "relu",
) -> tuple[str, Value]:
    """Return an arm's accuracy minus another's, with its name.

    Args:
        name: of the arm.
        data: "digits" or "mnist1d".
        make: `builder` or `block`.
        base: the arm that is subtracted.
    """
    where = {"digits": "digits", "mnist1d": "MNIST-1D"}[data]
    what = f"accuracy of {name} minus that of {base} on {where}"
    value = gain_over(base, name, data, make, level=LEVEL)
    return (what, value)


def leaky_accuracy() -> Measured:
    """Ask whether the leaky rectifier stays within one point of the plain one on digits."""
    return dict([gained("leaky_relu", "digits")])


def prelu_better() -> Measured:
    """Set the published gain of learned slopes beside theirs on digits."""
    printed = HE_ERRORS["ReLU"] - HE_ERRORS["PReLU"]
    return dict(
        [
            ("gain in print on ImageNet, in points", printed),
            gained("prelu", "digits"),
        ]
    )


def elu_accuracy() -> Measured:
    """Ask whether ELU is more accurate, on digits and on MNIST-1D."""
    return dict([gained("elu", "digits"), gained("elu", "mnist1d")])


def smooth_better() -> Measured:
    """Ask whether GELU, SiLU and Mish are more accurate on digits."""
    return dict(gained(name, "digits") for name in ("gelu", "silu", "mish"))


def maxout_better() -> Measured:
    """Ask whether maxout is more accurate at equal parameters, on digits and on MNIST-1D."""
    return dict(gained("maxout", data) for data in ("digits", "mnist1d"))


def gates_here() -> Measured:
    """Ask whether gated blocks of equal size gain a point, on MNIST-1D and on digits."""
    return dict(
        [
            *(gained(name, "mnist1d", make=block) for name in ("reglu", "geglu", "swiglu")),
            gained("swiglu", "digits", make=block),
        ]
    )


def gate_not_shape() -> Measured:
    """Compare each gated block with the plain one of the same curve, on MNIST-1D."""
    pairs = (("reglu", "relu"), ("geglu", "gelu"), ("swiglu", "silu"))
    return dict((gained(gate, "mnist1d", make=block, base=plain) for gate, plain in pairs))


def bilinear_gate() -> Measured:
    """Ask whether a gate without a nonlinearity helps the same block."""
    return dict([gained("bilinear", "mnist1d", make=block)])
