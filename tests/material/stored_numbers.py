"""A plugin of pytest: nbval's cells also fail where a stored number is not the measured one.

nbval compares a notebook's stored outputs with fresh ones as text, in which masks.cfg masks
each measured number with its interval: no two machines measure the same. This compares these
numbers: the stored interval and the fresh one must meet. Where training is sensitive, the last
bits of another kind of processor make other networks of the same seeds. Of such a pair each mean
would lie in the other interval only seven times in eight; the intervals meet 99 times in 100.

    python -m pytest --nbval --nbval-sanitize-with tests/material/masks.cfg \
        -p tests.material.stored_numbers notebooks
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbval.plugin import IPyNbCell, get_sanitize_patterns

FILE = Path(__file__).with_name("masks.cfg")
(REGEX, REPLACE), *_ = get_sanitize_patterns(FILE.read_text(encoding="utf-8"))
MEASURED = re.compile(REGEX)


def pytest_itemcollected(item):
    """Let a cell of a notebook compare the numbers, too, where nbval compares the rest."""
    if not isinstance(item, IPyNbCell):
        return
    as_text = item.compare_outputs

    def compared(fresh, stored, *arguments, **options):
        if not as_text(fresh, stored, *arguments, **options):
            return False
        item.comparison_traceback = list(dict.fromkeys(differences(stored, fresh)))
        return not item.comparison_traceback

    item.compare_outputs = compared


def differences(stored: Iterable, fresh: Iterable) -> Iterator[str]:
    """Say of each stored number that is not the fresh one what was stored and what is measured.

    Args:
        stored: a cell's outputs in the notebook.
        fresh: its outputs now, with the same text around their numbers.
    """
    before, now = texts(stored), texts(fresh)
    for kind, text in before.items():
        pairs = zip(MEASURED.finditer(text), MEASURED.finditer(now[kind]), strict=True)
        for number, (old, new) in enumerate(pairs, start=1):
            if not _meet(old, new):
                yield (
                    f"measured number {number} of {kind}: stored {old[0]}, now {new[0]}, "
                    f"in {_line(text, old)!r}"
                )


def texts(outputs: Iterable) -> dict[str, str]:
    """Return everything that outputs say, by the kind of text, in their order."""
    found: dict[str, str] = {}
    for output in outputs:
        data = output.get("data") or {str(output.get("name")): output.get("text", "")}
        for kind, text in data.items():
            if isinstance(text, str) and not kind.startswith("image/"):
                found[kind] = found.get(kind, "") + text + "\n"
    return found


def _meet(one: re.Match, other: re.Match) -> bool:
    """Return whether two intervals have a number in common."""
    low = max(float(one["low"]), float(other["low"]))
    return low <= min(float(one["high"]), float(other["high"]))


def _line(text: str, match: re.Match) -> str:
    """Return the line around a number, without its marks."""
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    line = re.sub(r"<[^>]*>", " ", text[max(start, match.start() - 200) : end])
    return " ".join(line.split())[:120]
