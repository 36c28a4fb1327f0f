"""Joining a live room from a notebook: predictions become votes, and the lesson needs no room."""

import contextlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from relukit import company, record
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.files import write_whole
from relukit.panel import panel
from relukit.quantities import typed
from relukit.room.asking import Address, Reply, Silent, plain

if TYPE_CHECKING:
    from relukit.room.guessed import Guessed

NICKNAME = 24  # characters
FILE = "rooms.json"  # beside the record of progress: the token of this learner for each room
KEPT_ROOMS = 20
NOWHERE = "You are in no room. relukit.room.join('http://...') takes the address on the board."
_TOKEN = re.compile(r"[\w-]{16,128}", re.ASCII)
_SHARED = {"passed": "passed", "wrong": "wrong", "raised": "wrong"}  # status -> what a room counts


@dataclass(repr=False)
class Joined:
    """A room that this notebook is in, or was not let into.

    Attributes:
        address: where the room is.
        lesson: the lesson that it votes on, or "" where nobody answered.
        nickname: what the learner is called there, or None.
        share: whether the outcomes of checks are told to the room.
        named: whether the board may show the nickname.
        said: what happened last, as lines.
    """

    address: Address
    lesson: str = ""
    nickname: str | None = None
    share: bool = False
    named: bool = False
    said: tuple[str, ...] = ()
    _device: str = field(default="", compare=False)

    def __repr__(self) -> str:
        return "\n  ".join((self._heading, *self.said))

    def _repr_html_(self) -> str:
        edge = "passed" if self._device else "not attempted"
        return panel(self._heading, (), after=self.said, edge=edge, code=False)

    @property
    def _heading(self) -> str:
        state = f"you are in ({self.lesson})" if self._device else "you are not in"
        return f"room at {self.address}: {state}"

    def __bool__(self) -> bool:
        return bool(self._device)

    def predicted(self, name: str, lesson: str, answer: object) -> str:
        """Vote with a prediction, where the room's lesson asks it, and say what became of it."""
        if lesson != self.lesson:
            return ""
        vote = {"question": name, "round": None, "answer": answer}
        try:
            reply = self._post("/api/vote", vote)
        except Silent as why:
            return (
                f"The room doesn't answer ({why}): your prediction is kept here. "
                "Run this cell again to vote."
            )
        if not reply.good:
            return f"The room did not take it as a vote: {reply.sentence}"
        number = reply.data.get("round")
        counted = f" (round {number})" if type(number) is int else ""
        return f"The room has your vote{counted}."

    def checked(self, task: str, status: str, diagnosis: str) -> str:
        """Share the outcome of a check, where the learner wants that; a stub is none."""
        if not self.share or status not in _SHARED:
            return ""
        outcome = {"task": task, "outcome": _SHARED[status], "diagnosis": diagnosis or None}
        try:
            reply = self._post("/api/outcome", outcome)
        except Silent as why:
            return f"the room doesn't answer ({why}), so it does not know"
        return "" if reply.good else f"the room did not take it: {reply.sentence}"

    def shown(self, name: str) -> "Guessed":
        """Return what the room guessed of a question, as a verdict shows it."""
        from relukit.room.guessed import guessed

        try:
            reply = self.address.ask(f"/api/guesses/{quote(name, safe='')}")
        except Silent as why:
            return guessed(name, note=f"The room doesn't answer ({why}).")
        if not reply.good:
            return guessed(name, note=f"Nothing of the room yet: {reply.sentence}")
        return guessed(name, reply.data.get("rounds"))

    def ask_for_help(self) -> "Joined":
        """Ask whoever teaches to come by; the board shows who asked first."""
        return self._told("/api/help", "You are in the line for help.", "You are not in the line")

    def leave(self) -> "Joined":
        """Leave the room: predictions and checks are told to nobody any more.

        Votes that were cast stay counted. Nickname, outcomes and a wish for help go.
        """
        if company.listener() is self:
            company.listen(None)
        left = self._told("/api/leave", "You have left it.", "You have left it; it was not told")
        self._device = ""
        return left

    def _told(self, path: str, done: str, failed: str) -> "Joined":
        if not self._device:
            self.said = (NOWHERE,)
            return self
        try:
            reply = self._post(path, {})
            self.said = (done if reply.good else f"{failed}: {reply.sentence}",)
        except Silent as why:
            self.said = (f"{failed}: {why}.",)
        return self

    def _post(self, path: str, data: Mapping[str, object]) -> Reply:
        reply = self.address.ask(path, {"device": self._device, **data})
        if reply.status == 401:  # the room began anew: a token of its own once more
            self._enter()
            reply = self.address.ask(path, {"device": self._device, **data})
        return reply

    def _enter(self) -> None:
        """Get a token from the room, the old one where it knows that, or raise `Silent`."""
        where = str(self.address)
        old = self._device or _tokens().get(where, "")
        called = self.nickname or ("" if old else None)  # "" takes an earlier nickname back
        who = {"nickname": called, "named": self.named, "device": old or None}
        reply = self.address.ask("/api/join", who)
        token = reply.data.get("device")
        if not reply.good:
            raise Silent(f"it said: {reply.sentence}")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise Silent("what answers is no room")
        self._device = token
        if token != old:
            _keep(where, token)


def join(
    address: str, nickname: str | None = None, *, share: bool = False, named: bool = False
) -> Joined:
    """Join a live room: from now on `predict` votes there, too.

    Where nobody answers, it says so, and everything works as without a room. The same notebook,
    run again, stays the same voter.

    Args:
        address: as it stands on the board, such as "http://192.168.1.5:8765".
        nickname: at most 24 characters, or None for none.
        share: whether the room is told what came of your checks: per task, passed or wrong, and
            the course's own sentence on a known mistake. Your code stays with you.
        named: whether the board may show the nickname beside them; else it only counts.

    Returns:
        The room, which is true only where you are in.

    Raises:
        InvalidTypeError: an address or a nickname that is no text, or another type.
        InvalidValueError: an address that names no host, a nickname that is too long, empty or has
            no readable letters, or `named` without a nickname.

    Example:
        >>> bool(join("http://127.0.0.1:9", "Ada"))  # nobody listens there
        False
    """
    where = Address.parse(address)
    for name, value in (("share", share), ("named", named)):
        if not isinstance(value, bool):
            raise InvalidTypeError(f"{name}=True or {name}=False", typed(value), "write one")
    called = _nickname(nickname)
    if named and called is None:
        do = "add nickname='Ada', or leave named out"
        raise InvalidValueError("a nickname that the board may show", "none", do)
    room = Joined(where, nickname=called, share=share, named=named)
    try:
        state = where.ask("/api/state")
        lesson = state.data.get("lesson")
        if not state.good or not isinstance(lesson, str):
            raise Silent("what answers is no room")
        room.lesson = plain(lesson, 60)
        room._enter()
    except Silent as why:
        before = company.listener()
        stays = f" You stay in the room at {before.address}." if isinstance(before, Joined) else ""
        room.said = (
            f"No room answers there: {why}. The lesson goes on without it.{stays}",
            "Is the address the one on the board, and are you in its network? If your notebook "
            "runs on another machine, vote with a phone.",
        )
        return room
    company.listen(room)
    room.said = (
        "Your predictions are votes there from now on.",
        _about_checks(room),
        "relukit.room.ask_for_help() asks for help, relukit.room.leave() leaves.",
    )
    return room


def ask_for_help() -> Joined | str:
    """Ask for help in the room that this notebook has joined.

    Example:
        >>> ask_for_help()
        "You are in no room. relukit.room.join('http://...') takes the address on the board."
    """
    room = company.listener()
    return room.ask_for_help() if isinstance(room, Joined) else NOWHERE


def leave() -> Joined | str:
    """Leave the room that this notebook has joined.

    Example:
        >>> leave()
        "You are in no room. relukit.room.join('http://...') takes the address on the board."
    """
    room = company.listener()
    return room.leave() if isinstance(room, Joined) else NOWHERE


def _about_checks(room: Joined) -> str:
    if not room.share:
        return "What your checks find stays with you; share=True tells the room."
    who = f"as {room.nickname}" if room.named else "without your name"
    return f"The board counts what your checks find, {who}."


def _nickname(nickname: str | None) -> str | None:
    if nickname is None:
        return None
    wanted, do = f"a nickname of at most {NICKNAME} characters", "choose another, or none"
    if not isinstance(nickname, str):
        raise InvalidTypeError(wanted, typed(nickname), do)
    said = " ".join(nickname.split())
    if not said or not said.isprintable():
        raise InvalidValueError(f"{wanted} that can be read", repr(nickname), do)
    if len(said) > NICKNAME:
        raise InvalidValueError(wanted, f"{len(said)}: {said[:40]!r}", do)
    return said


def _file() -> Path:
    return record.path().with_name(FILE)


def _tokens() -> dict[str, str]:
    """Return the token for each room's address, the newest last; {} where nothing can be read."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {k: v for k, v in found.items() if isinstance(v, str) and _TOKEN.fullmatch(v)}


def _keep(where: str, token: str) -> None:
    tokens = {k: v for k, v in _tokens().items() if k != where}
    kept = list(tokens.items())[1 - KEPT_ROOMS :]
    with contextlib.suppress(OSError):  # without it, a kernel that starts again is a new voter
        file = _file()
        os.makedirs(file.parent, exist_ok=True)
        write_whole(file, json.dumps(dict([*kept, (where, token)])), private=True)
