"""What an experiment measured, kept beside the progress file, so that nobody waits for it twice.

Only `verdict` reads and writes it, in a learner's kernel: `relukit replicate`, `relukit claims` and
the ledger's own tests measure. A result is found again while nothing that it rests on has changed:
the package's sources, the setting, the versions, the machine and its threads. It is plain JSON, so
that reading it runs nothing, whoever wrote it.
"""

import contextlib
import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import relukit
from relukit import record
from relukit.files import write_whole
from relukit.ledger.finding import Measured, Value
from relukit.ledger.setting import Setting
from relukit.statistics import Interval

VARIABLE = "RELUKIT_KEPT"  # "off" keeps nothing and finds nothing, as where outputs are compared
WORTH = 0.5  # seconds; what takes less is measured again
MOST = 500  # results, a few hundred bytes each; the oldest goes
LONGEST = 2**16  # bytes; what is longer is no result
_RESTS_ON = ("torch", "numpy", "scipy", "scikit-learn")

_looking: ContextVar[tuple[list[float], bool] | None] = ContextVar("looking", default=None)


@contextlib.contextmanager
def looking(*, fresh: bool = False) -> Iterator[list[float]]:
    """Let experiments find what is kept, and give a list that gets the time of each that did.

    Args:
        fresh: whether they measure nevertheless, and what is kept gives way.
    """
    times: list[float] = []
    token = _looking.set(None if os.environ.get(VARIABLE) == "off" else (times, fresh))
    try:
        yield times
    finally:
        _looking.reset(token)


def kept_or(measure: Callable[[], Measured], run: Callable[..., Any], setting: Setting) -> Measured:
    """Return what is kept of an experiment, or measure it and keep that where it took long.

    Args:
        measure: runs it.
        run: the experiment.
        setting: where.
    """
    look = _looking.get()
    if look is None:
        return measure()
    times, fresh = look
    file = None
    with contextlib.suppress(OSError):  # no home, or no source to read
        file = folder() / f"{_key(run, setting)}.json"
    if file is not None and not fresh and (found := _read(file)):
        times.append(found[1])
        return found[0]
    began = time.perf_counter()
    values = measure()
    if file is not None and time.perf_counter() - began > WORTH:
        with contextlib.suppress(OSError, TypeError):  # a full disk, or a kind that JSON lacks
            _write(file, values)
    return values


def folder() -> Path:
    """Return the folder of the kept results, beside the progress file.

    Raises:
        OSError: there is no home.
    """
    file = record.path()
    return file.with_name(f"{file.stem}-kept")


def files() -> list[Path]:
    """Return all that lies in the folder, the oldest first."""
    try:
        ages = [(found.stat().st_mtime, found) for found in folder().iterdir()]
    except OSError:  # there is none, or another kernel has just thrown one out
        return []
    return [found for _, found in sorted(ages)]


def when(made: float, now: float | None = None) -> str:
    """Return a time in words.

    Args:
        made: seconds since the epoch.
        now: the same; None takes the clock's.

    Example:
        >>> noon = datetime(2026, 12, 1, 12).timestamp()
        >>> when(noon - 3600, noon), when(noon - 86400, noon), when(noon - 3 * 86400, noon)
        ('this morning', 'yesterday', '28 November')
    """
    then = datetime.fromtimestamp(made)
    today = datetime.fromtimestamp(time.time() if now is None else now)
    if then.date() == today.date():
        parts = ((12, "this morning"), (18, "this afternoon"), (24, "this evening"))
        return next(words for end, words in parts if then.hour < end)
    if then.date() == today.date() - timedelta(days=1):
        return "yesterday"
    year = f" {then.year}" if then.year != today.year else ""
    return f"{then.day} {then:%B}{year}"


def _key(run: Callable[..., Any], setting: Setting) -> str:
    import torch

    rests = [run.__module__, run.__qualname__, repr(setting), _sources(), *_versions()]
    card = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    rests += [card, str(torch.get_num_threads()), str(torch.get_default_dtype())]
    return hashlib.sha256(json.dumps(rests).encode()).hexdigest()[:32]


@cache
def _versions() -> tuple[str, ...]:
    found = [platform.python_version(), platform.machine(), platform.system()]
    for name in _RESTS_ON:
        with contextlib.suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return tuple(found)


@cache
def _sources() -> str:
    """Return a digest of the package: its code, and what its lessons state."""
    root, found = Path(relukit.__file__).parent, hashlib.sha256()
    for file in sorted(root.rglob("*")):
        if file.suffix in (".py", ".toml") and file.is_file():
            data = file.read_bytes()
            found.update(f"{file.relative_to(root).as_posix()} {len(data)}\n".encode() + data)
    return found.hexdigest()


def _read(file: Path) -> tuple[Measured, float] | None:
    """Return the values and when they were measured; None where there are none, or damaged ones."""
    try:
        with file.open("rb") as stream:
            text, made = stream.read(LONGEST + 1), os.fstat(stream.fileno()).st_mtime
        if len(text) > LONGEST:
            return None
        values = {name: _value(one) for name, one in json.loads(text).items()}
        return (values, made) if values else None
    except Exception:  # whatever somebody wrote there: it is measured anew
        return None


def _value(kept: object) -> Value:
    if isinstance(kept, dict):
        ends = {name: float(kept[name]) for name in ("mean", "low", "high")}
        found = Interval(**(kept | ends))
        if (type(found.n), type(found.level), type(found.counted)) != (int, float, str):
            raise ValueError("no interval")
        return found
    if isinstance(kept, bool) or not isinstance(kept, int | float):
        raise ValueError("no number")
    float(kept)  # which refuses an integer that is too long for one
    return kept


def _write(file: Path, values: Measured) -> None:
    plain = {n: asdict(v) if isinstance(v, Interval) else v for n, v in values.items()}
    text = json.dumps(plain)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(file, text, private=True)
    for old in files()[:-MOST]:
        old.unlink(missing_ok=True)
