"""The tasks of lesson 03: their expected values come from elsewhere, their inputs are wide."""

import copy
import itertools
import math

import mpmath
import numpy as np
import pytest
import torch

from relukit.checks import check
from relukit.checks.counterexample import probes
from relukit.checks.harnesses.slopes import as_slope_module, without_overflow
from relukit.checks.harnesses.swapping import SMOOTH, as_swapper, signals, smooth_network
from relukit.checks.plain import plain
from relukit.checks.registry import task
from relukit.lessons.variants.tasks.relufy import swapped
from relukit.lessons.variants.tasks.tolerance import gated, within
from relukit.networks import Gate, matched_widths, mlp

FUNCTIONS = torch.nn.functional


def tensors(name):
    """Return each probe of a task with its arrays as tensors, and the expected value."""
    for arguments, expected in probes(task(name)):
        yield (
            tuple(torch.as_tensor(a) if isinstance(a, np.ndarray) else a for a in arguments),
            torch.as_tensor(expected),
        )


def _elu(x, alpha):
    return x if x > 0 else alpha * mpmath.expm1(x)


def _squareplus(x, b):
    return (x + mpmath.sqrt(x * x + b)) / 2


ORACLES = {
    "elu": (_elu, 1),
    "gelu": (lambda x: x * mpmath.ncdf(x), None),
    "silu": (lambda x: x / (1 + mpmath.exp(-x)), None),
    "mish": (lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))), None),
    "squareplus": (_squareplus, 4),
}


@pytest.mark.parametrize("name", ORACLES)
def test_expected_values_in_the_tails_are_those_of_mpmath(name):
    oracle, default = ORACLES[name]
    compared = 0
    for (x, *parameter), expected in probes(task(name)):
        tiny = float(np.finfo(x.dtype).tiny)
        given = parameter or ([] if default is None else [default])
        for value, got in zip(x.ravel().tolist(), expected.ravel().tolist(), strict=True):
            if math.isfinite(value):
                with mpmath.workdps(60):
                    small = abs(value) > 1e4 and value < 0 and default is None
                    wanted = 0.0 if small else float(oracle(mpmath.mpf(value), *given))
                rel = 20 * float(np.finfo(x.dtype).eps)
                if name == "gelu":  # the tail loses x² roundings
                    rel *= 1 + min(value, 0) ** 2
                assert got == pytest.approx(wanted, rel=rel, abs=tiny)
                compared += 1
    assert compared > 40


LIMITS = {"elu": -1.0, "gelu": 0.0, "silu": 0.0, "mish": 0.0, "squareplus": 0.0}


@pytest.mark.parametrize(("name", "left"), LIMITS.items())
def test_the_limits_at_both_infinities_and_nan_are_asked_for(name, left):
    values = {
        str(arguments[0][0]): float(expected[0])
        for arguments, expected in probes(task(name))
        if arguments[0].shape == (1,) and len(arguments) == 1
    }
    assert values["-inf"] == left
    assert values["inf"] == math.inf
    assert math.isnan(values["nan"])


@pytest.mark.parametrize(
    ("name", "oracle"),
    [
        ("leaky_relu", FUNCTIONS.leaky_relu),
        ("elu", FUNCTIONS.elu),
        ("squareplus", lambda x, b=4.0: (x.double() + (x.double() ** 2 + b).sqrt()) / 2),
    ],
)
def test_expected_values_are_those_of_torch(name, oracle):
    for (x, *parameter), expected in tensors(name):
        calm = x if name == "leaky_relu" else x.clamp(-50, 50)
        calm = calm.where(calm == x, torch.nan)
        got, wanted = oracle(calm, *parameter).to(x.dtype), expected.where(calm == x, torch.nan)
        eps = torch.finfo(x.dtype).eps
        assert torch.allclose(got, wanted, rtol=4e3 * eps, atol=8 * eps, equal_nan=True)


@pytest.mark.parametrize("name", ["gelu", "silu", "mish"])
def test_expected_values_of_self_gated_functions_are_those_of_torch_near_0(name):
    oracle = getattr(FUNCTIONS, name)
    for (x,), expected in tensors(name):
        near = (x.abs() < 8) & x.isfinite()
        eps = torch.finfo(x.dtype).eps
        assert torch.allclose(oracle(x)[near], expected[near], rtol=8 * eps, atol=8 * eps)


def test_expected_values_of_prelu_are_those_of_torch():
    for arguments, expected in probes(task("PReLU")):
        got = plain(as_slope_module(torch.nn.PReLU, arguments))
        eps = float(np.finfo(arguments[0].dtype).eps)
        for wanted, value in zip(expected, got, strict=True):
            size = max(1.0, float(np.abs(arguments[0]).sum()))
            assert np.allclose(value, wanted, rtol=8 * eps, atol=8 * eps * size)


def test_slopes_above_1_and_below_0_are_tried():
    slopes = {arguments[1] for arguments, _ in probes(task("PReLU"))}
    assert min(slopes) < 0 < 1 < max(slopes)


def test_expected_values_of_maxout_are_those_of_a_loop():
    for (x, weight, bias), expected in probes(task("maxout")):
        pieces, units, _ = weight.shape
        assert expected.shape == (len(x), units)
        assert expected.dtype == x.dtype
        for n, u in np.ndindex(expected.shape):
            every = [float(np.dot(weight[k, u], x[n])) + bias[k, u] for k in range(pieces)]
            assert np.array_equal(expected[n, u], np.max(every), equal_nan=True)


def test_maxout_is_tried_with_one_and_more_pieces_units_and_inputs():
    shapes = {arguments[1].shape for arguments, _ in probes(task("maxout"))}
    for axis in range(3):
        assert {shape[axis] for shape in shapes} >= {1, 2, 3}


def test_expected_values_of_noisy_relu_follow_the_formula_and_the_published_variance():
    for (x, noise), expected in probes(task("noisy_relu")):
        flat = zip(
            x.ravel().tolist(), noise.ravel().tolist(), expected.ravel().tolist(), strict=True
        )
        for value, draw, got in flat:
            if math.isfinite(value) and math.isfinite(draw):
                variance = float(1 / (1 + mpmath.exp(-value)))
                wanted = max(0.0, value + math.sqrt(variance) * draw)
                scale = 4 * float(np.finfo(x.dtype).eps) * (abs(value) + abs(draw))
                assert got == pytest.approx(wanted, rel=0, abs=scale)
    draws = np.random.default_rng(0).standard_normal(200_000)
    sample = task("noisy_relu").reference(np.zeros(200_000), draws)
    assert sample.mean() == pytest.approx(0.282, abs=2e-3)
    assert sample.var() == pytest.approx(0.169, abs=3e-3)


def test_expected_values_of_the_glu_family_are_those_of_torch():
    shapes = {
        "reglu": torch.relu,
        "geglu": FUNCTIONS.gelu,
        "swiglu": FUNCTIONS.silu,
        "bilinear": lambda a: a,
    }
    seen = set()
    for (x, gate), expected in tensors("glu_family"):
        a, b = x.chunk(2, dim=-1)
        got = FUNCTIONS.glu(x) if gate == "glu" else shapes[gate](a) * b
        eps = torch.finfo(x.dtype).eps
        assert torch.allclose(got, expected, rtol=16 * eps, atol=1e3 * eps, equal_nan=True)
        seen.add(gate)
    assert len(seen) == 5


@pytest.mark.parametrize("name", ["leaky_relu", "elu", "gelu", "silu", "mish", "squareplus"])
def test_inputs_cover_shapes_from_0_d_to_3_d_empty_ones_and_precisions(name):
    arrays = [arguments[0] for arguments, _ in probes(task(name))]
    assert {x.ndim for x in arrays} == {0, 1, 2, 3}
    assert any(x.size == 0 for x in arrays)
    assert {"float32", "float64"} <= {x.dtype.name for x in arrays}
    assert any(np.isinf(x).any() for x in arrays)


def test_an_overflow_on_the_way_is_told_and_one_in_torch_is_none():
    def elu(x, alpha=1.0):
        return np.where(x > 0, x, alpha * np.expm1(x))

    outcome = check(elu)
    assert outcome.status == "raised"
    assert "overflow encountered in expm1" in outcome.because
    assert without_overflow(np.exp, (np.array([1.0]),)) == pytest.approx(math.e)


def test_a_class_is_checked_by_its_name_and_a_stub_of_it_is_not_attempted():
    class PReLU(torch.nn.Module):
        def __init__(self):
            super().__init__()
            raise NotImplementedError()

        def forward(self, x):
            raise NotImplementedError()

    assert check(PReLU).status == "not attempted"
    assert check(torch.nn.PReLU).status == "passed"


def test_a_module_that_is_half_written_is_not_attempted():
    class PReLU(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.slope = torch.nn.Parameter(torch.tensor(0.25))

        def forward(self, x):
            raise NotImplementedError()

    assert check(PReLU).status == "not attempted"


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (dict, "no module"),
        (torch.nn.Identity, "a module with 0 learned numbers"),
        (lambda: torch.nn.PReLU(3), "a module with 3 learned numbers"),
    ],
)
def test_the_harness_says_what_was_built_instead(build, said):
    x = np.array([-1.0])
    assert as_slope_module(build, (x, 0.5, x)) == said
    assert said in check(build, "PReLU").because


def test_errors_are_held_against_the_size_of_the_terms():
    compare = within({"float64": 1e-9}, np.abs)
    x, zero = np.array([5.0]), np.array([0.0])
    assert compare((x,), zero, np.array([4e-9])) is None
    assert compare((x,), zero, np.array([6e-9])) is not None
    assert compare((np.array([np.inf]),), np.array([np.inf]), zero) is not None
    assert compare((x,), zero, np.array([np.nan])) is not None


def test_a_gate_too_small_for_its_dtype_may_be_0():
    compare = gated({"float32": 1e-5})
    x = np.array([-89.0], dtype="float32")
    tail, none = np.array([-1.98e-37], dtype="float32"), np.zeros(1, dtype="float32")
    assert compare((x,), tail, none) is None
    assert compare((x + 9,), np.array([-1.4e-33], dtype="float32"), none) is not None


def test_a_filled_left_half_goes_through_its_points_and_ends_in_0_without_a_jump():
    for (points, x), expected in probes(task("fill_the_left")):
        assert expected.shape == x.shape
        assert np.array_equal(expected[x >= 0], x[x >= 0])
        places = np.array([place for place, _ in points])
        heights = [height for _, height in points]
        fill = task("fill_the_left").reference
        assert np.allclose(fill(points, places), heights)
        assert np.allclose(fill(points, np.array([-1e-12, 1e-12])), 0, atol=1e-9)
        far = fill(points, places.min() * np.array([1.0, 2.0, 3.0]))
        assert np.diff(far, n=2) == pytest.approx(0, abs=1e-9)


def test_a_function_for_points_has_to_come_back():
    assert "a function must come back" in check(lambda points: 3.0, "fill_the_left").because
    assert "returns None" in check(lambda points: {}.get(points), "fill_the_left").because


def test_matched_widths_are_those_of_the_package_rounded_down():
    for (width, inputs, outputs, bias), expected in probes(task("matched_width")):
        (_, rounded, _) = matched_widths([inputs, width, outputs], bias=bias)
        plain = mlp([inputs, width, outputs], bias=bias)
        budget = sum(part.numel() for part in plain.parameters())
        counts = [
            sum(part.numel() for part in made.parameters())
            for units in (expected, expected + 1)
            for made in [
                torch.nn.Sequential(
                    torch.nn.Linear(inputs, 2 * units, bias=bias),
                    Gate("swiglu"),
                    torch.nn.Linear(units, outputs, bias=bias),
                )
            ]
        ]
        assert counts[0] <= budget < counts[1]
        assert rounded - expected in (0, 1)


def test_noise_decides_little_where_the_bar_lies_below_the_final_level():
    chance = np.random.default_rng(0)
    steps, true = np.arange(400), 30

    def noisy(delay, scale, noise):
        rise = 80 * (1 - np.exp(-np.maximum(steps - delay, 0) / scale))
        return rise + noise * chance.standard_normal(len(steps))

    def lucky(a, b):
        reached = [curve >= b[-40:].mean() for curve in (a, b)]
        return int(reached[1].argmax()) - int(reached[0].argmax())

    for scale, noise in itertools.product((25, 65), (2, 5)):
        pairs = [(noisy(0, scale, noise), noisy(true, scale, noise)) for _ in range(300)]
        off = {
            rule: math.sqrt(np.mean([(rule(a, b) - true) ** 2 for a, b in pairs]))
            for rule in (task("head_start").reference, lucky)
        }
        assert 2 < off[task("head_start").reference] < 9
        assert 10 < off[lucky] < 24


def test_the_six_smooth_units_lie_at_three_depths():
    network = smooth_network()
    depths = {
        type(part).__name__: name.count(".")
        for name, part in network.named_modules()
        if type(part).__name__ in SMOOTH
    }
    assert set(depths) == set(SMOOTH)
    assert len(set(depths.values())) > 1


def test_signals_are_the_same_for_a_seed_and_every_kind_is_as_frequent():
    (x, y), (again, _) = signals(3, 4000), signals(3, 4000)
    assert torch.equal(x, again)
    assert y.bincount().tolist() == pytest.approx([400] * 10, abs=100)
    assert not torch.equal(x, signals(4, 4000)[0])


@pytest.mark.slow
def test_steps_are_counted_however_they_are_made():
    def by_an_optimizer_on_a_copy(network, x, y):
        made = swapped(copy.deepcopy(network))
        optimizer = torch.optim.SGD(made.parameters(), lr=1e-5)
        for _ in range(7):
            optimizer.zero_grad()
            made(x[:4]).sum().backward()
            optimizer.step()
        return made

    def by_hand(network, x, y):
        for _ in range(5):
            swapped(network)(x[:4]).sum().backward()

    assert as_swapper(by_an_optimizer_on_a_copy, (1,))[4] == 7
    assert as_swapper(by_hand, (1,))[4] == 5
    assert as_swapper(lambda network, x, y: swapped(network), (1,))[4] == 0


@pytest.mark.slow
def test_what_the_check_of_relufy_trains_knows_more_than_the_bar_asks():
    before, after, zeros, silent, steps, cosine = as_swapper(
        lambda network, x, y: swapped(network), (1,)
    )
    assert before > 95
    assert 1 < before - after < 10
    assert zeros > 50
    assert silent == steps == 0
    assert cosine == pytest.approx(1)
