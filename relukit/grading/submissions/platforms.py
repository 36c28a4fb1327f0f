"""How learning platforms name what they hand out: whose it is, in which upload."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from relukit.grading.submissions.dates import time_in

_FLAGS = re.DOTALL
# the platforms write all before `file`; what follows is the student's own choice
_MOODLE = r"(?P<name>.+{})_(?P<user>\d{{1,20}})_assignsubmission_(?:file|onlinetext)"
_MOODLE_FOLDER = re.compile(_MOODLE.format("") + "_?", _FLAGS)
_MOODLE_FILE = re.compile(_MOODLE.format("?") + "_?(?P<file>.*)", _FLAGS)
_MOODLE_LAST = re.compile(_MOODLE.format("") + "_?(?P<file>.*)", _FLAGS)
_CANVAS = re.compile(
    r"(?P<name>.+?)(?:_LATE)?_(?P<user>[1-9]\d{0,19})_"
    r"(?:(?P<number>[1-9]\d{0,19})_(?P<file>.+)|(?:text|link)\.html)",
    _FLAGS,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?:LATE_)?(?P<name>anon)_(?P<user>[0-9A-Za-z]{5})_"
    r"(?:(?P<number>[1-9]\d{0,19})_(?P<file>.+)|(?:text|link)\.html)",
    _FLAGS,
)
_BLACKBOARD = re.compile(
    r"(?P<head>.+?)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)", _FLAGS
)
_WHEN = r"(?P<when>[^-]*\b(?:19|20)\d\d\b[^-]*)"
_BRIGHTSPACE = r"(?P<user>\d{1,20})-\d{1,20} - (?P<name>.+?) ?- " + _WHEN
_BRIGHTSPACE_FOLDER = re.compile(_BRIGHTSPACE, _FLAGS)
_BRIGHTSPACE_FILE = re.compile(_BRIGHTSPACE + " - (?P<file>.+)", _FLAGS)
_ILIAS = re.compile(
    r"(?P<last>['’ʼ‘]?[^_\W\d][^_]*)_(?P<first>[^_]+)_(?P<login>[^_]+)_(?P<user>\d{3,20})", _FLAGS
)
ILIAS_TEAM = re.compile(r"Team[ _]\d+", re.IGNORECASE)
_NONE = re.compile(r"(?!)")


@dataclass(frozen=True)
class Owner:
    """What a platform's name for a file or a folder says of the student.

    Attributes:
        platform: such as "canvas".
        name: what the student is called in a report.
        number: what tells students of this name apart, else "".
        display_name: see `Submission`.
        user_id: see `Submission`.
        login: see `Submission`.
        upload: a number that grows from upload to upload; 0 where there is none.
        file: the name that the student gave, "" where the whole name is the platform's.
    """

    platform: str
    name: str
    number: str = ""
    display_name: str = ""
    user_id: str = ""
    login: str = ""
    upload: int = 0
    file: str = ""


@lru_cache(maxsize=1024)  # asked for each file in the folder
def of_folder(name: str) -> Owner | None:
    """Return the owner of a folder that a platform has named, or None.

    Example:
        >>> of_folder("Jane Doe_7_assignsubmission_file_").user_id
        '7'
        >>> of_folder("12-345 - Jane Doe - Oct 3, 2026 1159 PM").upload
        202610032359
        >>> of_folder("Doe_Jane_jdoe_4711").login, of_folder("'t Hooft_Gerard_gth_4712").login
        ('jdoe', 'gth')
    """
    if found := _MOODLE_FOLDER.fullmatch(name):
        return _of_moodle(found, "")
    if found := _BRIGHTSPACE_FOLDER.fullmatch(name):
        return _of_brightspace(found, "")
    if found := _ILIAS.fullmatch(name):
        display = f"{found['first']} {found['last']}"
        return Owner("ilias", name, "", display, found["user"], found["login"])
    return None


def of_file(name: str, blackboard: "Blackboard") -> Owner | None:
    """Return the owner of a file that a platform has named, or None.

    Args:
        name: of the file.
        blackboard: what is known of Blackboard's names in the same folder.

    Example:
        >>> of_file("doejane_LATE_123_456_mine.ipynb", Blackboard(())).user_id
        '123'
        >>> name = "ps1_jdoe_attempt_2026-01-30-15-00-00_mine.ipynb"
        >>> of_file(name, Blackboard([name])).login
        'jdoe'
    """
    if (found := _MOODLE_FILE.fullmatch(name)) and (last := _MOODLE_LAST.fullmatch(name)):
        if last.span("user") == found.span("user"):
            return _of_moodle(found, found["file"])
        # a name or a file that looks like Moodle's own part: it may take nobody's place
        return Owner("", name[: last.start("file")], file=last["file"])
    if found := _BRIGHTSPACE_FILE.fullmatch(name):
        return _of_brightspace(found, found["file"])
    if (login := blackboard.login(name)) and (found := _BLACKBOARD.fullmatch(name)):
        upload = int(found["when"].replace("-", ""))
        return Owner(
            "blackboard", login, login=login, upload=upload, file=found["file"] or "text.txt"
        )
    if found := _CANVAS_ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name):
        return Owner(
            "canvas",
            "_".join(found.group("name", "user")),
            display_name=found["name"],
            user_id=found["user"],
            upload=int(found["number"] or 0),
            file=found["file"] or "text.html",
        )
    return None


def _of_moodle(found: re.Match[str], file: str) -> Owner:
    name, user = found.group("name", "user")
    return Owner("moodle", name, user, name, user, file=file)


def _of_brightspace(found: re.Match[str], file: str) -> Owner:
    name, user = found.group("name", "user")
    return Owner("brightspace", name, user, name, user, upload=time_in(found["when"]), file=file)


class Blackboard:
    """Blackboard's names, `<title>_<login>_attempt_<time>_<file>`, where both may hold a "_".

    Args:
        names: of all files that lie side by side. Where some are Canvas's and not Blackboard's,
            none is Blackboard's, since a student of Canvas's can choose such a name.
        titles: matches the beginnings that are known to be titles.
    """

    def __init__(self, names: Iterable[str], titles: re.Pattern[str] = _NONE) -> None:
        heads, canvas = set(), False
        for name in names:
            found = _BLACKBOARD.fullmatch(name)
            if found:
                heads.add(found["head"])
            else:
                canvas = canvas or _CANVAS.fullmatch(name) is not None
        self._logins = {} if canvas else _logins(sorted(heads), titles)

    def login(self, name: str) -> str:
        """Return the login in a file's name, or "" where the name is not Blackboard's."""
        found = _BLACKBOARD.fullmatch(name)
        return self._logins.get(found["head"], "") if found else ""


def _logins(heads: Sequence[str], titles: re.Pattern[str]) -> dict[str, str]:
    """Return the login of each head, which is what differs between those of one title."""
    words: dict[str, list[str]] = {}
    by_title: dict[str, list[str]] = {}
    titled = set()
    for head in heads:
        title = titles.match(head)
        words[head] = head[title.end() if title else 0 :].split("_")
        titled |= {head} if title else set()
        by_title.setdefault(title[0] if title else words[head][0], []).append(head)
    logins: dict[str, str] = {}
    for same in by_title.values():
        if len(same) > 1:
            n = min(len(words[head]) for head in same) - 1
            n = next((i for i in range(n) if len({words[head][i] for head in same}) > 1), n)
            logins |= {head: "_".join(words[head][n:]) for head in same}
    known = sorted(set(logins.values()), key=len, reverse=True)
    for head in heads:
        if head not in logins:
            ends = (login for login in known if head.endswith(f"_{login}"))
            rest = "_".join(words[head]) if head in titled else words[head][-1]
            logins[head] = next(ends, rest)
    return logins
