"""The one narrow way from a check to a learner's answer: arrays in, data out.

Nothing here knows a task or a reference answer, so that the same call can be made in a process of
its own.
"""

import contextlib
import inspect
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from relukit.checks.layouts import laid_out, layout_of
from relukit.checks.mishap import MESSAGE, Mishap, describe, is_blank, says_unwritten
from relukit.checks.plain import name_of, plain
from relukit.checks.surroundings import kept_for_a_call, mend

Arguments = tuple[Any, ...]  # what each is, the task's text says: an array, a number, a choice
Answer = Any  # the learner's own: a function as a rule, and whatever was written instead
Harness = Callable[[Answer, Arguments], object]

PRINTED = 200


@dataclass(frozen=True, eq=False)
class Reply:
    """What came back from one call: plain data and nothing of the learner's own.

    Attributes:
        value: None, a number, a string, a NumPy array, a tuple or list of these, or `Unusable`.
        mishap: the exception that ended the call, or None.
        printed: the beginning of what the answer wrote to standard output.
        changed: the positions of the arguments that the answer changed in place.
        signature: the answer's own signature where the arguments don't fit it, else "".
        unwritten: True where there is nothing to check yet.
    """

    value: object = None
    mishap: Mishap | None = None
    printed: str = ""
    changed: tuple[int, ...] = ()
    signature: str = ""
    unwritten: bool = False


Ask = Callable[[Arguments], Reply]


def as_function(answer: Answer, arguments: Arguments) -> object:
    """Return `answer(*arguments)`: the harness of a task whose answer is a function."""
    return answer(*arguments)


def as_value(answer: Answer, arguments: Arguments) -> object:
    """Return the answer itself: the harness of a task whose answer is a number or an order."""
    return answer


class Caller:
    """Calls one answer again and again, each time with fresh copies of the arguments.

    An answer that fails on NumPy arrays and works on torch tensors gets tensors from then on.
    Warnings, prints and floating-point flags of the answer stay inside the call.

    Args:
        answer: the learner's function, or whatever the harness takes.
        harness: how the answer is used, such as `as_function`.
        tensors: whether tensors may be tried, which needs torch to be imported, too.
        mending: whether what the answer does to this process is put back after each call, which
            no answer of ours needs, and none in a process of its own.

    Attributes:
        replaced: what the answer replaced in Python or in a library, by name; it is put back.

    Example:
        >>> Caller(abs).ask((np.array([-2.0]),)).value
        array([2.])
    """

    def __init__(
        self,
        answer: Answer,
        harness: Harness = as_function,
        *,
        tensors: bool = True,
        mending: bool = True,
    ) -> None:
        self._answer, self._harness, self._mending = answer, harness, mending
        self._tensors: bool | None = None if tensors else False
        self._blank = is_blank(answer)
        self.replaced: dict[str, None] = {}  # a set that keeps its order

    def ask(self, arguments: Arguments) -> Reply:
        """Return the reply to one call.

        Args:
            arguments: numbers, strings, tuples of these, and NumPy arrays; never changed.
        """
        if self._blank:
            return Reply(unwritten=True)
        reply = self._ask(arguments, tensors=bool(self._tensors))
        if self._tensors is not None:
            return reply
        if reply.mishap is None:
            self._tensors = False
        elif self._may_want_tensors(arguments, reply.mishap):
            other = self._ask(arguments, tensors=True)
            if other.mishap is None:
                self._tensors = True
            if other.mishap is None or reply.mishap.about_tensors:
                return other
        return reply

    def _may_want_tensors(self, arguments: Arguments, mishap: Mishap) -> bool:
        return (
            "torch" in sys.modules
            and mishap.kind != "KeyboardInterrupt"
            and any(isinstance(argument, np.ndarray) for argument in arguments)
        )

    def _ask(self, arguments: Arguments, *, tensors: bool) -> Reply:
        given = tuple(_copy(argument, tensors=tensors) for argument in arguments)
        printed = _Beginning()
        value = mishap = None
        signature, unwritten = "", False
        try:
            with _quiet(printed), kept_for_a_call() if self._mending else contextlib.nullcontext():
                value = plain(self._harness(self._answer, given))
        except BaseException as error:  # the answer may raise anything, an interrupt included
            try:
                unwritten = says_unwritten(error, self._answer)
                mishap = describe(error, self._answer)
                if issubclass(type(error), TypeError) and self._harness is as_function:
                    signature = _misfit(self._answer, given)
            except BaseException as further:  # its words are code of the learner's, too
                mishap = Mishap(name_of(type(further)), "", "")
        if self._mending:
            self.replaced |= dict.fromkeys(mend(small=self._harness is as_function))
        pairs = zip(arguments, given, strict=True)
        changed = tuple(i for i, (before, after) in enumerate(pairs) if _differ(before, after))
        return Reply(value, mishap, printed.getvalue(), changed, signature, unwritten)


class _Beginning(io.StringIO):
    """Keeps the beginning of what is written and lets the rest go."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, PRINTED - self.tell())])
        return len(text)

    def close(self) -> None:
        """Stay open: what was written is still to be read."""


@contextlib.contextmanager
def _quiet(printed: io.StringIO) -> Iterator[None]:
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(_Beginning()),
    ):
        warnings.simplefilter("ignore")
        yield


def _copy(argument: object, *, tensors: bool) -> object:
    if isinstance(argument, np.ndarray):
        fresh = laid_out(argument, layout_of(argument))
        if not tensors:
            return fresh
        fresh = fresh if fresh.flags.writeable else fresh.copy()  # torch has no read-only ones
        return sys.modules["torch"].from_numpy(fresh)
    return argument


def _differ(before: object, after: object) -> bool:
    if not isinstance(before, np.ndarray):
        return False
    try:
        after = after if type(after) is np.ndarray else plain(after)
    except Exception:  # a tensor without memory, a view of nothing: no longer what was given
        return True
    if not isinstance(after, np.ndarray) or before.dtype != after.dtype:
        return True
    if before.shape == after.shape and before.tobytes() == after.tobytes():
        return False
    return not np.array_equal(before, after, equal_nan=True)


def _misfit(answer: Answer, given: Arguments) -> str:
    """Return the answer's signature, in which defaults of its own are written, if it misfits."""
    try:
        signature = inspect.signature(answer)
        try:
            signature.bind(*given)
        except TypeError:
            return str(signature)[:MESSAGE]
    except Exception:  # there is none, or the learner's own code writes it
        return ""
    return ""
