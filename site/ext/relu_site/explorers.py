"""Explorers on a page: what each script draws, computed here, as JSON beside a still picture."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np
import torch

from relu_site import trained
from relukit.activations import activation
from relukit.lessons.definitions.experiments.layers import PARITY, XOR
from relukit.lessons.definitions.explorers import hinge_builder, unit_explorer
from relukit.lessons.definitions.figures.fold import (
    CUT,
    creases,
    moments,
    parts,
    squares,
    unfolded_cut,
)

Data = dict[str, Any]
RELATIVES = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
    "absolute": "absolute value",
}
KNOTS = (-4.0, -3.0, -2.0, -1.0, -0.5)
INSTEAD = {"variants-explorer": "draw-the-left"}  # where the notebook's own needs a kernel
EXPLORERS: dict[str, Callable[[], Data]] = {}  # by the name that a page asks for


def section(name: str, fallback: str) -> str:
    """Return an explorer's place: its data, and what is there without a script.

    Args:
        name: as the lessons call it, with hyphens, such as "hinge-builder". One that has no script
            keeps its still picture.
        fallback: the still picture as HTML, or "" where one stands above.
    """
    name = INSTEAD.get(name, name)
    if name not in EXPLORERS:
        note = "In the notebook, with a running kernel, this has sliders."
        return f'<div class="explorer">{fallback}<p class="note">{note}</p></div>'
    data = json.dumps(_data(name), separators=(",", ":"), ensure_ascii=False)
    return (
        f'<div class="explorer" data-explorer="{name}"><noscript>{fallback}'
        '<p class="note">With a script, this is a picture that you can move.</p>'
        f'</noscript><script type="application/json">{data}</script></div>'
    )


def explorer(name: str) -> Callable[[Callable[[], Data]], Callable[[], Data]]:
    """Return a decorator that gives a page the data of the explorer of this name."""

    def kept(function: Callable[[], Data]) -> Callable[[], Data]:
        EXPLORERS[name] = function
        return function

    return kept


@cache
def _data(name: str) -> Data:
    return EXPLORERS[name]()


@explorer("hinge-builder")
def hinges() -> Data:
    """Return the hinges with which the builder begins."""
    values = hinge_builder().values
    numbered = range(1, len(values) // 2 + 1)
    start = {
        "offset": values["offset"],
        "kinks": [values[f"kink_{i}"] for i in numbered],
        "changes": [values[f"change_{i}"] for i in numbered],
    }
    return {"start": start}


@explorer("unit-explorer")
def unit() -> Data:
    """Return the ranges of the unit's sliders, and where they begin."""
    controls = unit_explorer().controls
    weight, bias = controls["weight"], controls["bias"]
    start = {"weight": weight.value, "bias": bias.value}
    return {"start": start, "reach": weight.max, "step": weight.step, "view": 4}


@explorer("fold")
def folding() -> Data:
    """Return the film's moments, the sheet and its points, and what the cut parts."""
    cuts, band = unfolded_cut()
    sheet = [{"corners": _plain(part), "on": on} for part, on in parts()]
    points = [[*xy, answer] for xy, answer in zip(XOR.tolist(), PARITY.tolist(), strict=True)]
    return {
        "moments": [asdict(moment) for moment in moments()],
        "points": points,
        "parts": sheet,
        "lines": [_plain(line) for line in squares()],
        "creases": [_plain(ends) for ends in creases()],
        "cut": CUT,
        "cuts": _plain(cuts),
        "band": _plain(band),
    }


@explorer("draw-the-left")
def draw_the_left() -> Data:
    """Return the places of the points, and the left halves of those relatives that end in x."""
    x = np.round(np.arange(-50, 0) / 10, 1)
    relatives = [
        {"name": name, "says": says, "left": _plain(activation(name)(torch.from_numpy(x)).numpy())}
        for name, says in RELATIVES.items()
    ]
    return {"xs": x.tolist(), "at": [*KNOTS, 0.0], "relatives": relatives}


@explorer("gain-explorer")
def gain() -> Data:
    """Return the stored sizes of the signal at gain 1, and the accuracies after training."""
    return trained.stored("gain-explorer")


@explorer("learning-rate-explorer")
def rates() -> Data:
    """Return what became of the stored networks, by activation and rate."""
    return trained.stored("learning-rate-explorer")


def _plain(values: np.ndarray, digits: int = 4) -> list[Any]:
    """Return numbers as lists, rounded to so many decimals."""
    return np.round(values, digits).tolist()
