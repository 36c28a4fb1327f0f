"""Digits as photographs: in an order and a light of their own."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

N_SPLITS = 2  # of the digits, for one check of a learner
LIGHTS, BRIGHT = 2, 25.0  # patterns on each photograph, and how strong each is in grey values


@dataclass(frozen=True, eq=False)
class Photographs:
    """One split of the digits, as photographs that no file and no neighbour names.

    Attributes:
        given: images and labels to learn from, images to name, and a seed for the answer, which
            says nothing of the split.
        truth: the labels of the images to name.
    """

    given: tuple[np.ndarray, np.ndarray, np.ndarray, int]
    truth: np.ndarray


@lru_cache(maxsize=2 * N_SPLITS)
def photographs(number: int, split: int) -> Photographs:
    """Return a split of the digits whose pixels and names have an order of their own.

    Uneven light lies on each image, LIGHTS smooth patterns in random amounts: it moves images
    further apart than what they show, so that the nearest one often shows another digit.

    Args:
        number: that all is drawn from.
        split: which of the splits that belong to the number.
    """
    from relukit.datasets import digits

    draw, apart = (np.random.default_rng((number, split, k)) for k in range(2))
    data = digits(scaling="raw", seed=int(draw.integers(2**32)))
    waves = np.cos(np.pi * np.outer(np.arange(4), np.arange(8) + 0.5) / 8)
    patterns = np.einsum("lij,iy,jx->lyx", draw.normal(size=(LIGHTS, 4, 4)), waves, waves)
    patterns = patterns.reshape(LIGHTS, -1)
    patterns *= BRIGHT / np.linalg.norm(patterns, axis=1, keepdims=True)
    pixels, names = draw.permutation(patterns.shape[1]), draw.permutation(10)

    def photographed(images: np.ndarray) -> np.ndarray:
        lit = images + draw.normal(size=(len(images), LIGHTS)) @ patterns
        return lit[:, pixels].astype("float32")

    x_train, x_test = (photographed(x.numpy()) for x in (data.x_train, data.x_test))
    y_train, y_test = (names[y.numpy()] for y in (data.y_train, data.y_test))
    return Photographs((x_train, y_train, x_test, int(apart.integers(1000))), y_test)
