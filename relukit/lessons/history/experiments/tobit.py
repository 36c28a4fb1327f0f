"""Censored data, y = max(0, a + b x + noise), fitted in three ways."""

import numpy as np

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.statistics import interval

N_ROWS = 2000
INTERCEPT, SLOPE, NOISE = 0.5, 1.5, 1.0
FITS = ("least squares, a line", "least squares, a ReLU unit", "Tobit likelihood")


def censored_sample(seed: int, *, n: int = N_ROWS, noise: float = NOISE) -> np.ndarray:
    """Return n pairs (x, y) with y = max(0, 0.5 + 1.5 x + noise z), (n, 2), x and z normal.

    Args:
        seed: of x and z.
        n: pairs.
        noise: its standard deviation, in the unit of y.
    """
    generator = np.random.default_rng(seed)
    x, z = generator.standard_normal((2, n))
    return np.column_stack([x, np.maximum(INTERCEPT + SLOPE * x + noise * z, 0)])


def fit_line(sample: np.ndarray) -> tuple[float, float]:
    """Return (a, b) of the straight line that fits y best by least squares.

    Args:
        sample: pairs (x, y), (n, 2).
    """
    b, a = np.polyfit(sample[:, 0], sample[:, 1], 1)
    return float(a), float(b)


def fit_unit(sample: np.ndarray) -> tuple[float, float]:
    """Return (a, b) of the unit max(0, a + b x) that fits y best by least squares.

    Args:
        sample: pairs (x, y), (n, 2).
    """
    from scipy.optimize import least_squares

    x, y = sample.T
    best = least_squares(lambda p: np.maximum(p[0] + p[1] * x, 0) - y, fit_line(sample))
    return float(best.x[0]), float(best.x[1])


def fit_tobit(sample: np.ndarray) -> tuple[float, float, float]:
    r"""Return (a, b, s) of largest likelihood for y = max(0, a + b x + s z) with z normal.

    A row at 0 counts with $\Phi(-(a + b x)/s)$, another with the density of its distance. The
    search runs over a/s, b/s and 1/s, in which the problem has one maximum.

    Args:
        sample: pairs (x, y), (n, 2); y is 0 where it is censored.

    References: [Tobin1958].
    """
    from scipy.optimize import minimize
    from scipy.special import log_ndtr

    x, y = sample.T
    seen = y > 0
    basis = np.column_stack([np.ones_like(x), x])

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        line = basis @ p[:2]
        hidden, apart = -line[~seen], p[2] * y[seen] - line[seen]
        log_cdf = log_ndtr(hidden)
        hazard = np.exp(-(hidden**2) / 2 - log_cdf) / np.sqrt(2 * np.pi)
        value = (apart**2).sum() / 2 - seen.sum() * np.log(p[2]) - log_cdf.sum()
        slope = basis[~seen].T @ hazard - basis[seen].T @ apart
        return value, np.append(slope, apart @ y[seen] - seen.sum() / p[2])

    start = (*fit_line(sample), 1.0)
    found = minimize(loss, start, jac=True, bounds=[(None, None)] * 2 + [(1e-6, None)])
    a, b, precision = found.x
    return float(a / precision), float(b / precision), float(1 / precision)


def tobit_mean(mean: float, noise: float = 1.0) -> float:
    """Return E max(0, mean + noise z) with z standard normal, which the censored data follow.

    Args:
        mean: of the outcome before it is censored.
        noise: its standard deviation, in the same unit.

    Example:
        >>> round(tobit_mean(0.5), 6)
        0.697797
    """
    from relukit.lessons.history.experiments.noise import noisy_rate

    return float(noisy_rate(mean, noise))


@kept.cache
def fitted_slopes(setting: Setting = STATED) -> dict[str, tuple[float, ...]]:
    """Return the slope b that each of the three fits finds in each sample, by name.

    Args:
        setting: the seeds of the samples.
    """
    samples = [censored_sample(seed) for seed in setting.seeds]
    fits = (fit_line, fit_unit, fit_tobit)
    return {
        name: tuple(fit(sample)[1] for sample in samples)
        for name, fit in zip(FITS, fits, strict=True)
    }


def tobit_and_relu(setting: Setting = STATED) -> Measured:
    """Fit censored samples by a ReLU unit and by the Tobit likelihood, with noise and without."""
    setting = setting.only()
    quiet = [censored_sample(seed, noise=0.0) for seed in setting.seeds]
    exact = interval([abs(fit_unit(sample)[1] - SLOPE) for sample in quiet])
    slopes = fitted_slopes(setting)
    unit, tobit = (interval(slopes[name]) for name in FITS[1:])
    return {
        "error of the unit's slope where there is no noise": exact,
        "slope of the unit, noise inside the maximum": unit,
        "slope by Tobit likelihood, same data": tobit,
    }


def slope_of_the_unit(setting: Setting = STATED) -> Measured:
    """Return the slope that a ReLU unit, fitted by least squares, finds in censored samples."""
    return {"slope of the unit": interval(fitted_slopes(setting.only())[FITS[1]])}
