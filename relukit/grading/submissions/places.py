"""Whose a file is and which lesson it answers, as its path says."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from relukit.grading.submissions.entry import Entry
from relukit.grading.submissions.place import Place, of_owner
from relukit.grading.submissions.platforms import (
    ILIAS_TEAM,
    Blackboard,
    Owner,
    of_file,
    of_folder,
)

EXERCISES = "exercises"  # the course's folder that answers are written in
# folders of the course, and of nbgrader, that hold no answers of a student's
_OF_COURSE = frozenset({"solutions", "source", "release", "autograded", "feedback", "notebooks"})
# a copy of the course, or what lies in it
_COURSE = re.compile(r"relukit.*|.+-(?:main|master)|exercises|solutions|notebooks", re.IGNORECASE)
SUBMITTED = "submitted"  # nbgrader's folder of submissions
_SUBMISSIONS = "-submissions"  # the end of the folder that GitHub Classroom clones into
_STAMPED = re.compile(r"((?:19|20)\d{12})_(?=.)")  # the time that ILIAS puts before a name
_VERSION = re.compile(r"(?:version|attempt|versuch)[-_ ]?(\d{1,6})", re.IGNORECASE)  # of Teams
_COPY = r"(?:copy|kopie|copie|copia|cópia|kopia|kópia|コピー|副本)"
_COPY_OF = re.compile(rf"(?:{_COPY} (?:of|von|de|di|av|z) )+", re.IGNORECASE)
_AGAIN = rf"(?P<again>(?:(?: [-–] |[-_ ]){_COPY}(?: ?\d{{1,6}})?|-\d{{1,6}}| ?\(\d{{1,6}}\))*)"
_END = 64  # characters of a name that may say that it is a copy: what it takes grows as the square
_AGAIN_ALONE = _AGAIN.replace(r"|-\d{1,6}", "")  # "-2" may be part of a name


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
        self._first = re.compile(rf"(?P<lesson>{either})[-_ ]+(?P<who>.+?){_AGAIN_ALONE}", flags)
        self._plain = re.compile(rf"(?P<stem>.+?){_AGAIN_ALONE}", flags)
        self._other = re.compile(rf".*?{_AGAIN}", flags)
        self._titles = re.compile(rf"(?:{either})[-_ ]+", flags)
        self._blackboard = Blackboard(())
        self._named: dict[str, re.Match[str] | None] = {}
        self._slug = ""
        self._clones: frozenset[str] = frozenset()
        self._teams: frozenset[str] = frozenset()
        self._is_course = False

    def learn(self, entries: Sequence[Entry]) -> None:
        """Look at all entries before their places are read: some names are clear in company only.

        Args:
            entries: of all levels.
        """
        files = {e.path[-1] for e in entries if not e.is_folder and len(e.path) < 3}
        self._blackboard = Blackboard(files, self._titles)
        below: dict[str, set[str]] = {}
        for entry in entries:
            if len(entry.path) == 2 or (len(entry.path) == 1 and entry.is_folder):
                below.setdefault(entry.path[0], set()).update(entry.path[1:2])
        clones = {
            name
            for name, inside in below.items()
            if name.casefold().endswith(_SUBMISSIONS) and inside
            if all(child.startswith(f"{name[: -len(_SUBMISSIONS)]}-") for child in inside)
        }
        self._clones = frozenset(clones)
        self._teams = frozenset(
            name
            for name, inside in below.items()
            if ILIAS_TEAM.fullmatch(name) and inside and all(map(of_folder, inside))
        )
        # the folder is itself one student's copy of the course
        lessons = any(self.lesson(child) for child in below.get(EXERCISES, ()))
        self._is_course = lessons and not below.keys().isdisjoint(_OF_COURSE)
        shared = ""
        if len(below) > 1 and all(EXERCISES in inside for inside in below.values()):
            shared = os.path.commonprefix(list(below))  # noqa: RUF071 - of names, not of paths
        elif self.nameless.casefold().endswith(_SUBMISSIONS):
            shared = f"{self.nameless[: -len(_SUBMISSIONS)]}-"
        slug = shared[: shared.rfind("-") + 1]
        self._slug = slug if all(name.startswith(slug) for name in below) else ""

    def lesson(self, name: str) -> str | None:
        """Return the lesson that a file or a folder is named after exactly."""
        return self._lessons.get(_plain(name))

    def place(self, entry: Entry) -> Place | None:
        """Return what the path of an entry says, or None where it is nobody's."""
        path, above = entry.path, self.lesson(entry.path[0])
        if self._is_course:
            return self.inside(entry, Place(self.nameless), path)
        if path[0] in self._clones:
            if len(path) == 1:
                return None
            slug = path[0][: -len(_SUBMISSIONS)]
            return self._in_clone(entry.within(1), f"{slug}-", self.lesson(slug))
        if path[0] in self._teams or (above and (len(path) > 1 or entry.is_folder)):
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

    def _in_folder(self, entry: Entry) -> Place | None:
        name = entry.path[0]
        if owner := of_folder(name):
            return self.inside(entry, of_owner(owner), entry.path[1:])
        if self._slug and len(name) > len(self._slug):
            return self._in_clone(entry, self._slug, None)
        if name not in self._named:  # once for all files in the folder
            self._named[name] = self._last.fullmatch(name) or self._first.fullmatch(name)
        found = self._named[name]
        if found and (who := (found["who"] or "").strip("-_ ")):
            login = who if name.endswith(f"-{who}") else ""
            owner = Owner("github" if login else "", who, login=login)
            place = replace(of_owner(owner), lesson=self.lesson(found["lesson"]), sureness=1)
            return self.inside(entry, place, entry.path[1:])
        place = Place(name)
        if (
            len(entry.path) == 3
            and self.lesson(entry.path[1]) == self.lesson(entry.stem) is not None
        ):
            place = replace(place, owner=Owner("nbgrader", name, login=name))
        return self.inside(entry, place, entry.path[1:])

    def _in_clone(self, entry: Entry, slug: str, lesson: str | None) -> Place:
        login = entry.path[0].removeprefix(slug)
        place = of_owner(Owner("github", login, login=login))
        lesson = lesson or self.lesson(slug.rstrip("-"))
        if lesson:
            place = replace(place, lesson=lesson, sureness=1)
        return self.inside(entry, place, entry.path[1:])

    def _flat(self, entry: Entry) -> Place | None:
        if owner := of_file(entry.path[0], self._blackboard):
            return self.inside(entry, of_owner(owner), (owner.file,))
        if not (entry.is_notebook or entry.is_zip):
            return None
        return self.stated(entry.stem)

    def stated(self, stem: str) -> Place:
        """Return what the name of a file says that stands among those of other students."""
        copied = _COPY_OF.match(stem)
        stem = stem[copied.end() :] if copied else stem
        found = self._last.fullmatch(stem) or self._first.fullmatch(stem)
        if not found:
            plain = self._plain.fullmatch(stem)
            place = _again(Place(plain["stem"]), plain)
            return replace(place, is_copy=place.is_copy or copied is not None)
        who = (found["who"] or "").strip("-_ ") or self.nameless
        place = _again(Place(who, lesson=self.lesson(found["lesson"]), sureness=2), found)
        return replace(place, is_copy=place.is_copy or copied is not None)

    def inside(self, entry: Entry, place: Place, path: tuple[str, ...]) -> Place:
        """Return the place, with what the part of the path says that is the student's choice."""
        folders = path if entry.is_folder else path[:-1]
        lesson = next(filter(None, map(self.lesson, folders)), None)
        if lesson:
            place = replace(place, lesson=lesson, sureness=1)
        if versions := [found[1] for found in map(_VERSION.fullmatch, folders) if found]:
            place = replace(place, upload=place.upload or int(versions[0]))
        names = {name.casefold() for name in folders}
        if names & _OF_COURSE:
            place = replace(place, where=-1)
        elif EXERCISES in names:
            place = replace(place, where=1)
        if not path or not (entry.is_notebook or entry.is_zip):
            return place
        stem = Entry((path[-1] or "-",), entry.open).stem
        if copied := _COPY_OF.match(stem):
            stem = stem[copied.end() :]
            place = replace(place, is_copy=True)
        if stamped := _STAMPED.match(stem):
            place = replace(place, upload=place.upload or int(stamped[1]))
            stem = stem[stamped.end() :]
        named = {self.lesson(text) for text in self._anywhere.findall(stem)}
        if len(named) == 1:
            sure = 3 if lesson and self.lesson(stem) == lesson else 2
            place = replace(place, lesson=named.pop(), sureness=sure)
        end = stem[-_END:]
        return _again(place, self._last.fullmatch(end) or self._other.fullmatch(end))

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
        if self.lesson(only) or of_folder(only) or only.casefold().endswith(_SUBMISSIONS):
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
    numbers = re.findall(r"\d+", re.sub(rf"{_COPY} ?\d+", "", again, flags=re.IGNORECASE))
    number = int(numbers[-1]) if numbers else place.again
    return replace(
        place, again=number, is_copy=place.is_copy or re.search(_COPY, again, re.I) is not None
    )
