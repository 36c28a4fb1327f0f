"""A bar for who waits: it comes after two seconds, and goes when the work is done."""

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tqdm.auto import tqdm

_Item = TypeVar("_Item")
_SECONDS = 2.0  # what is done sooner needs no bar


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
    return tqdm(delay=0 if asked else _SECONDS, leave=False, disable=off, **how)


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
