"""Fixtures of the course's tests: a JupyterLab of their own, and a page of a browser on it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lab import free_port, wait_for

ROOT = Path(__file__).parents[2]
# JupyterLab's own start-up, not the course: a build check and a favicon that need the network.
NOT_OURS = re.compile(r"favicon|/lab/api/(news|update)|ERR_INTERNET_DISCONNECTED")


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


@pytest.fixture
def page(browser, server):
    """Yield a page on which any error in the console that is the course's fails the test.

    It closes before its server does: a lost connection would be an error.
    """
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(1_200_000)
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
