"""What a program sees and may do inside the jail, and what becomes of a grader without one."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from attacks.interpreter import readable_python, remove_copy

from relukit.errors import InvalidValueError, UnavailableError
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import processes

COURSE = Path(__file__).parents[1]
PACKAGE = COURSE / "relukit"
JAILS = ("bwrap", "none")
# what a program finds out about itself, as JSON
PROBE = """
import ctypes, json, os, resource, socket
from relukit.grading.jail.syscalls import restrict
def user():
    number = int(USER)
    if os.geteuid() == 0:
        os.setgroups([]); os.setresgid(*[number] * 3); os.setresuid(*[number] * 3)
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
user()
filtered = restrict()
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
    if os.path.isdir(path):
        return bool(os.listdir(path))
    return os.path.isfile(path) and os.path.getsize(path) > 0
def fill(folder):
    size = 0
    path = os.path.join(folder, "filled_by_a_test")
    try:
        with open(path, "wb", buffering=0) as file:
            while size < 2**26:
                size += file.write(bytes(2**20))
    except OSError:
        pass
    os.remove(path)
    return size
folders = ["/", "/dev", "/etc", "/usr", "/usr/lib", "/tmp", "/dev/shm", "/proc", "/root", PACKAGE]
folders += [PACKAGE + "/checks", PACKAGE + "/grading", os.path.dirname(os.__file__)]
seen = {
    "uid": [os.getuid(), os.geteuid(), os.getgid()],
    "groups": os.getgroups(),
    "capabilities": status["CapEff"].strip() + status["CapPrm"].strip() + status["CapAmb"].strip(),
    "no new privileges": status["NoNewPrivs"].strip(),
    "filtered": filtered,
    "root again": fails(lambda: os.setuid(0)),
    "environment": dict(os.environ),
    "pids": [int(n) for n in os.listdir("/proc") if n.isdigit()],
    "descriptors": sorted(int(n) for n in os.listdir("/proc/self/fd")),
    "writable": [folder for folder in folders if writable(folder)],
    "visible": [path for path in PATHS if holds_something(path)],
    "interfaces": os.listdir("/proc/sys/net/ipv4/conf"),
    "socket": fails(socket.socket),
    "namespace": ctypes.CDLL(None).unshare(0x10000000),
    "host name": os.uname().nodename,
    "checks": sorted(os.listdir(PACKAGE + "/checks")),
    "grading": sorted(os.listdir(PACKAGE + "/grading")),
    "filled": {folder: fill(folder) for folder in FILLED},
    "cwd": os.getcwd(),
}
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def python():
    kept, jails.UNJAILED = jails.UNJAILED, readable_python()
    yield
    jails.UNJAILED = kept
    remove_copy()


def works(jail: str) -> str:
    try:
        return jails.choose(jail)
    except UnavailableError as error:
        pytest.skip(str(error))


def look(jail: str, paths: list[Path], hidden: tuple[Path, ...] = ()) -> dict:
    """Return what a program sees that is started as the grader starts its own."""
    user = processes.free_user()
    values = {
        "USER": repr(str(user)),
        "PACKAGE": repr(str(PACKAGE)),
        "PATHS": repr([str(path) for path in paths]),
        "FILLED": repr(["/tmp", "/dev/shm"] if jail == "bwrap" else []),
    }
    text = "\n".join(f"{name} = {value}" for name, value in values.items()) + PROBE
    done = subprocess.run(
        jails.command(jail, ["-c", text], hidden=hidden),
        env=jails.environment(),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        **jails.privileges(jail, user),
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Return paths that no answer may see, which exist and hold something."""
    folder = tmp_path_factory.mktemp("class")
    for name in ("gradebook.db", "submitted/zoe/relu.ipynb", "grades/results.jsonl"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("something")
    inside = PACKAGE / "textbook"  # is shown, unless it is to be hidden
    secret = [folder / "gradebook.db", folder / "submitted", folder / "grades", inside]
    course = [COURSE / name for name in ("solutions", "exercises", "tests", ".git")]
    checks = [path for path in (PACKAGE / "checks").iterdir() if path.is_dir()]
    checks = [path for path in checks if path.name not in ("harnesses", "__pycache__")]
    homes = [Path("/home"), Path.home() / ".bashrc", Path.home() / ".ssh", Path("/etc/passwd")]
    return [*secret, *course, *checks, PACKAGE / "checks" / "registry.py", *homes], (inside,)


@pytest.fixture(scope="module")
def inside(python, places):
    jail = works("bwrap")
    os.environ["RELUKIT_TEST_SECRET"] = "secret"
    with open(__file__) as opened, socket.create_server(("127.0.0.1", 0)):
        os.set_inheritable(opened.fileno(), True)
        try:
            return look(jail, *places)
        finally:
            del os.environ["RELUKIT_TEST_SECRET"]


@pytest.fixture(scope="module")
def outside(python, places):
    return look(works("none"), *places)


@pytest.mark.parametrize("view", ["inside", "outside"])
def test_an_answer_has_no_rights(view, request):
    seen = request.getfixturevalue(view)
    assert 0 not in seen["uid"]
    assert set(seen["capabilities"]) == {"0"}
    assert seen["no new privileges"] == "1"
    assert seen["root again"] == "PermissionError"
    if os.geteuid() == 0:
        assert seen["groups"] == []


@pytest.mark.parametrize("view", ["inside", "outside"])
def test_an_answer_sees_neither_secrets_nor_open_files(view, request):
    seen = request.getfixturevalue(view)
    added = {"LC_CTYPE", "PWD", "LD_LIBRARY_PATH", "OLDPWD", "SHLVL", "_"}
    assert set(seen["environment"]) - added == set(jails.environment())
    assert len(seen["descriptors"]) == 4  # three standard ones, and the listing itself


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
    assert len(inside["pids"]) <= 3
    assert os.getpid() not in inside["pids"] or max(inside["pids"]) < 10
    assert set(inside["interfaces"]) == {"all", "default", "lo"}


def test_in_the_jail_only_two_small_folders_can_be_written(inside):
    assert inside["writable"] == ["/tmp", "/dev/shm"]
    assert all(0 < size <= 16 * 2**20 for size in inside["filled"].values())
    assert inside["cwd"] == "/tmp"


def test_the_command_hides_what_lies_in_a_shown_folder_and_nothing_else(tmp_path):
    hidden = (PACKAGE / "textbook", PACKAGE / "errors.py", tmp_path, PACKAGE / "no_such_file")
    words = jails.command("bwrap", ["-c", "pass"], hidden=hidden)
    places = [words[i - 1 : i + 1] for i, word in enumerate(words) if word == str(hidden[0])]
    assert places == [["--tmpfs", str(hidden[0])], ["--remount-ro", str(hidden[0])]]
    assert words[words.index(str(hidden[1])) - 1] == os.devnull
    assert str(tmp_path) not in words
    assert str(hidden[3]) not in words
    assert words[-5:] == [sys.executable, "-I", "-B", "-c", "pass"]
    for option in ("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"):
        assert option in words
    assert words.index("--cap-drop") < words.index("--")


def test_without_a_jail_python_is_isolated_too():
    assert jails.command("none", ["-m", "x"]) == [jails.UNJAILED, "-I", "-B", "-m", "x"]


def test_who_is_not_root_gets_a_user_namespace_without_further_ones(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    words = jails.command("bwrap", [])
    assert {"--unshare-user", "--disable-userns"} <= set(words)
    assert "--cap-add" not in words
    assert jails.privileges("none", 64_000) == {}


def test_root_starts_answers_as_another_user(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    expected = {"user": 64_123, "group": 64_123, "extra_groups": []}
    assert jails.privileges("none", 64_123) == expected
    assert jails.privileges("bwrap", 64_123) == {}


def test_a_missing_bubblewrap_is_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    for wanted in ("auto", "bwrap"):
        with pytest.raises(UnavailableError, match=r"apt install bubblewrap.*--jail none"):
            jails.choose(wanted)


def failing(monkeypatch, said: str) -> None:
    done = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: done)


def test_a_forbidden_bubblewrap_is_an_error_that_says_why(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/bwrap")
    failing(monkeypatch, "bwrap: No permissions to create new namespace\n")
    with pytest.raises(UnavailableError, match=r"No permissions.*allow user namespaces"):
        jails.choose("auto")


def test_a_python_that_nobody_else_can_read_is_an_error_that_says_so(monkeypatch):
    failing(monkeypatch, "")
    with pytest.raises(UnavailableError, match=r"no message for .*outside of root's home"):
        jails.choose("none")


def test_other_systems_and_unknown_choices_are_refused(monkeypatch):
    with pytest.raises(InvalidValueError, match="bwrap"):
        jails.choose("bwarp")
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UnavailableError, match="grade on Linux"):
        jails.choose("none")


def test_each_jail_gets_a_user_without_processes():
    users = {processes.free_user() for _ in range(5)}
    assert len(users) > 1
    assert all(processes.threads_of(user) == 0 for user in users)


def test_the_limit_on_processes_counts_those_that_are_there(monkeypatch):
    assert processes.threads_of(os.getuid()) >= 1
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(jails, "threads_of", lambda user: 100)
    assert jails.processes() == 164
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert jails.processes() == 64
