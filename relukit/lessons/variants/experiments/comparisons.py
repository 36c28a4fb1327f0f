"""Experiments that train relatives of the rectifier beside it: what each gains, with intervals.

Intervals have the level 0.995: some ten comparisons share one chance of 5 % to err.
"""

from collections.abc import Callable

from relukit.ledger.finding import Finding, Measurement
from relukit.lessons.variants.experiments.published import HE_ERRORS, MISH_ON_CIFAR100
from relukit.lessons.variants.experiments.trained import N_SEEDS, block, builder, gain_over

LEVEL = 0.995
MARGIN = 0.01


def gained(
    name: str,
    data: str,
    relation: str = "above",
    threshold: float = 0.0,
    *,
    make: Callable = builder,
    base: str = "relu",
) -> Measurement:
    """Return an arm's accuracy minus another's as a measurement that shows no number.

    Args:
        name: of the arm.
        data: "digits" or "mnist1d".
        relation: "above" or "below".
        threshold: in shares of the test set.
        make: `builder` or `block`.
        base: the arm that is subtracted.
    """
    where = {"digits": "digits", "mnist1d": "MNIST-1D"}[data]
    what = f"accuracy of {name} minus that of {base} on {where}"
    value = gain_over(base, name, data, make, level=LEVEL)
    return Measurement(what, value, relation, threshold, "")


def leaky_accuracy() -> Finding:
    """Ask whether the leaky rectifier stays within one point of the plain one on digits."""
    return Finding(
        (
            gained("leaky_relu", "digits", "above", -MARGIN),
            gained("leaky_relu", "digits", "below", MARGIN),
        ),
        n_seeds=N_SEEDS,
    )


def prelu_better() -> Finding:
    """Set the published gain of learned slopes beside theirs on digits."""
    printed = HE_ERRORS["ReLU"] - HE_ERRORS["PReLU"]
    return Finding(
        (
            Measurement("gain in print on ImageNet, in points", printed, "above", 1.0,
                        f"{printed:.2f}"),
            gained("prelu", "digits", "above", MARGIN),
        ),
        n_seeds=N_SEEDS,
    )  # fmt: skip


def elu_accuracy() -> Finding:
    """Ask whether ELU is more accurate, on digits and on MNIST-1D."""
    return Finding((gained("elu", "digits"), gained("elu", "mnist1d")), n_seeds=N_SEEDS)


def smooth_better() -> Finding:
    """Ask whether GELU, SiLU and Mish are more accurate on digits."""
    return Finding(
        tuple(gained(name, "digits") for name in ("gelu", "silu", "mish")), n_seeds=N_SEEDS
    )


def mish_gain() -> Finding:
    """Set the published gain of Mish beside those on MNIST-1D and on digits."""
    printed = MISH_ON_CIFAR100
    return Finding(
        (
            Measurement("gain in print on CIFAR-100, in points", printed, "above", 1.0,
                        f"{printed:.3f}"),
            gained("mish", "mnist1d"),
            gained("mish", "digits", "above", MARGIN),
        ),
        n_seeds=N_SEEDS,
    )  # fmt: skip


def squared_better() -> Finding:
    """Ask whether the squared rectifier is more accurate, on digits and on MNIST-1D."""
    return Finding(
        tuple(gained("squared_relu", data) for data in ("digits", "mnist1d")), n_seeds=N_SEEDS
    )


def maxout_better() -> Finding:
    """Ask whether maxout is more accurate at equal parameters, on digits and on MNIST-1D."""
    return Finding(tuple(gained("maxout", data) for data in ("digits", "mnist1d")), n_seeds=N_SEEDS)


def gates_here() -> Finding:
    """Ask whether gated blocks of equal size gain a point, on MNIST-1D and on digits."""
    return Finding(
        (
            *(
                gained(name, "mnist1d", "above", MARGIN, make=block)
                for name in ("reglu", "geglu", "swiglu")
            ),
            gained("swiglu", "digits", "above", MARGIN, make=block),
        ),
        n_seeds=N_SEEDS,
    )


def gate_not_shape() -> Finding:
    """Compare each gated block with the plain one of the same curve, on MNIST-1D."""
    pairs = (("reglu", "relu"), ("geglu", "gelu"), ("swiglu", "silu"))
    return Finding(
        tuple(gained(gate, "mnist1d", make=block, base=plain) for gate, plain in pairs),
        n_seeds=N_SEEDS,
    )


def bilinear_gate() -> Finding:
    """Ask whether a gate without a nonlinearity helps the same block."""
    return Finding((gained("bilinear", "mnist1d", make=block),), n_seeds=N_SEEDS)
