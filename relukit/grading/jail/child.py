"""The grader's end of the line to the process in the jail."""

import json
import os
import select
import socket
import struct
import subprocess
import time
from pathlib import Path

from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import processes
from relukit.grading.jail.exchange import Answer, Request
from relukit.grading.jail.inside import OUT_OF_MEMORY
from relukit.grading.jail.wire import LARGEST, Malformed, TooMuch, decode, encode

START = 60.0  # seconds that imports may take
GRACE = 5.0  # seconds that the process in the jail may take to notice the end of an answer
MEMORY = 512 * 2**20  # bytes of address space that an answer may add to the modules' own
TOGETHER = 2**30  # bytes of memory of all processes in the jail
_LOOK = 0.2  # seconds between two looks at their memory
_SENDING = 5.0  # seconds until the process in the jail must have read a request
_HEAD = struct.Struct("<Q")
_LARGEST_REPORT = 2**16
_CPU_SIGNALS = (24,)  # SIGXCPU


class JailBroken(Exception):  # noqa: N818 - a fault of the grader or its surroundings
    """The process in the jail could not be started."""


class Child:
    """One student's process in the jail; started when it is first asked, again where it died.

    Args:
        jail: "bwrap" or "none".
        hidden: files and folders that the jail must not show.
    """

    def __init__(self, jail: str, *, hidden: tuple[Path, ...] = ()) -> None:
        self._jail, self._hidden = jail, hidden
        self._process: subprocess.Popen | None = None
        self._line: socket.socket | None = None
        self._processes = self._user = 0
        self.loaded: set[str] = set()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the jail and everything in it."""
        if self._process is None:
            return
        self._line.close()
        without = self._jail == "none"
        root = os.geteuid() == 0
        processes.end(
            self._process,
            user=self._user if without and root else None,
            orphans=without and not root,
        )
        self._process = self._line = None
        self.loaded = set()

    def ask(self, request: Request) -> Answer:
        """Return what an answer replies.

        Raises:
            JailBroken: the process could not be started.
        """
        if self._process is None:
            self._start()
        wall = 2.0 * request.seconds
        frame = encode(
            {
                "name": request.name,
                "cells": [list(cell) for cell in request.cells],
                "harness": request.harness,
                "inputs": list(request.inputs),
                "calls": request.calls,
                "modules": list(request.modules),
                "cpu": request.seconds,
                "wall": wall,
                "memory": MEMORY,
                "processes": self._processes,
            }
        )
        end, out = os.pipe()
        try:
            self._line.settimeout(_SENDING)
            socket.send_fds(self._line, [_HEAD.pack(len(frame))], [out])
            os.close(out)
            out = -1
            self._line.sendall(frame)
            answer = self._listen(end, request.seconds, wall)
        except OSError:  # the process has been killed, from inside its jail
            answer = Answer("died")
        finally:
            os.close(end)
            if out >= 0:
                os.close(out)
        self.loaded |= set(request.modules)
        if self._line is not None and answer.ended == "died" and not answer.seconds:
            self.close()
        return answer

    def _start(self) -> None:
        self._processes, self._user = jails.processes(), processes.free_user()
        if self._jail == "none":
            processes.adopt_orphans()
        self._line, theirs = socket.socketpair()
        number = theirs.fileno()
        arguments = ["-m", "relukit.grading.jail.inside", str(number), str(self._user)]
        self._process = subprocess.Popen(
            jails.command(self._jail, arguments, hidden=self._hidden),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=jails.environment(),
            cwd="/",
            pass_fds=[number],
            **jails.privileges(self._jail, self._user),
        )
        theirs.close()
        if self._report(time.monotonic() + START) is None:
            self.close()
            raise JailBroken("the process that runs the answers did not start")

    def _listen(self, end: int, cpu: int, wall: float) -> Answer:
        """Read replies and the report of how the child ended, as long as both may take."""
        if self._report(time.monotonic() + START) is None:
            self.close()
            return Answer("died")
        deadline = time.monotonic() + wall + GRACE
        next_look = 0.0
        received = bytearray()
        ended, fault = False, ""
        sources = [end, self._line]
        while not ended and not fault:
            ready, _, _ = select.select(sources, [], [], _LOOK)
            if end in ready:
                part = os.read(end, 2**20)
                received += part
                if not part:
                    sources.remove(end)
                if len(received) > LARGEST:
                    fault = "too much output"
            ended = self._line in ready
            now = time.monotonic()
            if now > next_look and not ended:
                next_look = now + _LOOK
                if processes.memory(self._process) > TOGETHER:
                    fault = "too much memory"
            if now > deadline:
                fault = "timed out"
        if fault:
            self.close()
            return Answer(fault)
        report = self._report(time.monotonic() + GRACE)
        if report is None:
            self.close()
            return Answer("died")
        while end in sources and len(received) <= LARGEST:
            ready, _, _ = select.select([end], [], [], 0)
            part = os.read(end, 2**20) if ready else b""
            received += part
            if not part:
                sources.remove(end)
        return _judge_end(report, bytes(received), cpu)

    def _report(self, deadline: float) -> dict | None:
        """Return the next report on the line, or None where none comes."""
        data = bytearray()
        while True:
            if len(data) >= _HEAD.size:
                (length,) = _HEAD.unpack_from(data)
                if length > _LARGEST_REPORT:
                    return None
                if len(data) >= _HEAD.size + length:
                    break
            self._line.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                part = self._line.recv(2**16)
            except OSError:
                return None
            finally:
                self._line.settimeout(None)
            if not part:
                return None
            data += part
        try:
            report = json.loads(data[_HEAD.size :])
        except (ValueError, RecursionError):
            return None
        return report if isinstance(report, dict) else None


def _judge_end(report: dict, received: bytes, cpu: int) -> Answer:
    try:
        late, signal, code = bool(report["late"]), int(report["signal"]), int(report["code"])
        seconds, peak = float(report["seconds"]), int(report["peak"])
        used = float(report["cpu"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return Answer("died")
    if late or signal in _CPU_SIGNALS or (signal and used >= cpu):
        return Answer("timed out", None, seconds, peak, signal)
    if code == OUT_OF_MEMORY:
        return Answer("too much memory", None, seconds, peak, signal)
    if len(received) > LARGEST:
        return Answer("too much output", None, seconds, peak, signal)
    if not received:
        return Answer("died", None, seconds, peak, signal)
    try:
        return Answer("well", decode(received), seconds, peak, signal)
    except TooMuch:
        return Answer("too much output", None, seconds, peak, signal)
    except Malformed:
        return Answer("malformed", None, seconds, peak, signal)
