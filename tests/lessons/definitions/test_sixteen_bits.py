"""What page D2 says of GELU in float16, computed anew with NumPy's rounding."""

import contextlib
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

PAGE = Path(__file__).parents[3] / "notebooks" / "deeper" / "D2_numbers_at_the_edge.ipynb"
EVERY = np.arange(31744, dtype=np.uint16).view(np.float16)  # all that are finite, from 0 up
SMALL = np.float32(0.044715)


@pytest.fixture(scope="module")
def cells():
    return {cell.id: cell for cell in nbformat.read(PAGE, as_version=4).cells}


@pytest.fixture(scope="module")
def ran(cells):
    """Run the cell, and return what it defines and what it prints."""
    names, said = {"torch": torch}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(cells["cell-gelus"].source, names)
    return names["gelus"], said.getvalue()


def overflows(spelling):
    """Return where the number by which a cube's slope is multiplied is beyond float16."""
    with np.errstate(over="ignore"):
        square = EVERY * EVERY
        small = (SMALL * EVERY).astype(np.float16)
        way_back = {
            "x**3": np.float16(3) * square,
            "(x * x * x)": square,
            "0.044715 * x * x * x": small * EVERY,
        }[spelling]
    return EVERY[np.isinf(way_back)]


@pytest.mark.parametrize("spelling", ["x**3", "(x * x * x)", "0.044715 * x * x * x"])
def test_the_slope_is_nan_exactly_where_the_way_back_overflows(spelling, ran, cells):
    gelus, said = ran
    x = torch.from_numpy(EVERY.copy()).requires_grad_()
    slope = torch.autograd.grad(gelus[spelling](x).sum(), x)[0]
    wanted = overflows(spelling)
    np.testing.assert_array_equal(EVERY[slope.isnan().numpy()], wanted)
    (row,) = (line for line in said.splitlines() if line.startswith(f"{spelling} "))
    assert float(row.split()[-1]) == wanted[0]
    assert f"from {wanted[0]:,g} on" in cells["cell-half-read"].source


def test_the_values_are_right_in_every_spelling_though_the_cube_is_infinite(ran, cells):
    with np.errstate(over="ignore"):
        finite = EVERY[np.isfinite(EVERY**3)]
    beyond = float(re.search(r"beyond \$x = ([\d.]+)\$", cells["cell-half-read"].source)[1])
    assert finite[-1] == pytest.approx(beyond, abs=0.05)
    large = torch.from_numpy(EVERY[EVERY > 6])
    for gelu in ran[0].values():
        assert torch.equal(gelu(large), large)


def test_torchs_own_computes_in_float32_and_rounds_at_the_end(ran):
    own = ran[0]["torch's own"]
    x = torch.from_numpy(EVERY.copy()).requires_grad_()
    wide = x.detach().float().requires_grad_()
    assert torch.equal(own(x), own(wide).half())
    slope, wanted = (torch.autograd.grad(own(z).sum(), z)[0] for z in (x, wide))
    assert torch.equal(slope, wanted.half())
    assert "nan" not in ran[1].splitlines()[-1]


def test_how_many_numbers_there_are_and_where_they_end(cells):
    said = cells["cell-half"].source
    assert f"all {len(EVERY):,} float16 numbers" in said
    assert f"end at {EVERY[-1]:,.0f}" in said
