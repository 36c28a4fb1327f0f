"""Whose a file is and which lesson it answers, as its path says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from relukit.grading.submissions.entry import Entry

EXERCISES = "exercises"  # the course's folder that answers are written in
# folders of the course, and of nbgrader, that hold no answers of a student's
_OF_COURSE = frozenset({"solutions", "source", "release", "autograded", "feedback", "notebooks"})
# a copy of the course, or what lies in it
_COURSE = re.compile(r"relukit.*|.+-(?:main|master)|exercises|solutions|notebooks", re.IGNORECASE)
SUBMITTED = "submitted"  # nbgrader's folder of submissions
# the platforms write all before `file`; what follows is the student's own choice
_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<user>\d{1,20})_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)",
    flags=re.DOTALL,
)
_CANVAS = re.compile(
    r"(?P<name>.+?)(?:_LATE)?_(?P<user>[1-9]\d{0,19})_"
    r"(?:(?P<number>[1-9]\d{0,19})_(?P<file>.+)|(?:text|link)\.html)",
    flags=re.DOTALL,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?:LATE_)?(?P<name>anon)_(?P<user>[0-9A-Za-z]{5})_"
    r"(?:(?P<number>[1-9]\d{0,19})_(?P<file>.+)|(?:text|link)\.html)",
    flags=re.DOTALL,
)
_AGAIN = r"(?P<again>(?:[-_ ]copy\d*|-\d{1,6}| ?\(\d{1,6}\))*)"


@dataclass(frozen=True)
class Place:
    """What a path says about an entry.

    Attributes:
        name: the student's name.
        number: what tells students of this name apart, where the platform gives it.
        lesson: the lesson, or None where the path doesn't say.
        upload: the platform's running number of the upload, else 0.
        sureness: how plainly the lesson is said, from 0 to 3.
        again: the number that a browser or a platform gives a file of the same name, else 0.
        is_copy: whether the name says that the file is a copy.
        where: 1 in a folder `exercises`, -1 in a folder of the course's that holds no answers of
            the student's, such as `solutions`, else 0.
    """

    name: str
    number: str = ""
    lesson: str | None = None
    upload: int = 0
    sureness: int = 0
    again: int = 0
    is_copy: bool = False
    where: int = 0

    @property
    def rank(self) -> tuple[bool, int, int, int, int, bool]:
        """Of the files for one lesson the highest counts."""
        says_it = self.sureness > 0
        return says_it, self.upload, self.where, self.sureness, self.again, not self.is_copy


class Reader:
    """Reads paths, given the names of the lessons.

    Args:
        lessons: such as "02_definitions".
        nameless: the student's name where a path gives none.
    """

    def __init__(self, lessons: Iterable[str], nameless: str) -> None:
        self.nameless = nameless
        self._lessons = {_plain(name): name for name in lessons}
        either = "|".join(re.escape(name).replace("_", "[-_ ]+") for name in self._lessons)
        flags = re.IGNORECASE | re.DOTALL
        self._anywhere = re.compile(either, flags)
        self._last = re.compile(rf"(?:(?P<who>.+?)[-_ ]+)?(?P<lesson>{either}){_AGAIN}", flags)
        self._first = re.compile(rf"(?P<lesson>{either})[-_ ]+(?P<who>.+)", flags)
        self._other = re.compile(rf".*?{_AGAIN}", flags)

    def lesson(self, name: str) -> str | None:
        """Return the lesson that a file or a folder is named after exactly."""
        return self._lessons.get(_plain(name))

    def place(self, entry: Entry) -> Place | None:
        """Return what the path of an entry says, or None where it is nobody's."""
        path, above = entry.path, self.lesson(entry.path[0])
        if above and (len(path) > 1 or entry.is_folder):  # a lesson's folder above the students
            if len(path) == 1:
                return None
            entry = entry.within(1)
        if len(entry.path) > 1 or entry.is_folder:
            place = self._in_folder(entry)
        else:
            place = self._flat(entry)
        if place and place.lesson is None and above:
            place = replace(place, lesson=above, sureness=1)
        return place

    def _in_folder(self, entry: Entry) -> Place:
        owner = _MOODLE.fullmatch(entry.path[0])
        name, number = owner.group("name", "user") if owner else (entry.path[0], "")
        return self.inside(entry, Place(name, number), entry.path[1:])

    def _flat(self, entry: Entry) -> Place | None:
        name = entry.path[0]
        if owner := _MOODLE.fullmatch(name):
            return self.inside(entry, Place(*owner.group("name", "user")), (owner["file"],))
        if owner := _CANVAS_ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name):
            place = Place("_".join(owner.group("name", "user")), upload=int(owner["number"] or 0))
            return self.inside(entry, place, (owner["file"] or "",))
        if not (entry.is_notebook or entry.is_zip):
            return None
        return self.stated(entry.stem)

    def stated(self, stem: str) -> Place:
        """Return what the name of a file says that stands among those of other students."""
        found = self._last.fullmatch(stem) or self._first.fullmatch(stem)
        if not found:
            return Place(stem)
        who = (found["who"] or "").strip("-_ ") or self.nameless
        return _again(Place(who, lesson=self.lesson(found["lesson"]), sureness=2), found)

    def inside(self, entry: Entry, place: Place, path: tuple[str, ...]) -> Place:
        """Return the place, with what the part of the path says that is the student's choice."""
        folders = path if entry.is_folder else path[:-1]
        lesson = next(filter(None, map(self.lesson, folders)), None)
        if lesson:
            place = replace(place, lesson=lesson, sureness=1)
        names = {name.casefold() for name in folders}
        if names & _OF_COURSE:
            place = replace(place, where=-1)
        elif EXERCISES in names:
            place = replace(place, where=1)
        if entry.is_folder or not path:
            return place
        stem = Entry((path[-1] or "-",), entry.read).stem
        named = {self.lesson(text) for text in self._anywhere.findall(stem)}
        if len(named) == 1:
            sure = 3 if lesson and self.lesson(stem) == lesson else 2
            place = replace(place, lesson=named.pop(), sureness=sure)
        return _again(place, self._last.fullmatch(stem) or self._other.fullmatch(stem))

    def wrapper(self, entries: Iterable[Entry]) -> str:
        """Return the folder that all submissions lie in and that is no student's, or "".

        It is nbgrader's `submitted`, or the only folder, where it holds folders that are named
        neither after lessons nor after the course, or files that say themselves whose they are.

        Args:
            entries: of the two uppermost levels.
        """
        entries = list(entries)
        top = {e.path[0]: e for e in entries if len(e.path) == 1 and e.is_folder}
        if SUBMITTED in top and not top[SUBMITTED].refused:
            return SUBMITTED
        if len(top) != 1 or any(len(e.path) == 1 and (e.is_notebook or e.is_zip) for e in entries):
            return ""
        only = next(iter(top))
        if self.lesson(only) or _MOODLE.fullmatch(only):
            return ""
        below = [e.within(1) for e in entries if len(e.path) == 2]
        if any(
            e.is_folder and (self.lesson(e.path[0]) or _COURSE.fullmatch(e.path[0])) for e in below
        ):
            return ""
        files = [e for e in below if e.is_notebook or e.is_zip]
        found = files or any(e.is_folder for e in below)
        return only if found and all(map(self._says_whose, files)) else ""

    def _says_whose(self, entry: Entry) -> bool:
        place = self._flat(entry)
        return place.name not in (self.nameless, entry.stem)


def _plain(name: str) -> str:
    return re.sub(r"[-_ ]+", "_", name).casefold()


def _again(place: Place, found: re.Match[str]) -> Place:
    again = found.groupdict().get("again") or ""
    numbers = re.findall(r"\d+", re.sub(r"copy\d*", "", again, flags=re.IGNORECASE))
    number = int(numbers[-1]) if numbers else place.again
    return replace(place, again=number, is_copy=place.is_copy or "copy" in again.lower())
