"""A room on its port: which address phones open, and who may open it."""

import contextlib
import errno
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import psutil

from relukit.errors import InvalidValueError, UnavailableError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = "0.0.0.0"
PORT = 8765
LIMIT = 4000  # connections at a time


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    Raises:
        UnavailableError: the port is taken, or the address is none of this computer's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows would share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as cause:
        listener.close()
        if cause.errno == errno.EADDRINUSE:
            do = f"end the other room, or write --port {port + 1}"
            raise UnavailableError(f"port {port} to be free", "it is taken", do) from cause
        do = "write --host with one of its own, or --open-to-network alone"
        raise UnavailableError(f"an address of this computer, {host}", str(cause), do) from cause
    return listener


def chosen_host(host: str | None, *, open_to_network: bool) -> str:
    """Return the address to listen at; one that others reach needs `open_to_network`.

    Raises:
        InvalidValueError: another address than the loopback one, without it.

    Example:
        >>> chosen_host(None, open_to_network=False), chosen_host(None, open_to_network=True)
        ('127.0.0.1', '0.0.0.0')
    """
    if host is None:
        return EVERYWHERE if open_to_network else LOOPBACK[0]
    if host not in LOOPBACK and not open_to_network:
        do = "add --open-to-network, which lets everybody in this network in"
        raise InvalidValueError("an address that only this computer reaches", host, do)
    return host


def reached_at(host: str) -> str:
    """Return the name or address under which others find a host; that of this computer for all."""
    if host not in (EVERYWHERE, "::"):
        return host
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(("192.0.2.1", 9))  # sends nothing: it only finds the way out
        return str(asking.getsockname()[0])
    found = [ip for ip in _own() if "." in ip and not ip.startswith("127.")]
    return found[0] if found else LOOPBACK[0]


def own_names(host: str) -> frozenset[str]:
    """Return all names and addresses by which this computer may be asked."""
    if host in LOOPBACK:
        return frozenset(LOOPBACK)
    name = socket.gethostname().lower()
    return frozenset({*LOOPBACK, *_own(), host.lower(), name, f"{name}.local"} - {EVERYWHERE, "::"})


def address(host: str, port: int) -> str:
    """Return the address to type into a browser.

    Example:
        >>> address("127.0.0.1", 8765), address("::1", 80)
        ('http://127.0.0.1:8765', 'http://[::1]:80')
    """
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def passed_on(public: str) -> tuple[str, str]:
    """Return the address under which a proxy passes a room on, and its host.

    Args:
        public: such as "https://hub.example/services/room/", the whole of it, as a browser has it.

    Raises:
        InvalidValueError: no address of a page.

    Example:
        >>> passed_on("https://hub.example/services/room/")
        ('https://hub.example/services/room', 'hub.example')
    """
    parts = urlsplit(public)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        do = "write it as a browser has it, such as https://hub.example/services/room/"
        raise InvalidValueError("the address under which a proxy passes the room on", public, do)
    return public.rstrip("/"), parts.hostname.lower()


def serve(
    lesson: str,
    file: Path,
    *,
    host: str,
    port: int | None,
    public: str | None = None,
    say: Callable[[str, str, bool], None],
) -> None:
    """Serve a lesson's room until Ctrl+C.

    Args:
        lesson: such as "02_definitions".
        file: where the room is kept.
        host: the address to listen at.
        port: None takes the one that the room had before, or 8765.
        public: the address under which a proxy passes the room on; None where there is none.
        say: is told the address, the board's link, and whether the room was there before.

    Raises:
        UnavailableError: the port is taken, the file is another's, or a package is missing.
    """
    import uvicorn

    from relukit.room.app import room_app
    from relukit.room.rooms import Refused, Room
    from relukit.room.store import Store, fact, set_fact

    room, store = Room(lesson), Store(file)
    try:
        before = store.do(lambda db: fact(db, "secret")).result()
        port = port or int(store.do(lambda db: fact(db, "port")).result() or PORT)
        listener = bound(host, port)
        port = int(listener.getsockname()[1])
        store.do(lambda db: set_fact(db, "port", port)).result()
        seen, names = address(reached_at(host), port), own_names(host)
        if public:
            seen, outer = passed_on(public)
            names |= {outer}
        try:
            app = room_app(room, store, address=seen, names=names)
        except Refused as refused:
            raise UnavailableError(f"a room of {lesson} in {file}", str(refused), "name another") \
                from refused  # fmt: skip
        say(seen, app.state.desk.board_link, bool(before))

        class Server(uvicorn.Server):
            def handle_exit(self, sig: int, frame: FrameType | None) -> None:
                app.state.desk.hub.close()  # streams would keep it waiting
                super().handle_exit(sig, frame)

        config = uvicorn.Config(
            app, log_level="warning", access_log=False, limit_concurrency=LIMIT, ws="none",
            server_header=False, timeout_graceful_shutdown=2, h11_max_incomplete_event_size=16384,
            proxy_headers=False,
        )  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt):
            Server(config).run(sockets=[listener])
    finally:
        store.close()


def _own() -> list[str]:
    """Return the addresses of this computer's network cards."""
    families = (socket.AF_INET, socket.AF_INET6)
    return [
        entry.address.partition("%")[0].lower()
        for entries in psutil.net_if_addrs().values()
        for entry in entries
        if entry.family in families
    ]
