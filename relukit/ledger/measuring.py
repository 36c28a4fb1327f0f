"""Running the experiment of a claim, where it states it, or elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from inspect import signature

from relukit.errors import InvalidValueError
from relukit.ledger.entries import Claim, claim
from relukit.ledger.finding import Finding, Measured
from relukit.ledger.kept import kept_or
from relukit.ledger.setting import LEAST_SEEDS, STATED, Setting
from relukit.statistics import Interval
from relukit.syllabus import module


def measure(claim_id: str, setting: Setting = STATED) -> Finding:
    """Return what the experiment of a claim finds; a second call returns the first one's finding.

    Args:
        claim_id: a claim's id in the ledger.
        setting: other seeds, or another data set, width, depth, optimizer or budget.

    Raises:
        InvalidValueError: no claim has this id, or a document settles it and nothing is measured,
            or its experiment cannot be run in this setting, returns other quantities than the
            ledger names, or too few seeds.

    Example:
        >>> print(measure("half-linear").verdict)
        depends
    """
    return _found(claim_id, setting)


def forget() -> None:
    """Let `measure` run each experiment again."""
    _found.cache_clear()


@cache
def _found(claim_id: str, setting: Setting) -> Finding:
    entry = claim(claim_id)
    values = run_in(_experiment(entry), setting, claim_id)
    demanded = {demand.what: demand for demand in entry.holds}
    if values.keys() != demanded.keys():
        raise InvalidValueError(
            f"the quantities of {claim_id!r}: {'; '.join(demanded)}",
            "; ".join(values),
            "give them one name in claims.toml and in the experiment",
        )
    seeds = {value.n for value in values.values() if isinstance(value, Interval)}
    if len(seeds) > 1 or min(seeds, default=LEAST_SEEDS) < LEAST_SEEDS:
        raise InvalidValueError(
            f"intervals of {claim_id!r} over the same {LEAST_SEEDS} seeds or more",
            ", ".join(map(str, sorted(seeds))),
            "run the experiment with more seeds",
        )
    parts = (demand.held(values[what]) for what, demand in demanded.items())
    return Finding(tuple(part for held in parts for part in held))


def is_random(entry: Claim) -> bool:
    """Return whether a claim's experiment takes a setting, and so can be run on other seeds.

    Example:
        >>> is_random(claim("half-linear"))
        False
    """
    return entry.experiment is not None and "setting" in signature(_experiment(entry)).parameters


class _Asking(Setting):
    """A setting that measures nothing, and tells what could be changed."""

    def only(self, *options: str) -> Setting:
        raise _CanChange(options)


class _CanChange(BaseException):  # no experiment may take it for an error of its own
    def __init__(self, options: tuple[str, ...]) -> None:
        self.options = options


def changeable(entry: Claim) -> tuple[str, ...]:
    """Return what a claim's experiment can change beside the seeds, as `Setting.parse` names it.

    Nothing is measured.

    Args:
        entry: a claim with an experiment that draws at random.

    Example:
        >>> changeable(claim("leaky-vanishing"))
        ('depth',)
    """
    try:
        _experiment(entry)(setting=_Asking())
    except _CanChange as said:
        return said.options
    return ()


def _experiment(entry: Claim) -> Callable[..., Measured]:
    if entry.experiment is None:
        raise InvalidValueError(
            "a claim with an experiment",
            f"{entry.id!r}, which a document settles",
            f"read its entry instead: {entry.document}",
        )
    return experiment(entry.lesson, entry.experiment)


def experiment(lesson: str, name: str) -> Callable[..., Measured]:
    """Return a function of a lesson's experiments by its dotted name, such as "birth.shares".

    Raises:
        ModuleNotFoundError, AttributeError: there is none.
    """
    file, function = name.split(".")
    found: Callable[..., Measured] = getattr(
        import_module(f"{module(lesson)}.experiments.{file}"), function
    )
    return found


def run_in(run: Callable[..., Measured], setting: Setting, name: str) -> Measured:
    """Return what an experiment measures in a setting, or what `verdict` finds kept of it.

    Args:
        run: the experiment, which may take a setting.
        setting: where.
        name: id of the claim or the question that it settles.

    Raises:
        CannotChangeError: it cannot change what the setting changes.
        InvalidValueError: it draws nothing at random, and another setting is asked for.
    """
    return kept_or(lambda: _run_in(run, setting, name), run, setting)


def _run_in(run: Callable[..., Measured], setting: Setting, name: str) -> Measured:
    if "setting" in signature(run).parameters:
        own = replace(setting)  # an experiment leaves word on it of what it can change
        values = run(setting=own)
        if not own.limited:
            own.only()  # which refuses any change
        return values
    if setting != STATED:
        raise InvalidValueError(
            f"something whose experiment draws at random, as {name!r} does not",
            setting.name if setting.changes else "other seeds",
            f"run relukit claims {name}",
        )
    return run()
