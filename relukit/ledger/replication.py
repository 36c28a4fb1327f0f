"""How far a verdict carries: on fresh seeds, with other data, widths, depths, optimizers, budgets.

`relukit replicate --settings` stores what it finds beside the claims, in `replications.toml` of a
lesson, with date and versions; a claim that stands in none has not been tried.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

from relukit.errors import InvalidValueError
from relukit.files import write_whole
from relukit.ledger.entries import Claim, claim, claims
from relukit.ledger.finding import Finding
from relukit.ledger.measuring import changeable, is_random, measure
from relukit.ledger.setting import STATED, CannotChangeError, Setting
from relukit.syllabus import LESSONS, folder

FILE = "replications.toml"
FRESH = range(2000, 2016)  # seeds that nobody has looked at when a verdict was written down
NO_VERDICT = "no verdict"  # where an experiment finds no learning rate, say
CHANGES = (
    Setting(data="mnist1d"),
    Setting(width=2),
    Setting(width=4),
    Setting(depth=1),
    Setting(depth=2),
    Setting(depth=6),
    Setting(rule="sgd"),
    Setting(rule="momentum"),
    Setting(rule="adam"),
    Setting(budget=5),
    Setting(data="mnist1d", rule="adam"),
    Setting(data="mnist1d", budget=5),
    Setting(width=2, depth=6),
    Setting(rule="adam", budget=5),
)


@dataclass(frozen=True)
class Replication:
    """What became of a claim's verdict somewhere else.

    Attributes:
        claim: the claim's id.
        setting: where.
        verdict: what was found there, or `NO_VERDICT`.
        lines: each measurement beside its bound, or why there is no verdict.
    """

    claim: str
    setting: Setting
    verdict: str
    lines: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether it is the ledger's verdict."""
        return self.verdict == claim(self.claim).verdict


@dataclass(frozen=True)
class Reach:
    """In which settings a claim was measured anew, and what was found in each.

    Attributes:
        verdict: the ledger's.
        found: the verdict by the setting's name.
        made: when, and with which versions.
    """

    verdict: str
    found: dict[str, str]
    made: str

    @property
    def stands(self) -> str:
        """In how many of the settings it is the ledger's verdict, such as "3 of 9"."""
        return f"{[*self.found.values()].count(self.verdict)} of {len(self.found)}"

    @property
    def others(self) -> tuple[str, ...]:
        """Each other verdict that was found, and where."""
        others: dict[str, list[str]] = {}
        for name, verdict in self.found.items():
            if verdict != self.verdict:
                others.setdefault(verdict, []).append(name)
        return tuple(f"{verdict}: {'; '.join(names)}" for verdict, names in others.items())

    def __str__(self) -> str:
        said = f"stands in {self.stands} other settings"
        return ". ".join([said, *self.others]) + f" ({self.made})"


def replicated(entries: Iterable[Claim], seeds: range = FRESH) -> Iterator[Replication]:
    """Measure claims on other seeds, or once more where nothing is drawn at random.

    Args:
        entries: claims; those that a document settles are left out.
        seeds: 16 or more.

    Example:
        >>> [(found.verdict, found.stands) for found in replicated([claim("half-linear")])]
        [('depends', True)]
    """
    for entry in entries:
        if entry.experiment:
            yield _replication(entry, Setting(seeds=seeds) if is_random(entry) else STATED)


def carried(entry: Claim, changes: Iterable[Setting] = CHANGES) -> Iterator[Replication]:
    """Measure one claim in other settings, those that its experiment can be run in.

    A change that changes nothing, such as the depth that the experiment has anyway, is left out.

    Args:
        entry: a claim with an experiment that draws at random.
        changes: the settings.
    """
    stated = measure(entry.id)
    for setting in changes:
        try:
            found = _replication(entry, setting)
        except CannotChangeError:
            continue
        if found.lines != stated.lines:
            yield found


def reach(entry: Claim) -> Reach | None:
    """Return how far the verdict of a claim was found to carry; None where nothing else was tried.

    Args:
        entry: the claim.

    Example:
        >>> reach(claim("half-linear")) is None
        True
    """
    table = _stored(entry.lesson).get(entry.id, {})
    found = {name: verdict for name, verdict in table.items() if name != "made"}
    return Reach(entry.verdict, found, table["made"]) if found else None


def elsewhere(entry: Claim) -> str:
    """Return in a line how far the verdict of a claim carries, or why that is not known.

    Args:
        entry: a claim with an experiment that draws at random.

    Example:
        >>> elsewhere(claim("half-active"))
        'not tried in other settings: its experiment can change the seeds alone'
    """
    if far := reach(entry):
        return str(far)
    if changeable(entry):
        return "no other setting is stored in which its lines were others"
    return "not tried in other settings: its experiment can change the seeds alone"


def write_reaches(lesson: str, names: Iterable[str] | None = None) -> Path:
    """Measure a lesson's claims in all settings and store what was found beside them.

    It may take an hour: what a claim has come to is stored before the next one begins, so that
    who stops it loses one claim, and goes on with the names of the others.

    Args:
        lesson: such as "03_variants".
        names: ids of claims; None takes all of the lesson. What is stored of others stays.
    """
    wanted = None if names is None else set(names)
    tables, path = dict(_stored(lesson)), folder(lesson) / FILE
    today = date.today()
    made = f"{today.day} {today:%B %Y}, torch {version('torch')}"
    _write(path, tables, lesson)
    for entry in claims(lesson=lesson):
        if is_random(entry) and (wanted is None or entry.id in wanted):
            found = {one.setting.name: one.verdict for one in carried(entry)}
            tables[entry.id] = {"made": made, **found} if found else {}
            _write(path, tables, lesson)
    _stored.cache_clear()
    return path


def _write(path: Path, tables: Mapping[str, Mapping[str, str]], lesson: str) -> None:
    """Write the tables of a lesson's claims, in the ledger's order."""
    lines = ["# What `relukit replicate --settings` has found; not written by hand."]
    for entry in claims(lesson=lesson):
        if table := tables.get(entry.id):
            lines += [
                "",
                f'["{entry.id}"]',
                *(f'"{key}" = "{value}"' for key, value in table.items()),
            ]
    write_whole(path, "\n".join(lines) + "\n")


def _replication(entry: Claim, setting: Setting) -> Replication:
    """Measure a claim in a setting; only what its experiment cannot change raises."""
    try:
        found: Finding = measure(entry.id, setting)
    except CannotChangeError:
        raise
    except InvalidValueError as error:
        return Replication(entry.id, setting, NO_VERDICT, (str(error),))
    return Replication(entry.id, setting, found.verdict, found.measured)


@cache
def _stored(lesson: str) -> dict[str, dict[str, str]]:
    path = folder(lesson) / FILE if lesson in LESSONS else Path()
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
