"""What an experiment measured, kept beside the progress file, so that nobody waits for it twice.

`verdict` reads and writes it, and so do the experiments that figures call (`cache`), in a learner's
kernel: `relukit replicate`, `relukit claims` and the ledger's own tests measure. A result is found
again while nothing that it rests on has changed: the package's sources, the setting and other
arguments, the versions, the machine and its threads. It is plain JSON (`ledger/plain.py`), so that
reading it runs nothing, whoever wrote it.
"""

import contextlib
import hashlib
import itertools
import json
import os
import platform
import time
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import cache as remembered
from functools import partial, wraps
from importlib.metadata import PackageNotFoundError, version
from inspect import signature
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar, get_type_hints

import relukit
from relukit import record, waiting
from relukit.files import write_whole
from relukit.ledger.finding import Measured
from relukit.ledger.plain import Classes, classes_of, decoded, encoded
from relukit.ledger.setting import Setting
from relukit.statistics import Interval

VARIABLE = "RELUKIT_KEPT"  # "off" keeps nothing and finds nothing, as where outputs are compared
WORTH = 0.5  # seconds; what takes less is measured again
MOST, MOST_BYTES = 500, 2**25  # results, and all of them together; the oldest goes
LONGEST = 2**20  # bytes; what is longer is no result
_NOT_KEPT = (TypeError, ValueError, NameError, RuntimeError)  # a kind that JSON lacks
_RESTS_ON = ("torch", "numpy", "scipy", "scikit-learn")
_OWN: dict[str, type] = {"Interval": Interval}

_Value = TypeVar("_Value")
_Arguments = ParamSpec("_Arguments")


@dataclass(frozen=True)
class _Look:
    """What may be found instead of measured.

    Attributes:
        reads, writes: what is kept.
        since: the number of the first measurement in this kernel that counts.
        times: gets the time of each result that was found.
        tells: whether a bar says from when a result is; a verdict says it itself.
    """

    reads: bool = False
    writes: bool = False
    since: int = 0
    times: list[float] = field(default_factory=list)
    tells: bool = False


@dataclass(frozen=True)
class _Result(Generic[_Value]):
    """A value, when it was measured (None: now, in this kernel), and the measurement's number."""

    value: _Value
    made: float | None
    number: int


_looking: ContextVar[_Look | None] = ContextVar("looking", default=None)
_numbers = itertools.count()


@contextlib.contextmanager
def looking(*, fresh: bool = False) -> Iterator[list[float]]:
    """Let experiments find what is kept, and give a list that gets the time of each that did.

    Args:
        fresh: whether they measure nevertheless, and all that they call; what is kept gives way.
    """
    on = _on()
    look = _Look(on and not fresh, on, next(_numbers) if fresh else 0)
    token = _looking.set(look)
    try:
        yield look.times
    finally:
        _looking.reset(token)


def kept_or(measure: Callable[[], Measured], run: Callable[..., Any], setting: Setting) -> Measured:
    """Return what is kept of an experiment, or measure it and keep that where it took long.

    Args:
        measure: runs it.
        run: the experiment.
        setting: where.
    """
    look = _looking.get() or _Look()
    return _found_or(measure, look, lambda: _key(run, repr(setting)), lambda: _OWN).value


def cache(run: Callable[_Arguments, _Value]) -> Callable[_Arguments, _Value]:
    """Remember what a function returns, as `functools.cache` does, and keep it for other kernels.

    What takes over half a second is kept as a verdict's measurements are. `verdict(...,
    fresh=True)` calls the function anew, and `relukit claims` and `replicate` find nothing kept.

    Args:
        run: returns what `relukit.ledger.plain` encodes, or else it is remembered in this kernel
            only; its annotation names each data class.
    """
    return _remembering(run, keeps=True)


def once(run: Callable[_Arguments, _Value]) -> Callable[_Arguments, _Value]:
    """Remember what a function returns in this kernel, until `verdict(..., fresh=True)`.

    Args:
        run: returns what is not kept, such as networks, or times.
    """
    return _remembering(run, keeps=False)


def _remembering(run: Callable[_Arguments, _Value], *, keeps: bool) -> Callable[_Arguments, _Value]:
    results: dict[Hashable, _Result[_Value]] = {}
    takes = signature(run)

    @wraps(run)
    def remembering(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Value:
        bound = takes.bind(*args, **kwargs)
        bound.apply_defaults()
        arguments = bound.args, tuple(sorted(bound.kwargs.items()))
        on = _on()
        look = _looking.get() or _Look(on, on, tells=True)
        found = results.get(arguments)
        if found and found.number >= look.since and (look.reads or found.made is None):
            if found.made is not None:
                look.times.append(found.made)
            return found.value
        stops = waiting.stops()
        found = _found_or(
            partial(run, *args, **kwargs), look,
            lambda: _key(run, _described(arguments)) if keeps else None,
            lambda: _OWN | _classes(run),
        )  # fmt: skip
        if waiting.stops() == stops:
            results[arguments] = found
        return found.value

    remembering.cache_clear = results.clear  # type: ignore[attr-defined]
    return remembering


def _found_or(
    measure: Callable[[], _Value],
    look: _Look,
    key: Callable[[], str | None],
    classes: Callable[[], Classes],
) -> _Result[_Value]:
    """Return what is kept under a key, or measure it."""
    file = None
    if look.reads or look.writes:
        with contextlib.suppress(OSError, TypeError):  # no home, no source, or no words for it
            name = key()
            file = folder() / f"{name}.json" if name else None
    if file is not None and look.reads and (kept := _read(file, classes)):
        value, seconds, made = kept
        look.times.append(made)
        if look.tells and seconds > waiting.SECONDS:
            waiting.found(f"from {when(made)}")
        return _Result(value, made, next(_numbers))
    number, stops = next(_numbers), waiting.stops()
    inside = replace(look, times=[])
    token, began = _looking.set(inside), time.perf_counter()
    try:
        value = measure()
    finally:
        _looking.reset(token)
        look.times.extend(inside.times)
    took = time.perf_counter() - began
    oldest = min(inside.times, default=None)
    if file is not None and look.writes and took > WORTH and waiting.stops() == stops:
        with contextlib.suppress(OSError, *_NOT_KEPT):
            _write(file, encoded(value, classes()), took, oldest)
    return _Result(value, oldest, number)


def _on() -> bool:
    return os.environ.get(VARIABLE) != "off"


def _described(argument: object) -> str:
    """Return an argument as words that name nothing else.

    Raises:
        TypeError: there are none.
    """
    if argument is None or type(argument) in (bool, int, float, str, range):
        return repr(argument)
    if isinstance(argument, tuple) and type(argument) is tuple:
        return f"({', '.join(map(_described, argument))})"
    if isinstance(argument, FunctionType) and argument.__module__.startswith("relukit."):
        if "<" not in argument.__qualname__:  # no lambda, and none inside of another one
            return f"{argument.__module__}.{argument.__qualname__}"
    elif is_dataclass(argument) and not isinstance(argument, type):
        named = ((f.name, getattr(argument, f.name)) for f in fields(argument) if f.compare)
        said = ", ".join(f"{name}={_described(value)}" for name, value in named)
        return f"{type(argument).__module__}.{type(argument).__qualname__}({said})"
    raise TypeError(f"{type(argument).__name__} is not described")


@remembered
def _classes(run: Callable[..., Any]) -> dict[str, type]:
    return classes_of(get_type_hints(run).get("return"))


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


def _key(run: Callable[..., Any], *arguments: str) -> str:
    import torch

    rests = [run.__module__, run.__qualname__, *arguments, _sources(), *_versions()]
    card = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    rests += [card, str(torch.get_num_threads()), str(torch.get_default_dtype())]
    return hashlib.sha256(json.dumps(rests).encode()).hexdigest()[:32]


@remembered
def _versions() -> tuple[str, ...]:
    found = [platform.python_version(), platform.machine(), platform.system()]
    for name in _RESTS_ON:
        with contextlib.suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return tuple(found)


@remembered
def _sources() -> str:
    """Return a digest of the package: its code, and what its lessons state."""
    root, found = Path(relukit.__file__).parent, hashlib.sha256()
    for file in sorted(root.rglob("*")):
        if file.suffix in (".py", ".toml") and file.is_file():
            data = file.read_bytes()
            found.update(f"{file.relative_to(root).as_posix()} {len(data)}\n".encode() + data)
    return found.hexdigest()


def _read(file: Path, classes: Callable[[], Classes]) -> tuple[Any, float, float] | None:
    """Return a value, the seconds it took and when; None where there is none, or a damaged one."""
    try:
        with file.open("rb") as stream:
            text, made = stream.read(LONGEST + 1), os.fstat(stream.fileno()).st_mtime
        if len(text) > LONGEST:
            return None
        kept = json.loads(text)
        if kept["digest"] != _digest(kept["value"]):
            return None
        return decoded(kept["value"], classes()), float(kept["seconds"]), made
    except Exception:  # whatever somebody wrote there: it is measured anew
        return None


def _digest(plain: object) -> str:
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:32]


def _write(file: Path, plain: object, seconds: float, made: float | None) -> None:
    text = json.dumps({"digest": _digest(plain), "seconds": seconds, "value": plain})
    if len(text) > LONGEST:
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(file, text, private=True)
    if made is not None:  # as old as what it rests on
        os.utime(file, (made, made))
    sizes = 0
    for count, old in enumerate(reversed(files())):
        with contextlib.suppress(FileNotFoundError):  # another kernel has thrown it out
            sizes += old.stat().st_size
            if count >= MOST or sizes > MOST_BYTES:
                old.unlink()
