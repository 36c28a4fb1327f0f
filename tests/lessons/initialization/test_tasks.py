"""The tasks of lesson 05: their expected values come from elsewhere, their texts hold."""

import math

import mpmath
import numpy as np
import pytest
import torch
from scipy import integrate, special

from relukit.checks import check
from relukit.checks.call import Caller, as_function
from relukit.checks.checking import examine
from relukit.checks.counterexample import expect, probes, swept
from relukit.checks.harnesses.floors import as_fifty
from relukit.checks.harnesses.functions import function, with_function
from relukit.checks.registry import task
from relukit.initialization import initialize
from relukit.initialization import lsuv as lsuv_of_the_course
from relukit.lessons.initialization.experiments.fifty import five_spirals
from relukit.lessons.initialization.tasks.fifty_layers import BAR, around, tower
from relukit.lessons.initialization.tasks.nearness import near

TORCH = {
    "max(0, z)": torch.relu,
    "softplus(z)": torch.nn.functional.softplus,
    "min(max(z, -1), 1)": torch.nn.functional.hardtanh,
    "tanh(z)": torch.tanh,
    "z**3": lambda z: z**3,
}


@pytest.mark.parametrize("name", TORCH)
def test_the_functions_given_to_an_answer_are_those_of_torch(name):
    z = np.linspace(-30, 30, 601)
    wanted = TORCH[name](torch.from_numpy(z)).numpy()
    assert function(name)(z) == pytest.approx(wanted, rel=1e-7, abs=1e-12)
    assert function(name)(0.5) == pytest.approx(TORCH[name](torch.tensor(0.5)).item(), rel=1e-6)
    tensor = function(name)(torch.from_numpy(z))
    assert isinstance(tensor, torch.Tensor)
    assert np.array_equal(tensor.numpy(), function(name)(z))


def test_weights_of_a_large_draw_have_the_moments_that_torch_gives():
    n, m = 400, 300
    layer = torch.nn.Linear(n, m, bias=False)
    for name, answer in (
        ("he_normal", task("he_normal").reference(n, m, 0)),
        ("he_uniform", task("he_uniform").reference(np.random.default_rng(0).random((m, n)))),
        ("glorot_uniform", task("glorot_uniform").reference(n, m, 0)),
    ):
        initialize(layer, name, seed=0)
        theirs = layer.weight.detach().double().numpy()
        assert answer.shape == theirs.shape
        assert answer.mean() == pytest.approx(0, abs=3e-4)
        assert answer.std() == pytest.approx(theirs.std(), rel=0.01)
        fourth = [np.mean(weight**4) / np.mean(weight**2) ** 2 for weight in (answer, theirs)]
        assert fourth[0] == pytest.approx(fourth[1], rel=0.02)
        if name.endswith("uniform"):
            assert np.abs(answer).max() == pytest.approx(np.abs(theirs).max(), rel=1e-3)


def test_expected_weights_follow_the_formulas():
    for (n, m, seed), weight in probes(task("he_normal")):
        assert weight == pytest.approx(
            np.random.default_rng(seed).normal(0, (2 / n) ** 0.5, (m, n)), rel=1e-12
        )
    for (u,), weight in probes(task("he_uniform")):
        bound = (6 / u.shape[1]) ** 0.5
        wanted = np.interp(u.astype(float), [0, 1], [-bound, bound])
        assert weight == pytest.approx(wanted, abs=bound * (1e-15 if u.itemsize == 8 else 1e-7))
        assert weight.dtype == u.dtype
    for (n, m, seed, *rest), weight in probes(task("glorot_uniform")):
        bound = (*rest, 1.0)[0] * (3 / np.mean([n, m])) ** 0.5
        drawn = np.random.default_rng(seed).uniform(-bound, bound, (m, n))
        assert weight == pytest.approx(drawn, rel=1e-9)


def test_expected_gains_are_those_of_closed_forms_and_of_mpmath():
    second = 2 * (special.ndtr(1) - 0.5 - math.exp(-0.5) / math.sqrt(2 * math.pi))
    closed = {
        "max(0, z)": 2**0.5,
        "min(max(z, -1), 1)": (second + 2 * special.ndtr(-1)) ** -0.5,
        "z**3": 15**-0.5,
    }
    with mpmath.workdps(30):

        def share(z):
            return mpmath.log1p(mpmath.exp(z)) ** 2 * mpmath.npdf(z)

        closed["softplus(z)"] = float(1 / mpmath.sqrt(mpmath.quad(share, [-14, -4, 0, 4, 14])))
    found = {name: expected for (name,), expected in probes(task("gain"))}
    assert found == pytest.approx(closed, rel=1e-12)


def grid(n, side):
    z = np.linspace(-side, side, n)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return lambda f: 1 / np.sqrt(np.trapezoid(f(z) ** 2 * density, z))


def nodes(n):
    z, weight = special.roots_hermitenorm(n)
    return lambda f: 1 / np.sqrt((weight * f(z) ** 2).sum() / weight.sum())


def drawn(n):
    z = np.random.default_rng(0).standard_normal(n)
    return lambda f: 1 / np.sqrt(np.mean(f(z) ** 2))


def test_what_the_text_says_of_ways_to_integrate_is_so():
    def by_quad(f):
        def share(z):
            return f(z) ** 2 * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)

        return integrate.quad(share, -np.inf, np.inf)[0] ** -0.5

    assert check(by_quad, "gain")
    assert check(grid(10_001, 10), "gain")
    assert not check(grid(201, 10), "gain")
    assert not check(nodes(100), "gain")
    assert not check(drawn(100_000), "gain")
    assert not check(drawn(1_000_000), "gain")
    kinks = ("min(max(z, -1), 1)",)
    for (name,), expected in probes(task("gain")):
        error = abs(nodes(100)(function(name)) / expected - 1)
        assert (error > 1e-4) == (name in kinks)


def test_expected_mean_squares_are_those_of_a_torch_network():
    for (x, weights), expected in probes(task("variance_by_layer")):
        a, wanted = torch.from_numpy(x).double(), []
        for weight in weights:
            layer = torch.nn.Linear(*weight.shape[::-1], bias=False, dtype=torch.float64)
            layer.weight.data = torch.from_numpy(weight).double()
            z = layer(a).detach()
            wanted.append(z.square().mean().item())
            a = torch.relu(z)
        assert expected == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def test_mean_squares_are_the_variances_over_many_networks():
    """With He's variance each layer of every width keeps the mean square on average."""
    rng, x = np.random.default_rng(0), np.ones((1, 16))
    weights = rng.normal(0, (2 / 16) ** 0.5, (4000, 3, 16, 16))
    found = np.mean([task("variance_by_layer").reference(x, w) for w in weights], axis=0)
    assert found == pytest.approx([2, 2, 2], rel=0.1)


def test_expected_weights_of_lsuv_bring_every_layer_of_a_torch_network_to_mean_square_1():
    for (x, weights, name), expected in probes(task("lsuv")):
        factors = expected[weights != 0] / weights[weights != 0]
        assert (factors > 0).all()
        a = torch.from_numpy(x)
        for before, weight in zip(weights, expected, strict=True):
            z = torch.nn.functional.linear(a, torch.from_numpy(weight))
            assert z.square().mean().item() == pytest.approx(1, rel=1e-9)
            assert np.linalg.matrix_rank(np.stack([before.ravel(), weight.ravel()])) == 1
            a = TORCH[name](z)


def test_lsuv_is_near_the_courses_own_where_the_means_are_near_0():
    x = torch.randn(512, 64, generator=torch.Generator().manual_seed(0)).double()
    layers = [torch.nn.Linear(64, 64, bias=False, dtype=torch.float64) for _ in range(3)]
    network = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1], torch.nn.Tanh(), layers[2])
    initialize(network, "orthogonal", seed=0)
    start = np.stack([layer.weight.detach().numpy().copy() for layer in layers])
    lsuv_of_the_course(network, x, seed=0)
    ours = task("lsuv").reference(x.numpy(), start, "tanh(z)")
    for layer, weight in zip(layers, ours, strict=True):
        assert weight == pytest.approx(layer.weight.detach().numpy(), rel=0.02, abs=1e-12)


def test_expected_cosines_are_those_of_mpmath():
    def one_layer(c):
        c = max(min(c, mpmath.mpf(1)), mpmath.mpf(-1))
        return (mpmath.sqrt(1 - c * c) + c * (mpmath.pi - mpmath.acos(c))) / mpmath.pi

    compared = 0
    for (c, *depth), expected in probes(task("correlation_map")):
        for value, got in zip(c.ravel().tolist(), expected.ravel().tolist(), strict=True):
            if math.isnan(value):
                assert math.isnan(got)
                continue
            with mpmath.workdps(40):
                wanted = mpmath.mpf(value)
                for _ in range((*depth, 1)[0]):
                    wanted = one_layer(wanted)
            room = 1e-11 if c.dtype == "float64" else 1e-7
            assert got == pytest.approx(float(wanted), abs=room)
            compared += 1
    assert compared > 40


def test_the_map_is_what_a_wide_layer_of_rectifiers_does():
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((400_000, 2))
    for c in (-0.8, 0.0, 0.6):
        a, b = np.maximum(weight @ np.array([[1, c], [0, math.sqrt(1 - c * c)]]), 0).T
        measured = a @ b / math.sqrt((a @ a) * (b @ b))
        assert task("correlation_map").reference(np.array(c)) == pytest.approx(measured, abs=0.005)


def test_twenty_layers_bring_unrelated_inputs_to_95_hundredths_as_the_lesson_says():
    assert round(float(task("correlation_map").reference(np.array(0.0), 20)), 2) == 0.95


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_formula_in_the_inputs_own_dtype_is_accurate_enough_everywhere(dtype):
    """Near 1 the root of 1 - c² loses digits: the tolerance leaves room for it."""
    tolerance = {"float32": 1e-4, "float64": 1e-10}[dtype]
    eps = np.finfo(dtype).eps
    near_1 = 1 - eps * np.logspace(0, -math.log10(eps), 20_001)
    c = np.concatenate([near_1, -near_1, np.linspace(-1, 1, 20_001)]).astype(dtype)
    for depth in (1, 4, 20, 100):
        plain = c.copy()
        for _ in range(depth):
            plain = (np.sqrt(1 - plain**2) + plain * (np.pi - np.arccos(plain))) / np.pi
            plain = np.clip(plain, -1, 1)
        error = np.abs(plain.astype(float) - task("correlation_map").reference(c, depth))
        assert plain.dtype == dtype
        assert error.max() < tolerance / 2


def test_expected_recurrent_weights_keep_the_state_of_torchs_own_network():
    for (n_inputs, width, *_), (weight_in, weight, bias) in probes(task("identity_recurrent")):
        network = torch.nn.RNN(n_inputs, width, nonlinearity="relu", dtype=torch.float64)
        with torch.no_grad():
            network.weight_ih_l0.copy_(torch.from_numpy(weight_in))
            network.weight_hh_l0.copy_(torch.from_numpy(weight))
            network.bias_ih_l0.copy_(torch.from_numpy(bias))
            network.bias_hh_l0.zero_()
            start = torch.rand(1, 1, width, dtype=torch.float64)
            _, state = network(torch.zeros(50, 1, n_inputs, dtype=torch.float64), start)
        assert torch.equal(state, start)


def because(answer, name):
    return check(answer, name).because


def test_a_wrong_size_is_told_as_a_factor():
    def doubled(fan_in, fan_out, seed):
        return 2 * task("he_normal").reference(fan_in, fan_out, seed)

    assert because(doubled, "he_normal") == "every number is 2 times what is asked for"


def test_a_layer_of_another_size_is_told_with_its_mean_square():
    outcome = because(lambda x, weights, f: weights / 2, "lsuv")
    assert outcome == "layer 1: its pre-activations have mean square 9, and 1 is due"
    turned = because(lambda x, weights, f: -task("lsuv").reference(x, weights, "tanh(z)"), "lsuv")
    assert turned.endswith("the weights must be the given ones times one positive number")


def test_a_state_that_moves_is_told_with_the_step():
    def leaks(n_inputs, width, seed, std=0.001):
        weight_in = task("identity_recurrent").reference(n_inputs, width, seed, std)[0]
        return weight_in, np.eye(width) / 2, np.zeros(width)

    said = "without input, the state [1, 0] must stay, and is [0.5, 0] after step 1"
    assert because(leaks, "identity_recurrent") == said


def test_an_average_over_nothing_like_the_normal_is_told_with_the_right_one():
    said = because(lambda f: 1.0, "gain")
    assert said == "E[f(z)²] is 0.5, and the gain's relative error is 0.3"


def test_a_small_error_is_measured_in_units_of_the_size():
    compare = near({"float64": 1e-3}, size=lambda arguments: 100.0)
    assert compare((), np.array([0.0, 5.0]), np.array([0.09, 5.0])) is None
    assert "off by 0.2, and 0.1 is allowed" in compare((), np.array([1, 0.5]), np.array([1, 0.7]))
    assert "nan must stay nan" in compare((), np.array([math.nan, 1]), np.array([1.0, 1]))
    assert "nan came out" in compare((), np.array([1.0, 1]), np.array([1, math.nan]))
    assert "the dtype must be float64" in compare((), np.ones(1), np.ones(1, dtype="float32"))


def test_the_functions_that_a_grader_draws_differ_and_their_gains_are_those_of_quad():
    drawn = [swept(task("gain"), number) for number in (1, 2)]
    assert len({f for entry in drawn for (f,) in entry}) > 12
    for f in {f for entry in drawn for (f,) in entry}:
        due = integrate.quad(
            lambda z, f=f: function(f)(z) ** 2 * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
            -np.inf,
            np.inf,
        )[0]
        assert expect(task("gain"), (f,)) == pytest.approx(due**-0.5, rel=1e-6)


def test_an_answer_that_knows_the_named_gains_fails_on_one_that_nobody_named():
    known = {"tanh(z)": 1.5925374, "max(0, z)": 2**0.5, "z**3": 15**-0.5}

    def table(f):
        z = np.array([-2.0, 0.3, 1.7])
        for name, value in known.items():
            if np.allclose(f(z), function(name)(z)):
                return value
        return grid(10_001, 3)(f)

    assert not check(table, "gain")


def test_an_answer_to_gain_meets_functions_and_not_names():
    seen = []
    examine(task("gain"), Caller(lambda f: seen.append(f(np.zeros(2)).shape), with_function).ask)
    assert seen[:1] == [(2,)]
    assert task("he_normal").harness is as_function


def test_expected_factors_are_those_of_torch_layers():
    generator = torch.Generator().manual_seed(0)
    for n, std, slope in ((64, 0.2, 0.0), (256, 0.05, 0.3), (100, 0.1, -0.5)):
        weight = std * torch.randn(4000, n, generator=generator)
        x = torch.randn(200, n, generator=generator)
        out = torch.nn.functional.leaky_relu(x @ weight.T, slope)
        measured = float(out.square().mean() / x.square().mean())
        assert task("one_layer_factor").reference(n, std, slope) == pytest.approx(
            measured, rel=0.02
        )
    assert task("one_layer_factor").reference(64, (2 / 64) ** 0.5) == pytest.approx(1)


@pytest.mark.parametrize("shape", [(64, 64), (40, 120), (120, 40)])
def test_no_draw_of_the_course_s_own_schemes_is_called_otherwise(shape):
    ours = {"glorot_normal": "xavier_normal", "glorot_uniform": "xavier_uniform"}
    layer = torch.nn.Linear(*shape[::-1], bias=False)
    for scheme in ("he_normal", "he_uniform", "glorot_normal", "glorot_uniform", "pytorch"):
        for seed in range(40):
            initialize(layer, scheme, seed=seed)
            found = task("which_scheme").reference(layer.weight.detach().double().numpy())
            assert found == ours.get(scheme, scheme)


def test_expected_floors_are_those_of_the_course_s_towers():
    for arguments, expected in probes(task("open_slowly")):
        weights, biases, activation, x, slope, alpha = arguments
        if len(x[0]) != len(weights[0]) or activation != "ReLU":
            continue
        a = np.maximum(x @ weights[0].T + biases[0], 0)
        block = a @ weights[1].T + biases[1]
        out, gate, given, at_0, opened, learning = expected
        assert out == pytest.approx(x.ravel())
        assert gate == pytest.approx((block * slope).sum())
        assert given == pytest.approx(slope.ravel())
        assert not at_0.any()
        assert opened == pytest.approx((x + alpha * block).ravel())
        last = alpha * slope.sum(0)  # of the block's last biases, which stand last
        assert learning[-len(last) :] == pytest.approx(last)


def test_the_floor_that_the_lesson_writes_is_right():
    def in_the_lesson_s_way(block):
        class Floor(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.block = block
                self.alpha = torch.nn.Parameter(torch.zeros(()))

            def forward(self, x):
                return x + self.alpha * self.block(x)

        return Floor()

    assert check(in_the_lesson_s_way, "open_slowly")


@pytest.mark.slow
def test_the_bar_of_the_capstone_parts_floors_that_open_from_those_that_do_not():
    """What the text says of 40 tries was measured once; here are four of them."""
    opened, plain = tower(around(None)), tower(lambda nn, linear: nn.Sequential(linear, nn.ReLU()))
    for seed in range(3, 7):
        shares = []
        for answer in (opened, plain):
            labels, _, _ = as_fifty(answer, (seed,))
            shares.append(float((labels == five_spirals(seed).y_test.numpy()).mean()))
        assert shares[0] >= 0.88 > BAR > 0.3 > shares[1]
