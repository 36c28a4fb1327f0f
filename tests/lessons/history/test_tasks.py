"""The tasks of lesson 01: their expected values come from elsewhere, their inputs are wide."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import torch
from scipy.integrate import quad

from relukit.checks import check
from relukit.checks.counterexample import probes
from relukit.checks.registry import task
from relukit.lessons.history.experiments.timeline import timeline
from relukit.lessons.history.tasks.order_the_timeline import YEARS

MILESTONES = {
    "Householder": "A. S. Householder",
    "Tobit": "J. Tobin",
    "Fukushima": "K. Fukushima",
    "silicon circuit": "R. H. R. Hahnloser and others",
    "softplus": "C. Dugas, Y. Bengio and others",
    "random filters": "K. Jarrett, K. Kavukcuoglu, M. Ranzato, Y. LeCun",
    "ReLU": "V. Nair, G. E. Hinton",
    "no pre-training": "X. Glorot, A. Bordes, Y. Bengio",
    "ImageNet": "A. Krizhevsky, I. Sutskever, G. E. Hinton",
    "variance 2/n": "K. He, X. Zhang, S. Ren, J. Sun",
    "Transformer": "A. Vaswani and others",
    "BERT": "J. Devlin, M.-W. Chang, K. Lee, K. Toutanova",
}


def test_the_years_are_those_of_the_timeline():
    first = {who: next(e.year for e in timeline() if e.who == who) for who in MILESTONES.values()}
    found = {name: first[who] for name, who in MILESTONES.items()}
    (neocognitron,) = (entry.year for entry in timeline() if "Neocognitron" in entry.what)
    assert found | {"Neocognitron": neocognitron} == YEARS


def test_names_of_one_year_may_stand_in_either_order():
    for sign in (1, -1):
        ranked = sorted(YEARS, key=lambda name: (YEARS[name], sign * len(name)))
        assert check(lambda names, r=ranked: sorted(names, key=r.index), "order_the_timeline")


def test_expected_values_of_half_wave_rectify_are_those_of_torch():
    for (signal, *drop), expected in probes(task("half_wave_rectify")):
        passed = torch.relu(torch.tensor(signal) - (drop or [0.0])[0]).numpy()
        assert np.array_equal(passed, expected, equal_nan=True)
        assert expected.dtype == signal.dtype


def test_inputs_cover_shapes_from_0_d_to_3_d_empty_ones_and_precisions():
    diode, means = (
        [arguments[0] for arguments, _ in probes(task(name))]
        for name in ("half_wave_rectify", "tobit_mean")
    )
    assert {x.ndim for x in diode} == {x.ndim for x in means} == {0, 1, 2, 3}
    assert any(x.size == 0 for x in diode)
    assert {x.dtype.name for x in diode} == {"float16", "float32", "float64"}
    assert any(np.isinf(x).any() for x in diode)
    assert any(np.isnan(x).any() for x in diode)


def test_expected_moments_are_those_of_quadrature():
    for (amplitude, wave), expected in probes(task("rectified_sine_moments")):
        share = 1 if wave == "half" else 2
        mean = share * quad(math.sin, 0, math.pi)[0] / (2 * math.pi)
        square = share * quad(lambda t: math.sin(t) ** 2, 0, math.pi)[0] / (2 * math.pi)
        wanted = (amplitude * mean, amplitude * math.sqrt(square))
        assert expected == pytest.approx(wanted, rel=1e-13)


def test_expected_states_are_where_the_circuit_settles_from_a_grid_of_starts():
    grid = np.linspace(-0.5, 3.5, 9) + 0.01
    starts = np.stack([x.ravel() for x in np.meshgrid(grid, grid + 0.07)], axis=1)
    compared = 0
    for (w, b), expected in probes(task("two_unit_steady_states")):
        if abs(w - 1) < 0.1 or w > 10:  # these take long, or a smaller step
            continue
        x = starts * max(b, 1e-6)
        for _ in range(600):
            x = x + 0.2 * (np.maximum(b - w * x[:, ::-1], 0) - x)
        rates = np.array(expected)
        gaps = np.abs(x[:, None] - rates[None]).max(axis=2)
        assert gaps.min(axis=1).max() <= 1e-6 * max(abs(b), 1e-6)
        assert set(gaps.argmin(axis=1)) == set(range(len(rates)))
        assert expected == sorted(expected)
        compared += 1
    assert compared > 40


def minor(matrix):
    """Return the determinant of a list of rows of fractions."""
    if not matrix:
        return Fraction(1)
    rest = [row[1:] for row in matrix]
    return sum((-1) ** i * row[0] * minor(rest[:i] + rest[i + 1 :]) for i, row in enumerate(matrix))


def test_expected_verdicts_are_those_of_exact_minors():
    verdicts = []
    for (weight, units), expected in probes(task("is_permitted")):
        assert np.array_equal(weight, weight.T)
        gap = [[(i == j) - Fraction(weight[i, j]) for j in units] for i in units]
        leading = [minor([row[:n] for row in gap[:n]]) for n in range(1, len(units) + 1)]
        assert expected == all(value > 0 for value in leading)
        verdicts.append(expected)
    assert 20 < sum(verdicts) < len(verdicts) - 20


def test_expected_rates_and_exponents_are_exact_and_those_of_a_numerical_derivative():
    silent = 0
    for (drive, threshold, noise), (rate, exponent) in probes(task("noisy_threshold_rate")):
        u = [Fraction(drive) - Fraction(threshold) + Fraction(z) for z in noise]
        wanted = sum(max(value, Fraction(0)) for value in u) / len(u)
        assert rate == pytest.approx(float(wanted), rel=1e-12)
        silent += wanted == 0
        if wanted == 0:
            assert math.isnan(exponent)
            continue
        assert 0 not in u

        def log_rate(log_drive, theta=threshold, samples=tuple(noise)):
            d = mpmath.exp(log_drive)
            return mpmath.log(sum(max(d - theta + z, 0) for z in samples) / len(samples))

        with mpmath.workdps(30):
            slope = float(mpmath.diff(log_rate, mpmath.log(drive)))
        assert exponent == pytest.approx(slope, rel=1e-9)
    assert 1 < silent < 40


def test_expected_means_of_censored_data_are_those_of_mpmath_down_to_the_far_tail():
    compared, smallest = 0, 1.0
    for (mean, noise), expected in probes(task("tobit_mean")):
        for value, got in zip(mean.ravel().tolist(), expected.ravel().tolist(), strict=True):
            with mpmath.workdps(60):
                t = mpmath.mpf(value) / mpmath.mpf(noise)
                wanted = float(noise * (t * mpmath.ncdf(t) + mpmath.npdf(t)))
            assert got == pytest.approx(wanted, rel=1e-11, abs=1e-307)
            compared, smallest = compared + 1, min(smallest, wanted or 1.0)
    assert compared > 100
    assert smallest < 1e-280


def test_a_mean_of_censored_data_is_the_integral_over_the_noise():
    by_integral = mpmath.quad(lambda z: max(0.5 + 2 * z, 0) * mpmath.npdf(z), [-0.25, 2, 5, 12])
    (expected,) = task("tobit_mean").reference(np.array([0.5]), 2.0)
    assert expected == pytest.approx(float(by_integral), rel=1e-12)


def test_expected_speedups_are_those_of_a_search_step_by_step():
    kinds = set()
    for (relu, tanh, level), expected in probes(task("speedup_to_level")):
        steps = []
        for errors in (tanh.tolist(), relu.tolist()):
            hits = [i for row in errors for i, error in enumerate(row, 1) if error <= level]
            steps.append(min(hits, default=math.inf))
        slow, fast = steps
        if slow == fast == math.inf:
            assert math.isnan(expected)
        else:
            assert expected == slow / fast
        kinds.add("nan" if math.isnan(expected) else min(expected, 2.0))
    assert {"nan", 0.0, 1.0, 2.0} <= kinds
    assert any(0 < kind < 1 for kind in kinds - {"nan"})


@pytest.mark.parametrize(
    ("name", "answer", "because"),
    [
        ("order_the_timeline", lambda names: "BERT", "the answer must be a list of names"),
        ("order_the_timeline", lambda names: [*names, "GELU"], "exactly once"),
        ("rectified_sine_moments", lambda a, w: ([1, 2], 3), "the mean must be one number"),
        ("two_unit_steady_states", lambda w, b: (b / (1 + w), b / (1 + w)), "a list of states"),
        ("two_unit_steady_states", lambda w, b: [], "one stable state is due"),
        ("two_unit_steady_states", lambda w, b: np.array(1.0), "a list of states"),
        ("is_permitted", lambda weight, units: 1, "the answer must be True"),
        ("noisy_threshold_rate", lambda d, t, z: (max(d - t + z[0], 0), "n"), "the exponent must"),
        ("speedup_to_level", lambda relu, tanh, level: (1, 2), "the answer must be one number"),
        ("speedup_to_level", lambda relu, tanh, level: 1.0, "relu reaches the level at step 2"),
    ],
)
def test_what_is_wrong_with_the_form_of_an_answer_is_said(name, answer, because):
    assert because in check(answer, name).because


def test_a_level_that_is_never_reached_is_said_so():
    outcome = check(
        lambda relu, tanh, level: 9.0 if level < 0.25 else _right(relu, tanh, level),
        "speedup_to_level",
    )
    assert "tanh never reaches the level" in outcome.because


def _right(relu, tanh, level):
    return task("speedup_to_level").reference(relu, tanh, level)
