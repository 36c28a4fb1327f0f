"""Short reports from the process in the jail: a length, and JSON."""

import json
import socket
import struct
import time

HEAD = struct.Struct("<Q")
LARGEST = 2**16  # bytes of a report


def tell(line: socket.socket, data: dict) -> None:
    """Send a report.

    Args:
        line: the way to the grader.
        data: numbers and texts by their names.
    """
    text = json.dumps(data).encode()
    line.sendall(HEAD.pack(len(text)) + text)


def receive(line: socket.socket, deadline: float) -> dict | None:
    """Return the next report, or None where none comes or it is none.

    Args:
        line: the way to a process that may send anything.
        deadline: of `time.monotonic`.
    """
    data = bytearray()
    needed = HEAD.size
    while len(data) < needed:
        line.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            part = line.recv(needed - len(data))
        except OSError:
            return None
        finally:
            line.settimeout(None)
        if not part:
            return None
        data += part
        if needed == HEAD.size == len(data):
            needed += HEAD.unpack(data)[0]
            if needed > LARGEST:
                return None
    try:
        report = json.loads(data[HEAD.size :])
    except (ValueError, RecursionError):
        return None
    return report if isinstance(report, dict) else None
