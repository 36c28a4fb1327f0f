"""Experiments on the scale of the input: which learning rates survive it, and what grows."""

from functools import cache

from torch import Tensor

from relukit.datasets import digits
from relukit.ledger.finding import Measured
from relukit.lessons.training.experiments.arms import (
    N_SEEDS,
    WIDTHS,
    at_own_rate,
    final_accuracy,
    sweep_rates,
)
from relukit.networks import mlp
from relukit.statistics import interval
from relukit.training import Runs

RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SCALINGS = ("raw", "unit", "standard")
COMMON = 0.1  # the largest rate of the list at which every standardized network learns


@cache
def scaled(scaling: str) -> Runs:
    """Return 16 ReLU networks at eight rates, 150 steps on digits of one scaling.

    Args:
        scaling: "raw" (0 to 16), "unit" (0 to 1) or "standard".
    """
    return sweep_rates("relu", digits(scaling=scaling), RATES, steps=150)


def growth(scaling: str) -> Tensor:
    """Return by how much the first layer's weights grew at the best rate, shape (seeds,).

    The norm of the weights after training over the norm before it, each seed at the rate that is
    best for the other seeds; dimensionless.

    Args:
        scaling: as for `scaled`.
    """
    runs = scaled(scaling)
    after = runs.parameters["0.weight"].flatten(2).norm(dim=2)
    fresh = [mlp(WIDTHS, seed=seed).get_parameter("0.weight") for seed in range(N_SEEDS)]
    before = [float(weight.detach().norm()) for weight in fresh]
    return at_own_rate(after / after.new_tensor(before), final_accuracy(runs))


def unscaled_is_unstable() -> Measured:
    """Train on grey values of 0 to 16: at a common rate, and at the best one; look at the weights.

    At the common rate the claim wants an accuracy of less than one half; and at the best rates,
    weights that grow more than those of standardized inputs.
    """
    at_common = interval(final_accuracy(scaled("raw"))[RATES.index(COMMON)])
    ratio = interval(growth("raw") / growth("standard"))
    return {
        f"accuracy with raw inputs at rate {COMMON:g}": at_common,
        "growth of the weights at the best rate, raw over standardized inputs": ratio,
    }


def normalization_makes_it_train() -> Measured:
    """Compare raw with standardized inputs at a common rate, and each at its own best rate."""
    raw, standard = (final_accuracy(scaled(scaling)) for scaling in ("raw", "standard"))
    common = RATES.index(COMMON)
    one_rate = interval(standard[common] - raw[common])
    own_rates = interval(at_own_rate(standard) - at_own_rate(raw))
    return {
        f"accuracy gained by standardizing, both at rate {COMMON:g}": one_rate,
        "accuracy gained by standardizing, each at its best rate": own_rates,
    }
