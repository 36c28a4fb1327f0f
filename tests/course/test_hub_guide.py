"""docs/jupyterhub.md says what `make hub` does, and names what is there."""

import re
import subprocess
from pathlib import Path

import pytest

from relukit.syllabus import LESSONS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "jupyterhub.md").read_text(encoding="utf-8")
RESULTS = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```python\n# (\w.*?)\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE))


def commands(heading: str) -> list[str]:
    """Return the lines of the first block of commands below a heading."""
    below = GUIDE.split(f"\n## {heading}\n", 1)[1]
    (block,) = re.findall(r"^```\n(.*?)^```", below, re.DOTALL | re.MULTILINE)[:1]
    return block.splitlines()


def test_make_hub_installs_what_the_guide_says():
    make = ["make", "--dry-run", "--always-make", "hub", "PYTHON=python3", "HUB=/opt/relukit"]
    said = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for line in commands("Install"):
        assert line.replace("-m venv ", "-m venv --clear ") in said, line


def test_nothing_of_a_hub_is_in_a_learners_environment():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "jupyterhub" not in text.split("[project.urls]")[0].lower()
    assert "\njupyterhub" not in (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", BLOCKS)
def test_a_printed_file_is_python(name):
    compile(BLOCKS[name], name, "exec")


def test_the_names_are_the_courses():
    known = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (course_id,) = re.findall(r'course_id = "(\w+)"', known)
    assert f'course_id = "{course_id}"' in BLOCKS["nbgrader_config.py"]
    (opened,) = re.findall(r"urlpath=lab/tree/relukit/(\S+)", GUIDE)
    assert (ROOT / opened).is_file()
    assert set(re.findall(r"nbgrader \w+ (\d\w+)", GUIDE)) <= set(LESSONS)


def test_the_sizes_are_those_that_were_measured():
    (table,) = re.findall(r"<!-- hub: size -->\n+(.*?)\n+<!-- hub: end -->", GUIDE, re.DOTALL)
    measured = [line for line in table.splitlines() if line.startswith("|")]
    below = RESULTS.split("\n## A JupyterHub\n", 1)[1].split("\n## ", 1)[0]
    assert len(measured) > 10
    assert [line for line in below.splitlines() if line.startswith("|")] == measured
