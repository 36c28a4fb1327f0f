"""Where the 2 in 2/n comes from, in four steps that the learner fills in."""

import functools
import math
from dataclasses import dataclass
from types import EllipsisType

import torch

from relukit.errors import InvalidTypeError
from relukit.quantities import is_real

N_INPUTS = 512
WEIGHT_VARIANCE = 0.01

# question, answer, and why
_STEPS = (
    (
        "mean square of z = sum of w a, over that of a",
        N_INPUTS * WEIGHT_VARIANCE,
        "n products of independent numbers, each of variance Var[w] E[a^2]",
    ),
    (
        "mean square of relu(z), over that of z",
        0.5,
        "z is symmetric about 0, so half of its square is on either side, and one side is kept",
    ),
    (
        "factor of a whole layer, weights and rectifier",
        N_INPUTS * WEIGHT_VARIANCE / 2,
        "the product of the first two",
    ),
    (
        "variance of the weights that makes this factor 1",
        2 / N_INPUTS,
        "n Var[w] / 2 = 1",
    ),
)


@dataclass(frozen=True, repr=False)
class Derivation:
    """The learner's four numbers beside the right ones.

    Attributes:
        answers: one for each step; None where it is still open.
    """

    answers: tuple[float | None, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """For each step "open", "right" or "not yet"."""
        return tuple(
            "open"
            if answer is None
            else "right"
            if math.isclose(answer, right, rel_tol=1e-6)
            else "not yet"
            for answer, (_, right, _) in zip(self.answers, _STEPS, strict=True)
        )

    def __repr__(self) -> str:
        lines = []
        for number, (state, answer, (question, _, why)) in enumerate(
            zip(self.states, self.answers, _STEPS, strict=True), start=1
        ):
            said = "" if answer is None else f" {answer:g}"
            note = {"open": "", "right": f" ({why})"}.get(state)
            if note is None:
                note = f" (a layer drawn at random measures {measured()[number - 1]:.2g})"
            lines.append(f"{number}. {question}:{said} {state}{note}")
        return "\n".join(lines)


def derive(
    first: float | EllipsisType = ...,
    second: float | EllipsisType = ...,
    third: float | EllipsisType = ...,
    fourth: float | EllipsisType = ...,
) -> Derivation:
    r"""Return what holds of the learner's answers to the four steps of the derivation.

    A layer has n = 512 inputs a and weights of variance 0.01 and mean 0; all are independent.

    Args:
        first: $E[z^2] / E[a^2]$ for $z = \sum_i w_i a_i$; `...` for not yet.
        second: $E[\max(0, z)^2] / E[z^2]$.
        third: the factor by which the layer multiplies the mean square.
        fourth: the variance of the weights that makes this factor 1.

    Raises:
        InvalidTypeError: an answer is no number.

    References: [He2015].

    Example:
        >>> derive(5.12)
        1. mean square of z = sum of w a, over that of a: 5.12 right (n products of independent
           numbers, each of variance Var[w] E[a^2])
        2. mean square of relu(z), over that of z: open
        3. factor of a whole layer, weights and rectifier: open
        4. variance of the weights that makes this factor 1: open
    """
    answers: list[float | None] = []
    for answer in (first, second, third, fourth):
        if answer is ...:
            answers.append(None)
        elif not is_real(answer):
            got = f"a value of type {type(answer).__name__}"
            raise InvalidTypeError(
                "a number, or ... for an open step", got, "write 512 * 0.01, say"
            )
        else:
            answers.append(float(answer))
    return Derivation(tuple(answers))


@functools.cache
def measured() -> tuple[float, float, float, float]:
    """Return what a layer of 8,192 units, drawn at random, gives for the four steps.

    Example:
        >>> abs(measured()[1] - 0.5) < 0.03
        True
    """
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(64, N_INPUTS, generator=generator).relu()
    weight = torch.randn(8192, N_INPUTS, generator=generator) * math.sqrt(WEIGHT_VARIANCE)
    z = a @ weight.T
    squares = [float(t.double().square().mean()) for t in (a, z, z.relu())]
    factor = squares[2] / squares[0]
    return squares[1] / squares[0], squares[2] / squares[1], factor, WEIGHT_VARIANCE / factor
