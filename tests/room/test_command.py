"""The command says where the room is and who can open it, and what is amiss in one line."""

import re
import subprocess
import sys

import pytest
from lab import free_port
from served_room import ServedRoom

from relukit.errors import RelukitError
from relukit.room import serving
from relukit.room.command import lesson_named

pytestmark = pytest.mark.slow


def relukit(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "relukit", "room", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "0.0.0.0"], "add --open-to-network"),
        (["--lesson", "12"], "Expected the name of a known lesson with questions, got '12'"),
        (["--database", "/dev/null/room"], "name another file with --database"),
        (["--open-to-network", "--host", "192.0.2.7"], "an address of this computer, 192.0.2.7"),
    ],
)
def test_what_is_amiss_is_said_in_one_line(words, said, tmp_path):
    named = [] if "--database" in words else ["--database", str(tmp_path / "room.sqlite")]
    run = relukit(*words, *named)
    assert run.returncode == 2
    assert said in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_without_its_packages_it_says_how_to_get_them():
    for name in ("segno", "starlette", "uvicorn"):
        code = f"""
import sys
sys.modules[{name!r}] = None
sys.argv = ["relukit", "room"]
from relukit.__main__ import app
app()
"""
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.returncode == 2
        assert 'pip install "relukit[room]"' in run.stderr
        assert "Traceback" not in run.stderr


def test_a_room_that_is_open_to_the_network_says_what_that_means(tmp_path):
    room = ServedRoom(tmp_path)
    room.stop()
    assert "Only this computer can open it" in room.log.read_text()
    room.start("--open-to-network")
    said = room.log.read_text()
    assert "Everybody in this network can open that page" in said
    assert "Nothing is encrypted" in said
    (seen,) = re.findall(r"The room of 04_dying_relu: http://([\d.]+):", said)
    assert room.get("/", Host=f"{seen}:{room.port}").status == 200
    assert room.get("/", Host="evil.example").status == 421
    room.stop()


def test_an_address_of_a_room_can_be_typed():
    assert serving.reached_at("10.0.0.1") == "10.0.0.1"
    assert re.fullmatch(r"[\d.]+", serving.reached_at("0.0.0.0"))
    assert {"127.0.0.1", "localhost", "::1"} == serving.own_names("127.0.0.1")
    assert "0.0.0.0" not in serving.own_names("0.0.0.0")


def test_a_port_is_one_rooms_alone():
    port = free_port()
    first = serving.bound("127.0.0.1", port)
    with pytest.raises(RelukitError, match=f"port {port} to be free"):
        serving.bound("127.0.0.1", port)
    first.close()


@pytest.mark.parametrize("text", ["0", "00_start_here", "Start_here"])
def test_a_lesson_is_named_in_short(text):
    assert lesson_named(text) == "00_start_here"
