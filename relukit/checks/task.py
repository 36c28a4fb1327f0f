"""A task is data and three functions: the reference, how inputs are drawn, how values compare."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from relukit.checks.call import Arguments, Harness, as_function
from relukit.checks.comparison import Compare
from relukit.checks.domain import Domain
from relukit.errors import InvalidValueError

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Misconception:
    """A known way to answer, and the sentence for an answer that behaves like it on every input.

    Attributes:
        sentence: what the learner reads.
        answer: an answer of this kind, as a learner would give it.
        allowed: True where this is right too and the sentence only adds something to know.
    """

    sentence: str
    answer: object
    allowed: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Task:
    """One exercise, and all that is needed to check an answer to it.

    Attributes:
        points: a whole number, at least 1.
        title: a few words.
        minutes: how long it takes a learner.
        difficulty: "easy", "medium" or "hard".
        why: one sentence on why it matters.
        hints: a question, a pointer, the first line.
        reference: a function from the arguments to the right result.
        boundary: argument tuples that are always tried, the simplest first.
        compare: takes (arguments, expected, got); returns None or what is wrong.
        misconceptions: known wrong answers, and right ones that deserve a word.
        generated: returns a hypothesis strategy for further argument tuples, or None.
        redrawn: where nothing is generated: further argument tuples from a random generator, for
            graders, whose inputs must not be foreseen.
        domains: what the task's text allows each parameter to be, where it is numbers.
        swept: further inputs from a random generator that are tried last: every decade, size and
            layout that the text allows, see `sweeps`.
        harness: how the answer is used; must be importable where no reference answer is.
        calls: how often each input is tried; 1 where a call is expensive.
        several: True where several answers are right and the reference is one of them.
        name: the name of the function that the learner writes; the registry takes the file's.
        lesson: the lesson it belongs to, such as "02_definitions"; the registry takes the
            folder's.
    """

    points: int
    title: str
    minutes: int
    difficulty: str
    why: str
    hints: tuple[str, str, str]
    reference: Callable[..., Any]
    boundary: tuple[Arguments, ...]
    compare: Compare
    misconceptions: tuple[Misconception, ...] = ()
    generated: Callable[[], "SearchStrategy[Arguments]"] | None = None
    redrawn: Callable[[np.random.Generator], tuple[Arguments, ...]] | None = None
    domains: Mapping[str, Domain] = field(default_factory=dict)
    swept: Callable[[np.random.Generator], tuple[Arguments, ...]] | None = None
    harness: Harness = as_function
    calls: int = 2
    several: bool = False
    name: str = ""
    lesson: str = ""

    def __post_init__(self) -> None:
        demands = {
            "an identifier as its name": (not self.name or self.name.isidentifier(), self.name),
            "points of at least 1": (self.points >= 1, self.points),
            "a difficulty out of easy, medium, hard": (
                self.difficulty in DIFFICULTIES,
                self.difficulty,
            ),
            "three hints": (len(self.hints) == 3, len(self.hints)),
            "at least one boundary input, each a tuple of arguments": (
                self.boundary and all(isinstance(entry, tuple) for entry in self.boundary),
                self.boundary,
            ),
        }
        for demand, (met, got) in demands.items():
            if not met:
                raise InvalidValueError(
                    f"{demand} in task {self.name!r}", repr(got), "correct the task's entry"
                )

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters that the task's text asks for."""
        return tuple(inspect.signature(self.reference).parameters)

    def fits(self, arguments: Arguments) -> Iterator[bool]:
        """Yield for each argument whether it is as large as the task's text demands at least."""
        for name, value in zip(self.parameters, arguments, strict=False):
            yield name not in self.domains or self.domains[name].fits(value)

    @property
    def asks_dtype(self) -> bool:
        """Whether the task's text asks for a dtype, see `comparison.asks_dtype`."""
        return getattr(self.compare, "asks_dtype", False)

    @property
    def signature(self) -> str:
        """The call that the task's text asks for, such as "softplus(x, sharpness=1.0)"."""
        return f"{self.name}{inspect.signature(self.reference)}"
