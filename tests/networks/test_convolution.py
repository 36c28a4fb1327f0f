"""The convolutional network for digits."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from relukit.datasets import digits
from relukit.diagnostics import preactivations
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import convolutional


def images(n=7):
    return torch.randn(n, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("pooling", "pool"), [("max", F.max_pool2d), ("average", F.avg_pool2d)])
def test_output_is_the_composition_of_torch_s_functions(pooling, pool):
    network = convolutional([3, 5], "tanh", pooling=pooling, seed=1, dtype=torch.float64)
    k1, b1, k2, b2, w, c = network.parameters()
    a = pool(torch.tanh(F.conv2d(images().view(-1, 1, 8, 8), k1, b1, padding=1)), 2)
    a = pool(torch.tanh(F.conv2d(a, k2, b2, padding=1)), 2)
    expected = F.linear(a.reshape(7, -1), w, c)
    torch.testing.assert_close(network(images()), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("channels", "pixels"), [([4], 16), ([4, 6], 4), ([4, 6, 2], 1)])
def test_each_block_halves_the_side(channels, pixels):
    network = convolutional(channels)
    assert network[-1].in_features == channels[-1] * pixels
    assert [m.out_channels for m in network if isinstance(m, nn.Conv2d)] == channels
    assert network(digits().x_test[:5]).shape == (5, 10)


def test_a_single_image_needs_no_batch():
    network = convolutional(dtype=torch.float64)
    torch.testing.assert_close(network(images()[0]), network(images())[0])


def test_a_shifted_blob_is_seen_by_the_same_kernel():
    layer = convolutional([4], dtype=torch.float64)[:2]
    blob = torch.zeros(2, 8, 8, dtype=torch.float64)
    blob[0, 2:4, 2:4] = blob[1, 4:6, 3:5] = 1
    maps = layer(blob.view(2, 64))
    torch.testing.assert_close(maps[0, :, 1:5, 1:5], maps[1, :, 3:7, 2:6])


@pytest.mark.parametrize(("pooling", "commutes"), [("max", True), ("average", False)])
def test_relu_commutes_with_max_pooling_and_not_with_the_average(pooling, commutes):
    network = convolutional([4, 4], pooling=pooling, dtype=torch.float64)
    swapped = nn.Sequential(*(network[i] for i in (0, 1, 3, 2, 4, 6, 5, 7, 8)))
    assert torch.equal(network(images()), swapped(images())) is commutes


def test_scheme_counts_the_kernel_in_the_fan():
    network = convolutional([16, 400], scheme="he_normal")
    assert network[4].weight.std().item() == pytest.approx((2 / (9 * 16)) ** 0.5, rel=0.02)
    assert not network[4].bias.any()


def test_diagnostics_see_the_feature_maps():
    shapes = [tuple(z.shape) for z in preactivations(convolutional([3, 5]), images().float())]
    assert shapes == [(7, 3, 8, 8), (7, 5, 4, 4)]


def test_it_learns_the_digits_in_a_few_steps():
    data = digits()
    network = convolutional(scheme="he_normal")
    adam = torch.optim.Adam(network.parameters(), lr=1e-2)
    for _ in range(60):
        adam.zero_grad()
        F.cross_entropy(network(data.x_train), data.y_train).backward()
        adam.step()
    right = (network(data.x_test).argmax(dim=1) == data.y_test).double().mean()
    assert right > 0.85


@pytest.mark.parametrize(
    ("channels", "error", "words"),
    [
        ([], InvalidValueError, "one to three blocks, got 0"),
        ([1, 1, 1, 1], InvalidValueError, "one to three blocks, got 4"),
        ([8, 0], InvalidValueError, "channels of at least 1, got 0"),
        ([8.0], InvalidTypeError, r"integer channels, got 8.0 \(float\)"),
        (8, InvalidTypeError, "list of channels, got int"),
        ("88", InvalidTypeError, "list of channels, got str"),
    ],
)
def test_unusable_channels_are_refused(channels, error, words):
    with pytest.raises(error, match=words):
        convolutional(channels)


@pytest.mark.parametrize("pooling", ["mean", None, ["max"]])
def test_unknown_pooling_is_refused(pooling):
    with pytest.raises(InvalidValueError, match="Known names: average, max"):
        convolutional(pooling=pooling)
