"""Data sets that OpenML serves: downloaded once through scikit-learn, then kept on disk."""

import os
from http.client import HTTPException
from pathlib import Path

import numpy as np
import torch

from relukit.datasets.dataset import Dataset
from relukit.datasets.scaling import SCALINGS, scale_pixels
from relukit.errors import InvalidTypeError, UnavailableError, unknown_name

TRAIN_ROWS, TEST_ROWS, PIXELS = 60_000, 10_000, 28 * 28


def mnist(*, scaling: str = "standard", cache: str | os.PathLike[str] | None = None) -> Dataset:
    """Return MNIST: 70000 handwritten digits of 28 x 28 grey values, in the published split.

    Args:
        scaling: "standard", "unit" (0 to 1) or "raw" (0 to 255), as for `digits`; dimensionless.
        cache: folder for the download; None means this user's cache folder.

    Returns:
        A Dataset of 60000 training and 10000 test images, float32 (n, 784), labels 0 to 9.

    Raises:
        InvalidValueError: an unknown scaling.
        InvalidTypeError: a cache that is no path.
        UnavailableError: OpenML cannot be reached, or answers with something else.

    References: [LeCun1998b].

    Example:
        >>> mnist(scaling="percent")
        Traceback (most recent call last):
        relukit.errors.InvalidValueError: Expected the name of a known scaling, got 'percent'.
        What to do: Known names: raw, standard, unit.
    """
    return _fetch("mnist", "mnist_784", scaling, cache)


def fashion_mnist(
    *, scaling: str = "standard", cache: str | os.PathLike[str] | None = None
) -> Dataset:
    """Return Fashion-MNIST: 70000 pictures of clothes, 28 x 28 grey values, published split.

    Args:
        scaling: "standard", "unit" (0 to 1) or "raw" (0 to 255), as for `digits`; dimensionless.
        cache: folder for the download; None means this user's cache folder.

    Returns:
        A Dataset of 60000 training and 10000 test images, float32 (n, 784), labels 0 to 9.

    Raises:
        InvalidValueError: an unknown scaling.
        InvalidTypeError: a cache that is no path.
        UnavailableError: OpenML cannot be reached, or answers with something else.

    References: [Xiao2017].

    Example:
        >>> fashion_mnist(cache=7)
        Traceback (most recent call last):
        relukit.errors.InvalidTypeError: Expected a folder or None as cache, got int.
        What to do: pass a path.
    """
    return _fetch("fashion_mnist", "Fashion-MNIST", scaling, cache)


def _fetch(
    name: str, openml_name: str, scaling: str, cache: str | os.PathLike[str] | None
) -> Dataset:
    if scaling not in SCALINGS:  # before a long download, not after it
        raise unknown_name("scaling", scaling, SCALINGS)
    if cache is not None and not isinstance(cache, str | os.PathLike):
        raise InvalidTypeError("a folder or None as cache", type(cache).__name__, "pass a path")
    pixels, labels = _download(name, openml_name, _default_cache() if cache is None else cache)
    x_train, x_test = scale_pixels(
        pixels[:TRAIN_ROWS], pixels[TRAIN_ROWS:], top=255, scaling=scaling
    )
    return Dataset(
        name=name,
        x_train=torch.from_numpy(x_train),
        y_train=torch.from_numpy(labels[:TRAIN_ROWS]),
        x_test=torch.from_numpy(x_test),
        y_test=torch.from_numpy(labels[TRAIN_ROWS:]),
        n_classes=10,
        source=f"{openml_name}, version 1, from openml.org",
    )


def _default_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("relukit")


def _download(
    name: str, openml_name: str, cache: str | os.PathLike[str]
) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import fetch_openml

    offline = (
        "connect to the internet and call it again, or use digits() or mnist1d(), which need none"
    )
    try:
        # liac-arff, because scikit-learn's faster parser needs pandas
        answer = fetch_openml(
            openml_name,
            version=1,
            as_frame=False,
            parser="liac-arff",
            data_home=os.fspath(cache),
            n_retries=1,
        )
        pixels, labels = np.asarray(answer.data), np.asarray(answer.target).astype(np.int64)
    except (OSError, HTTPException, ValueError) as cause:
        raise UnavailableError(
            f"{name} from openml.org",
            f"{type(cause).__name__}: {str(cause).rstrip('.')}",
            offline,
        ) from cause
    shapes, expected = (pixels.shape, labels.shape), (TRAIN_ROWS + TEST_ROWS, PIXELS)
    if shapes != (expected, expected[:1]):
        raise UnavailableError(
            f"{name} from openml.org with {expected[0]} images of {expected[1]} pixels",
            f"inputs {shapes[0]} and labels {shapes[1]}",
            f"empty the cache folder {os.fspath(cache)} and {offline}",
        )
    return pixels, labels
