"""Reading a notebook's file, in whatever encoding and size it comes.

Outputs, attachments and the states of widgets are passed over while the file is read, so a
notebook with 60 MB of pictures takes the memory of its cells alone.
"""

import codecs
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

MEBIBYTE = 2**20
MAX_FILE = 100 * MEBIBYTE  # bytes of a file, with all that is passed over
MAX_KEPT = 10 * MEBIBYTE  # bytes of the rest
MAX_LISTS = 1_000_000  # lists and objects in the rest, which bounds the memory that it takes
_CHUNK = MEBIBYTE
_DIGITS = 100  # of a number that counts
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_DROPPED = r'"(?:outputs|attachments|widgets)"\s*+'
# a key whose colon may follow in the next piece is left for then
_KEPT = re.compile(rf'[^"]*+(?:(?!{_DROPPED}(?::|\Z)){_STRING}[^"]*+)*+', re.DOTALL)
_KEY = re.compile(_DROPPED + ":")
_OTHER = r'[^"\[\]{}]*+'
_LEAF = rf"[\[{{]{_OTHER}(?:{_STRING}{_OTHER})*+[\]}}]"
_TWIG = rf"[\[{{]{_OTHER}(?:(?:{_STRING}|{_LEAF}){_OTHER})*+[\]}}]"
_INSIDE = re.compile(rf"{_OTHER}(?:(?:{_STRING}|{_TWIG}){_OTHER})*+", re.DOTALL)
_SCALAR = re.compile(r'[^,\]}"\[{]*+')
_REST_OF_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


class Readable(Protocol):
    """A file of bytes, as far as it is read from its beginning to its end."""

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, fewer at the end; all that are left where the size is below 0."""
        ...


@dataclass
class Limits:
    """What may still be read, of one file or of all that one student hands in.

    Attributes:
        kept: characters that are not passed over.
        steps: brackets that are followed one by one, in what is passed over.
    """

    kept: int = MAX_KEPT
    steps: int = 500_000


class NotANotebook(ValueError):  # noqa: N818 - a finding about a file
    """Why a file is no notebook that can be used, in words that follow "the file" or "it"."""


def few_lists(text: str) -> bool:
    """Return whether a JSON text takes little memory once it is read."""
    return text.count("[") + text.count("{") <= MAX_LISTS


def read_slim(
    file: Readable | bytes,
    may_load: Callable[[str], bool] = few_lists,
    limits: Limits | None = None,
) -> object:
    """Return what a notebook's JSON says, with null for outputs, attachments and widgets.

    Args:
        file: see `cells.read_cells`.
        may_load: see `cells.read_cells`.
        limits: see `cells.read_cells`.

    Raises:
        NotANotebook: the bytes are no JSON, or too many.
    """
    pieces = _decoded(io.BytesIO(file) if isinstance(file, bytes) else file)
    text, whole = _slim(pieces, Limits() if limits is None else limits)
    if not text.strip():
        raise NotANotebook("the file is empty")
    if not may_load(text):
        raise NotANotebook("it holds more than any notebook does")
    try:
        return json.loads(text, parse_int=_integer)
    except json.JSONDecodeError as cause:
        where = f"line {cause.lineno}" if whole else "some of it"
        why = f"it is no notebook: {where} is not JSON"
        raise NotANotebook(f"{why} (was it saved or sent only in part?)") from cause
    except Exception as cause:  # nested too deeply, a number too long
        raise NotANotebook("it is no notebook: its JSON is out of the ordinary") from cause


def _integer(digits: str) -> int:
    """Read an integer; one of thousands of digits takes long, and means nothing here."""
    return int(digits) if len(digits) < _DIGITS else 0


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or UTF-32, without its byte order mark.

    Raises:
        NotANotebook: it is none of these.
    """
    return "".join(_decoded(io.BytesIO(data)))


def _decoded(file: Readable) -> Iterator[str]:
    """Return the text of a file piece by piece."""
    decoder, left = None, MAX_FILE
    while piece := file.read(_CHUNK):
        left -= len(piece)
        if left < 0:
            raise NotANotebook(f"it is larger than {MAX_FILE // MEBIBYTE} MiB")
        if decoder is None:
            decoder = codecs.getincrementaldecoder(json.detect_encoding(piece[:4]))()
        yield _text(decoder, piece)
    if decoder is not None:
        yield _text(decoder, b"", final=True)


def _text(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> str:
    try:
        return decoder.decode(piece, final)
    except UnicodeDecodeError as cause:
        raise NotANotebook("it is no notebook: its text is not UTF-8") from cause


def _slim(pieces: Iterator[str], limits: Limits) -> tuple[str, bool]:
    """Return a JSON text with null for what is passed over, and whether it is the whole text."""
    kept, whole, shared = [], True, "" if limits.kept == MAX_KEPT else ", with the others"
    window = _Window(pieces, limits)
    while True:
        kept.append(window.take(_KEPT))
        limits.kept -= len(kept[-1])
        if limits.kept < max(0, window.left() - _CHUNK):
            limits.kept = min(limits.kept, 0)  # what is no text in the end was looked at as well
            much = f"{MAX_KEPT // MEBIBYTE} MiB without its outputs{shared}"
            raise NotANotebook(f"it is larger than {much}")
        if key := window.take(_KEY):
            kept.append(f"{key} null")
            window.skip_value()
            whole = False
        elif not window.more():
            limits.kept -= window.left()
            return "".join((*kept, window.rest())), whole


class _Window:
    """A window that moves over a text; what it has passed is forgotten."""

    def __init__(self, pieces: Iterator[str], limits: Limits) -> None:
        self._pieces, self._limits = pieces, limits
        self._text, self._place = "", 0

    def left(self) -> int:
        """Return how many characters have been read and not yet passed."""
        return len(self._text) - self._place

    def rest(self) -> str:
        return self._text[self._place :]

    def more(self) -> bool:
        """Read a piece; return False where there is none."""
        for piece in self._pieces:
            self._text, self._place = self.rest() + piece, 0
            return True
        return False

    def take(self, pattern: re.Pattern[str]) -> str:
        """Pass what a pattern matches here, and return it; "" where it doesn't match."""
        found = pattern.match(self._text, self._place)
        self._place = found.end() if found else self._place
        return found[0] if found else ""

    def next(self) -> str:
        """Return the next character, "" at the end of the text."""
        return self._text[self._place : self._place + 1] if self.left() or self.more() else ""

    def skip_value(self) -> None:
        """Pass one value of JSON, whatever is in it."""
        self._step()
        while self.next().isspace():
            self._place += 1
        if self.next() == '"':
            self._skip_string()
        elif self.next() in ("[", "{"):
            self._skip_brackets()
        else:
            while self.take(_SCALAR):
                self.next()

    def _skip_string(self) -> None:
        self._place += 1
        while self.take(_REST_OF_STRING) or self.next():
            if self.next() == '"':
                self._place += 1
                return
            if not self.more():  # half an escape, or the end of a file that was cut off
                return

    def _skip_brackets(self) -> None:
        depth = 0
        while character := self.next():
            if character == '"':
                self._skip_string()
            elif character in "[]{}":
                self._step()
                self._place += 1
                depth += 1 if character in "[{" else -1
                if depth == 0:
                    return
            self.take(_INSIDE)

    def _step(self) -> None:
        self._limits.steps -= 1
        if self._limits.steps < 0:
            raise NotANotebook("it holds more than any notebook does")
