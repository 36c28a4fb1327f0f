"""What lesson 03 computes in its prose."""

import math
from pathlib import Path

import nbformat

LESSON = Path(__file__).parents[3] / "notebooks" / "03_variants.ipynb"


def test_the_example_of_swiglu_is_computed_right():
    text = "\n".join(cell.source for cell in nbformat.read(LESSON, as_version=4).cells)
    silu = 3 / (1 + math.exp(-3))
    assert (
        f"With $v = 2$ and $g = 3$ it gives 2 times SiLU(3), 2 · {silu:.2f} = {2 * silu:.1f}."
        in text
    )
