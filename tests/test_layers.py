"""The layer list of CONTRIBUTING.md holds: an import never goes up or sideways."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "relukit"
LAYERS = {
    "errors": 0,
    "company": 0,
    "quantities": 0,
    "processors": 0,
    "files": 0,
    "streams": 0,
    "waiting": 0,
    "handout": 1,
    "syllabus": 1,
    "panel": 1,
    "record": 1,
    "notebooks": 1,
    "activations": 1,
    "datasets": 1,
    "statistics": 1,
    "gaussian": 2,
    "initialization": 2,
    "networks": 3,
    "diagnostics": 4,
    "training": 5,
    "ledger": 6,
    "figures": 6,
    "checks": 7,
    "explorers": 7,
    "lessons": 8,
    "grading": 9,
    "room": 9,
    "doctor": 10,
    "__main__": 11,
}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def unit(path: Path) -> str:
    """Return the name in the layer list that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Return the names in the layer list that a file imports anywhere, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively; write relukit.<module>"
            names |= {f"{node.module}.{a.name}" for a in node.names} | {str(node.module)}
    return {n.split(".")[1] for n in names if n.startswith("relukit.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_go_down(path):
    here = unit(path)
    assert here in LAYERS, (
        f"{here} is not in the layer list: enter it in CONTRIBUTING.md and here first"
    )
    for name in imported(path) - {here}:
        assert name in LAYERS, f"{path.name} imports relukit.{name}, which is in no layer"
        assert LAYERS[name] < LAYERS[here] or name == "errors", (
            f"{here} (layer {LAYERS[here]}) imports {name} (layer {LAYERS[name]})"
        )


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_grows_past_350_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 350


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import relukit", {"torch", "matplotlib", "numpy", "hypothesis", "ipywidgets"}),
        ("import relukit.figures", {"matplotlib.pyplot", "ipywidgets"}),
        ("import relukit.errors", {"torch", "numpy"}),
        ("import relukit.ledger", {"torch"}),
        ("from relukit import predict, progress", {"torch"}),
        ("import relukit.room", {"torch", "matplotlib", "starlette", "uvicorn", "jinja2", "segno"}),
    ],
)
def test_importing_loads_only_what_it_needs(statement, absent):
    code = f"import sys; {statement}; print(sorted({absent!r} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_public_names_are_sorted_and_all_load():
    import relukit

    names = list(relukit.__all__)
    assert names == sorted(names)
    for name in names:
        assert getattr(relukit, name) is not None


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_lesson_imports_nothing_from_another(path):
    parts = path.relative_to(PACKAGE).parts
    own = parts[1] if parts[0] == "lessons" else None
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = {node.module or "" for node in tree if isinstance(node, ast.ImportFrom)}
    lessons = {name.split(".")[2] for name in names if name.startswith("relukit.lessons.")}
    assert lessons <= {own}
