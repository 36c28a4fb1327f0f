"""How far a verdict, or an answer, carries: on fresh seeds, and in other settings.

`relukit replicate --settings` stores what it finds beside claims and questions, in
`replications.toml` of a lesson, with date and versions; what stands in none has not been tried.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

from relukit.errors import InvalidValueError
from relukit.files import write_whole
from relukit.ledger.entries import Claim, claim, claims
from relukit.ledger.measuring import changeable, is_random, measure
from relukit.ledger.questions import Question, draws, measured, question, questions
from relukit.ledger.questions.question import SAME
from relukit.ledger.setting import STATED, CannotChangeError, Setting
from relukit.processors import usable
from relukit.syllabus import COURSE, folder

Entry = Claim | Question
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
    """What became of a claim's verdict, or of a question's answer, somewhere else.

    Attributes:
        id: of the claim, or of the question.
        stated: the ledger's verdict; of a question, that its answer is `SAME`.
        setting: where.
        verdict: what was found there, or `NO_VERDICT`.
        lines: each measurement beside its bound, or why there is no verdict.
    """

    id: str
    stated: str
    setting: Setting
    verdict: str
    lines: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether it is what was stated."""
        return self.verdict == self.stated


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


def replicated(entries: Iterable[Entry], seeds: range = FRESH) -> Iterator[Replication]:
    """Measure claims and questions on other seeds, or once more where nothing is drawn at random.

    Args:
        entries: claims, those that a document settles left out; and questions, those that a claim
            answers left out.
        seeds: 16 or more.

    Example:
        >>> from relukit.ledger import claim
        >>> [(found.verdict, found.stands) for found in replicated([claim("half-linear")])]
        [('depends', True)]
    """
    for entry in entries:
        if entry.measured if isinstance(entry, Question) else entry.experiment:
            yield _replication(entry, Setting(seeds=seeds) if drawn(entry) else STATED)


def replicated_in_processes(
    entries: Iterable[Entry], seeds: range = FRESH, processes: int | None = None
) -> Iterator[Replication]:
    """As `replicated`, one lesson a process and one thread each; a lesson's come together.

    What the networks of a lesson share is trained once, in its process. With two lessons or more
    this takes about two thirds of the time.

    Args:
        entries: as for `replicated`.
        seeds: as for `replicated`.
        processes: at most so many at a time; None takes one for each processor.
    """
    lessons: dict[str, list[str]] = {}
    for entry in entries:
        lessons.setdefault(entry.lesson, []).append(entry.id)
    workers = min(processes or usable(), len(lessons))
    if workers < 2:
        yield from replicated(_named(name for names in lessons.values() for name in names), seeds)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        longest = sorted(lessons.values(), key=len, reverse=True)
        for done in as_completed([pool.submit(_alone, names, seeds) for names in longest]):
            yield from done.result()


def _alone(names: Sequence[str], seeds: range) -> list[Replication]:
    """Measure what is named, in a process of its own."""
    import torch

    torch.set_num_threads(1)
    return list(replicated(_named(names), seeds))


def _named(names: Iterable[str]) -> Iterator[Entry]:
    return (question(name) or claim(name) for name in names)


def drawn(entry: Entry) -> bool:
    """Return whether what settles a claim or a question draws at random.

    Example:
        >>> from relukit.ledger import claim
        >>> drawn(claim("half-linear"))
        False
    """
    return draws(entry) if isinstance(entry, Question) else is_random(entry)


def carried(entry: Entry, changes: Iterable[Setting] = CHANGES) -> Iterator[Replication]:
    """Measure one claim or question in other settings, those that its experiment can be run in.

    A change that changes nothing, such as the depth that the experiment has anyway, is left out.

    Args:
        entry: one whose experiment draws at random.
        changes: the settings.
    """
    stated = _replication(entry, STATED)
    for setting in changes:
        try:
            found = _replication(entry, setting)
        except CannotChangeError:
            continue
        if found.lines != stated.lines:
            yield found


def reach(entry: Entry) -> Reach | None:
    """Return how far a verdict or an answer was found to carry; None where nothing else was tried.

    Args:
        entry: a claim or a question.

    Example:
        >>> from relukit.ledger import claim
        >>> reach(claim("half-linear")) is None
        True
    """
    table = _stored(entry.lesson).get(entry.id, {})
    found = {name: verdict for name, verdict in table.items() if name != "made"}
    return Reach(_stated(entry), found, table["made"]) if found else None


def _stated(entry: Entry) -> str:
    return SAME if isinstance(entry, Question) else entry.verdict


def elsewhere(entry: Claim) -> str:
    """Return in a line how far the verdict of a claim carries, or why that is not known.

    Args:
        entry: a claim with an experiment that draws at random.

    Example:
        >>> from relukit.ledger import claim
        >>> elsewhere(claim("half-active"))
        'not tried in other settings: its experiment can change the seeds alone'
    """
    if far := reach(entry):
        return str(far)
    if changeable(entry):
        return "no other setting is stored in which its lines were others"
    return "not tried in other settings: its experiment can change the seeds alone"


def write_reaches(lesson: str, names: Iterable[str] | None = None) -> Path:
    """Measure a lesson's claims and questions in all settings and store what was found.

    It may take an hour: what a claim has come to is stored before the next one begins, so that
    who stops it loses one claim, and goes on with the names of the others.

    Args:
        lesson: such as "03_variants".
        names: ids; None takes all of the lesson. What is stored of others stays.
    """
    wanted = None if names is None else set(names)
    tables, path = dict(_stored(lesson)), folder(lesson) / FILE
    today = date.today()
    made = f"{today.day} {today:%B %Y}, torch {version('torch')}"
    _write(path, tables, lesson)
    for entry in _entries(lesson):
        if drawn(entry) and (wanted is None or entry.id in wanted):
            found = {one.setting.name: one.verdict for one in carried(entry)}
            tables[entry.id] = {"made": made, **found} if found else {}
            _write(path, tables, lesson)
    _stored.cache_clear()
    return path


def _entries(lesson: str) -> tuple[Entry, ...]:
    return (*claims(lesson=lesson), *questions(lesson=lesson))


def _write(path: Path, tables: Mapping[str, Mapping[str, str]], lesson: str) -> None:
    """Write the tables of a lesson's claims, in the ledger's order, and of its questions."""
    lines = ["# What `relukit replicate --settings` has found; not written by hand."]
    for entry in _entries(lesson):
        if table := tables.get(entry.id):
            lines += [
                "",
                f'["{entry.id}"]',
                *(f'"{key}" = "{value}"' for key, value in table.items()),
            ]
    write_whole(path, "\n".join(lines) + "\n")


def _replication(entry: Entry, setting: Setting) -> Replication:
    """Measure one in a setting; only what its experiment cannot change raises."""
    try:
        verdict, lines = _found(entry, setting)
    except CannotChangeError:
        raise
    except InvalidValueError as error:
        verdict, lines = NO_VERDICT, (str(error),)
    return Replication(entry.id, _stated(entry), setting, verdict, lines)


def _found(entry: Entry, setting: Setting) -> tuple[str, tuple[str, ...]]:
    """Return the verdict, or what the right answer becomes, and the lines that show it."""
    if not isinstance(entry, Question):
        finding = measure(entry.id, setting)
        return finding.verdict, finding.measured
    there = measured(entry, setting)
    lines = tuple(f"{label}: {text}" for label, text in entry.shown(there))
    return entry.compared(measured(entry), there), lines


@cache
def _stored(lesson: str) -> dict[str, dict[str, str]]:
    path = folder(lesson) / FILE if lesson in COURSE else Path()
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
