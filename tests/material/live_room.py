"""A real room in a process of its own, which tests press, kill and start again."""

import contextlib
import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPENING = 60.0  # seconds


class LiveRoom:
    """The room of a lesson: its address, its file, its board."""

    def __init__(self, folder, lesson):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.file, self.log, self.lesson = folder / "live.sqlite", folder / "log.txt", lesson
        self.address, self.process = f"http://127.0.0.1:{self.port}", None

    def start(self):
        """Open it, and wait until it answers."""
        command = [sys.executable, "-m", "relukit", "room", "--lesson", self.lesson]
        command += ["--port", str(self.port), "--database", str(self.file)]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=log, stderr=log, env=environment
            )
        end = time.monotonic() + OPENING
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.ask("GET", "/api/state")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"no room: {self.log.read_text(errors='replace')}")

    def kill(self):
        """End it at once, as a power cut does."""
        self.process.kill()
        self.process.wait()

    @property
    def secret(self):
        """The board's."""
        with contextlib.closing(sqlite3.connect(self.file)) as db:
            return db.execute("SELECT value FROM facts WHERE name = 'secret'").fetchone()[0]

    def ask(self, method, path, body=None, headers=()):
        """Return status and text of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return response.status, response.read().decode(errors="replace")
        finally:
            connection.close()

    def press(self, action, question):
        """Press a button of the board."""
        form = urllib.parse.urlencode({"action": action, "question": question})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address}
        status, text = self.ask("POST", f"/board/{self.secret}/do", form, headers)
        assert status == 303, text

    def board(self):
        """Return the board's page."""
        status, page = self.ask("GET", f"/board/{self.secret}")
        assert status == 200, page
        return page


@contextlib.contextmanager
def live_room(folder, lesson):
    """Give a room that is open, and end it."""
    room = LiveRoom(folder, lesson)
    try:
        room.start()
        yield room
    finally:
        if room.process and room.process.poll() is None:
            room.kill()
