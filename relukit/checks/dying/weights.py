"""What becomes of a network with given weights, and whether two draws are of one kind."""

import math
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np

# as the text of mend_the_network states
LR, MOMENTUM, BATCH, STEPS = 0.01, 0.9, 64, 315


def _split(widths: tuple[int, ...], flat: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    found, start = [], 0
    for n, m in pairwise(widths):
        end = start + n * m
        found.append((flat[start:end].reshape(m, n), flat[end : end + m]))
        start = end + m
    return found


@cache
def _digits():
    from relukit.datasets import digits

    return digits()


@lru_cache(maxsize=128)
def trained(widths: tuple[int, ...], seed: int, flat: bytes) -> tuple[float, float, float]:
    """Train a ReLU network from these weights, and see how that went.

    Returns:
        The share of dead units in the last hidden layer before training; the loss, averaged over
        the last 20 steps; the share of test digits that are right.
    """
    import torch
    from torch import nn

    from relukit.diagnostics import activations
    from relukit.networks import mlp
    from relukit.training import batch

    data, network = _digits(), mlp(widths)
    with torch.no_grad():
        layers = _split(widths, np.frombuffer(flat, dtype="float32"))
        for layer, (weight, bias) in zip(network[::2], layers, strict=True):
            layer.weight.copy_(torch.tensor(weight))
            layer.bias.copy_(torch.tensor(bias))
    dead = (activations(network, data.x_train)[-1] == 0).all(0).double().mean().item()
    optimizer = torch.optim.SGD(network.parameters(), lr=LR, momentum=MOMENTUM)
    losses = []
    with torch.enable_grad():  # the learner's code may have switched it off
        for step in range(STEPS):
            rows = batch(len(data.x_train), BATCH, seed=seed, step=step)
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(data.x_train[rows]), data.y_train[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    right = (network(data.x_test).argmax(1) == data.y_test).double().mean().item()
    return dead, sum(losses[-20:]) / 20, right


def _profile(widths: tuple[int, ...], flat: np.ndarray) -> np.ndarray:
    """Return what can be said of random weights: by layer their size, mean and tails; all biases.

    The size is relative to He's; the mean and the tails, what lies beyond 1.75 deviations and so
    beyond any uniform distribution, are relative to the size.
    """
    layers = _split(widths, flat.astype(float))
    biases = np.concatenate([bias for _, bias in layers])
    rows = []
    for weight, _ in layers:
        size = math.sqrt((weight**2).mean())
        relative = weight / (size or 1.0)
        tails = (np.abs(relative) > 1.75).mean()
        rows.append([size * math.sqrt(weight.shape[1] / 2), relative.mean(), tails])
    return np.array([*rows, [0.0, biases.mean(), biases.std()]])


def alike(widths: tuple[int, ...], one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two draws can come from one distribution of weights."""
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return False
    a, b = _profile(widths, one), _profile(widths, other)
    near = np.abs(a - b) <= [0.0, 0.15, 0.05] + 0.3 * np.maximum(np.abs(a), np.abs(b))
    return bool(near.all())
