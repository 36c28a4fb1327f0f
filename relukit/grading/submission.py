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
        elsewhere: names that only cells of the student's own define.
        own: these cells in their order, as pairs: the name of the task whose answer comes next,
            or "", and the source. One is run where an answer needs a name that it defines.
        problem: why nothing in the file can be used, else "".
        note: anything to know beside it, such as another file that was left out.
        platform: where the path's form comes from: "canvas", "moodle", "blackboard",
            "brightspace", "ilias", "nbgrader" or "github"; "" where it has none of these forms.
        display_name: the name alone, as the platform writes it ("doejane" from Canvas, "Jane Doe"
            from Moodle); "" where the platform gives a login or a number only.
        user_id: the platform's number of the student: Canvas's user id, Moodle's number of the
            participant, ILIAS's and Brightspace's; "" where the path has none.
        login: the student's login: of Blackboard, ILIAS or GitHub, or the folder's name in
            nbgrader's layout; "" where the path has none.
    """

    student: str
    lesson: str
    file: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    own: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    note: str = ""
    platform: str = ""
    display_name: str = ""
    user_id: str = ""
    login: str = ""

    @property
    def digest(self) -> str:
        """A hash of all that grading looks at: equal ones need no second grading."""
        found = [dict(self.answers), dict(self.faults), self.elsewhere, self.own]
        parts = [self.lesson, *found, self.problem]
        text = json.dumps(parts, sort_keys=True, default=list)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
