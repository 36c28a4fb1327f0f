"""What the doctor found about one thing that the course needs."""

from dataclasses import dataclass

STATES = ("ok", "note", "problem")


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        part: what was looked at, such as "packages".
        state: "ok"; "note": the course runs, with something less; "problem": it does not.
        said: what was found.
        do: what to do about it, "" where nothing is to be done.

    Example:
        >>> print(Finding("memory", "note", "512 MiB are free", "close other programs"))
        note     memory    512 MiB are free. What to do: close other programs.
    """

    part: str
    state: str
    said: str
    do: str = ""

    def __post_init__(self) -> None:
        assert self.state in STATES
        assert (self.state == "ok") == (not self.do)

    def __str__(self) -> str:
        advice = f". What to do: {self.do}." if self.do else ""
        return f"{self.state:<8} {self.part:<9} {self.said}{advice}"
