"""What becomes of a network with given weights, and whether two draws are of one kind."""

import math
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np

from relukit.checks.gradients import gradients

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
def _digits() -> tuple[np.ndarray, ...]:
    from relukit.datasets import digits

    data = digits()
    parts = (data.x_train, data.y_train, data.x_test, data.y_test)
    return tuple(part.numpy() for part in parts)


@lru_cache(maxsize=128)
def trained(widths: tuple[int, ...], seed: int, flat: bytes) -> tuple[float, float, float]:
    """Train a ReLU network from these weights, and see how that went.

    The gradients are worked out by hand, which takes a third of the time that torch does.

    Returns:
        The share of dead units in the last hidden layer before training; the loss, averaged over
        the last 20 steps; the share of test digits that are right.
    """
    from relukit.training import batch

    x_train, y_train, x_test, y_test = _digits()
    split = _split(widths, np.frombuffer(flat, "f4"))
    layers = [(weight.copy(), bias.copy()) for weight, bias in split]
    moving = [tuple(np.zeros_like(p) for p in pair) for pair in layers]
    with np.errstate(all="ignore"):
        dead = float((_hidden(layers, x_train) == 0).all(axis=0).mean())
        losses = []
        for step in range(STEPS):
            rows = batch(len(x_train), BATCH, seed=seed, step=step).numpy()
            loss, slopes = gradients(layers, x_train[rows], y_train[rows])
            losses.append(loss)
            for pairs in zip(layers, moving, slopes, strict=True):
                for parameter, velocity, slope in zip(*pairs, strict=True):
                    velocity *= MOMENTUM
                    velocity += slope
                    parameter -= LR * velocity
        weight, bias = layers[-1]
        made = _hidden(layers, x_test) @ weight.T + bias
    right = (made.argmax(axis=1) == y_test) & np.isfinite(made).all(axis=1)
    return dead, float(np.mean(losses[-20:])), float(right.mean())


def _hidden(layers: list[tuple[np.ndarray, np.ndarray]], x: np.ndarray) -> np.ndarray:
    """Return what the last hidden layer puts out."""
    for weight, bias in layers[:-1]:
        x = np.maximum(x @ weight.T + bias, 0)
    return x


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
