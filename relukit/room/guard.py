"""What is asked of every request before the room looks at it: everything from a network is hostile.

A request comes to one of the room's own addresses, and a change comes from the room's own pages,
is short, and arrives in time.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY = 4096  # bytes
PATIENCE = 10.0  # seconds until a body is there
VOTES = 5  # changes of one device in a second
REMEMBERED = 4096  # devices whose pace is known

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none, a browser sends forms from the origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuse what comes to another name, from another site, or is too long.

    Args:
        app: the room.
        names: the host names and addresses by which the room's computer is known.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on with its body read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refused = self._refused(scope)
        if refused is None and scope["method"] not in ("GET", "HEAD"):
            body = await _body(receive)
            if body is None:
                refused = _said(413, f"Expected at most {BODY} bytes, got more. Send less.")
            else:
                receive = _again(body, receive)
        if refused is not None:
            await refused(scope, receive, headed)
            return
        await self._app(scope, receive, headed)

    def _refused(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or host_name(host) not in self._names:
            return _said(421, "This is a relukit room under another address. Use the room's own.")
        if scope["method"] in ("GET", "HEAD"):
            return None
        if not _from_here(headers, host):
            return _said(403, "This came from another site. Open the room's own page.")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or len(length) > 9 or int(length) > BODY:
            return _said(413, f"Expected at most {BODY} bytes, got more. Send less.")
        return None


class Pace:
    """How fast each device changes things: a few at once, and then so many a second.

    Args:
        most: changes in a second.

    Example:
        >>> pace = Pace(2)
        >>> [pace.allows("phone", now=0.0) for _ in range(3)], pace.allows("phone", now=1.0)
        ([True, True, False], True)
    """

    def __init__(self, most: int = VOTES) -> None:
        self._most = float(most)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, who: str, *, now: float | None = None) -> bool:
        """Return whether a device may change something now, and count that it does."""
        now = time.monotonic() if now is None else now
        left, then = self._left.pop(who, (self._most, now))
        left = min(self._most, left + (now - then) * self._most)
        self._left[who] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return left >= 1


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port.

    Example:
        >>> host_name("192.168.1.5:8765"), host_name("[::1]:80"), host_name("Room.local")
        ('192.168.1.5', '::1', 'room.local')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().rstrip(".")


def same_site(request: Request) -> str:
    """Return the address at which a request arrived, such as "http://192.168.1.5:8765"."""
    return f"{request.url.scheme}://{request.headers['host']}"


def _from_here(headers: Headers, host: str) -> bool:
    """Return whether a change comes from the room's own pages, or from no page at all."""
    if len(headers.getlist("origin")) > 1:
        return False
    if (origin := headers.get("origin")) is not None:
        return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")


async def _body(receive: Receive) -> bytes | None:
    """Return a request's body, or None where it is too long, too slow, or breaks off."""
    body, more = b"", True
    try:
        async with asyncio.timeout(PATIENCE):
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > BODY:
                    return None
    except TimeoutError:
        return None
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read, and then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return waiting.pop() if waiting else await receive()

    return given


def _said(status: int, sentence: str) -> PlainTextResponse:
    return PlainTextResponse(sentence + "\n", status)
