"""Streams of random numbers that have nothing in common: one for each seed and purpose.

Weights take `torch.Generator().manual_seed(seed)`, as torch's users do. What is drawn beside them,
inputs, noise or an order of examples, must not take that stream too: the first inputs would be the
first weights. Of a seed torch's generator keeps 32 bits: 2**32 + seed is no other stream than seed.

Seed and purpose become one list of numbers of 32 bits. A larger seed would be two of them, the
second of which reads like the first letter of a purpose; and without two letters the list is that
of a larger seed alone, so that NumPy's own generator of that seed would give the same numbers.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import torch

from relukit.errors import InvalidValueError

Made = TypeVar("Made")


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


def made_from(seed: int, make: Callable[[int], Made]) -> Made:
    """Return what a function of a seed makes while torch's global streams begin at a seed.

    Args:
        seed: where the streams begin, of the CPU and of the cards that this process uses.
        make: what is called. Afterwards the streams are where they were.

    Conventions: where the call is the first to use a card, it is made twice, as the first one's
        card had not begun at the seed.

    Example:
        >>> made_from(3, lambda seed: torch.rand(1)).equal(made_from(3, lambda seed: torch.rand(1)))
        True
    """
    cards = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()
    with torch.random.fork_rng(devices=cards, device_type="cuda"):
        torch.default_generator.manual_seed(seed)
        if cards:
            torch.cuda.manual_seed_all(seed)
        found = make(seed)
    if not cards and torch.cuda.is_initialized():
        return made_from(seed, make)
    return found
