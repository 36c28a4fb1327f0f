"""What a student handed in, with what lies in zips, and in zips inside these."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

from relukit.grading.submissions.entry import MAX_NOTEBOOKS, MAX_ZIP, Allowance, Entry, Unusable
from relukit.grading.submissions.place import Place
from relukit.grading.submissions.places import Reader
from relukit.grading.submissions.zipped import of_student

MAX_ZIPS = 3  # inside each other


def with_unzipped(
    files: Sequence[tuple[Place, Entry]],
    allowance: Allowance,
    reader: Reader,
    opened: ExitStack,
    depth: int = 0,
) -> Iterator[tuple[Place, Entry, str]]:
    """Return the files, those inside zips too, each with why it cannot be used, or "".

    Args:
        files: of one student, and what their paths say.
        allowance: what may still be read for the student.
        reader: reads paths.
        opened: what closes the zips when all has been read.
        depth: how many zips the files lie in.
    """
    for place, entry in files:
        if not entry.is_zip or entry.refused:
            yield place, entry, ""
            continue
        if depth == MAX_ZIPS:
            yield place, entry, f"more than {MAX_ZIPS} zips inside each other are not opened"
            continue
        try:
            file = opened.enter_context(allowance.spooled(entry, MAX_ZIP))
            inside = of_student(file, allowance)
            if not any(e.is_notebook or e.is_zip or e.refused for e in inside):
                raise Unusable("the zip holds no notebook")
            allowance.notebooks -= sum(e.is_notebook or e.is_zip for e in inside)
            if allowance.notebooks < 0:
                raise Unusable(f"the zip holds more than {MAX_NOTEBOOKS:,} notebooks")
        except Unusable as why:
            yield place, entry, str(why)
            continue
        parts = []
        for part in inside:
            spot = reader.inside(part, place, part.path)
            parts.append((spot, replace(part, path=entry.path + part.path)))
        yield from with_unzipped(parts, allowance, reader, opened, depth + 1)
