"""Layouts in which classes hand in, made for any list of students, with who must be found.

`python tools/handin_table.py` prints how many are.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LESSON, OTHER = "02_definitions", "03_variants"
ROOT = Path(__file__).parents[2]
Files = dict[str, bytes]


@dataclass(frozen=True)
class Student:
    """A student of a class list."""

    number: int
    first: str
    last: str
    login: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def short(self) -> str:
        """The name as Canvas writes it."""
        return "".join(filter(str.isalnum, f"{self.last}{self.first}".casefold())) or "x"


CLASS = tuple(
    Student(100_000 + 7 * n, first, last, login)
    for n, (first, last, login) in enumerate(
        [
            ("Ada", "Lovelace", "alovelace"),
            ("Grace", "Hopper", "ghopper"),
            ("Jüri", "Õun", "jouna"),
            ("Jane", "Doe", "jdoe"),
            ("Jane", "Doe", "jdoe2"),
            ("Conan", "O'Brien", "cobrien"),
            ("Ana María", "de la Cruz", "amcruz"),
            ("小明", "王", "xwang"),
        ]
    )
)


def answer(student: Student, attempt: int = 1) -> bytes:
    """Return a notebook whose answer says whose it is, and which attempt."""
    source = f"def relu(x):\n    return {student.number}, {attempt}"
    cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "relu"}}, "source": source}
    return json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 4}).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def course(student: Student) -> Files:
    """Return a copy of the whole course, with answers."""
    solution = (ROOT / "solutions" / LESSON / f"{LESSON}.ipynb").read_bytes()
    return {
        f"exercises/{LESSON}/{LESSON}.ipynb": answer(student),
        f"solutions/{LESSON}/{LESSON}.ipynb": solution,
        f"notebooks/{LESSON}.ipynb": b'{"cells": [], "nbformat": 4, "nbformat_minor": 4}',
        "README.md": b"# relukit",
    }


@dataclass(frozen=True)
class Layout:
    """How a class's notebooks lie.

    Attributes:
        title: a few words.
        make: returns the files of a class by path.
        platform: what `Submission.platform` must say.
        identity: the field of `Submission` that must hold what the second function returns.
        attempt: the attempt that must count.
        merges: whether the layout gives nothing that tells two students of one name apart.
    """

    title: str
    make: Callable[[Sequence[Student]], Files]
    platform: str = ""
    identity: tuple[str, Callable[[Student], str]] | None = None
    attempt: int = 1
    merges: bool = False


def each(name: Callable[[Student], str], attempt: int = 1) -> Callable[[Sequence[Student]], Files]:
    return lambda students: {name(s): answer(s, attempt) for s in students}


def both(*makers: Callable[[Sequence[Student]], Files]) -> Callable[[Sequence[Student]], Files]:
    return lambda students: {k: v for make in makers for k, v in make(students).items()}


def folders(
    name: Callable[[Student], str], files: Callable[[Student], Files]
) -> Callable[[Sequence[Student]], Files]:
    return lambda students: {
        f"{name(s)}/{path}": data for s in students for path, data in files(s).items()
    }


def _blackboard(when: str, file: str = f"_{LESSON}.ipynb") -> Callable[[Student], str]:
    return lambda s: f"Definitions of ReLU_{s.login}_attempt_{when}{file}"


def _brightspace(when: str) -> Callable[[Student], str]:
    return lambda s: f"{s.number}-678901 - {s.name} - {when}"


def _ilias(s: Student) -> str:
    return f"{s.last}_{s.first}_{s.login}_{s.number}"


def _moodle(s: Student) -> str:
    return f"{s.name}_{s.number}_assignsubmission_file"


LOGIN, USER = ("login", lambda s: s.login), ("user_id", lambda s: str(s.number))
FIRST, LAST = "2026-01-30-15-00-00", "2026-02-01-09-00-00"
LAYOUTS = (
    Layout(
        "nbgrader",
        each(lambda s: f"submitted/{s.login}/{LESSON}/{LESSON}.ipynb"),
        "nbgrader",
        LOGIN,
    ),
    Layout("Canvas", each(lambda s: f"{s.short}_{s.number}_{9}_{LESSON}.ipynb"), "canvas", USER),
    Layout(
        "Canvas, late and again",
        both(
            each(lambda s: f"{s.short}_{s.number}_99_{LESSON}.ipynb"),
            each(lambda s: f"{s.short}_LATE_{s.number}_100_{LESSON}-1.ipynb", 2),
        ),
        "canvas",
        USER,
        attempt=2,
    ),
    Layout("Moodle, folders", each(lambda s: f"{_moodle(s)}_/{LESSON}.ipynb"), "moodle", USER),
    Layout("Moodle, no last _", each(lambda s: f"{_moodle(s)}/my work.ipynb"), "moodle", USER),
    Layout("Moodle, flat", each(lambda s: f"{_moodle(s)}_{LESSON}.ipynb"), "moodle", USER),
    Layout(
        "Moodle, with online text",
        both(
            each(lambda s: f"{_moodle(s)}_/{LESSON}.ipynb"),
            lambda students: {
                f"{s.name}_{s.number}_assignsubmission_onlinetext_/onlinetext.html": b"<p>"
                for s in students
            },
        ),
        "moodle",
        USER,
    ),
    Layout(
        "Blackboard, two attempts",
        both(
            each(_blackboard(FIRST)),
            each(_blackboard(LAST), 2),
            lambda students: {_blackboard(LAST, ".txt")(s): b"Name:" for s in students},
        ),
        "blackboard",
        LOGIN,
        attempt=2,
    ),
    Layout(
        "Brightspace, two attempts",
        both(
            each(lambda s: f"{_brightspace('Oct 3, 2026 1159 PM')(s)}/{LESSON}.ipynb", 2),
            each(lambda s: f"{_brightspace('Oct 3, 2026 1201 AM')(s)}/{LESSON}.ipynb"),
        ),
        "brightspace",
        USER,
        attempt=2,
    ),
    Layout(
        "Brightspace, flat",
        each(lambda s: f"{_brightspace('05 March 2026 612 PM')(s)} - {LESSON}.ipynb"),
        "brightspace",
        USER,
    ),
    Layout(
        "ILIAS",
        both(
            each(lambda s: f"Abgaben/{_ilias(s)}/{LESSON}.ipynb"),
            lambda students: {"Abgaben/status.xlsx": b"PK"},
        ),
        "ilias",
        LOGIN,
    ),
    Layout(
        "ILIAS, teams", each(lambda s: f"Team_{s.number}/{_ilias(s)}/{LESSON}.ipynb"), "ilias", USER
    ),
    Layout(
        "GitHub, clones of the course",
        folders(lambda s: f"relukit-submissions/relukit-{s.login}", course),
        "github",
        LOGIN,
    ),
    Layout(
        "GitHub, named after the lesson",
        folders(lambda s: f"02-definitions-{s.login}", course),
        "github",
        LOGIN,
    ),
    Layout(
        "GitHub, side by side", folders(lambda s: f"relukit-{s.login}", course), "github", LOGIN
    ),
    Layout(
        "a zip of the course each", lambda cl: {f"{s.login}.zip": packed(course(s)) for s in cl}
    ),
    Layout(
        "a zip in a zip each",
        lambda cl: {f"{s.login}.zip": packed({"a.zip": packed(course(s))}) for s in cl},
    ),
    Layout(
        "Drive copies",
        both(
            each(lambda s: f"{s.login}/{LESSON}.ipynb", 2),
            each(lambda s: f"{s.login}/Copy of {LESSON}.ipynb"),
            each(lambda s: f"{s.login}/Kopie von {LESSON}.ipynb"),
            each(lambda s: f"{s.login}/{LESSON} - Copy.ipynb"),
        ),
        attempt=2,
    ),
    Layout("Drive copies, flat", each(lambda s: f"Copy of {s.login}-{LESSON}.ipynb")),
    Layout("by hand", each(lambda s: f"{s.login}-{LESSON}.ipynb")),
    Layout("by hand, full names", each(lambda s: f"{s.name}.ipynb"), merges=True),
    Layout(
        "by hand, downloaded twice",
        both(each(lambda s: f"{s.login}.ipynb"), each(lambda s: f"{s.login} (1).ipynb", 2)),
        attempt=2,
    ),
    Layout("lessons above", each(lambda s: f"{LESSON}/{s.login}/answers.ipynb")),
    Layout(
        "Canvas, the download inside",
        lambda cl: {
            "submissions.zip": packed(
                {f"{s.short}_{s.number}_{9}_{LESSON}.ipynb": answer(s) for s in cl}
            ),
            "notes.txt": b"",
        },
        "canvas",
        USER,
    ),
    Layout(
        "Moodle, the download inside",
        lambda cl: (
            {
                f"CS101-{LESSON}-9001.zip": packed({f"{_moodle(s)}_/my work.ipynb": answer(s)})
                for s in cl[:1]
            }
            | {f"CS101-Other group-9002/{_moodle(s)}_/{LESSON}.ipynb": answer(s) for s in cl[1:]}
        ),
        "moodle",
        USER,
    ),
    Layout(
        "Moodle, sections",
        each(lambda s: f"Section {s.number % 2}/{_moodle(s)}_/{LESSON}.ipynb"),
        "moodle",
        USER,
    ),
    Layout(
        "Blackboard, sections of a lesson",
        each(lambda s: f"{LESSON}/sec {s.number % 2}/{_blackboard(LAST)(s)}"),
        "blackboard",
        LOGIN,
    ),
    Layout(
        "with what systems leave",
        both(
            each(lambda s: f"{s.login}/{LESSON}.ipynb"),
            lambda cl: {
                f"{s.login}/.ipynb_checkpoints/{LESSON}-checkpoint.ipynb": answer(s, 0) for s in cl
            },
            lambda cl: {f"__MACOSX/{s.login}/._{LESSON}.ipynb": b"\0\5\x16\7" for s in cl},
            lambda cl: {
                ".DS_Store": b"\0",
                "results/results.jsonl": b"",
                "results/class.html": b"",
            },
        ),
    ),
)


def write(folder: Path, files: Mapping[str, bytes], *, as_zip: bool = False) -> Path:
    """Write the files into a folder, or into a zip, and return its path."""
    if as_zip:
        path = folder / "class.zip"
        path.write_bytes(packed(files))
        return path
    for name, data in files.items():
        path = folder / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "class"


def n_expected(layout: Layout, students: Sequence[Student]) -> int:
    """Return how many students must be found."""
    return len({s.name for s in students}) if layout.merges else len(students)
