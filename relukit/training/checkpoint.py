"""A file from which a killed run goes on as if nothing had happened."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from relukit.errors import InvalidValueError
from relukit.training.arguments import count


@dataclass(frozen=True)
class Checkpoint:
    """Where the state of a run is kept, and how often.

    Args:
        path: of the file; written whole and then renamed, so that it is never half a file.
        every: number of steps between two writes, at least 1.

    Raises:
        InvalidTypeError: `every` is no whole number.
        InvalidValueError: `every` is below 1.

    Example:
        >>> Checkpoint("run.pt", every=50).every
        50
    """

    path: str | os.PathLike
    every: int = 200

    def __post_init__(self) -> None:
        count("every", self.every)

    def read(self, settings: dict[str, str]) -> dict[int, dict]:
        """Return the states by the position of their first member, {} where there is no file.

        Raises:
            InvalidValueError: the file is of another run (the settings that differ are named), or
                no checkpoint, or in a folder that is not there.
        """
        if not Path(self.path).parent.is_dir():
            raise InvalidValueError(
                "a path in a folder that is there", str(self.path), "make the folder first"
            )
        if not Path(self.path).exists():
            return {}
        try:
            saved = torch.load(self.path, weights_only=True, map_location="cpu")
            found, chunks = saved["settings"], saved["chunks"]
        except Exception as cause:
            raise InvalidValueError(
                "a checkpoint that train wrote", str(self.path), "name another file"
            ) from cause
        different = [
            f"{name} {found.get(name, 'absent')} (now {settings.get(name, 'absent')})"
            for name in sorted(found.keys() | settings.keys())
            if found.get(name) != settings.get(name)
        ]
        if different:
            raise InvalidValueError(
                f"the checkpoint {self.path} of this very run",
                "one with another " + "; another ".join(different),
                "set these back, or name another file",
            )
        return chunks

    def write(self, settings: dict[str, str], chunks: dict[int, dict]) -> None:
        """Replace the file at once by one with these settings and states."""
        path = Path(self.path)
        draft = path.with_name(path.name + ".partial")
        with draft.open("wb") as file:
            torch.save({"settings": settings, "chunks": chunks}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def digest(tensors: list[Tensor | None]) -> str:
    """Return 16 hexadecimal digits that stand for the values, shapes and dtypes of tensors.

    Example:
        >>> digest([torch.zeros(2)]) == digest([torch.zeros(2, 1)])
        False
    """
    found = hashlib.sha256()
    for tensor in tensors:
        if tensor is None:
            found.update(b"none")
            continue
        found.update(f"{tuple(tensor.shape)} {tensor.dtype}".encode())
        plain = tensor.detach().cpu().contiguous().view(-1)
        found.update(plain.view(torch.uint8).numpy().tobytes())
    return found.hexdigest()[:16]
