"""How many processors count, and that there are no more threads than that."""

import os
import subprocess
import sys

import joblib
import pytest

from relukit import processors

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@pytest.fixture
def groups(monkeypatch, tmp_path):
    """Return a folder that stands for the machine's cgroups, of a process with 8 processors."""
    monkeypatch.setattr(processors, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(processors, "MINE", tmp_path / "mine")
    monkeypatch.setattr(processors, "_affinity", lambda: 8)
    (tmp_path / "cgroup" / "cpu").mkdir(parents=True)
    return tmp_path / "cgroup"


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process that knows nothing of threads but what is given."""
    clean = {name: value for name, value in os.environ.items() if name not in THREADS}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
    )


def test_this_process_has_as_many_as_another_library_counts():
    assert processors.usable() == joblib.cpu_count()


def test_a_process_that_is_bound_to_one_processor_has_one():
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from relukit import processors; import torch\n"
        "print(processors.usable(), torch.get_num_threads())"
    )
    assert python(code).stdout.split() == ["1", "1"]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("max 100000", 8),
        ("200000 100000", 2),
        ("150000 100000", 2),  # a part of one is better used than left
        ("20000 100000", 1),
        ("3200000 100000", 8),  # no more than there are
        ("", 8),
        ("nonsense", 8),
    ],
)
def test_a_container_of_version_2_may_give_a_share(groups, limit, expected):
    (groups / "cpu.max").write_text(limit)
    assert processors.usable() == expected


@pytest.mark.parametrize(("quota", "expected"), [(-1, 8), (300000, 3), (50000, 1)])
def test_a_container_of_version_1_may_give_a_share(groups, quota, expected):
    (groups / "cpu" / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (groups / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert processors.usable() == expected


@pytest.mark.parametrize("at", ["user.slice/jupyter-ada.service", "user.slice"])
def test_a_hubs_limit_on_one_user_counts_wherever_it_stands(groups, at):
    processors.MINE.write_text("1:name=systemd:/x\n0::/user.slice/jupyter-ada.service\n")
    (groups / at).mkdir(parents=True)
    (groups / at / "cpu.max").write_text("100000 100000\n")
    assert processors.usable() == 1


def test_of_controllers_only_that_of_the_processor_counts(groups):
    processors.MINE.write_text("4:memory:/ada\n3:cpu,cpuacct:/bob\n")
    for name in ("ada", "bob"):
        (groups / "cpu" / name).mkdir()
        (groups / "cpu" / name / "cpu.cfs_period_us").write_text("100000")
    (groups / "cpu" / "ada" / "cpu.cfs_quota_us").write_text("100000")
    (groups / "cpu" / "bob" / "cpu.cfs_quota_us").write_text("500000")
    assert processors.usable() == 5


def test_what_the_user_has_set_stays(groups, monkeypatch):
    (groups / "cpu.max").write_text("300000 100000")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    processors.settle()
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert processors.one_thread(os.environ)["OMP_NUM_THREADS"] == "7"


def test_a_share_limits_the_threads_of_a_torch_that_was_there_before(groups, monkeypatch):
    import torch

    before = torch.get_num_threads()
    for name in THREADS:
        monkeypatch.delenv(name, raising=False)
    (groups / "cpu.max").write_text("300000 100000")
    try:
        processors.settle()
        assert torch.get_num_threads() == 3
        assert os.environ["OMP_NUM_THREADS"] == "3"
    finally:
        torch.set_num_threads(before)
        os.environ.pop("OMP_NUM_THREADS")


def test_without_a_share_the_number_of_threads_is_left_to_openmp(groups, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    processors.settle()
    assert "OMP_NUM_THREADS" not in os.environ
