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
from relukit.grading.submissions.spare import is_old, is_version
from relukit.grading.submissions.titles import Titles

EXERCISES = "exercises"  # the course's folder that answers are written in
# folders of the course, and of nbgrader, that hold no answers of a student's
OF_COURSE = frozenset({"solutions", "source", "release", "autograded", "feedback", "notebooks"})
# a copy of the course, or what lies in it
COURSE = re.compile(r"relukit.*|.+-(?:main|master)|exercises|solutions|notebooks", re.IGNORECASE)
SUBMITTED = "submitted"  # nbgrader's folder of submissions
_SUBMISSIONS = "-submissions"  # the end of the folder that GitHub Classroom clones into
_STAMPED = re.compile(r"((?:19|20)\d{12})_(?=.)")  # the time that ILIAS puts before a name
_VERSION = re.compile(r"(?:version|attempt|versuch)[-_ ]?(\d{1,6})", re.IGNORECASE)  # of Teams


class Reader:
    """Reads paths, given the names of the lessons.

    Args:
        lessons: such as "02_definitions".
        nameless: the student's name where a path gives none.
    """

    def __init__(self, lessons: Iterable[str], nameless: str) -> None:
        lessons = tuple(lessons)
        self.nameless, self._names = nameless, lessons
        self._titles = titles = Titles(lessons)
        self.lesson, self.lesson_in = titles.lesson, titles.lesson_in
        self._blackboard = Blackboard(())
        self._named: dict[str, tuple[str, str | None]] = {}
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
        self._blackboard = Blackboard(files, self._titles.before)
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
        self._is_course = lessons and not below.keys().isdisjoint(OF_COURSE)
        shared = ""
        if len(below) > 1 and all(EXERCISES in inside for inside in below.values()):
            shared = os.path.commonprefix(list(below))  # noqa: RUF071 - of names, not of paths
        elif self.nameless.casefold().endswith(_SUBMISSIONS):
            shared = f"{self.nameless[: -len(_SUBMISSIONS)]}-"
        slug = shared[: shared.rfind("-") + 1]
        self._slug = slug if all(name.startswith(slug) for name in below) else ""

    def of(self, nameless: str) -> "Reader":
        """Return a reader that has learnt nothing yet, for what lies in a folder or a zip."""
        return Reader(self._names, nameless)

    def owner(self, entry: Entry) -> Owner | None:
        """Return whose an entry of the top level is, where a platform has named it."""
        name = entry.path[0]
        is_file = len(entry.path) == 1 and not entry.is_folder
        return of_file(name, self._blackboard) if is_file else of_folder(name)

    def login(self, name: str) -> str:
        """Return whose a folder is that is named like a clone or after a lesson, else ""."""
        if self._slug and len(name) > len(self._slug):
            return name[len(self._slug) :]
        return self._titles.beside(name)[0]

    def is_owned(self, entry: Entry) -> bool:
        """Return whether an entry of the top level is one student's, whatever lies in it."""
        name = entry.path[0]
        shared = self._is_course or name in self._clones or name in self._teams
        return shared or bool(self._slug) or self.owner(entry) is not None

    def who(self, entry: Entry) -> tuple[str, str | None]:
        """Return the name and the lesson that the name of a file gives, each where it does."""
        place = self._stated(entry.stem)
        who = "" if place.name == self.nameless or place.is_copy or place.again else place.name
        return who, place.lesson

    def lesson_of(self, entry: Entry) -> str | None:
        """Return the lesson that the path of an entry says below the uppermost folder."""
        return self.inside(entry, Place(""), entry.path[1:]).lesson

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
            self._named[name] = self._titles.beside(name)
        who, lesson = self._named[name]
        if who:
            login = who if name.endswith(f"-{who}") else ""
            owner = Owner("github" if login else "", who, login=login)
            place = replace(of_owner(owner), lesson=lesson, sureness=1)
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
        return self._stated(entry.stem)

    def _stated(self, stem: str) -> Place:
        place = self._titles.stated(stem)
        return place if place.name else replace(place, name=self.nameless)

    def inside(self, entry: Entry, place: Place, path: tuple[str, ...]) -> Place:
        """Return the place, with what the part of the path says that is the student's choice."""
        folders = path if entry.is_folder else path[:-1]
        lesson = next(filter(None, map(self.lesson, folders)), None)
        if lesson:
            place = replace(place, lesson=lesson, sureness=1)
        if versions := [found[1] for found in map(_VERSION.fullmatch, folders) if found]:
            place = replace(place, upload=place.upload or int(versions[0]))
        aged = place.is_old or any(is_old(name, folder=True) for name in folders)
        place = replace(place, is_old=aged, depth=place.depth + len(folders))
        names = {name.casefold() for name in folders}
        if names & OF_COURSE:
            place = replace(place, where=-1)
        elif EXERCISES in names:
            place = replace(place, where=1)
        if not path or not (entry.is_notebook or entry.is_zip):
            return place
        stem = Entry((path[-1] or "-",), entry.open).stem
        if stamped := _STAMPED.match(stem):
            place = replace(place, upload=place.upload or int(stamped[1]))
            stem = stem[stamped.end() :]
        return self._titles.chosen(stem, place, lesson)

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
            e.is_folder and (self.lesson(e.path[0]) or COURSE.fullmatch(e.path[0])) for e in below
        ):
            return ""
        files = [e for e in below if e.is_notebook or e.is_zip]
        found = files or any(e.is_folder for e in below)
        return only if found and all(map(self._says_whose, files)) else ""

    def _says_whose(self, entry: Entry) -> bool:
        place = self._flat(entry)
        if place is None or place.name in (self.nameless, entry.stem):
            return False
        return not is_version(place.name)
