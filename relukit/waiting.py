"""A bar for who waits: it comes after two seconds, and goes when the work is done."""

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tqdm.auto import tqdm

_Item = TypeVar("_Item")
SECONDS = 2.0  # what is done sooner needs no bar

_stops = 0
_told: dict[str, Any] = {}  # the cell in which `found` has said something, its words and its bar


def bar(*, asked: bool | None = None, **how: Any) -> "tqdm":
    """Return tqdm's bar: in a notebook a widget, elsewhere a line of text.

    Args:
        asked: True shows it at once, False never; None after two seconds, and never where the
            environment has RELUKIT_BARS=off, as where outputs are stored or compared.
        **how: what tqdm takes, such as total and unit.

    Example:
        >>> with bar(asked=False, total=2) as steps:
        ...     steps.update(2)
    """
    from tqdm.auto import tqdm

    off = asked is False or (asked is None and os.environ.get("RELUKIT_BARS") == "off")
    return tqdm(delay=0 if asked else SECONDS, leave=False, disable=off, **how)


def waited(items: Iterable[_Item], *, total: int, unit: str) -> Iterator[_Item]:
    """Yield the items, and let a bar move with them.

    Args:
        items: anything that takes its time.
        total: how many there are.
        unit: what one is called.

    Example:
        >>> [*waited("ab", total=2, unit="letter")]
        ['a', 'b']
    """
    with bar(total=total, unit=f" {unit}") as moving:
        for item in items:
            yield item
            moving.update()


def found(words: str) -> None:
    """Say in a quiet bar, which stays, what would have taken long: one for a cell and its words.

    Args:
        words: from when it is, such as "from this morning".

    Conventions: where RELUKIT_BARS=off, or no notebook shows it, nothing is said.
    """
    from IPython import get_ipython
    from tqdm.auto import tqdm

    shell = get_ipython()
    if shell is None or os.environ.get("RELUKIT_BARS") == "off":
        return
    cell = shell.execution_count, words
    if _told.get("cell") != cell:
        shape = "{desc}: {n_fmt} kept"
        full = tqdm(desc=words, total=1, initial=1, bar_format=shape, leave=True)
        _told.update(cell=cell, bar=full)
    else:
        full = _told["bar"]
        full.total += 1
        full.n += 1
        full.refresh()


def stopped() -> None:
    """Note that an interrupt has ended some work, whose result stands for a part of it only."""
    global _stops
    _stops += 1


def stops() -> int:
    """Return how many such interrupts there were, so that nobody keeps what they left.

    Example:
        >>> before = stops()
        >>> stopped()
        >>> stops() - before
        1
    """
    return _stops
