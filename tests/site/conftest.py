"""The course's web site, built once for all tests, on the disk and on a server below a subpath."""

import functools
import http.server
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BELOW = "a/relukit"  # where a server has it


@dataclass(frozen=True)
class Site:
    """The site as it was built.

    Attributes:
        folder: where it is.
        seconds: how long it took a processor.
    """

    folder: Path
    seconds: float

    @property
    def pages(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*.html"))

    def html(self, page: str) -> str:
        return (self.folder / page).read_text(encoding="utf-8")


def spent() -> float:
    """Return the seconds that processors have worked for processes begun here and ended."""
    times = os.times()
    return times.children_user + times.children_system


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Site:
    folder = tmp_path_factory.mktemp("server") / BELOW
    sources = tmp_path_factory.mktemp("sources") / "laid"
    begun = spent()
    command = [sys.executable, "site/build.py", str(folder), str(sources)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Site(folder, spent() - begun)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and the site's own page where there is none, as hosts of sites do."""

    def log_message(self, *words) -> None:
        pass

    def send_error(self, code, message=None, explain=None) -> None:
        page = Path(self.directory, BELOW, "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@pytest.fixture(scope="session")
def served(site):
    """Serve the site below a subpath, and yield its address."""
    root = site.folder.parents[BELOW.count("/")]
    handler = functools.partial(Quiet, directory=str(root))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{BELOW}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["disk", "server"])
def address(request, site) -> str:
    """Return where the site is: on the disk, and on a server below a subpath."""
    if request.param == "disk":
        return f"{site.folder.as_uri()}/"
    return request.getfixturevalue("served")
