"""Marked regions of a Markdown text, whose content is written by a program.

A region stands between `<!-- pages: its name -->` and `<!-- end -->`, in a line or around lines.
Both marks are comments, which no reader of the page sees.
"""

import re
from collections.abc import Callable, Mapping

from relukit.errors import RelukitError, unknown_name

END = "<!-- end -->"
MARK = re.compile(rf"<!-- pages: (?P<name>.*?) -->|{END}")
REGION = re.compile(rf"(?P<mark><!-- pages: (?P<name>.*?) -->)(?P<old>.*?){END}", re.DOTALL)

# returns a region's new content, from its old one
Maker = Callable[[str], str]


def fixed(text: str) -> Maker:
    """Return the maker of a region that owes nothing to its old content."""
    return lambda _: text


def filled(text: str, makers: Mapping[str, Maker], place: str, seen: set[str]) -> str:
    """Return a text with all its regions written anew.

    Args:
        text: Markdown.
        makers: what makes each region that may stand there, by its name.
        place: the file, as errors name it.
        seen: the regions of this file that were met before; those of this text are added.

    Raises:
        RelukitError: a region is unknown, is there twice, or has no end; or an end is alone.

    Example:
        >>> filled("a <!-- pages: b -->1<!-- end --> c", {"b": lambda old: "2"}, "README.md", set())
        'a <!-- pages: b -->2<!-- end --> c'
    """
    _examine(text, makers, place, seen)

    def anew(region: re.Match[str]) -> str:
        old = region["old"]
        new = makers[region["name"]](old.strip())
        return region["mark"] + (f"\n\n{new}\n\n" if "\n" in old else new) + END

    return REGION.sub(anew, text)


def complete(makers: Mapping[str, Maker], place: str, seen: set[str]) -> None:
    """Raise where a file lacks a region.

    Raises:
        RelukitError: with the marks to put in.
    """
    for name in sorted(makers.keys() - seen):
        do = f"put <!-- pages: {name} --> and {END} where it belongs, and run make pages"
        raise RelukitError(f"a region {name!r} in {place}", "none", do)


def _examine(text: str, makers: Mapping[str, Maker], place: str, seen: set[str]) -> None:
    """Raise where the marks of a text are not those of regions that it may have."""
    opened, where = "", place
    for mark in MARK.finditer(text):
        name, before = mark["name"] or "", where
        where = f"{place}, line {text.count(chr(10), 0, mark.start()) + 1}"
        if not name and not opened:
            raise RelukitError("a region before its end", f"{END} alone in {where}", "take it out")
        if name and opened:
            raise _endless(opened, before)
        if name and name not in makers:
            error = unknown_name("region", name, makers)
            raise RelukitError(f"{error.expected} in {where}", error.got, error.do)
        if name in seen:
            do = "take the second one out, with its end"
            raise RelukitError(f"one region {name!r}", f"another in {where}", do)
        seen |= {name} - {""}
        opened = name
    if opened:
        raise _endless(opened, where)


def _endless(name: str, where: str) -> RelukitError:
    got = f"none behind its beginning in {where}"
    return RelukitError(f"an end of the region {name!r}", got, f"write {END} behind it")
