"""What a check found, as a value that reads as text and as HTML."""

from dataclasses import dataclass

from relukit.errors import InvalidValueError
from relukit.panel import panel
from relukit.record import STATUSES

_LABEL_WIDTH = 10


@dataclass(frozen=True, repr=False)
class Outcome:
    """The outcome of one check; true only where the answer passed.

    Attributes:
        task: the task's name.
        status: "passed", "wrong", "raised" or "not attempted".
        points: what the task is worth.
        given: the smallest input that fails, as text, else "".
        expected: the right value for it.
        got: the answer's value for it.
        because: what is wrong with it, in one sentence.
        diagnosis: what the answer behaves like on every input, where that is known; a remark where
            the answer passed.
        note: anything beside the verdict, such as a progress file that could not be written.

    Example:
        >>> Outcome("relu", "not attempted", 2)
        relu: not attempted (2 points)
          next      write the body of relu, then run this cell again; hint('relu') helps
    """

    task: str
    status: str
    points: int
    given: str = ""
    expected: str = ""
    got: str = ""
    because: str = ""
    diagnosis: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise InvalidValueError(
                f"a status out of {', '.join(STATUSES)}", repr(self.status), "correct it"
            )

    def __bool__(self) -> bool:
        return self.status == "passed"

    @property
    def earned(self) -> int:
        """The points that this outcome earns: all of them or none."""
        return self.points if self else 0

    @property
    def heading(self) -> str:
        """The first line: the task, the status in words, and the points."""
        points = f"{self.points} point{'s' if self.points != 1 else ''}"
        if self.status == "not attempted":
            return f"{self.task}: not attempted ({points})"
        return f"{self.task}: {self.status} ({self.earned} of {points})"

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Pairs (label, text) for everything that there is to say, each text on one line."""
        step = ""
        if self.status == "not attempted":
            name = self.task
            step = f"write the body of {name}, then run this cell again; hint({name!r}) helps"
        known = "remark" if self else "diagnosis"
        labels = ("given", "expected", "got", "because", known, "next", "note")
        said = self.diagnosis if self else likened(self.diagnosis)
        texts = (self.given, self.expected, self.got, self.because, said, step, self.note)
        pairs = zip(labels, texts, strict=True)
        return tuple((label, _on_one_line(text)) for label, text in pairs if text)

    def __repr__(self) -> str:
        lines = (f"  {label:<{_LABEL_WIDTH}}{text}" for label, text in self.rows)
        return "\n".join([self.heading, *lines])

    def _repr_html_(self) -> str:
        return panel(self.heading, self.rows, edge=self.status)


def likened(sentence: str) -> str:
    """Return what is said of an answer that behaves like a known mistake, which it need not be.

    Example:
        >>> likened("this is |x|")
        'it behaves like a known mistake: this is |x|'
    """
    return f"it behaves like a known mistake: {sentence}" if sentence else ""


def _on_one_line(text: str) -> str:
    """Return a text without what a terminal obeys or a notebook cannot hold, such as surrogates."""
    text = " ".join(text.split())
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
