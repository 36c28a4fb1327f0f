r"""Gated linear units: one affine map of the input, gated by another, $g(a) \odot b$."""

from collections.abc import Callable

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, as_floating, widened
from relukit.activations.gated import silu
from relukit.activations.gaussian_gated import gelu
from relukit.errors import InvalidValueError


def _gated(a: Numbers, b: Numbers, combine: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    a, b = as_floating(a), as_floating(b)
    if a.shape != b.shape:
        got = f"shapes {tuple(a.shape)} and {tuple(b.shape)}"
        do = "split one tensor in two halves with x.chunk(2, dim=-1)"
        raise InvalidValueError("a and b of the same shape", got, do)
    return combine(widened(a), widened(b)).to(torch.promote_types(a.dtype, b.dtype))


def glu(a: Numbers, b: Numbers) -> Tensor:
    r"""Return the gated linear unit $a \odot \sigma(b)$.

    Args:
        a: the values, of any shape; dimensionless.
        b: what the gate sees, of the same shape; dimensionless.

    Returns:
        A tensor of that shape and of the wider of the two floating dtypes.

    Raises:
        InvalidTypeError: `a` or `b` is not real numbers.
        InvalidValueError: the shapes differ.

    Conventions:
        Here the gate is the second argument; in the other members of the family it is the first.
        `torch.nn.GLU` is `glu` of the two halves of its input. Infinity times a closed gate is
        nan.

    References:
        [Dauphin2017]

    Example:
        >>> glu([1.0, 2.0], [0.0, -1.0])
        tensor([0.5000, 0.5379])
    """
    return _gated(a, b, lambda a, b: a * torch.sigmoid(b))


def reglu(a: Numbers, b: Numbers) -> Tensor:
    r"""Return ReGLU $\max(0, a) \odot b$.

    Args:
        a: what the gate sees, of any shape; dimensionless.
        b: the values, of the same shape; dimensionless.

    Returns:
        A tensor of that shape and of the wider of the two floating dtypes.

    Raises:
        InvalidTypeError: `a` or `b` is not real numbers.
        InvalidValueError: the shapes differ.

    Conventions:
        The derivative in `a` at 0 is 0. Infinity times a closed gate is nan.

    References:
        [Shazeer2020]

    Example:
        >>> reglu([-1.0, 2.0], [5.0, 5.0])
        tensor([ 0., 10.])
    """
    return _gated(a, b, lambda a, b: torch.relu(a) * b)


def geglu(a: Numbers, b: Numbers) -> Tensor:
    r"""Return GEGLU $\mathrm{GELU}(a) \odot b$, with the exact GELU.

    Args:
        a: what the gate sees, of any shape; dimensionless.
        b: the values, of the same shape; dimensionless.

    Returns:
        A tensor of that shape and of the wider of the two floating dtypes.

    Raises:
        InvalidTypeError: `a` or `b` is not real numbers.
        InvalidValueError: the shapes differ.

    Conventions:
        Infinity times a closed gate is nan.

    References:
        [Shazeer2020]

    Example:
        >>> geglu([-1.0, 2.0], [5.0, 5.0])
        tensor([-0.7933,  9.7725])
    """
    return _gated(a, b, lambda a, b: gelu(a) * b)


def swiglu(a: Numbers, b: Numbers) -> Tensor:
    r"""Return SwiGLU $\mathrm{SiLU}(a) \odot b$.

    Args:
        a: what the gate sees, of any shape; dimensionless.
        b: the values, of the same shape; dimensionless.

    Returns:
        A tensor of that shape and of the wider of the two floating dtypes.

    Raises:
        InvalidTypeError: `a` or `b` is not real numbers.
        InvalidValueError: the shapes differ.

    Conventions:
        Infinity times a closed gate is nan.

    References:
        [Shazeer2020]

    Example:
        >>> swiglu([-1.0, 2.0], [5.0, 5.0])
        tensor([-1.3447,  8.8080])
    """
    return _gated(a, b, lambda a, b: silu(a) * b)


def bilinear(a: Numbers, b: Numbers) -> Tensor:
    r"""Return the bilinear unit $a \odot b$: gating without a nonlinear gate.

    Args:
        a: one affine map of the input, of any shape; dimensionless.
        b: another, of the same shape; dimensionless.

    Returns:
        A tensor of that shape and of the wider of the two floating dtypes.

    Raises:
        InvalidTypeError: `a` or `b` is not real numbers.
        InvalidValueError: the shapes differ.

    Conventions:
        0 times infinity is nan.

    References:
        [Shazeer2020]

    Example:
        >>> bilinear([-1.0, 2.0], [5.0, 5.0])
        tensor([-5., 10.])
    """
    return _gated(a, b, torch.mul)
