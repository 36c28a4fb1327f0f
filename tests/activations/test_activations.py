"""Activations agree with mpmath, torch.nn and finite differences, also at special values."""

import copy
import inspect
import math
import pickle
import re

import mpmath as mp
import numpy as np
import pytest
import sympy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from latex2mathml.converter import convert
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

from relukit import activations
from relukit.activations import ACTIVATIONS, UNITS, Activation, activation
from relukit.errors import InvalidTypeError, InvalidValueError

INF, NAN = math.inf, math.nan
NAMES = sorted(ACTIVATIONS)
HALF = (torch.float16, torch.bfloat16)
every = pytest.mark.parametrize("name", NAMES)
properties = settings(deadline=None, max_examples=60)
ordinary = st.floats(-30, 30)


def logistic(x):
    return 1 / (1 + mp.exp(-x)) if x > 0 else mp.exp(x) / (1 + mp.exp(x))


def log1pexp(x):
    return max(x, 0) + mp.log1p(mp.exp(-abs(x)))


# The definitions once more, in mpmath: none of them shares a step with the package.
REFERENCE = {
    "absolute": abs,
    "celu": lambda x: x if x > 0 else mp.expm1(x),
    "elu": lambda x: x if x > 0 else mp.expm1(x),
    "gelu": lambda x: x * mp.ncdf(x) if x > -5 else x * mp.erfc(-x / mp.sqrt(2)) / 2,
    "gelu_sigmoid": lambda x: x * logistic(mp.mpf("1.702") * x),
    "gelu_tanh": lambda x: (
        x * logistic(mp.sqrt(8 / mp.pi) * (x + mp.mpf("0.044715") * mp.mpf(x) ** 3))
    ),
    "hard_swish": lambda x: x * min(max(x + 3, 0), 6) / 6,
    "leaky_relu": lambda x: max(x, mp.mpf("0.01") * x),
    "mish": lambda x: x * mp.tanh(log1pexp(x)),
    "prelu": lambda x: max(x, x / 4),
    "relu": lambda x: max(x, mp.mpf(0)),
    "relu6": lambda x: min(max(x, mp.mpf(0)), mp.mpf(6)),
    "selu": lambda x: (
        mp.mpf("1.0507009873554805") * (x if x > 0 else mp.mpf("1.6732632423543772") * mp.expm1(x))
    ),
    "shifted_relu": lambda x: max(x, mp.mpf(-1)),
    "sigmoid": logistic,
    "silu": lambda x: x * logistic(x),
    "softplus": log1pexp,
    "softsign": lambda x: x / (1 + abs(x)),
    "squared_relu": lambda x: max(x, 0) ** 2,
    "squareplus": lambda x: (x + mp.sqrt(x * x + 4)) / 2,
    "star_relu": lambda x: mp.mpf("0.8944") * max(x, 0) ** 2 - mp.mpf("0.4472"),
    "step": lambda x: mp.mpf(x > 0),
    "swish": lambda x: x * logistic(x),
    "tanh": mp.tanh,
}

# name: f(-inf), f(0), f(inf), f'(-inf), f'(0), f'(inf)
SPECIAL = {
    "absolute": (INF, 0, INF, -1, 0, 1),
    "celu": (-1, 0, INF, 0, 1, 1),
    "elu": (-1, 0, INF, 0, 1, 1),
    "gelu": (0, 0, INF, 0, 0.5, 1),
    "gelu_sigmoid": (0, 0, INF, 0, 0.5, 1),
    "gelu_tanh": (0, 0, INF, 0, 0.5, 1),
    "hard_swish": (0, 0, INF, 0, 0.5, 1),
    "leaky_relu": (-INF, 0, INF, 0.01, 0.01, 1),
    "mish": (0, 0, INF, 0, 0.6, 1),
    "prelu": (-INF, 0, INF, 0.25, 0.25, 1),
    "relu": (0, 0, INF, 0, 0, 1),
    "relu6": (0, 0, 6, 0, 0, 0),
    "selu": (-1.758099340847377, 0, INF, 0, 1.758099340847377, 1.0507009873554805),
    "shifted_relu": (-1, 0, INF, 0, 1, 1),
    "sigmoid": (0, 0.5, 1, 0, 0.25, 0),
    "silu": (0, 0, INF, 0, 0.5, 1),
    "softplus": (0, math.log(2), INF, 0, 0.5, 1),
    "softsign": (-1, 0, 1, 0, 1, 0),
    "squared_relu": (0, 0, INF, 0, 0, INF),
    "squareplus": (0, 1, INF, 0, 0.5, 1),
    "star_relu": (-0.4472, -0.4472, INF, 0, 0, INF),
    "step": (0, 0, 1, 0, 0, 0),
    "swish": (0, 0, INF, 0, 0.5, 1),
    "tanh": (-1, 0, 1, 0, 1, 0),
}

# FACTS of the literature: the supremum of |f'| and one place where it is attained, if it is.
LIPSCHITZ = {
    "absolute": (1, 1.0),
    "celu": (1, 1.0),
    "elu": (1, 1.0),
    "gelu": (1.128904, math.sqrt(2)),
    "gelu_sigmoid": (1.099839, 1.409728),
    "gelu_tanh": (1.128993, 1.418504),
    "hard_swish": (1.5, 3 - 1e-12),
    "leaky_relu": (1, 1.0),
    "mish": (1.088498, 1.490571),
    "prelu": (1, 1.0),
    "relu": (1, 1.0),
    "relu6": (1, 1.0),
    "selu": (1.758099, 0.0),
    "shifted_relu": (1, 1.0),
    "sigmoid": (0.25, 0.0),
    "silu": (1.099839, 2.399357),
    "softplus": (1, None),
    "softsign": (1, 0.0),
    "squared_relu": (INF, None),
    "squareplus": (1, None),
    "star_relu": (INF, None),
    "step": (INF, None),
    "swish": (1.099839, 2.399357),
    "tanh": (1, 0.0),
}

# Parameters away from their defaults, and torch's function for them where there is one.
F = torch.nn.functional
VARIANTS = [
    ("celu", {"alpha": 2.0}, lambda x: F.celu(x, 2.0)),
    ("celu", {"alpha": 0.1}, lambda x: F.celu(x, 0.1)),
    ("elu", {"alpha": 2.0}, lambda x: F.elu(x, 2.0)),
    ("elu", {"alpha": 0.0}, torch.relu),
    ("leaky_relu", {"slope": 0.2}, lambda x: F.leaky_relu(x, 0.2)),
    ("leaky_relu", {"slope": 0}, torch.relu),
    ("leaky_relu", {"slope": 3.0}, lambda x: torch.minimum(x, 3 * x)),
    ("prelu", {"slope": -1.0}, torch.abs),
    ("prelu", {"slope": 1.0}, torch.clone),
    ("shifted_relu", {"shift": 2.5}, lambda x: F.threshold(x, -2.5, -2.5)),
    ("shifted_relu", {"shift": 0.0}, torch.relu),
    ("softplus", {"sharpness": 10.0}, lambda x: F.softplus(x, 10.0, threshold=40)),
    ("softplus", {"sharpness": 0.1}, lambda x: F.softplus(x, 0.1, threshold=40)),
    ("squareplus", {"b": 0.0}, torch.relu),
    ("squareplus", {"b": 1.523821}, lambda x: (x + (x * x + 1.523821).sqrt()) / 2),
    ("star_relu", {"scale": 2.0, "bias": 1.0}, lambda x: 2 * torch.relu(x) ** 2 + 1),
    ("swish", {"beta": 0.0}, lambda x: x / 2),
    ("swish", {"beta": 1.702}, lambda x: x * torch.sigmoid(1.702 * x)),
]
variants = pytest.mark.parametrize(
    ("name", "parameters", "oracle"), VARIANTS, ids=lambda v: str(v) if isinstance(v, dict) else ""
)


def spread_points() -> list[float]:
    """Return points of both signs from 1e-20 to 1e4, dense where the bends are."""
    magnitudes = np.concatenate([np.geomspace(1e-20, 1e4, 60), np.linspace(0.1, 25, 70)])
    return [*-magnitudes, 0.0, *magnitudes]


def away_from_kinks(name: str, points: list[float], distance: float, **parameters) -> list[float]:
    kinks = ACTIVATIONS[name].kinks_at(**parameters)
    return [x for x in points if all(abs(x - k) > distance for k in kinks)]


def autodiff(function, x: torch.Tensor) -> torch.Tensor:
    x = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(function(x).sum(), x)
    return slope


# ---- values ----------------------------------------------------------------------------------


@every
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 2e-13)])
def test_forward_keeps_its_digits_over_the_whole_range(name, dtype, tolerance):
    x = torch.tensor(spread_points(), dtype=dtype)
    smallest = torch.finfo(dtype).tiny
    with mp.workdps(40):
        for point, value in zip(x.tolist(), ACTIVATIONS[name](x).tolist(), strict=True):
            expected = float(REFERENCE[name](mp.mpf(point)))
            allowed = tolerance * abs(expected) + smallest * max(1, abs(point))
            assert abs(value - expected) <= allowed, point


@every
def test_derivative_is_that_of_the_definition(name):
    points = [x for x in spread_points() if x == 0 or abs(x) > 1e-12]
    points = away_from_kinks(name, points, 1e-13)
    slopes = activation(name).derivative(torch.tensor(points, dtype=torch.float64))
    with mp.workdps(80):
        for x, slope in zip(points, slopes.tolist(), strict=True):
            h = mp.mpf(10) ** -30
            expected = float(
                (REFERENCE[name](mp.mpf(x) + h) - REFERENCE[name](mp.mpf(x) - h)) / 2 / h
            )
            assert slope == pytest.approx(expected, rel=1e-12, abs=1e-15), x


@every
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_autodiff_of_forward_is_the_derivative_and_never_nan(name, dtype):
    entry = activation(name)
    extremes = [-3e38, -1e30, -1e20, -104.0, -88.0, 88.0, 104.0, 1e20, 1e30, 3e38, 1e-40]
    x = torch.tensor([*spread_points(), *extremes, *entry.kinks, -0.0], dtype=dtype)
    slope = autodiff(entry, x)
    assert not slope.isnan().any()
    torch.testing.assert_close(slope, entry.derivative(x), rtol=1e-5, atol=1e-6)


@every
def test_derivative_is_the_limit_of_finite_differences(name):
    h = 1e-6
    points = away_from_kinks(name, list(np.linspace(-9.87, 9.87, 400)), 2 * h)
    x = torch.tensor(points, dtype=torch.float64)
    entry = activation(name)
    difference = (entry(x + h) - entry(x - h)) / (2 * h)
    torch.testing.assert_close(entry.derivative(x), difference, rtol=1e-7, atol=1e-7)


@every
def test_forward_is_the_function_of_torch_that_the_entry_names(name):
    entry = activation(name)
    if entry.torch_name is None:
        assert name in {"gelu_sigmoid", "squared_relu", "squareplus", "star_relu", "step"}
        return
    oracle = eval(entry.torch_name, {"torch": torch})
    oracle = oracle.double() if isinstance(oracle, torch.nn.Module) else oracle
    x = torch.linspace(-15, 15, 601, dtype=torch.float64)
    torch.testing.assert_close(entry(x), oracle(x).detach(), rtol=1e-8, atol=1e-12)


@variants
def test_parameters_change_the_function_as_they_should(name, parameters, oracle):
    x = torch.linspace(-8.05, 8.05, 162, dtype=torch.float64)
    torch.testing.assert_close(activation(name)(x, **parameters), oracle(x), rtol=1e-9, atol=1e-12)


@variants
def test_derivative_follows_the_parameters(name, parameters, oracle):
    entry = activation(name)
    points = torch.linspace(-8.05, 8.05, 162, dtype=torch.float64).tolist()
    x = torch.tensor(away_from_kinks(name, points, 1e-9, **parameters), dtype=torch.float64)
    difference = (oracle(x + 1e-6) - oracle(x - 1e-6)) / 2e-6
    slope = entry.derivative(x, **parameters)
    torch.testing.assert_close(slope, difference, rtol=1e-7, atol=1e-8)
    assert (
        not autodiff(lambda v: entry(v, **parameters), torch.tensor([-3e38, 0.0, 3e38]))
        .isnan()
        .any()
    )
    kinks = torch.tensor(entry.kinks_at(**parameters), dtype=torch.float64)
    at_kinks = autodiff(lambda v: entry(v, **parameters), kinks)
    torch.testing.assert_close(entry.derivative(kinks, **parameters), at_kinks)


@pytest.mark.parametrize(
    ("name", "parameters", "kinks"),
    [
        ("elu", {"alpha": 2.0}, (0.0,)),
        ("elu", {"alpha": 1}, ()),
        ("leaky_relu", {"slope": 1.0}, ()),
        ("prelu", {"slope": -2.0}, (0.0,)),
        ("shifted_relu", {"shift": 2.5}, (-2.5,)),
        ("squareplus", {"b": 0.0}, (0.0,)),
        ("celu", {"alpha": 2.0}, ()),
        ("hard_swish", {}, (-3.0, 3.0)),
        ("relu6", {}, (0.0, 6.0)),
        ("selu", {}, (0.0,)),
        ("star_relu", {}, ()),
    ],
)
def test_kinks_move_with_the_parameters(name, parameters, kinks):
    assert activation(name).kinks_at(**parameters) == kinks


@every
def test_slope_jumps_at_every_kink_and_nowhere_else(name):
    entry, h = activation(name), 1e-7
    for kink in (*entry.kinks, -3.0, -1.0, 0.0, 3.0, 6.0):
        sides = torch.tensor([kink - h, kink + h], dtype=torch.float64)
        jump = (entry.derivative(sides).diff().abs() + entry(sides).diff().abs()).item()
        assert (jump > 0.1) == (kink in entry.kinks), kink


# ---- special values --------------------------------------------------------------------------


@every
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_limits_and_the_value_at_zero(name, dtype):
    expected = torch.tensor(SPECIAL[name], dtype=torch.float64).to(dtype)
    x = torch.tensor([-INF, 0.0, INF], dtype=dtype)
    entry = activation(name)
    torch.testing.assert_close(entry(x), expected[:3])
    torch.testing.assert_close(entry.derivative(x), expected[3:])


@every
def test_nan_stays_nan_in_value_and_derivative(name):
    entry = activation(name)
    for dtype in (*HALF, torch.float32, torch.float64):
        x = torch.tensor([1.0, NAN] * 9, dtype=dtype)
        assert (
            entry(x).isnan().tolist() == entry.derivative(x).isnan().tolist() == [False, True] * 9
        )


@every
def test_minus_zero_is_zero_and_keeps_its_sign_where_f_is_odd_like_at_zero(name):
    at_plus, at_minus = activation(name)([0.0, -0.0]).tolist()
    assert at_plus == at_minus
    assert math.copysign(1, at_plus) == 1 or at_plus != 0
    by_machine_or_even = {"relu", "relu6", "absolute", "squared_relu", "step"}
    if at_minus == 0 and name not in by_machine_or_even:
        assert math.copysign(1, at_minus) == -1
    if name in {"absolute", "squared_relu", "step"}:
        assert math.copysign(1, at_minus) == 1


@every
@pytest.mark.parametrize("dtype", HALF)
def test_sixteen_bit_results_are_the_rounded_float32_results(name, dtype):
    x = torch.linspace(-12, 12, 97, dtype=dtype)
    entry = activation(name)
    for function in (entry, entry.derivative):
        assert function(x).dtype == dtype
        assert torch.equal(function(x), function(x.float()).to(dtype))
    assert autodiff(entry, x).dtype == dtype


@every
def test_shape_and_dtype_of_the_input_are_kept(name):
    entry = activation(name)
    for function in (entry, entry.derivative):
        for shape in [(), (0,), (3, 0, 2), (2, 3)]:
            for dtype in (torch.float32, torch.float64):
                result = function(torch.zeros(shape, dtype=dtype))
                assert (result.shape, result.dtype) == (shape, dtype)


@every
def test_input_is_not_changed(name):
    x = torch.linspace(-3, 3, 7)
    activation(name)(x), activation(name).derivative(x)
    assert torch.equal(x, torch.linspace(-3, 3, 7))


@every
def test_functions_work_under_vmap_and_functional_gradients(name):
    entry = activation(name)
    x = torch.linspace(-4, 4, 12).reshape(3, 4) + 0.01
    assert torch.equal(torch.func.vmap(entry)(x), entry(x))
    slopes = torch.func.vmap(torch.func.grad(entry))(x.flatten())
    torch.testing.assert_close(slopes, entry.derivative(x.flatten()))


@pytest.mark.parametrize(
    "x",
    [
        [-1, 0, 2],
        (-1, 0, 2),
        range(-1, 3),
        torch.tensor([-1, 0, 2], dtype=torch.int8),
        np.array([-1, 0, 2]),
        np.array([2, 0, -1], dtype=np.int16)[::-1],
        np.array([-1, 0, 2], dtype=">i4"),
        [True, False],
        torch.tensor([True, False]),
        3,
        True,
    ],
    ids=str,
)
def test_integers_and_bools_become_the_default_float(x):
    result = activations.relu(x)
    values = torch.tensor([v * 1.0 for v in np.atleast_1d(np.asarray(x)).tolist()])
    assert result.dtype == torch.get_default_dtype() == torch.float32
    assert torch.equal(result.reshape(-1), values.clamp(min=0))


def test_arrays_keep_their_precision_and_may_be_read_only_or_reversed():
    x = np.linspace(-1, 1, 5)
    x.flags.writeable = False
    assert activations.gelu(x[::-1]).dtype == torch.float64
    assert activations.relu(x[::-1]).tolist() == [1.0, 0.5, 0.0, 0.0, 0.0]
    assert activations.relu(np.float64(0.1)).item() == 0.1
    assert activations.relu(np.float16([0.1])).dtype == torch.float16
    assert activations.relu(np.array([1.5], dtype=">f8")).item() == 1.5


# ---- the values that break the usual formulas ------------------------------------------------


def test_gelu_keeps_tiny_negative_tail_in_float32():
    assert activations.gelu(-6.0).item() == pytest.approx(-5.9195e-9, rel=1e-4)
    assert activations.gelu(torch.tensor(-12.0)).item() < 0
    x = torch.tensor(-6.0)
    assert (x / 2 * (1 + torch.erf(x / math.sqrt(2)))).item() == 0  # the form to avoid


def test_gelu_tanh_keeps_its_tail_in_float32():
    assert activations.gelu_tanh(-5.0).item() == pytest.approx(-1.1455e-7 * 2, rel=1e-3)


def test_squareplus_is_strictly_positive_far_to_the_left_in_float32():
    x = torch.tensor([-1e3, -5e3, -1e4, -1e12])
    torch.testing.assert_close(activations.squareplus(x), -1 / x, rtol=1e-5, atol=0)
    assert ((x + (x * x + 4).sqrt()) / 2)[2].item() == 0  # the form to avoid


def test_squareplus_does_not_overflow_where_the_square_does():
    assert activations.squareplus(torch.tensor([2e19, 3e38])).tolist() == [
        torch.tensor(2e19).item(),
        torch.tensor(3e38).item(),
    ]


def test_softplus_is_exact_at_ten_thousand_in_float32_and_smooth_at_zero():
    x = torch.tensor([-1e4, 1e4])
    for sharpness in (0.5, 1.0, 10.0, 1e30):
        assert activations.softplus(x, sharpness=sharpness).tolist() == [0.0, 1e4]
        assert autodiff(
            lambda v, k=sharpness: activations.softplus(v, sharpness=k), torch.tensor([0.0, -0.0])
        ).tolist() == [0.5, 0.5]
    assert (activations.softplus(10.0) - 10).item() == pytest.approx(4.54e-5, rel=0.02)


def test_saturating_slopes_keep_their_digits_where_one_minus_f_is_zero():
    for name, x, slope in (
        ("sigmoid", 30.0, math.exp(-30)),
        ("sigmoid", -80.0, math.exp(-80)),
        ("tanh", 20.0, 4 * math.exp(-40)),
        ("tanh", -20.0, 4 * math.exp(-40)),
        ("softsign", 1e6, 1e-12),
    ):
        found = activation(name).derivative(torch.tensor(x)).item()
        assert found == pytest.approx(slope, rel=1e-5, abs=0), (name, x)


def test_elu_has_a_finite_gradient_at_a_hundred():
    x = torch.tensor([100.0, 1e30])
    assert autodiff(activations.elu, x).tolist() == [1.0, 1.0]
    naive = autodiff(lambda v: torch.where(v > 0, v, torch.exp(v) - 1), x)
    assert naive.isnan().all()  # the form to avoid


def test_gated_units_vanish_at_minus_infinity_where_torch_has_nan():
    x = torch.tensor([-INF])
    for name in ("gelu", "gelu_tanh", "silu", "mish", "hard_swish"):
        assert activation(name)(x).item() == 0
        assert eval(activation(name).torch_name, {"torch": torch})(x).isnan().all()


def test_tiny_and_huge_parameters_do_not_break_the_limits():
    x = torch.tensor([-INF, INF])
    assert activations.swish(x, beta=1e-37).tolist() == [0, INF]
    assert activation("swish").derivative(x, beta=1e-37).tolist() == [0, 1]
    assert activations.swish(x, beta=0).tolist() == [-INF, INF]
    assert activations.swish(x, beta=1e38).tolist() == [0, INF]
    assert activation("swish").derivative([-INF, NAN, INF], beta=0).nan_to_num(7).tolist() == [
        0.5,
        7,
        0.5,
    ]
    assert activations.leaky_relu(x, slope=0).tolist() == [0, INF]
    assert activations.squareplus(x, b=1e-37).tolist() == [0, INF]
    assert not autodiff(lambda v: activations.squareplus(v, b=1.2e-38), torch.ones(3)).isnan().any()


# ---- parameters ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("softplus", {"sharpness": 0}),
        ("softplus", {"sharpness": -1.0}),
        ("softplus", {"sharpness": NAN}),
        ("softplus", {"sharpness": INF}),
        ("softplus", {"sharpness": 1e-60}),
        ("squareplus", {"b": -1e-9}),
        ("squareplus", {"b": INF}),
        ("elu", {"alpha": -1}),
        ("elu", {"alpha": NAN}),
        ("celu", {"alpha": 0.0}),
        ("swish", {"beta": -0.1}),
        ("leaky_relu", {"slope": -0.01}),
        ("prelu", {"slope": NAN}),
        ("prelu", {"slope": torch.zeros(4)}),
        ("prelu", {"slope": torch.zeros(2, 3)}),
        ("shifted_relu", {"shift": -1.0}),
        ("star_relu", {"scale": 0.0}),
        ("star_relu", {"bias": INF}),
        ("relu", {"slope": 0.1}),
        ("leaky_relu", {"negative_slope": 0.1}),
    ],
    ids=str,
)
def test_parameters_out_of_range_or_unknown_are_refused_by_value_and_derivative(name, parameters):
    entry = activation(name)
    x = torch.zeros(3)
    for call in (entry, entry.derivative, entry.forward):
        with pytest.raises(InvalidValueError, match=next(iter(parameters))):
            call(x, **parameters)


@pytest.mark.parametrize("value", ["1", None, True, 1j, [1.0], torch.tensor(1.0)], ids=repr)
def test_parameters_that_are_not_numbers_are_refused(value):
    entry = activation("softplus")
    for call in (entry, entry.derivative, entry.kinks_at):
        with pytest.raises(InvalidTypeError, match="sharpness"):
            call(*([] if call == entry.kinks_at else [0.0]), sharpness=value)


def test_unknown_parameter_names_the_nearest_one():
    with pytest.raises(InvalidValueError, match="no parameter for relu, got slope"):
        activations.relu(0.0, slope=0.1)
    with pytest.raises(InvalidValueError, match="did you mean 'sharpness'"):
        activations.softplus(0.0, sharpnes=2.0)


def test_prelu_slope_may_be_learned_for_every_channel():
    x = torch.tensor([[-2.0, -4.0], [3.0, -1.0]])
    slope = torch.tensor([0.5, 0.0], requires_grad=True)
    result = activations.prelu(x, slope=slope)
    assert result.tolist() == [[-1.0, 0.0], [3.0, 0.0]]
    result.sum().backward()
    assert slope.grad.tolist() == [-2.0, -5.0]  # the sum of min(0, x)
    assert activation("prelu").derivative(x, slope=slope).tolist() == [[0.5, 0.0], [1.0, 0.0]]
    assert activations.prelu(x.half(), slope=slope).dtype == torch.float16
    assert activations.prelu(x, slope=slope.double()).dtype == torch.float32
    assert activations.prelu(x.double(), slope=slope.bfloat16())[0, 0].item() == -1.0
    with pytest.raises(InvalidTypeError, match="slope"):
        activations.prelu(x, slope=torch.tensor([1, 2]))


@pytest.mark.parametrize(
    "x",
    [
        "relu",
        b"relu",
        None,
        1j,
        torch.tensor([1j]),
        np.array([1j]),
        np.array(["a"]),
        np.array([None, 1.0]),
        [None],
        {1: 2},
        {1},
        object(),
        [1.0, "a"],
        torch.zeros(2).to(torch.float8_e4m3fn),
    ],
    ids=lambda value: type(value).__name__,
)
def test_inputs_that_are_not_real_numbers_are_refused(x):
    for name in ("relu", "softplus"):
        for call in (activation(name), activation(name).derivative, activation(name).forward):
            with pytest.raises(InvalidTypeError, match="real numbers"):
                call(x)


@pytest.mark.parametrize("x", [[[1.0], [1.0, 2.0]], 10**30])
def test_numbers_that_make_no_tensor_are_refused(x):
    with pytest.raises((InvalidValueError, InvalidTypeError), match="real numbers"):
        activations.relu(x)


# ---- the registry ----------------------------------------------------------------------------


def test_registry_holds_every_element_wise_function_under_its_own_name():
    assert sorted(REFERENCE) == sorted(SPECIAL) == sorted(LIPSCHITZ) == NAMES
    for name, entry in ACTIVATIONS.items():
        assert entry.name == name == entry.forward.__name__
        assert getattr(activations, name) is entry.forward
        assert activation(name) is entry
        assert name in activations.__all__


def test_every_public_function_is_declared_once():
    functions = {n for n in activations.__all__ if inspect.isfunction(getattr(activations, n))}
    assert functions - {"activation"} == {*ACTIVATIONS} | {*UNITS}
    assert not {*ACTIVATIONS} & {*UNITS}
    for name, entry in UNITS.items():
        assert getattr(activations, name) is entry.forward


def test_public_names_are_documented_with_an_example():
    for name in set(activations.__all__) - {"ACTIVATIONS", "UNITS"}:
        assert ">>> " in getattr(activations, name).__doc__, name


@every
def test_help_says_what_the_declaration_says(name):
    entry = activation(name)
    text = inspect.getdoc(entry.forward)
    titles = re.findall(r"^(\w+):$", text, re.MULTILINE)
    assert titles == ["Args", "Returns", "Raises", "Conventions", "References", "Example"]
    assert f"$f(x) = {entry.formula}$" in text.split("\n\n")[0]
    for limit in entry.limits:
        assert f"${limit}$" in text
    for parameter, symbol in entry.symbols.items():
        assert re.search(rf"^    {parameter}: \${re.escape(symbol)}[ $]", text, re.MULTILINE)
    assert "derivative" in text
    assert (entry.torch_name or "") in text
    given = inspect.signature(entry.forward).parameters
    assert {key: value.default for key, value in given.items() if key != "x"} == entry.parameters


@every
def test_source_is_a_key_with_its_year(name):
    entry = activation(name)
    assert entry.reference.endswith(str(entry.year))
    assert f"[{entry.reference}]" in entry.forward.__doc__
    assert 1943 <= entry.year <= 2022


# What the symbols of formulas stand for that no parameter carries.
CONSTANTS = {"selu": {"lamda": 1.0507009873554805, "alpha": 1.6732632423543772}}
READ = {
    "Abs": sympy.Abs,
    "GELU": lambda u: u * (1 + sympy.erf(u / sympy.sqrt(2))) / 2,
    "Phi": lambda u: (1 + sympy.erf(u / sympy.sqrt(2))) / 2,
    "SiLU": lambda u: u / (1 + sympy.exp(-u)),
    "beta": sympy.Symbol("beta"),  # not Euler's function
    "e": sympy.E,
    "max": sympy.Max,
    "min": sympy.Min,
    "sigma": lambda u: 1 / (1 + sympy.exp(-u)),
}


def read(tex: str) -> sympy.Expr:
    """Return what a formula in TeX means, as sympy understands it."""
    if cases := re.fullmatch(r"(.*)\\text\{ if \}(.*)\\text\{ else \}(.*)", tex):
        yes, condition, no = map(read, cases.groups())
        return sympy.Piecewise((yes, condition), (no, True))
    text = tex.split(" = ")[-1].replace("lambda", "lamda")  # as sympy and Python need it
    text = re.sub(r"\|(.*?)\|", r"Abs(\1)", text)
    text = re.sub(r"\\(left|right|,)|\\mathrm(?=\{)", " ", text)
    text = re.sub(r"(\^|\\sqrt|(?<= ))\{([^{}]*)\}", r"\1(\2)", text)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    text = text.replace("(GELU)", "GELU").replace("(SiLU)", "SiLU").replace("\\", " ")
    rules = (*standard_transformations, implicit_multiplication_application, convert_xor)
    return parse_expr(text.strip(), local_dict=READ, transformations=rules)


def meaning(entry: Activation, tex: str, **parameters: float):
    """Return a formula of an entry as a function of x in mpmath."""
    values = {**entry.parameters, **parameters}
    values = {entry.symbols[name].strip("\\"): value for name, value in values.items()}
    values |= CONSTANTS.get(entry.name, {})
    expression = read(tex)
    assert {str(symbol) for symbol in expression.free_symbols} <= {"x", *values}
    return sympy.lambdify("x", expression.subs(values), "mpmath")


@pytest.mark.parametrize(
    ("name", "parameters"), [*((name, {}) for name in NAMES), *(case[:2] for case in VARIANTS)]
)
def test_formula_as_it_is_printed_is_the_function(name, parameters):
    entry = activation(name)
    printed = meaning(entry, entry.formula, **parameters)
    x = torch.tensor([x for x in spread_points() if abs(x) < 300], dtype=torch.float64)
    with mp.workdps(400):  # formulas cancel where the package does not
        expected = [float(printed(mp.mpf(point))) for point in x.tolist()]
    expected = torch.tensor(expected, dtype=torch.float64)
    torch.testing.assert_close(entry(x, **parameters), expected, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("name", [name for name in UNITS if UNITS[name].gate])
def test_formula_of_a_gated_unit_as_it_is_printed_is_the_function(name):
    a, b = torch.randn(2, 40, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    printed = sympy.lambdify(["a", "b"], read(UNITS[name].formula), "mpmath")
    expected = [float(printed(*pair)) for pair in zip(a.tolist(), b.tolist(), strict=True)]
    torch.testing.assert_close(UNITS[name].forward(a, b).tolist(), expected)


@every
def test_limits_as_they_are_printed_are_the_limits_of_the_definition(name):
    entry = activation(name)
    with mp.workdps(40):
        for tex, x in zip(entry.limits, (mp.mpf("-1e9"), mp.mpf("1e9")), strict=True):
            limit = meaning(entry, tex)(x)
            assert mp.almosteq(REFERENCE[name](x), limit, 1e-8, 1e-8), tex
            assert entry(torch.tensor(float(x)).double()).item() == pytest.approx(
                float(limit), rel=1e-8, abs=1e-8
            )


@pytest.mark.parametrize("entry", [*ACTIVATIONS.values(), *UNITS.values()], ids=lambda e: e.name)
def test_formulas_can_be_shown_and_facts_fill_a_table(entry):
    for tex in (
        entry.formula,
        *getattr(entry, "limits", ()),
        *getattr(entry, "symbols", {}).values(),
    ):
        assert "\\" not in re.sub(r"<[^>]*>", "", convert(tex)), tex
    assert all(isinstance(cell, str) and cell for cell in entry.facts.values())
    assert entry.facts["name"] == entry.name
    assert f"${entry.formula}$" == entry.facts["f(x)"]
    assert f" = {entry.formula}$" in entry.forward.__doc__
    assert entry.source in entry.forward.__doc__
    assert str(entry.year or "-") == entry.facts["year"]


@every
def test_lipschitz_constant_is_the_largest_slope(name):
    entry = activation(name)
    published, place = LIPSCHITZ[name]
    assert entry.lipschitz == pytest.approx(published, abs=1e-6)
    x = torch.cat([torch.linspace(-30, 30, 60001), torch.tensor([-1e4, 1e4])]).double()
    slopes = entry.derivative(x).abs()
    assert (slopes <= entry.lipschitz * (1 + 1e-14)).all()
    if place is not None:
        at = entry.derivative(torch.tensor(place, dtype=torch.float64)).item()
        assert at == pytest.approx(entry.lipschitz, abs=1e-11)
    elif math.isfinite(published):
        assert slopes.max().item() == pytest.approx(published, abs=1e-6)


@variants
def test_lipschitz_constant_follows_the_parameters(name, parameters, oracle):
    x = torch.linspace(-80, 80, 160_001, dtype=torch.float64)
    steepest = ((oracle(x[1:]) - oracle(x[:-1])) / x.diff()).abs().max().item()
    constant = activation(name).lipschitz_at(**parameters)
    assert constant == (INF if name == "star_relu" else pytest.approx(steepest, rel=2e-3))


@every
def test_entry_survives_pickle_and_copy(name):
    entry = activation(name)
    clone = pickle.loads(pickle.dumps(entry))
    assert clone is copy.deepcopy(entry) is entry


def test_entries_and_their_parameters_cannot_be_changed():
    entry = activation("leaky_relu")
    with pytest.raises(AttributeError):
        entry.year = 2014
    with pytest.raises(TypeError):
        entry.parameters["slope"] = 1.0
    with pytest.raises(TypeError):
        ACTIVATIONS["mine"] = entry
    assert dict(entry.parameters) == {"slope": 0.01}


@pytest.mark.parametrize("name", ["rleu", "ReLU", "", None, 3, ["relu"]], ids=repr)
def test_unknown_names_are_refused(name):
    with pytest.raises(InvalidValueError, match="known activation"):
        activation(name)


def test_nearest_name_is_suggested():
    with pytest.raises(InvalidValueError, match="did you mean 'leaky_relu'"):
        activation("leakyrelu")


# ---- what the functions are to each other ----------------------------------------------------


@properties
@given(x=st.floats(-1e6, 1e6), scale=st.sampled_from([0.0, 0.25, 1.0, 2.0, 1024.0]))
def test_relu_family_is_positively_homogeneous(x, scale):
    x = torch.tensor(x, dtype=torch.float64)
    for name in ("relu", "leaky_relu", "prelu", "absolute"):
        assert activation(name)(scale * x).item() == pytest.approx(
            scale * activation(name)(x).item(), rel=1e-15
        )


@properties
@given(x=st.floats(allow_nan=False, allow_infinity=False))
def test_identity_and_absolute_value_are_made_of_two_rectifiers(x):
    x = torch.tensor(x, dtype=torch.float64)
    right, left = activations.relu(x), activations.relu(-x)
    assert right - left == x
    assert right + left == activations.absolute(x)


@properties
@given(x=ordinary, slope=st.floats(-5, 1))
def test_prelu_is_a_maximum_for_slopes_up_to_one(x, slope):
    slope = 0.0 if abs(slope) < 1e-300 else slope
    x = torch.tensor(x, dtype=torch.float64)
    assert activations.prelu(x, slope=slope) == torch.maximum(x, slope * x)


@properties
@given(x=st.floats(-300, 300))
def test_even_and_odd_parts_differ_by_the_identity(x):
    x = torch.tensor(x, dtype=torch.float64)
    smoothed = ("gelu", "gelu_tanh", "gelu_sigmoid", "silu", "swish", "softplus", "squareplus")
    for name in (*smoothed, "hard_swish", "relu"):
        difference = activation(name)(x) - activation(name)(-x)
        torch.testing.assert_close(difference, x, rtol=1e-13, atol=1e-13)


@properties
@given(x=ordinary, y=ordinary)
def test_no_chord_is_steeper_than_the_lipschitz_constant(x, y):
    pair = torch.tensor([x, y], dtype=torch.float64)
    for entry in ACTIVATIONS.values():
        if math.isfinite(entry.lipschitz):
            rise = entry(pair).diff().abs().item()
            assert rise <= entry.lipschitz * abs(x - y) * (1 + 1e-12) + 1e-12, entry.name


@properties
@given(x=ordinary, sharpness=st.floats(0.1, 100))
def test_softplus_lies_above_relu_by_at_most_its_gap_at_zero(x, sharpness):
    x = torch.tensor(x, dtype=torch.float64)
    gap = (activations.softplus(x, sharpness=sharpness) - activations.relu(x)).item()
    assert -1e-15 <= gap <= math.log(2) / sharpness + 1e-15


def far_apart(f, g) -> tuple[float, float]:
    """Return the largest distance of two functions on [-40, 40] and where it is."""
    x = torch.linspace(-40, 40, 800_001, dtype=torch.float64)
    distance, index = (f(x) - g(x)).abs().max(0)
    return distance.item(), x[index].item()


@pytest.mark.parametrize(
    ("name", "argmin", "minimum", "steepest", "lowest", "at", "distance"),
    [
        ("gelu", -0.751792, -0.169971, 1.128904, -0.128904, -1.414214, 0.169971),
        ("gelu_tanh", -0.752461, -0.170041, 1.128993, -0.128993, -1.418504, 0.170041),
        ("gelu_sigmoid", -0.751154, -0.163610, 1.099839, -0.099839, -1.409728, 0.163610),
        ("silu", -1.278465, -0.278465, 1.099839, -0.099839, -2.399357, 0.278465),
        ("mish", -1.192431, -0.308843, 1.088498, -0.112526, -2.256376, 0.308843),
        ("hard_swish", -1.5, -0.375, 1.5, -0.5, -3.0, 0.375),
    ],
)
def test_minima_and_extreme_slopes_are_the_published_ones(
    name, argmin, minimum, steepest, lowest, at, distance
):
    entry = activation(name)
    x = torch.linspace(-4, 4, 800_001, dtype=torch.float64)
    values, slopes = entry(x), entry.derivative(x)
    assert values.min().item() == pytest.approx(minimum, abs=1e-6)
    assert x[values.argmin()].item() == pytest.approx(argmin, abs=2e-5)
    assert slopes.max().item() == pytest.approx(steepest, abs=1.2e-5)
    assert slopes.min().item() == pytest.approx(lowest, abs=1.2e-5)
    assert x[slopes.argmin()].item() == pytest.approx(at, abs=2e-5)
    assert far_apart(entry, activations.relu)[0] == pytest.approx(distance, abs=1e-6)


@pytest.mark.parametrize(
    ("f", "g", "distance", "place", "tolerance"),
    [
        (activations.gelu_tanh, activations.gelu, 4.7324e-4, 2.699, 1e-8),
        (activations.gelu_sigmoid, activations.gelu, 0.020335, 2.27, 1e-6),
        (activations.hard_swish, activations.silu, 0.142278, 3.0, 1e-6),
        (activations.softplus, activations.relu, 0.693147, 0.0, 1e-6),
        (
            activations.softplus,
            lambda x: torch.where(x == 0, math.log(2), x / -torch.expm1(-x / math.log(2))),
            0.0091577,
            2.432,
            1e-7,
        ),
        (
            lambda x: activations.squareplus(x, b=1.523821),
            activations.softplus,
            0.0759315,
            None,
            1e-6,
        ),
        (
            lambda x: activations.squareplus(x, b=4 * math.log(2) ** 2),
            activations.softplus,
            0.103868,
            None,
            1e-6,
        ),
        (activations.squareplus, activations.softplus, 0.306853, 0.0, 1e-6),
        (activations.elu, activations.shifted_relu, math.exp(-1), 1.0, 1e-6),
    ],
)
def test_distances_between_relatives_are_the_published_ones(f, g, distance, place, tolerance):
    measured, where = far_apart(f, g)
    assert measured == pytest.approx(distance, abs=tolerance)
    if place is not None:
        assert abs(where) == pytest.approx(place, abs=6e-3)


# ---- functions of more than one number, and random ones --------------------------------------

FAMILY = {
    "glu": lambda a, b: a * torch.sigmoid(b),
    "reglu": lambda a, b: F.relu(a) * b,
    "geglu": lambda a, b: F.gelu(a) * b,
    "swiglu": lambda a, b: F.silu(a) * b,
    "bilinear": lambda a, b: a * b,
}


@pytest.mark.parametrize("name", FAMILY)
def test_gated_linear_units_multiply_a_gate_and_a_value(name):
    a, b = torch.randn(2, 5, 7, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    gated = getattr(activations, name)
    torch.testing.assert_close(gated(a, b), FAMILY[name](a, b))
    for dtype in HALF:
        low = gated(a.to(dtype), b.to(dtype))
        assert low.dtype == dtype
        torch.testing.assert_close(low.double(), gated(a, b), rtol=0.05, atol=0.05)
    assert gated(a.float(), b).dtype == torch.float64
    assert gated([1, 2], [3, 4]).dtype == torch.float32
    with pytest.raises(InvalidValueError, match="same shape"):
        gated(a, b[:, :3])
    with pytest.raises(InvalidTypeError, match="real numbers"):
        gated(a, "b")


def test_glu_is_torchs_glu_of_the_two_halves():
    x = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(activations.glu(*x.chunk(2, dim=-1)), F.glu(x))


def test_maxout_takes_the_maximum_of_neighbours():
    x = torch.randn(3, 6, 4, generator=torch.Generator().manual_seed(1))
    assert torch.equal(activations.maxout(x, pieces=3, dim=1)[:, 1], x[:, 3:].max(1).values)
    assert torch.equal(activations.maxout(x, pieces=2), x.view(3, 6, 2, 2).max(-1).values)
    assert torch.equal(activations.maxout(x, pieces=1), x)
    assert activations.maxout(torch.zeros(0, 4), pieces=2).shape == (0, 2)
    assert activations.maxout([1.0, NAN, 2.0, 3.0], pieces=2).isnan().tolist() == [True, False]


def test_maxout_of_a_line_and_zero_is_relu_and_of_a_line_and_its_mirror_is_absolute():
    x = torch.linspace(-2, 2, 9)
    as_relu = activations.maxout(torch.stack([x, 0 * x], -1), pieces=2).squeeze(-1)
    as_absolute = activations.maxout(torch.stack([x, -x], -1), pieces=2).squeeze(-1)
    assert torch.equal(as_relu, activations.relu(x))
    assert torch.equal(as_absolute, activations.absolute(x))


def test_maxout_gives_the_whole_gradient_to_one_piece():
    assert autodiff(lambda x: activations.maxout(x, pieces=2), torch.ones(4)).tolist() in (
        [1.0, 0.0, 1.0, 0.0],
        [0.0, 1.0, 0.0, 1.0],
    )


@properties
@given(values=st.lists(st.floats(-1e3, 1e3), max_size=8))
def test_crelu_keeps_the_norm_and_doubles_the_width(values):
    x = torch.tensor(values, dtype=torch.float64)
    result = activations.crelu(x)
    assert result.shape == (2 * len(values),)
    assert (result >= 0).all()
    torch.testing.assert_close(result.norm(), x.norm())


def test_crelu_joins_its_halves_along_the_given_dimension():
    x = torch.tensor([[-1.0, 2.0]], dtype=torch.float16)
    assert activations.crelu(x, dim=0).tolist() == [[0.0, 2.0], [1.0, 0.0]]
    assert activations.crelu(x).tolist() == [[0.0, 2.0, 1.0, 0.0]]


@properties
@given(values=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=6), shift=st.floats(-1e3, 1e3))
def test_softmax_is_the_gradient_of_logsumexp_and_ignores_a_shift(values, shift):
    x = torch.tensor(values, dtype=torch.float64)
    soft = activations.softmax(x)
    torch.testing.assert_close(autodiff(activations.logsumexp, x), soft, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(activations.softmax(x + shift), soft, rtol=1e-9, atol=1e-9)
    assert soft.sum().item() == pytest.approx(1)
    excess = activations.logsumexp(x) - x.max()
    assert 0 <= excess.item() <= math.log(len(values)) + 1e-9


@properties
@given(x=st.floats(-1e4, 1e4))
def test_logsumexp_and_softmax_with_a_zero_are_softplus_and_sigmoid(x):
    pair = torch.tensor([0.0, x], dtype=torch.float64)
    assert activations.logsumexp(pair).item() == pytest.approx(activations.softplus(pair[1]).item())
    sigmoid = activations.sigmoid(pair[1]).item()
    assert activations.softmax(pair)[1].item() == pytest.approx(sigmoid, rel=1e-12)


def test_logsumexp_and_softmax_at_special_values():
    assert activations.logsumexp([]).item() == -INF
    assert activations.logsumexp([-INF, -INF]).item() == -INF
    assert activations.logsumexp([INF, 0.0]).item() == INF
    assert activations.logsumexp([1000, 1000]).item() == pytest.approx(1000 + math.log(2))
    assert activations.logsumexp([NAN, 0.0]).isnan()
    assert activations.softmax([-INF, 0.0]).tolist() == [0.0, 1.0]
    assert activations.softmax([INF, 0.0]).isnan().any()
    for dtype in HALF:
        x = torch.zeros(3, 4, dtype=dtype)
        assert activations.softmax(x, dim=0).dtype == activations.logsumexp(x).dtype == dtype


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: activations.maxout([1.0, 2.0, 3.0], pieces=2), InvalidValueError, "divisor"),
        (lambda: activations.maxout([1.0], pieces=0), InvalidValueError, "divisor"),
        (lambda: activations.maxout([1.0], pieces=1.0), InvalidTypeError, "integer"),
        (lambda: activations.maxout([1.0], pieces=True), InvalidTypeError, "integer"),
        (lambda: activations.maxout(1.0, pieces=1), InvalidValueError, "dimension"),
        (lambda: activations.crelu(1.0), InvalidValueError, "dimension"),
        (lambda: activations.crelu([1.0], dim=1), InvalidValueError, "dimension"),
        (lambda: activations.softmax([1.0], dim="0"), InvalidTypeError, "dim"),
        (lambda: activations.logsumexp(2), InvalidValueError, "dimension"),
        (lambda: activations.softmax(None), InvalidTypeError, "real numbers"),
    ],
)
def test_functions_of_several_numbers_refuse_what_they_cannot_use(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_noisy_relu_has_noise_of_variance_sigmoid_inside_the_maximum():
    n = 200_000
    for x, mean, variance in ((0.0, 0.282095, 0.170423), (2.0, 2.006, None), (30.0, 30.0, 1.0)):
        sample = activations.noisy_relu(torch.full((n,), x, dtype=torch.float64), seed=1)
        assert sample.mean().item() == pytest.approx(mean, abs=0.01)
        if variance is not None:
            assert sample.var().item() == pytest.approx(variance, abs=0.015)
    above = activations.noisy_relu(torch.full((n,), -1.0), seed=0) > 0
    assert above.double().mean().item() == pytest.approx(0.026910, abs=0.003)


def test_noisy_relu_at_special_values_and_its_gradient():
    x = torch.tensor([-INF, INF, NAN])
    assert activations.noisy_relu(x, seed=0).nan_to_num(-1, posinf=5).tolist() == [0, 5, -1]
    spread = torch.linspace(-2, 2, 101)
    slope = autodiff(lambda v: activations.noisy_relu(v, seed=0), spread)
    assert torch.equal(slope, (activations.noisy_relu(spread, seed=0) > 0).float())


def test_rrelu_at_evaluation_is_torchs_for_slopes_and_the_papers_for_divisors():
    x = torch.linspace(-5.5, 5.5, 23, dtype=torch.float64)
    torch.testing.assert_close(activations.rrelu(x), F.rrelu(x, training=False))
    torch.testing.assert_close(
        activations.rrelu(x, sampling="divisor"), F.leaky_relu(x, 1 / 5.5), rtol=1e-12, atol=0
    )
    wide = activations.rrelu(x, lower=0, upper=1)
    torch.testing.assert_close(wide, F.leaky_relu(x, 0.5))


@pytest.mark.parametrize(
    ("sampling", "low", "high", "mean"),
    [("slope", 1 / 8, 1 / 3, 11 / 48), ("divisor", 1 / 8, 1 / 3, 0.196166)],
)
def test_rrelu_in_training_draws_a_slope_for_every_negative_element(sampling, low, high, mean):
    x = torch.cat([-torch.ones(100_000), torch.ones(10)]).double()
    result = activations.rrelu(x, sampling=sampling, training=True, seed=5)
    slopes = -result[:-10]
    assert torch.equal(result[-10:], torch.ones(10).double())
    assert low <= slopes.min() < low + 1e-3
    assert high - 1e-3 < slopes.max() <= high
    assert slopes.mean().item() == pytest.approx(mean, abs=1e-3)
    again = autodiff(lambda v: activations.rrelu(v, sampling=sampling, training=True, seed=5), x)
    torch.testing.assert_close(again[:-10], slopes)


@pytest.mark.parametrize("draw", [activations.noisy_relu, activations.rrelu])
def test_randomness_comes_from_the_seed_alone(draw):
    options = {"training": True} if draw is activations.rrelu else {}
    x = torch.linspace(-3, 3, 50, dtype=torch.float16)
    state = torch.get_rng_state()
    first, same = (draw(x, seed=7, **options) for _ in range(2))
    assert torch.equal(first, same)
    assert first.dtype == torch.float16
    generator = torch.Generator().manual_seed(7)
    assert torch.equal(draw(x, seed=generator, **options), first)
    assert not torch.equal(draw(x, seed=generator, **options), first)
    assert not torch.equal(draw(x, seed=8, **options), first)
    assert torch.equal(torch.get_rng_state(), state)
    for seed, error in (
        (None, InvalidValueError),
        (-1, InvalidValueError),
        (0.5, InvalidTypeError),
    ):
        with pytest.raises(error, match="seed"):
            draw(x, seed=seed, **options)
    with pytest.raises(InvalidTypeError, match="seed"):
        draw(x, seed=True, **options)


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"sampling": "slopes"}, InvalidValueError, "did you mean 'slope'"),
        ({"lower": 0.5}, InvalidValueError, "lower <= upper"),
        ({"lower": -0.5}, InvalidValueError, "lower"),
        ({"sampling": "divisor", "lower": 0.0}, InvalidValueError, "lower"),
        ({"upper": "1"}, InvalidTypeError, "upper"),
        ({"upper": NAN}, InvalidValueError, "upper"),
    ],
)
def test_rrelu_refuses_a_range_that_is_none(options, error, match):
    with pytest.raises(error, match=match):
        activations.rrelu([1.0], **options)
