"""Gaussian moments agree with published tables, closed forms, scipy and simulation."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import norm

from relukit import activations
from relukit.activations import ACTIVATIONS, activation
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.gaussian import (
    Moments,
    gain,
    gated_moments,
    maxout_moments,
    moments,
    rrelu_moments,
)

INF, NAN = math.inf, math.nan
# Computed with 30-digit quadrature: f(0), E f, E f^2, Var f, E f', E f'^2, forward gain, its
# square, backward gain.
TABLE = """
step           0.000000 0.500000 0.500000 0.250000 0.000000 0.000000 1.414214 2.000000 -
relu           0.000000 0.398942 0.500000 0.340845 0.500000 0.500000 1.414214 2.000000 1.414214
leaky_relu     0.000000 0.394953 0.500050 0.344062 0.505000 0.500050 1.414143 1.999800 1.414143
leaky-0.2      0.000000 0.319154 0.520000 0.418141 0.600000 0.520000 1.386750 1.923077 1.386750
prelu          0.000000 0.299207 0.531250 0.441725 0.625000 0.531250 1.371989 1.882353 1.371989
leaky-11/48    0.000000 0.307518 0.526259 0.431691 0.614583 0.526259 1.378480 1.900206 1.378480
leaky-1/5.5    0.000000 0.326407 0.516529 0.409987 0.590909 0.516529 1.391402 1.936000 1.391402
absolute       0.000000 0.797885 1.000000 0.363380 0.000000 1.000000 1.000000 1.000000 1.000000
shifted_relu   0.000000 0.083315 0.758029 0.751088 0.841345 0.841345 1.148569 1.319210 1.090217
elu            0.000000 0.160521 0.644945 0.619179 0.761578 0.668102 1.245198 1.550519 1.223429
celu-2         0.000000 0.098180 0.749362 0.739723 0.849619 0.761578 1.155192 1.334468 1.145889
selu           0.000000 0.000000 1.000000 1.000000 0.985231 1.071575 1.000000 1.000000 0.966026
softplus       0.693147 0.806059 0.921246 0.271515 0.500000 0.293379 1.041867 1.085487 1.846229
softplus-10    0.069315 0.405431 0.500936 0.336562 0.500000 0.460740 1.412891 1.996262 1.473234
gelu           0.000000 0.282095 0.425221 0.345644 0.500000 0.455851 1.533530 2.351716 1.481114
gelu_tanh      0.000000 0.282039 0.425194 0.345648 0.500000 0.455818 1.533581 2.351869 1.481168
gelu_sigmoid   0.000000 0.282331 0.421953 0.342242 0.500000 0.449549 1.539459 2.369933 1.491459
silu           0.000000 0.206621 0.355776 0.313083 0.500000 0.379482 1.676532 2.810761 1.623320
swish          0.000000 0.206621 0.355776 0.313083 0.500000 0.379482 1.676532 2.810761 1.623320
mish           0.000000 0.240404 0.452342 0.394548 0.563748 0.479084 1.486848 2.210716 1.444755
squareplus     1.000000 1.109306 1.500000 0.269441 0.500000 0.289315 0.816497 0.666667 1.859149
squareplus-1.9 0.693147 0.836795 0.980453 0.280228 0.500000 0.311903 1.009919 1.019937 1.790565
squareplus-1.5 0.617216 0.772584 0.880955 0.284069 0.500000 0.320152 1.065425 1.135131 1.767346
sigmoid        0.500000 0.500000 0.293379 0.043379 0.206621 0.044836 1.846229 3.408560 4.722646
tanh           0.000000 0.000000 0.394294 0.394294 0.605706 0.464403 1.592537 2.536175 1.467414
relu6          0.000000 0.398942 0.500000 0.340845 0.500000 0.500000 1.414214 2.000000 1.414214
hard_swish     0.000000 0.166217 0.331567 0.303939 0.500000 0.358532 1.736657 3.015978 1.670076
squared_relu   0.000000 0.500000 1.500000 1.250000 0.797885 2.000000 0.816497 0.666667 0.707107
star_relu      -0.447200 0.000000 0.999939 0.999939 0.713628 1.599903 1.000030 1.000061 0.790593
softsign       0.000000 0.000000 0.183014 0.183014 0.412755 0.227671 2.337533 5.464062 2.095781
"""
VARIANTS = {
    "leaky-0.2": ("leaky_relu", {"slope": 0.2}),
    "leaky-11/48": ("leaky_relu", {"slope": 11 / 48}),
    "leaky-1/5.5": ("leaky_relu", {"slope": 1 / 5.5}),
    "celu-2": ("celu", {"alpha": 2.0}),
    "softplus-10": ("softplus", {"sharpness": 10.0}),
    "squareplus-1.9": ("squareplus", {"b": 4 * math.log(2) ** 2}),
    "squareplus-1.5": ("squareplus", {"b": 1.523821}),
}
ROWS = [line.split() for line in TABLE.strip().splitlines()]


def approx(value: float):
    return pytest.approx(value, abs=0.51e-6, rel=0)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_moments_and_gains_match_the_table_to_six_decimals(row):
    label, at_zero, *cells, forward, square, backward = row
    name, parameters = VARIANTS.get(label, (label, {}))
    found = moments(name, **parameters)
    value = activation(name)(torch.zeros((), dtype=torch.float64), **parameters)
    assert value.item() == approx(float(at_zero))
    fields = ("mean", "second", "variance", "slope_mean", "slope_second")
    for field, cell in zip(fields, cells, strict=True):
        assert getattr(found, field) == approx(float(cell)), field
    assert gain(name, **parameters) == found.forward_gain == approx(float(forward))
    assert found.forward_gain**2 == approx(float(square))
    if backward == "-":
        assert found.backward_gain == INF
    else:
        backward_gain = gain(name, direction="backward", **parameters)
        assert backward_gain == found.backward_gain == approx(float(backward))


def test_table_has_a_row_for_every_activation():
    assert {VARIANTS.get(row[0], (row[0], {}))[0] for row in ROWS} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_moments_are_scipys_adaptive_integrals(name):
    entry, found = activation(name), moments(name)
    points = sorted({0.0, *entry.kinks})

    def expect(function):
        def integrand(z):
            return function(torch.tensor(z, dtype=torch.float64)).item() * norm.pdf(z)

        edges = [-12.0, *points, 12.0]
        pairs = itertools.pairwise(edges)
        return sum(quad(integrand, a, b, epsabs=1e-12, limit=200)[0] for a, b in pairs)

    assert found.mean == pytest.approx(expect(entry), abs=1e-9)
    assert found.second == pytest.approx(expect(lambda z: entry(z) ** 2), abs=1e-9)
    assert found.slope_second == pytest.approx(expect(lambda z: entry.derivative(z) ** 2), abs=1e-9)


def test_moments_equal_their_closed_forms_to_twelve_digits():
    def close(value):
        return pytest.approx(value, rel=1e-12)

    root = math.sqrt(2 * math.pi)
    e, e2 = math.sqrt(math.e) * ndtr(-1), math.e**2 * ndtr(-2)
    assert moments("relu").mean == close(1 / root)
    assert moments("leaky_relu", slope=0.3).second == close((1 + 0.3**2) / 2)
    assert moments("gelu").mean == close(1 / (2 * math.sqrt(math.pi)))
    second = 1 / 3 + 1 / (2 * math.sqrt(3) * math.pi)
    assert moments("gelu").second == close(second)
    assert moments("gelu").slope_second == close(second + 1 / (6 * math.sqrt(3) * math.pi))
    assert moments("silu").mean == close(moments("sigmoid").slope_mean)
    assert moments("elu").mean == close(1 / root + e - 0.5)
    assert moments("elu").second == close(1 + e2 - 2 * e)
    assert moments("elu").slope_second == close(0.5 + e2)
    assert moments("squared_relu").second == close(1.5)
    assert moments("squared_relu").slope_second == close(2)
    for name in ("softplus", "silu", "gelu", "gelu_tanh", "squareplus", "hard_swish"):
        assert moments(name).slope_mean == close(0.5)


@settings(deadline=None, max_examples=25)
@given(b=st.floats(1e-12, 1e6))
def test_squareplus_has_second_moment_one_half_plus_a_quarter_b(b):
    assert moments("squareplus", b=b).second == pytest.approx(0.5 + b / 4, rel=1e-10)


@settings(deadline=None, max_examples=25)
@given(sharpness=st.floats(1e-3, 1e12))
def test_softplus_of_any_sharpness_integrates_and_tends_to_relu(sharpness):
    found = moments("softplus", sharpness=sharpness)
    assert found.slope_mean == pytest.approx(0.5, rel=1e-10)
    assert 0 <= found.mean - moments("relu").mean <= math.log(2) / sharpness * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize("sharpness", [1e3, 1e5, 1e8])
def test_bends_much_narrower_than_a_panel_are_resolved(sharpness):
    missing = 0.5 - moments("softplus", sharpness=sharpness).slope_second
    assert missing == pytest.approx(norm.pdf(0) / sharpness, rel=1e-5)


@settings(deadline=None, max_examples=25)
@given(shift=st.floats(0, 12, allow_subnormal=False))
def test_shifted_relu_has_the_moments_of_a_censored_normal_variable(shift):
    found = moments("shifted_relu", shift=shift)
    assert found.slope_mean == pytest.approx(ndtr(shift), abs=1e-12)
    assert found.mean == pytest.approx(norm.pdf(shift) - shift * ndtr(-shift), abs=1e-12)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_stein_identity_ties_the_slope_to_the_function(name):
    """E[f'] = E[z f(z)] for every continuous f."""
    if name == "step":
        assert moments(name).slope_mean == 0  # the jump is left out
        return
    entry = activation(name)
    product = moments(lambda z: z * entry(z), kinks=entry.kinks)
    assert moments(name).slope_mean == pytest.approx(product.mean, abs=1e-12)


def test_moments_agree_with_a_simulation():
    z = torch.randn(400_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for name, entry in ACTIVATIONS.items():
        found, sample = moments(name), entry(z)
        spread = 5 * math.sqrt(found.variance / len(z))
        assert sample.mean().item() == pytest.approx(found.mean, abs=spread), name
        assert sample.var().item() == pytest.approx(found.variance, rel=0.03), name


def test_name_entry_function_and_plain_callable_give_the_same_moments():
    by_name = moments("leaky_relu", slope=0.2)
    assert moments(activation("leaky_relu"), slope=0.2) == by_name
    assert moments(activations.leaky_relu, slope=0.2) == by_name
    plain = moments(lambda z: torch.where(z > 0, z, 0.2 * z))
    for field in ("mean", "second", "variance", "slope_mean", "slope_second", "backward_gain"):
        assert getattr(plain, field) == pytest.approx(getattr(by_name, field), rel=1e-13)


def test_variance_of_a_nearly_constant_function_does_not_cancel():
    found = moments(lambda z: 1e6 + 1e-3 * z)
    assert found.variance == pytest.approx(1e-6, rel=1e-6)


def test_callable_with_a_kink_needs_its_name():
    def hinge(z):
        return torch.relu(z - 0.3)

    with pytest.raises(InvalidValueError, match="kinks"):
        moments(hinge)
    found = moments(hinge, kinks=[0.3])
    assert found.slope_mean == pytest.approx(ndtr(-0.3), rel=1e-12)
    assert found.mean == pytest.approx(norm.pdf(0.3) - 0.3 * ndtr(-0.3), rel=1e-12)
    assert moments(hinge, kinks=0.3) == moments(hinge, kinks=(0.3, 99.0)) == found


def test_moments_of_a_callable_work_where_gradients_are_off():
    with torch.no_grad():
        assert moments(torch.tanh).slope_mean == pytest.approx(0.605706, abs=1e-6)


@pytest.mark.parametrize(
    ("function", "options", "error", "match"),
    [
        (3, {}, InvalidTypeError, "name or a function"),
        (None, {}, InvalidTypeError, "name or a function"),
        ("rleu", {}, InvalidValueError, "did you mean 'relu'"),
        ("relu", {"slope": 0.1}, InvalidValueError, "slope"),
        ("softplus", {"sharpness": 0.0}, InvalidValueError, "sharpness"),
        ("relu", {"kinks": [NAN]}, InvalidValueError, "finite kinks"),
        ("relu", {"kinks": "here"}, InvalidTypeError, "kinks"),
        (lambda z: 1.0, {}, InvalidTypeError, "float64"),
        (lambda z: z.sum(), {}, InvalidTypeError, "float64"),
        (lambda z: z.float(), {}, InvalidTypeError, "float64"),
        (lambda z: z.numpy(force=True), {}, InvalidTypeError, "float64"),
        (lambda z: z.detach() * 2, {}, InvalidValueError, "autograd"),
        (lambda z: 1 / (z - z), {}, InvalidValueError, "finite"),
        (torch.log, {}, InvalidValueError, "finite"),
        (lambda z: torch.exp(3 * z * z), {}, InvalidValueError, "finite"),
        (lambda z: torch.exp(z * z), {}, InvalidValueError, "far below"),
    ],
)
def test_what_has_no_moments_is_refused(function, options, error, match):
    with pytest.raises(error, match=match):
        moments(function, **options)


def test_gain_refuses_other_directions_and_functions_without_a_gain():
    with pytest.raises(InvalidValueError, match="did you mean 'backward'"):
        gain("relu", direction="backwards")
    with pytest.raises(InvalidValueError, match="backward gain"):
        gain("step", direction="backward")
    with pytest.raises(InvalidValueError, match="forward gain"):
        gain(lambda z: 0 * z)


def test_gain_keeps_the_second_moment_through_a_wide_layer():
    generator = torch.Generator().manual_seed(1)
    width = 1500
    x = torch.randn(20, width, generator=generator, dtype=torch.float64)
    x = x / x.square().mean(1, keepdim=True).sqrt()
    for name in ("relu", "gelu", "tanh", "selu"):
        weight = torch.randn(width, width, generator=generator, dtype=torch.float64)
        z = x @ weight / math.sqrt(width)
        assert (gain(name) * activation(name)(z)).square().mean().item() == pytest.approx(
            1, abs=0.03
        )


@pytest.mark.parametrize(
    ("pieces", "mean", "second", "variance", "forward", "square"),
    [
        (1, 0, 1, 1, 1, 1),
        (2, 0.564190, 1, 0.681690, 1, 1),
        (3, 0.846284, 1.275664, 0.559467, 0.885384, 0.783905),
        (4, 1.029375, 1.551329, 0.491715, 0.802875, 0.644609),
    ],
)
def test_maxout_moments_match_the_table(pieces, mean, second, variance, forward, square):
    found = maxout_moments(pieces)
    assert (found.mean, found.second, found.variance) == (
        approx(mean),
        approx(second),
        approx(variance),
    )
    assert (found.forward_gain, found.forward_gain**2) == (approx(forward), approx(square))
    assert (found.slope_mean, found.slope_second, found.backward_gain) == (1, 1, 1)


def test_maxout_moments_agree_with_the_function_they_describe():
    assert maxout_moments(2).mean == pytest.approx(1 / math.sqrt(math.pi), rel=1e-12)
    z = torch.randn(50_000, 20, generator=torch.Generator().manual_seed(2))
    sample = activations.maxout(z, pieces=5)
    assert sample.mean().item() == pytest.approx(maxout_moments(5).mean, abs=0.01)
    assert sample.var().item() == pytest.approx(maxout_moments(np.int64(5)).variance, abs=0.01)
    largest = quad(lambda x: 1 - ndtr(x) ** 1000, 0, 12, epsabs=1e-12, limit=300)[0]
    assert maxout_moments(1000).mean == pytest.approx(largest, abs=1e-9)


@pytest.mark.parametrize("pieces", [0, -1, 1001])
def test_maxout_moments_refuse_a_number_out_of_range(pieces):
    with pytest.raises(InvalidValueError, match="pieces"):
        maxout_moments(pieces)


@pytest.mark.parametrize("pieces", [2.0, True, "2", None])
def test_maxout_moments_refuse_what_is_no_integer(pieces):
    with pytest.raises(InvalidTypeError, match="pieces"):
        maxout_moments(pieces)


@pytest.mark.parametrize(
    ("gate", "second", "forward", "square"),
    [
        ("glu", 0.293379, 1.846229, 3.408560),
        ("reglu", 0.5, 1.414214, 2.0),
        ("geglu", 0.425221, 1.533530, 2.351716),
        ("swiglu", 0.355776, 1.676532, 2.810761),
        ("bilinear", 1, 1, 1),
    ],
)
def test_gated_moments_match_the_table(gate, second, forward, square):
    found = gated_moments(gate)
    assert (found.mean, found.second, found.variance) == (0, approx(second), approx(second))
    assert (found.forward_gain, found.forward_gain**2) == (approx(forward), approx(square))


@pytest.mark.parametrize("gate", ["glu", "reglu", "geglu", "swiglu", "bilinear"])
def test_gated_moments_agree_with_a_simulation_of_the_unit_and_its_gradient(gate):
    generator = torch.Generator().manual_seed(4)
    a, b = torch.randn(2, 400_000, generator=generator, dtype=torch.float64).requires_grad_()
    result = getattr(activations, gate)(a, b)
    in_a, in_b = torch.autograd.grad(result.sum(), (a, b))
    found = gated_moments(gate)
    assert result.var().item() == pytest.approx(found.second, rel=0.03)
    assert (in_a + in_b).mean().item() == pytest.approx(found.slope_mean, abs=0.01)
    assert (in_a**2 + in_b**2).mean().item() == pytest.approx(found.slope_second, rel=0.03)


def test_gated_moments_take_any_gate():
    assert gated_moments("relu") == gated_moments("reglu") == gated_moments(torch.relu)
    soft = gated_moments("softplus", sharpness=10.0)
    assert soft.second == moments("softplus", sharpness=10.0).second


@pytest.mark.parametrize(
    ("gate", "options", "error", "match"),
    [
        ("swigl", {}, InvalidValueError, "did you mean 'swiglu'"),
        ("bilinear", {"beta": 1.0}, InvalidValueError, "beta"),
        (None, {}, InvalidTypeError, "function"),
    ],
)
def test_gated_moments_refuse_what_is_no_gate(gate, options, error, match):
    with pytest.raises(error, match=match):
        gated_moments(gate, **options)


def test_rrelu_moments_match_the_table_and_the_sampled_function():
    found = rrelu_moments()
    cells = (0.307518, 0.528067, 0.614583, 0.528067, 1.376117, 1.376117)
    fields = ("mean", "second", "slope_mean", "slope_second", "forward_gain", "backward_gain")
    for field, cell in zip(fields, cells, strict=True):
        assert getattr(found, field) == approx(cell)
    assert found.forward_gain**2 == approx(1.893699)
    z = torch.randn(400_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for options in ({}, {"sampling": "divisor"}, {"lower": 0, "upper": 1}):
        sample = activations.rrelu(z, training=True, seed=1, **options)
        assert sample.mean().item() == pytest.approx(rrelu_moments(**options).mean, abs=0.005)
        assert sample.var().item() == pytest.approx(rrelu_moments(**options).variance, rel=0.01)


@pytest.mark.parametrize(("low", "high"), [(3.0, 8.0), (1.5, 1.75)])
def test_rrelu_moments_of_a_divisor_average_over_the_slope(low, high):
    found = rrelu_moments(sampling="divisor", lower=low, upper=high)
    first, second = (quad(lambda d, p=p: d**-p, low, high)[0] / (high - low) for p in (1, 2))
    assert found.slope_mean == pytest.approx((1 + first) / 2, rel=1e-12)
    assert found.slope_second == found.second == pytest.approx((1 + second) / 2, rel=1e-12)


def test_rrelu_moments_of_a_fixed_slope_are_those_of_leaky_relu():
    leaky = moments("leaky_relu", slope=0.25)
    fixed = rrelu_moments(lower=0.25, upper=0.25)
    by_divisor = rrelu_moments(sampling="divisor", lower=4, upper=4)
    for field in Moments.__dataclass_fields__:
        assert getattr(fixed, field) == pytest.approx(getattr(leaky, field), rel=1e-12)
        assert getattr(by_divisor, field) == pytest.approx(getattr(leaky, field), rel=1e-12)
    with pytest.raises(InvalidValueError, match="lower <= upper"):
        rrelu_moments(lower=0.5)


def test_crelu_halves_share_the_second_moment_of_their_input():
    z = torch.linspace(-8, 8, 160_001, dtype=torch.float64)
    weight = torch.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    halves = activations.crelu(z[:, None])
    second = (halves**2 * weight[:, None]).sum(0)
    assert second.tolist() == pytest.approx([0.5, 0.5], abs=1e-6)
    assert second.sum().item() == pytest.approx(2 * moments("relu").second, abs=1e-6)


# At q = 1: the slope of q -> E[f(sqrt(q) z)^2] / E[f(z)^2], and E[f'^2] / E[f^2].
STABILITY = [
    ("relu", 1, 1),
    ("selu", 0.782648, 1.071575),
    ("elu", 0.890968, 1.035905),
    ("tanh", 0.461071, 1.177807),
    ("softplus", 0.492053, 0.318459),
    ("sigmoid", 0.106341, 0.152827),
    ("squareplus", 0.333333, 0.192877),
    ("gelu", 1.144063, 1.072032),
    ("silu", 1.172594, 1.066634),
    ("mish", 1.076339, 1.059118),
    ("hard_swish", 1.223920, 1.081323),
    ("squared_relu", 2, 1.333333),
    ("star_relu", 2, 1.6),
]


@pytest.mark.parametrize(("name", "slope", "chi"), STABILITY)
def test_moments_give_the_published_stability_of_the_variance_map(name, slope, chi):
    entry, h = activation(name), 1e-4

    def second(q):
        scale = math.sqrt(q)
        return moments(lambda z: entry(scale * z), kinks=[k / scale for k in entry.kinks]).second

    at_one = moments(name)
    measured = (second(1 + h) - second(1 - h)) / (2 * h) / at_one.second
    assert measured == pytest.approx(slope, abs=1.5e-6 if name != "star_relu" else 2e-4)
    assert at_one.slope_second / at_one.second == pytest.approx(
        chi, abs=1e-6 if name != "star_relu" else 1e-3
    )
