"""The decorators that declare an activation beside its function, and complete its docstring."""

import inspect
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from torch import Tensor

from relukit.activations.arguments import F, OfNumbers, OfTensor, P, Parameter, checked
from relukit.activations.definition import DECLARED, Activation, Unit

_TITLES = ("Args", "Returns", "Raises", "Conventions", "References", "Example")
_HEAD = re.compile(rf"^({'|'.join(_TITLES)}):\n", re.MULTILINE)


def completed(prose: str | None, formula: str, derived: Mapping[str, str]) -> str:
    r"""Return a docstring that says what $f(x)$ is, with further sections in the usual order.

    Args:
        prose: the docstring as it is written in the source, with $f(x)$, or f of other letters,
            in its first paragraph.
        formula: what the first of these is equal to, in TeX.
        derived: lines for each section, unindented; they stand before those that are written.

    Example:
        >>> print(completed("Return relu $f(x)$.", r"\max(0, x)", {"Returns": "A tensor."}))
        Return relu $f(x) = \max(0, x)$.
        <BLANKLINE>
        Returns:
            A tensor.
        <BLANKLINE>
    """
    head, *parts = _HEAD.split(inspect.cleandoc(prose or ""))
    written = dict(zip(parts[::2], parts[1::2], strict=True))
    head = re.sub(r"\$(f\([^$]*\))\$", lambda found: f"${found[1]} = {formula}$", head, count=1)
    text = head.rstrip() + "\n"
    for title in _TITLES:
        lines = [f"    {line}" for line in derived.get(title, "").splitlines()]
        lines += written.get(title, "").rstrip().splitlines()
        text += "".join(f"{line}\n" for line in ("", f"{title}:", *lines)) if lines else ""
    return text


def unit(
    *,
    formula: str,
    source: str = "",
    title: str = "",
    in_torch: Callable[..., Any] | None = None,
    gate: str | None = None,
    sections: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[F], F]:
    """Declare a function of several numbers, or a random one, beside its definition.

    Args:
        formula: as in `Unit`; it follows the first $f(...)$ of the docstring.
        source: as in `Unit`; it becomes the docstring's references.
        title: as in `Unit`; without it, the name of the function.
        in_torch: as in `Unit`.
        gate: as in `Unit`.
        sections: what else the docstring gets, section by section.
    """

    def declare(function: F) -> F:
        DECLARED[function.__name__] = Unit(
            function, formula, source, title or function.__name__, in_torch, gate
        )
        text = {"References": source, **sections}
        function.__doc__ = completed(function.__doc__, formula, text)
        return function

    return declare


def elementwise(
    *,
    formula: str,
    slope: Callable[..., Tensor],
    limits: tuple[str, str],
    lipschitz: float | Callable[..., float],
    source: str,
    kinks: tuple[float, ...] | Callable[..., tuple[float, ...]] = (),
    parameters: Mapping[str, Parameter] = MappingProxyType({}),
    title: str = "",
    in_torch: Callable[..., Any] | None = None,
) -> Callable[[OfTensor[P]], OfNumbers[P]]:
    r"""Declare an element-wise activation, beside its definition.

    The function, and its slope, see a float32 or float64 tensor and parameters within range;
    float16 and bfloat16 are computed in float32 and rounded once, at the end.

    The docstring in the source keeps what only prose can say, for whoever reads the source: what
    the function is, what a parameter does, the conventions, an example. The facts come from here.

    Args:
        formula: as in `Unit`; it follows the first $f(x)$ of the docstring.
        slope: the closed-form derivative, which takes every parameter.
        limits: as in `Activation`.
        lipschitz: the supremum of $|f'|$, or a function of the parameters.
        source: as in `Unit`.
        kinks: the points where $f$ or $f'$ jumps, or a function of the parameters.
        parameters: the symbol and the range of each keyword-only parameter.
        title: as in `Unit`; without it, the name of the function.
        in_torch: as in `Unit`, at the default parameters.
    """

    def declare(function: OfTensor[P]) -> OfNumbers[P]:
        name = function.__name__
        forward = checked(function, name, parameters)
        entry = Activation(
            forward,
            formula,
            source,
            title or name,
            in_torch,
            slope=checked(slope, name, parameters),
            limits=limits,
            symbols={key: parameter.symbol for key, parameter in parameters.items()},
            lipschitz_of=lipschitz if callable(lipschitz) else lambda **_: lipschitz,
            kinks_of=kinks if callable(kinks) else lambda **_: kinks,
        )
        prose = function.__doc__ or ""
        for key, parameter in parameters.items():
            prose = prose.replace(f" {key}: ", f" {key}: ${parameter.bounds}$, ", 1)
        forward.__doc__ = completed(prose, formula, _sections(entry, parameters))
        DECLARED[name] = entry
        return forward

    return declare


def _sections(entry: Activation, parameters: Mapping[str, Parameter]) -> dict[str, str]:
    kinds = [
        "`x` is not real numbers",
        *(f"`{key}` is no {p.kind}" for key, p in parameters.items()),
    ]
    ranges = [f"`{key}` is not {p.description}" for key, p in parameters.items()]
    raises = [f"InvalidTypeError: {', or '.join(kinds)}."]
    raises += [f"InvalidValueError: {', or '.join(ranges)}."] if ranges else []
    left, right = entry.limits
    facts = [rf"At $-\infty$ it goes to ${left}$, at $+\infty$ to ${right}$."]
    facts += [f"In torch it is `{entry.torch_name}`."] if entry.torch_name else []
    return {
        "Args": "x: a tensor, an array, a list or a number, of any shape; dimensionless.",
        "Returns": "A tensor of the shape and floating dtype of `x`.",
        "Raises": "\n".join(raises),
        "Conventions": " ".join(facts),
        "References": entry.source,
    }
