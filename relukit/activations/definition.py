"""What is known of an activation: what its declaration says, and what follows from it."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, defaults, known_parameters

DECLARED: dict[str, "Unit"] = {}  # by name, in the order in which the modules are imported


@dataclass(frozen=True, eq=False)
class Unit:
    r"""A function that makes activations, and what is known about it.

    Args:
        forward: the function itself, as in `relukit.activations.glu`.
        formula: $f(x)$ in TeX, with the usual symbols of the parameters.
        source: keys of REFERENCES.md in brackets, first the source of the name or of the form
            used here; "" for what is older than all of them.
        title: the name as prose writes it.
        in_torch: what makes the same function in torch: a class of torch.nn, also with arguments,
            or a function of torch; None where torch has none.
        gate: for a gated linear unit, the name of the activation that gates.

    Example:
        >>> from relukit.activations import UNITS
        >>> UNITS["glu"].formula, UNITS["glu"].year, UNITS["glu"].torch_name
        ('a\\, \\sigma(b)', 2017, 'torch.nn.GLU()')
    """

    forward: Callable[..., Tensor]
    formula: str
    source: str
    title: str
    in_torch: Callable[..., Any] | None = None
    gate: str | None = None

    @property
    def name(self) -> str:
        """The name in the registry, which is that of the function."""
        return self.forward.__name__

    @property
    def reference(self) -> str:
        """The key in REFERENCES.md of the source for the name or the form used here."""
        found = re.search(r"\[(\w+)\]", self.source)
        return found[1] if found else ""

    @property
    def year(self) -> int | None:
        """When `reference` appeared; earlier uses of the same function may exist."""
        found = re.search(r"\d{4}", self.reference)
        return int(found[0]) if found else None

    @property
    def torch_name(self) -> str | None:
        """An expression that makes the same function in torch, or None."""
        if self.in_torch is None:
            return None
        made = self.in_torch if isinstance(self.in_torch, partial) else partial(self.in_torch)
        if not isinstance(made.func, type):
            return f"torch.{made.func.__name__}"
        given = [*map(repr, made.args), *(f"{k}={v!r}" for k, v in made.keywords.items())]
        return f"torch.nn.{made.func.__name__}({', '.join(given)})"

    @property
    def facts(self) -> dict[str, str]:
        """What a table prints, by the heads of its columns; formulas in TeX between dollars."""
        return {
            "name": self.name,
            "title": self.title,
            "f(x)": f"${self.formula}$",
            "in torch": (self.torch_name or "-").removeprefix("torch."),
            "year": str(self.year or "-"),
            "source": self.reference or "-",
        }

    def __reduce__(self) -> tuple[Callable[[str], "Unit"], tuple[str]]:
        return _declared, (self.name,)  # a copy is the entry itself, in another process too


def _declared(name: str) -> Unit:
    return DECLARED[name]


@dataclass(frozen=True, eq=False, kw_only=True)
class Activation(Unit):
    r"""An element-wise function $f$ with its derivative $f'$ and what is known about both.

    Args:
        slope: the closed-form derivative; takes every parameter. Call `derivative` instead.
        limits: what $f$ tends to, or behaves like, at $-\infty$ and at $+\infty$, in TeX.
        symbols: the symbol in TeX of each parameter.
        lipschitz_of: the supremum of $|f'|$, `math.inf` if there is none, by the parameters.
        kinks_of: the points where $f$ or $f'$ jumps, by the parameters.

    Example:
        >>> from relukit.activations import activation
        >>> leaky = activation("leaky_relu")
        >>> leaky([-2.0, 3.0], slope=0.5), leaky.derivative([-2.0, 3.0], slope=0.5)
        (tensor([-1.,  3.]), tensor([0.5000, 1.0000]))
        >>> leaky.parameters["slope"], leaky.kinks, leaky.torch_name
        (0.01, (0.0,), 'torch.nn.LeakyReLU(0.01)')
    """

    slope: Callable[..., Tensor]
    limits: tuple[str, str]
    symbols: Mapping[str, str]
    lipschitz_of: Callable[..., float]
    kinks_of: Callable[..., tuple[float, ...]]

    @property
    def parameters(self) -> Mapping[str, float]:
        """The parameters and their defaults (read-only; dimensionless)."""
        return MappingProxyType(defaults(self.forward))

    @property
    def kinks(self) -> tuple[float, ...]:
        """The points where f or its derivative jumps, at the default parameters."""
        return self.kinks_at()

    @property
    def lipschitz(self) -> float:
        """The supremum of the slope's size at the default parameters."""
        return self.lipschitz_at()

    @property
    def facts(self) -> dict[str, str]:
        """What a table prints, by the heads of its columns; formulas in TeX between dollars."""
        left, right = (f"${limit}$" for limit in self.limits)
        steepest = "none" if self.lipschitz == math.inf else f"{self.lipschitz:.4f}"
        return {**super().facts, "to −∞": left, "to +∞": right, "Lipschitz": steepest}

    def __call__(self, x: Numbers, **parameters: float) -> Tensor:
        r"""Return $f(x)$, element by element; same as calling `forward`.

        Args:
            x: a tensor, an array, a list or a number, of any shape; dimensionless.
            parameters: any of `self.parameters`, dimensionless.

        Returns:
            A tensor of the shape and floating dtype of `x` (integers: the default dtype).

        Raises:
            InvalidTypeError: `x` is not real numbers, or a parameter is not a number.
            InvalidValueError: a parameter is unknown or out of range.
        """
        return self.forward(x, **parameters)

    def derivative(self, x: Numbers, **parameters: float) -> Tensor:
        r"""Return $f'(x)$ in closed form, element by element.

        Args:
            x: a tensor, an array, a list or a number, of any shape; dimensionless.
            parameters: any of `self.parameters`, dimensionless.

        Returns:
            A tensor of the shape and floating dtype of `x` (integers: the default dtype).

        Raises:
            InvalidTypeError: `x` is not real numbers, or a parameter is not a number.
            InvalidValueError: a parameter is unknown or out of range.

        Conventions:
            At a kink it is the value that autodiff of `forward` gives, which the text of each
            function states. At $\pm\infty$ it is the limit, and nan gives nan; autodiff keeps
            neither promise.
        """
        known_parameters(self.name, parameters, self.parameters)
        return self.slope(x, **{**self.parameters, **parameters})

    def kinks_at(self, **parameters: float) -> tuple[float, ...]:
        """Return the points where f or its derivative jumps, at the given parameters.

        Args:
            parameters: any of `self.parameters`, dimensionless numbers.

        Returns:
            The points in ascending order; empty where f is continuously differentiable.

        Raises:
            InvalidTypeError: a parameter is not a number.
            InvalidValueError: a parameter is unknown or out of range.

        Example:
            >>> from relukit.activations import activation
            >>> activation("elu").kinks_at(alpha=2.0), activation("elu").kinks
            ((0.0,), ())
        """
        return self.kinks_of(**self._complete(parameters))

    def lipschitz_at(self, **parameters: float) -> float:
        """Return the supremum of the slope's size, inf if there is none; arguments as `kinks_at`.

        Example:
            >>> from relukit.activations import activation
            >>> activation("elu").lipschitz_at(alpha=2.0), activation("elu").lipschitz
            (2.0, 1.0)
        """
        return self.lipschitz_of(**self._complete(parameters))

    def _complete(self, parameters: Mapping[str, float]) -> dict[str, float]:
        self(torch.zeros((), dtype=torch.float64), **parameters)  # complains about the parameters
        return {**self.parameters, **parameters}
