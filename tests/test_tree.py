"""tests/ mirrors the package: a test stands where what it tests stands, and imports no other."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
# beside the mirror: what is said of the course as a whole, the tools of authors, the web site
OTHERS = {"course", "site", "tools"}
TOP = {"test_layers.py", "test_main.py", "test_tree.py"}  # beside the modules of the top


def test_every_test_stands_in_a_folder_that_the_package_has_too():
    for path in TESTS:
        folder = path.relative_to(ROOT / "tests").parent
        if not OTHERS & set(folder.parts[:1]):
            assert (ROOT / "relukit" / folder).is_dir(), f"{path.name} in tests/{folder}"
    for path in set((ROOT / "tests").glob("test_*.py")) - {ROOT / "tests" / name for name in TOP}:
        assert (ROOT / "relukit" / path.name.removeprefix("test_")).is_file(), path.name


def test_the_printed_tree_has_a_line_for_every_folder():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (tree,) = re.findall(r"^```\n(notebooks/.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    told, top = set(), ""
    for indent, name, _ in re.findall(r"^( *)([\w.]+)/ +(\S.*)$", tree, flags=re.MULTILINE):
        top = top if indent else name
        told.add(f"{top}/{name}" if indent else name)
    command = ["git", "ls-files", "-z"]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = [Path(name).parts[:-1] for name in files.split("\0") if name]
    tops = {parts[0] for parts in folders if parts}
    seconds = {"/".join(parts[:2]) for parts in folders if len(parts) > 1}
    for known in ("solutions", "exercises", ".github"):  # a folder a lesson; one workflow
        seconds -= {name for name in seconds if name.startswith(f"{known}/")}
    mirrored = {name for name in seconds if name.replace("tests/", "relukit/", 1) in told}
    assert told == tops | (seconds - {name for name in mirrored if name.startswith("tests/")})


def test_what_is_not_a_test_stands_in_the_folder_for_material():
    stray = {path for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py"}
    stray -= {path for path in stray if "material" in path.relative_to(ROOT).parts} | set(TESTS)
    assert not stray
    assert not [path for path in TESTS if "material" in path.relative_to(ROOT).parts]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT / "tests")))
def test_no_test_file_imports_another(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    parts = {part for name in names for part in name.split(".")}
    assert not parts & {"tests", *(other.stem for other in TESTS)}
