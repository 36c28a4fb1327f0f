"""What a notebook says to a room, and hears from it, as JSON."""

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from relukit.errors import UnavailableError
from relukit.room import stuck
from relukit.room.desk import Desk
from relukit.room.rooms import Refused

STATUS = {"unknown": 404, "device": 401, "closed": 409, "amiss": 422, "full": 503, "fast": 429}
Handler = Callable[[Request], Awaitable[JSONResponse]]


def error(status: int, sentence: str) -> JSONResponse:
    """Return a refusal in a sentence."""
    headers = {"Retry-After": "1"} if status == 429 else None
    return JSONResponse({"error": sentence}, status, headers)


def told(answer: Handler) -> Handler:
    """Return a handler whose refusals are answered in sentences."""

    async def handler(request: Request) -> JSONResponse:
        try:
            return await answer(request)
        except Refused as refused:
            return error(STATUS[refused.why], str(refused))
        except UnavailableError as gone:
            return error(503, f"{gone} Nothing of this was kept.")

    return handler


def routes(desk: Desk) -> list[Route]:
    """Return the addresses below /api/.

    Args:
        desk: what does the work.
    """
    room = desk.room

    async def state(request: Request) -> JSONResponse:
        return JSONResponse(await desk.public())

    async def join(request: Request) -> JSONResponse:
        given = await document(request)

        def act(db: Any) -> str:  # noqa: ANN401 - the file
            old = given.get("device")
            token = str(old) if room.known(db, old) else room.token(db)
            if given.get("nickname") is not None:
                room.name(db, token, given["nickname"], given.get("named"))
            return token

        return JSONResponse({"device": await desk.change(_pace(given, request), act)})

    async def vote(request: Request) -> JSONResponse:
        given = await document(request)
        turn = given.get("round")
        if turn is not None and type(turn) is not int:
            raise Refused("amiss", "Expected a round such as 1, or null for the open one.")
        question, answer = given.get("question"), given.get("answer")
        kept = await desk.change(
            _pace(given, request),
            lambda db: room.vote(db, given.get("device"), question, turn, answer),
        )
        return JSONResponse({"kept": True, "round": kept})

    async def guesses(request: Request) -> JSONResponse:
        name = request.path_params["question"]
        try:
            return JSONResponse(await desk.read(lambda db: room.guesses(db, name)))
        except Refused as refused:
            if refused.why != "closed":
                raise
            return error(403, str(refused))

    async def outcome(request: Request) -> JSONResponse:
        given = await document(request)
        words = {name: given.get(name) for name in ("task", "outcome", "diagnosis")}
        await desk.change(
            _pace(given, request),
            lambda db: stuck.shared(room, db, given.get("device"), **words),
        )
        return JSONResponse({"kept": True})

    async def help_(request: Request) -> JSONResponse:
        given = await document(request)
        cancel = given.get("cancel") is True
        place = await desk.change(
            _pace(given, request),
            lambda db: stuck.ask_for_help(room, db, given.get("device"), cancel=cancel),
        )
        return JSONResponse({"place": place})

    async def leave(request: Request) -> JSONResponse:
        given = await document(request)
        await desk.change(_pace(given, request), lambda db: room.leave(db, given.get("device")))
        return JSONResponse({"left": True})

    posts = {"join": join, "vote": vote, "outcome": outcome, "help": help_, "leave": leave}
    return [
        Route("/api/state", told(state)),
        Route("/api/guesses/{question}", told(guesses)),
        *(Route(f"/api/{name}", told(act), methods=["POST"]) for name, act in posts.items()),
    ]


async def document(request: Request) -> dict[str, Any]:
    """Return the JSON object that a request carries.

    Raises:
        Refused: it says it carries something else, or does.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused("amiss", "Expected Content-Type: application/json, got another one.")
    try:
        found = json.loads(await request.body(), parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()  # refuses halves of characters
    except (ValueError, RecursionError):
        raise Refused("amiss", "Expected a JSON object, got something else.") from None
    if not isinstance(found, dict):
        raise Refused("amiss", "Expected a JSON object, got another kind of JSON.")
    return found


def _no_number(word: str) -> float:
    return math.nan if word == "NaN" else math.copysign(math.inf, -1 if word[0] == "-" else 1)


def _pace(given: dict[str, Any], request: Request) -> str:
    """Return whose pace a change counts for."""
    device = given.get("device")
    if isinstance(device, str):
        return f"{request.url.path} {device[:64]}"  # votes and checks have a pace each
    return ""  # who joins has no name yet
