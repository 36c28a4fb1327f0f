"""Print, for each layout of hand-ins, how many students are found, expected and matched."""

import sys
import tempfile
from pathlib import Path

from handins import CLASS, LAYOUTS, n_expected, write
from rich.console import Console
from rich.table import Table
from rosters import n_matched

from relukit.grading.submissions.collect import collect


def table() -> tuple[Table, bool]:
    """Return the table, and whether all students are found and get their own points.

    Where a layout gives nothing that tells two students of one name apart, both must be left out
    of the class list: nobody is guessed.
    """
    shown = Table("layout", "found", "expected", "matched in the roster", "platform", box=None)
    shown.columns[0].no_wrap = True
    right = True
    for layout in LAYOUTS:
        with tempfile.TemporaryDirectory() as folder:
            found = collect(write(Path(folder), layout.make(CLASS)), lesson="02_definitions")
        students = {s.student: s for s in found if s.answers}
        expected = n_expected(layout, CLASS)
        matched = n_matched(students.values(), CLASS)
        right = right and len(students) == expected == len({s.student for s in found})
        right = right and matched == expected - layout.merges
        row = (str(len(students)), str(expected), str(matched), found[0].platform or "-")
        shown.add_row(layout.title, *row)
    return shown, right


if __name__ == "__main__":
    printed, all_found = table()
    Console().print(printed)
    sys.exit(not all_found)
