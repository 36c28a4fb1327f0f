"""Model answers that are right, except in one range, sign, dtype, size, position or layout.

Nothing here knows which inputs a check has: what may be changed follows from the domains that a
task states, which are what its text allows.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from mutants.model import built, source
from mutants.mutant import Mutant

from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, layout_of
from relukit.checks.likeness import identical
from relukit.checks.task import Task

SLIGHT = 0.01  # relative: the largest error that a task allows in float16 is a fifth of it
POSITIONS = (0, 1, 8, 99, -1)
FIRST = (9, 100, 1000)
_SKIPPED = (  # the answer is no function of the arguments
    *("as_slope_module", "as_tester", "as_mender", "as_reader"),
    *("through_a_power_cut", "as_step", "as_penalty", "as_wrapper", "as_fifty"),
    *("as_filling", "as_swapper"),
)
Answer = Callable[..., object]


@dataclass(frozen=True)
class Range:
    """Where a parameter lies.

    Attributes:
        title: a few words.
        holds: a mask over the elements of an array, or one truth value for all of it.
    """

    title: str
    holds: Callable[[np.ndarray], np.ndarray | bool]


def range_mutants(task: Task) -> Iterator[Mutant]:
    """Yield the model answer, spoilt in one place at a time.

    Where the result has the shape of the parameter, only the elements in the range are spoilt;
    else the whole result is, where the number of the largest size lies in the range.
    """
    if task.harness.__name__ in _SKIPPED:
        return
    answer = built(task, source(task))
    for name, domain in task.domains.items():
        for entry in _ranges(domain):
            yield _mutant(f"{name} {entry.title}", _spoilt(answer, task, name, entry))
        for title, change in _changes(domain):
            yield _mutant(f"{name} {title}", _blind(answer, task, name, change))


def _mutant(title: str, answer: Answer) -> Mutant:
    return Mutant(title, lambda: answer)


def _ranges(domain: Domain) -> Iterator[Range]:
    for value in domain.values:
        yield Range(f"= {value!r}", lambda x, v=value: x == v)
    if domain.dtypes or domain.low is not None or not domain.values:
        yield from _magnitudes(domain)
    if domain.dtypes:
        yield from _forms(domain)


def _magnitudes(domain: Domain) -> Iterator[Range]:
    dtype = max(domain.dtypes, key=lambda d: len(domain.decades(d)), default="float64")
    if np.dtype(dtype).kind == "b":
        return
    for sign in domain.signs_of(dtype):
        word = "positive" if sign > 0 else "negative"
        yield Range(word, lambda x, s=sign: np.sign(x) == s)
        for k in domain.decades(dtype):
            yield Range(f"{word}, 1e{k} to 1e{k + 1}", lambda x, s=sign, k=k: _decade(x, s, k))
    if domain.zero:
        yield Range("0", lambda x: x == 0)
    if domain.special:
        yield Range("nan", np.isnan)
        yield Range("inf", lambda x: x == np.inf)
        yield Range("-inf", lambda x: x == -np.inf)


def _forms(domain: Domain) -> Iterator[Range]:
    for dtype in domain.dtypes:
        yield Range(f"of dtype {dtype}", lambda x, d=dtype: x.dtype == d)
    for axis, sizes in enumerate(domain.axes):
        for n in sizes:
            yield Range(f"{n} long on axis {axis}", lambda x, a=axis, n=n: np.shape(x)[a] == n)
    if not domain.axes:
        for n in SIZES:
            yield Range(f"of size {n}", lambda x, n=n: x.size == n)
        for place in POSITIONS:
            yield Range(f"at position {place}", lambda x, p=place: _at(x, p))
    for layout in LAYOUTS if len(domain.axes) != 1 else ("strided", "read-only"):
        yield Range(layout, lambda x, kind=layout: layout_of(x) == kind)


def _decade(x: np.ndarray, sign: int, k: int) -> np.ndarray:
    size = np.abs(x.astype(float))
    high = float(f"1e{k + 1}") if k < 308 else np.inf
    return (size >= float(f"1e{k}")) & (size < high) & (np.sign(x) == sign)


def _at(x: np.ndarray, place: int) -> np.ndarray:
    mask = np.zeros(x.size, dtype=bool)
    if -x.size <= place < x.size:
        mask[place] = True
    return mask.reshape(x.shape)


def _changes(domain: Domain) -> Iterator[tuple[str, Callable[[np.ndarray], np.ndarray]]]:
    """Yield changes of an array that an answer may make which looks at a part of it only."""
    for axis, sizes in enumerate(domain.axes):
        longest = max(sizes)
        for place in (p for p in POSITIONS if p < longest > 1):
            yield f"blind at {place} on axis {axis}", lambda x, a=axis, p=place: _copied(x, a, p)
        for n in (n for n in FIRST if n < longest):
            yield f"blind from {n} on, on axis {axis}", lambda x, a=axis, n=n: _repeated(x, a, n)


def _copied(x: np.ndarray, axis: int, place: int) -> np.ndarray:
    """Return an array in which one row repeats a neighbour."""
    n = x.shape[axis]
    if not -n <= place < n or n < 2:
        return x
    index = np.arange(n)
    index[place] = index[place - 1 if place else 1]
    return np.take(x, index, axis=axis)


def _repeated(x: np.ndarray, axis: int, n: int) -> np.ndarray:
    """Return an array whose rows from n on repeat the first."""
    index = np.arange(x.shape[axis])
    index[n:] = 0
    return np.take(x, index, axis=axis)


def _given(task: Task, name: str, arguments: tuple) -> object:
    """Return what an answer got for a parameter, or what it takes where nothing came."""
    position = task.parameters.index(name)
    if position < len(arguments):
        return arguments[position]
    return inspect.signature(task.reference).parameters[name].default


def _spoilt(answer: Answer, task: Task, name: str, entry: Range) -> Answer:
    def mutant(*arguments: object) -> object:
        value = answer(*arguments)
        given = _given(task, name, arguments)
        if isinstance(given, str):
            return _spoil(value) if entry.holds(np.asarray(given)) else value
        x = _flat(given)
        with np.errstate(all="ignore"):
            mask = np.asarray(entry.holds(x))
        if isinstance(value, np.ndarray) and mask.shape == value.shape == x.shape and x.ndim:
            return _where(mask, value)
        if mask.shape == x.shape and x.size > 1:
            size = np.abs(x.astype(float))
            mask = mask.reshape(-1)[np.argmax(np.where(np.isnan(size), np.inf, size))]
        return _spoil(value) if mask.all() and (mask.size or not x.size) else value

    return mutant


def _blind(answer: Answer, task: Task, name: str, change: Callable) -> Answer:
    position = task.parameters.index(name)

    def mutant(*arguments: object) -> object:
        given = list(arguments)
        if position < len(given) and np.size(given[position]):
            given[position] = change(given[position])
        return answer(*given)

    return mutant


def _flat(given: object) -> np.ndarray:
    """Return an array, a number or a list of arrays as one array."""
    if isinstance(given, list | tuple):
        return np.concatenate([np.ravel(part) for part in given])
    return np.asarray(given)


def _where(mask: np.ndarray, value: np.ndarray) -> np.ndarray:
    return np.where(mask, _spoil(value), value).astype(value.dtype)


def _spoil(value: object) -> object:
    """Return another value of the same kind."""
    if isinstance(value, tuple | list):
        parts = [_spoil(part) for part in value]
        changed = parts[::-1] if identical(parts, list(value)) else parts
        return type(value)(changed)
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return not value
    array = np.asarray(value)
    if array.size == 0:
        return np.zeros(1, array.dtype)
    if array.dtype.kind == "b":
        return ~array
    if array.dtype.kind in "iu":
        return array + np.ones((), array.dtype) if array.ndim else type(value)(value + 1)
    with np.errstate(all="ignore"):
        far = np.where(np.isfinite(array), array * (1 + SLIGHT), 1.0)
        slight = np.abs(far - array) <= 16 * np.finfo(array.dtype).smallest_subnormal
        far = np.where(slight, 1 + np.abs(array), far)
    return far.astype(array.dtype) if array.ndim else type(value)(far)
