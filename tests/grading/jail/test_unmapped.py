"""Memory that no process maps is found where no cgroup counts it."""

import shutil

import pytest

from relukit.grading.jail import cgroups, child, unmapped
from relukit.grading.jail.child import Child
from relukit.grading.jail.exchange import Answer, Request
from relukit.grading.jail.launcher import JailBroken

pytestmark = pytest.mark.slow
MEMINFO = """MemTotal:       24684092 kB
MemFree:        20000000 kB
MemAvailable:   23000000 kB
Buffers:          100000 kB
Cached:          2000000 kB
SwapCached:            0 kB
AnonPages:        500000 kB
Mapped:           300000 kB
Shmem:            700000 kB
KReclaimable:     284092 kB
Slab:             400000 kB
SReclaimable:     284092 kB
SUnreclaim:       115908 kB
HugePages_Total:       0
"""
HARNESS = "relukit.checks.call:as_function"


@pytest.fixture
def jail(monkeypatch):
    if shutil.which("bwrap") is None:
        pytest.skip("no bubblewrap")
    monkeypatch.setattr(cgroups, "available", lambda: ())
    return "bwrap"


def request(source: str, seconds: int = 5) -> Request:
    return Request("f", (("f", source),), HARNESS, ((),), (), seconds)


def test_the_machine_holds_what_is_neither_mapped_nor_a_cache(tmp_path):
    path = tmp_path / "meminfo"
    path.write_text(MEMINFO)
    # 700,000 of it are shared memory, the rest is the kernel's, such as slabs that stay
    assert unmapped.of_machine(path) == 1024 * 2_500_000


def test_files_and_sockets_of_a_jail_count(jail, monkeypatch):
    source = (
        "import os, socket\nkept = []\ndef f():\n"
        "    for n in range(5_000): open(f'/dev/shm/{n}', 'w').close()\n"
        "    kept.extend(socket.socketpair() for _ in range(50))\n"
        "    open('/tmp/large', 'wb').write(bytes(2**22))\n"
        "    return int(input() or 0) if False else None\n"
    )
    with Child(jail) as one:
        before = one.ask(request("def f(): return 1"))
        pid = one._process.first[0].pid
        empty = unmapped.of_jail(pid)
        with monkeypatch.context() as patch:  # where files are left, the jail is closed at once
            patch.setattr(one, "close", lambda: None)
            assert one.ask(request(source)).ended == before.ended == "well"
            grown = unmapped.of_jail(pid) - empty
    assert 2**22 + 5_000 * 1024 <= grown < 2**22 + 5_000 * 1024 + 2**20


# Four processes of 400 MiB: six times the limit, as others on the machine may give some back.
SHARED = (
    "import mmap, os, time\ndef f():\n    kept = []\n"
    "    for _ in range(3):\n        if os.fork() == 0: break\n    for _ in range(25):\n"
    "        m = mmap.mmap(-1, 16 * 2**20)\n"
    "        for i in range(16): m[i * 2**20 : (i + 1) * 2**20] = bytes([1]) * 2**20\n"
    "        m.madvise(mmap.MADV_DONTNEED)\n        kept.append(m)\n"
    "    time.sleep(60)"
)


def test_shared_memory_that_nobody_maps_is_found_without_cgroups(jail, monkeypatch):
    monkeypatch.setattr(child, "TOGETHER", 2**28)
    with Child(jail) as one:
        # where memory comes slowly, 256 MiB may take longer than an answer has
        assert one.ask(request(SHARED, seconds=30)).ended == "too much memory"
        assert one.ask(request("def f(): return 1")).ended == "well"


def test_memory_that_others_take_is_not_held_against_an_answer(jail, monkeypatch):
    looks = []

    def of_machine():  # rises as soon as an answer runs, and falls when it is tried again
        looks.append(1)
        return 2**40 if len(looks) == 2 else 0

    monkeypatch.setattr(unmapped, "of_machine", of_machine)
    monkeypatch.setattr(unmapped, "falls_below", lambda limit: False)
    source = "import time\ndef f():\n    time.sleep(0.5)\n    return 1"
    with Child(jail) as one:
        answer = one.ask(request(source))
    assert isinstance(answer, Answer)
    assert answer.ended == "well"


def test_a_machine_without_memory_is_the_graders_trouble(jail, monkeypatch):
    looks = []

    def of_machine():
        looks.append(1)
        return len(looks) * 2**40

    monkeypatch.setattr(unmapped, "of_machine", of_machine)
    monkeypatch.setattr(unmapped, "falls_below", lambda limit: False)
    with Child(jail) as one, pytest.raises(JailBroken, match="memory"):
        one.ask(request("import time\ndef f(): time.sleep(3)"))
