"""What each attack comes to, with the jail and without it: `make attacks`.

Started by root, it runs a second time as a user without rights, where such a user can read Python.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import psutil
from attacks.attack import Attack, grade_attack, surroundings
from attacks.catalogue import CATALOGUE
from attacks.interpreter import readable_python, remove_copy
from attacks.outliving import OUTLIVES
from rich.console import Console
from rich.table import Table

from relukit.errors import UnavailableError
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail.choice import choose
from relukit.grading.result import GRADER_ERROR
from relukit.grading.worker import set_up

JAILS = ("bwrap", "none")
MATERIAL = str(Path(__file__).parents[1] / "tests" / "material")
USER = 63_999  # none of those that the grader gives to answers
SUMS = (
    *("wrong passed", "right failed", "batches stopped", "answers read", "processes left"),
    *("files left", "not as expected"),
)
_FREE = range(64_000, 65_001)  # the users that answers run as, where the grader is root
_PLACES = ("/tmp", "/dev/shm", "/dev/mqueue", "/var/tmp")


def main() -> None:
    """Print a row for each attack, and the sums; fail where a verdict is not the expected one."""
    set_up()
    jails.UNJAILED = readable_python()
    same = sys.executable == jails.UNJAILED
    try:
        surprises = _print_table()
    finally:
        remove_copy()
    if os.geteuid() == 0 and not same:
        Console().print("not run as another user: this Python can be read by root alone")
    elif os.geteuid() == 0:
        surprises += _as_another_user()
    sys.exit(f"{surprises} verdicts are not the expected ones" if surprises else None)


def _print_table() -> int:
    who = "root" if os.geteuid() == 0 else f"user {os.geteuid()}"
    columns = ("id", "attack", "nbgrader 0.9.6", "expected", "got with jail", "expected", "without")
    table = Table(*columns, box=None, padding=(0, 1, 0, 0), title=f"as {who}")
    usable = {jail: _usable(jail) for jail in JAILS}
    sums = {jail: Counter() for jail in JAILS}
    with surroundings() as places:
        for number, attack in enumerate(CATALOGUE, 1):
            cells = [f"{attack.row}.{number}", attack.title, attack.before]
            for jail, works in usable.items():
                got = "-"
                if works and not (jail == "none" and attack.harms_the_user and os.geteuid()):
                    got = _graded(attack, jail, places, sums[jail])
                cells += [attack.expected(jail), got]
            table.add_row(*cells)
    console = Console(width=150)
    console.print(table)
    for jail, works in usable.items():
        said = ", ".join(f"{sums[jail][name]} {name}" for name in SUMS) if works else "not usable"
        console.print(f"as {who}, jail {jail}: {said}")
    return sum(found["not as expected"] for found in sums.values())


def _graded(attack: Attack, jail: str, places: dict[str, str], sums: Counter) -> str:
    before, running = _files(), _processes()
    try:
        status = grade_attack(attack, jail, places).status
    except Exception as error:  # a run of the whole class would have ended here
        sums["batches stopped"] += 1
        return f"{type(error).__name__}: {error}"
    passed = status == "passed"
    sums["batches stopped"] += status == GRADER_ERROR
    sums["right failed"] += attack.fair and not passed
    sums["wrong passed"] += passed and not attack.fair
    sums["answers read"] += passed and attack.reads
    sums["not as expected"] += status != attack.expected(jail)
    sums["processes left"] += len(_processes() - running)
    sums["files left"] += len(_files() - before)
    return f"{status} (right)" if attack.fair else status


def _usable(jail: str) -> bool:
    try:
        return choose(jail) == jail
    except UnavailableError:
        return False


def _processes() -> set[int]:
    """Return the processes of those whom answers run as, beside the grader's own."""
    ours = {child.pid for child in psutil.Process().children(recursive=True)} | {os.getpid()}
    found = set()
    for process in psutil.process_iter(["name", "status", "uids"]):
        uids, dead = process.info["uids"], process.info["status"] == psutil.STATUS_ZOMBIE
        named = process.info["name"] == OUTLIVES[:15]
        if not dead and (named or (uids and uids.real in _answering())):
            found.add(process.pid)
    return found - ours


def _answering() -> set[int]:
    return set(_FREE) if os.geteuid() == 0 else {os.geteuid()}


def _files() -> set[str]:
    """Return the files that those may have left whom answers run as."""
    users = _answering()
    found = set()
    for place in filter(os.path.isdir, _PLACES):
        with os.scandir(place) as entries:
            paths = [entry.path for entry in entries]
        for path in paths:
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile, by whoever
                if os.lstat(path).st_uid in users:
                    found.add(path)
    return found


def _as_another_user() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, USER, USER)
        done = subprocess.run(
            [sys.executable, "-B", Path(__file__)],
            cwd="/",
            env={"PATH": os.environ["PATH"], "PYTHONPATH": MATERIAL, "HOME": home, "TMPDIR": home},
            user=USER,
            group=USER,
            extra_groups=[],
            check=False,
        )
    return int(done.returncode != 0)


if __name__ == "__main__":
    main()
