"""A room that answers as it is told to, over real HTTP, and remembers what it was asked."""

import contextlib
import http.server
import json
import socketserver
import threading
import time

TOKEN = "0123456789abcdef0123456789abcdef-0123456789abcdef"
GOOD = {
    "/api/state": (200, {"lesson": "02_definitions", "question": "share", "phase": "open"}),
    "/api/join": (200, {"device": TOKEN}),
    "/api/vote": (200, {"kept": True, "round": 1}),
    "/api/outcome": (200, {"kept": True}),
    "/api/help": (200, {"place": 1}),
    "/api/leave": (200, {}),
}


class Room:
    """What it answers, path by path, and what it was asked: pairs (path, JSON)."""

    def __init__(self):
        self.answers = dict(GOOD)
        self.asked = []
        self.headers = []
        self.address = ""

    def of(self, path):
        return [data for where, data in self.asked if where == path]


@contextlib.contextmanager
def fake_room(port=0):
    """Give a room on a port of this machine until the end; its answers may be changed."""
    room = Room()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer(None)

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            self.answer(json.loads(self.rfile.read(length)))

        def answer(self, data):
            room.asked.append((self.path, data))
            room.headers.append(dict(self.headers))
            status, body = room.answers.get(self.path, (404, {"error": "There is no such page."}))
            if callable(body):
                body = body(data)
            if isinstance(body, float):  # seconds of silence
                time.sleep(body)
                body = {}
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if status in (301, 302, 303, 307):
                self.send_header("Location", "/api/join")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(text)

        def log_message(self, *args):
            pass

    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            pass

    with Server(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        room.address = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield room
        finally:
            server.shutdown()
            thread.join()
