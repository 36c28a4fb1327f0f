"""A live class: a board, phones that vote, notebooks that join.

What a notebook needs of it is here, and loads no server.
"""

from relukit.room.joining import Joined, ask_for_help, join, leave

__all__ = ["Joined", "ask_for_help", "join", "leave"]
