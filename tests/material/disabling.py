"""What each part of a task's check is worth: which wrong answers pass where it is disabled.

The parts are inputs and complaints. Inputs are disabled by families: all of one dtype, all with
nan, all that leave an option out, all generated ones, and so on. A complaint is one place in the
code of a comparison that returns what is wrong; disabled, it says nothing and the code goes on
behind it. A wrong answer is tried on every input once; what is left then is a matter of sets, and
of judging the recorded replies again.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from complaints import Heard, Site, disabled, instrumented, places
from wrong_answers import collected

from relukit.checks import judging
from relukit.checks.call import Arguments, Caller, Reply
from relukit.checks.checking import examine
from relukit.checks.counterexample import passes, probes, tries
from relukit.checks.task import Task

CHOICES = 5  # a parameter with more different texts is no choice: its texts make no families
FAR, TAIL = 6.5, "far from 0"
Failure = tuple[Arguments, object, list[Reply]]


@dataclass(frozen=True)
class Worth:
    """What the parts of a task's check are worth.

    Attributes:
        families: for each family of inputs, whether a wrong answer passes without it.
        complaints: for each place "passes" where a wrong answer passes without its complaint;
            "breaks" where the check would stop with an error; "replaced" where other complaints
            take over, and without these too an answer passes or the check breaks; "compares" where
            it is made only of an answer that is held against a misconception; "takes over" where it
            is made only in the place of another; else "never".
        said: every text that a wrong answer was told.
        steady: whether a wrong answer passes where each input is tried once.
        missed: the wrong answers that pass.
    """

    families: dict[str, bool]
    complaints: dict[Site, str]
    said: set[str] = field(default_factory=set)
    steady: bool = False
    missed: tuple[object, ...] = ()


def worth(task: Task, answers: Sequence[object] | None = None) -> Worth:
    """Return what the parts of a task's check are worth.

    Args:
        task: the task.
        answers: wrong answers; None takes all that are declared, listed, and of a form.
    """
    answers = collected.wrong(task) if answers is None else answers
    with instrumented(task.compare, judging._fault) as heard:
        trials = _Trials(task, heard)
        for answer in answers:
            trials.add(answer)
        complaints = trials.complaints()
        never = {site for site, without in complaints.items() if without == "never"}
        complaints |= dict.fromkeys(_compared(task, answers, never, heard), "compares")
    needed = {kind: kind not in trials.families for kind in families(task)}
    return Worth(needed, complaints, set(heard.texts), trials.steady, tuple(trials.missed))


class _Trials:
    """Tries answers one after another; keeps what no answer so far has needed.

    An answer is left as soon as its failures tell nothing new: no family that is left holds all of
    them, no complaint that is left was made of all of them, and trying once did not hide them.
    """

    def __init__(self, task: Task, heard: Heard) -> None:
        self.task, self.heard = task, heard
        self.families = families(task)
        self.sites = places(task.compare, judging._fault)
        self.passes: set[Site] = set()
        self.told: list[tuple[list[Failure], list[set[Site]]]] = []
        self.takes_over: set[Site] = set()
        self.steady = False
        self.missed: list[object] = []

    def add(self, answer: object) -> None:
        """Try an answer on the inputs."""
        ask, failures, said = Caller(answer, self.task.harness).ask, [], []
        kinds, sites, steady = set(self.families), self.sites - self.passes, not self.steady
        for position, (arguments, expected) in enumerate(probes(self.task)):
            replies = tries(self.task, ask, arguments)
            failure = (arguments, expected, replies)
            self.heard.said = set()
            if _judge(self.task, failure) is None:
                continue
            failures.append(failure)
            said.append(self.heard.said)
            kinds = {kind for kind in kinds if position in self.families[kind]}
            sites &= said[-1]
            steady = steady and _judge(self.task, (arguments, expected, replies[:1])) is None
            if not kinds and not sites and not steady:
                break
        if not failures:
            if passes(self.task, ask):  # a sweep may find out what no probe does
                self.missed.append(answer)
            return
        self.told.append((failures, said))
        self.steady |= steady
        self.families = {k: m for k, m in self.families.items() if k not in kinds}
        for site in sites:
            if self._replay({site}, failures)[0] == "passes":
                self.passes.add(site)

    def complaints(self) -> dict[Site, str]:
        """Return what becomes of the answers without each complaint, as `Worth` says."""
        sites = sorted(self.sites - self.heard.values)
        found = {s: "passes" if s in self.passes else self._without(s) for s in sites}
        never = {site for site, without in found.items() if without == "never"}
        return found | dict.fromkeys(never & self.takes_over, "takes over")

    def _without(self, site: Site) -> str:
        replaced = False
        for failures, said in self.told:
            if not any(site in one for one in said):
                continue
            outcome, takes_over = self._replay({site}, failures)
            if outcome == "breaks":
                return outcome
            off = {site}
            while not replaced and takes_over - off:
                off |= takes_over
                outcome, takes_over = self._replay(off, failures)
                replaced = outcome != "rejected"
        return "replaced" if replaced else "never"

    def _replay(self, off: set[Site], failures: list[Failure]) -> tuple[str, set[Site]]:
        with disabled(off):
            for failure in failures:
                self.heard.said = set()
                try:
                    if _judge(self.task, failure) is not None:
                        self.takes_over |= self.heard.said
                        return "rejected", self.heard.said
                except Exception:  # the comparison meets what the complaint kept from it
                    return "breaks", set()
        return "passes", set()


def _judge(task: Task, failure: Failure) -> object:
    return judging.judge(task, *failure)


def _compared(task: Task, answers: Sequence[object], sites: set[Site], heard: Heard) -> set[Site]:
    """Return those of the places that complain where answers are held against misconceptions."""
    heard.said = set()
    for answer in answers:
        if sites <= heard.said:
            break
        examine(task, Caller(answer, task.harness).ask)
    return sites & heard.said


def families(task: Task) -> dict[str, frozenset[int]]:
    """Return the families of a task's inputs, each with the positions of its members.

    A family of all inputs is none, and of two with the same members one stands for both. Numbers
    far from 0 make a family where a boundary input is one such number alone.
    """
    found: dict[str, set[int]] = {}
    everything = probes(task)
    for position, (arguments, expected) in enumerate(everything):
        kinds = set(_kinds(task, arguments, expected))
        kinds |= {"generated"} if position >= len(task.boundary) else set()
        for kind in kinds:
            found.setdefault(kind, set()).add(position)
    alone = {kind for arguments in task.boundary for kind in _alone(task, arguments)}
    for name in task.parameters:
        texts = [kind for kind in found if kind.startswith(f"{name} = ")]
        dropped = texts if len(texts) > CHOICES else []
        for kind in {*dropped, f"{name} {TAIL}"} - alone:
            found.pop(kind, None)
    unique = {frozenset(positions): kind for kind, positions in sorted(found.items())}
    return {kind: m for m, kind in unique.items() if len(m) < len(everything)}


def _kinds(task: Task, arguments: Arguments, expected: object) -> Iterator[str]:
    for position, parameter in enumerate(inspect.signature(task.reference).parameters.values()):
        name, given = parameter.name, position < len(arguments)
        if parameter.default is not inspect.Parameter.empty:
            yield f"{name} {'given' if given else 'left out'}"
        value = arguments[position] if given else None
        if isinstance(value, np.ndarray):
            yield from (f"{name} {kind}" for kind in _kinds_of_array(value))
        elif isinstance(value, str | bool):
            yield f"{name} = {value!r}"
        elif isinstance(value, int | float) and not value > 0:
            yield f"{name} not positive"
    for part in expected if isinstance(expected, tuple) else (expected,):
        if isinstance(part, str | bool):
            yield f"result = {part!r}"
        elif isinstance(part, int | float) and part != part:
            yield "result nan"


def _alone(task: Task, arguments: Arguments) -> Iterator[str]:
    for name, value in zip(task.parameters, arguments, strict=False):
        if isinstance(value, np.ndarray) and value.size == 1:
            yield from (f"{name} {kind}" for kind in _kinds_of_array(value))


def _kinds_of_array(array: np.ndarray) -> Iterator[str]:
    narrow = array.dtype.kind == "f" and array.dtype != np.float64
    yield "of a narrow float" if narrow else f"of kind {array.dtype.kind}"
    if array.ndim != 1:
        yield "of several axes" if array.ndim else "0-d"
    x = array.astype(float)
    tests: dict[str, Callable[[], bool]] = {
        "empty": array.size == 0,
        "with nan": np.isnan(x).any(),
        "with inf": (x == np.inf).any(),
        "with -inf": (x == -np.inf).any(),
        TAIL: (np.abs(x) > FAR).any(),
    }
    yield from (kind for kind, holds in tests.items() if holds)
