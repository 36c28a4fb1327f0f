"""Which functions an answer's code names, so that nothing is said of one that it does not call."""

import functools
import re
import types
from typing import Any

from relukit.checks.plain import name_of

MOST = 500  # functions that are followed from one answer

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
# what is a function in a sentence, and no word: a call, a library's member, a name of mathematics
_FUNCTION = re.compile(
    r"\b(\w+)\(|\b(?:np|math|torch|scipy)(?:\.\w+)*\.(\w+)"
    r"|\b(tanh|erf|exp|expm1|log1p|hypot|argmax|argmin|softplus|softmax|cross_entropy|nll_loss)\b"
)


def functions_in(sentence: str) -> frozenset[str]:
    """Return the functions that a sentence names.

    Example:
        >>> sorted(functions_in("exp overflows, and np.log1p(x) does not"))
        ['exp', 'log1p']
    """
    return frozenset(
        filter(None, (name for found in _FUNCTION.findall(sentence) for name in found))
    )


def names_in_text(source: str) -> frozenset[str]:
    """Return every name in the text of a program.

    Example:
        >>> sorted(names_in_text("y = np.tanh(x)"))
        ['np', 'tanh', 'x', 'y']
    """
    return frozenset(_IDENTIFIER.findall(source))


def names_in(answer: object) -> frozenset[str] | None:
    """Return every name that an answer's code uses, or None where its code is not to be seen.

    Functions of the learner's own that it calls are followed, by their names, through closures,
    partials, methods and classes. Of a function without Python code, its own name counts.

    Example:
        >>> sorted(names_in(lambda x: abs(x) + x.max()))
        ['abs', 'max']
        >>> names_in(lambda x: False), names_in(3)
        (frozenset(), None)
    """
    found: set[str] = set()
    try:
        waiting: list[object] = [answer]
        seen: set[int] = set()
        while waiting and len(seen) < MOST:
            item = waiting.pop()
            if id(item) not in seen:
                seen.add(id(item))
                waiting += _followed(item, found)
    except Exception:  # an object may raise anything where it is looked at
        return None
    seen_code = type(answer) is types.FunctionType  # which may use no name at all
    return frozenset(found) if found or seen_code else None


def _followed(item: Any, found: set[str]) -> list[object]:  # noqa: ANN401 - anything at all
    """Note the names of one thing, and return what it leads to."""
    kind = type(item)
    if kind is types.FunctionType:
        found |= _names_of(item.__code__)
        cells = [cell.cell_contents for cell in item.__closure__ or () if _is_full(cell)]
        used = [item.__globals__[n] for n in _names_of(item.__code__) if n in item.__globals__]
        own = item.__globals__.get("__name__")
        for value in (*cells, *used):
            found |= {_own_name(value)} - {""}
        return [*cells, *(v for v in used if getattr(v, "__module__", None) == own)]
    if kind is types.MethodType:
        return [item.__func__, item.__self__]
    if kind is functools.partial:
        return [item.func, *item.args]
    if issubclass(kind, type):
        own = (base for base in item.__mro__ if base.__module__ == item.__module__)
        return [member for base in own for member in vars(base).values()]
    if _own_name(item):
        found.add(_own_name(item))
        return []
    return [] if kind.__module__ == "builtins" else [kind]


def _own_name(value: Any) -> str:  # noqa: ANN401 - anything at all
    """Return the name of a function or type, else ""."""
    if issubclass(type(value), type):
        return name_of(value)
    name = getattr(value, "__name__", "") if callable(value) else ""
    return name if type(name) is str else ""


def _is_full(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:  # of a function that is not yet defined
        return False


def _names_of(code: types.CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            names |= _names_of(constant)
        elif type(constant) is str and constant.isidentifier():  # getattr(np, "tanh")
            names.add(constant)
    return names
