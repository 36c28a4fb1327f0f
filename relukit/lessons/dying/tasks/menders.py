"""Answers that mend a network, and some that do not."""

import copy
import math

import numpy as np


def filled(draw, *, bias=0.0, layers=slice(None)):
    """Return an answer that draws the weights of some layers from fan_in, a shape and numbers."""

    def answer(network, seed):
        import torch

        chance = np.random.default_rng(seed + 1)
        with torch.no_grad():
            for layer in network[::2][layers]:
                fan_in = layer.in_features
                layer.weight.copy_(torch.tensor(draw(fan_in, tuple(layer.weight.shape), chance)))
                if bias is not None:
                    layer.bias.fill_(bias)

    return answer


def he(fan_in, shape, chance):
    return chance.normal(0, math.sqrt(2 / fan_in), shape)


def default(fan_in, shape, chance):
    return chance.uniform(-1, 1, shape) / math.sqrt(fan_in)


def unchanged(network, seed):
    return network


def by_global_numbers(network, seed):
    from torch import nn

    for layer in network[::2]:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)


def always_the_same(network, seed):
    filled(he)(network, 0)


def a_copy(network, seed):
    made = copy.deepcopy(network)
    filled(he)(made, seed)
    return made


def swapped(kind: str):
    """Return an answer that puts another activation in the place of ReLU."""

    def answer(network, seed):
        from torch import nn

        for i in range(1, len(network), 2):
            network[i] = getattr(nn, kind)()

    return answer


def normalized(network, seed):
    from torch import nn

    return nn.Sequential(*[part for layer in network for part in with_norm(nn, layer)][:-1])


def with_norm(nn, layer):
    return (layer, nn.BatchNorm1d(layer.out_features)) if isinstance(layer, nn.Linear) else (layer,)
