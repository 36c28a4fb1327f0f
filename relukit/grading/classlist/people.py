"""Who is who: students who handed in, and the rows of a class list. Never a guess."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from relukit.grading.classlist.columns import ClassList
from relukit.grading.classlist.headers import Kind
from relukit.grading.classlist.table import Row
from relukit.grading.submission import Submission

_TELLS_THE_NAME = ("moodle", "brightspace", "ilias")  # beside a number, so that both must agree
_OWN_NAMES = ("", "nbgrader", "github", "blackboard", "ilias")  # where "student" may be a login
_NUMBERED = re.compile(r"\D+(\d+)")  # "Participant 123" in Moodle's worksheet


@dataclass(frozen=True)
class Match:
    """What was found for one student.

    Attributes:
        row: of the class list; None where there is none, or no single one.
        because: why there is none, else "".
    """

    row: Row | None
    because: str = ""


def name_key(name: str) -> str:
    """Return a name without differences that nobody means: case, spaces, "Last, First".

    Example:
        >>> name_key("Doe,  Jane") == name_key("jane DOE"), name_key("Jane") == name_key("Janet")
        (True, False)
    """
    if name.count(",") == 1:
        last, first = name.split(",")
        name = f"{first} {last}"
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return " ".join(folded.split())


def _key(value: str) -> str:
    folded = unicodedata.normalize("NFC", value).strip().casefold()
    return folded.removeprefix("#")  # Brightspace writes it before each


class People:
    """Finds the rows of students in a class list.

    The platform's number comes first, then numbers of the school, logins and e-mail addresses,
    then the exact name. Where a platform tells a name beside its number, both must agree, since
    the numbers of Moodle belong to one assignment only.

    Args:
        listed: the class list.
    """

    def __init__(self, listed: ClassList) -> None:
        self._by: dict[tuple[Kind, str], list[Row]] = {}
        self._numbered: dict[str, list[Row]] = {}
        self._names: dict[int, set[str]] = {}
        for row in listed.students:
            told: dict[Kind, list[str]] = {kind: [] for kind in Kind}
            for column, kind in listed.kinds.items():
                if value := row[column].strip():
                    told[kind].append(value)
            names = {*told[Kind.NAME]}
            names |= {f"{a} {b}" for a in told[Kind.FIRST] for b in told[Kind.LAST]}
            if not names and not told[Kind.FIRST]:
                names |= {*told[Kind.LAST]}
            self._names[id(row)] = keys = {name_key(name) for name in names} - {""}
            for kind in (Kind.USER, Kind.NUMBER, Kind.LOGIN):
                for key in {_key(value) for value in told[kind]} - {""}:
                    self._by.setdefault((kind, key), []).append(row)
            for key in keys:
                self._by.setdefault((Kind.NAME, key), []).append(row)
            numbers = (_NUMBERED.fullmatch(value) for value in told[Kind.USER])
            for number in {found[1] for found in numbers if found}:
                self._numbered.setdefault(number, []).append(row)

    def find(self, submissions: Sequence[Submission]) -> Match:
        """Return the row of one student.

        Args:
            submissions: all that one student has handed in.
        """
        for rows, said in self._stages(submissions):
            found = {id(row): row for row in rows}
            if len(found) > 1:
                lines = ", ".join(str(row.line) for row in found.values())
                return Match(None, f"{said} stands in several rows: lines {lines}")
            if found:
                (row,) = found.values()
                if other := self._other_login(row, submissions):
                    return Match(
                        None, f"{said} is that of line {row.line}, its name the login of {other}"
                    )
                if other := self._other_name(row, submissions):
                    return Match(
                        None, f"{said} is that of line {row.line}, whose name is another: {other}"
                    )
                return Match(row)
        return Match(None, "no row has this number, login or name")

    def _stages(self, submissions: Sequence[Submission]) -> Iterable[tuple[list[Row], str]]:
        numbers = {(s.platform, _key(s.user_id)) for s in submissions if s.user_id}
        rows = []
        for platform, number in sorted(numbers):
            rows += self._by.get((Kind.USER, number), [])
            if platform == "moodle":
                rows += self._numbered.get(number, [])
            if platform == "brightspace":
                rows += self._by.get((Kind.NUMBER, number), [])
        yield rows, "the platform's number"
        logins = {_key(s.login) for s in submissions if s.login}
        own = {_key(s.student) for s in submissions if s.platform in _OWN_NAMES}
        kinds: Mapping[str, set[str]] = {
            "the login": logins,
            "the name or number that the file gives": own - logins,
        }
        for said, keys in kinds.items():
            every = (Kind.LOGIN,) if said == "the login" else (Kind.LOGIN, Kind.NUMBER, Kind.USER)
            found = (self._by.get((kind, key), []) for kind in every for key in sorted(keys))
            yield [row for some in found for row in some], said
        names = {name_key(s.display_name or s.student) for s in submissions}
        found = (self._by.get((Kind.NAME, key), []) for key in sorted(names))
        yield [row for some in found for row in some], "the name"

    def _other_login(self, row: Row, submissions: Sequence[Submission]) -> str:
        """Return the line of another row whose login is the name beside a number of Canvas's.

        A file that is named by hand, such as `doe_2_3_work.ipynb`, has the form of Canvas's files.
        """
        names = {_key(s.display_name) for s in submissions if s.platform == "canvas"}
        others = [r for name in names for r in self._by.get((Kind.LOGIN, name), ()) if r is not row]
        return f"line {others[0].line}" if others else ""

    def _other_name(self, row: Row, submissions: Sequence[Submission]) -> str:
        """Return the row's name where the platform's name of the student is another one."""
        told = {
            name_key(s.display_name)
            for s in submissions
            if s.platform in _TELLS_THE_NAME and s.user_id and s.display_name
        }
        known = self._names[id(row)]
        if any(s.platform == "moodle" for s in submissions):  # writes "Group A-Jane Doe" of a team
            told |= {name for name in known for one in told if one.endswith(f"-{name}")}
        return "" if not told or not known or told & known else sorted(known)[0]
