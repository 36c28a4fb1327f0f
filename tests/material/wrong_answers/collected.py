"""Every answer that a task's check is tried on, from the one place where each is written.

A mistake with a sentence of its own stands beside its task (`misconceptions`), a form that many
tasks share in `forms`; a lesson's module here adds what neither has, a second spelling of a
declared mistake where it shows that a diagnosis generalizes, and right answers.
"""

import importlib

from wrong_answers.forms import formed
from wrong_answers.register import Wrong

from relukit.checks.call import Caller
from relukit.checks.checking import examine
from relukit.checks.naming import names_in
from relukit.checks.task import Task
from relukit.syllabus import LESSONS


def listed(task: Task) -> list[Wrong]:
    """Return the wrong answers to a task that its lesson's module lists, as `register` has them."""
    module = importlib.import_module(f"wrong_answers.{LESSONS[task.lesson]}")
    return [entry for entry in module.WRONG if entry[0] == task.name]


def wrong(task: Task) -> list[object]:
    """Return all that a task's check must refuse: what is declared, listed, and of a form."""
    declared = [known.answer for known in task.misconceptions if not known.allowed]
    others = [answer for _, answer, _ in (*listed(task), *formed(task))]
    return declared + others


def right(task: Task) -> list[object]:
    """Return the right answers to a task that its lesson's module lists."""
    module = importlib.import_module(f"wrong_answers.{LESSONS[task.lesson]}")
    return [answer for name, answer in module.RIGHT if name == task.name]


def misnamed(task: Task) -> list[str]:
    """Return a line for each mistake that does not get its own sentence, with what it got."""
    due = [(known.answer, known.sentence) for known in task.misconceptions]
    due += [(answer, part) for _, answer, part in listed(task) if part is not None]
    found = []
    for answer, sentence in due:
        outcome = examine(task, Caller(answer, task.harness).ask, names_in(answer))
        if sentence not in outcome.diagnosis:
            name = getattr(answer, "__name__", repr(answer))
            got = outcome.diagnosis or outcome.status
            found.append(f"{name}: expected {sentence!r}, got {got!r}")
    return found
