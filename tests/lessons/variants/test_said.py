"""What lesson 03 computes in its prose and in the picture beside it."""

import math
from pathlib import Path

import nbformat
import numpy as np
import torch
from pictures.variants import made
from torch.nn.functional import silu

LESSON = Path(__file__).parents[3] / "notebooks" / "03_variants.ipynb"
INPUTS = np.array([2.0, 1.0])


def drawn() -> dict[str, str]:
    """Return what stands in the picture of the wires, by the name of the place."""
    (axes,) = made("wires").axes
    return {words.get_gid(): words.get_text() for words in axes.texts}


def test_the_example_of_swiglu_is_computed_right():
    text = "\n".join(cell.source for cell in nbformat.read(LESSON, as_version=4).cells)
    v, g = np.array([[0.5, 1], [2, -1]]) @ INPUTS
    switch = 1 / (1 + math.exp(-g))
    assert f"0.5 · 2 + 1 · 1 = {v:.0f}." in text
    assert f"$g$: 2 · 2 − 1 · 1 = {g:.0f}." in text
    assert f"The soft switch of {g:.0f} is {switch:.2f}." in text
    assert f"passes: {v:.0f} · {switch:.2f} = {v * switch:.1f}." in text
    whole = v * float(silu(torch.tensor(g)))
    assert f"once more: {v * switch:.1f} · {g:.0f} = {whole:.1f}." in text


def test_the_wires_carry_the_numbers_that_they_say():
    says = drawn()

    def number(name: str) -> float:
        return float(says[f"{name} says"].removeprefix("×").replace("−", "-"))

    inputs = [number(f"input {i}") for i in (1, 2)]
    assert inputs == INPUTS.tolist()
    for end in "vg":
        weights = [number(f"input {i} to {end}") for i in (1, 2)]
        assert number(end) == np.dot(weights, inputs)
    assert number("switch") == round(float(torch.sigmoid(torch.tensor(number("g")))), 2)
    assert number("gate to SwiGLU") == round(number("v") * number("switch"), 1)
    assert number("out") == round(number("v") * float(silu(torch.tensor(number("g")))), 1)
    assert says["gate is"].endswith("2 · 0.95 = 1.9")
    assert says["SwiGLU is"].endswith("1.9 · 3 = 5.7")


def test_wires_end_at_the_nodes_that_they_name():
    (axes,) = made("wires").axes
    lines = {line.get_gid(): line.get_xydata() for line in axes.get_lines()}
    wires = [gid for gid in lines if " to " in gid]
    assert len(wires) == 9
    for gid in wires:
        start, end = gid.split(" to ")
        assert np.array_equal(lines[gid][0], lines[start][0])
        assert np.array_equal(lines[gid][-1], lines[end][0])
