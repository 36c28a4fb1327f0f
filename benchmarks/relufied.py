"""The bar of lesson 03's capstone: what several answers to `relufy` reach, for 40 seeds."""

import copy
import itertools
import statistics
import sys
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional

from relukit.checks.harnesses.swapping import STEPS, as_swapper, smooth_network
from relukit.lessons.variants.tasks.relufy import LOST, SILENT, ZEROS, swapped

SEEDS = range(100, 140)
Answer = Callable[[nn.Module, torch.Tensor, torch.Tensor], nn.Module]


def tuned(
    network: nn.Module,
    x: torch.Tensor,
    y: torch.Tensor,
    *,
    rate: float = 0.002,
    falls: bool = False,
) -> nn.Module:
    """Make all steps that are allowed, from labels.

    Args:
        network: changed in place.
        x: inputs.
        y: their labels.
        rate: of Adam.
        falls: whether the rate rises first and then falls to 0.
    """
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=STEPS)
    for _ in range(STEPS):
        rows = torch.randint(len(x), (256,))
        optimizer.zero_grad()
        functional.cross_entropy(network(x[rows]), y[rows]).backward()
        if not falls:
            optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        schedule.step()
    return network


def following(network: nn.Module, x: torch.Tensor, y: torch.Tensor) -> nn.Module:
    """Swap, and let the network follow the scores of a copy that kept its units."""
    before = copy.deepcopy(network)
    swapped(network)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.002)
    for _ in range(STEPS):
        rows = torch.randint(len(x), (256,))
        with torch.no_grad():
            due = before(x[rows])
        optimizer.zero_grad()
        functional.mse_loss(network(x[rows]), due).backward()
        optimizer.step()
    return network


def killed(network: nn.Module, x: torch.Tensor, y: torch.Tensor) -> nn.Module:
    """Swap, shut half of all units for good, and tune the others."""
    with torch.no_grad():
        for part in swapped(network).modules():
            pairs = itertools.pairwise(part) if isinstance(part, nn.Sequential) else ()
            for layer, unit in pairs:
                if isinstance(unit, nn.ReLU):
                    layer.bias[::2] -= 100.0
    return tuned(network, x, y)


ANSWERS: dict[str, Answer] = {
    "swap, 200 steps after the old network": following,
    "swap, 200 steps from labels": lambda net, x, y: tuned(swapped(net), x, y),
    "swap alone": lambda net, x, y: swapped(net),
    "weights from scratch, 200 steps": lambda net, x, y: tuned(
        swapped(smooth_network()), x, y, rate=0.01, falls=True
    ),
    "half of the units shut, 200 steps": killed,
    "swap, 200 steps at rate 0.03": lambda net, x, y: tuned(swapped(net), x, y, rate=0.03),
    "outermost modules only, 200 steps": lambda net, x, y: tuned(swapped(net, deep=False), x, y),
}


def main() -> None:
    """Print a row for each answer."""
    torch.set_num_threads(1)
    found: dict[str, list[tuple[float, ...] | str]] = {name: [] for name in ANSWERS}
    for seed in SEEDS:
        for name, answer in ANSWERS.items():
            found[name].append(as_swapper(answer, (seed,)))
        print(seed, *[rows[-1] for rows in found.values()], file=sys.stderr, flush=True)
    print(f"## The bar of `relufy`: {len(SEEDS)} seeds\n")
    print("| answer | passes | points lost: lowest, median, highest | zeros | silent units |")
    print("| --- | --- | --- | --- | --- |")
    for name, rows in found.items():
        whole = [row for row in rows if not isinstance(row, str)]
        if not whole:
            print(f"| {name} | 0 | refused: {rows[0]} | | |")
            continue
        lost = [row[0] - row[1] for row in whole]
        passes = sum(
            gone <= LOST and row[2] >= ZEROS and row[3] <= SILENT
            for gone, row in zip(lost, whole, strict=True)
        )
        shown = ", ".join(f"{f(lost):.1f}" for f in (min, statistics.median, max))
        zeros, silent = ([row[k] for row in whole] for k in (2, 3))
        print(
            f"| {name} | {passes} | {shown} | {min(zeros):.0f} to {max(zeros):.0f} % |"
            f" {min(silent):.0f} to {max(silent):.0f} % |"
        )


if __name__ == "__main__":
    main()
