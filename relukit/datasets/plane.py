"""Points in the plane, in classes that no straight line separates."""

import math

import numpy as np
import torch

from relukit.datasets.dataset import Dataset
from relukit.quantities import integer, real, seed_number


def moons(n: int = 400, *, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Return two interleaved half circles of radius 1, three quarters of them to train on.

    Args:
        n: number of points, at least 8.
        noise: standard deviation of the normal noise on each coordinate, in radii.
        seed: 0 to 2**32 - 1.

    Returns:
        A Dataset of float32 points (n, 2) and labels 0 (upper) and 1 (lower).

    Raises:
        InvalidTypeError: n, noise or seed is no number of its kind.
        InvalidValueError: n, noise or seed is out of range.

    Example:
        >>> moons(80)
        Dataset('moons': 60 train + 20 test, 2 features, 2 classes, torch.float32 on cpu)
    """
    from sklearn.datasets import make_moons

    n, noise, seed = _checked(n, noise, seed)
    points, labels = make_moons(n, noise=noise, random_state=seed)
    return _split("moons", points, labels, seed)


def circles(n: int = 400, *, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Return a circle of radius 1 around one of radius 1/2, three quarters to train on.

    Args:
        n: number of points, at least 8.
        noise: standard deviation of the normal noise on each coordinate, in outer radii.
        seed: 0 to 2**32 - 1.

    Returns:
        A Dataset of float32 points (n, 2) and labels 0 (outer) and 1 (inner).

    Raises:
        InvalidTypeError: n, noise or seed is no number of its kind.
        InvalidValueError: n, noise or seed is out of range.

    Example:
        >>> circles(80, noise=0.0).x_train.norm(dim=1).max()
        tensor(1.)
    """
    from sklearn.datasets import make_circles

    n, noise, seed = _checked(n, noise, seed)
    points, labels = make_circles(n, noise=noise, factor=0.5, random_state=seed)
    return _split("circles", points, labels, seed)


def spirals(n: int = 400, *, arms: int = 2, noise: float = 0.02, seed: int = 0) -> Dataset:
    r"""Return spirals $r(\cos\varphi, \sin\varphi)$, $\varphi = 2\pi(r + k/\mathrm{arms})$.

    Each arm k turns once while its radius r grows evenly from 0.1 to 1; three quarters of the
    points are to train on.

    Args:
        n: number of points in all, at least 4 for each arm.
        arms: number of arms, each of them a class; 2 to 100.
        noise: standard deviation of the normal noise on each coordinate, in outer radii.
        seed: 0 to 2**32 - 1.

    Returns:
        A Dataset of float32 points (n, 2) and labels 0 to arms - 1.

    Raises:
        InvalidTypeError: n, arms, noise or seed is no number of its kind.
        InvalidValueError: n, arms, noise or seed is out of range.

    Example:
        >>> spirals(300, arms=3)
        Dataset('spirals': 225 train + 75 test, 2 features, 3 classes, torch.float32 on cpu)
    """
    arms = integer("arms", arms, least=2, most=100)
    n, noise, seed = _checked(n, noise, seed, least=4 * arms)
    labels = np.arange(n) % arms
    turn = np.arange(n) // arms / (math.ceil(n / arms) - 1)
    radius = 0.1 + 0.9 * turn
    angle = 2 * np.pi * (radius + labels / arms)
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _split("spirals", points, labels, seed, noise=noise)


def xor(n: int = 400, *, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Return the corners (0,0), (0,1), (1,0), (1,1) of the unit square, labelled a xor b.

    Args:
        n: number of points in all, at least 8; the corners take turns.
        noise: standard deviation of the normal noise on each coordinate, in sides of the square;
            0 gives the corners themselves.
        seed: 0 to 2**32 - 1.

    Returns:
        A Dataset of float32 points (n, 2), three quarters to train on, and labels 0 and 1.

    Raises:
        InvalidTypeError: n, noise or seed is no number of its kind.
        InvalidValueError: n, noise or seed is out of range.

    Example:
        >>> data = xor(8, noise=0.0)
        >>> bool(((data.x_train.sum(dim=1) == 1) == data.y_train).all())
        True
    """
    n, noise, seed = _checked(n, noise, seed)
    corner = np.arange(n) % 4
    bits = np.stack([corner // 2, corner % 2], axis=1)
    return _split("xor", bits.astype(float), bits[:, 0] ^ bits[:, 1], seed, noise=noise)


def _checked(n: object, noise: object, seed: object, least: int = 8) -> tuple[int, float, int]:
    n, seed = integer("n", n, least=least, most=10_000_000), seed_number(seed, bits=32)
    return n, real("noise", noise, least=0, do="pass 0.0 for none"), seed


def _split(
    name: str, points: np.ndarray, labels: np.ndarray, seed: int, *, noise: float = 0.0
) -> Dataset:
    from sklearn.model_selection import train_test_split

    points = points + noise * np.random.default_rng(seed).standard_normal(points.shape)
    x_train, x_test, y_train, y_test = train_test_split(
        points, labels, test_size=0.25, stratify=labels, random_state=seed
    )
    return Dataset(
        name=name,
        x_train=torch.as_tensor(x_train, dtype=torch.float32),
        y_train=torch.as_tensor(y_train, dtype=torch.int64),
        x_test=torch.as_tensor(x_test, dtype=torch.float32),
        y_test=torch.as_tensor(y_test, dtype=torch.int64),
        n_classes=int(labels.max()) + 1,
        source=f"{name}, generated",
    )
