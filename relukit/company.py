"""Who listens while somebody learns: the room that a notebook has joined, or nobody.

The engines that take a prediction or check an answer tell it here, and know no room.
"""

from typing import Protocol


class Listener(Protocol):
    """What a room does with what it hears; each answer is one quiet line, or ""."""

    def predicted(self, name: str, lesson: str, answer: object) -> str:
        """Hear of a prediction: the question's id, its lesson, the answer as it is kept."""

    def checked(self, task: str, status: str, diagnosis: str) -> str:
        """Hear of a check: the task's name, its status, the course's sentence on it or ""."""

    def shown(self, name: str) -> "Shown":
        """Return what the room guessed of a question."""


class Shown(Protocol):
    """What a room guessed, as a verdict shows it."""

    def __repr__(self) -> str:
        """Say it as plain lines."""

    def html(self) -> str:
        """Return it as a block of HTML."""


_listeners: list[Listener] = []  # one at most


def listener() -> Listener | None:
    """Return who listens now, or None.

    Example:
        >>> listener() is None
        True
    """
    return _listeners[-1] if _listeners else None


def listen(who: Listener | None) -> None:
    """Let somebody listen from now on, in place of whoever did; None for nobody.

    Args:
        who: the one room that this notebook is in.
    """
    _listeners[:] = [] if who is None else [who]
