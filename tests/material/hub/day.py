"""A school day on a hub: ten people come, learn, hand in, are graded, and get a new release."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from hub.answers import answers_of
from hub.learner import Learner
from hub.memory import Taken, taken
from hub.repository import EXERCISES, LESSON, READ, START, publish, release_again
from hub.serving import LEARNERS, TEACHER, Hub, as_user
from hub.visitor import Visitor

N_BY_BROWSER = 2  # the last of them have a browser


@dataclass
class Day:
    """What happened on a hub in one day.

    Attributes:
        hub: the hub.
        author: the author's folder of the course.
        learners: who work by HTTP, and how many of their answers are right.
        visitors: who work in Chromium.
        said: what commands of the teacher and nbgitpuller printed, by the step.
        memory: what the hub took, by the lesson after which it was measured.
        lines: the transcript: seconds since the start, who, and what.
    """

    hub: Hub
    author: Path
    learners: list[Learner]
    visitors: list[Visitor]
    said: dict[str, str] = field(default_factory=dict)
    memory: dict[str, Taken] = field(default_factory=dict)
    lines: list[tuple[float, str, str]] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)

    def note(self, who: str, what: str) -> None:
        self.lines.append((time.perf_counter() - self.began, who, what))

    def teach(self, *command: str) -> str:
        """Run a command in the teacher's copy of the course."""
        start = time.perf_counter()
        folder = self.hub.home(TEACHER) / "relukit"
        said = as_user(self.hub, TEACHER, folder, *command)
        self.said[" ".join(command[:2])] = said
        self.note("teacher", f"`{' '.join(command)}` ({time.perf_counter() - start:.1f} s)")
        return said

    def together(self, work: Callable[[Learner], object], step: str, what: str) -> None:
        """Let all who work by HTTP do the same at once, and note how long it took them."""
        with ThreadPoolExecutor(len(self.learners)) as pool:
            list(pool.map(work, self.learners))
        times = [learner.times[step] for learner in self.learners]
        span = f"{min(times):.1f}, {median(times):.1f}, {max(times):.1f} s"
        self.note(f"{len(times)} learners", f"{what}: least, median, most {span}")


def right_of(learner: Learner) -> int:
    """Return how many of a learner's answers are right."""
    return LEARNERS.index(learner.name) + 1


def arrive(learner: Learner) -> None:
    learner.log_in()
    learner.start_server()
    learner.pull()
    learner.times["arrive"] = sum(learner.times[step] for step in ("log in", "server", "pull"))


def morning(hub: Hub, visitors: Iterable[Visitor]) -> Day:
    """Publish the course; let the teacher release the exercises, and ten learners come."""
    visitors = list(visitors)
    names = LEARNERS[: len(LEARNERS) - len(visitors)]
    day = Day(hub, publish(hub), [Learner(hub, name) for name in names], visitors)
    teacher = Learner(hub, TEACHER)
    arrive(teacher)
    day.note("teacher", f"logs in and follows the link ({teacher.times['arrive']:.1f} s)")
    day.teach("nbgrader", "release_assignment", LESSON)
    day.together(arrive, "arrive", "log in, get a server, follow the link, all at once")
    for visitor in visitors:
        visitor.arrive()
        day.note(visitor.name, f"in Chromium: the link, the form ({visitor.times['arrive']:.1f} s)")
    return day


def close_kernels(day: Day) -> None:
    """Shut down every kernel, as at the end of a lesson."""
    for name in LEARNERS:
        learner = Learner(day.hub, name)
        learner.log_in()
        learner.start_server()
        for session in learner.ask("GET", "api/sessions").json():
            learner.ask("DELETE", f"api/sessions/{session['id']}")


def read_lessons(day: Day) -> None:
    """Let everybody run lessons 00 and 02, and measure what the hub takes after each."""
    for number, path in (("00", START), ("02", READ)):
        day.together(lambda learner, path=path: learner.work(path), path, f"run lesson {number}")
        for visitor in day.visitors:
            visitor.read(path)
            day.note(visitor.name, f"runs lesson {number} ({visitor.times[path]:.1f} s)")
        day.memory[number] = taken(day.hub, LEARNERS)
        close_kernels(day)


def hand_in(day: Day) -> None:
    """Let everybody answer what they can, and hand in."""
    day.together(lambda one: one.work(EXERCISES, answers_of(right_of(one))), EXERCISES, "answer")
    day.together(lambda learner: learner.hand_in(LESSON), "hand in", "hand in")
    for visitor in day.visitors:
        visitor.answer_and_hand_in()
        day.note(visitor.name, f"answers and hands in ({visitor.times['hand in']:.1f} s)")


def grade(day: Day) -> None:
    """Collect, grade, and give the feedback back."""
    day.teach("nbgrader", "collect", LESSON)
    graded = ("--output", "grades", "--nbgrader-db", "gradebook.db")
    day.teach("relukit", "grade", "submitted", *graded)
    day.teach("nbgrader", "generate_feedback", LESSON)
    day.teach("nbgrader", "release_feedback", LESSON)


def second_release(day: Day) -> None:
    """Publish again; everybody follows the same link as before."""
    release_again(day.author)
    day.note("author", "publishes a second release")
    day.together(lambda learner: learner.pull(), "pull", "follow the link again")
    for visitor in day.visitors:
        visitor.follow_again()
        day.note(visitor.name, f"follows the link again ({visitor.times['again']:.1f} s)")
