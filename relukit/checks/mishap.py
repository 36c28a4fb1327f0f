"""What is said about an exception in a learner's answer: type, message, line, and no paths."""

import contextlib
import dis
import inspect
import linecache
import re
import types
from dataclasses import dataclass

from relukit.checks.plain import name_of

MESSAGE = 160  # characters of an exception's message that are shown
SEARCHED = 4000  # of them that are looked at

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")
_FOLDERS = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?[\\/](?:[^\\/\s'\"<>|:]+[\\/])+")
_EMPTY_BODY = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "COPY_FREE_VARS"}


@dataclass(frozen=True)
class Mishap:
    """An exception, as text.

    Attributes:
        kind: the name of its type, such as "ZeroDivisionError".
        message: the first line of its message, without addresses and folders.
        where: the line of the answer in which it came up, such as "line 2 of relu: return x / 0".
    """

    kind: str
    message: str
    where: str

    @property
    def about_tensors(self) -> bool:
        """True where the answer seems to be written for torch and met a NumPy array."""
        return "Tensor" in self.message or "numpy.ndarray" in self.message

    def __str__(self) -> str:
        said = f"{self.kind}: {self.message}" if self.message else self.kind
        return f"{said} ({self.where})" if self.where else said


def describe(error: BaseException, answer: object) -> Mishap:
    """Return what is worth saying about an exception.

    Args:
        error: the exception, with its traceback.
        answer: the function that was called; only lines of its own file are shown.
    """
    try:
        text = str.__str__(str(error))[:SEARCHED]
    except KeyboardInterrupt:
        raise
    except BaseException:  # an exception class of the learner's own may fail even here
        text = ""
    text = (text.strip().splitlines() or [""])[0]
    text = _FOLDERS.sub(".../", _ADDRESS.sub("0x...", text))
    shown = text if len(text) <= MESSAGE else text[:MESSAGE] + "..."
    return Mishap(name_of(type(error)), shown, _where(error, answer))


def _codes(answer: object) -> tuple[types.CodeType, ...]:
    """Return the code of a function, or of all functions of a class."""
    is_class = issubclass(type(answer), type)
    functions = tuple(type.__dict__["__dict__"].__get__(answer).values()) if is_class else (answer,)
    with contextlib.suppress(Exception):  # an object may raise anything where it is looked at
        found = (getattr(inspect.unwrap(function), "__code__", None) for function in functions)
        return tuple(code for code in found if type(code) is types.CodeType)
    return ()


def _where(error: BaseException, answer: object) -> str:
    codes = _codes(answer)
    place, trace = "", _trace(error)
    while codes and trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == codes[0].co_filename:
            inner = code.co_name.startswith("<")  # a comprehension or a lambda
            named = codes[0] if inner and len(codes) == 1 else code
            number = trace.tb_lineno - named.co_firstlineno + 1
            source = linecache.getline(code.co_filename, trace.tb_lineno).strip()
            place = f"line {number} of {named.co_name}" + (f": {source}" if source else "")
        trace = trace.tb_next
    return place


def _trace(error: BaseException) -> types.TracebackType | None:
    return vars(BaseException)["__traceback__"].__get__(error)  # past any subclass's own


def says_unwritten(error: BaseException, answer: object) -> bool:
    """Return True for a NotImplementedError raised by a statement of the answer, not by a library.

    Args:
        error: the exception, with its traceback.
        answer: the function that was called.
    """
    trace, codes = _trace(error), _codes(answer)
    if not issubclass(type(error), NotImplementedError) or trace is None or not codes:
        return False
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    raised_here = code.co_code[trace.tb_lasti] == dis.opmap["RAISE_VARARGS"]
    return raised_here and code.co_filename == codes[0].co_filename


def is_blank(answer: object) -> bool:
    """Return True for `...` and for a function whose body is a docstring, `...` or `pass` alone.

    A class is blank where all of its functions are.

    Example:
        >>> def relu(x):
        ...     '''To be written.'''
        >>> is_blank(relu), is_blank(abs)
        (True, False)
    """
    codes = _codes(answer)
    if answer is ... or not codes:
        return answer is ...
    return all(_is_blank(code) for code in codes)


def _is_blank(code: types.CodeType) -> bool:
    body = list(dis.get_instructions(code))
    constants = {step.argval for step in body if step.opname in ("LOAD_CONST", "RETURN_CONST")}
    return {step.opname for step in body} <= _EMPTY_BODY and constants <= {None}
