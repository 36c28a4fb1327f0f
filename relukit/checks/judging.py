"""The verdict on one input: what came back is held against what is expected.

It needs replies and no answer, so that it can run after the process that made them has ended.
"""

from collections.abc import Sequence

from relukit.checks.call import Arguments, Reply
from relukit.checks.conversion import converted
from relukit.checks.likeness import alike, identical
from relukit.checks.notation import show_arguments, show_both
from relukit.checks.outcome import Outcome
from relukit.checks.plain import TOO_LARGE, Unusable
from relukit.checks.task import Task

INTERRUPTED = "the call was interrupted: does a loop in it never end?"
UNSTEADY = (
    "two calls with the same input gave two results: "
    "the answer must not depend on chance or on earlier calls"
)
IN_PLACE = "it changes"  # then the value is right, or there is none to be shown
LARGE = f"the answer must be made of numbers or arrays, and is {TOO_LARGE}"
SETTLED = (INTERRUPTED, UNSTEADY, LARGE)  # nothing to be learned from asking again


def judge(
    task: Task, arguments: Arguments, expected: object, replies: Sequence[Reply]
) -> Outcome | None:
    """Return None where the replies to one input are right, else the outcome that they amount to.

    Args:
        task: the task.
        arguments: the input.
        expected: the reference answer's value for it, as plain data.
        replies: one reply for each time that the input was tried; at least one.
    """
    if all(_is_model(expected, reply) for reply in replies):
        return None
    reply = replies[0]
    if reply.unwritten:
        return Outcome(task.name, "not attempted", task.points)

    def outcome(status: str = "wrong", **said: str) -> Outcome:
        given = show_arguments(task.parameters, arguments)
        return Outcome(task.name, status, task.points, given=given, **said)

    if reply.signature:
        wanted = f"the task asks for {task.signature}, and yours is {task.name}{reply.signature}"
        return outcome(because=wanted)
    kinds = [other.mishap.kind for other in replies if other.mishap is not None]
    if "KeyboardInterrupt" in kinds:
        return outcome("raised", because=INTERRUPTED)
    if reply.mishap is not None:
        return outcome("raised", because=str(reply.mishap))
    value = converted(expected, reply.value, dtype=task.asks_dtype)
    because = _fault(task, arguments, expected, value, reply)
    others = [other.value for other in replies[1:] if not alike(reply, other)]
    if others:
        because = UNSTEADY
        if _compared(task, arguments, expected, value) is None:  # the first one was right
            value = converted(expected, others[0], dtype=task.asks_dtype)
    if because is None:
        return None
    if not others and because.startswith(IN_PLACE):
        return outcome(because=because)
    wanted, got = show_both(expected, value)
    wanted = f"for example {wanted}" if task.several else wanted
    return outcome(expected=wanted, got=got, because=because)


def _is_model(expected: object, reply: Reply) -> bool:
    """Return whether nothing but the reference answer's value has come, to the last bit."""
    told = reply.mishap or reply.changed or reply.signature or reply.unwritten
    return not told and identical(expected, reply.value)


def _fault(
    task: Task, arguments: Arguments, expected: object, value: object, reply: Reply
) -> str | None:
    changed = ", ".join(task.parameters[i] for i in reply.changed)
    if value is None:
        if changed:
            return f"{IN_PLACE} {changed} in place and returns nothing: return a new array"
        if reply.printed.strip():
            return f"it prints {reply.printed.strip()!r} and returns nothing: write return"
        return "it returns None: is a return missing at the end?"
    if isinstance(value, Unusable):
        said = value.description
        if said == "NotImplemented":
            return "it returns NotImplemented: write the answer in its place"
        if ":" in said:  # with what to do
            return f"it returns {said}"
        return f"the answer must be made of numbers or arrays, and is {said}"
    because = _compared(task, arguments, expected, value)
    if because is None and changed:
        return f"{IN_PLACE} {changed} in place: work on a copy, the caller still needs the input"
    return because


def _compared(task: Task, arguments: Arguments, expected: object, value: object) -> str | None:
    """Return what the task's comparison says, also of values that it was not written for."""
    try:
        return task.compare(arguments, expected, value)
    except Exception:  # anything can come back, and each comparison knows its own form
        task.compare(arguments, expected, expected)  # raises where the comparison is at fault
        return "it has not the form that the task asks for"
