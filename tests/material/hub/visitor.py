"""A learner on a hub in a browser: the link, the form, JupyterLab, nbgrader's list."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from hub.learner import invitation
from hub.needs import ROOT
from hub.repository import EXERCISES
from hub.serving import Hub
from lab import run_all

PATIENCE = 600_000  # milliseconds that anything may take on a busy machine


@dataclass
class Visitor:
    """One person with a page of a browser.

    Attributes:
        answer: what this learner writes for the first task.
        pictures: where screenshots go.
    """

    hub: Hub
    name: str
    page: object = field(repr=False)
    answer: str
    pictures: Path
    times: dict[str, float] = field(default_factory=dict)

    def picture(self, what: str) -> None:
        self.page.screenshot(path=self.pictures / f"{self.name}-{what}.png")

    def arrive(self) -> None:
        """Follow the link, fill in the form, and wait until the first notebook is open."""
        start = time.perf_counter()
        self.page.set_default_timeout(PATIENCE)
        self.page.goto(invitation(self.hub))
        self.page.fill("#username_input", self.name)
        self.page.fill("#password_input", self.hub.passwords[self.name])
        self.picture("form")
        self.page.click("#login_submit")
        self.opened()
        self.times["arrive"] = time.perf_counter() - start
        self.picture("arrived")

    def opened(self) -> None:
        self.page.wait_for_url("**/lab/**")
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")

    def open(self, path: str) -> None:
        """Open a notebook as from the list of files, its kernel started."""
        self.page.goto(f"{self.hub.address}/user/{self.name}/lab/tree/relukit/{path}?reset")
        self.opened()
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()

    def read(self, path: str) -> None:
        """Run a whole lesson, and save it."""
        start = time.perf_counter()
        self.open(path)
        cells = nbformat.read(ROOT / path, as_version=4).cells
        run_all(self.page, sum(cell.cell_type == "code" for cell in cells))
        self.save()
        self.times[path] = time.perf_counter() - start
        self.picture(Path(path).stem)

    def save(self) -> None:
        self.page.keyboard.press("Control+s")
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")
        self.page.wait_for_function("document.title && !document.querySelector('.jp-mod-dirty')")

    def answer_and_hand_in(self) -> None:
        """Write one answer, check it, save it, and press Submit in nbgrader's list."""
        start = time.perf_counter()
        self.open(EXERCISES)
        cells = nbformat.read(ROOT / EXERCISES, as_version=4).cells
        run_all(self.page, sum(cell.cell_type == "code" for cell in cells))
        panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        panel.locator(".jp-CodeCell", has_text="def relu(").first.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(self.answer)
        self.page.keyboard.press("Shift+Enter")
        said = panel.locator(".jp-CodeCell", has_text=re.compile(r"check\(relu\)")).first
        said.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        said.locator(".jp-OutputArea", has_text=re.compile("relu: (passed|wrong)")).wait_for()
        self.picture("answered")
        self.save()
        assert "Assignment List" in self.offered()
        self.page.locator(".lm-Menu-itemLabel", has_text="Assignment List").click()
        self.page.get_by_role("button", name="Submit").first.click()
        self.page.locator("#submitted_assignments_list .list_item").first.wait_for()
        self.picture("handed-in")
        self.times["hand in"] = time.perf_counter() - start

    def offered(self) -> list[str]:
        """Open nbgrader's menu, and return what it offers."""
        self.page.keyboard.press("Escape")
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Nbgrader$")).click()
        self.page.locator(".lm-Menu-itemLabel", has_text="Assignment List").wait_for()
        return [text for text in self.page.locator(".lm-Menu-itemLabel").all_inner_texts() if text]

    def formgrader(self, lesson: str, student: str) -> object:
        """Open formgrader in a page of its own; return it with a lesson's submissions.

        It is there when a student's row is.
        """
        page = self.page
        page.goto(f"{self.hub.address}/user/{self.name}/formgrader")
        page.get_by_role("link", name="Manage Assignments").first.wait_for()
        self.picture("formgrader")
        page.locator("tr", has_text=lesson).locator(".num-submissions a").click()
        page.locator("tr", has_text=student).first.wait_for()
        self.picture("submissions")
        return page

    def follow_again(self) -> None:
        """Follow the link once more."""
        start = time.perf_counter()
        self.page.goto(invitation(self.hub))
        self.opened()
        self.times["again"] = time.perf_counter() - start
        self.picture("again")
