"""Activations that nobody has a table for: formulas in z with random numbers in them."""

from collections.abc import Iterator

import numpy as np


def formulas(rng: np.random.Generator) -> Iterator[str]:
    """Yield one formula of each family, in random order, without end of variety.

    Args:
        rng: draws the numbers, of ordinary size, and the order.

    Example:
        >>> len(set(formulas(np.random.default_rng(0))))
        9
    """

    def number(low: float = 0.3, high: float = 2.0) -> str:
        return f"{rng.uniform(low, high):.3f}"

    def shift() -> str:
        return f"{rng.choice(['+', '-'])} {number()}"

    leaky = f"max(z, {number(-0.9, 0.9)} * z)"
    families = (
        leaky,
        f"{number(0.105, 0.13)} * abs(z)",
        f"max(z {shift()}, {number(0.0, 0.5)} * z)",
        f"tanh({number()} * z {shift()})",
        f"softplus({number()} * z) {shift()}",
        f"{number()} * min(max(z, -{number()}), {number()})",
        f"abs(z {shift()})",
        f"{number()} * z**3 {shift()} * z**2 {shift()} * z {shift()}",
        f"z / (1 + exp(-{number()} * z)) + {number()} * sin(z)",
    )
    yield from (families[i] for i in rng.permutation(len(families)))
