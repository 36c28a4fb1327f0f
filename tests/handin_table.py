"""Print, for each layout in which classes hand in, how many students are found and expected."""

import sys
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from handins import CLASS, LAYOUTS, Layout, n_expected, write
from rich.console import Console
from rich.table import Table

from relukit.grading.submission import Submission
from relukit.grading.submissions.collect import collect

Match = Callable[[Layout, Collection[Submission]], int]


def table(matched: Match | None = None) -> tuple[Table, bool]:
    """Return the table, and whether all students are found.

    Args:
        matched: counts the students whom a class list knows; without it that column is empty.
    """
    shown = Table("layout", "found", "expected", "matched in the roster", "platform", box=None)
    right = True
    for layout in LAYOUTS:
        with tempfile.TemporaryDirectory() as folder:
            found = collect(write(Path(folder), layout.make(CLASS)), lesson="02_definitions")
        students = {s.student: s for s in found if s.answers}
        expected = n_expected(layout, CLASS)
        right = right and len(students) == expected == len({s.student for s in found})
        n_matched = str(matched(layout, students.values())) if matched else "-"
        row = (str(len(students)), str(expected), n_matched, found[0].platform or "-")
        shown.add_row(layout.title, *row)
    return shown, right


if __name__ == "__main__":
    printed, all_found = table()
    Console().print(printed)
    sys.exit(not all_found)
