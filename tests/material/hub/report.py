"""What a day on a hub took, as tables: memory, seconds, and what happened when."""

from collections.abc import Iterable
from statistics import median

from hub.day import Day
from hub.memory import Taken
from hub.repository import START

CLASSES = (10, 30, 100)
STEPS = (
    ("log in", "the password, until the hub lets in"),
    ("server", "the server, until it answers"),
    ("pull", "the link, until the course is there"),
    (f"first cell of {START}", "lesson 00's kernel, until its first cell has run"),
    (START, "lesson 00, all cells"),
    ("notebooks/02_definitions.ipynb", "lesson 02, all cells"),
    ("exercises/02_definitions/02_definitions.ipynb", "the exercises, all cells"),
    ("hand in", "Submit"),
)


def table(head: str, rows: Iterable[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|" + " --- |" * columns, *rows])


def memory_of_each(first: Taken, second: Taken) -> str:
    """Return what each part takes, one of a kind."""
    rows = [f"| the hub, the proxy | {second.hub.own:.0f}, {second.proxy.own:.0f} |"]
    rows.append(f"| a learner's server | {second.servers.own / second.n_servers:.0f} |")
    for number, found in (("00", first), ("02", second)):
        each = found.kernels.own / found.n_kernels
        rows.append(f"| a kernel, after lesson {number} | {each:.0f} |")
    parts = (second.hub, second.proxy, second.servers, second.kernels)
    shared = sum(part.proportional - part.own for part in parts)
    rows.append(f"| what they all share, once | {shared:.0f} |")
    return table("| | MiB |", rows)


def memory_of_classes(first: Taken, second: Taken) -> str:
    """Return what a class takes; where it was not as large, it is computed, and says so."""
    rows = []
    for size in CLASSES:
        here = size == first.n_servers
        gib = [(one.total if here else one.reckoned(size)) / 1024 for one in (first, second)]
        how = "measured" if here else "computed"
        rows.append(f"| {size} | {gib[0]:.1f} GiB | {gib[1]:.1f} GiB | {how} |")
    return table("| learners | after lesson 00 | after lesson 02 | |", rows)


def seconds(day: Day) -> str:
    """Return how long each step took the learners who work by HTTP."""
    rows = []
    for step, what in STEPS:
        found = [learner.times[step] for learner in day.learners if step in learner.times]
        if found:
            spread = f"{min(found):.1f} | {median(found):.1f} | {max(found):.1f}"
            rows.append(f"| {what} | {spread} |")
    return table("| seconds | least | median | most |", rows)


def sizes(day: Day) -> str:
    """Return the tables of memory and seconds."""
    first, second = day.memory["00"], day.memory["02"]
    return "\n\n".join(
        [memory_of_each(first, second), memory_of_classes(first, second), seconds(day)]
    )


def transcript(day: Day) -> str:
    """Return the day, line by line."""
    rows = [f"| {at // 60:.0f}:{at % 60:02.0f} | {who} | {what} |" for at, who, what in day.lines]
    return table("| at | who | what |", rows)
