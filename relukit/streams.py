"""Streams of random numbers that have nothing in common: one for each seed and purpose.

Weights take `torch.Generator().manual_seed(seed)`, as torch's users do. What is drawn beside them,
inputs, noise or an order of examples, must not take that stream too: the first inputs would be the
first weights. Of a seed torch's generator keeps 32 bits: 2**32 + seed is no other stream than seed.
"""

import numpy as np
import torch


def sequence(seed: int, purpose: str) -> np.random.SeedSequence:
    """Return what seeds a generator of NumPy's for one purpose.

    Args:
        seed: 0 to 2**63 - 1.
        purpose: what is drawn, such as "inputs".

    Example:
        >>> round(float(np.random.default_rng(sequence(0, "noise")).random()), 3)
        0.337
    """
    return np.random.SeedSequence([seed, *purpose.encode()])


def number(seed: int, purpose: str) -> int:
    """Return a seed for one purpose, 0 to 2**32 - 1, for what takes no generator.

    Args:
        seed: 0 to 2**63 - 1.
        purpose: what is drawn, such as "validation".

    Example:
        >>> number(0, "validation") == number(0, "validation") != number(0, "noise")
        True
    """
    return int(sequence(seed, purpose).generate_state(1)[0])


def generator(seed: int, purpose: str) -> torch.Generator:
    """Return torch's generator for one purpose, on the CPU.

    Args:
        seed: 0 to 2**63 - 1.
        purpose: what is drawn, such as "inputs".

    Example:
        >>> inputs, noise = (torch.rand(3, generator=generator(0, name)) for name in ("x", "noise"))
        >>> bool((inputs == noise).any())
        False
    """
    mixed = int(sequence(seed, purpose).generate_state(1, np.uint64)[0] >> 1)
    return torch.Generator().manual_seed(mixed)
