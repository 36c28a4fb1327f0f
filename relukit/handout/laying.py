"""Laying the course into a folder, and renewing there what the learner did not touch."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import relukit
from relukit.errors import InvalidValueError, UnavailableError
from relukit.files import replaced
from relukit.handout import manifest
from relukit.handout.source import checkout, offered


@dataclass(frozen=True)
class Laid:
    """What came of laying the course into a folder; files are named as they are there.

    Attributes:
        folder: the learner's.
        release: the version that was laid.
        new: files that were not there.
        renewed: files that nobody had touched, and that are those of this release now.
        kept: files that somebody had changed, and that this release has otherwise.
        same: how many files were as this release has them.

    Example:
        >>> print(Laid(Path("course"), "0.1.0", new=("LICENSE",)))
        relukit 0.1.0 in course: 1 new, 0 renewed, 0 as they were, 0 of yours kept
    """

    folder: Path
    release: str
    new: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    same: int = 0

    def __str__(self) -> str:
        head = (
            f"relukit {self.release} in {self.folder}: {len(self.new)} new, "
            f"{len(self.renewed)} renewed, {self.same} as they were, {len(self.kept)} of yours kept"
        )
        if not self.kept:
            return head
        return "\n".join(
            [
                head,
                "You changed these, so they stay as they are. To have the release's beside yours, "
                "give yours another name and run this again:",
                *(f"  {name}" for name in self.kept),
            ]
        )


def lay(folder: str | Path, *, answers: bool = False, empty: bool = False) -> Laid:
    """Lay the course into a folder; what somebody changed there is never overwritten.

    A file is renewed where it is, byte for byte, what an earlier call laid there. What is missing
    comes back. Model answers that were laid once are renewed like everything else.

    Args:
        folder: it is made where it is missing.
        answers: whether to lay the model answers, too.
        empty: whether notebooks come without their outputs, for a room that must see no answer.

    Raises:
        InvalidValueError: the folder is the course's repository, where git brings what is new.
        UnavailableError: it cannot be written, or a file stands where a folder has to be.

    Example:
        >>> first = lay(getfixture("tmp_path") / "course")
        >>> again = lay(first.folder)
        >>> len(first.new) == again.same, again.new
        (True, ())
    """
    folder = Path(folder).absolute()
    if folder.resolve() == checkout():
        do = "name another folder; make lab opens this one, and make update renews it"
        raise InvalidValueError("a folder of your own", f"the repository {folder}", do)
    try:
        return _laid(folder, answers=answers, empty=empty)
    except OSError as error:
        said = f"{error.filename or folder}: {error.strerror}"
        raise UnavailableError("a folder that can be written", said, "name another one") from error


def _laid(folder: Path, *, answers: bool, empty: bool) -> Laid:
    folder.mkdir(parents=True, exist_ok=True)
    given = manifest.read(folder)
    answers = answers or any(name.startswith("solutions/") for name in given.files)
    hashes = dict(given.files)
    found: dict[str, list[str]] = {"new": [], "renewed": [], "kept": [], "same": []}
    try:
        for name, source in offered(answers=answers).items():
            data = source.read_bytes()
            if empty and name.endswith(".ipynb"):
                data = _emptied(data)
            state = _state(folder / name, manifest.digest(data), given.files.get(name))
            found[state].append(name)
            if state in ("new", "renewed"):
                _write(folder / name, data)
            if state != "kept":
                hashes[name] = manifest.digest(data)
    finally:  # also after an error: what has been laid is known as laid
        manifest.write(folder, replace(given, release=relukit.__version__, files=hashes))
    same = len(found.pop("same"))
    named = {state: tuple(names) for state, names in found.items()}
    return Laid(folder, relukit.__version__, same=same, **named)


def _emptied(notebook: bytes) -> bytes:
    """Return a notebook without its outputs, and with what was folded open."""
    document = json.loads(notebook)
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"].get("jupyter", {}).pop("outputs_hidden", None)
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _state(path: Path, released: str, given: str | None) -> str:
    """Return what is to be said of a file that a release has: a field of `Laid`.

    Args:
        path: where it is to stand.
        released: its hash in this release.
        given: its hash when it was laid there, or None.
    """
    if not path.exists():
        return "new"
    there = manifest.digest(path.read_bytes())
    if there == released:
        return "same"
    return "renewed" if there == given else "kept"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced(path) as stream:
        stream.write(data)
