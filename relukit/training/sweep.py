"""What differs between the members of a population: their seeds, and the factors that are swept."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.quantities import integer, integers, real


@dataclass(frozen=True)
class Factors:
    r"""Factors beside the learning rate, dimensionless; here too a sequence is swept.

    Args:
        weight_decay: of the weights w in the gradient that is followed, or in the step where the
            optimizer is decoupled, at least 0.
        l1_activations: of the batch's mean of $\sum|a|$ over all hidden activations in what is
            minimized, at least 0; needs activations that are modules.
        gain: of the initial weights with two or more axes, above 0.

    Example:
        >>> Factors(gain=(1.0, 2.0))
        Factors(weight_decay=0.0, l1_activations=0.0, gain=(1.0, 2.0))
    """

    weight_decay: float | Sequence[float] = 0.0
    l1_activations: float | Sequence[float] = 0.0
    gain: float | Sequence[float] = 1.0


@dataclass(frozen=True)
class Sweep:
    """Every combination of factors and seeds, one for each member, the seeds innermost.

    Args:
        factors: values of "lr" and of each of the `Factors`, in this order.
        axes: the values of those that were given as a sequence, and at last "seed".
    """

    factors: dict[str, tuple[float, ...]]
    axes: dict[str, tuple[Any, ...]]

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seed of each network."""
        return self.axes["seed"]

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        """For each member its factors and the position of its seed."""
        return list(itertools.product(*self.factors.values(), range(len(self.seeds))))

    @property
    def penalties(self) -> tuple[str, ...]:
        """Names of the penalties that are not 0 for every member."""
        return tuple(n for n in ("weight_decay", "l1_activations") if max(self.factors[n]) > 0)


def sweep_of(lr: object, factors: Factors, seeds: object) -> Sweep:
    """Return the sweep over learning rates, factors and seeds, each a value or a sequence.

    Raises:
        InvalidTypeError: no number, no sequence of numbers, or no Factors.
        InvalidValueError: a number out of range, no value, or one that is there twice.

    Example:
        >>> sweep_of([0.1, 0.2], Factors(), 2).rows[1:3]
        [(0.1, 0.0, 0.0, 1.0, 1), (0.2, 0.0, 0.0, 1.0, 0)]
    """
    if not isinstance(factors, Factors):
        raise InvalidTypeError("Factors", type(factors).__name__, "pass Factors(gain=2.0), say")
    given = {name: _listed(value) for name, value in {"lr": lr, **vars(factors)}.items()}
    values = {name: _factor(name, listed) for name, (listed, _) in given.items()}
    swept = {name: values[name] for name, (_, several) in given.items() if several}
    return Sweep(values, swept | {"seed": _seeds(*_listed(seeds))})


def _listed(value: object) -> tuple[list[Any], bool]:
    """Return the values of a number, sequence, array or tensor, and whether it is no number."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(plain, Iterable) and not isinstance(plain, str | bytes):
        return list(plain), True
    return [plain], False


def _factor(name: str, given: list[Any]) -> tuple[float, ...]:
    ranged = partial(real, above=0) if name in ("lr", "gain") else partial(real, least=0)
    values = tuple(ranged(name, value) for value in given)
    if not values:
        raise InvalidValueError(f"one or more values of {name}", "none", f"pass {name}=[0.1]")
    if len(set(values)) < len(values):
        raise InvalidValueError(
            f"different values of {name}", str(values), "list each value once; repeat over seeds"
        )
    return values


def _seeds(given: list[Any], several: bool) -> tuple[int, ...]:
    seeds = given if several else range(integer("seeds", given[0], least=1, do="pass seeds=16"))
    found = integers("seeds", seeds, least=0, most=2**63 - 1, do="pass seeds=16 or a list")
    if not found or len(set(found)) < len(found):
        raise InvalidValueError("one or more different seeds", str(found), "pass seeds=16")
    return tuple(found)
