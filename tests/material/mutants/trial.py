"""How many changed model answers a check finds out."""

import random
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mutants.code_changes import code_mutants
from mutants.model import built, source
from mutants.mutant import Mutant, survives
from mutants.ranges import range_mutants

from relukit.checks.task import Task

KINDS = {"range": range_mutants, "code": code_mutants}
TARGETS = {"range": 0.99, "code": 0.97}
SLOW = (
    "mend_the_network",
    "read_letters",
    "resume",
    "lsuv",
    "fifty_layers",
    "relufy",
    "keep_learning",
)  # seconds for a check


@dataclass(frozen=True)
class Trial:
    """What became of the mutants of one task.

    Attributes:
        made: how many were tried.
        equivalent: how many of them are listed as right.
        survivors: what was changed in each that passes, those listed aside.
        stale: listed as right, and yet rejected.
    """

    made: int
    equivalent: int
    survivors: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def rejected(self) -> int:
        """How many were found out."""
        return self.wrong - len(self.survivors)

    @property
    def wrong(self) -> int:
        """How many are wrong."""
        return self.made - self.equivalent


@cache
def equivalents() -> dict[str, dict[str, str]]:
    """Return for each task what was changed in the mutants that are right, with the reasons."""
    path = Path(__file__).with_name("equivalent.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def drawn(mutants: Iterable[Mutant], most: int | None, seed: int = 0) -> list[Mutant]:
    """Return the mutants, or as many of them as are wanted, drawn with a seed."""
    found = list(mutants)
    return found if most is None or len(found) <= most else random.Random(seed).sample(found, most)


def trial(task: Task, kind: str, *, most: int | None = None, seed: int = 0) -> Trial:
    """Try the mutants of one kind on the check of a task.

    Args:
        task: the task.
        kind: one of KINDS.
        most: how many at most; None tries all.
        seed: of the draw.

    Raises:
        RuntimeError: if the model answer fails before or after: then this process is broken, such
            as by an import that was interrupted, and would reject whatever is tried.
    """
    tried = drawn(KINDS[kind](task), most, seed)
    listed = equivalents().get(task.name, {})
    _must_pass(task, "before the mutants")
    passing = {mutant.title for mutant in tried if survives(task, mutant)}
    _must_pass(task, "after the mutants")
    known = [mutant.title for mutant in tried if mutant.title in listed]
    return Trial(
        len(tried),
        len(known),
        tuple(title for title in sorted(passing) if title not in listed),
        tuple(title for title in known if title not in passing),
    )


def _must_pass(task: Task, when: str) -> None:
    if not survives(task, Mutant("the model answer", lambda: built(task, source(task)))):
        raise RuntimeError(
            f"expected the model answer of {task.name} to pass {when}, and it is rejected. What to"
            " do: check it in a fresh process; a mutant may have broken this one"
        )
