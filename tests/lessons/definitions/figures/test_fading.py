"""The gradient by layer, against what the variance of PyTorch's weights says of each layer."""

import math

import numpy as np
import pytest
import torch

from relukit.initialization import initialize
from relukit.ledger.setting import STATED
from relukit.lessons.definitions.experiments.slopes import decades_by_layer
from relukit.lessons.definitions.figures import fading
from relukit.networks import mlp
from relukit.streams import generator


def lines() -> dict[str, np.ndarray]:
    return {line.get_gid(): line.get_ydata() for line in fading().axes[0].lines}


@pytest.mark.parametrize(("gid", "share"), [("relu", 1 / 6), ("linear", 1 / 3)])
def test_each_layer_leaves_the_share_of_the_power_that_the_lesson_derives(gid, share):
    decades = np.log10(lines()[gid])
    assert decades[0] == 0
    np.testing.assert_allclose(decades, np.arange(21) * math.log10(share) / 2, atol=0.1)


def test_the_title_says_what_a_layer_divides_by():
    assert f"{math.sqrt(6):.2f}" in fading().axes[0].get_title(loc="left")


def test_a_layer_s_gradient_is_the_one_of_plain_backpropagation():
    """With the weights read out and the switches set by hand."""
    seed, depth, width = 3, 4, 256
    network = mlp((width,) * (depth + 1), "relu")
    initialize(network, "pytorch", seed=seed)
    x = torch.randn(64, width, generator=generator(seed, "inputs"))
    blame = back = torch.randn(64, width, generator=generator(seed, "back"))
    layers = [part for part in network if isinstance(part, torch.nn.Linear)]
    on = []
    with torch.no_grad():
        for layer in layers:
            x = layer(x)
            on.append(x > 0)
            x = x.clamp(min=0)
        due = [0.0]
        for layer, switched in zip(layers[::-1], on[::-1], strict=True):
            blame = (blame * switched) @ layer.weight
            due.append(float((blame.norm() / back.norm()).log10()))
    assert decades_by_layer("pytorch", seed, depth=depth) == pytest.approx(due, abs=1e-5)


def test_sixteen_networks_are_behind_each_mark():
    found = [decades_by_layer("pytorch", seed)[-1] for seed in STATED.seeds]
    assert len(found) == 16
    assert np.log10(lines()["relu"][-1]) == pytest.approx(np.mean(found))
