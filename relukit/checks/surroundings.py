"""What code of a learner may leave behind in a process, and how it is put back."""

import contextlib
import operator
import os
import random
import signal
import sys
import threading
from collections.abc import Iterator
from types import MethodType, ModuleType

import numpy as np

# what tasks and references call; whatever else is replaced harms the learner's own code alone
WATCHED = {
    "builtins": "builtins",
    "math": "math",
    "numpy": "np",
    "numpy.linalg": "np.linalg",
    "scipy.special": "scipy.special",
    "torch": "torch",
    "torch.nn": "torch.nn",
    "torch.nn.functional": "F",
}
SMALL = ("builtins", "math", "numpy", "numpy.linalg")  # looked through within 0.1 ms
_NOTEBOOKS = {"input", "exit", "quit", "display", "help", "open"}  # which a kernel puts there
RECURSIONS = 1000  # Python's own limit; below it, not even an import works

_kept: dict[str, "_Offered"] = {}


class _Offered:
    """What a module offers, and whether it still does."""

    def __init__(self, module: ModuleType, values: dict[str, object]) -> None:
        self.module, self.keys, self.values = module, tuple(values), tuple(values.values())
        self._look_up = operator.itemgetter(*self.keys)

    def is_whole(self, *, quickly: bool) -> bool:
        """Return whether nothing is replaced; quickly, what says to be equal counts as the same."""
        try:
            found = self._look_up(vars(self.module))
            return found == self.values if quickly else all(map(operator.is_, found, self.values))
        except Exception:  # a name is gone, or what stands there now cannot be compared
            return False


def remember() -> None:
    """Note what the watched modules offer, as far as they are loaded and not yet noted."""
    for name in WATCHED:
        module = sys.modules.get(name)
        if name not in _kept and type(module) is ModuleType:
            offered = {key: value for key, value in vars(module).items() if _is_offered(key, value)}
            _kept[name] = _Offered(module, offered)


def _is_offered(key: str, value: object) -> bool:
    return key[0] != "_" and key not in _NOTEBOOKS and _is_code(value)


def _is_code(value: object) -> bool:
    return callable(value) and type(value) is not MethodType


def mend(*, small: bool = False) -> tuple[str, ...]:
    """Put back what was replaced in the watched modules, and return the names, as "np.maximum".

    Args:
        small: whether to look through the small modules alone, and quickly: between two calls.
    """
    replaced = []
    for name, offered in tuple(_kept.items()):
        module, now = offered.module, vars(offered.module)
        if small and name not in SMALL:
            continue
        if sys.modules.get(name) is not module:
            sys.modules[name] = module
            replaced.append(name)
        if offered.is_whole(quickly=small):
            continue
        values = dict(zip(offered.keys, offered.values, strict=True))
        for key, value in values.items():
            if now.get(key) is value:
                continue
            if _is_its_own(module, now.get(key), value):
                values[key] = now[key]
                continue
            now[key] = value
            replaced.append(f"{WATCHED[name]}.{key}")
        _kept[name] = _Offered(module, values)
    return tuple(replaced)


def _is_its_own(module: ModuleType, new: object, old: object) -> bool:
    """Return whether a library has wrapped its own function, as torch does when it loads more."""
    code = getattr(new, "__code__", None)
    folder = os.path.dirname(getattr(module, "__file__", None) or "")
    inside = bool(folder) and getattr(code, "co_filename", "").startswith(folder + os.sep)
    return inside and getattr(new, "__wrapped__", None) is old


@contextlib.contextmanager
def kept_for_a_call() -> Iterator[None]:
    """Put back what the next call, or code of ours, would trip over."""
    torch = sys.modules.get("torch")
    limit, trace = sys.getrecursionlimit(), sys.gettrace()
    if torch is not None:
        gradients, dtype = torch.is_grad_enabled(), torch.get_default_dtype()
    try:
        yield
    finally:
        if sys.getrecursionlimit() != limit:
            sys.setrecursionlimit(limit)
        if sys.gettrace() is not trace:
            sys.settrace(trace)
        if torch is not None:
            torch.set_grad_enabled(gradients)
            if torch.get_default_dtype() is not dtype:
                torch.set_default_dtype(dtype)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def kept_for_a_check() -> Iterator[None]:
    """Put back folder, environment, what an interrupt does, and the global random streams."""
    handler = signal.getsignal(signal.SIGINT)
    torch = sys.modules.get("torch")
    folder = _folder()
    environment, chance = dict(os.environ), random.getstate()
    numbers = np.random.get_state()  # noqa: NPY002 - the learner's own stream
    tensors = None if torch is None else torch.random.get_rng_state()
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(max(limit, RECURSIONS))
        yield
    finally:
        sys.setrecursionlimit(limit)
        if signal.getsignal(signal.SIGINT) is not handler and _is_main() and handler is not None:
            signal.signal(signal.SIGINT, handler)
        if folder and _folder() != folder:
            with contextlib.suppress(OSError):
                os.chdir(folder)
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)
        random.setstate(chance)
        np.random.set_state(numbers)  # noqa: NPY002
        if torch is not None:
            torch.random.set_rng_state(tensors)


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # somebody has removed it
        return ""


remember()
