"""The doctor says for each need whether it is met, in a word, and what to do where it is not."""

import shutil
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import torch

from relukit import doctor, record
from relukit.doctor import examination, files, machine, software, torch_build
from relukit.errors import UnavailableError


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Stand in a course of two files, and return its folder."""
    for name in ("notebooks", "exercises"):
        (tmp_path / name).mkdir()
    (tmp_path / "notebooks" / "00_start_here.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_line_says_a_word_and_a_finding_for_each_part_and_succeeds(capsys):
    from relukit import __main__

    with pytest.raises(SystemExit) as stop:
        __main__.doctor()
    printed = capsys.readouterr().out
    lines = printed.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == list(examination.EXAMINATIONS)
    assert {line.split()[0] for line in lines[:-1]} <= {"ok", "note", "problem"}
    assert "The course runs here" in lines[-1], printed
    assert stop.value.code == 0


def test_a_note_and_a_problem_say_what_to_do_and_ok_does_not():
    assert str(doctor.Finding("disk", "ok", "9 GiB free")) == "ok       disk      9 GiB free"
    with pytest.raises(AssertionError):
        doctor.Finding("disk", "note", "0 GiB free")
    with pytest.raises(AssertionError):
        doctor.Finding("disk", "ok", "9 GiB free", "rejoice")


def test_an_examination_that_breaks_is_a_problem_and_the_others_go_on(monkeypatch):
    def broken():
        raise OSError("libtorch.so: cannot open shared object file")

    def lacking():
        raise UnavailableError("a kernel", "none", "make one")

    monkeypatch.setattr(
        examination, "EXAMINATIONS", {"device": broken, "kernel": lacking, "disk": machine.disk}
    )
    findings = doctor.examine()
    assert [f.state for f in findings] == ["problem", "problem", "ok"]
    assert "libtorch.so" in str(findings[0])
    assert findings[1].said == "a kernel expected, none found"
    assert doctor.summary(findings) == "The course does not run here: 1 ok, 0 notes, 2 problems."


def test_a_problem_gives_exit_status_1(monkeypatch, capsys):
    from relukit import __main__

    monkeypatch.setattr(examination, "EXAMINATIONS", {"disk": lambda: 1 / 0})
    with pytest.raises(SystemExit) as stop:
        __main__.doctor()
    assert stop.value.code == 1
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_an_old_python_is_a_problem(monkeypatch):
    assert software.python().state == "ok"
    monkeypatch.setattr(software.platform, "python_version", lambda: "3.10.13")
    assert software.python().state == "problem"
    assert ">=3.11" in software.python().said


def test_a_missing_package_and_one_out_of_bounds_are_named(monkeypatch):
    required = ["numpy>=2.0", "torch>=99", "no-such-package>=1", 'mpmath>=1; extra == "dev"']
    monkeypatch.setattr(metadata, "requires", lambda name: required)
    found = software.packages()
    assert found.state == "problem"
    assert "missing: no-such-package" in found.said
    assert f"torch {metadata.version('torch')} (not >=99)" in found.said
    assert "mpmath" not in found.said
    monkeypatch.setattr(metadata, "requires", lambda name: required[:1])
    assert software.packages().said == "all 1 that the course needs"


def test_other_versions_than_the_pinned_ones_are_a_note(course):
    assert "not compared" in software.versions().said
    own = metadata.version("torch").split("+")[0]
    pins = course / "constraints.txt"
    pins.write_text(f"# pinned\ntorch=={own}\nno-such-package==1.0\n")
    assert software.versions().said == "all 1 are those of constraints.txt"
    pins.write_text(f"torch=={own}\nnumpy==0.1\n")
    found = software.versions()
    assert found.state == "note"
    assert f"1 of 2 differ from constraints.txt: numpy {metadata.version('numpy')} (0.1)" in str(
        found
    )


@pytest.mark.parametrize(
    ("program", "state"),
    [
        ("python", "ok"),
        (sys.executable, "ok"),
        ("/opt/other/bin/python", "problem"),
    ],
)
def test_a_kernel_of_another_python_is_a_problem(monkeypatch, program, state):
    from jupyter_client.kernelspec import KernelSpecManager

    spec = SimpleNamespace(argv=[program, "-m", "ipykernel_launcher"], resource_dir="/kernels/old")
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda self, name: spec)
    found = software.kernel()
    assert found.state == state
    assert ("/kernels/old" in found.do) == (state == "problem")


def test_a_build_of_torch_for_a_card_that_is_not_there_is_a_note_with_what_it_takes(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "hip", None)
    monkeypatch.setattr(torch.version, "cuda", None)
    found = torch_build.torch_build()
    assert found.state == "ok"
    assert "built for CPUs" in found.said
    size = sum(f.stat().st_size for f in Path(torch.__file__).parent.rglob("*.so*"))
    assert torch_build.taken() > size
    files = [SimpleNamespace(size=10**9), SimpleNamespace(size=None)]
    parts = [SimpleNamespace(name=n, files=files) for n in ("torch", "nvidia-nccl", "triton", "x")]
    monkeypatch.setattr(torch_build.metadata, "distributions", lambda: parts)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    found = torch_build.torch_build()
    assert found.state == "note"
    assert "built for CUDA 13.0, 3.0 GB on the disk" in found.said
    assert "docs/how_to_run.md" in found.do
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert torch_build.torch_build().state == "ok"


def test_without_jupyterlab_there_is_a_note(monkeypatch):
    assert software.lab().state == "ok"
    monkeypatch.setattr(software, "has_lab", lambda: False)
    assert "another Jupyter" in software.lab().do


def test_the_device_is_named_and_multiplies(monkeypatch):
    assert machine.device().state == "ok"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert machine.device().said.startswith("CPU, a product")


def test_threads_are_named_with_the_processors(monkeypatch):
    monkeypatch.setattr(machine, "usable", lambda: 4)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 4)
    assert machine.threads().state == "ok"
    assert machine.threads().said == "4 on 4 processors"
    monkeypatch.setattr(machine, "usable", lambda: 1)
    assert machine.threads().said == "4 on 1 processor"
    assert "set it to 1" in machine.threads().do


def test_a_card_that_is_there_and_does_not_work_is_a_problem(monkeypatch):
    def broken():
        raise RuntimeError("CUDA error: out of memory\nCompile with TORCH_USE_CUDA_DSA")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", broken)
    found = machine.device()
    assert found.state == "problem"
    assert found.said.endswith("CUDA error: out of memory")
    assert "CUDA_VISIBLE_DEVICES" in found.do


def test_a_containers_limit_counts_as_the_memory(monkeypatch, tmp_path):
    available = SimpleNamespace(available=8 * 2**30)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: available)
    monkeypatch.setattr(machine, "CGROUP", tmp_path)
    assert machine.memory().said == "8.0 GiB free"  # no cgroup
    (tmp_path / "memory.current").write_text(f"{3 * 2**29}\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.memory().said == "8.0 GiB free"
    (tmp_path / "memory.max").write_text(f"{2**31}\n")
    assert machine.memory().state == "note"
    assert "0.5 GiB free" in machine.memory().said
    (tmp_path / "memory.max").write_text(f"{2**30}\n")
    assert machine.free_memory() == 0


def test_a_full_disk_is_a_note(monkeypatch):
    assert machine.disk().state == "ok"
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2**20))
    assert machine.disk().state == "note"


def test_the_course_is_found_or_missed_or_found_not_to_be_writable(course, monkeypatch):
    assert files.course().said == f"1 lessons in {course}"
    monkeypatch.setattr(files.os, "access", lambda path, mode: False)
    assert files.course().state == "note"
    monkeypatch.setattr(files, "course_folder", lambda: None)
    assert files.course().state == "note"
    assert machine.disk().said.endswith(str(course))


def test_a_progress_file_that_cannot_be_written_or_is_damaged_is_a_note(tmp_path, monkeypatch):
    assert files.progress().said == f"{record.path()}, 0 tasks passed"
    record.update(lambda state: state.with_attempt("relu", "passed"))
    assert files.progress().said.endswith("1 tasks passed")
    record.path().write_text("{")
    assert "damaged" in files.progress().said
    (tmp_path / "file").touch()
    monkeypatch.setenv("RELUKIT_PROGRESS", str(tmp_path / "file" / "progress.json"))
    found = files.progress()
    assert found.state == "note"
    assert "RELUKIT_PROGRESS" in found.do


def test_kept_measurements_are_counted_and_their_folder_is_named(tmp_path):
    assert "no measurement is kept yet" in files.kept().said
    folder = tmp_path / "progress-kept"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.json").write_text(" " * 1024)
    assert files.kept().said.startswith(f"2 measurements, 2 KiB, in {folder}; delete the folder")


def test_larger_data_are_found_in_the_cache_that_the_loader_fills(tmp_path, monkeypatch):
    import platformdirs
    from sklearn.datasets import _openml

    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / name)
    assert "mnist() is not downloaded" in files.larger_data().said
    kept = _openml._get_local_path("data/v1/download/52667/mnist_784.arff", tmp_path / "relukit")
    path = tmp_path / kept
    path.parent.mkdir(parents=True)
    path.touch()
    assert "mnist() is here, fashion_mnist() is not downloaded" in files.larger_data().said


def test_without_a_jail_there_is_a_note_for_instructors(monkeypatch):
    from relukit.grading.jail import choice as jail

    monkeypatch.setattr(jail, "choose", lambda: "bwrap")
    assert machine.jail().state == "ok"
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "darwin")
    found = machine.jail()
    assert found.state == "note"
    assert "only for instructors" in found.said
