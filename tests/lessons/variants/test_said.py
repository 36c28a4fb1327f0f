"""What lesson 03 computes in its prose."""

import math
from pathlib import Path

import nbformat

LESSON = Path(__file__).parents[3] / "notebooks" / "03_variants.ipynb"


def test_the_example_of_swiglu_is_computed_right():
    text = "\n".join(cell.source for cell in nbformat.read(LESSON, as_version=4).cells)
    switch = 1 / (1 + math.exp(-3))
    assert f"the switch is at {switch:.2f}, and 2 · {switch:.2f} = {2 * switch:.1f} passes" in text
    assert f"2 · {switch:.2f} = {2 * switch:.1f};" in text
    assert f"2 · 3 · {switch:.3f} = {6 * switch:.1f}." in text
