"""A real JupyterHub, set up by docs/jupyterhub.md, through a whole school day of ten learners.

`make hub` lays its environment (.venv-hub) and runs this; nothing of it is in a learner's.
"""

import csv
import re
import shutil

import nbformat
import pytest
import requests
from hub.answers import RIGHT_RELU, WRONG_RELU, outcomes_of
from hub.day import (
    N_BY_BROWSER,
    close_kernels,
    grade,
    hand_in,
    morning,
    read_lessons,
    second_release,
)
from hub.learner import Learner
from hub.needs import ROOT, missing
from hub.report import sizes, transcript
from hub.repository import EXERCISES, LESSON, NEW, READ, SENTENCE, START, UNTOUCHED
from hub.serving import LEARNERS, TEACHER, served_hub
from hub.visitor import Visitor

from relukit.checks.registry import tasks
from relukit.grading.reports.gradebook import GRADEBOOK
from relukit.room.asking import Address

pytestmark = [
    pytest.mark.hub,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
TASKS = {task.name: task.points for task in tasks(LESSON)}
BUILD = ROOT / "build" / "hub"


@pytest.fixture(scope="module")
def hub():
    if reason := missing():
        pytest.skip(f"no hub: {reason}")
    with served_hub() as hub:
        yield hub


@pytest.fixture(scope="module")
def visitors(hub, browser):
    """Return those who come with a browser; each has cookies of their own."""
    BUILD.mkdir(parents=True, exist_ok=True)
    found = []
    for name, answer in zip(LEARNERS[-N_BY_BROWSER:], (RIGHT_RELU, WRONG_RELU), strict=True):
        page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        found.append(Visitor(hub, name, page, answer, BUILD))
    return found


@pytest.fixture(scope="module")
def day(hub, visitors):
    """Hold the day up to the feedback, and write down what happened."""
    day = morning(hub, visitors)
    try:
        read_lessons(day)
        hand_in(day)
        grade(day)
    finally:
        (BUILD / "hub.log").write_text(hub.log)
        (BUILD / "transcript.md").write_text(transcript(day) + "\n")
        keep_grades(home(day, TEACHER), BUILD)
    (BUILD / "size.md").write_text(sizes(day) + "\n")
    return day


def keep_grades(course, build):
    """Copy what the grader wrote, before the hub's folder is removed."""
    if (course / "grades").is_dir():
        shutil.rmtree(build / "grades", ignore_errors=True)
        shutil.copytree(course / "grades", build / "grades")
    if (course / "gradebook.db").is_file():
        shutil.copy(course / "gradebook.db", build)


def expected(name: str) -> dict[str, str]:
    """Return what becomes of a learner's answers, task by task."""
    if name == LEARNERS[-1]:
        return dict.fromkeys(TASKS, "not attempted") | {"relu": "wrong"}
    if name == LEARNERS[-2]:
        return dict.fromkeys(TASKS, "not attempted") | {"relu": "passed"}
    return outcomes_of(LEARNERS.index(name) + 1)


def points(name: str) -> int:
    return sum(TASKS[task] for task, became in expected(name).items() if became == "passed")


def home(day, name):
    return day.hub.home(name) / "relukit"


def test_every_learner_ran_the_lessons_in_a_kernel_of_their_own(day):
    for name in LEARNERS:
        for path in (START, READ):
            cells = nbformat.read(home(day, name) / path, as_version=4).cells
            code = [cell for cell in cells if cell.cell_type == "code"]
            assert all(cell.execution_count for cell in code), (name, path)
            failed = [out for cell in code for out in cell.outputs if out.output_type == "error"]
            assert not failed, (name, path, failed)


def test_the_notebook_said_what_became_of_each_answer(day):
    for name in LEARNERS:
        cells = nbformat.read(home(day, name) / EXERCISES, as_version=4).cells
        told = {}
        for cell in cells:
            for out in cell.get("outputs", ()):
                text = out.get("data", {}).get("text/plain", "")
                if cell.source.startswith("check(") and ": " in text:
                    task, rest = text.split(": ", 1)
                    told[task] = rest.split(" (")[0]
        assert told == expected(name), name


def test_the_grader_comes_to_the_same(day):
    with (home(day, TEACHER) / "grades" / GRADEBOOK).open(encoding="utf-8-sig") as stream:
        totals = {row["student"]: int(row["total"]) for row in csv.DictReader(stream)}
    assert totals == {name: points(name) for name in LEARNERS}, day.said["relukit grade"]


def test_formgrader_shows_what_the_grader_came_to(day):
    teacher = Learner(day.hub, TEACHER)
    teacher.log_in()
    teacher.start_server()
    listed = teacher.ask("GET", f"formgrader/api/submissions/{LESSON}").json()
    assert {entry["student"]: entry["score"] for entry in listed} == {
        name: points(name) for name in LEARNERS
    }
    assert all(entry["autograded"] for entry in listed)
    assert not any(entry["needs_manual_grade"] for entry in listed)
    # an empty gradebook of its own elsewhere is where formgrader's zeros once came from
    assert list(day.hub.home(TEACHER).rglob("gradebook.db")) == [
        home(day, TEACHER) / "gradebook.db"
    ]


def test_the_teacher_sees_the_scores_in_the_browser(day, browser):
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    teacher = Visitor(day.hub, TEACHER, page, "", BUILD)
    teacher.arrive()
    shown = teacher.formgrader(LESSON, LEARNERS[-1])
    for name in LEARNERS:
        row = shown.locator("tr", has_text=name)
        assert f"{points(name)} / {sum(TASKS.values())}" in row.inner_text()


def test_a_learner_is_shown_nothing_that_is_the_teachers(day):
    for visitor in day.visitors:
        assert visitor.offered() == ["Assignment List", "Course List"]
        assert visitor.page.get_by_text("Create Assignment").count() == 0


def test_the_live_board_is_a_service_of_the_hub(day):
    room = Address.parse(f"{day.hub.address}/services/room/")
    said = (day.hub.home(TEACHER) / "room.txt").read_text()
    (board,) = re.findall(rf"{day.hub.address}/services/room/board/\w+", said)
    for action in ("go", "open"):
        done = requests.post(
            f"{board}/do", data={"action": action, "question": "twice"}, timeout=60
        )
        assert done.status_code == 200, done.text
    voted = requests.get(f"{day.hub.address}/services/room/", timeout=60)
    assert voted.cookies.list_paths() == ["/services/room/"]
    assert room.ask("/api/state").data["question"] == "twice"


def test_every_learner_gets_the_feedback_back(day):
    for name in LEARNERS:
        learner = Learner(day.hub, name)
        learner.log_in()
        learner.start_server()
        words = {"course_id": "relukit", "assignment_id": LESSON}
        assert learner.ask("POST", "assignments/fetch_feedback", data=words).json()["success"]
        (page,) = (home(day, name) / EXERCISES).parent.glob("feedback/*/*.html")
        earned = min(points(name), TASKS["relu"])
        told = f"{expected(name)['relu']}: {earned} of {TASKS['relu']} points"
        assert told in page.read_text(), name


def test_a_second_release_loses_nothing_that_was_edited(day):
    kept = {
        (name, path): (home(day, name) / path).read_bytes()
        for name in LEARNERS
        for path in (START, READ, EXERCISES)
    }
    renamed = home(day, LEARNERS[0]) / "exercises" / "mine.ipynb"
    (home(day, LEARNERS[0]) / EXERCISES).rename(renamed)
    (home(day, LEARNERS[1]) / UNTOUCHED).unlink()
    close_kernels(day)
    second_release(day)
    (BUILD / "transcript.md").write_text(transcript(day) + "\n")
    mine = kept.pop((LEARNERS[0], EXERCISES))
    assert renamed.read_bytes() == mine
    for (name, path), before in kept.items():
        assert (home(day, name) / path).read_bytes() == before, (name, path)
    for name in LEARNERS:
        for path in (UNTOUCHED, NEW):
            assert (home(day, name) / path).read_bytes() == (day.author / path).read_bytes()
    assert SENTENCE in (home(day, LEARNERS[0]) / EXERCISES).read_text()


def test_no_learner_can_read_another_ones_home_or_answers(day):
    assert all((day.hub.home(name).stat().st_mode & 0o077) == 0 for name in LEARNERS)
    handed_in = list((day.hub.folder / "exchange" / "relukit").glob("inbound/*"))
    assert len(handed_in) == len(LEARNERS)
    assert not (day.hub.folder / "exchange" / "relukit" / "inbound").stat().st_mode & 0o004
