"""The grader's end of the line to the process in the jail."""

import os
import select
import socket
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import cgroups, remnants, unmapped
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
_LOST = "lost"  # how an answer ended while the machine's memory ran low, and nobody knows by whom
_TRIES = 3


class Child:
    """One student's process in the jail; started when it is first asked, again where it died.

    Attributes:
        fault: what went wrong while a jail was ended, or "".

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
        self._group: cgroups.Group | None = None
        self._processes = self._unmapped = 0
        self._since, self.fault = 0.0, ""

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the jail and everything in it; nothing that goes wrong is raised, see `fault`."""
        process, group = self._process, self._group
        self._process = self._group = None
        ends = [process.end] if process is not None else []
        ends += [group.close] if group is not None else []
        if process is not None and self._jail == "none" and os.geteuid() == 0:
            ends.append(partial(remnants.remove, process.user, since=self._since))
        for end in ends:
            try:
                end()
            except Exception as error:  # that student's results are lost, and nobody else's
                self.fault = self.fault or f"{type(error).__name__}: {error}"

    def ask(self, request: Request) -> Answer:
        """Return what an answer replies.

        Raises:
            JailBroken: the process could not be started.
        """
        for _ in range(_TRIES):
            answer = self._asked(self._process or self._begin(), request)
            if answer.ended != _LOST:
                return answer
            taken = unmapped.of_machine()
            self.close()
            if unmapped.falls_below((3 * taken + self._unmapped) // 4):
                return Answer("too much memory")
        raise JailBroken("something else on this machine takes more and more memory")

    def _begin(self) -> Started:
        self._since = time.time()
        self._unmapped = unmapped.of_machine()
        process = start(self._jail, libraries=self._libraries, hidden=self._hidden)
        self._process = process
        counted = bool(cgroups.available())
        self._processes = jails.processes(counted=counted)
        try:
            self._group = cgroups.create(memory=TOGETHER, processes=self._processes)
            if self._group is not None:
                self._group.add(process.first[0].pid)
        except OSError as error:
            self.close()
            raise JailBroken(f"no cgroup: {error}") from None
        return process

    def _asked(self, process: Started, request: Request) -> Answer:
        wall = 2.0 * request.seconds + request.patience
        frame = encode(
            {
                "name": request.name,
                "cells": [list(cell) for cell in request.cells],
                "harness": request.harness,
                "inputs": list(request.inputs),
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
            process.line.settimeout(_SENDING)
            socket.send_fds(process.line, [HEAD.pack(len(frame))], [out])
            os.close(out)
            out = -1
            process.line.sendall(frame)
            answer, usable = self._listen(process, end, request.seconds, wall)
        except OSError:  # the process has been killed, from inside its jail
            answer, usable = Answer("died"), False
        finally:
            os.close(end)
            if out >= 0:
                os.close(out)
        if self._group is not None and self._group.ran_out():
            answer, usable = replace(answer, ended="too much memory", replies=None), False
        if not usable and answer.ended != _LOST:
            self.close()
        return answer

    def _listen(self, process: Started, end: int, cpu: int, wall: float) -> tuple[Answer, bool]:
        """Read replies and the report of how the child ended, as long as both may take.

        Returns:
            What comes of it, and whether the jail can be used for another answer.
        """
        line = process.line
        report = receive(line, time.monotonic() + START)
        if report is None:
            return Answer("died"), False
        if "failed" in report:  # no line of the answer has run yet
            self.close()
            raise JailBroken(str(report["failed"]))
        deadline = time.monotonic() + wall + GRACE
        next_look = time.monotonic() + _LOOK
        received = bytearray()
        ended, fault = False, ""
        sources: list[int | socket.socket] = [end, line]
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
                fault = fault or self._look(process)
            if now > deadline:
                fault = "timed out"
        if fault:
            return Answer(fault, seconds=wall + GRACE if fault == "timed out" else 0.0), False
        report = receive(line, time.monotonic() + GRACE)
        if report is None:
            return Answer("died"), False
        while end in sources and len(received) <= LARGEST:
            ready, _, _ = select.select([end], [], [], 0)
            part = os.read(end, 2**20) if ready else b""
            received += part
            if not part:
                sources.remove(end)
        answer = _judge_end(report, bytes(received), cpu)
        # no answer meets the files of another: where some are left, the next has a new jail
        usable = not report.get("left") and (answer.ended != "died" or answer.seconds > 0)
        return answer, usable

    def _look(self, process: Started) -> str:
        """Return "" as long as the memory that the answer takes is not too much."""
        if self._group is not None:
            return "too much memory" if self._group.ran_out() else ""
        taken = process.memory()
        if self._jail == "bwrap":
            taken += unmapped.of_jail(process.first[0].pid)
        if taken > TOGETHER:
            return "too much memory"
        return _LOST if unmapped.of_machine() - self._unmapped > TOGETHER else ""


def _judge_end(report: dict, received: bytes, cpu: int) -> Answer:
    try:
        late, signal, code = bool(report["late"]), int(report["signal"]), int(report["code"])
        seconds, peak = float(report["seconds"]), int(report["peak"])
        used, waited = float(report["cpu"]), float(report["waited"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return Answer("died")
    said = Answer("died", None, seconds, used, waited, peak, signal)
    if late or signal in _CPU_SIGNALS or (signal and used >= cpu):
        return replace(said, ended="timed out")
    if code == OUT_OF_MEMORY:
        return replace(said, ended="too much memory")
    if len(received) > LARGEST:
        return replace(said, ended="too much output")
    if not received:
        return said
    try:
        return replace(said, ended="well", replies=decode(received))
    except TooMuch:
        return replace(said, ended="too much output")
    except Malformed:
        return replace(said, ended="malformed")
