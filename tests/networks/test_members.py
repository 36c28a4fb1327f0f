"""What every network has in common: seeds, dtypes, schemes, and many of them as one."""

import copy
import pickle
from functools import partial

import pytest
import torch
from torch import nn
from torch.func import functional_call, grad, stack_module_state, vmap

from relukit import networks
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import (
    GATES,
    autoencoder,
    convolutional,
    gated_mlp,
    maxout_mlp,
    mlp,
    recurrent,
)

# a builder and the shape of a batch that it accepts
BUILDERS = {
    "mlp": (partial(mlp, [3, 6, 5, 2]), (7, 3)),
    "mlp of squareplus": (partial(mlp, [3, 6, 2], "squareplus"), (7, 3)),
    "maxout": (partial(maxout_mlp, [3, 6, 5, 2], 3), (7, 3)),
    **{f"{gate} gate": (partial(gated_mlp, [3, 6, 5, 2], gate), (7, 3)) for gate in GATES},
    "autoencoder": (partial(autoencoder, [3, 6, 5]), (7, 3)),
    "max-pooling": (partial(convolutional, [2, 3]), (7, 64)),
    "average pooling": (partial(convolutional, [2, 3], "tanh", pooling="average"), (7, 64)),
    "relu recurrence": (partial(recurrent, [3, 6, 2]), (7, 5, 3)),
    "he recurrence": (partial(recurrent, [3, 6, 2], scheme="he_normal"), (7, 5, 3)),
    "tanh recurrence": (partial(recurrent, [3, 6, 2], "tanh", scheme="orthogonal"), (7, 5, 3)),
}
every_network = pytest.mark.parametrize(("build", "shape"), BUILDERS.values(), ids=BUILDERS)


def batch(shape, dtype=torch.float64):
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(1))


def test_public_names_are_sorted_and_all_there():
    names = networks.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name.islower(), name))
    assert all(hasattr(networks, name) for name in names)


@every_network
def test_outputs_of_members_computed_together_are_those_of_each_alone(build, shape):
    members = [build(seed=seed, dtype=torch.float64) for seed in range(4)]
    parameters, buffers = stack_module_state(members)
    x = batch(shape)
    together = vmap(lambda p: functional_call(members[0], p, (x,)))(parameters)
    for output, member in zip(together, members, strict=True):
        torch.testing.assert_close(output, member(x), rtol=1e-12, atol=1e-12)
    assert not torch.allclose(together[0], together[1])
    assert buffers == {}


@every_network
def test_gradients_of_members_computed_together_are_those_of_each_alone(build, shape):
    members = [build(seed=seed, dtype=torch.float64) for seed in range(3)]
    parameters, _ = stack_module_state(members)
    x = batch((3, *shape))

    def loss(p, x):
        return functional_call(members[0], p, (x,)).square().mean()

    together = vmap(grad(loss))(parameters, x)
    for i, member in enumerate(members):
        member(x[i]).square().mean().backward()
        for name, parameter in member.named_parameters():
            torch.testing.assert_close(together[name][i], parameter.grad, rtol=1e-10, atol=1e-12)


@every_network
def test_running_a_network_changes_nothing_in_it(build, shape):
    network = build(seed=0)
    before = copy.deepcopy(network.state_dict())
    first = network(batch(shape, torch.float32))
    assert list(network.buffers()) == []
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())
    assert torch.equal(network(batch(shape, torch.float32)), first)


@every_network
def test_the_seed_alone_decides_the_weights(build, shape):
    one, same, other = build(seed=3), build(seed=3), build(seed=4)
    for a, b in zip(one.parameters(), same.parameters(), strict=True):
        assert torch.equal(a, b)
    x = batch(shape, torch.float32)
    assert not torch.equal(one(x), other(x))


@every_network
def test_building_leaves_the_global_random_state_alone(build, shape):
    before = torch.get_rng_state()
    build(seed=5)(batch(shape, torch.float32))
    assert torch.equal(torch.get_rng_state(), before)


@every_network
def test_a_generator_is_advanced_from_one_network_to_the_next(build, shape):
    generator = torch.Generator().manual_seed(6)
    first, second, alone = build(seed=generator), build(seed=generator), build(seed=6)
    x = batch(shape, torch.float32)
    assert torch.equal(first(x), alone(x))
    assert not torch.equal(second(x), alone(x))


@every_network
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_parameters_and_outputs_have_the_dtype_asked_for(build, shape, dtype):
    network = build(dtype=dtype)
    assert {p.dtype for p in network.parameters()} == {dtype}
    assert all(torch.isfinite(p).all() for p in network.parameters())
    assert network(batch(shape, dtype)).dtype == dtype


@every_network
def test_a_network_is_in_training_mode_and_survives_copies_and_storage(build, shape):
    network = build()
    x = batch(shape, torch.float32)
    assert network.training
    for twin in (copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert torch.equal(twin(x), network(x))


@pytest.mark.parametrize(
    "build",
    [
        partial(mlp, [3, 6, 2], "prelu"),
        partial(autoencoder, [3, 6, 5], "prelu"),
        partial(convolutional, [2, 3], "prelu"),
        partial(recurrent, [3, 6, 2], "prelu"),
    ],
)
def test_learned_slopes_are_parameters_of_the_dtype_asked_for(build):
    network = build(dtype=torch.float64)
    slopes = [m.weight for m in network.modules() if isinstance(m, nn.PReLU)]
    assert slopes
    assert len(set(map(id, slopes))) == len(slopes)
    assert {slope.dtype for slope in slopes} == {torch.float64}


@every_network
@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"scheme": "he"}, InvalidValueError, "initialization scheme"),
        ({"scheme": None}, InvalidValueError, "initialization scheme"),
        ({"scheme": "normal"}, InvalidValueError, "then call initialize"),
        ({"dtype": torch.int64}, InvalidTypeError, "floating dtype"),
        ({"dtype": torch.complex64}, InvalidTypeError, "floating dtype"),
        ({"dtype": "float32"}, InvalidTypeError, "floating dtype"),
        ({"seed": -1}, InvalidValueError, "seed"),
        ({"seed": 2**63}, InvalidValueError, "seed"),
        ({"seed": True}, InvalidTypeError, "seed"),
        ({"seed": None}, InvalidTypeError, "seed"),
    ],
)
def test_unusable_options_are_refused(build, shape, options, error, words):
    with pytest.raises(error, match=words):
        build(**options)


@pytest.mark.parametrize("build", [maxout_mlp, gated_mlp, autoencoder])
@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"widths": [4]}, InvalidValueError, "two or more widths"),
        ({"widths": [4, 0, 1]}, InvalidValueError, "at least 1, got 0"),
        ({"widths": [4, 2.0, 1]}, InvalidTypeError, r"2.0 \(float\)"),
        ({"widths": "42"}, InvalidTypeError, "list of widths, got str"),
        ({"widths": None}, InvalidTypeError, "list of widths, got NoneType"),
        ({"widths": [4, 2], "bias": 0.1}, InvalidTypeError, "True or False"),
    ],
)
def test_unusable_widths_and_biases_are_refused(build, arguments, error, words):
    with pytest.raises(error, match=words):
        build(**arguments)


@pytest.mark.parametrize("build", [maxout_mlp, gated_mlp, autoencoder])
def test_bias_false_leaves_only_matrices(build):
    assert {p.ndim for p in build([4, 6, 3], bias=False).parameters()} == {2}


@pytest.mark.parametrize(
    "build",
    [partial(autoencoder, [4, 2]), convolutional, partial(recurrent, [4, 2, 1])],
)
def test_unknown_activation_is_refused(build):
    with pytest.raises(InvalidValueError, match="did you mean 'relu'"):
        build("rleu") if build is not convolutional else build([2], "rleu")
