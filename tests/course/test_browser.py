"""A learner in JupyterLab, in a real browser: run a lesson, move its controls, mend an answer."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSONS = [f"notebooks/{path.name}" for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
IN_THE_DARK = "notebooks/02_definitions.ipynb"
EXERCISES = "exercises/02_definitions/02_definitions.ipynb"
# JupyterLab's own start-up, not the course: a build check and a favicon that need the network.
NOT_OURS = re.compile(r"favicon|/lab/api/(news|update)|ERR_INTERNET_DISCONNECTED")
CONTROLS = ".noUi-handle, select"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    # Playwright's event loop is closed by its own threads after the tests.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def read(path: str) -> nbformat.NotebookNode:
    return nbformat.read(ROOT / path, as_version=4)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture
def server(tmp_path, request):
    """Serve a copy of the course as `make lab` does, without a token, and yield its address.

    Each test has its own: kernels end with it, and no notebook of another test is open. The
    learner's settings are those that the test asks for: a theme, or none.
    """
    root = tmp_path / "course"
    if theme := getattr(request, "param", None):
        settings = root / ".settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        (settings / "themes.jupyterlab-settings").write_text(f'{{"theme": "{theme}"}}')
    for folder in ("notebooks", "exercises"):
        shutil.copytree(ROOT / folder, root / folder)
    for name in ("README.md", "REFERENCES.md"):
        shutil.copy(ROOT / name, root)
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.port={port}"]
    command += [f"--ServerApp.root_dir={root}", "--IdentityProvider.token="]
    command += ["--LabApp.default_url=/lab", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    settings = {
        "JUPYTER_CONFIG_DIR": str(root / ".config"),
        "JUPYTER_RUNTIME_DIR": str(root / ".runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(root / ".settings"),
        "RELUKIT_PROGRESS": str(root / "progress.json"),
    }
    log = root / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, env=os.environ | settings, stdout=output, stderr=output)
    try:
        address = f"http://127.0.0.1:{port}/lab"
        wait_for(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    """Ask for an address until it answers; the test run's own time limit bounds the wait."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while process.poll() is None:
        try:
            opener.open(address, timeout=60).close()
            return
        except ConnectionError:
            continue
        except OSError as error:
            if not isinstance(getattr(error, "reason", None), ConnectionError):
                raise
    pytest.fail(f"JupyterLab stopped:\n{log.read_text()}")


@pytest.fixture
def page(browser, server):
    """Yield a page on which any error in the console that is the course's fails the test.

    It closes before its server does: a lost connection would be an error.
    """
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(600_000)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            message.type == "error"
            and errors.append(f"{message.text} {message.location.get('url', '')}")
        ),
    )
    yield page
    page.close()
    assert [e for e in errors if not NOT_OURS.search(e)] == []


def open_notebook(page, server: str, path: str):
    """Open a notebook; return its panel once its kernel is idle."""
    page.goto(f"{server}/tree/{path}")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    return page.locator(".jp-NotebookPanel")


def run_all(page, path: str) -> None:
    """Choose Run > Run All Cells; wait until cells are waiting, and then until none is."""
    n_cells = sum(cell.cell_type == "code" for cell in read(path).cells)
    prompts = "[...document.querySelectorAll('.jp-InputPrompt')].map(p => p.textContent.trim())"
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(f"{prompts}.includes('[*]:')")
    page.wait_for_function(
        f"n => !{prompts}.includes('[*]:') && {prompts}.includes(`[${{n}}]:`)", arg=n_cells
    )


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
    run_all(page, path)
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
    run_all(page, EXERCISES)
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
