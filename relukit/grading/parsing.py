"""What may be parsed for one student, JSON and Python: hostile texts take minutes.

Four KiB of Python, four times the longest model answer, take 0.03 seconds at worst; a hundred take
three. What is longer, or comes when the budget is spent, is looked through with regular
expressions.
"""

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from relukit.grading.stopwatch import limited
from relukit.notebooks import Limits

LONGEST = 4 * 1024  # characters of one piece that is parsed
PARSED = 128 * 1024  # characters that are parsed for one student
READ = 4 * 2**20  # characters that are looked through for one student
SECONDS = 5.0  # of CPU time that reading what one student handed in may take; 0.1 is usual
VALUES = 1_000_000  # numbers, texts, lists and objects in JSON that are read for one student
_OF_CELL = 100  # as many values as what is done with each cell takes the time of
SPENT = "so much code was handed in that not all of it was looked through for names"
_P = ParamSpec("_P")
_T = TypeVar("_T")
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass
class Budget:
    """What may still be done for one student.

    Attributes:
        parsed: characters to parse.
        read: characters to look through.
        values: of JSON to read.
        limits: of all notebooks together.
    """

    parsed: int = PARSED
    read: int = READ
    values: int = VALUES
    limits: Limits = field(default_factory=Limits)


_BUDGET: ContextVar[Budget | None] = ContextVar("budget", default=None)


def budgeted(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Give each call of a function the budget of one student.

    What no count foresees ends with `stopwatch.Exhausted` when `SECONDS` are over.
    """

    @wraps(function)
    def within(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        token = _BUDGET.set(Budget())
        try:
            with limited(SECONDS):
                return function(*args, **kwargs)
        finally:
            _BUDGET.reset(token)

    return within


def is_spent() -> bool:
    """Return whether something of this student was not looked through at all."""
    budget = _BUDGET.get()
    return budget is not None and budget.read < 0


def may_read(source: str) -> bool:
    """Take a text off the budget, and return whether it may be looked through."""
    budget = _BUDGET.get()
    if budget is None:
        return True
    budget.read -= len(source)
    return budget.read >= 0


def may_load(text: str) -> bool:
    """Take JSON off the budget, and return whether it may be read.

    What stands in its texts does not count: sources are full of commas.

    Example:
        >>> may_load('{"printed": "1, 2, 3"}'), may_load("0," * 2_000_000)
        (True, False)
    """
    budget = _BUDGET.get() or Budget()
    if text.count('"') > 2 * budget.values:
        return False
    plain = text.replace("\\\\", "").replace('\\"', "").split('"')[::2]
    return _take(sum(sum(map(part.count, ",:[{")) for part in plain))


def limits() -> Limits:
    """Return what may still be read of notebooks."""
    return (_BUDGET.get() or Budget()).limits


def may_use_cells(n_cells: int) -> bool:
    """Take the cells of a notebook off the budget, and return whether they may be looked at."""
    return _take(_OF_CELL * n_cells)


def _take(values: int) -> bool:
    budget = _BUDGET.get() or Budget()
    budget.values -= values
    return budget.values >= 0


def parse(source: str) -> ast.Module | None:
    """Return the tree of a text, or None where it is no Python or too long.

    Args:
        source: any text; the same tree comes for the same text, so leave it as it is.

    Example:
        >>> ast.dump(parse("x")) == ast.dump(ast.parse("x"))
        True
        >>> parse("x +"), parse("x;" * 5_000)
        (None, None)
    """
    if len(source) > LONGEST:
        return None
    budget = _BUDGET.get() or Budget()
    if budget.parsed < len(source):
        return None
    known = _parsed.cache_info().hits
    tree = _parsed(source)
    if _parsed.cache_info().hits == known:  # what was parsed just before costs nothing
        budget.parsed -= len(source)
    return tree


@lru_cache(maxsize=16)  # a tree takes a thousand times as much memory as its text
def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid "\d" in an answer is not our news
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def words(source: str) -> Iterator[str]:
    """Yield all that may be a name in a text, whatever it is."""
    return (match[0] for match in _NAME.finditer(source))
