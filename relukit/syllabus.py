"""The pages of the course in order, with what stands at their heads, and where they are.

A lesson has a folder in relukit/lessons with a file lesson.toml, which this reads, and so has the
start page, which has no tasks. A deeper page, which goes on where a lesson ends and which nobody
needs for another, has a file of its own name in the folder of its lesson. Either may have tasks.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from relukit.errors import InvalidValueError

_FOLDER = Path(__file__).parent / "lessons"


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of a lesson.

    Attributes:
        title: without its number.
        minutes: how long it takes a learner.
    """

    title: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a lesson says about itself, wherever the course names it.

    Attributes:
        name: of its notebook, its exercises and its solutions, such as "04_dying_relu".
        title: such as "Dying ReLU".
        settles: what it settles, for the table of lessons in the README.
        sections: in their order.
        subtitle: what follows the title at the head of its notebook, or "".
        teaser: a few words for the map on the start page.
        tasks: the names of its tasks, in the order of its exercises.
        deepens: the lesson on which a deeper page goes on, or "".
        bill: what the bend buys, what it costs and who pays, as the lesson's end sums it up; or ().

    Example:
        >>> lesson = COURSE["04_dying_relu"]
        >>> lesson.heading, lesson.sections[1].title
        ('04 Dying ReLU', 'Off, dead, dormant')
    """

    name: str
    title: str
    settles: str
    sections: tuple[Section, ...]
    subtitle: str = ""
    teaser: str = ""
    tasks: tuple[str, ...] = ()
    deepens: str = ""
    bill: tuple[str, ...] = ()

    @property
    def notebook(self) -> str:
        """Where its notebook stands, from the course's folder."""
        return f"notebooks/{'deeper/' * bool(self.deepens)}{self.name}.ipynb"

    @property
    def kind(self) -> str:
        """What the course calls it: "lesson" or, where it goes deeper, "page"."""
        return "page" if self.deepens else "lesson"

    @property
    def heading(self) -> str:
        """The number and the title."""
        return f"{self.name[:2]} {self.title}"

    @property
    def minutes(self) -> int:
        """How long it takes to read, without its exercises."""
        return sum(section.minutes for section in self.sections)


def _read(path: Path) -> Lesson:
    """Return the lesson that a file describes.

    Raises:
        InvalidValueError: a field is missing, or one is unknown.
    """
    entry = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        entry["sections"] = tuple(Section(**section) for section in entry.get("sections", ()))
        listed = {field: tuple(entry.get(field, ())) for field in ("tasks", "bill")}
        return Lesson(**entry | listed)
    except TypeError as error:
        where = f"relukit/{path.relative_to(_FOLDER.parent)}"
        do = "give it the fields of its neighbours"
        raise InvalidValueError(f"the fields of a lesson in {where}", str(error), do) from None


def _all() -> dict[str, tuple[Path, Lesson]]:
    """Return each page of the course with its file, by name and in order."""
    paths = (*_FOLDER.glob("*/lesson.toml"), *_FOLDER.glob("*/D*.toml"))
    read = ((path, _read(path)) for path in paths)
    return dict(sorted((lesson.name, (path, lesson)) for path, lesson in read))


_PAGES = _all()

# the start page, the lessons and the deeper pages, by name
COURSE: Mapping[str, Lesson] = MappingProxyType({name: page for name, (_, page) in _PAGES.items()})

# the name of each page with tasks, such as "04_dying_relu", and its folder in relukit/lessons,
# "dying"; those that go deeper come last
LESSONS: Mapping[str, str] = MappingProxyType(
    {name: path.parent.name for name, (path, page) in _PAGES.items() if page.tasks}
)

# the names of each such page's tasks, in the order of its exercises; each has a file of its name
TASKS: Mapping[str, tuple[str, ...]] = MappingProxyType({n: COURSE[n].tasks for n in LESSONS})


def folder(lesson: str) -> Path:
    """Return the folder of a page, where its claims, experiments, figures and tasks stand.

    Args:
        lesson: a key of COURSE.

    Example:
        >>> folder("04_dying_relu").name
        'dying'
    """
    return description(lesson).parent


def description(lesson: str) -> Path:
    """Return the file that describes a page.

    Args:
        lesson: a key of COURSE.

    Example:
        >>> description("04_dying_relu").name
        'lesson.toml'
    """
    return _PAGES[lesson][0]


def module(lesson: str) -> str:
    """Return the importable name of a page's folder.

    Args:
        lesson: a key of COURSE.

    Example:
        >>> module("04_dying_relu")
        'relukit.lessons.dying'
    """
    return f"relukit.lessons.{folder(lesson).name}"
