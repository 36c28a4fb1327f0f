"""What a student has handed in for one lesson: the source text of the answers, and nothing else."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one lesson, reduced to the source of its answers.

    Attributes:
        student: the student's name or number, as the folder or the file gives it.
        lesson: such as "02_definitions".
        file: the notebook's name as delivered, for reports; "" where there is none.
        answers: the source of each answer cell by the name of its task.
        faults: for tasks without an answer cell that can be used, why, by the task's name.
        elsewhere: names that only cells of the student's own define; such cells are not run.
        problem: why nothing in the file can be used, else "".
        note: anything to know beside it, such as another file that was left out.
    """

    student: str
    lesson: str
    file: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    problem: str = ""
    note: str = ""

    @property
    def digest(self) -> str:
        """A hash of all that grading looks at: equal ones need no second grading."""
        parts = [self.lesson, dict(self.answers), dict(self.faults), self.elsewhere, self.problem]
        text = json.dumps(parts, sort_keys=True, default=list)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
