"""tests/ mirrors the package: a test stands where what it tests stands, and imports no other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
# beside the mirror: what is said of the course as a whole, the tools of authors, and what tests use
OTHERS = {"course", "tools", "material"}


def test_every_folder_of_tests_has_the_name_and_the_place_of_one_of_the_package():
    for path in TESTS:
        folder = path.relative_to(ROOT / "tests").parent
        if not OTHERS & set(folder.parts[:1]):
            assert (ROOT / "relukit" / folder).is_dir(), f"{path.name} in tests/{folder}"


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
