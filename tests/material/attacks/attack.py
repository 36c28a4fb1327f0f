"""What an attack is, and how it is graded."""

import contextlib
import os
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from relukit.grading.course import set_ups
from relukit.grading.jail import child
from relukit.grading.questions import Terms
from relukit.grading.result import Result
from relukit.grading.student import grade_student
from relukit.grading.submission import Submission
from relukit.grading.submissions.collect import collect

COURSE = Path(__file__).parents[3]
LESSON = "02_definitions"
ROOT = os.geteuid() == 0
SECRET = "a secret of the grader's environment"
RIGHT = "def relu(x):\n    return np.maximum(x, 0)\n"
Write = Callable[[Path], None]


@dataclass(frozen=True)
class Attack:
    """A hostile or odd submission, and what it must come to.

    Attributes:
        row: of the catalogue; "+" where it is not in it.
        title: a few words.
        before: what nbgrader 0.9.6 makes of it, as the catalogue says.
        source: the answer cell for `task`. COURSE, PLANTED, PORT and GRADER in it are replaced by
            the course's folder, a folder of the grader's, a port that listens on this machine, and
            the number of the grader's process.
        jailed: the status that it must have in the jail.
        bare: the status without the jail; None is the same.
        task: of lesson 02.
        write: writes a submission into a folder, where the source alone does not make the attack.
        fair: whether it is a right answer, which must pass.
        note: what else there is to know.
        seconds: CPU time for the answer; enough for the attack to get where it wants.
        together: bytes of memory of all processes, where the attack would take minutes to reach the
            grader's own limit.
        harms_the_user: whether, without a jail, it hits other processes of the user that runs it.
        reads: whether it passes by reading an answer of the course or of a student.
    """

    row: str
    title: str
    before: str
    source: str
    jailed: str
    bare: str | None = None
    task: str = "relu"
    write: Write | None = field(default=None, compare=False)
    fair: bool = False
    note: str = ""
    seconds: int = 1
    together: int = child.TOGETHER
    harms_the_user: bool = False
    reads: bool = False

    def expected(self, jail: str) -> str:
        """Return the status that it must have."""
        return self.jailed if jail == "bwrap" or self.bare is None else self.bare


@contextlib.contextmanager
def surroundings() -> Iterator[dict[str, str]]:
    """Lay out what attacks look for: a gradebook, a neighbour's answer, a secret, a server."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        planted = Path(name)
        planted.chmod(0o755)
        with contextlib.closing(sqlite3.connect(planted / "gradebook.db")) as book:
            book.execute("create table grade (score)")
            book.execute("insert into grade values (0)")
            book.commit()
        (planted / "results.jsonl").write_text("{}\n")
        (planted / "neighbour.py").write_text(RIGHT)
        opened = (planted / "neighbour.py").open()
        os.set_inheritable(opened.fileno(), True)
        os.environ["RELUKIT_TEST_SECRET"] = SECRET
        try:
            yield {
                "COURSE": str(COURSE),
                "PLANTED": name,
                "PORT": str(server.getsockname()[1]),
                "GRADER": str(os.getpid()),
            }
        finally:
            del os.environ["RELUKIT_TEST_SECRET"]
            opened.close()


def grade_attack(attack: Attack, jail: str, places: Mapping[str, str]) -> Result:
    """Return the result of the attacked task."""
    source = attack.source
    for name, value in places.items():
        source = source.replace(name, value)
    submissions = (Submission("eve", LESSON, "eve.ipynb", {attack.task: source}),)
    if attack.write is not None:
        with tempfile.TemporaryDirectory() as folder:
            attack.write(Path(folder))
            submissions = collect(folder, lesson=LESSON)
    planted = Path(places["PLANTED"])
    hidden = (COURSE / "solutions", COURSE / "tests", planted)
    terms = Terms(jail, 2**63 + 12345, set_ups(COURSE), hidden, attack.seconds)
    eve = [entry for entry in submissions if entry.student == "eve"]
    with mock.patch.object(child, "TOGETHER", attack.together):
        results = grade_student(eve, terms)
    (found,) = [entry for entry in results if entry.task == attack.task]
    return found
