"""Continuous integration runs, on every platform, what `make` runs here."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
JOBS = yaml.safe_load(TEXT)["jobs"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def commands(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


def test_three_systems_are_tested():
    systems = {job["runs-on"] for job in JOBS.values()}
    assert systems == {"ubuntu-latest", "macos-latest", "windows-latest"}
    assert all(job["timeout-minutes"] <= 60 for job in JOBS.values())


def test_every_python_from_the_oldest_allowed_on_is_tested():
    versions = JOBS["linux"]["strategy"]["matrix"]["python"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={versions[0]}"' in project
    assert versions == [f"3.{minor}" for minor in range(11, 11 + len(versions))]


def test_the_make_targets_exist_and_are_the_same_on_linux_and_macos():
    targets = {
        job: [c for c in commands(job) if c.startswith("make ")] for job in ("linux", "macos")
    }
    assert targets["linux"] == targets["macos"] == ["make test", "make lint"]
    for command in targets["linux"]:
        assert re.search(rf"^{command.split()[1]}:", MAKEFILE, flags=re.MULTILINE)


def test_hosted_notebooks_have_a_job_whose_versions_the_package_allows():
    assert commands("hosted") == ["make hosted PYTHON=python"]
    assert JOBS["hosted"]["strategy"]["matrix"]["python"] == ["3.12", "3.13"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / "tools" / "hosted.txt").read_text(encoding="utf-8")
    pins = {
        (canonicalize_name(name), version)
        for name, version in re.findall(r"^([\w-]+)==([^\s;]+)", text, flags=re.MULTILINE)
    }
    required = {canonicalize_name(r.name): r for r in map(Requirement, project["dependencies"])}
    both = {(name, version) for name, version in pins if name in required}
    assert {name for name, _ in both} >= {
        "numpy", "matplotlib", "ipywidgets", "ipykernel", "scikit-learn"
    }  # fmt: skip
    for name, version in both:
        assert required[name].specifier.contains(version), name
    assert not {name for name in required if name.startswith("jupyterlab")}


def test_the_commands_for_windows_are_the_twins_of_make():
    windows = " ".join(commands("windows")).replace(".venv\\Scripts\\", "$(BIN)/")
    options = re.search(r"^NBVAL = \$\(BIN\)/(.*)$", MAKEFILE, flags=re.MULTILINE)[1]
    assert f"$(BIN)/{options} notebooks exercises solutions" in windows
    lint = MAKEFILE.split("\nlint:")[1].split("\n\n")[0]
    for command in re.findall(r"\$\(BIN\)/(ruff .*)", lint):
        assert f"$(BIN)/{command}" in windows
    assert "-c constraints.txt -e .[lab,instructor,dev,room,site]" in windows
