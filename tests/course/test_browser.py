"""A learner in JupyterLab, in a real browser: run a lesson, move its controls, mend an answer."""

import re
from pathlib import Path

import nbformat
import pytest
from lab import open_notebook, run_all

ROOT = Path(__file__).parents[2]
LESSONS = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "notebooks").rglob("*.ipynb"))]
IN_THE_DARK = "notebooks/02_definitions.ipynb"
EXERCISES = "exercises/02_definitions/02_definitions.ipynb"
CONTROLS = ".noUi-handle, select"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    # Playwright's event loop is closed by its own threads after the tests.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def read(path: str) -> nbformat.NotebookNode:
    return nbformat.read(ROOT / path, as_version=4)


def press(page, explorer, control, key: str) -> None:
    """Press a key on a control; wait until the explorer's picture, and what it says, change."""
    image = explorer.locator("img").first
    before = [image.get_attribute("src"), image.get_attribute("alt")]
    control.focus()
    page.keyboard.press(key)
    page.wait_for_function(
        """([explorer, [src, alt]]) => {
            const image = explorer.querySelector('img');
            return image.getAttribute('src') !== src && image.alt !== alt;
        }""",
        arg=[explorer.element_handle(), before],
    )


def move(page, explorer) -> None:
    """Move each control of an explorer by its keys, there and back."""
    for control in explorer.locator(CONTROLS).all():
        control.scroll_into_view_if_needed()
        there, back = "ArrowDown", "ArrowUp"
        if control.get_attribute("role") == "slider":
            there, back = "ArrowRight", "ArrowLeft"
            assert control.get_attribute("aria-label")
            now, most = (control.get_attribute(f"aria-value{end}") for end in ("now", "max"))
            if now == most:
                there, back = back, there
        for key in (there, back):
            press(page, explorer, control, key)


def reach(page, explorer) -> None:
    """Go through an explorer by the Tab key alone: every control and button gets the focus."""
    expected = explorer.locator(f"{CONTROLS}, button").element_handles()
    expected[0].focus()
    seen = []
    inside = "explorer => explorer.contains(document.activeElement)"
    while explorer.evaluate(inside):
        seen.append(page.evaluate_handle("document.activeElement").as_element())
        page.keyboard.press("Tab")
    same = "([a, b]) => a === b"
    for control in expected:
        assert any(page.evaluate(same, [control, other]) for other in seen)


@pytest.mark.parametrize(
    ("path", "server"),
    [(path, "JupyterLab Dark" if path == IN_THE_DARK else None) for path in LESSONS],
    indirect=["server"],
)
def test_a_lesson_runs_through_and_its_explorers_are_moved_by_keyboard(path, server, page, axe):
    """One lesson is run in the dark theme, where its words must still be readable."""
    panel = open_notebook(page, server, path)
    run_all(page, sum(cell.cell_type == "code" for cell in read(path).cells))
    failed = "[data-mime-type='application/vnd.jupyter.error']"
    assert panel.locator(f".jp-OutputArea-output{failed}").count() == 0
    assert page.locator(f"body[data-jp-theme-light={str(path != IN_THE_DARK).lower()}]").count()
    explorers = panel.locator(".relukit-explorer")
    made = sum(len(re.findall(r"^explorers\.\w+\(\)", c.source, re.M)) for c in read(path).cells)
    assert explorers.count() == made
    cells = panel.locator(".jp-Cell").count()
    for explorer in explorers.all():
        move(page, explorer)
        reach(page, explorer)
        explorer.locator(CONTROLS).first.focus()
        page.keyboard.press("x")  # JupyterLab would cut the cell
    assert panel.locator(".jp-Cell").count() == cells
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for ours in (".relukit-explorer", ".jp-RenderedHTML", ".jp-MarkdownOutput"):
        if panel.locator(ours).count():
            assert axe(page, ours) == []


def test_an_exercise_is_broken_and_mended_and_says_so_each_time(page, server):
    panel = open_notebook(page, server, EXERCISES)
    run_all(page, sum(cell.cell_type == "code" for cell in read(EXERCISES).cells))
    answer = panel.locator(".jp-CodeCell", has_text="def relu(").first
    said = panel.locator(".jp-CodeCell", has_text=re.compile(r"check\(relu\)")).first
    said.scroll_into_view_if_needed()
    said.locator(".jp-OutputArea", has_text="not attempted").wait_for()

    def submit(body: str, expected: str) -> str:
        answer.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(f"import numpy as np\n\ndef relu(x):\n    return {body}\n")
        page.keyboard.press("Shift+Enter")
        said.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        said.locator(".jp-OutputArea", has_text=expected).wait_for()
        return said.locator(".jp-OutputArea").inner_text()

    wrong = submit("np.abs(x)", "wrong")
    assert "given" in wrong
    assert "expected" in wrong
    assert "|x|" in wrong
    assert "passed" in submit("np.maximum(x, 0)", "passed")
