"""A file from which a killed run goes on as if nothing had happened."""

import os
from dataclasses import dataclass
from pathlib import Path

import torch

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.files import drafts, replaced
from relukit.quantities import integer
from relukit.training.jobs import State


@dataclass(frozen=True)
class Checkpoint:
    """Where the state of a run is kept, and how often.

    Args:
        path: of the file; written whole and then renamed, so that it is never half a file.
        every: number of steps between two writes, at least 1.

    Raises:
        InvalidTypeError: no path, or an `every` that is no whole number.
        InvalidValueError: an empty path, or an `every` below 1.

    Example:
        >>> Checkpoint("run.pt", every=50).every
        50
    """

    path: str | os.PathLike[str]
    every: int = 200

    def __post_init__(self) -> None:
        if not isinstance(self.path, str | os.PathLike):
            kind = type(self.path).__name__
            raise InvalidTypeError("a path or a Checkpoint", kind, "pass 'run.pt', say")
        if not str(self.path):
            raise InvalidValueError("a path", "an empty one", "pass 'run.pt', say")
        integer("every", self.every, least=1)


class Store:
    """The states of one run, kept in a file; nowhere without a checkpoint.

    Args:
        checkpoint: a Checkpoint, a path of one, or None.
        identity: what tells this run from others, by name.

    Example:
        >>> Store(None, {}).read()
        {}
    """

    def __init__(
        self, checkpoint: str | os.PathLike[str] | Checkpoint | None, identity: dict[str, str]
    ) -> None:
        if checkpoint is not None and not isinstance(checkpoint, Checkpoint):
            checkpoint = Checkpoint(checkpoint)
        self.checkpoint, self.identity = checkpoint, identity

    def read(self) -> dict[int, State]:
        """Return the states by the position of their first member, {} where there is no file.

        Raises:
            InvalidValueError: the file is of another run (the settings that differ are named), or
                no checkpoint, or in a folder that is not there.
        """
        if self.checkpoint is None:
            return {}
        path, identity = Path(self.checkpoint.path), self.identity
        if not path.parent.is_dir():
            raise InvalidValueError(
                "a path in a folder that is there", str(path), "make the folder first"
            )
        for left in drafts(path):  # by a run that was killed while it wrote
            left.unlink(missing_ok=True)
        if not path.exists():
            return {}
        try:
            saved = torch.load(path, weights_only=True, map_location="cpu")
            found, states = saved["settings"], saved["chunks"]
        except Exception as cause:
            raise InvalidValueError(
                "a checkpoint that train wrote", str(path), "name another file"
            ) from cause
        different = [
            f"{name} {found.get(name, 'absent')} (now {identity.get(name, 'absent')})"
            for name in sorted(found.keys() | identity.keys())
            if found.get(name) != identity.get(name)
        ]
        if different:
            raise InvalidValueError(
                f"the checkpoint {path} of this very run",
                "one with another " + "; another ".join(different),
                "set these back, or name another file",
            )
        return states

    def write(self, states: dict[int, State]) -> None:
        """Replace the file at once by one with these states."""
        if self.checkpoint is None:
            return
        with replaced(Path(self.checkpoint.path)) as file:
            torch.save({"settings": self.identity, "chunks": states}, file)

    def due(self, step: int) -> bool:
        """Return whether the states are written after so many steps of a job."""
        return self.checkpoint is not None and step % self.checkpoint.every == 0
