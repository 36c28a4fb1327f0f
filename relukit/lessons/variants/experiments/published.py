"""Tables in print, as data, and what can be computed from them: intervals, counts, order."""

import math
from types import MappingProxyType

from relukit.ledger.finding import Measured
from relukit.statistics import Interval

N_RUNS = 23

# Misra's repository (read at commit 0004347): SqueezeNet on CIFAR-10, test accuracy in percent
# over 23 runs, (mean, standard deviation).
MISH_TABLE = MappingProxyType(
    {
        "E-Swish": (87.49, 0.411),
        "Mish": (87.48, 0.3967),
        "ELisH": (87.38, 0.47731),
        "GELU": (87.37, 0.472),
        "Swish": (87.32, 0.414),
        "RReLU": (86.87, 0.4478),
        "Leaky ReLU 0.3": (86.85, 0.4569),
        "ReLU6": (86.75, 0.4501),
        "ReLU": (86.66, 0.584),
        "ELU": (86.41, 0.3371),
        "CELU": (86.23, 0.50941),
        "PReLU": (85.66, 2.2406),
        "SELU": (83.91, 0.5995),
        "Softplus": (83.00, 1.4015),
    }
)

# The same table after the first three runs, (mean, standard deviation).
MISH_THREE_RUNS = MappingProxyType(
    {
        "Mish": (87.93, 0.04358898943540784),
        "GELU": (87.28, 0.15620499351812658),
        "Swish": (87.36333333333333, 0.135030860670192),
    }
)

# Shazeer 2020: log-perplexity on held-out text after 524,288 steps; lower is better.
SHAZEER_PLAIN = MappingProxyType({"ReLU": 1.677, "GELU": 1.679, "Swish": 1.683})
SHAZEER_GATED = MappingProxyType(
    {"GLU": 1.663, "Bilinear": 1.648, "ReGLU": 1.645, "SwiGLU": 1.636, "GEGLU": 1.633}
)
# The standard deviation of runs that is printed, for ReLU alone, after 65,536 steps.
DEVIATION = 0.005

# He et al. 2015, ImageNet, 14-layer net, ten views: top-1 error in percent, and the mean slope that
# each layer of a PReLU net learned (one slope a channel), from the first to the last.
HE_ERRORS = MappingProxyType({"ReLU": 33.82, "PReLU": 32.64})
HE_SLOPES = (
    0.596, 0.321, 0.204, 0.294, 0.464, 0.196, 0.152, 0.145, 0.124, 0.134, 0.198, 0.074, 0.075,
)  # fmt: skip
N_CONVOLUTIONS = 11  # the other two are fully connected

# UvA tutorial 3 on Fashion-MNIST: test accuracy in percent, one run each, in torch and in jax.
TWINS = MappingProxyType(
    {
        "tanh": (87.59, 88.57),
        "ReLU": (88.62, 88.65),
        "leaky ReLU": (88.92, 88.33),
        "ELU": (87.27, 88.32),
        "Swish": (88.73, 88.33),
    }
)


def welch(first: tuple[float, float], second: tuple[float, float]) -> tuple[Interval, float]:
    """Return the 95 % interval of a difference of two means of 23 runs, and Welch's P-value.

    Args:
        first: mean and standard deviation.
        second: the same of the other arm.
    """
    from scipy import stats

    (mean_a, sd_a), (mean_b, sd_b) = first, second
    a, b = sd_a**2 / N_RUNS, sd_b**2 / N_RUNS
    error = math.sqrt(a + b)
    freedom = (a + b) ** 2 / ((a**2 + b**2) / (N_RUNS - 1))
    difference = mean_a - mean_b
    reach = float(stats.t.ppf(0.975, freedom)) * error
    p_value = 2 * float(stats.t.sf(abs(difference) / error, freedom))
    return Interval(difference, difference - reach, difference + reach, N_RUNS, 0.95), p_value


def mish_against(name: str) -> tuple[Interval, float]:
    """Return the interval of Mish minus another arm of the table, in points, and its P-value.

    Args:
        name: a key of `MISH_TABLE`.
    """
    return welch(MISH_TABLE["Mish"], MISH_TABLE[name])


def mish_is_best() -> Measured:
    """Compare Mish with ReLU from the published means and deviations."""
    return {"Mish minus ReLU, in points": mish_against("ReLU")[0]}


def p_after_three_runs(name: str) -> float:
    """Return Student's P-value of Mish against another arm after three runs, as the page has it.

    Args:
        name: "GELU" or "Swish".
    """
    from scipy.stats import ttest_ind_from_stats

    (mean_a, sd_a), (mean_b, sd_b) = MISH_THREE_RUNS["Mish"], MISH_THREE_RUNS[name]
    return float(ttest_ind_from_stats(mean_a, sd_a, 3, mean_b, sd_b, 3).pvalue)


def three_runs() -> Measured:
    """Compute the P-values of Mish against GELU and Swish after 3 runs."""
    return {f"P for {name} after 3 runs": p_after_three_runs(name) for name in ("GELU", "Swish")}


def after_all_runs() -> Measured:
    """Compute the P-value of Mish against GELU after 23 runs."""
    return {f"P for GELU after {N_RUNS} runs": mish_against("GELU")[1]}


def largest_slope() -> Measured:
    """Find the layer of He's eleven convolutional ones that learned the largest slope."""
    slopes = HE_SLOPES[:N_CONVOLUTIONS]
    return {"layer with the largest slope, of 11": slopes.index(max(slopes)) + 1}


def slopes_fall_with_depth() -> Measured:
    """Rank the learned slopes of He's eleven convolutional layers by depth."""
    from scipy.stats import spearmanr

    slopes = HE_SLOPES[:N_CONVOLUTIONS]
    order = spearmanr(range(len(slopes)), slopes).statistic
    return {
        f"rank correlation of slope and depth, {len(slopes)} layers": float(order),
        "slope of the first layer": slopes[0],
    }


def gates_help() -> Measured:
    """Count the gated units of Shazeer's table that beat its best plain one by 0.005."""
    best = min(SHAZEER_PLAIN.values())
    better = sum(best - value > DEVIATION for value in SHAZEER_GATED.values())
    return {f"gated units that are better than all plain ones by {DEVIATION:g}, of 5": better}
