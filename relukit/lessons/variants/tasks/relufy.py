"""The capstone of lesson 03: a trained network with smooth units gets ReLU, and keeps its skill."""

import copy
from typing import Any

from relukit.checks.comparison import Arguments
from relukit.checks.harnesses.swapping import SMOOTH, STEPS, as_swapper, smooth_network
from relukit.checks.task import Misconception, Task

# as the task's text states; benchmarks/relufied.py measures what answers reach
LOST, ZEROS, SILENT = 1.0, 40.0, 10.0  # points; percent of outputs; percent of units
_OTHER = 0.5  # the cosine of weights below which they are no longer those of the given network


def relufy(seed):
    return 97.0, 97.0, 60.0, 0.0, STEPS, 1.0


def _kind(found: Any) -> tuple[str, str]:
    """Return of which kind an answer is, and what is said of it; both empty where it is right."""
    if isinstance(found, str) and found:
        return found, found
    if not isinstance(found, tuple) or len(found) != 6:
        return "nothing", "no network came back"
    before, after, zeros, silent, steps, cosine = found
    if steps > STEPS:
        return "steps", f"it makes {steps} steps, and {STEPS} are allowed"
    if silent > SILENT:
        return "silent", (
            f"{silent:.0f} % of the units are 0 on every new signal, and at most {SILENT:.0f} % may"
            " be"
        )
    if not before - after <= LOST:
        kind = "untuned" if not steps else "far" if cosine < _OTHER else "lost"
        return kind, (
            f"{after:.1f} % of new signals are right, and {before:.1f} % were before: at most"
            f" {LOST:.0f} point may be lost"
        )
    if not zeros >= ZEROS:
        return "zeros", f"{zeros:.0f} % of the ReLUs' outputs are 0, and {ZEROS:.0f} % are due"
    return "", ""


def _compare(arguments: Arguments, expected: Any, got: Any) -> str | None:
    due, _ = _kind(expected)
    kind, said = _kind(got)
    if due:  # two wrong answers, compared
        return None if kind == due else "another"
    return said or None


def swapped(module, *, to="ReLU", kinds=SMOOTH, deep=True):
    """Put another unit in the place of a module's units of these kinds; return the module."""
    from torch import nn

    for name, part in list(module.named_children()):
        if type(part).__name__ in kinds:
            setattr(module, name, getattr(nn, to)())
        elif deep:
            swapped(part, to=to, kinds=kinds)
    return module


def _tuned(network, x, y, *, steps=STEPS, rate=0.002):
    import torch

    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    for _ in range(steps):
        rows = torch.randint(len(x), (min(len(x), 64),))
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(x[rows]), y[rows]).backward()
        optimizer.step()
    return network


def _killed(network, x, y):
    """Swap, and shut half of all hidden units for good."""
    import torch
    from torch import nn

    with torch.no_grad():
        for part in swapped(network).modules():
            if isinstance(part, nn.Sequential):
                for layer, unit in zip(part, list(part)[1:], strict=False):
                    if isinstance(unit, nn.ReLU):
                        layer.bias[::2] = -1e3


def _in_a_copy(network, x, y):
    swapped(copy.deepcopy(network))


def _without_units(network, x, y):
    swapped(network, to="Identity")


TASK = Task(
    points=3,
    title="And back again",
    minutes=25,
    difficulty="hard",
    why="ReLU's exact zeros are work that needs not be done, and finished networks can get them.",
    hints=(
        "Where in a network may a smooth unit be hidden? Print the network. And which of its"
        " weights are still good after the swap?",
        "A function that goes through module.named_children() and calls itself for each part gets"
        " everywhere; setattr(module, name, nn.ReLU()) swaps. Then 200 steps of Adam with a small"
        " rate, about 0.002, on batches of x. Still too far off? A copy of the network from before"
        " the swap can say for each input which scores are due.",
        "for name, part in module.named_children():",
    ),
    reference=relufy,
    boundary=((1,),),
    redrawn=lambda chance: ((int(chance.integers(2, 2**31)),),),
    compare=_compare,
    harness=as_swapper,
    several=True,
    calls=1,
    misconceptions=(
        Misconception(
            "this swaps and leaves the weights as they were, and they were made for other units:"
            " tune them",
            lambda network, x, y: swapped(network),
        ),
        Misconception(
            "this looks at the outermost modules only: units sit inside of blocks, too, and blocks"
            " inside of blocks",
            lambda network, x, y: swapped(network, deep=False),
        ),
        Misconception(
            "this swaps GELU and SiLU only: the other four kinds are smooth as well",
            lambda network, x, y: swapped(network, kinds=SMOOTH[:2]),
        ),
        Misconception(
            "nothing has changed in the network that was given, and no other came back: did you"
            " change a copy?",
            _in_a_copy,
        ),
        Misconception(
            "the weights are no longer those of the given network: what it had learned from 8,000"
            " signals is lost, and yours are 1,500. Start from its weights, and go in small steps",
            lambda network, x, y: _tuned(swapped(smooth_network()), x, y, rate=0.01, steps=60),
        ),
        Misconception(
            "these zeros come from units that are shut for good: a unit has to be at work for some"
            " signals",
            _killed,
        ),
        Misconception(
            "this has leaky ReLU in the place of ReLU, which gives no zeros",
            lambda network, x, y: swapped(network, to="LeakyReLU"),
        ),
        Misconception(
            "this takes the smooth units out, and puts nothing in their place",
            _without_units,
        ),
        Misconception(
            "these are more steps than are allowed: 200, one backward pass each",
            lambda network, x, y: _tuned(swapped(network), x[:8], y[:8], steps=STEPS + 1),
        ),
        Misconception(
            "this is tuned from the old weights, but not well enough: is the rate too large, or are"
            " the steps too few? Does each step see enough signals?",
            lambda network, x, y: _tuned(swapped(network), x[:20], y[:20], steps=20),
        ),
    ),
)
