"""A room in a process of its own, for the tests that talk to it."""

import http.client
import json
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from lab import free_port, wait_for

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class Answer:
    """What a request got."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self):
        return json.loads(self.text)


class ServedRoom:
    """A room's process, which can be killed and started again on its file and port.

    With `outer`, a proxy at that origin would pass it on under the path `base`.
    """

    def __init__(
        self, folder: Path, lesson: str = "04_dying_relu", *, base: str = "", outer: str = ""
    ) -> None:
        self.lesson, self.database, self.port = lesson, folder / "room.sqlite", free_port()
        self.base, self.outer = base, outer
        self.log = folder / "room.log"
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    def start(self, *more: str) -> None:
        command = [sys.executable, "-m", "relukit", "room", "--lesson", self.lesson]
        command += ["--port", str(self.port), "--database", str(self.database), *more]
        if self.outer:
            command += ["--behind", f"{self.outer}{self.base}/"]
        with self.log.open("w") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        wait_for(f"{self.address}/api/state", self.process, self.log)
        (self.board,) = re.findall(r"https?://[^/\s]+(/\S*board/\w+)", self.log.read_text())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def ask(self, method: str, path: str, body: bytes | str = b"", **headers: str) -> Answer:
        """Send a request as it is; a header's name has underscores for its hyphens."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            sent = body.encode() if isinstance(body, str) else body
            line.request(method, path, sent or None, named)
            got = line.getresponse()
            text = got.read().decode()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, text)
        finally:
            line.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def form(self, path: str, fields: dict, **headers: str) -> Answer:
        return self.ask("POST", path, urlencode(fields), **({"Content_Type": FORM} | headers))

    def send(self, path: str, document: object, **headers: str) -> Answer:
        return self.ask("POST", path, json.dumps(document), **({"Content_Type": JSON} | headers))

    def join(self, **words: object) -> str:
        return self.send("/api/join", {"nickname": None} | words).json["device"]

    def vote(self, device: str, question: str, answer: object, turn: int | None = None) -> Answer:
        said = {"device": device, "question": question, "round": turn, "answer": answer}
        return self.send("/api/vote", said)

    def do(self, action: str, question: str) -> Answer:
        return self.form(f"{self.board}/do", {"action": action, "question": question})
