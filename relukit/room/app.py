"""The addresses of a room: the phones' page, the board, and what notebooks ask."""

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from relukit.room import api, stuck
from relukit.room.desk import Desk
from relukit.room.guard import Guard
from relukit.room.pages import Pages
from relukit.room.rooms import Refused, Room
from relukit.room.store import Store, fact

COOKIE = "device"
YEAR = 365 * 24 * 3600  # seconds
FIELDS = 64  # of a form
Handler = Callable[[Request], Awaitable[Response]]


def room_app(room: Room, store: Store, *, address: str, names: Collection[str]) -> Starlette:
    """Return the application that serves a room.

    Args:
        room: the room.
        store: its file.
        address: at which phones open it, such as "http://192.168.1.5:8765"; what stands behind
            the host, such as "/services/room", stands before each of the room's paths.
        names: host names and addresses by which requests may come.

    Raises:
        Refused: the file holds the room of another lesson.
    """
    store.do(room.begin).result()
    desk = Desk(room, store, store.do(lambda db: fact(db, "secret")).result(), address)
    pages = Pages(desk, address)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        await desk.hub.start()
        yield
        await desk.hub.stop()

    routes: list[BaseRoute] = [*_phone(desk, pages), *_board(desk, pages)]
    routes += [*api.routes(desk), *pages.static()]
    app = Starlette(
        routes=_below(desk.base, routes) if desk.base else routes,
        middleware=[Middleware(Guard, names=names)],
        exception_handlers={HTTPException: pages.missing, 500: pages.broken},
        lifespan=life,
    )
    app.router.redirect_slashes = False
    app.state.desk = desk
    return app


def _below(base: str, routes: list[BaseRoute]) -> list[BaseRoute]:
    """Return routes below a path, which leads to the first page also without its last slash."""

    async def with_slash(request: Request) -> Response:
        return RedirectResponse(f"{base}/", 307)

    return [Route(base, with_slash), Mount(base, routes=routes)]


def _phone(desk: Desk, pages: Pages) -> list[Route]:
    room = desk.room

    async def home(request: Request) -> Response:
        token = request.cookies.get(COOKIE)
        known = await desk.read(lambda db: room.known(db, token))
        if not known:
            token = await desk.read(room.token)
        response = await pages.phone(str(token))
        if not known:
            _remember(response, desk, str(token))
        return response

    async def vote(request: Request) -> Response:
        token, form = request.cookies.get(COOKIE), await fields(request)
        name, turn = form.get("question"), form.get("round", "")
        answer = pages.answer(name, form)
        seen = int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 3 else -1
        await desk.change(
            _pace(request, token), lambda db: room.vote(db, token, name, seen, answer)
        )
        return RedirectResponse(f"{desk.base}/", 303)

    async def name(request: Request) -> Response:
        token, form = request.cookies.get(COOKIE), await fields(request)
        said, named = form.get("name", ""), form.get("named") == "yes"
        await desk.change(_pace(request, token), lambda db: room.name(db, token, said, named))
        return RedirectResponse(f"{desk.base}/", 303)

    async def help_(request: Request) -> Response:
        token, form = request.cookies.get(COOKIE), await fields(request)
        cancel = form.get("cancel") == "yes"
        await desk.change(
            _pace(request, token), lambda db: stuck.ask_for_help(room, db, token, cancel=cancel)
        )
        return RedirectResponse(f"{desk.base}/", 303)

    async def events(request: Request) -> Response:
        return _stream(desk, request, request.cookies.get(COOKIE) or _peer(request))

    posts = {"/vote": vote, "/name": name, "/help": help_}
    return [
        Route("/", home),
        Route("/events", events),
        *(Route(path, pages.told(act), methods=["POST"]) for path, act in posts.items()),
    ]


def _board(desk: Desk, pages: Pages) -> list[Route]:
    room = desk.room

    def behind(act: Handler) -> Handler:
        async def handler(request: Request) -> Response:
            given = request.path_params["secret"]
            if not hmac.compare_digest(given.encode(), desk.secret.encode()):
                raise HTTPException(404)
            return await act(request)

        return handler

    async def board(request: Request) -> Response:
        return await pages.board()

    async def do(request: Request) -> Response:
        form = await fields(request)
        action, name = form.get("action"), form.get("question")

        def act(db: Any) -> None:  # noqa: ANN401 - the file
            if action == "helped":
                stuck.helped(room, db, form.get("place"))
            else:
                room.act(db, action, name)

        await desk.change("", act)
        return RedirectResponse(f"{desk.base}/board/{desk.secret}", 303)

    async def events(request: Request) -> Response:
        return _stream(desk, request, "board")

    async def state(request: Request) -> Response:
        return JSONResponse(await pages.board_state())

    path = "/board/{secret}"
    return [
        Route(path, behind(board)),
        Route(f"{path}/do", behind(pages.told(do, board=True)), methods=["POST"]),
        Route(f"{path}/events", behind(events)),
        Route(f"{path}/state", behind(state)),
    ]


def _stream(desk: Desk, request: Request, who: str) -> Response:
    if not desk.hub.admits(who):
        headers = {"Retry-After": "5"}
        return JSONResponse({"error": "Too many listen. Ask /api/state instead."}, 503, headers)
    lines = desk.hub.follow(who, request.is_disconnected)
    return StreamingResponse(
        lines, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, the last of each name.

    Raises:
        Refused: no form, or one of too many fields.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused("amiss", "Expected a form, got something else. Reload the page.")
    try:
        text = (await request.body()).decode("ascii")
        found = parse_qs(text, keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError:
        raise Refused("amiss", "Expected a form, got something else. Reload the page.") from None
    return {name: values[-1] for name, values in found.items()}


def _remember(response: Response, desk: Desk, token: str) -> None:
    secure, path = desk.board_link.startswith("https:"), f"{desk.base}/"
    response.set_cookie(
        COOKIE, token, max_age=YEAR, path=path, httponly=True, samesite="lax", secure=secure
    )


def _pace(request: Request, token: str | None) -> str:
    """Return whose pace a form counts for."""
    return f"{request.url.path} {token[:64]}" if token else ""


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
