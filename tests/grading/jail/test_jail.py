"""What a program sees and may do inside the jail, and what becomes of a grader without one."""

import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from relukit.errors import InvalidValueError, UnavailableError
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import forkserver, launcher, processes
from relukit.grading.jail.child import Child
from relukit.grading.jail.choice import choose
from relukit.grading.jail.exchange import Answer, Request
from relukit.grading.jail.inside import _tidy

pytestmark = pytest.mark.slow
COURSE = Path(__file__).parents[3]
PACKAGE = COURSE / "relukit"
JAILS = ("bwrap", "none")
# an answer that returns, as JSON, what it finds out about the process that it runs in
PROBE = """
import ctypes, json, os, resource, socket, sys
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
def fails(action):
    try:
        action()
    except (OSError, ValueError) as error:
        return type(error).__name__
def writable(folder):
    path = os.path.join(folder, "written_by_a_test")
    try:
        open(path, "w").close()
        os.remove(path)
        return True
    except OSError:
        return False
def holds_something(path):
    try:
        if os.path.isdir(path):
            return bool(os.listdir(path))
        return os.path.isfile(path) and os.path.getsize(path) > 0 and bool(open(path).read(1))
    except OSError:
        return False
def fill(folder):
    size, paths = 0, [os.path.join(folder, f"filled_by_a_test_{n}") for n in range(8)]
    for path in paths:
        try:
            with open(path, "wb", buffering=0) as file:
                while size < 2**26 and file.tell() < 2**22:
                    size += file.write(bytes(2**20))
        except OSError:
            pass
    for path in paths:
        os.remove(path)
    return size
folders = ["/", "/dev", "/etc", "/usr", "/usr/lib", "/tmp", "/dev/shm", "/proc", "/root", PACKAGE]
folders += [PACKAGE + "/checks", PACKAGE + "/grading", os.path.dirname(os.__file__)]
kinds = ("mnt", "pid", "ipc", "uts", "net", "user")
def probe():
    return json.dumps({
        "uid": [os.getuid(), os.geteuid(), os.getgid()],
        "groups": os.getgroups(),
        "capabilities": "".join(status[f"Cap{k}"].strip() for k in ("Eff", "Prm", "Amb", "Inh")),
        "bound": status["CapBnd"].strip(),
        "no new privileges": status["NoNewPrivs"].strip(),
        "filtered": status["Seccomp"].strip() == "2",
        "root again": fails(lambda: os.setuid(0)),
        "environment": dict(os.environ),
        "pids": [int(n) for n in os.listdir("/proc") if n.isdigit()],
        "descriptors": [os.readlink(f"/proc/self/fd/{n}") for n in range(99) if
                        os.path.lexists(f"/proc/self/fd/{n}")],
        "namespaces": {kind: os.readlink(f"/proc/self/ns/{kind}") for kind in kinds},
        "writable": [folder for folder in folders if writable(folder)],
        "visible": [path for path in PATHS if holds_something(path)],
        "interfaces": os.listdir("/proc/sys/net/ipv4/conf"),
        "socket": fails(socket.socket),
        "namespace": ctypes.CDLL(None).unshare(0x10000000),
        "checks": sorted(os.listdir(PACKAGE + "/checks")),
        "grading": sorted(os.listdir(PACKAGE + "/grading")),
        "filled": {folder: fill(folder) for folder in FILLED},
        "cwd": os.getcwd(),
        "modules": sorted(name for name in sys.modules if name.startswith("relukit")),
        "torch": "torch" in sys.modules,
    })
"""

VISIBLE_CHECKS = {"relukit.checks"} | {
    f"relukit.checks.{name.removesuffix('.py')}"
    for name in jails.VISIBLE["checks"]
    if name.endswith(".py")
}


def works(jail: str) -> str:
    try:
        return choose(jail)
    except UnavailableError as error:
        pytest.skip(str(error))


def ask(child: Child, source: str, name: str = "probe") -> Answer:
    """Return what an answer without arguments replies."""
    harness = "relukit.checks.call:as_function"
    cells = ((name, source),)
    return child.ask(Request(name, cells, harness, ((),), modules=(), seconds=5))


def look(jail: str, paths: list[Path], hidden: tuple[Path, ...] = (), **more: object) -> dict:
    """Return what an answer sees that is asked as the grader asks."""
    values = {
        "PACKAGE": repr(str(PACKAGE)),
        "PATHS": repr([str(path) for path in paths]),
        "FILLED": repr(["/tmp", "/dev/shm"] if jail == "bwrap" else []),
    }
    text = "\n".join(f"{name} = {value}" for name, value in values.items()) + PROBE
    with Child(jail, hidden=hidden, **more) as child:
        answer = ask(child, text)
    assert answer.ended == "well"
    assert "mishap" not in answer.replies[0], answer.replies[0]
    return json.loads(answer.replies[0]["value"])


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Return paths that no answer may see, which exist and hold something."""
    folder = tmp_path_factory.mktemp("class")
    for name in ("gradebook.db", "submitted/zoe/relu.ipynb", "grades/results.jsonl"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("something")
    inside = PACKAGE / "ledger"  # is shown, unless it is to be hidden
    secret = [folder / "gradebook.db", folder / "submitted", folder / "grades", inside]
    course = [COURSE / name for name in ("solutions", "exercises", "tests", ".git")]
    lessons = [path for path in (PACKAGE / "lessons").iterdir() if path.name != "__pycache__"]
    assert len(lessons) > 6
    homes = [Path("/home"), Path.home() / ".bashrc", Path.home() / ".ssh", Path("/etc/passwd")]
    return [*secret, *course, *lessons, PACKAGE / "checks" / "registry.py", *homes], (inside,)


def with_a_fresh_fork_server(jail: str) -> str:
    launcher._server(jails.interpreter(jail)).close()
    return jail


@pytest.fixture(scope="module")
def inside(python, places):
    jail = with_a_fresh_fork_server(works("bwrap"))
    os.environ["RELUKIT_TEST_SECRET"] = "secret"
    with open(__file__) as opened, socket.create_server(("127.0.0.1", 0)):
        os.set_inheritable(opened.fileno(), True)
        try:
            return look(jail, *places)
        finally:
            del os.environ["RELUKIT_TEST_SECRET"]


@pytest.fixture(scope="module")
def outside(python, places):
    return look(with_a_fresh_fork_server(works("none")), *places)


@pytest.mark.parametrize("view", ["inside", "outside"])
def test_an_answer_has_no_rights(view, request):
    seen = request.getfixturevalue(view)
    assert 0 not in seen["uid"]
    assert set(seen["capabilities"]) == {"0"}
    assert seen["no new privileges"] == "1"
    assert seen["root again"] == "PermissionError"
    if os.geteuid() == 0:
        assert seen["groups"] == []
    if os.geteuid() == 0 or view == "inside":
        assert set(seen["bound"]) == {"0"}


@pytest.mark.parametrize("view", ["inside", "outside"])
def test_the_memory_that_answers_inherit_holds_no_answers(view, request):
    """The fork server may read the whole course: what it has imported is what answers could see."""
    modules = request.getfixturevalue(view)["modules"]
    inside = ("cell", "exchange", "inside", "line", "notebook", "replies", "wire")
    jail = {"relukit.grading.jail"} | {f"relukit.grading.jail.{name}" for name in inside}
    assert set(modules) == {
        *("relukit", "relukit.grading", "relukit.grading.jail.syscalls", "relukit.processors"),
        *(VISIBLE_CHECKS | jail),
    }
    assert not request.getfixturevalue(view)["torch"]


@pytest.mark.parametrize("view", ["inside", "outside"])
def test_an_answer_sees_neither_secrets_nor_open_files(view, request):
    seen = request.getfixturevalue(view)
    added = {"LC_CTYPE", "PWD", "LD_LIBRARY_PATH", "OLDPWD", "SHLVL", "_"}
    assert set(seen["environment"]) - added == set(jails.environment())
    standard, pipe = seen["descriptors"][:3], seen["descriptors"][3:]
    assert standard == ["/dev/null"] * 3
    assert [entry.split(":")[0] for entry in pipe] == ["pipe"]  # for what it replies


@pytest.mark.parametrize("view", ["inside", "outside"])
def test_an_answer_has_no_socket_and_no_namespace_of_its_own(view, request):
    seen = request.getfixturevalue(view)
    if not seen["filtered"]:
        pytest.skip("this machine has no filter for system calls")
    assert seen["socket"] == "PermissionError"
    assert seen["namespace"] == -1


def test_the_jail_hides_answers_submissions_gradebook_and_homes(inside):
    assert inside["visible"] == []


def test_the_jail_shows_of_checks_and_grading_what_it_needs(inside):
    assert inside["checks"] == sorted(jails.VISIBLE["checks"])
    assert inside["grading"] == sorted(jails.VISIBLE["grading"])


def test_the_jail_has_processes_and_network_of_its_own(inside):
    assert len(inside["pids"]) == 3  # the one that keeps the jail open, and our two
    assert os.getpid() not in inside["pids"] or max(inside["pids"]) < 10
    assert set(inside["interfaces"]) == {"all", "default", "lo"}
    ours = {kind: os.readlink(f"/proc/self/ns/{kind}") for kind in inside["namespaces"]}
    shared = {kind for kind, name in inside["namespaces"].items() if name == ours[kind]}
    assert shared == ({"user"} if os.geteuid() == 0 else set())


def test_in_the_jail_only_two_small_folders_can_be_written(inside):
    assert inside["writable"] == ["/tmp", "/dev/shm"]
    assert all(2**23 < size <= 16 * 2**20 for size in inside["filled"].values())
    assert Path(inside["cwd"]).parent == Path("/tmp")


def test_the_command_hides_what_lies_in_a_shown_folder_and_nothing_else(tmp_path):
    hidden = (PACKAGE / "ledger", PACKAGE / "errors.py", tmp_path, PACKAGE / "no_such_file")
    words = jails.command(["program", "--", "option"], hidden=hidden)
    places = [words[i - 1 : i + 1] for i, word in enumerate(words) if word == str(hidden[0])]
    assert places == [["--tmpfs", str(hidden[0])], ["--remount-ro", str(hidden[0])]]
    assert words[words.index(str(hidden[1])) - 1] == os.devnull
    assert str(tmp_path) not in words
    assert str(hidden[3]) not in words
    assert words[-4:] == ["--", "program", "--", "option"]
    for option in ("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"):
        assert option in words
    assert words.index("--cap-drop") < words.index("--")


def test_who_is_not_root_gets_a_user_namespace_without_further_ones(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert {"--unshare-user", "--disable-userns"} <= set(jails.command(["program"]))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--unshare-user" not in jails.command(["program"])


@pytest.fixture(params=JAILS)
def jail(request, python):
    return works(request.param)


def test_what_is_shared_is_imported_before_the_first_answer(jail):
    source = "import sys\ndef probe():\n    return [n in sys.modules for n in {names!r}]"
    names = forkserver.SHARED["torch"]
    source = source.format(names=names)
    for libraries, modules in forkserver.SHARED.items():
        with Child(jail, libraries=libraries) as child:
            there = ask(child, source).replies[0]["value"]
        assert [name for name, is_there in zip(names, there, strict=True) if is_there] == [
            name for name in names if name in modules
        ]


def test_a_server_with_torch_holds_no_answers_either(jail):
    source = (
        "import sys\ndef probe():\n"
        "    return ' '.join(n for n in sys.modules if n.startswith('relukit.checks'))"
    )
    with Child(jail, libraries="torch") as child:
        found = ask(child, source).replies[0]["value"].split()
    assert set(found) == VISIBLE_CHECKS


def test_each_student_has_processes_of_his_own(jail):
    source = "import os\ndef probe():\n    return [os.getppid(), os.readlink('/proc/self/ns/pid')]"
    with Child(jail) as one, Child(jail) as other:
        found = [ask(child, source).replies[0]["value"] for child in (one, other, one)]
    assert found[0] == found[2]
    assert found[0] != found[1]


def test_a_fork_server_that_is_gone_is_started_again(jail):
    with Child(jail) as child:
        ask(child, "probe = len")
    server = launcher._server(jails.interpreter(jail))
    server._process.kill()
    server._process.wait()
    with Child(jail) as child:
        assert ask(child, "def probe(): return 7").replies[0]["value"] == 7


def test_processes_that_grade_share_a_server_and_do_without_it_where_it_dies(python):
    works("bwrap")
    name = jails.interpreter("bwrap")
    launcher._server(name).close()
    line = launcher.share("bwrap")
    other = launcher._ForkServer(name)
    other.control = line.dup()  # as another process has it
    server = launcher._server(name)._process
    parents = []
    for _ in range(2):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            other.ask(
                {"jail": 0, "user": processes.free_user(), "home": "/", "libraries": "numpy"},
                theirs,
            )
            theirs.close()
            parents.append(psutil.Process(launcher._ready(ours)).ppid())
        if server.poll() is None:
            assert parents == [server.pid]
            server.kill()
            server.wait()
    assert parents[1] == other._process.pid
    other.close()


def test_without_a_jail_the_server_is_not_shared():
    assert launcher.share("none", libraries="torch") is None


def test_the_server_with_torch_is_started_when_it_is_announced_and_again_where_it_died(jail):
    server = launcher._server(jails.interpreter(jail))
    server.close()
    server.share("torch")
    first = psutil.Process(server._process.pid)
    end = time.monotonic() + 20
    while not first.children() and time.monotonic() < end:
        time.sleep(0.05)
    assert len(first.children()) == 1
    source = "def probe(): return 'torch' in __import__('sys').modules"
    for _ in range(2):
        with Child(jail, libraries="torch") as child:
            assert ask(child, source).replies[0]["value"] is True
        with_torch = first.children()
        for process in with_torch:
            process.kill()
        psutil.wait_procs(with_torch, timeout=5)


def test_nothing_is_left_when_a_child_is_closed(jail):
    source = (
        "import os, time\ndef probe():\n    if os.fork() == 0:\n"
        "        os.setsid()\n        time.sleep(99)\n    return 7"
    )
    before = set(psutil.Process().children(recursive=True))
    with Child(jail) as child:
        assert ask(child, source).replies[0]["value"] == 7
        between = set(psutil.Process().children(recursive=True)) - before
        assert len(between) >= 1
    server = psutil.Process(launcher._server(jails.interpreter(jail))._process.pid)
    left = [process for process in between - {server} if process.is_running()]
    _, alive = psutil.wait_procs(left, timeout=5)
    assert not alive


def test_a_process_that_cannot_enter_its_jail_says_why(python, monkeypatch):
    works("bwrap")

    class Elsewhere(psutil.Process):
        def children(self, recursive=False):
            return [psutil.Process(1)] if os.geteuid() else [SimpleNamespace(pid=2**22 + 1)]

    monkeypatch.setattr(launcher.psutil, "Process", Elsewhere)
    with pytest.raises(launcher.JailBroken, match="Error"):
        launcher.start("bwrap")


def test_a_missing_bubblewrap_is_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    for wanted in ("auto", "bwrap"):
        with pytest.raises(UnavailableError, match=r"apt install bubblewrap.*--jail none"):
            choose(wanted)


def failing(monkeypatch, said: str) -> None:
    done = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: done)


def test_a_forbidden_bubblewrap_is_an_error_that_says_why(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/bwrap")
    failing(monkeypatch, "bwrap: No permissions to create new namespace\n")
    with pytest.raises(UnavailableError, match=r"No permissions.*allow user namespaces"):
        choose("auto")


def test_a_python_that_nobody_else_can_read_is_an_error_that_says_so(monkeypatch):
    failing(monkeypatch, "")
    with pytest.raises(UnavailableError, match=r"no message for .*outside of root's home"):
        choose("none")


def test_other_systems_and_unknown_choices_are_refused(monkeypatch):
    with pytest.raises(InvalidValueError, match="bwrap"):
        choose("bwarp")
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UnavailableError, match="grade on Linux"):
        choose("none")


def test_on_windows_the_refusal_comes_and_no_import_error(tmp_path):
    """Modules and ways to start a process that only Unix has are for the jail's processes."""
    code = (
        "import sys, psutil, subprocess\n"
        "from multiprocessing import context\n"
        "context._concrete_contexts = {'spawn': context.SpawnContext()}\n"
        "for name in ('resource', 'pwd', 'grp', 'fcntl'): sys.modules[name] = None\n"
        "from relukit.grading.run import grade\n"
        "sys.platform = 'win32'\n"
        f"try: grade('.', {str(tmp_path)!r})\nexcept Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "grade on Linux" in done.stdout


def test_each_jail_gets_a_user_without_processes():
    users = {processes.free_user() for _ in range(5)}
    assert len(users) > 1
    assert all(processes.threads_of(user) == 0 for user in users)


def test_the_limit_on_processes_counts_those_that_are_there(monkeypatch):
    assert processes.threads_of(os.getuid()) >= 1
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(jails, "threads_of", lambda user: 100)
    assert jails.processes(counted=True) == 164
    assert jails.processes(counted=False) == 116
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert jails.processes(counted=True) == 64


def test_a_file_that_others_put_where_torch_makes_a_folder_stops_nobody(tmp_path, monkeypatch):
    """Everybody on a machine knows its name in /tmp; here the fork server has another /tmp."""
    name = f"torchinductor_{getpass.getuser()}"
    for path in (tmp_path / name, tmp_path / "torchinductor_root"):
        path.touch()
    known = jails.environment() | {"TMPDIR": str(tmp_path)}
    monkeypatch.setattr(jails, "environment", lambda: known)
    jail = with_a_fresh_fork_server(works("bwrap"))
    request = Request(
        "f",
        (("f", "import os\ndef f(): return sorted(n for n in os.environ if 'CACHE' in n)"),),
        "relukit.checks.call:as_function",
        ((),),
        ("torch",),
        5,
    )
    try:
        with Child(jail, libraries="torch") as child:
            assert child.ask(request).replies[0]["value"] == []
    finally:
        with_a_fresh_fork_server(jail)


def test_a_folders_rights_and_times_tell_the_next_answer_nothing(tmp_path):
    tmp_path.chmod(0o700)
    os.utime(tmp_path, (4711, 4711))
    _tidy(str(tmp_path))
    found = tmp_path.stat()
    assert (found.st_mode & 0o7777, found.st_atime, found.st_mtime) == (0o1777, 0, 0)
