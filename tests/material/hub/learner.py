"""A learner on a hub, by HTTP: the same requests that a browser makes, in the same order."""

import json
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import nbformat
import requests
import websocket
from hub.serving import Hub

WAIT = 600.0  # seconds that one request, or one cell, may take on a busy machine
FIRST = "lab/tree/relukit/notebooks/00_start_here.ipynb"


def invitation(hub: Hub) -> str:
    """Return the link that learners get, as the guide makes it."""
    words = {"repo": hub.repository, "branch": "main", "targetpath": "relukit", "urlpath": FIRST}
    return f"{hub.address}/hub/user-redirect/git-pull?{urlencode(words)}"


@dataclass
class Learner:
    """One person who is logged in with a name and a password.

    Attributes:
        times: how many seconds each step took.
    """

    hub: Hub
    name: str
    session: requests.Session = field(default_factory=requests.Session, repr=False)
    times: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    @property
    def base(self) -> str:
        return f"{self.hub.address}/user/{self.name}"

    def _cookie(self, path: str) -> str:
        """Return the token against forged requests that holds for a path."""
        found = [c for c in self.session.cookies if c.name == "_xsrf" and path.startswith(c.path)]
        return max(found, key=lambda cookie: len(cookie.path)).value

    def ask(self, method: str, path: str, **more: object) -> requests.Response:
        """Send a request to the learner's own server."""
        headers = {}
        if method != "GET":
            headers["X-XSRFToken"] = self._cookie(f"/user/{self.name}/")
        got = self.session.request(
            method, f"{self.base}/{path}", headers=headers, timeout=WAIT, **more
        )
        got.raise_for_status()
        return got

    def log_in(self) -> None:
        """Log in at the hub's form."""
        start = time.perf_counter()
        self.session.get(f"{self.hub.address}/hub/login", timeout=WAIT).raise_for_status()
        said = {"username": self.name, "password": self.hub.passwords[self.name]}
        said["_xsrf"] = self._cookie("/hub/")
        got = self.session.post(
            f"{self.hub.address}/hub/login", data=said, timeout=WAIT, allow_redirects=False
        )
        if got.status_code != 302:
            raise RuntimeError(f"{self.name} could not log in: {got.status_code} {got.text[:400]}")
        self.times["log in"] = time.perf_counter() - start

    def start_server(self) -> None:
        """Let the hub start the learner's server, and wait until it answers."""
        start = time.perf_counter()
        self.session.get(f"{self.hub.address}/hub/spawn", timeout=WAIT).raise_for_status()
        told = f"{self.hub.address}/hub/api/users/{self.name}/server/progress"
        headers = {"Referer": f"{self.hub.address}/hub/spawn-pending/{self.name}"}
        headers["X-XSRFToken"] = self._cookie("/hub/")
        with self.session.get(told, stream=True, timeout=WAIT, headers=headers) as events:
            events.raise_for_status()
            for line in events.iter_lines(decode_unicode=True):
                event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if event.get("failed"):
                    raise RuntimeError(f"{self.name}'s server: {event}\n{self.hub.log[-4000:]}")
                if event.get("ready"):
                    break
        self.session.get(f"{self.base}/lab", timeout=WAIT).raise_for_status()
        self.ask("GET", "api/status")
        self.times["server"] = time.perf_counter() - start

    def pull(self) -> list[str]:
        """Follow the invitation; return the lines that nbgitpuller says."""
        start = time.perf_counter()
        self.session.get(invitation(self.hub), timeout=WAIT).raise_for_status()
        words = {"repo": self.hub.repository, "branch": "main", "targetpath": "relukit"}
        words["_xsrf"] = self._cookie(f"/user/{self.name}/")
        said = []
        with self.session.get(
            f"{self.base}/git-pull/api?{urlencode(words)}", stream=True, timeout=WAIT
        ) as events:
            events.raise_for_status()
            for line in events.iter_lines(decode_unicode=True):
                event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if event.get("phase") == "error":
                    raise RuntimeError(f"{self.name}: {event}")
                said.append(event.get("output", ""))
                if event.get("phase") == "finished":
                    break
        self.times["pull"] = time.perf_counter() - start
        return [text for text in said if text.strip()]

    def read(self, path: str) -> nbformat.NotebookNode:
        """Return a notebook of the learner's folder."""
        got = self.ask("GET", f"api/contents/relukit/{quote(path)}?content=1")
        return nbformat.from_dict(got.json()["content"])

    def save(self, path: str, notebook: nbformat.NotebookNode) -> None:
        """Save a notebook, as the editor does."""
        document = {"type": "notebook", "format": "json", "content": notebook}
        self.ask("PUT", f"api/contents/relukit/{quote(path)}", json=document)

    def work(self, path: str, answers: dict[str, str] | None = None) -> nbformat.NotebookNode:
        """Open a notebook, write answers into it, run it in a kernel of its own, and save it."""
        start = time.perf_counter()
        notebook = self.read(path)
        with Kernel(self, f"relukit/{path}") as kernel:
            for cell in notebook.cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                if cell.cell_type != "code":
                    continue
                cell.source = (answers or {}).get(name, cell.source)
                cell.execution_count, cell.outputs = kernel.run(cell.source)
                self.times.setdefault(f"first cell of {path}", time.perf_counter() - start)
        self.save(path, notebook)
        self.times[path] = time.perf_counter() - start
        return notebook

    def hand_in(self, assignment: str) -> None:
        """Press Submit in nbgrader's list of assignments."""
        start = time.perf_counter()
        words = {"course_id": "relukit", "assignment_id": assignment}
        said = self.ask("POST", "assignments/submit", data=words).json()
        if not said["success"]:
            raise RuntimeError(f"{self.name} could not hand in: {said['value']}")
        self.times["hand in"] = time.perf_counter() - start


class Kernel:
    """A kernel of a learner's server, which goes on after it is left until it is closed."""

    def __init__(self, learner: Learner, path: str) -> None:
        document = {"path": path, "type": "notebook", "name": path, "kernel": {"name": "python3"}}
        self.learner = learner
        self.id = learner.ask("POST", "api/sessions", json=document).json()["kernel"]["id"]
        self.session = uuid.uuid4().hex

    def __enter__(self) -> "Kernel":
        base = f"/user/{self.learner.name}/api/kernels/{self.id}/channels"
        jar = self.learner.session.cookies
        cookies = "; ".join(f"{c.name}={c.value}" for c in jar if base.startswith(c.path))
        address = f"{self.learner.hub.address.replace('http', 'ws', 1)}{base}"
        self.line = websocket.create_connection(
            f"{address}?session_id={self.session}", timeout=WAIT, cookie=cookies
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def run(self, code: str) -> tuple[int | None, list]:
        """Run a cell; return its number and its outputs."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
        header |= {"username": self.learner.name, "session": self.session}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        whole = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.line.send(json.dumps(whole | {"channel": "shell", "buffers": []}))
        number, outputs, open_ends = None, [], {"reply", "idle"}
        while open_ends:
            told = json.loads(self.line.recv())
            if told["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            kind = told["msg_type"]
            if kind == "execute_reply":
                number = told["content"].get("execution_count")
                open_ends.discard("reply")
            elif kind == "status" and told["content"]["execution_state"] == "idle":
                open_ends.discard("idle")
            elif kind in ("stream", "display_data", "execute_result", "error"):
                outputs.append(nbformat.v4.output_from_msg(told))
        return number, outputs
