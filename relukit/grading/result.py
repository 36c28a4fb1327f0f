"""What grading found out about one answer."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from relukit.errors import InvalidValueError

# of a student's answer, from the best to the least
STATUSES = (
    "passed",
    "wrong",
    "raised",
    "timed out",
    "too much memory",
    "too much output",
    "malformed",
    "not attempted",
    "missing",
)
GRADER_ERROR = "grader error"  # a fault of ours, never scored as the student's
TOO_BUSY = "machine too busy"  # others had the processors, also when it was graded alone
UNSCORED = (GRADER_ERROR, TOO_BUSY)


@dataclass(frozen=True)
class Result:
    """The result of grading one task of one student.

    Attributes:
        student: the student's name or number.
        lesson: such as "02_definitions".
        task: the task's name.
        status: one of STATUSES or of UNSCORED.
        points: what the task is worth.
        given: the smallest input that fails, as text, else "".
        expected: the right value for it.
        got: the answer's value for it.
        because: what is wrong, in one sentence.
        diagnosis: what the answer behaves like on every input, where that is known.
        note: anything beside the verdict.
        file: the notebook that it was taken from.
        digest: the submission's hash.
        seed: the secret number that the inputs were drawn from.
        seconds: how long the answer ran, in wall-clock seconds.
        cpu: how many seconds processors worked for it and for what it has started.
        waited: for how many seconds none was free for it.
        jail: "bwrap" or "none".
        cgroup: "v1" or "v2" where each student's answers ran in a cgroup, else "".
    """

    student: str
    lesson: str
    task: str
    status: str
    points: int
    given: str = ""
    expected: str = ""
    got: str = ""
    because: str = ""
    diagnosis: str = ""
    note: str = ""
    file: str = ""
    digest: str = ""
    seed: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    waited: float = 0.0
    jail: str = "none"
    cgroup: str = ""

    def __post_init__(self) -> None:
        if self.status not in (*STATUSES, *UNSCORED):
            raise InvalidValueError(
                f"a status out of {', '.join(STATUSES)}", repr(self.status), "correct it"
            )

    @property
    def earned(self) -> int | None:
        """The points that it earns, all or none; None where it has not been graded."""
        if self.status in UNSCORED:
            return None
        return self.points if self.status == "passed" else 0

    @property
    def late(self) -> bool:
        """Whether it was stopped for what others may have caused: graded alone, it is known.

        The clock stopped it, which allows twice the CPU time, before it had that much: it may have
        slept, or others may have taken the processors. Or the grader stopped it for memory that,
        without a cgroup, may have been another's.
        """
        if self.status == "too much memory":
            return not self.cgroup and self.seconds == 0
        return self.status == "timed out" and self.cpu < 0.49 * self.seconds

    @property
    def starved(self) -> bool:
        """Whether no processor was free for it for a tenth of the time or more."""
        return self.waited >= self.seconds / 10

    def as_dict(self) -> dict[str, Any]:
        """Return the attributes as data that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Result":
        """Return the result that `as_dict` described.

        Raises:
            TypeError: an attribute is missing or unknown.
        """
        known = {field.name for field in fields(cls)}
        if unknown := set(data) - known:
            raise TypeError(f"no attribute of a result: {', '.join(sorted(unknown))}")
        return cls(**data)
