"""Streams of random numbers that have nothing in common: one for each seed and purpose.

Weights take `torch.Generator().manual_seed(seed)`, as torch's users do. What is drawn beside them,
inputs, noise or an order of examples, must not take that stream too: the first inputs would be the
first weights. Of a seed torch's generator keeps 32 bits: 2**32 + seed is no other stream than seed.

Seed and purpose become one list of numbers of 32 bits. A larger seed would be two of them, the
second of which reads like the first letter of a purpose; and without two letters the list is that
of a larger seed alone, so that NumPy's own generator of that seed would give the same numbers.
"""

import numpy as np
import torch

from relukit.errors import InvalidValueError


def sequence(seed: int, purpose: str) -> np.random.SeedSequence:
    """Return what seeds a generator of NumPy's for one purpose.

    Args:
        seed: 0 to 2**32 - 1.
        purpose: what is drawn, such as "inputs": two letters or more, without a zero character.

    Raises:
        InvalidValueError: a seed or purpose whose stream would be another one's too.

    Example:
        >>> round(float(np.random.default_rng(sequence(0, "noise")).random()), 3)
        0.337
    """
    if not 0 <= seed < 2**32:
        raise InvalidValueError("a seed from 0 to 2**32 - 1", str(seed), "pass a smaller one")
    if len(purpose.encode()) < 2 or "\0" in purpose:
        raise InvalidValueError("a purpose of two letters or more", repr(purpose), "name it")
    return np.random.SeedSequence([seed, *purpose.encode()])


def number(seed: int, purpose: str) -> int:
    """Return a seed for one purpose, 0 to 2**32 - 1, for what takes no generator.

    Args:
        seed: 0 to 2**32 - 1.
        purpose: what is drawn, such as "validation"; as for `sequence`.

    Example:
        >>> number(0, "validation") == number(0, "validation") != number(0, "noise")
        True
    """
    return int(sequence(seed, purpose).generate_state(1)[0])


def generator(seed: int, purpose: str) -> torch.Generator:
    """Return torch's generator for one purpose, on the CPU.

    Args:
        seed: 0 to 2**32 - 1.
        purpose: what is drawn, such as "inputs"; as for `sequence`.

    Example:
        >>> drawn = [torch.rand(3, generator=generator(0, name)) for name in ("inputs", "noise")]
        >>> bool((drawn[0] == drawn[1]).any())
        False
    """
    mixed = int(sequence(seed, purpose).generate_state(1, np.uint64)[0] >> 1)
    return torch.Generator().manual_seed(mixed)
