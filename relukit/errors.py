"""Errors that say what was expected, what came, and what to do."""

import difflib
from collections.abc import Iterable


class RelukitError(Exception):
    """Base of every error that this package raises on purpose.

    Args:
        expected: what the function accepts.
        got: what it was given.
        do: what the caller can do about it.

    Example:
        >>> print(RelukitError("a width of at least 1", "0", "pass a positive integer"))
        Expected a width of at least 1, got 0. What to do: pass a positive integer.
    """

    def __init__(self, expected: str, got: str, do: str) -> None:
        self.expected, self.got, self.do = expected, got, do
        super().__init__(f"Expected {expected}, got {got}. What to do: {do}.")

    def __reduce__(self) -> "tuple[type[RelukitError], tuple[str, str, str]]":
        return type(self), (self.expected, self.got, self.do)


class InvalidValueError(RelukitError, ValueError):
    """An argument has the right type and an unusable value."""


class InvalidTypeError(RelukitError, TypeError):
    """An argument has a type that the function cannot use."""


class UnavailableError(RelukitError, RuntimeError):
    """Something outside the package (a network, a device) is not there."""


class CheckFailed(RelukitError, AssertionError):  # noqa: N818 - read aloud in a traceback
    """A graded check did not pass; raised only where nbgrader runs the notebook."""


def unknown_name(kind: str, name: object, known: Iterable[str]) -> InvalidValueError:
    """Return the error for a name that is not in a registry, with the nearest known names.

    Args:
        kind: what the name stands for, such as "activation".
        name: the name that was given.
        known: every name that would have been accepted.

    Example:
        >>> print(unknown_name("activation", "rleu", ["relu", "gelu"]).do)
        did you mean 'relu'? Known names: gelu, relu
    """
    names = sorted(known)
    near = difflib.get_close_matches(str(name), names, n=1)
    guess = f"did you mean {near[0]!r}? " if near else ""
    return InvalidValueError(
        f"the name of a known {kind}", repr(name), f"{guess}Known names: {', '.join(names)}"
    )
