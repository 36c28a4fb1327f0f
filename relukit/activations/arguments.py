"""What an element-wise activation accepts: numbers, and parameters in range."""

import functools
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import numpy as np
import torch
from torch import Tensor

from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.quantities import is_real

Numbers = Tensor | np.ndarray | Sequence[Any] | float
P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., Tensor])
OfTensor = Callable[Concatenate[Tensor, P], Tensor]
OfNumbers = Callable[Concatenate[Numbers, P], Tensor]

_KEPT = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
_HALF = (torch.float16, torch.bfloat16)


def as_floating(x: Numbers) -> Tensor:
    """Return `x` as a tensor of float16, bfloat16, float32 or float64.

    Args:
        x: a tensor, an array, a (nested) list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the same shape. A floating dtype is kept; integers and bools become
        `torch.get_default_dtype()`. A tensor stays on its device and in its graph.

    Raises:
        InvalidTypeError: `x` is complex, text, None or anything else that is not real numbers.
        InvalidValueError: a list is ragged, or an integer does not fit into 64 bits.

    Example:
        >>> as_floating([1, -2])
        tensor([ 1., -2.])
    """
    wanted = "real numbers (a tensor, an array, a list or a number)"
    do = "pass for example torch.linspace(-3, 3, 7)"
    if isinstance(x, np.ndarray):
        # A copy: torch refuses negative strides and foreign byte orders, and warns if read-only.
        x = np.array(x, dtype=x.dtype.newbyteorder("="))
    try:
        x = torch.as_tensor(x)
    except (TypeError, RuntimeError):
        kind = f"an array of {x.dtype}" if isinstance(x, np.ndarray) else f"{type(x).__name__}"
        raise InvalidTypeError(wanted, f"{kind} ({_short(x)})", do) from None
    except ValueError as error:
        raise InvalidValueError(wanted, f"{_short(x)} ({error})", do) from None
    if x.dtype in _KEPT:
        return x
    if x.is_floating_point() or x.is_complex():
        raise InvalidTypeError(wanted, f"a tensor of {x.dtype}", "convert it to torch.float32")
    return x.to(torch.get_default_dtype())


def widened(x: Tensor) -> Tensor:
    """Return `x` in the dtype that it is computed in: float32 for the two 16-bit formats."""
    return x.float() if x.dtype in _HALF else x


@dataclass(frozen=True)
class Parameter:
    r"""The symbol of a parameter and the values it may take: finite numbers from `low` upwards.

    Args:
        symbol: what formulas call it, in TeX.
        low: the lower end, dimensionless.
        includes_low: whether `low` itself is allowed.
        or_tensor: whether a floating tensor is allowed too; its values are not checked.

    Example:
        >>> positive("k")("softplus", "sharpness", 10, torch.zeros(3)), positive("k").bounds
        (10.0, 'k > 0')
    """

    symbol: str
    low: float = -math.inf
    includes_low: bool = True
    or_tensor: bool = False

    def __call__(self, owner: str, name: str, value: object, x: Tensor) -> float | Tensor:
        """Return the value as a float, or the tensor that it is, or raise."""
        wanted = f"{name}, a parameter of {owner}, to be {self.description}"
        if self.or_tensor and isinstance(value, Tensor):
            return self._tensor(wanted, name, value, x)
        if not is_real(value):
            do = f"pass a number, such as {name}=1.0"
            raise InvalidTypeError(wanted, f"{type(value).__name__} ({_short(value)})", do)
        number, limits = float(value), torch.finfo(x.dtype)
        above = number >= self.low if self.includes_low else number > self.low
        held = number == 0 or limits.tiny <= abs(number) <= limits.max
        if not (above and held):
            do = f"pass {self.description} that {x.dtype} can hold"
            raise InvalidValueError(wanted, _short(value), do)
        return number

    def _tensor(self, wanted: str, name: str, value: Tensor, x: Tensor) -> Tensor:
        if not value.is_floating_point():
            raise InvalidTypeError(wanted, f"a tensor of {value.dtype}", "convert it to a float")
        try:
            fits = torch.broadcast_shapes(x.shape, value.shape) == x.shape
        except RuntimeError:
            fits = False
        if not fits:
            got = f"shape {tuple(value.shape)} for x of shape {tuple(x.shape)}"
            raise InvalidValueError(wanted, got, f"give {name} a shape that broadcasts to x")
        return value

    @property
    def description(self) -> str:
        """The range in words."""
        if self.low == -math.inf:
            return "a finite number"
        return f"a finite number {'>=' if self.includes_low else '>'} {self.low:g}"

    @property
    def kind(self) -> str:
        """The types in words."""
        return "number or float tensor" if self.or_tensor else "number"

    @property
    def bounds(self) -> str:
        """The symbol with its range, in TeX."""
        relation = r"\ge" if self.includes_low else ">"
        return self.symbol if self.low == -math.inf else f"{self.symbol} {relation} {self.low:g}"


nonnegative = functools.partial(Parameter, low=0.0)
positive = functools.partial(Parameter, low=0.0, includes_low=False)


def checked(function: OfTensor[P], owner: str, known: Mapping[str, Parameter]) -> OfNumbers[P]:
    """Return a function that converts its input, checks its parameters and keeps the dtype.

    Args:
        function: it sees a float32 or float64 tensor and parameters within range; float16 and
            bfloat16 are computed in float32 and rounded once, at the end.
        owner: the activation that an error names.
        known: what each keyword-only parameter may be.

    Raises:
        InvalidTypeError: from the function that is returned, for an input that is not real
            numbers or a parameter that is not a number.
        InvalidValueError: from it, for a parameter out of range or unknown.

    Example:
        >>> scaled = checked(lambda x, factor: factor * x, "scaled", {"factor": positive("c")})
        >>> scaled([1, 2], factor=2.0)
        tensor([2., 4.])
    """
    compute: Callable[..., Tensor] = function

    @functools.wraps(function)
    def checked_function(x: Numbers, **parameters: object) -> Tensor:
        known_parameters(owner, parameters, known)
        x = as_floating(x)
        work = widened(x)
        values = {name: known[name](owner, name, v, work) for name, v in parameters.items()}
        return compute(work, **values).to(x.dtype)

    return cast("OfNumbers[P]", accepting_numbers(checked_function))


def accepting_numbers(function: F) -> F:
    """Return a wrapper of a function of tensors whose signature says that it takes any numbers."""
    signature = inspect.signature(function)
    parameters = signature.parameters.values()
    said = [p if p.kind is p.KEYWORD_ONLY else p.replace(annotation=Numbers) for p in parameters]
    vars(function)["__signature__"] = signature.replace(parameters=said)
    return function


def not_above(x: Tensor, bound: float) -> Tensor:
    """Return the smaller of x and a bound, with slope 1 at the bound itself; nan stays nan.

    torch's own clamp has slope 1 there in version 2.13, and 0 in 2.15.
    """
    return torch.where(x > bound, bound, x)


def known_parameters(owner: str, given: Mapping[str, object], known: Mapping[str, object]) -> None:
    """Raise InvalidValueError where a given parameter's name is not one of the known."""
    for name in given:
        if not known:
            raise InvalidValueError(f"no parameter for {owner}", name, "leave it out")
        if name not in known:
            raise unknown_name(f"parameter of {owner}", name, known)


@functools.cache
def defaults(function: Callable[..., Tensor]) -> dict[str, float]:
    """Return the keyword-only parameters of a function with their defaults."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
