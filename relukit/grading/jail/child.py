"""The grader's end of the line to the process in the jail."""

import os
import select
import socket
import time
from pathlib import Path

from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail.exchange import OUT_OF_MEMORY, Answer, Request
from relukit.grading.jail.launcher import START, JailBroken, Started, start
from relukit.grading.jail.line import HEAD, receive
from relukit.grading.jail.wire import LARGEST, Malformed, TooMuch, decode, encode

GRACE = 5.0  # seconds that the process in the jail may take to notice the end of an answer
MEMORY = 512 * 2**20  # bytes of address space that an answer may add to the modules' own
TOGETHER = 2**30  # bytes of memory of all processes in the jail
_LOOK = 0.2  # seconds between two looks at their memory
_SENDING = 5.0  # seconds until the process in the jail must have read a request
_CPU_SIGNALS = (24,)  # SIGXCPU


class Child:
    """One student's process in the jail; started when it is first asked, again where it died.

    Args:
        jail: "bwrap" or "none".
        libraries: what the process is to find imported, see `forkserver.SHARED`.
        hidden: files and folders that the jail must not show.
    """

    def __init__(
        self, jail: str, *, libraries: str = "numpy", hidden: tuple[Path, ...] = ()
    ) -> None:
        self._jail, self._libraries, self._hidden = jail, libraries, hidden
        self._process: Started | None = None
        self._processes = 0

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the jail and everything in it."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def ask(self, request: Request) -> Answer:
        """Return what an answer replies.

        Raises:
            JailBroken: the process could not be started.
        """
        if self._process is None:
            self._processes = jails.processes()
            self._process = start(self._jail, libraries=self._libraries, hidden=self._hidden)
        line = self._process.line
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
                "scratch": list(jails.SCRATCH) if self._jail == "bwrap" else [],
            }
        )
        end, out = os.pipe()
        try:
            line.settimeout(_SENDING)
            socket.send_fds(line, [HEAD.pack(len(frame))], [out])
            os.close(out)
            out = -1
            line.sendall(frame)
            answer = self._listen(end, request.seconds, wall)
        except OSError:  # the process has been killed, from inside its jail
            answer = Answer("died")
        finally:
            os.close(end)
            if out >= 0:
                os.close(out)
        if answer.ended == "died" and not answer.seconds:
            self.close()
        return answer

    def _listen(self, end: int, cpu: int, wall: float) -> Answer:
        """Read replies and the report of how the child ended, as long as both may take."""
        line = self._process.line
        report = receive(line, time.monotonic() + START)
        if report is None or "failed" in report:
            self.close()
            if report is None:
                return Answer("died")
            raise JailBroken(str(report["failed"]))  # no line of the answer has run yet
        deadline = time.monotonic() + wall + GRACE
        next_look = time.monotonic() + _LOOK
        received = bytearray()
        ended, fault = False, ""
        sources = [end, line]
        while not ended and not fault:
            ready, _, _ = select.select(sources, [], [], _LOOK)
            if end in ready:
                part = os.read(end, 2**20)
                received += part
                if not part:
                    sources.remove(end)
                if len(received) > LARGEST:
                    fault = "too much output"
            ended = line in ready
            now = time.monotonic()
            if now > next_look and not ended:
                next_look = now + _LOOK
                if self._process.memory() > TOGETHER:
                    fault = "too much memory"
            if now > deadline:
                fault = "timed out"
        if fault:
            self.close()
            return Answer(fault)
        report = receive(line, time.monotonic() + GRACE)
        if report is None:
            self.close()
            return Answer("died")
        while end in sources and len(received) <= LARGEST:
            ready, _, _ = select.select([end], [], [], 0)
            part = os.read(end, 2**20) if ready else b""
            received += part
            if not part:
                sources.remove(end)
        if report.get("left"):  # no answer meets the files of another: the next has a new jail
            self.close()
        return _judge_end(report, bytes(received), cpu)


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
