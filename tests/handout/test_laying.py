"""The course comes into a folder, is renewed there, and nothing of the learner's is overwritten."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from relukit import handout
from relukit.errors import InvalidValueError, UnavailableError
from relukit.handout import laying, manifest, source

ROOT = Path(__file__).parents[2]
MINE = "exercises/02_definitions/02_definitions.ipynb"  # edited by the learner
THEIRS = "exercises/01_history/01_history.ipynb"  # edited by the release alone
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.fixture
def course(tmp_path):
    """Return a folder into which the course was laid."""
    return handout.lay(tmp_path / "course").folder


def release(monkeypatch, tmp_path, **changed: str) -> None:
    """Make a next release, in which some files have another text."""
    offered = source.offered(answers=True)
    for name, text in changed.items():
        offered[name] = tmp_path / f"next-{len(text)}-{Path(name).name}"
        offered[name].write_text(text)

    def newer(*, answers: bool = False) -> dict[str, Path]:
        return {n: p for n, p in offered.items() if answers or not n.startswith("solutions/")}

    monkeypatch.setattr(laying, "offered", newer)


def texts(path: Path) -> str:
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_what_is_laid_is_byte_for_byte_what_the_repository_has(course):
    laid = {p.relative_to(course).as_posix() for p in course.rglob("*") if p.is_file()}
    assert laid - {manifest.NAME} == set(handout.offered())
    command = ["git", "ls-files", "notebooks", "exercises"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {*listed.split()} <= laid
    for name in laid - {manifest.NAME}:
        assert (course / name).read_bytes() == (ROOT / name).read_bytes(), name


def test_every_link_of_what_is_laid_leads_to_what_is_laid(course):
    for path in [p for p in course.rglob("*") if p.suffix in (".md", ".ipynb")]:
        for target in LINK.findall(texts(path)):
            assert (path.parent / target).exists(), f"{target} in {path.relative_to(course)}"


def test_no_solution_is_laid_unless_it_is_asked_for_and_then_it_is_renewed_too(course):
    assert not (course / "solutions").exists()
    handout.lay(course, answers=True)
    (solved,) = course.glob("solutions/02*/*.ipynb")
    assert b"BEGIN SOLUTION" in solved.read_bytes()
    solved.unlink()
    handout.lay(course)
    assert solved.exists()


def test_for_a_room_notebooks_come_without_what_they_would_give_away(tmp_path):
    laid = handout.lay(tmp_path / "room", empty=True).folder
    for path in laid.rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
        assert "outputs_hidden" not in str([cell["metadata"] for cell in cells])
        assert texts(path) == texts(ROOT / path.relative_to(laid))
    again = handout.lay(laid, empty=True)
    assert (again.new, again.renewed, again.kept) == ((), (), ())
    filled = handout.lay(laid)  # untouched, so they get their outputs back
    assert filled.renewed
    assert not filled.kept


def test_what_the_learner_changed_stays_and_everything_else_is_renewed(
    course, monkeypatch, tmp_path
):
    (course / MINE).write_text("my answer")
    release(monkeypatch, tmp_path, **{MINE: "second", THEIRS: "second", "notebooks/07.ipynb": "7"})
    laid = handout.lay(course)
    assert (laid.kept, laid.renewed, laid.new) == ((MINE,), (THEIRS,), ("notebooks/07.ipynb",))
    assert (course / MINE).read_text() == "my answer"
    assert (course / THEIRS).read_text() == "second"
    assert "give yours another name and run this again" in str(laid)
    assert MINE in str(laid)
    release(monkeypatch, tmp_path, **{MINE: "the third", THEIRS: "the third"})
    again = handout.lay(course)
    assert (again.kept, again.renewed) == ((MINE,), (THEIRS,))


def test_who_renames_a_changed_file_gets_the_release_s_beside_it(course, monkeypatch, tmp_path):
    (course / MINE).write_text("my answer")
    release(monkeypatch, tmp_path, **{MINE: "second"})
    handout.lay(course)
    kept = (course / MINE).rename(course / "mine.ipynb")
    assert handout.lay(course).new == (MINE,)
    assert (course / MINE).read_text() == "second"
    assert kept.read_text() == "my answer"


def test_a_change_that_is_taken_back_is_no_change(course, monkeypatch, tmp_path):
    first = (course / MINE).read_bytes()
    (course / MINE).write_text("my answer")
    release(monkeypatch, tmp_path, **{MINE: "second"})
    handout.lay(course)
    (course / MINE).write_bytes(first)
    assert handout.lay(course).renewed == (MINE,)


def test_a_file_that_was_there_before_the_course_is_the_learner_s(tmp_path):
    (tmp_path / "LICENSE").write_text("of my own project")
    assert handout.lay(tmp_path).kept == ("LICENSE",)
    assert handout.lay(tmp_path).kept == ("LICENSE",)
    assert (tmp_path / "LICENSE").read_text() == "of my own project"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"version": 1, "files": 3}'])
def test_without_its_manifest_nothing_that_differs_is_overwritten(
    course, monkeypatch, tmp_path, text
):
    (course / manifest.NAME).write_text(text)
    release(monkeypatch, tmp_path, **{MINE: "second"})
    assert handout.lay(course).kept == (MINE,)


def test_the_repository_itself_and_what_cannot_be_written_are_refused(tmp_path):
    with pytest.raises(InvalidValueError, match="make lab"):
        handout.lay(ROOT)
    (tmp_path / "file").touch()
    with pytest.raises(UnavailableError, match="name another one"):
        handout.lay(tmp_path / "file" / "course")
    (tmp_path / "notebooks").touch()
    with pytest.raises(UnavailableError, match="notebooks"):
        handout.lay(tmp_path)


def test_what_was_laid_before_an_error_is_known_as_laid(tmp_path, monkeypatch):
    (tmp_path / "notebooks").touch()
    with pytest.raises(UnavailableError):
        handout.lay(tmp_path)
    (tmp_path / "notebooks").unlink()
    release(monkeypatch, tmp_path, LICENSE="second")
    assert "LICENSE" in handout.lay(tmp_path).renewed


def test_the_command_lays_into_a_folder_of_the_current_one_and_stops_there(tmp_path):
    command = [sys.executable, "-m", "relukit", "start", "--no-open"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert f"in {tmp_path / 'relukit-course'}: {len(handout.offered())} new" in said


def test_who_starts_is_told_what_opens_and_reads_no_log_but_the_address(course, capsys):
    from relukit import __main__
    from relukit.handout import lab

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handout, "open_lab", lambda folder: 0)
        with pytest.raises(SystemExit):
            __main__.start(course)
    assert capsys.readouterr().out.endswith(f"{handout.OPENING}\n")
    assert "--log-level=WARN" in lab.command(course)
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\nlab:")[1].split("\n\n")[0]
    assert "--log-level=WARN" in recipe
    assert handout.OPENING.split(".")[0] in recipe


def test_jupyterlab_opens_at_the_first_lesson_or_is_named_as_missing(course, monkeypatch, capfd):
    from relukit.handout import lab

    words = "import os, sys; print(os.getcwd(), os.environ['JUPYTER_CONFIG_PATH']); sys.exit(3)"
    monkeypatch.setattr(lab, "command", lambda folder: [sys.executable, "-c", words])
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/mine")
    assert handout.open_lab(course) == 3
    where, path = capfd.readouterr().out.split()
    assert Path(where) == course
    ours, theirs = path.split(os.pathsep)
    assert (Path(ours) / "labconfig" / "page_config.json").is_file()
    assert theirs == "/mine"
    assert (course / lab.FIRST).is_file()
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match=r"relukit\[lab\]"):
        handout.open_lab(course)
