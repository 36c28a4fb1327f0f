"""The pages of a room: the phone's, the board's, and those that say what went wrong."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from relukit.errors import RelukitError, UnavailableError
from relukit.ledger.finding import Measured
from relukit.ledger.questions import Number, Order, Question, Sketch
from relukit.ledger.stored import answer_rows, stored_measured
from relukit.room import stuck
from relukit.room.api import STATUS
from relukit.room.desk import Desk
from relukit.room.guesses import drawn, told
from relukit.room.moves import Moves, moves
from relukit.room.rooms import ROUNDS, Refused, Round, Stage

SERVED = {"room.css": "text/css", "room.js": "text/javascript"}
SAID = {404: "There is nothing at this address.", 405: "This address takes no such request."}
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Shown:
    """What is shown of a question when it is revealed, or of a vote that is over.

    Attributes:
        picture: the guesses, as SVG.
        words: what the picture shows.
        rows: what was measured, as pairs (label, text).
        holds: the option that holds, of a choice, or "".
        moved: what moved, in sentences.
        measured: as the question judges by it; None before it is revealed.
    """

    picture: Markup
    words: str
    rows: tuple[tuple[str, str], ...] = ()
    holds: str = ""
    moved: tuple[str, ...] = ()
    measured: Measured | None = None


class Pages:
    """Writes each page.

    Args:
        desk: what the pages are about.
        address: at which phones open the room.
    """

    def __init__(self, desk: Desk, address: str) -> None:
        self._desk, self._address, self._base = desk, address, desk.base
        self._env = Environment(
            loader=PackageLoader("relukit.room", "templates"),
            autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
        )  # fmt: skip
        folder = files("relukit.room") / "templates"
        self._files = {name: (folder / name).read_bytes() for name in SERVED}
        self._env.globals |= {
            "version": hashlib.sha256(b"".join(self._files.values())).hexdigest()[:12],
            "room": desk.room, "rounds": ROUNDS, "address": address,
            "base": self._base,
            "kind": lambda question: question.KIND,
        }  # fmt: skip

    def static(self) -> list[Route]:
        """Return the addresses of the style and the script."""

        def serving(name: str) -> Handler:
            async def serve(request: Request) -> Response:
                headers = {"Cache-Control": "public, max-age=31536000, immutable"}
                return Response(self._files[name], media_type=SERVED[name], headers=headers)

            return serve

        return [Route(f"/{name}", serving(name)) for name in SERVED]

    def told(self, act: Handler, *, board: bool = False) -> Handler:
        """Return a handler whose refusals are pages.

        Args:
            act: the handler.
            board: whether its pages lead back to the board.
        """
        back = f"{self._base}/board/{self._desk.secret}" if board else f"{self._base}/"

        async def handler(request: Request) -> Response:
            try:
                return await act(request)
            except Refused as refused:
                return self._message(STATUS[refused.why], str(refused), back)
            except UnavailableError as gone:
                return self._message(503, f"{gone} Nothing of this was kept.", back)

        return handler

    async def missing(self, request: Request, error: Exception) -> Response:
        """Return the page of an address that is none."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self._message(status, SAID.get(status, "This does not work here."), f"{self._base}/")

    async def broken(self, request: Request, error: Exception) -> Response:
        """Return the page of a fault of the room's own."""
        sentence = "The room has made a mistake. Your votes are kept."
        return self._message(500, sentence, f"{self._base}/")

    def _message(self, status: int, sentence: str, back: str) -> Response:
        return self._html("message.html", {"sentence": sentence, "back": back}, status)

    def _html(self, name: str, words: dict[str, Any], status: int = 200) -> HTMLResponse:
        return HTMLResponse(self._env.get_template(name).render(words), status)

    async def phone(self, token: str) -> Response:
        """Return the phone's page."""
        room = self._desk.room

        def read(db: Any) -> dict[str, Any]:  # noqa: ANN401 - the file
            stage = room.stage(db)
            name, named = room.own_name(db, token)
            return {
                "stage": stage,
                "own": room.own(db, token, stage.question),
                "votes": room.rounds(db, stage.question) if stage.phase == "revealed" else (),
                "name": name,
                "named": named,
                "place": stuck.place_in_line(db, token),
            }

        found = await self._desk.read(read)
        stage, asked = found["stage"], room.questions[found["stage"].question]
        shown = None
        if stage.phase == "revealed":
            shown = self._shown(asked, found["votes"], revealed=True, width=358, size=14)
        words = found | {
            "question": asked,
            "number": room.order.index(asked.id) + 1,
            "now": found["own"].get(stage.round),
            "shown": shown,
            "came": self._came(asked, found["own"], shown),
            "drafted": _drafted(asked, found["own"], stage),
        }
        return self._html("phone.html", words)

    def _came(
        self, asked: Question, own: dict[int, Any], shown: Shown | None
    ) -> list[tuple[str, str, str]]:
        """Return what a device answered in each vote: its name, the words, what came of it."""
        names = {1: "You said first", 2: "You said then"}
        rows = []
        for turn, answer in sorted(own.items()):
            known = shown is not None and shown.measured is not None
            score = asked.score(answer, shown.measured) if known else ""  # type: ignore[union-attr, arg-type]
            rows.append((names.get(turn, ""), asked.said(answer), str(score)))
        return rows

    async def board(self) -> Response:
        """Return the board's page."""
        room, hub = self._desk.room, self._desk.hub

        def read(db: Any) -> dict[str, Any]:  # noqa: ANN401 - the file
            stage = room.stage(db)
            return {
                "stage": stage,
                "stages": room.stages(db),
                "votes": room.rounds(db, stage.question),
                "devices": db.execute("SELECT count(*) FROM devices").fetchone()[0],
                "tasks": stuck.tasks(room, db),
                "line": stuck.line(db),
            }

        found = await self._desk.read(read)
        stage, asked = found["stage"], room.questions[found["stage"].question]
        shown = None
        if found["votes"]:
            revealed = stage.phase == "revealed"
            shown = self._shown(asked, found["votes"], revealed=revealed, width=900, size=20)
        place = room.order.index(asked.id)
        words = found | {
            "question": asked,
            "number": place + 1,
            "next": room.order[place + 1] if place + 1 < len(room.order) else None,
            "shown": shown,
            "here": max(hub.phones, found["devices"]),
            "code": self._code(),
            "path": f"{self._base}/board/{self._desk.secret}",
        }
        return self._html("board.html", words)

    async def board_state(self) -> dict[str, Any]:
        """Return what the board knows, as plain data."""
        room = self._desk.room

        def read(db: Any) -> dict[str, Any]:  # noqa: ANN401 - the file
            stages = room.stages(db)
            return self._desk.told(room.stage(db)) | {
                "devices": db.execute("SELECT count(*) FROM devices").fetchone()[0],
                "phones": self._desk.hub.phones,
                "helps": len(stuck.line(db)),
                "questions": [
                    {"id": s.question, "phase": s.phase, "round": s.round, "voted": s.voted}
                    for s in stages.values()
                ],
            }

        return await self._desk.read(read)

    def _shown(
        self, asked: Question, votes: tuple[Round, ...], *, revealed: bool, width: int, size: int
    ) -> Shown:
        guesses = [list(vote.answers.values()) for vote in votes]
        measured: Measured | None = None
        rows: tuple[tuple[str, str], ...] = ()
        moved: tuple[str, ...] = ()
        if revealed:
            try:
                measured, rows = stored_measured(asked), answer_rows(asked)
                moved = _moved(asked, votes, measured).lines
            except RelukitError:  # a notebook that was changed
                rows = (("measured", f'run verdict("{asked.id}") in the lesson\'s notebook'),)
        picture = drawn(asked, guesses, measured, width=width, size=size)
        held = next((text for label, text in rows if label == "holds"), "")
        rows = tuple(row for row in rows if row[0] != "holds")
        words = told(asked, guesses, measured)
        return Shown(Markup(picture), words, rows, held, moved, measured)

    def _code(self) -> Markup:
        code = segno.make(self._address, error="m")
        return Markup(
            code.svg_inline(
                border=2, light="#fff", omitsize=True, title=f"QR code: {self._address}"
            )
        )

    def answer(self, name: object, form: dict[str, str]) -> object:
        """Return the answer that a form gives, as the question reads it."""
        asked = self._desk.room.question(name)
        if isinstance(asked, Order):
            return [form.get(f"answer-{k}", "") for k in range(1, len(asked.items) + 1)]
        if isinstance(asked, Sketch):
            return [_number(form.get(f"answer-{k}", "")) for k in range(1, len(asked.at) + 1)]
        if isinstance(asked, Number):
            return _number(form.get("answer", ""))
        return form.get("answer", "")


def _number(text: str) -> float:
    """Return the number that somebody typed, with a comma or a point.

    Raises:
        Refused: there is none.
    """
    typed = text.strip().removesuffix("%").strip().replace(",", ".").replace("−", "-")
    try:
        return float(typed.replace("_", "x"))
    except ValueError:
        got = f"got {text[:30]!r}" if typed else "got nothing"
        sentence = f"Expected a number such as 0.5, {got}. Change it, and send it again."
        raise Refused("amiss", sentence) from None


def _moved(asked: Question, votes: tuple[Round, ...], measured: Measured) -> Moves:
    return moves(asked, [vote.answers for vote in votes], measured)


def _drafted(asked: Question, own: dict[int, Any], stage: Stage) -> Any:  # noqa: ANN401 - an answer
    """Return what the form is filled with: this vote's answer, else that of the first one."""
    found = own.get(stage.round, own.get(1))
    if isinstance(asked, Order):
        return found or tuple(item.short for item in asked.items)
    if isinstance(asked, Sketch):
        return [f"{value:.6g}" for value in found] if found else ["" for _ in asked.at]
    if isinstance(asked, Number):
        return "" if found is None else f"{found:.6g}"
    return found
