"""Every task by its name, and the tasks of each lesson in the order of the lesson."""

import inspect
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import FrameType, FunctionType, MappingProxyType

from relukit.checks.call import Answer
from relukit.checks.plain import name_of
from relukit.checks.task import Task
from relukit.errors import InvalidTypeError, InvalidValueError, RelukitError, unknown_name
from relukit.syllabus import LESSONS, TASKS, module

_NO_VARIABLES: Mapping[str, object] = MappingProxyType({})


@cache
def _lessons() -> dict[str, str]:
    """Return the lesson of each task, by the task's name."""
    return {name: lesson for lesson, names in TASKS.items() for name in names}


@cache
def _task(name: str) -> Task:
    """Return the task of a known name; its module is imported when it is first asked for."""
    lesson = _lessons()[name]
    return replace(import_module(f"{module(lesson)}.tasks.{name}").TASK, name=name, lesson=lesson)


def task(name: str) -> Task:
    """Return the task of this name.

    Raises:
        InvalidValueError: no task has this name; the message gives the nearest one.

    Example:
        >>> task("relu").lesson
        '02_definitions'
    """
    if type(name) is not str or name not in _lessons():
        raise unknown_name("task", name, _lessons())
    return _task(name)


def tasks(lesson: str | None = None) -> tuple[Task, ...]:
    """Return the tasks of a lesson in their order, or of all lessons.

    Raises:
        InvalidValueError: no lesson has this name.

    Example:
        >>> sum(entry.points for entry in tasks("02_definitions"))
        23
    """
    if lesson is not None and lesson not in LESSONS:
        raise unknown_name("lesson", lesson, LESSONS)
    return tuple(_task(name) for name, own in _lessons().items() if lesson in (None, own))


def task_of(
    answer: object, name: str | Task | None = None, variables: Mapping[str, object] = _NO_VARIABLES
) -> Task:
    """Return the task that an answer belongs to.

    This is the named one, or the one named as the function, or as a variable that holds it: so a
    lambda, a partial, a module or a wrapped function need no name of their own.

    Args:
        answer: a function of the learner's, or anything where the task is given.
        name: a task, its name, or None.
        variables: what the caller's names stand for.

    Raises:
        InvalidTypeError: the answer is no function and no task is given.
        InvalidValueError: no task has this name.

    Example:
        >>> task_of(abs, variables={"relu": abs}).name
        'relu'
    """
    if name is not None:
        return name if isinstance(name, Task) else task(name)
    if not callable(answer):
        raise _not_a_function(answer)
    held = [key for key, value in variables.items() if value is answer and key[:1] != "_"]
    for known in (_own_name(answer), *held):
        if known in _lessons():
            return _task(known)
    raise _nameless(answer, held)


def variables_of(frame: FrameType | None) -> dict[str, object]:
    """Return what the names stand for that the caller of a frame sees."""
    caller = None if frame is None else frame.f_back
    return {} if caller is None else {**caller.f_globals, **caller.f_locals}


def _own_name(answer: object) -> str:
    try:
        own = getattr(answer, "__name__", "")
    except Exception:  # an object of the learner's own may raise anything here
        own = ""
    return own if type(own) is str and own.isidentifier() else ""


def _nameless(answer: object, held: list[str]) -> RelukitError:
    own = _own_name(answer)
    kind = name_of(type(answer))
    what = repr(own) if own else f"a nameless {kind}"
    if type(answer) is FunctionType and not own:
        what = "a lambda"
    near = _nearest([own, *held, kind.lower()])
    guess = near or _with_the_parameters_of(answer) or "relu"
    do = f'name the task: check({(held or [own or "answer"])[0]}, "{guess}")'
    if near and own:
        do = f"did you mean {near!r}? Then rename the function, or {do}"
    error = InvalidValueError if own else InvalidTypeError
    return error("a function with the name of a known task", what, do)


def _nearest(names: list[str]) -> str:
    found = (get_close_matches(name, _lessons(), n=1, cutoff=0.75) for name in names if name)
    return next((near[0] for near in found if near), "")


def _with_the_parameters_of(answer: Answer) -> str:
    """Return a task whose parameters have the names of the answer's, "relu" for x alone."""
    try:
        wanted = tuple(inspect.signature(answer).parameters)
    except Exception:  # no signature, or one of the learner's own that raises anything
        return ""
    return next((entry.name for entry in tasks() if entry.parameters == wanted), "")


def _not_a_function(answer: object) -> RelukitError:
    what = "None" if answer is None else f"a value of type {name_of(type(answer))}"
    return InvalidTypeError(
        "a function",
        what,
        "pass the function itself, without calling it: check(relu) and not check(relu(x))",
    )
