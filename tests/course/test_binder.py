"""Binder builds the course from the files at the root, for one CPU, and leaves nothing behind."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
# The buildpacks read the current folder; this prints what the first one that fits would do.
BUILDPACK = """
import json, os
from repo2docker.app import Repo2Docker

app = Repo2Docker()
packs = (kind(app.base_image) for kind in app.buildpacks)
pack = next((pack for pack in packs if pack.detect()), None)
if pack is None:
    print(json.dumps({"buildpack": None}))
    raise SystemExit
pack.platform = "linux/amd64"
print(json.dumps({
    "buildpack": type(pack).__name__,
    "folder": pack.binder_dir,
    "environment": pack.environment_yaml_path,
    "python": pack.python_version,
    "post_build": pack.get_post_build_scripts(),
    "start": pack.get_start_script(),
    "dockerfile": pack.render(),
    "environment first": pack._should_preassemble_env,
}))
"""
posix = pytest.mark.skipif(os.name != "posix", reason="Binder's scripts are for bash")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a folder with the repository's root files and no more."""
    folder = tmp_path_factory.mktemp("course")
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
        elif not path.name.startswith(".") or path.name == ".binder":
            (folder / path.name).mkdir()
    return folder


def plan(folder: Path) -> dict:
    pytest.importorskip("repo2docker", reason="pip install -e '.[dev]'")
    command = [sys.executable, "-c", BUILDPACK]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


@posix
def test_repo2docker_chooses_conda_and_uses_every_file_at_the_root(copy):
    made = plan(copy)
    assert made["buildpack"] == "CondaBuildPack"
    assert (made["folder"], made["environment"]) == ("", "environment.yml")
    assert made["python"] == "3.11"
    assert made["post_build"] == ["postBuild"]
    assert made["start"] == "${REPO_DIR}/start"
    assert "RUN ./postBuild" in made["dockerfile"]
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/start"' in made["dockerfile"]
    assert made["environment first"]  # its layer is kept when only the course changes
    assert not (ROOT / ".dockerignore").exists()


@posix
def test_a_binder_folder_would_hide_the_environment(copy, tmp_path):
    """What the test above would see if somebody added one."""
    shutil.copytree(copy, tmp_path / "course")
    (tmp_path / "course" / "binder").mkdir()
    assert plan(tmp_path / "course")["buildpack"] is None


@posix
def test_the_start_script_gives_every_kernel_one_thread_and_runs_the_command():
    threads = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
    outside = {name: value for name, value in os.environ.items() if name not in threads}
    command = [ROOT / "start", sys.executable, "-c", "import os; print(dict(os.environ))"]
    printed = subprocess.run(command, env=outside, capture_output=True, text=True, check=True)
    for name in threads:
        assert f"'{name}': '1'" in printed.stdout
    command[-1] = "raise SystemExit(3)"
    assert subprocess.run(command, check=False).returncode == 3


@posix
@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_the_scripts_are_executable_and_are_bash(name):
    assert os.access(ROOT / name, os.X_OK)
    assert (ROOT / name).read_text().startswith("#!/bin/bash\n")
    subprocess.run(["bash", "-n", ROOT / name], check=True)


@posix
def test_post_build_stops_at_the_first_failure_and_leaves_no_cache(tmp_path):
    """It runs with stand-ins for python and jupyter, in a home of its own."""
    home, programs = tmp_path / "home", tmp_path / "bin"
    for folder in (programs, home / ".cache" / "pip", home / ".npm", home / ".conda" / "pkgs"):
        folder.mkdir(parents=True)
    script = '#!/bin/bash\necho "$(basename "$0") $*" >> "$HOME/calls"\nexit "${FAIL:-0}"\n'
    for name in ("python", "jupyter"):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    settings = {"HOME": str(home), "PATH": f"{programs}:/usr/bin:/bin"}
    subprocess.run([ROOT / "postBuild"], cwd=tmp_path, env=settings, check=True)
    calls = (home / "calls").read_text().splitlines()
    assert [call.split()[0] for call in calls] == ["python", "jupyter", "python"]
    assert "--no-deps" in calls[0]
    assert "--no-cache-dir" in calls[0]
    left = {str(p.relative_to(home)) for p in home.rglob("*")}
    assert left <= {"calls", ".conda"}
    failed = subprocess.run(
        [ROOT / "postBuild"], cwd=tmp_path, env=settings | {"FAIL": "4"}, check=False
    )
    assert failed.returncode == 4
    assert len((home / "calls").read_text().splitlines()) == len(calls) + 1


def test_torch_is_condas_cpu_build_and_no_pip_package_brings_another():
    text = (ROOT / "environment.yml").read_text()
    assert re.search(r"^  - pytorch-cpu>=", text, flags=re.MULTILINE)
    by_pip = re.findall(r"^      - (\w+)", text, flags=re.MULTILINE)
    assert by_pip == ["mnist1d"]
