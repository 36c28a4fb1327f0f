"""A learner in JupyterLab, in a real browser: run a lesson, move a slider, mend an answer."""

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

ROOT = Path(__file__).parents[1]
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
LESSON = "notebooks/02_definitions.ipynb"
OTHERS = [f"notebooks/{path.name}" for path in sorted((ROOT / "notebooks").glob("*.ipynb"))[1:]]
OTHERS.remove(LESSON)
EXERCISES = "exercises/02_definitions/02_definitions.ipynb"
# JupyterLab's own start-up, not the course: a build check and a favicon that need the network.
NOT_OURS = re.compile(r"favicon|/lab/api/(news|update)|ERR_INTERNET_DISCONNECTED")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt install chromium"),
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
def server(tmp_path):
    """Serve a copy of the course as `make lab` does, without a token, and yield its address.

    Each test has its own: kernels end with it, and no notebook of another test is open.
    """
    root = tmp_path / "course"
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


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser, server):
    """Yield a page on which any error in the console that is the course's fails the test.

    It closes before its server does: a lost connection would be an error.
    """
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(180_000)
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


def move(page, explorer) -> None:
    """Move the first control of an explorer and wait until its picture and its words change."""
    image = explorer.locator("img").first
    before = [image.get_attribute("src"), image.get_attribute("alt")]
    control = explorer.locator(".noUi-handle, select").first
    control.scroll_into_view_if_needed()
    control.focus()
    if control.evaluate("control => control.tagName") == "SELECT":
        control.select_option(index=1)  # JupyterLab keeps the arrow keys for its cells
    else:
        for _ in range(5):
            page.keyboard.press("ArrowRight")
    page.wait_for_function(
        """([explorer, [src, alt]]) => {
            const image = explorer.querySelector('img');
            return image.getAttribute('src') !== src && image.alt !== alt;
        }""",
        arg=[explorer.element_handle(), before],
    )


def test_a_lesson_runs_through_and_its_sliders_move_the_picture(page, server):
    panel = open_notebook(page, server, LESSON)
    run_all(page, LESSON)
    assert (
        panel.locator(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
        ).count()
        == 0
    )
    explorers = panel.locator(".relukit-explorer")
    assert explorers.count() == 2
    for i in range(2):
        move(page, explorers.nth(i))


@pytest.mark.parametrize("path", OTHERS)
def test_the_explorer_of_a_lesson_moves_its_picture(page, server, path):
    """Its first cell and the explorer's are run; nbval runs the lesson from end to end."""
    panel = open_notebook(page, server, path)
    sources = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    (explorer,) = (s for s in sources if re.fullmatch(r"explorers\.\w+\(\)", s))
    for text in (sources[0].splitlines()[0], explorer):
        cell = panel.locator(".jp-CodeCell", has_text=text).first
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
    shown = panel.locator(".relukit-explorer")
    shown.locator("img").first.wait_for()
    move(page, shown)


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
