"""JupyterLab as a learner has it, for the tests that drive a browser."""

import re
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


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


def open_notebook(page, server: str, path: str):
    """Open a notebook; return its panel once its kernel is idle."""
    page.goto(f"{server}/tree/{path}")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    return page.locator(".jp-NotebookPanel")


def run_all(page, n_cells: int) -> None:
    """Choose Run > Run All Cells; wait until code cells are waiting, and then until none is."""
    prompts = "[...document.querySelectorAll('.jp-InputPrompt')].map(p => p.textContent.trim())"
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(f"{prompts}.includes('[*]:')")
    page.wait_for_function(
        f"n => !{prompts}.includes('[*]:') && {prompts}.includes(`[${{n}}]:`)", arg=n_cells
    )
