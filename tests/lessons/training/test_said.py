"""Numbers that lesson 06 says and no cell of it prints, computed or found where they are stored."""

import re
from pathlib import Path

import nbformat
import pytest
import torch
from torch.nn.functional import cross_entropy

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


def cells(lesson: str) -> list:
    return nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", as_version=4).cells


def said(pattern: str) -> list[float]:
    """Return the numbers of the one sentence of lesson 06 that has this form; # is a number."""
    text = "\n".join(c.source for c in cells("06_training") if c.cell_type == "markdown")
    found = re.findall(pattern.replace("#", r"(\d+(?:\.\d+)?)"), text)
    assert len(found) == 1, (pattern, found)
    return [float(number) for number in found[0]]


def shown(lesson: str, source: str, row: str) -> float:
    """Return the number that a cell shows after these words, a claim's if there are two."""
    (cell,) = (c for c in cells(lesson) if c.cell_type == "code" and source in c.source)
    text = "\n".join(out.get("data", {}).get("text/plain", "") for out in cell.outputs)
    return float(re.findall(rf"{re.escape(row)}: (-?\d+\.\d+)", text)[-1])


def test_scores_become_shares_and_shares_a_loss():
    *scores, first, second, third = said(r"Scores of #, # and # become #, # and # %")
    shares = 100 * torch.tensor(scores, dtype=torch.float64).softmax(0)
    assert shares.round().tolist() == [first, second, third]
    for label, loss in enumerate(
        said(r"correct class: # if the first is correct, # if the second")
    ):
        one = cross_entropy(torch.tensor([scores], dtype=torch.float64), torch.tensor([label]))
        assert round(float(one), 2) == loss
    (ten,) = [
        float(n) for n in re.findall(r"guesses among ten classes has a loss of (\d\.\d)", loop())
    ]
    assert round(float(cross_entropy(torch.zeros(1, 10), torch.tensor([3]))), 1) == ten


def loop() -> str:
    return "\n".join(c.source for c in cells("06_training") if c.cell_type == "markdown")


def test_the_mean_of_the_raw_networks_is_that_of_the_fold():
    (percent,) = [
        float(n)
        for n in re.findall(
            r"The (\d+) % in the verdict comes from sixteen other networks at 0.1", loop()
        )
    ]
    row = "accuracy with raw inputs at rate 0.1"
    assert round(100 * shown("06_training", '"scale-inputs"', row)) == percent


def test_what_other_lessons_measured_of_the_rivals_of_relu():
    early, late = said(r"SiLU was # points ahead, after 2,400 only # or 2")
    leads = "\n".join(c.source for c in cells("03_variants") if c.cell_type == "markdown")
    assert f"SiLU's {float(early):.0f} points became {float(late):.0f} or 2" in leads
    row = "MNIST-1D: test accuracy, relu minus sigmoid"
    assert shown("01_history", '"better-deeper-2011"', row) > 0.2
    row = "steps of tanh over steps of relu, mnist1d"
    assert shown("06_training", '"six-times-faster"', row) == pytest.approx(1.25, abs=0.05)
    row = "test accuracy, 30 layers of tanh, orthogonal"
    assert round(100 * shown("06_training", '"not-many-layers"', row)) == 95
