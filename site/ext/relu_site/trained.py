"""What explorers show of trained networks: trained beforehand, kept in stored/, read by the site.

`python -m relu_site.trained` trains again, in about a minute, and writes the files.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from relukit.lessons.initialization.experiments.trained import GAINS, N_SEEDS, accuracy_by_gain
from relukit.lessons.initialization.figures.gain import layer_inputs
from relukit.lessons.training.experiments.comparison import ACTIVATIONS
from relukit.lessons.training.experiments.curves import (
    CHANCE,
    FATES,
    RATES,
    STEPS,
    WINDOW,
    fates,
    smooth,
    trained,
)

DATA = Path(__file__).parent / "stored"
SHOWN = 15  # of a curve's steps
HIGHEST = 300.0  # loss that is drawn


def by_gain() -> dict[str, Any]:
    """Return the deviations of each layer's inputs at gain 1, and accuracy after training by gain.

    Both of 16 networks: (seeds, layers), and (gains, seeds) in percent.
    """
    found = accuracy_by_gain()
    deviations = [[_short(z.std()) for z in layer_inputs(1.0, seed)] for seed in range(N_SEEDS)]
    accuracy = [[_short(100 * share) for share in found[gain]] for gain in GAINS]
    return {"gains": list(GAINS), "deviations": deviations, "accuracy": accuracy}


def by_rate() -> dict[str, Any]:
    """Return what became of 16 networks for each activation and learning rate, and their losses.

    Each cell has the counts of `FATES`, and of the networks' smoothed losses at some steps the
    lowest, the middle and the highest one, null where half of them are not finite.
    """
    at = np.linspace(WINDOW, STEPS, SHOWN).round().astype(int)
    cells = [
        [_cell(loss, at) for loss in trained(activation).loss.cpu()] for activation in ACTIVATIONS
    ]
    return {
        "activations": list(ACTIVATIONS),
        "rates": list(RATES),
        "fates": list(FATES),
        "steps": at.tolist(),
        "chance": _short(CHANCE),
        "cells": cells,
    }


def _cell(loss: torch.Tensor, at: np.ndarray) -> dict[str, Any]:
    counts = Counter(fates(loss))
    means = smooth(loss).numpy()[:, at - WINDOW]
    means = np.where(np.isfinite(means), np.minimum(means, HIGHEST), np.nan)
    alive = np.isfinite(means).mean(0) >= 0.5
    ends = [
        [_short(v) for v in np.nanquantile(column, (0, 0.5, 1))] if seen else None
        for column, seen in zip(means.T, alive, strict=True)
    ]
    return {"counts": [counts[fate] for fate in FATES], "loss": ends}


def _short(number: float) -> float:
    """Return a number to three digits."""
    return float(f"{float(number):.3g}")


FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "gain-explorer": by_gain,
    "learning-rate-explorer": by_rate,
}


def stored(name: str) -> dict[str, Any]:
    """Return what is kept under a name of `FILES`."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def main() -> None:
    """Train all again and write it."""
    DATA.mkdir(exist_ok=True)
    for name, measure in FILES.items():
        text = json.dumps(measure(), separators=(",", ":"))
        (DATA / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
