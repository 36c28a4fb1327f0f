"""A lesson's first cell imports what it shows, and none of the large modules that come later."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "notebooks").rglob("*.ipynb"))
SCIPY = ("scipy.integrate", "scipy.optimize", "scipy.stats")
LATER = (
    "hypothesis", "matplotlib.pyplot", "mnist1d", "pandas", *SCIPY, "sklearn", "sympy",
    "torch._dynamo", "torch._inductor", "torchvision",
)  # fmt: skip
# its digits come with scikit-learn, and its network from skip_init, for which torch needs SymPy
NEEDED = {"05_initialization": {*SCIPY, "sklearn", "sympy"}}
RUN = """
import sys
exec(sys.stdin.read())
print("loaded:", *(name for name in sys.argv[1:] if name in sys.modules))
"""


def first_cell(path):
    """Return the first cell that a learner waits for: the install cell before it does nothing."""
    cells = nbformat.read(path, as_version=4).cells
    codes = (cell.source for cell in cells if cell.cell_type == "code")
    return next(code for code in codes if "from relukit" in code)


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_a_first_cell_does_not_need_is_imported_later(path):
    run = subprocess.run(
        [sys.executable, "-c", RUN, *LATER],
        input=first_cell(path), capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = run.stdout.splitlines()[-1].split()[1:]
    assert set(loaded) <= NEEDED.get(path.stem, set())
