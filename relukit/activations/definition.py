"""The record that an element-wise activation is kept in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, defaults, known_parameters


def smooth(**_: float) -> tuple[float, ...]:
    """Return no kinks: f is continuous and so is its derivative."""
    return ()


def kinked_at_zero(**_: float) -> tuple[float, ...]:
    """Return the kink at 0, whatever the parameters."""
    return (0.0,)


def level(x: Tensor, condition: Tensor, yes: float, no: float | Tensor) -> Tensor:
    """Return the slope of two straight pieces: one of two constants, and nan where x is nan."""
    return torch.where(x.isnan(), x, torch.where(condition, torch.full_like(x, yes), no))


@dataclass(frozen=True, eq=False)
class Activation:
    r"""An element-wise function $f$ with its derivative $f'$ and what is known about both.

    Args:
        name: the name in the registry, also the name of the function.
        formula: $f(x)$ in TeX, with the parameters by their names or usual symbols.
        forward: the function itself, as in `relukit.activations.relu`.
        slope: the closed-form derivative; takes every parameter. Call `derivative` instead.
        year: when `reference` appeared; earlier uses of the same function may exist.
        reference: the key in REFERENCES.md of the source for the name or the form used here.
        left_limit: what $f$ tends to, or behaves like, at $-\infty$, in TeX.
        right_limit: the same at $+\infty$.
        lipschitz: the supremum of $|f'|$ at the default parameters, `math.inf` if there is none.
        kinks_of: the points where $f$ or $f'$ jumps, as a function of the parameters.
        torch_name: an expression that makes the same function in torch, or None.

    Example:
        >>> from relukit.activations import activation
        >>> leaky = activation("leaky_relu")
        >>> leaky([-2.0, 3.0], slope=0.5), leaky.derivative([-2.0, 3.0], slope=0.5)
        (tensor([-1.,  3.]), tensor([0.5000, 1.0000]))
        >>> leaky.parameters["slope"], leaky.kinks, leaky.torch_name
        (0.01, (0.0,), 'torch.nn.LeakyReLU(0.01)')
    """

    name: str
    formula: str
    forward: Callable[..., Tensor]
    slope: Callable[..., Tensor]
    year: int
    reference: str
    left_limit: str
    right_limit: str
    lipschitz: float
    kinks_of: Callable[..., tuple[float, ...]] = smooth
    torch_name: str | None = None

    @property
    def parameters(self) -> Mapping[str, float]:
        """The parameters and their defaults (read-only; dimensionless)."""
        return MappingProxyType(defaults(self.forward))

    @property
    def kinks(self) -> tuple[float, ...]:
        """The points where f or its derivative jumps, at the default parameters."""
        return self.kinks_at()

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
        self(torch.zeros((), dtype=torch.float64), **parameters)  # complains about the parameters
        return self.kinks_of(**{**self.parameters, **parameters})
