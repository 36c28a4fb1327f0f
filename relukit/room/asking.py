"""Asking a room something over the network: one short request, whatever answers or doesn't."""

import http.client
import json
import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.quantities import typed

PATIENCE = 2.0  # seconds for one request, from the name's look-up to the last byte
LONGEST = 2**20  # bytes of an answer
WORDS = 300  # characters of a sentence that a room may say here
_DO = "copy the address from the board, such as 'http://192.168.1.5:8765'"


class Silent(Exception):  # noqa: N818 - what happened, not a fault
    """No room answered; its text says how that was seen, in a few words."""


@dataclass(frozen=True)
class Reply:
    """What a room answered.

    Attributes:
        status: the HTTP status.
        data: the JSON object of the answer; {} where there was none.
    """

    status: int
    data: Mapping[str, Any]

    @property
    def good(self) -> bool:
        """Whether the room did what it was asked for."""
        return 200 <= self.status < 300

    @property
    def sentence(self) -> str:
        """Why it did not, in the room's own words, as one short line."""
        said = self.data.get("error")
        return plain(said) if isinstance(said, str) and said else f"status {self.status}"


@dataclass(frozen=True)
class Address:
    """Where a room is.

    Attributes:
        secure: whether it is asked over TLS.
        host: its name or number.
        port: its port.
        base: what stands before each path, such as "/services/room", or "".
    """

    secure: bool
    host: str
    port: int
    base: str = ""

    @classmethod
    def parse(cls, text: object) -> "Address":
        """Return the address that a text names, also without "http://", or with a page behind it.

        Raises:
            InvalidTypeError: no text.
            InvalidValueError: a text that names no host, or a port that is none.

        Example:
            >>> str(Address.parse("192.168.1.5:8765/board/secret"))
            'http://192.168.1.5:8765'
        """
        wanted = "a room's address"
        if not isinstance(text, str):
            raise InvalidTypeError(wanted, typed(text), _DO)
        said = text.strip()
        try:
            parts = urlsplit(said if "://" in said else f"http://{said}")
            port = parts.port
        except ValueError:
            raise InvalidValueError(wanted, repr(text), _DO) from None
        if not _sound(parts) or not parts.hostname:
            raise InvalidValueError(wanted, repr(text), _DO)
        secure = parts.scheme == "https"
        base = parts.path.partition("/board/")[0].rstrip("/")
        return cls(secure, parts.hostname, port or (443 if secure else 80), base)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme, usual = ("https", 443) if self.secure else ("http", 80)
        return f"{scheme}://{host}{'' if self.port == usual else f':{self.port}'}{self.base}"

    def ask(self, path: str, data: object = None, *, seconds: float = PATIENCE) -> Reply:
        """Return what the room answers to one request, within so many seconds in all.

        No proxy is asked, since a room is near, and no redirection is followed.

        Args:
            path: such as "/api/state", whose parts are quoted.
            data: what is sent as JSON; None only reads.
            seconds: after which nobody waits any more.

        Raises:
            Silent: nothing that understands this answered in time.
        """
        answers: queue.SimpleQueue[Reply | Exception] = queue.SimpleQueue()

        def work() -> None:
            try:
                answers.put(self._asked(path, data, seconds))
            except Exception as error:  # goes to whoever waits
                answers.put(error)

        # in a thread, since looking a name up knows no limit of time
        threading.Thread(target=work, name="relukit-room", daemon=True).start()
        try:
            found = answers.get(timeout=seconds)
        except queue.Empty:
            raise Silent(f"no answer within {seconds:g} s") from None
        if isinstance(found, Reply):
            return found
        if isinstance(found, ConnectionRefusedError):
            raise Silent("nobody listens there")
        if isinstance(found, TimeoutError):
            raise Silent(f"no answer within {seconds:g} s")
        if isinstance(found, OSError):
            raise Silent(plain(found.strerror or str(found)) or "no connection")
        if isinstance(found, http.client.HTTPException | ValueError):
            raise Silent("what answers is no room")
        raise found

    def _asked(self, path: str, data: object, seconds: float) -> Reply:
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=seconds)
        try:
            headers = {"Accept": "application/json", "Connection": "close"}
            body = None
            if data is not None:
                body = json.dumps(data, allow_nan=False).encode()
                headers["Content-Type"] = "application/json"
            connection.request("GET" if body is None else "POST", self.base + path, body, headers)
            response = connection.getresponse()
            text = response.read(LONGEST + 1)
        finally:
            connection.close()
        if len(text) > LONGEST:
            raise ValueError("too long")
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            if response.status < 400:
                raise ValueError("no JSON") from None
            words = response.headers.get_content_type() == "text/plain"
            found = {"error": text.decode(errors="replace")} if words else {}
        if not isinstance(found, dict):
            raise ValueError("no JSON object")
        return Reply(response.status, found)


def _sound(parts: SplitResult) -> bool:
    """Return whether an address is one that can be asked, without a name or a password in it."""
    text = parts.geturl()
    return (
        parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and text.isascii()
        and text.isprintable()
        and " " not in text
    )


def plain(text: str, longest: int = WORDS) -> str:
    r"""Return what somebody else wrote as one short line without what a terminal obeys.

    Example:
        >>> plain("a\n\x1b[31mb", 5)
        'a [31'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line[:longest]
