r"""Gated linear units: one affine map of the input, gated by another, $g(a) \odot b$."""

import functools
from collections.abc import Callable

import torch
from torch import Tensor, nn

from relukit.activations.arguments import Numbers, accepting_numbers, as_floating, widened
from relukit.activations.declaration import unit
from relukit.activations.gated import silu
from relukit.activations.gaussian_gated import gelu
from relukit.errors import InvalidValueError

Pair = Callable[[Numbers, Numbers], Tensor]
_SECTIONS = {
    "Returns": "A tensor of that shape and of the wider of the two floating dtypes.",
    "Raises": "InvalidTypeError: `a` or `b` is not real numbers.\n"
    "InvalidValueError: the shapes differ.",
}


def _gated(
    formula: str, gate: str, source: str, title: str = "", in_torch: type[nn.Module] | None = None
) -> Callable[[Callable[[Tensor, Tensor], Tensor]], Pair]:
    """Declare a gated linear unit, beside its definition; `unit` explains the arguments."""

    def declare(combine: Callable[[Tensor, Tensor], Tensor]) -> Pair:
        @functools.wraps(combine)
        def checked(a: Numbers, b: Numbers) -> Tensor:
            a, b = as_floating(a), as_floating(b)
            if a.shape != b.shape:
                got = f"shapes {tuple(a.shape)} and {tuple(b.shape)}"
                do = "split one tensor in two halves with x.chunk(2, dim=-1)"
                raise InvalidValueError("a and b of the same shape", got, do)
            return combine(widened(a), widened(b)).to(torch.promote_types(a.dtype, b.dtype))

        declared = unit(
            formula=formula,
            source=source,
            title=title,
            in_torch=in_torch,
            gate=gate,
            sections=_SECTIONS,
        )
        return declared(accepting_numbers(checked))

    return declare


@_gated(r"a\, \sigma(b)", "sigmoid", "[Dauphin2017]", "GLU", nn.GLU)
def glu(a: Tensor, b: Tensor) -> Tensor:
    """Return the gated linear unit $f(a, b)$, element by element.

    Args:
        a: the values, of any shape; dimensionless.
        b: what the gate sees, of the same shape; dimensionless.

    Conventions:
        Here the gate is the second argument; in the other members of the family it is the first.
        `torch.nn.GLU` is `glu` of the two halves of its input. Infinity times a closed gate is
        nan.

    Example:
        >>> glu([1.0, 2.0], [0.0, -1.0])
        tensor([0.5000, 0.5379])
    """
    return a * torch.sigmoid(b)


@_gated(r"a\, b", "identity", "[Shazeer2020]")
def bilinear(a: Tensor, b: Tensor) -> Tensor:
    """Return the bilinear unit $f(a, b)$, element by element: gating without a nonlinear gate.

    Args:
        a: one affine map of the input, of any shape; dimensionless.
        b: another, of the same shape; dimensionless.

    Conventions:
        0 times infinity is nan.

    Example:
        >>> bilinear([-1.0, 2.0], [5.0, 5.0])
        tensor([-5., 10.])
    """
    return a * b


@_gated(r"\max(0, a)\, b", "relu", "[Shazeer2020]", "ReGLU")
def reglu(a: Tensor, b: Tensor) -> Tensor:
    """Return ReGLU $f(a, b)$, element by element.

    Args:
        a: what the gate sees, of any shape; dimensionless.
        b: the values, of the same shape; dimensionless.

    Conventions:
        The derivative in `a` at 0 is 0. Infinity times a closed gate is nan.

    Example:
        >>> reglu([-1.0, 2.0], [5.0, 5.0])
        tensor([ 0., 10.])
    """
    return torch.relu(a) * b


@_gated(r"\mathrm{GELU}(a)\, b", "gelu", "[Shazeer2020]", "GEGLU")
def geglu(a: Tensor, b: Tensor) -> Tensor:
    """Return GEGLU $f(a, b)$, element by element, with the exact GELU.

    Args:
        a: what the gate sees, of any shape; dimensionless.
        b: the values, of the same shape; dimensionless.

    Conventions:
        Infinity times a closed gate is nan.

    Example:
        >>> geglu([-1.0, 2.0], [5.0, 5.0])
        tensor([-0.7933,  9.7725])
    """
    return gelu(a) * b


@_gated(r"\mathrm{SiLU}(a)\, b", "silu", "[Shazeer2020]", "SwiGLU")
def swiglu(a: Tensor, b: Tensor) -> Tensor:
    """Return SwiGLU $f(a, b)$, element by element.

    Args:
        a: what the gate sees, of any shape; dimensionless.
        b: the values, of the same shape; dimensionless.

    Conventions:
        Infinity times a closed gate is nan.

    Example:
        >>> swiglu([-1.0, 2.0], [5.0, 5.0])
        tensor([-1.3447,  8.8080])
    """
    return silu(a) * b
