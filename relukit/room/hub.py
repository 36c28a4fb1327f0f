"""Who waits for news of a room, and when they are told: at once, but never in a flood."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

SWIFT, SLOW = 0.15, 1.0  # seconds between two pieces of news: to the board, to the phones
SIGN = 15.0  # seconds after which a stream that has no news says that it is alive
STREAMS, EACH = 1500, 4  # streams in all, and of one listener

State = dict[str, Any]


class Hub:
    """The room's news.

    Args:
        read: returns the room's public state.

    Attributes:
        state: the newest one that was told.
        phones: how many phones follow.
    """

    def __init__(self, read: Callable[[], Awaitable[State]]) -> None:
        self._read = read
        self.state: State = {}
        self._dirty, self._swift, self._slow = asyncio.Event(), _Pulse(), _Pulse()
        self._listening: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self.closing = False

    @property
    def phones(self) -> int:
        """How many devices follow the room just now."""
        return sum(name != "board" for name in self._listening)

    async def start(self) -> None:
        """Read the state for the first time, and begin to tell."""
        self.state = await self._read()
        self._task = asyncio.create_task(self._tell())

    async def stop(self) -> None:
        """End every stream."""
        self.close()
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def close(self) -> None:
        """Let every stream end at its next piece of news, which comes now."""
        self.closing = True
        self._swift.beat()
        self._slow.beat()

    def changed(self) -> None:
        """Say that something in the room is different now."""
        self._dirty.set()

    async def _tell(self) -> None:
        clock, told = asyncio.get_running_loop().time, 0.0
        while True:
            wait = None if self._slow.told(self.state) else SLOW
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._dirty.wait()
            self._dirty.clear()
            with contextlib.suppress(Exception):  # a full disk must not end the news
                self.state = await self._read()
            self._swift.beat()
            if clock() - told >= SLOW or not self._slow.same_stage(self.state):
                self._slow.beat(self.state)
                told = clock()
            await asyncio.sleep(SWIFT)

    async def follow(self, who: str, gone: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
        """Yield the public state as server-sent events, whenever it has changed.

        Args:
            who: the listener's name; "board" is told sooner.
            gone: whether the listener has gone.
        """
        pulse = self._swift if who == "board" else self._slow
        self._listening[who] = self._listening.get(who, 0) + 1
        self.changed()
        try:
            yield "retry: 2000\n\n"
            last = None
            while not self.closing:
                if self.state != last:
                    last = self.state
                    yield f"id: {last.get('version')}\ndata: {json.dumps(last)}\n\n"
                elif await gone():
                    return
                else:
                    yield ": still here\n\n"
                await pulse.wait(SIGN)
        finally:
            self._listening[who] -= 1
            if not self._listening[who]:
                del self._listening[who]
            self.changed()

    def admits(self, who: str) -> bool:
        """Return whether one more stream of a listener is taken."""
        return (
            sum(self._listening.values()) < STREAMS
            and self._listening.get(who, 0) < EACH
            and not self.closing
        )


class _Pulse:
    """What many wait for at once."""

    def __init__(self) -> None:
        self._event, self._state = asyncio.Event(), State()

    def beat(self, state: State | None = None) -> None:
        self._state = self._state if state is None else state
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()

    def told(self, state: State) -> bool:
        return self._state == state

    def same_stage(self, state: State) -> bool:
        keys = ("question", "phase", "round")
        return [self._state.get(k) for k in keys] == [state.get(k) for k in keys]
