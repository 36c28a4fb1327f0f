"""A cgroup for each student: real ones where this machine has them, and a made-up version 2."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from attacks.interpreter import readable_python, remove_copy

from relukit.grading.jail import cgroups, hierarchies
from relukit.grading.jail.child import Child
from relukit.grading.jail.exchange import Request
from relukit.grading.jail.hierarchies import Hierarchy

pytestmark = pytest.mark.slow
MEBIBYTE = 2**20
LEAVES = (
    "import os, signal, sys\n"
    "from relukit.grading.jail import cgroups\n"
    "group = cgroups.create(memory=2**26, processes=4)\n"
    "print(group.folders[0].name, flush=True)\n"
    "sys.stdin.readline()\n"
    "os.kill(os.getpid(), signal.SIGKILL)\n"
)


@pytest.fixture
def real():
    if not cgroups.available():
        pytest.skip("no cgroups for this user on this machine")
    return cgroups.available()


def run_in(group: cgroups.Group, code: str) -> subprocess.Popen:
    """Run Python in a group; it begins once it has been moved."""
    process = subprocess.Popen(
        [sys.executable, "-c", "input()\n" + code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    group.add(process.pid)
    process.stdin.write("\n")
    process.stdin.flush()
    return process


def left() -> set[str]:
    found = {folder for some in hierarchies.candidates() for folder in some}
    return {path.name for entry in found for path in entry.folder.glob("relukit-*")}


def test_memory_that_no_process_maps_counts(real):
    group = cgroups.create(memory=64 * MEBIBYTE, processes=4)
    shared = (
        "import mmap\nkept = []\nfor _ in range(60):\n"
        "    m = mmap.mmap(-1, 8 * 2**20)\n"
        "    for i in range(8): m[i * 2**20 : (i + 1) * 2**20] = bytes(2**20)\n"
        "    m.madvise(mmap.MADV_DONTNEED)\n"
        "    kept.append(m)\n"
        "print('all of it')"
    )
    with contextlib.closing(group), run_in(group, shared) as process:
        assert process.stdout.read() == ""
        assert process.wait() == -signal.SIGKILL
        assert group.ran_out()


def test_what_fits_is_not_killed(real):
    group = cgroups.create(memory=64 * MEBIBYTE, processes=4)
    with contextlib.closing(group), run_in(group, "print(len(bytes(2**23)))") as process:
        assert process.stdout.read() == "8388608\n"
        assert process.wait() == 0
        assert not group.ran_out()


def test_processes_are_counted_whatever_user_they_run_as(real):
    group = cgroups.create(memory=64 * MEBIBYTE, processes=4)
    code = (
        "import os, time\nborn = 0\ntry:\n"
        "    while born < 99:\n"
        "        if os.fork() == 0:\n            time.sleep(60)\n            os._exit(0)\n"
        "        born += 1\nexcept OSError: pass\nprint(born)"
    )
    with contextlib.closing(group), run_in(group, code) as process:
        assert int(process.stdout.readline()) < 8


def test_the_end_kills_all_and_removes_the_group(real):
    before = left()
    group = cgroups.create(memory=64 * MEBIBYTE, processes=40)
    code = (
        "import os, time\nfor _ in range(20):\n    if os.fork() == 0:\n"
        "        os.setsid()\n        break\nprint('.', end='', flush=True)\ntime.sleep(60)"
    )
    with run_in(group, code) as process:
        process.stdout.read(10)
        assert left() > before
        group.close()
        assert process.wait() == -signal.SIGKILL
    assert left() == before


def test_groups_of_a_killed_grader_are_removed_and_those_of_a_living_one_are_not(real):
    words = [sys.executable, "-c", LEAVES]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        name = one.stdout.readline().strip()
        assert name in left()
        for hierarchy in real:
            cgroups.sweep(hierarchy.folder)
        assert name in left()
        one.stdin.write("\n")
        one.stdin.flush()
        assert one.wait() == -signal.SIGKILL
        assert name in left()
        for hierarchy in real:
            cgroups.sweep(hierarchy.folder)
        assert name not in left()


def test_an_interrupted_child_leaves_no_group(real, monkeypatch):
    before = left()

    def interrupt(*args):
        assert left() > before
        raise KeyboardInterrupt

    monkeypatch.setattr(Child, "_asked", interrupt)
    request = Request("f", (), "relukit.checks.call:as_function", ((),), (), 1)
    with pytest.raises(KeyboardInterrupt), Child(jail_that_works()) as child:
        child.ask(request)
    assert left() == before


def jail_that_works() -> str:
    return "bwrap" if shutil.which("bwrap") else "none"


def test_a_user_without_rights_has_none_in_version_1_and_is_not_stopped(real):
    if os.geteuid() != 0 or cgroups.name() != "v1":
        pytest.skip("only root can become another user")
    code = "from relukit.grading.jail import cgroups; print(cgroups.available())"
    words = [readable_python(), "-B", "-c", code]
    try:
        done = subprocess.run(
            words, user=64_999, cwd="/", capture_output=True, text=True, check=False
        )
    finally:
        remove_copy()
    assert done.stdout.strip() == "()", done.stderr


def test_version_2_kills_a_group_at_once_where_the_kernel_can():
    places = hierarchies.mounts(Path("/proc/self"))
    found = [place for _, place, kind, _ in places if kind == "cgroup2"]
    if not found or os.geteuid() != 0:
        pytest.skip("no cgroup 2 that can be written")
    group = cgroups.Group((Hierarchy(found[0], 2, ()),), memory=0, processes=0)
    (folder,) = group.folders
    with run_in(group, "import time\ntime.sleep(60)") as process:
        assert (folder / "cgroup.procs").read_text().split() == [str(process.pid)]
        group.close()
        assert process.wait() == -signal.SIGKILL
    assert not folder.exists()


FILES = ("memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.weight")
EVENTS = "low 0\nhigh 0\nmax 3\noom 1\noom_kill 2\noom_group_kill 1\n"


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    """A tree of version 2 as systemd lays it out, with this process in a session's scope."""
    mount = tmp_path / "sys fs"
    own = mount / "user.slice" / "user-1000.slice" / "session-1.scope"
    own.mkdir(parents=True)
    for folder, below in (
        (mount, "cpu io memory pids"),
        (mount / "user.slice", "cpu memory pids"),
        (mount / "user.slice" / "user-1000.slice", "memory pids"),
        (own, ""),
    ):
        (folder / "cgroup.subtree_control").write_text(below)
        (folder / "cgroup.controllers").write_text("memory pids")
    proc = tmp_path / "proc"
    proc.mkdir()
    escaped = str(mount).replace(" ", "\\040")
    (proc / "mountinfo").write_text(
        "24 30 0:22 / /proc rw,nosuid shared:13 - proc proc rw\n"
        f"31 23 0:27 / {escaped} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
    )
    (proc / "cgroup").write_text("0::/user.slice/user-1000.slice/session-1.scope\n")
    real_mkdir = Path.mkdir

    def mkdir(path, *args, **more):
        real_mkdir(path, *args, **more)
        if path.name.startswith("relukit-"):
            for file in FILES:
                (path / file).write_text("")
            (path / "memory.events").write_text("oom 0\noom_kill 0\n")
            (path / "cgroup.procs").write_text("")
            (path / "cgroup.kill").write_text("")

    monkeypatch.setattr(Path, "mkdir", mkdir)
    return proc, own


def test_version_2_is_used_where_memory_and_processes_are_controlled_below(made_up):
    proc, own = made_up
    found = [some[0] for some in hierarchies.candidates(proc)]
    assert [(entry.folder, entry.controllers) for entry in found] == [
        (own.parent, ("memory", "pids")),
        (own.parents[1], ("memory", "pids", "cpu")),
        (own.parents[2], ("memory", "pids", "cpu")),
    ]
    assert {entry.version for entry in found} == {2}


def test_a_group_of_version_2_has_all_limits_and_says_when_it_ran_out(made_up, monkeypatch):
    proc, own = made_up
    _, found, _ = hierarchies.candidates(proc)
    group = cgroups.Group(found, memory=2**30, processes=64)
    (folder,) = group.folders
    assert folder.parent == own.parents[1]
    assert {file: (folder / file).read_text() for file in FILES} == {
        "memory.max": str(2**30),
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "66",
        "cpu.weight": "100",
    }
    group.add(7)
    assert (folder / "cgroup.procs").read_text() == "7"
    assert not group.ran_out()
    (folder / "memory.events").write_text(EVENTS)
    assert group.ran_out()
    killed: list[str] = []

    def rmdir(path):
        killed.append((path / "cgroup.kill").read_text())
        shutil.rmtree(path)

    monkeypatch.setattr(Path, "rmdir", rmdir)
    group.close()
    assert killed == ["1"]
    assert not folder.exists()


def test_a_limit_that_cannot_be_set_is_an_error_and_leaves_nothing(made_up, monkeypatch):
    proc, own = made_up
    _, found, _ = hierarchies.candidates(proc)
    monkeypatch.setattr(Path, "rmdir", shutil.rmtree)
    monkeypatch.setattr(sys.modules[__name__], "FILES", ("memory.max", "memory.swap.max"))
    with pytest.raises(FileNotFoundError):
        cgroups.Group(found, memory=2**30, processes=64)
    assert not list(own.parents[1].glob("relukit-*"))


def test_without_memory_or_pids_there_is_nothing_to_use(made_up):
    proc, own = made_up
    for folder in (own, *list(own.parents)[:3]):
        (folder / "cgroup.subtree_control").write_text("cpu pids")
        (folder / "cgroup.controllers").write_text("cpu pids")
    assert list(hierarchies.candidates(proc)) == []
    assert list(hierarchies.candidates(proc / "missing")) == []


def test_version_1_is_found_below_its_mounts(tmp_path):
    for name in ("memory/docker/abc", "pids", "cpu,cpuacct"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "mountinfo").write_text(
        f"1 2 0:1 / {tmp_path}/memory rw - cgroup cgroup rw,memory\n"
        f"1 2 0:1 /docker/abc {tmp_path}/pids rw - cgroup cgroup rw,pids\n"
        f"1 2 0:1 / {tmp_path}/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
    )
    (tmp_path / "cgroup").write_text(
        "4:memory:/docker/abc\n3:pids:/docker/abc\n2:cpu,cpuacct:/gone\n0::/\n"
    )
    ((*found,),) = hierarchies.candidates(tmp_path)
    assert {entry.controllers: entry.folder for entry in found} == {
        ("memory",): tmp_path / "memory/docker/abc",
        ("pids",): tmp_path / "pids",
        ("cpu",): tmp_path / "cpu,cpuacct",
    }


def test_an_answer_runs_without_cgroups_too_with_fewer_processes(monkeypatch):
    monkeypatch.setattr(cgroups, "available", lambda: ())
    source = (
        "import os, time\ndef born():\n    n = 0\n    try:\n        while n < 99:\n"
        "            if os.fork() == 0:\n                time.sleep(60)\n"
        "            n += 1\n    except OSError: return n\n"
    )
    request = Request("born", (("born", source),), "relukit.checks.call:as_function", ((),), (), 5)
    with Child(jail_that_works()) as child:
        answer = child.ask(request)
    assert answer.ended == "well"
    assert 8 < answer.replies[0]["value"] < 16
