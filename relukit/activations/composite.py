"""Activations that look at more than one number at a time: maxima, pairs and normalised sums."""

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, as_floating, widened
from relukit.activations.declaration import unit
from relukit.errors import InvalidValueError
from relukit.quantities import integer


@unit(formula=r"\max_{j \le k} (w_j \cdot x + b_j)", source="[Goodfellow2013]", title="maxout")
def maxout(x: Numbers, *, pieces: int, dim: int = -1) -> Tensor:
    r"""Return the maxima of groups of `pieces` neighbours along one dimension.

    A maxout unit is the maximum of k learned affine maps, $f(x)$; this is its second half, after a
    linear layer with k outputs a unit.

    Args:
        x: the affine maps, with `size` entries along `dim`; dimensionless.
        pieces: the number k of neighbours in a group; divides `size`.
        dim: the dimension that holds the groups.

    Returns:
        A tensor of the floating dtype of `x`, with `size // pieces` entries along `dim`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `pieces` or `dim` is not an integer.
        InvalidValueError: `pieces` does not divide the size, or there is no such dimension.

    Conventions:
        Where pieces tie, one of them receives the whole gradient. nan wins every comparison.

    Example:
        >>> maxout([1.0, 3.0, -2.0, -5.0], pieces=2)
        tensor([ 3., -2.])
    """
    x = as_floating(x)
    dim = _dimension(x, dim)
    pieces = integer("pieces", pieces, do="pass pieces=2, say")
    if pieces < 1 or x.shape[dim] % pieces:
        got = f"pieces={pieces} for {x.shape[dim]} entries"
        raise InvalidValueError("a positive divisor of the size", got, "choose one that divides it")
    return x.unflatten(dim, (x.shape[dim] // pieces, pieces)).max(dim + 1).values


@unit(formula=r"(\max(0, x), \max(0, -x))", source="[Shang2016]", title="CReLU")
def crelu(x: Numbers, *, dim: int = -1) -> Tensor:
    r"""Return the concatenated rectifier $f(x)$, twice as wide as its input.

    Args:
        x: a tensor, an array or a list with at least one dimension; dimensionless.
        dim: the dimension along which the two halves are joined.

    Returns:
        A tensor of the floating dtype of `x`, with twice the entries along `dim`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `dim` is not an integer.
        InvalidValueError: there is no such dimension.

    Conventions:
        The norm of the output is that of the input. Both derivatives at 0 are 0.

    Example:
        >>> crelu([-2.0, 3.0])
        tensor([0., 3., 2., 0.])
    """
    x = as_floating(x)
    return torch.cat([torch.relu(x), torch.relu(-x)], _dimension(x, dim))


@unit(formula=r"\ln \sum_i e^{x_i}", title="LogSumExp", in_torch=torch.logsumexp)
def logsumexp(x: Numbers, *, dim: int = -1) -> Tensor:
    r"""Return $f(x)$ along one dimension: softplus for many inputs at once.

    Args:
        x: a tensor, an array or a list with at least one dimension; dimensionless.
        dim: the dimension that is summed over.

    Returns:
        A tensor of the floating dtype of `x`, without dimension `dim`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `dim` is not an integer.
        InvalidValueError: there is no such dimension.

    Conventions:
        The largest entry is taken out of the sum first, so that nothing overflows. The sum of
        no terms is 0 and gives $-\infty$; so do terms that are all $-\infty$. With a first entry
        of 0 and one other it is `softplus`. Its gradient is `softmax`.

    Example:
        >>> logsumexp([0.0, 1000.0])
        tensor(1000.)
    """
    x = as_floating(x)
    return torch.logsumexp(widened(x), _dimension(x, dim)).to(x.dtype)


@unit(formula=r"e^{x_i} / \sum_j e^{x_j}", source="[Bridle1990]", in_torch=torch.softmax)
def softmax(x: Numbers, *, dim: int = -1) -> Tensor:
    r"""Return $f(x)$ along one dimension: probabilities that sum to 1.

    Args:
        x: a tensor, an array or a list with at least one dimension; dimensionless.
        dim: the dimension along which the results sum to 1.

    Returns:
        A tensor of the shape and floating dtype of `x`, with values in [0, 1].

    Raises:
        InvalidTypeError: `x` is not real numbers, or `dim` is not an integer.
        InvalidValueError: there is no such dimension.

    Conventions:
        Adding a constant to every entry changes nothing. With a first entry of 0 and one other
        it is `sigmoid`. A row that holds $+\infty$, or only $-\infty$, gives nan.

    Example:
        >>> softmax([0.0, 1000.0])
        tensor([0., 1.])
    """
    x = as_floating(x)
    return torch.softmax(widened(x), _dimension(x, dim)).to(x.dtype)


def _dimension(x: Tensor, dim: int) -> int:
    """Return `dim` counted from the front, if `x` has such a dimension."""
    dim = integer("dim", dim, do="pass dim=-1, say")
    if not -x.ndim <= dim < x.ndim:
        do = "pass at least a list of numbers" if x.ndim == 0 else "count from 0, or back from -1"
        got = f"dim={dim} for shape {tuple(x.shape)}"
        raise InvalidValueError("a dimension that x has", got, do)
    return dim % x.ndim
