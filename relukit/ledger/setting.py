"""Where a claim is measured: on which seeds, and what is changed of what the experiment states."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from inspect import signature
from typing import TYPE_CHECKING, Any

from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.quantities import integer, real

if TYPE_CHECKING:  # whoever only reads the ledger, as `progress` does, waits for no torch
    from relukit.datasets import Dataset
    from relukit.training import SGD, Adam

LEAST_SEEDS = 16  # where something is random
EXPLORED = range(100)  # seeds on which settings and bounds of claims were explored
CHOOSING = range(EXPLORED.stop, 200)  # seeds that choose learning rates
FIRST_SEED = CHOOSING.stop  # of those that may decide a verdict
RULES = ("sgd", "momentum", "adam")
MOST_SEEDS, MOST = 10_000, 1000  # seeds; layers, and factors
# features and classes, so that widths are known before anything is generated
SHAPES = {"digits": (64, 10), "mnist1d": (40, 10)}
_TITLES = {
    "digits": "digits",
    "mnist1d": "MNIST-1D",
    "sgd": "plain SGD",
    "momentum": "momentum",
    "adam": "Adam",
}


class CannotChangeError(InvalidValueError):
    """A change that an experiment cannot make."""


@dataclass(frozen=True)
class Setting:
    """The seeds of an experiment, and what is changed of the setting that it states itself.

    An experiment takes `setting: Setting = STATED`, calls `setting.only(...)` first with what it
    can change (without that it refuses every change), and asks it for widths, steps, rates,
    optimizer and data, with its own as the defaults.

    Args:
        seeds: 16 or more, from 200 on: those below have chosen bounds or learning rates.
        data: "digits" or "mnist1d" in place of the experiment's own data; None changes nothing.
        width: factor of all hidden widths, above 0.
        depth: number of hidden layers; None changes nothing.
        rule: "sgd", "momentum" (0.9) or "adam" as optimizer; None changes nothing.
        budget: factor of the number of steps, above 0.

    Attributes:
        limited: whether `only` was called.

    Raises:
        InvalidTypeError: an argument of another kind.
        InvalidValueError: too few seeds, seeds that have chosen, or a value out of range.

    Example:
        >>> setting = Setting(data="mnist1d", width=2, rule="adam")
        >>> print(setting.name)
        MNIST-1D, width x2, Adam
        >>> setting.widths((64, 32, 32, 10)), setting.rates((0.01, 0.1))
        ((40, 64, 64, 10), (0.001, 0.01))
    """

    seeds: range = range(1000, 1016)
    data: str | None = None
    width: float = 1.0
    depth: int | None = None
    rule: str | None = None
    budget: float = 1.0
    limited: bool = field(default=False, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.seeds, range):
            kind = type(self.seeds).__name__
            raise InvalidTypeError("a range of seeds", kind, "pass range(1000, 1016), say")
        many = LEAST_SEEDS <= len(self.seeds[: MOST_SEEDS + 1]) <= MOST_SEEDS
        if not many or min(self.seeds) < FIRST_SEED or max(self.seeds) >= 2**32:
            raise InvalidValueError(
                f"{LEAST_SEEDS} to {MOST_SEEDS:,} seeds, from {FIRST_SEED} to 2**32 - 1 (those "
                "below have chosen bounds or learning rates)",
                str(self.seeds),
                "take 1000:1016, say",
            )
        for kind, name, known in (("data set", self.data, SHAPES), ("optimizer", self.rule, RULES)):
            if name is not None and name not in known:
                raise unknown_name(kind, name, known)
        real("width", self.width, above=0, most=MOST, do="pass width=2, say")
        real("budget", self.budget, above=0, most=MOST, do="pass budget=5, say")
        if self.depth is not None:
            integer("depth", self.depth, least=1, most=MOST, do="pass depth=6, say")

    @classmethod
    def parse(
        cls,
        *,
        seeds: str | None = None,
        data: str | None = None,
        width: str | None = None,
        depth: str | None = None,
        optimizer: str | None = None,
        steps: str | None = None,
    ) -> "Setting":
        """Return the setting that the words of a command line ask for; None changes nothing.

        Args:
            seeds: the first and the one after the last, such as "1000:1032".
            data: "digits" or "mnist1d".
            width: factor of the hidden widths, such as "2x".
            depth: number of hidden layers, such as "6".
            optimizer: "sgd", "momentum" or "adam".
            steps: factor of the number of steps, such as "5x".

        Raises:
            InvalidValueError: a word that says something else, or what Setting refuses.

        Example:
            >>> Setting.parse(seeds="1000:1032", depth="6", steps="5x").name
            'depth 6, steps x5, seeds 1000 to 1031'
        """
        found: dict[str, Any] = {"data": data, "rule": optimizer}
        if seeds is not None:
            first, end = _numbers("seeds", r"(\d+):(\d+)", seeds, "1000:1032")
            found["seeds"] = range(int(first), int(end))
        if depth is not None:
            found["depth"] = int(*_numbers("depth", r"(\d+)", depth, "6"))
        for name, given in (("width", width), ("steps", steps)):
            if given is not None:
                factor = float(*_numbers(name, r"(\d+\.?\d*|\.\d+)[x×]?", given, "2x"))
                found["budget" if name == "steps" else name] = factor
        return cls(**found)

    @property
    def changes(self) -> dict[str, str]:
        """What is changed, beside the seeds: each option of `parse` and how it reads."""
        read = {
            "data": self.data and _TITLES[self.data],
            "width": f"width x{self.width:g}" if self.width != 1 else None,
            "depth": self.depth and f"depth {self.depth}",
            "optimizer": self.rule and _TITLES[self.rule],
            "steps": f"steps x{self.budget:g}" if self.budget != 1 else None,
        }
        return {name: text for name, text in read.items() if text}

    @property
    def name(self) -> str:
        """The changes and other seeds as a short text, "as stated" where there is none."""
        said = list(self.changes.values())
        if self.seeds != STATED.seeds:
            said.append(f"seeds {_ends(self.seeds)}")
        return ", ".join(said) or "as stated"

    @property
    def purposes(self) -> str:
        """Which seeds explored a claim, which may choose its rates, and which decide.

        Example:
            >>> STATED.purposes
            '0 to 99 explored; 100 to 199 choose a learning rate, if any; 1000 to 1015 decide'
        """
        return (
            f"{_ends(EXPLORED)} explored; {_ends(CHOOSING)} choose a learning rate, if any; "
            f"{_ends(self.seeds)} decide"
        )

    def only(self, *options: str) -> "Setting":
        """Return the setting itself, unless it changes what an experiment cannot change.

        Args:
            *options: what it can, as `parse` names it.

        Raises:
            CannotChangeError: another change.

        Example:
            >>> Setting(depth=6).only("depth", "steps").depth
            6
        """
        if beyond := [text for name, text in self.changes.items() if name not in options]:
            raise CannotChangeError(
                f"changes of {', '.join(options) or 'the seeds alone'}, "
                f"which are what this claim can be measured with",
                ", ".join(beyond),
                "leave " + ("it" if len(beyond) == 1 else "them") + " out",
            )
        object.__setattr__(self, "limited", True)  # frozen in all that makes it equal to another
        return self

    def widths(self, stated: Sequence[int]) -> tuple[int, ...]:
        """Return the widths of a network: hidden ones scaled, their number the depth.

        Args:
            stated: inputs, hidden widths and outputs.

        Conventions: other data decide inputs and outputs; layers are left out from the end, or the
            last one is repeated; a width is rounded, and at least 1.

        Example:
            >>> Setting(width=0.5, depth=3).widths((64, 32, 10))
            (64, 16, 16, 16, 10)
        """
        first, *hidden, last = stated
        if self.data is not None:
            first, last = SHAPES[self.data]
        if self.depth is not None:
            hidden = (hidden + hidden[-1:] * self.depth)[: self.depth]
        return first, *(max(1, round(self.width * width)) for width in hidden), last

    def steps(self, stated: int) -> int:
        """Return the number of steps: the budget times the stated one, rounded, at least 1.

        Example:
            >>> Setting(budget=5).steps(300)
            1500
        """
        return max(1, round(self.budget * stated))

    def optimizer(self, stated: "str | SGD | Adam") -> "SGD | Adam":
        """Return the optimizer: the stated one, unless it is changed.

        Args:
            stated: as `train` takes it.

        Example:
            >>> Setting(rule="momentum").optimizer("adam")
            SGD(momentum=0.9, nesterov=False, clip=None, warm_up=0, schedule='constant')
        """
        from relukit.training import SGD
        from relukit.training.optimizers import optimizer_named

        return (
            SGD(momentum=0.9) if self.rule == "momentum" else optimizer_named(self.rule or stated)
        )

    def rates(
        self, stated: Sequence[float], optimizer: "str | SGD | Adam | None" = None
    ) -> tuple[float, ...]:
        """Return the learning rates, shifted as a whole where the optimizer is changed.

        Args:
            stated: rates that suit `optimizer`.
            optimizer: the experiment's own; None is momentum 0.9.

        Conventions: momentum m takes 1 - m of the rate of plain SGD, Adam a hundredth.

        Example:
            >>> Setting(rule="sgd").rates((0.001, 0.01), "adam")
            (0.1, 1.0)
        """
        if optimizer is None:
            optimizer = Setting(rule="momentum").optimizer("sgd")
        factor = _usual(self.optimizer(optimizer)) / _usual(STATED.optimizer(optimizer))
        return tuple(float(f"{factor * rate:.6g}") for rate in stated)

    def dataset(self, stated: str, **options: Any) -> "Callable[[int], Dataset]":
        """Return the data as a function of the seed, which draws the test part anew.

        Args:
            stated: a key of `relukit.datasets.DATASETS`.
            **options: of its function, such as scaling; what other data do not know is left out.

        Conventions: MNIST-1D takes seconds to generate; its 5000 signals are generated once, and
            each seed splits them anew.

        Example:
            >>> Setting().dataset("digits", scaling="unit")(1000)
            Dataset('digits': 1347 train + 450 test, 64 features, 10 classes, torch.float32 on cpu)
        """
        from relukit.datasets import DATASETS

        name = stated if self.data is None else self.data
        if name != stated:
            options = {
                k: v for k, v in options.items() if k in signature(DATASETS[name]).parameters
            }
        return partial(_drawn, name, tuple(sorted(options.items())))


STATED = Setting()


def _usual(optimizer: "SGD | Adam") -> float:
    """Return a rate of usual size, beside 1 for plain SGD."""
    momentum: float | None = getattr(optimizer, "momentum", None)
    return 0.01 if momentum is None else 1 - momentum  # Adam has none


@cache
def _pool(options: tuple[tuple[str, Any], ...]) -> "Dataset":
    from relukit.datasets import load

    return load("mnist1d", **dict(options))


@lru_cache(maxsize=64)  # of half a MiB or one each
def _drawn(name: str, options: tuple[tuple[str, Any], ...], seed: int) -> "Dataset":
    from relukit.datasets import load

    if name == "mnist1d":
        return _pool(options).redrawn(seed=seed)
    return load(name, seed=seed, **dict(options))


def _ends(seeds: range) -> str:
    return f"{seeds[0]} to {seeds[-1]}"


def _numbers(option: str, pattern: str, given: str, example: str) -> tuple[str, ...]:
    found = re.fullmatch(pattern, given.strip())
    if found is None:
        raise InvalidValueError(f"{option} such as {example}", repr(given), f"write {example}")
    return found.groups()
