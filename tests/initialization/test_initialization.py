"""Schemes against theory, against torch.nn.init's own functions, and what cannot be filled."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.initialization import SCHEMES, initialize, lsuv

DRAWN = [name for name in SCHEMES if name not in ("orthogonal", "identity", "normal")]
# variance times n for n = fan_in = 400, m = fan_out = 100
VARIANCE = {
    "pytorch": 1 / 3,
    "he_normal": 2,
    "he_uniform": 2,
    "glorot_normal": 2 * 400 / 500,
    "glorot_uniform": 2 * 400 / 500,
    "lecun_normal": 1,
}
BOUND = {
    "pytorch": 1 / math.sqrt(400),
    "he_uniform": math.sqrt(6 / 400),
    "glorot_uniform": math.sqrt(6 / 500),
}
TORCH = {
    "pytorch": lambda w, g: nn.init.kaiming_uniform_(w, a=math.sqrt(5), generator=g),
    "he_normal": lambda w, g: nn.init.kaiming_normal_(w, nonlinearity="relu", generator=g),
    "he_uniform": lambda w, g: nn.init.kaiming_uniform_(w, nonlinearity="relu", generator=g),
    "glorot_normal": lambda w, g: nn.init.xavier_normal_(w, generator=g),
    "glorot_uniform": lambda w, g: nn.init.xavier_uniform_(w, generator=g),
    "lecun_normal": lambda w, g: nn.init.kaiming_normal_(w, nonlinearity="linear", generator=g),
    "orthogonal": lambda w, g: nn.init.orthogonal_(w, generator=g),
}
LAYERS = {
    "linear": lambda: nn.Linear(6, 4),
    "conv1d": lambda: nn.Conv1d(4, 6, kernel_size=3),
    "conv2d": lambda: nn.Conv2d(4, 6, kernel_size=(3, 2)),
    "grouped": lambda: nn.Conv2d(4, 6, kernel_size=3, groups=2),
    "conv3d": lambda: nn.Conv3d(2, 3, kernel_size=2),
}


def filled(scheme="pytorch", layer=None, seed=0, **options):
    layer = nn.Linear(400, 100) if layer is None else layer
    initialize(layer, scheme, seed=seed, **options)
    return layer


# the numbers


@pytest.mark.parametrize("scheme", DRAWN)
def test_weights_have_the_variance_of_the_theory(scheme):
    weight = filled(scheme).weight.detach().double()
    # 40000 draws: the relative error of a variance is at most sqrt(2 / 40000) = 0.7 %
    assert weight.var().item() * 400 == pytest.approx(VARIANCE[scheme], rel=0.03)
    assert abs(weight.mean().item()) < 4 * math.sqrt(VARIANCE[scheme] / 400 / 40000)
    assert SCHEMES[scheme].std(400, 100) ** 2 * 400 == pytest.approx(VARIANCE[scheme])


@pytest.mark.parametrize("scheme", BOUND)
def test_uniform_weights_reach_their_bound_and_stop_there(scheme):
    largest = filled(scheme).weight.detach().abs().max().item()
    assert 0.999 * BOUND[scheme] < largest <= BOUND[scheme] * (1 + 1e-6)


@pytest.mark.parametrize("scheme", [name for name in DRAWN if name.endswith("normal")])
def test_normal_weights_have_normal_tails(scheme):
    weight = filled(scheme).weight.detach().double()
    beyond = (weight.abs() > 2 * weight.std()).double().mean().item()
    assert beyond == pytest.approx(0.0455, abs=0.005)  # P(|z| > 2)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("scheme", TORCH)
def test_every_scheme_is_torch_s_own_function_for_every_kind_of_layer(scheme, layer):
    weight = filled(scheme, LAYERS[layer](), seed=3).weight.detach()
    expected = TORCH[scheme](torch.empty_like(weight), torch.Generator().manual_seed(3))
    torch.testing.assert_close(weight, expected, rtol=1e-6, atol=0)


@pytest.mark.parametrize("layer", LAYERS)
def test_pytorch_scheme_is_what_a_fresh_layer_has_bit_for_bit(layer):
    torch.manual_seed(11)
    fresh = nn.Sequential(LAYERS[layer](), nn.ReLU(), LAYERS[layer]())
    network = nn.Sequential(LAYERS[layer](), nn.ReLU(), LAYERS[layer]())
    initialize(network, "pytorch", seed=11)
    for ours, theirs in zip(network.parameters(), fresh.parameters(), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("shape", [(30, 50), (50, 30), (40, 40)])
def test_orthogonal_rows_or_columns_are_orthonormal_times_the_gain(shape):
    layer = nn.Linear(*shape, dtype=torch.float64)
    weight = filled("orthogonal", layer, gain=math.sqrt(2)).weight.detach()
    short = weight @ weight.T if weight.shape[0] < weight.shape[1] else weight.T @ weight
    torch.testing.assert_close(short, 2 * torch.eye(min(shape), dtype=torch.float64))
    rms = weight.square().mean().sqrt().item()
    assert rms == pytest.approx(SCHEMES["orthogonal"].std(*shape, gain=math.sqrt(2)))


def test_orthogonal_matrices_do_not_prefer_a_direction():
    signs = [filled("orthogonal", nn.Linear(1, 1), seed=s).weight.sign().item() for s in range(64)]
    assert 16 <= signs.count(1.0) <= 48


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2)])
def test_identity_hands_inputs_on_and_ignores_the_seed(shape):
    layer = filled("identity", nn.Linear(*shape), gain=2.0)
    x = torch.arange(1.0, 1 + shape[0])
    expected = torch.zeros(shape[1])
    expected[: min(shape)] = 2 * x[: min(shape)]
    assert torch.equal(layer(x).detach(), expected)
    assert torch.equal(filled("identity", nn.Linear(*shape), seed=7, gain=2.0).weight, layer.weight)
    rms = layer.weight.detach().square().mean().sqrt().item()
    assert rms == pytest.approx(SCHEMES["identity"].std(*shape, gain=2.0))


def test_identity_of_a_convolution_hands_the_image_on():
    layer = filled("identity", nn.Conv2d(2, 2, kernel_size=3, padding=1))
    image = torch.randn(1, 2, 5, 5, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(layer(image).detach(), image)


def test_normal_takes_its_standard_deviation_from_the_caller():
    layer = filled("normal", std=0.01)
    assert layer.weight.detach().std().item() == pytest.approx(0.01, rel=0.02)
    assert not layer.bias.any()


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name != "normal"])
def test_gain_replaces_the_scheme_s_own(scheme):
    plain = filled(scheme, gain=1.0).weight
    torch.testing.assert_close(filled(scheme, gain=3.0).weight, 3 * plain)
    own = filled(scheme).weight
    torch.testing.assert_close(own, SCHEMES[scheme].gain * plain)


# biases


def test_biases_are_zero_unless_the_scheme_or_the_caller_says_otherwise():
    assert not filled("he_normal").bias.any()
    assert filled("he_normal", bias=0.1).bias.unique().item() == pytest.approx(0.1)
    own = filled("pytorch", nn.Linear(100, 4000)).bias.detach()
    assert 0.099 < own.abs().max().item() <= 0.1
    assert own.var().item() == pytest.approx(0.01 / 3, rel=0.1)
    assert not filled("pytorch", bias=0.0).bias.any()


def test_layers_without_bias_stay_without():
    assert filled("he_normal", nn.Linear(3, 2, bias=False)).bias is None


# what is touched and what is not


def test_the_same_seed_gives_the_same_network_and_another_seed_another():
    assert torch.equal(filled(seed=5).weight, filled(seed=5).weight)
    assert not torch.equal(filled(seed=5).weight, filled(seed=6).weight)
    assert torch.equal(filled(seed=np.int64(5)).weight, filled(seed=5).weight)


def test_a_generator_continues_where_it_stopped():
    generator = torch.Generator().manual_seed(5)
    first, second = filled(seed=generator).weight, filled(seed=generator).weight
    assert torch.equal(first, filled(seed=5).weight)
    assert not torch.equal(first, second)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_global_random_state_is_not_touched(scheme):
    layer = nn.Linear(4, 4)
    before = torch.get_rng_state()
    filled(scheme, layer, **({"std": 1.0} if scheme == "normal" else {}))
    assert torch.equal(torch.get_rng_state(), before)


def test_parameters_are_filled_in_place_and_still_want_gradients():
    layer = nn.Linear(4, 4)
    address = layer.weight.data_ptr()
    assert initialize(layer, "he_normal", seed=0) is None
    assert layer.weight.data_ptr() == address
    assert layer.weight.requires_grad
    assert layer.weight.is_leaf


def test_other_parameters_keep_their_values():
    network = nn.Sequential(nn.Linear(3, 3), nn.PReLU(), nn.BatchNorm1d(3))
    initialize(network, "he_normal", seed=0)
    assert network[1].weight.item() == 0.25
    assert network[2].weight.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if name != "normal"])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_sixteen_bit_weights_are_the_float32_weights_rounded(scheme, dtype):
    half = filled(scheme, nn.Linear(8, 8, dtype=dtype))
    full = filled(scheme, nn.Linear(8, 8))
    assert half.weight.dtype == dtype
    assert torch.equal(half.weight, full.weight.to(dtype))
    assert torch.equal(half.bias, full.bias.to(dtype))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_every_device_gets_the_same_weights():
    assert torch.equal(
        filled(layer=nn.Linear(5, 5).cuda()).weight.cpu(), filled(layer=nn.Linear(5, 5)).weight
    )


# refusals


@pytest.mark.parametrize("scheme", ["he", "He_normal", None, 3])
def test_unknown_schemes_are_refused_with_the_known_names(scheme):
    with pytest.raises(InvalidValueError, match="glorot_normal, glorot_uniform, he_normal"):
        filled(scheme)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"scheme": "he_normal", "gain": 0.0}, InvalidValueError, "gain above 0"),
        ({"scheme": "he_normal", "gain": -1.0}, InvalidValueError, "gain above 0"),
        ({"scheme": "he_normal", "gain": math.nan}, InvalidValueError, "finite gain"),
        ({"scheme": "he_normal", "gain": "relu"}, InvalidTypeError, "number as gain"),
        ({"scheme": "he_normal", "std": 0.1}, InvalidValueError, "no std"),
        ({"scheme": "normal"}, InvalidValueError, "pass std="),
        ({"scheme": "normal", "gain": 1.0}, InvalidValueError, "no gain"),
        ({"scheme": "normal", "std": math.inf}, InvalidValueError, "finite std"),
        ({"scheme": "normal", "std": 0}, InvalidValueError, "std above 0"),
        ({"bias": math.nan}, InvalidValueError, "finite bias"),
        ({"bias": True}, InvalidTypeError, "number as bias"),
        ({"seed": -1}, InvalidValueError, "seed from 0"),
        ({"seed": 2**63}, InvalidValueError, "seed from 0"),
        ({"seed": 1.5}, InvalidTypeError, "torch.Generator as seed"),
        ({"seed": None}, InvalidTypeError, "torch.Generator as seed"),
        ({"seed": True}, InvalidTypeError, "torch.Generator as seed"),
    ],
)
def test_unusable_numbers_are_refused_and_leave_the_network_alone(options, error, words):
    layer = nn.Linear(3, 3)
    before = layer.weight.detach().clone()
    with pytest.raises(error, match=words):
        filled(layer=layer, **options)
    assert torch.equal(layer.weight, before)


def parametrized():
    return nn.utils.parametrizations.orthogonal(nn.Linear(3, 3))


def empty():
    with pytest.warns(UserWarning, match="zero-element"):  # torch warns, and goes on
        return nn.Linear(3, 0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (nn.ReLU, "Linear or Conv layers"),
        (nn.Sequential, "Linear or Conv layers"),
        (lambda: nn.LazyLinear(3), "pass a batch"),
        (lambda: nn.Linear(3, 3, device="meta"), "to_empty"),
        (parametrized, "before parametrizing"),
        (empty, "at least one input"),
        (lambda: nn.Linear(3, 3, dtype=torch.complex64), "floating dtype"),
    ],
)
def test_networks_that_cannot_be_filled_are_refused(make, words):
    with pytest.raises(InvalidValueError, match=words):
        initialize(make(), "he_normal", seed=0)


@pytest.mark.parametrize("network", [None, "mlp", torch.zeros(3, 3)])
def test_what_is_no_module_is_refused(network):
    with pytest.raises(InvalidTypeError, match="Module, got"):
        initialize(network, "he_normal", seed=0)


def test_a_refused_layer_behind_a_good_one_leaves_both_alone():
    network = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3, device="meta"))
    before = network[0].weight.detach().clone()
    with pytest.raises(InvalidValueError):
        initialize(network, "he_normal", seed=0)
    assert torch.equal(network[0].weight, before)


# rescaling on data


def batch(n=256, features=12):
    return 3 + 2 * torch.randn(n, features, generator=torch.Generator().manual_seed(1))


def outputs(network, x):
    """Return what every Linear or Conv layer gives, by walking through the Sequential by hand."""
    found = []
    with torch.no_grad():
        for stage in network:
            x = stage(x)
            if not isinstance(stage, nn.GELU | nn.Sigmoid | nn.Flatten):
                found.append(x)
    return found


@pytest.mark.parametrize("unit", [nn.GELU, nn.Sigmoid])
def test_lsuv_gives_every_layer_unit_variance_on_its_batch(unit):
    network = nn.Sequential(nn.Linear(12, 30), unit(), nn.Linear(30, 20), unit(), nn.Linear(20, 5))
    steps = lsuv(network, batch(), seed=0, tolerance=1e-3)
    assert steps >= 3
    for z in outputs(network, batch()):
        assert np.var(z.numpy(), ddof=1) == pytest.approx(1, abs=2e-3)
    weight = network[2].weight.detach().double()
    gram = weight @ weight.T  # orthonormal rows, times one number
    torch.testing.assert_close(gram / gram[0, 0], torch.eye(20).double(), rtol=0, atol=1e-5)


def test_lsuv_serves_convolutions_and_keeps_the_training_mode():
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.GELU(), nn.Flatten(), nn.Linear(144, 3))
    network[1].eval()
    before = torch.get_rng_state()
    lsuv(network, torch.randn(64, 1, 8, 8, generator=torch.Generator().manual_seed(0)), seed=0)
    assert torch.equal(torch.get_rng_state(), before)
    assert network.training
    assert not network[1].training
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in network.modules())
    assert network[0].weight.requires_grad


def test_lsuv_follows_the_order_in_which_layers_run():
    class Backwards(nn.Module):
        def __init__(self):
            super().__init__()
            self.second, self.first = nn.Linear(6, 4), nn.Linear(12, 6)

        def forward(self, x):
            return self.second(torch.relu(self.first(x)))

    network = Backwards()
    lsuv(network, batch(), seed=0)
    assert network(batch()).detach().var().item() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"x": "digits"}, InvalidTypeError, "tensor x"),
        ({"x": torch.ones(1, 12)}, InvalidValueError, "two or more"),
        ({"x": torch.ones(5, 12)}, InvalidValueError, "varies"),
        ({"x": torch.full((5, 12), math.nan)}, InvalidValueError, "variance nan"),
        ({"tolerance": 0.0}, InvalidValueError, "tolerance above 0"),
        ({"tolerance": "small"}, InvalidTypeError, "tolerance"),
        ({"max_steps": 0}, InvalidValueError, "max_steps of at least 1"),
        ({"network": nn.ReLU()}, InvalidValueError, "Linear or Conv"),
        ({"seed": -1}, InvalidValueError, "seed from 0"),
    ],
)
def test_lsuv_refuses_what_it_cannot_use(options, error, words):
    given = {"network": nn.Linear(12, 1, bias=False), "x": batch(), "seed": 0} | options
    with pytest.raises(error, match=words):
        lsuv(given.pop("network"), given.pop("x"), **given)


def test_lsuv_refuses_a_layer_that_runs_twice_and_one_that_stays_off():
    shared = nn.Linear(12, 12)
    with pytest.raises(InvalidValueError, match="exactly once"):
        lsuv(nn.Sequential(shared, nn.GELU(), shared), batch(), seed=0)

    class Fixed(nn.Linear):
        def forward(self, x):
            return 3 * torch.nn.functional.normalize(super().forward(x), dim=1)

    with pytest.raises(InvalidValueError, match="within max_steps"):
        lsuv(Fixed(12, 30), batch(), seed=0, max_steps=4)
