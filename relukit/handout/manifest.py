"""What a learner's folder was given: a hash for each file, by which a change is seen later."""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from relukit.files import write_whole

NAME = ".relukit.json"
_VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """What stands in the file `.relukit.json` of a learner's folder.

    Attributes:
        release: the version of the package that laid the course there last, or "".
        files: the SHA-256 of each file as it was laid, by the file's name in the folder.

    Example:
        >>> Manifest("0.1.0", {"LICENSE": digest(b"")}).files["LICENSE"][:8]
        'e3b0c442'
    """

    release: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file's content, as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read(folder: Path) -> Manifest:
    """Return what the folder was given; nothing where its manifest is missing or damaged.

    Then every file that differs from the release counts as the learner's.
    """
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        entry = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = {str(name): str(value) for name, value in entry["files"].items()}
        if entry["version"] == _VERSION:
            return Manifest(str(entry["release"]), files)
    return Manifest()


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest whole or not at all.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    files = dict(sorted(manifest.files.items()))
    entry = {"version": _VERSION, "release": manifest.release, "files": files}
    write_whole(folder / NAME, json.dumps(entry, indent=1) + "\n")
