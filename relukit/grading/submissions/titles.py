"""The lessons' names in the names of files and folders, and what stands beside them."""

import re
from collections.abc import Iterable
from dataclasses import replace

from relukit.grading.submissions.place import Place
from relukit.grading.submissions.spare import AGAIN, AGAIN_ALONE, COPY, COPY_OF, is_old, newness

_END = 64  # characters of a name that may say that it is a copy: what it takes grows as the square


class Titles:
    """Finds lessons in names.

    Args:
        lessons: such as "02_definitions".

    Example:
        >>> titles = Titles(["02_definitions"])
        >>> titles.lesson("02 Definitions"), titles.lesson_in("CS101-02_definitions-9001")
        ('02_definitions', '02_definitions')
        >>> titles.stated("jane-02_definitions (2)").name
        'jane'
    """

    def __init__(self, lessons: Iterable[str]) -> None:
        self._lessons = {_plain(name): name for name in lessons}
        either = "|".join(re.escape(name).replace("_", "[-_ ]+") for name in self._lessons)
        flags = re.IGNORECASE | re.DOTALL
        self._anywhere = re.compile(either, flags)
        self._last = re.compile(rf"(?:(?P<who>.+?)[-_ ]+)?(?P<lesson>{either}){AGAIN}", flags)
        self._first = re.compile(rf"(?P<lesson>{either})[-_ ]+(?P<who>.+?){AGAIN_ALONE}", flags)
        self._alone = re.compile(rf"(?P<stem>.+?){AGAIN_ALONE}", flags)
        self._other = re.compile(rf".*?{AGAIN}", flags)
        self.before = re.compile(rf"(?:{either})[-_ ]+", flags)  # a title that a name begins with

    def lesson(self, name: str) -> str | None:
        """Return the lesson that a file or a folder is named after exactly."""
        return self._lessons.get(_plain(name))

    def lesson_in(self, name: str) -> str | None:
        """Return the one lesson that is named anywhere in a name."""
        named = {self.lesson(text) for text in self._anywhere.findall(name)}
        return named.pop() if len(named) == 1 else None

    def beside(self, name: str) -> tuple[str, str | None]:
        """Return who is named beside a lesson in the name of a folder, or "", and the lesson."""
        found = self._last.fullmatch(name) or self._first.fullmatch(name)
        who = (found["who"] or "").strip("-_ ") if found else ""
        return who, self.lesson(found["lesson"]) if found else None

    def stated(self, stem: str) -> Place:
        """Return what the name of a file says that stands among those of other students.

        The place's name is "" where there is none.
        """
        copied = COPY_OF.match(stem)
        stem = stem[copied.end() :] if copied else stem
        found = self._last.fullmatch(stem) or self._first.fullmatch(stem)
        if not found:
            plain = self._alone.fullmatch(stem)
            place = _again(Place(plain["stem"]), plain) if plain else Place("")
            return replace(place, is_copy=place.is_copy or copied is not None)
        who = (found["who"] or "").strip("-_ ")
        place = _again(Place(who, lesson=self.lesson(found["lesson"]), sureness=2), found)
        return replace(place, is_copy=place.is_copy or copied is not None)

    def chosen(self, stem: str, place: Place, above: str | None) -> Place:
        """Return the place, with what a name says that is the student's choice.

        Args:
            stem: of the file's name.
            place: what the folders around it say.
            above: the lesson that one of them is named after.
        """
        if copied := COPY_OF.match(stem):
            stem = stem[copied.end() :]
            place = replace(place, is_copy=True)
        if lesson := self.lesson_in(stem):
            sure = 3 if above and self.lesson(stem) == above else 2
            place = replace(place, lesson=lesson, sureness=sure)
        end = stem[-_END:]
        found = self._last.fullmatch(end)
        place = replace(place, is_plain=bool(found and not found["who"] and end == stem))
        place = replace(place, is_old=place.is_old or is_old(stem), newness=newness(stem))
        return _again(place, found or self._other.fullmatch(end))


def _plain(name: str) -> str:
    return re.sub(r"[-_ ]+", "_", name).casefold()


def _again(place: Place, found: re.Match[str] | None) -> Place:
    again = (found and found.groupdict().get("again")) or ""
    numbers = re.findall(r"\d+", re.sub(rf"{COPY} ?\d+", "", again, flags=re.IGNORECASE))
    number = int(numbers[-1]) if numbers else place.again
    return replace(
        place, again=number, is_copy=place.is_copy or re.search(COPY, again, re.I) is not None
    )
