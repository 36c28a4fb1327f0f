"""The course's folder, the progress file, and the data that need no network."""

import os
import tempfile
from pathlib import Path

from relukit.doctor.finding import Finding
from relukit.handout.lab import FIRST
from relukit.handout.source import checkout


def course_folder() -> Path | None:
    """Return the folder that holds the lessons: the current one, or the checkout, or None."""
    for folder in (Path.cwd(), checkout()):
        if folder is not None and (folder / FIRST).is_file():
            return folder
    return None


def course() -> Finding:
    """Look for the notebooks, and for the right to write them."""
    folder = course_folder()
    if folder is None:
        do = "run this in the course's folder, or let relukit start lay it out"
        return Finding("course", "note", f"no notebooks in {Path.cwd()}", do)
    lessons = len(list((folder / "notebooks").glob("*.ipynb")))
    said = f"{lessons} lessons in {folder}"
    if not os.access(folder / "exercises", os.W_OK):
        do = "copy the folder to where you may write"
        return Finding("course", "note", f"{said}, which cannot be written", do)
    return Finding("course", "ok", said)


def progress() -> Finding:
    """Try to write beside the progress file, and read it."""
    from relukit import record

    path = record.path()
    do = f"set {record.VARIABLE} to a file in a folder that can be written"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        said = f"{path} cannot be written ({error.strerror}): progress lasts as long as a kernel"
        return Finding("progress", "note", said, do)
    state, amiss = record.read()
    if amiss:
        return Finding("progress", "note", f"{path}: {amiss}", "nothing, or mend the kept file")
    passed = sum(entry.status == "passed" for entry in state.tasks.values())
    return Finding("progress", "ok", f"{path}, {passed} tasks passed")


def kept() -> Finding:
    """Say how much of what experiments measured is kept, and how to erase it."""
    from relukit.ledger import kept

    found = kept.files()
    if not found:
        return Finding("kept", "ok", f"no measurement is kept yet in {kept.folder()}")
    size = sum(file.stat().st_size for file in found) / 1024
    count = f"{len(found)} measurement{'s' * (len(found) != 1)}, {size:.0f} KiB"
    said = f"{count}, in {kept.folder()}; delete the folder to erase them"
    return Finding("kept", "ok", said)


def data() -> Finding:
    """Load the two data sets that the lessons use, which need no network."""
    from relukit import datasets

    sizes = [f"{d.name} ({len(d.x_train)} rows)" for d in (datasets.digits(), datasets.mnist1d())]
    return Finding("data", "ok", f"{' and '.join(sizes)} load without a network")


def larger_data() -> Finding:
    """Say whether the optional sets of OpenML are on the disk; no lesson needs them."""
    from platformdirs import user_cache_path

    folder = user_cache_path("relukit") / "openml.org"
    found = [
        f"{name} is {'here' if any(folder.rglob(f'{file}*')) else 'not downloaded'}"
        for name, file in (("mnist()", "mnist_784"), ("fashion_mnist()", "Fashion-MNIST"))
    ]
    return Finding("larger", "ok", f"{', '.join(found)}; no lesson needs them")
