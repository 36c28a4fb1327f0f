"""What the README, the environment files and the Makefile say is so."""

import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from relukit.ledger import claims

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REFERENCES = (ROOT / "REFERENCES.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
# The same software under the names that conda-forge gives it.
CONDA_NAMES = {"matplotlib-base": "matplotlib", "pytorch-cpu": "torch"}
CONDA_ONLY = {"python", "pip", "setuptools"}


def requirements(lines) -> dict[str, str]:
    """Return lower bounds by package name."""
    return dict(re.split(r">=|==|=", line.strip(" -"), maxsplit=1) for line in lines)


def test_environment_yml_asks_for_what_pyproject_asks_for():
    text = (ROOT / "environment.yml").read_text()
    lines = re.findall(r"^ +- ([\w-]+(?:>=|=)[\w.]+)$", text, flags=re.MULTILINE)
    found = requirements(lines)
    conda = {CONDA_NAMES.get(k, k): v for k, v in found.items() if k not in CONDA_ONLY}
    extras = PROJECT["optional-dependencies"]
    assert conda == requirements(PROJECT["dependencies"]) | requirements(extras["lab"])
    assert PROJECT["requires-python"] == f">={found['python']}"


def test_no_binder_folder_hides_the_environment():
    assert not (ROOT / "binder").exists()
    assert not (ROOT / ".binder").exists()
    assert (ROOT / "postBuild").stat().st_mode & 0o100
    assert "set -e" in (ROOT / "postBuild").read_text()


def test_every_dependency_is_pinned_within_its_bounds():
    pins = {
        canonicalize_name(name): version
        for name, version in requirements(
            line for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
        ).items()
    }
    extras = [d for group in PROJECT["optional-dependencies"].values() for d in group]
    for name, bound in requirements(PROJECT["dependencies"] + extras).items():
        assert Version(pins[canonicalize_name(name)]) >= Version(bound), name


def test_the_version_stands_in_one_place_only():
    import relukit

    assert "version" in PROJECT["dynamic"]
    assert metadata.version("relukit") == relukit.__version__


def test_make_prints_its_targets_and_nothing_hides():
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"make ([\w-]+)", printed))
    phony = set(
        re.findall(r"^\.PHONY: ([\w-]+)", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    )
    assert targets == phony
    assert {"lab", "test", "test-fast", "lint", "exercises", "bench"} <= targets


def test_the_readme_names_only_what_exists():
    commands = set(re.findall(r"make ([\w-]+)", README))
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert commands <= set(re.findall(r"make ([\w-]+)", printed))
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", ["README.md", "docs/how_to_run.md", "docs/limits.md"])
def test_the_extras_and_commands_that_learners_are_told_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert {*re.findall(r"relukit\[(\w+)\]", text)} <= PROJECT["optional-dependencies"].keys()
    start = [sys.executable, "-m", "relukit", "start", "--help"]
    known = subprocess.run(start, capture_output=True, text=True, check=True).stdout
    for line in re.findall(r"relukit start.*", text):
        assert all(option in known for option in re.findall(r"--[a-z-]+", line.split("`")[0]))


def test_the_readme_begins_with_the_question_a_picture_and_two_commands():
    question, picture, commands = (
        README.index(words) for words in ("Which one wins?", "docs/race_begins.png", "```\npip")
    )
    assert question < picture < commands < README.index("## Lessons")
    block = README[commands:].split("```")[1].strip().splitlines()
    assert block == ["pip install 'relukit[lab]'", "relukit start"]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "REFERENCES.md", "LICENSE"])
def test_documents_are_written(name):
    assert len((ROOT / name).read_text(encoding="utf-8")) > 500


def test_contributing_is_short():
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) < 60


def test_the_references_are_the_keys_that_the_code_and_the_ledger_use():
    texts = [p.read_text(encoding="utf-8") for p in (ROOT / "relukit").rglob("*.py")]
    used = set(re.findall(r"\[([A-Z][A-Za-z]+\d{4}[a-z]?)\]", "\n".join(texts)))
    used |= {key for entry in claims() for key in entry.references}
    listed = re.findall(r"^- \*\*\[(\w+)\]", REFERENCES, flags=re.MULTILINE)
    assert listed == sorted(used)


@pytest.mark.parametrize("repository", ["", "https://github.com/ada/bends"])
def test_what_a_package_index_shows_leads_to_the_repository_where_that_is_known(
    repository, tmp_path, monkeypatch
):
    import setuptools

    for name in ("README.md", "pyproject.toml", "setup.py", "relukit/handout/carried.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    project = re.sub(
        r"^\[project\.urls\]\n(.+\n)*", "", (ROOT / "pyproject.toml").read_text(), flags=re.M
    )
    named = f'\n[project.urls]\nRepository = "{repository}"\n' * bool(repository)
    (tmp_path / "pyproject.toml").write_text(project + named, encoding="utf-8")
    told = {}
    monkeypatch.setattr(setuptools, "setup", lambda **options: told.update(options))
    monkeypatch.chdir(tmp_path)
    runpy.run_path("setup.py")
    shown = told["long_description"]
    targets = re.findall(r'\]\(([^)]+)|<img src="([^"]+)', shown)
    away = [a or b for a, b in targets if not (a or b).startswith(("https://", "#"))]
    assert away == [] if repository else shown == README
    if repository:
        assert f"({repository}/blob/HEAD/docs/how_to_run.md)" in shown
        assert f'src="{repository}/raw/HEAD/docs/race.png"' in shown
