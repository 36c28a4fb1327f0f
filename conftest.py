"""How processes share the tests; fixtures: seeds, nobody's own record of progress, a browser."""

import importlib
import os
import random
import re
import shutil
import sysconfig

import numpy as np
import pytest

os.environ.setdefault("RELUKIT_BARS", "off")  # no bar among outputs that are compared
os.environ.setdefault("RELUKIT_KEPT", "off")  # and each of them is measured
JAILS = re.compile(r"tests/grading/(jail/|rehearsal/|test_)")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share the tests by files, and leave what starts jails to one process.

    What is made once for a file, such as a task's inputs, is made in one process; and no answer
    that has two seconds waits for another one's jail.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByPlace(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return "jails" if JAILS.match(nodeid) else super()._split_scope(nodeid)

    return ByPlace(config, log)


def pytest_collection_modifyitems(items):
    """Refuse a test whose name holds an address: two processes would not call it the same."""
    nameless = [item.nodeid for item in items if " at 0x" in item.nodeid]
    if nameless:
        told = f"names without addresses, got {nameless[0]}"
        raise pytest.UsageError(f"Expected {told}. What to do: say ids= in its parametrize")


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """Keep the learner's record out of the tests, and nbgrader's marker out of the checks."""
    monkeypatch.setenv("RELUKIT_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


@pytest.fixture(scope="session", autouse=True)
def kept_frames():
    """Let tests look at a film's frames, which a film itself does not keep."""
    from relukit.figures.film import keeping_frames

    with keeping_frames():
        yield


@pytest.fixture
def one_thread():
    """Networks this small wait for a second thread more than they gain, on a busy machine."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session", autouse=True)
def own_commands():
    """Let nbgrader find its command alembic, also where the environment is not activated."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", sysconfig.get_path("scripts"), prepend=os.pathsep)
        yield


@pytest.fixture(autouse=True)
def global_seeds():
    """Fix the global streams, which no function of the package reads."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the global stream is the point


@pytest.fixture(scope="module")
def browser(request):
    """Start Chromium; without it a test is skipped, but continuous integration must have it.

    A test that parametrizes it names a switch of Chromium's command line.

    It ends with the module: Playwright's event loop would be in the way of other tests.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        missing = "Chromium is not installed: apt install chromium"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                getattr(request, "param", "--mute-audio"),
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def axe():
    """Return a function that lists what axe-core finds serious or critical on a page."""
    name = "axe_playwright_python.sync_playwright"
    if not os.environ.get("CI"):
        pytest.importorskip(name, reason="axe-core is not installed: pip install -e '.[dev]'")
    engine = importlib.import_module(name).Axe()

    def findings(page, context: str | None = None) -> list[str]:
        found = engine.run(page, context=context).response["violations"]
        return [
            f"{rule['id']}: {node['html']}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]

    return findings
