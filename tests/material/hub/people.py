"""Real Unix users, made for a test and removed after it, whatever happens."""

import contextlib
import pwd
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

MARK = "made by a test of relukit"  # the comment by which a later run knows whom it may remove


def run(*command: str, said: str | None = None) -> None:
    subprocess.run(command, input=said, text=True, check=True, capture_output=True)


def end_processes(*users: str) -> None:
    """End every process that belongs to one of these users."""
    ids = {pwd.getpwnam(user).pw_uid for user in users}
    theirs = [p for p in psutil.process_iter(["uids"]) if p.info["uids"].real in ids]
    for process in theirs:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(theirs, timeout=20)


def remove(*users: str) -> None:
    """Remove users that this module has made, with their homes."""
    known = {entry.pw_name for entry in pwd.getpwall() if entry.pw_gecos == MARK}
    for user in known & set(users):
        end_processes(user)
        run("userdel", "--remove", "--force", user)


@contextlib.contextmanager
def people(names: tuple[str, ...], homes: Path) -> Iterator[dict[str, str]]:
    """Make users with homes that only they may read; yield their passwords.

    What a run left behind that was killed is removed first. SIGTERM, too, ends with the removal.
    """
    left = [entry.pw_name for entry in pwd.getpwall() if entry.pw_gecos == MARK]
    remove(*left)
    taken = {entry.pw_name for entry in pwd.getpwall()} & set(names)
    if taken:
        raise RuntimeError(f"Expected no user named {taken} on this machine, got one")
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    passwords = {name: secrets.token_urlsafe(12) for name in names}
    try:
        for name in names:
            home = str(homes / name)
            made = ("--create-home", "--home-dir", home, "--shell", "/bin/bash")
            run("useradd", *made, "--comment", MARK, name)
            (homes / name).chmod(0o700)
        run("chpasswd", said="".join(f"{name}:{word}\n" for name, word in passwords.items()))
        yield passwords
    finally:
        remove(*names)
        signal.signal(signal.SIGTERM, before)
