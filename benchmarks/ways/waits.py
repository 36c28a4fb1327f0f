"""What the ways share: a table of steps, and a command that is watched as in a terminal."""

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
# what says where packages come from, and how many threads a busy machine allows; all else stays out
KEPT = re.compile(r"(PIP|UV|SSL|REQUESTS|CURL|GIT_SSL|OMP)_\w+|\w+_proxy", re.IGNORECASE)
CODES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")  # of a terminal: colours, moves
NOBODY = "nobody"


class MissingError(Exception):
    """Something that a way needs is not on this machine."""


def table(title: str, heads: tuple[str, ...], rows: list[tuple]) -> str:
    """Return a table in Markdown under a line that says what it is about."""
    lines = [" | ".join(map(str, row)) for row in (heads, ["---"] * len(heads), *rows)]
    return title + "\n\n" + "\n".join(f"| {line} |" for line in lines)


def seconds(value: float) -> str:
    """Return seconds as they are printed."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def megabytes(folder: Path) -> float:
    """Return what a folder takes on the disk, in MB; what is linked twice counts once."""
    told = subprocess.run(["du", "-sk", folder], capture_output=True, text=True, check=False)
    return int(told.stdout.split()[0]) * 1024 / 1e6


def home(folder: Path) -> tuple[Path, dict]:
    """Return an empty home directory, and what starts a program as the user who has it."""
    place = folder / "home"
    place.mkdir()
    folder.chmod(0o755)
    settings = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
    settings |= {"HOME": str(place), "LANG": "C.UTF-8", "TERM": "xterm", "BROWSER": "true"}
    who = {}
    if os.geteuid() == 0:
        shutil.chown(place, NOBODY)
        who = {"user": NOBODY, "extra_groups": []}
        settings |= {"USER": NOBODY}
    return place, {"env": settings | {"PATH": "/usr/local/bin:/usr/bin:/bin"}, **who}


@dataclass
class Terminal:
    """A command in a terminal of its own, and when it said what.

    Attributes:
        said: (seconds since the start, text), for each time that something came.
    """

    command: list[str]
    options: dict
    cwd: Path
    said: list[tuple[float, str]] = field(default_factory=list)

    def __enter__(self) -> "Terminal":
        own, its = pty.openpty()
        self._own, self._begun = own, time.perf_counter()
        self._process = subprocess.Popen(
            self.command, cwd=self.cwd, stdin=its, stdout=its, stderr=its,
            start_new_session=True, **self.options,
        )  # fmt: skip
        os.close(its)
        return self

    def __exit__(self, *error) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        os.close(self._own)

    @property
    def text(self) -> str:
        return CODES.sub("", "".join(part for _, part in self.said))

    def until(self, pattern: str, most: float = 1500.0) -> tuple[float, re.Match]:
        """Return when a pattern was first there, in seconds since the start, and its match.

        Raises:
            RuntimeError: the command ended before, or `most` seconds were over.
        """
        while not (found := re.search(pattern, self.text)):
            if not self.listened() or time.perf_counter() - self._begun > most:
                raise RuntimeError(f"no {pattern!r} came of {self.command}:\n{self.text[-3000:]}")
        return self.said[-1][0], found

    def listened(self) -> bool:
        """Take in what has come; return whether more may come."""
        ready, _, _ = select.select([self._own], [], [], 0.1)
        if not ready:
            return self._process.poll() is None
        try:
            data = os.read(self._own, 65536)
        except OSError:  # the other end is closed
            return False
        self.said.append((time.perf_counter() - self._begun, data.decode(errors="replace")))
        return bool(data)

    def silence(self, until: float) -> tuple[float, str]:
        """Return the longest time without a sign, before `until`, and the last words before it."""
        moments = [(0.0, ""), *(pair for pair in self.said if pair[0] <= until)]
        ends = [moment for moment, _ in moments[1:]] + [until]
        gaps = [end - moment for (moment, _), end in zip(moments, ends, strict=True)]
        longest = gaps.index(max(gaps))
        before = CODES.sub("", "".join(part for _, part in moments[: longest + 1]))
        lines = [line.strip() for line in re.split(r"[\r\n]+", before) if line.strip()]
        return gaps[longest], lines[-1] if lines else "the command"
