"""Every task by its name, and the tasks of each lesson in the order of the lesson."""

from functools import cache
from importlib import import_module
from types import MappingProxyType

from relukit.checks.task import Task
from relukit.errors import InvalidTypeError, InvalidValueError, RelukitError, unknown_name

# each lesson's module here holds a tuple TASKS, and is imported when a task is first looked up
LESSONS = MappingProxyType(
    {
        "01_history": "history",
        "02_definitions": "definitions",
        "03_variants": "variants",
        "04_dying_relu": "dying",
        "05_initialization": "initialization",
        "06_training": "training",
    }
)


@cache
def _tasks() -> dict[str, Task]:
    found: dict[str, Task] = {}
    for lesson, module in LESSONS.items():
        for entry in import_module(f"relukit.checks.{module}").TASKS:
            if entry.name in found or entry.lesson != lesson:
                raise InvalidValueError(
                    f"a name used once and the lesson {lesson!r}",
                    f"task {entry.name!r} of {entry.lesson!r}",
                    f"correct its entry in {module}",
                )
            found[entry.name] = entry
    return found


def task(name: str) -> Task:
    """Return the task of this name.

    Raises:
        InvalidValueError: no task has this name; the message gives the nearest one.

    Example:
        >>> task("relu").lesson
        '02_definitions'
    """
    try:
        return _tasks()[name]
    except (KeyError, TypeError):
        raise unknown_name("task", name, _tasks()) from None


def tasks(lesson: str | None = None) -> tuple[Task, ...]:
    """Return the tasks of a lesson in their order, or of all lessons.

    Raises:
        InvalidValueError: no lesson has this name.

    Example:
        >>> sum(entry.points for entry in tasks("02_definitions"))
        22
    """
    if lesson is not None and lesson not in LESSONS:
        raise unknown_name("lesson", lesson, LESSONS)
    return tuple(t for t in _tasks().values() if lesson is None or t.lesson == lesson)


def task_of(answer: object, name: str | Task | None = None) -> Task:
    """Return the task that an answer belongs to: the named one, or the one named as the function.

    Args:
        answer: a function of the learner's, or anything where the task is given.
        name: a task, its name, or None.

    Raises:
        InvalidTypeError: the answer is no function and no task is given.
        InvalidValueError: no task has this name.
    """
    if isinstance(name, Task):
        return name
    if name is not None:
        return task(name)
    own = getattr(answer, "__name__", None)
    if not callable(answer):
        raise _not_a_function(answer)
    if own is None or own == "<lambda>":
        what = "a lambda" if own else f"a nameless {type(answer).__name__}"
        raise InvalidTypeError(
            "a function whose name says which task it answers",
            what,
            "define it with def and the task's name, or name the task: check(answer, 'relu')",
        )
    return task(own)


def _not_a_function(answer: object) -> RelukitError:
    what = "None" if answer is None else f"a value of type {type(answer).__name__}"
    return InvalidTypeError(
        "a function",
        what,
        "pass the function itself, without calling it: check(relu) and not check(relu(x))",
    )
