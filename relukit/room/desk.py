"""Between the pages and the file: reads, changes at a bearable pace, and news of what changed."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from relukit.room.guard import Pace
from relukit.room.hub import Hub
from relukit.room.rooms import Refused, Room, Stage
from relukit.room.store import Store

T = TypeVar("T")


class Desk:
    """What every page of a room works with.

    Args:
        room: the rules.
        store: the room's file, in which the room has begun.
        secret: what the board's link ends with.
        address: at which phones open the room, without a slash behind it.

    Attributes:
        hub: who waits for news.
        board_link: the board's whole address.
        base: what stands before each of the room's paths, such as "/services/room", or "".
    """

    def __init__(self, room: Room, store: Store, secret: str, address: str) -> None:
        self.room, self.store, self.secret = room, store, secret
        self.board_link = f"{address}/board/{secret}"
        self.base = urlsplit(address).path
        self.hub = Hub(self.public)
        self._pace = Pace()

    async def read(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """Return what is read from the room's file."""
        return await asyncio.wrap_future(self.store.do(act))

    async def change(self, who: str, act: Callable[[sqlite3.Connection], T]) -> T:
        """Change the room's file, and return when that is on disk.

        Args:
            who: the device, whose pace is counted; "" counts none.
            act: what changes.

        Raises:
            Refused: too fast, or what `act` refuses.
        """
        if who and not self._pace.allows(who):
            sentence = "That was too fast: 5 answers a second are enough. Wait, and send it again."
            raise Refused("fast", sentence)
        result = await self.read(act)
        self.hub.changed()
        return result

    async def public(self) -> dict[str, Any]:
        """Return what everybody may know."""
        return self.told(await self.read(self.room.stage))

    def told(self, stage: Stage) -> dict[str, Any]:
        """Return a stage as it is sent."""
        return {
            "lesson": self.room.lesson,
            "question": stage.question,
            "phase": stage.phase,
            "round": stage.round,
            "voted": stage.voted,
            "version": stage.version,
        }
