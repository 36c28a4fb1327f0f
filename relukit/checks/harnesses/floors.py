"""How answers are used that build deep networks from floors: one floor, and fifty of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from relukit.checks.call import Answer, Arguments
from relukit.checks.harnesses.learning import flat, network_of
from relukit.checks.harnesses.watching import watched

if TYPE_CHECKING:
    import torch
    from torch import nn

# what these harnesses import in the end; a grader that loads it beforehand pays for it once
LOADS = ("torch", "torch._dynamo")

LAYERS, UNITS = 50, 64  # that a deep network must have at least, and may have at most in a layer
STEPS, RATE, BATCH = 100, 0.01, 64
POINTS, ARMS = 800, 5
_OTHERS = frozenset(
    (
        *("tanh", "sigmoid", "gelu", "silu", "leaky_relu", "elu", "selu", "celu", "prelu", "mish"),
        *("softplus", "hardtanh", "relu6", "hardswish", "softsign", "logsigmoid", "hardsigmoid"),
        *("rrelu", "glu", "abs", "sin", "cos", "exp", "softmax"),
    )
)


def as_wrapper(answer: Answer, arguments: Arguments) -> object:
    """Wrap a block in a floor, and return what that gives and how it learns, or what is broken.

    Args:
        answer: takes a torch module whose output has its input's shape; returns a module.
        arguments: weights and biases of the block, tuples of arrays; the activation between its
            layers; inputs (n, width); the gradient of a loss at the output, (n, width); a value
            that alpha is given later.

    Returns:
        Six float64 arrays: the output at the start, the gradients there of alpha, of the inputs
        and of the block; the output with the given alpha, and the block's gradients then. Or a
        text that says what is wrong with the module.
    """
    import torch

    weights, biases, activation, x, slope, value = arguments
    block = network_of(weights, biases, activation)
    before = flat(block.parameters())
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        made = answer(block)
        wrong = _unfit(made, block)
        if wrong:
            return wrong
        if not np.array_equal(before, flat(block.parameters())):
            return "the block's weights were changed: it has to stay as it is"
        known = {id(part) for part in block.parameters()}
        (opening,) = (part for part in made.parameters() if id(part) not in known)
        made.double()
        found = []
        for start in (None, value):
            if start is not None:
                with torch.no_grad():
                    opening.fill_(start)
            given = torch.tensor(x, requires_grad=True)
            out = made(given)
            if not isinstance(out, torch.Tensor) or out.shape != given.shape:
                return "what comes out must have the shape of what goes in"
            wanted = [opening, given, *block.parameters()]
            slopes = _gradients(out, torch.tensor(slope), wanted)
            found.append((flat([out]), *(flat([one]) for one in slopes[:2]), flat(slopes[2:])))
    return (*found[0], found[1][0], found[1][3])


def _gradients(
    out: "torch.Tensor", slope: "torch.Tensor", wanted: "list[torch.Tensor]"
) -> "list[torch.Tensor]":
    """Return the gradients of an output, 0 where it does not depend on something."""
    import torch

    if not out.requires_grad:
        return [torch.zeros_like(one) for one in wanted]
    found = torch.autograd.grad(out, wanted, slope, allow_unused=True)
    return [
        torch.zeros_like(one) if got is None else got
        for one, got in zip(wanted, found, strict=True)
    ]


def _unfit(made: object, block: "nn.Module") -> str:
    """Return what is wrong with a module that should hold a block and one number, or ""."""
    from torch import nn

    if not isinstance(made, nn.Module):
        return "a torch.nn.Module must come back: write a class with forward, and return one of it"
    if made is block:
        return "the block came back as it was, with no way around"
    known = {id(part) for part in block.parameters()}
    held = {id(part) for part in made.parameters()}
    if not known <= held:
        if len(held) > 1:
            return "the module's weights are not those of the block: keep the block, and no copy"
        return (
            "the block's weights are not among the module's parameters: keep the block as an"
            " attribute such as self.block"
        )
    own = [part for part in made.parameters() if id(part) not in known]
    if not own:
        return "alpha is no parameter: wrap it in nn.Parameter, so that an optimizer finds it"
    if len(own) > 1 or own[0].numel() != 1:
        sizes = ", ".join(str(tuple(part.shape)) for part in own)
        return f"alpha is to be one number for the floor, and the parameters of its own are {sizes}"
    if not own[0].requires_grad:
        return "alpha has requires_grad False: it could not be learned"
    return ""


def as_fifty(answer: Answer, arguments: Arguments) -> object:
    """Train the network of an answer on five spirals and return what it says of new points.

    Args:
        answer: takes a seed; returns a torch network for points (n, 2) with five scores for each.
        arguments: the seed of the network, the points and the batches.

    Returns:
        The labels that 200 new points get, int64; how many decades the mean square gained before
        training from the first ReLU to the last; and whether anything is normalized. Or a text
        that says what is wrong with the network.
    """
    import torch
    from torch import nn

    from relukit.datasets import spirals

    (seed,) = arguments
    data = spirals(POINTS, arms=ARMS, seed=seed)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        network = answer(seed)
        if not isinstance(network, nn.Module):
            return "a torch.nn.Module must come back"
        layers = [part for part in network.parameters() if part.dim() == 2]
        wrong, powers = _built(network, layers, data.x_train)
        if wrong:
            return wrong
        starts = [part.detach().clone() for part in layers]
        _train(network, data.x_train, data.y_train, seed)
        still = sum(torch.equal(a, b) for a, b in zip(starts, layers, strict=True))
        if len(layers) - still < LAYERS:
            return (
                f"{still} of {len(layers)} weight matrices are after training what they were: no"
                " gradient moves them"
            )
        with torch.no_grad():
            labels = network(data.x_test).argmax(dim=1)
    names = {type(part).__name__ for part in network.modules()}
    normalized = any("Norm" in name for name in names)
    grown = float(np.log10(max(powers[-1], 1e-300) / max(powers[0], 1e-300)))
    return labels.numpy(), grown, normalized


def _built(
    network: "nn.Module", layers: "Sequence[torch.Tensor]", x: "torch.Tensor"
) -> tuple[str, list[float]]:
    """Return what is wrong with how a network is built, or "", and the power behind each ReLU."""
    import torch

    with watched(_OTHERS) as (outputs, others):
        scores = network(x)
    powers = [float(a.double().square().mean()) for a in outputs]
    if not isinstance(scores, torch.Tensor) or scores.shape != (len(x), ARMS):
        return f"{ARMS} scores are due for each point", powers
    if others:
        return f"ReLU is the only activation here, and this has {', '.join(sorted(others))}", powers
    if len(powers) < LAYERS:
        return f"at least {LAYERS} ReLU layers are due, and this has {len(powers)}", powers
    if len(layers) < LAYERS:
        return (
            f"each of {LAYERS} layers needs weights of its own, and there are {len(layers)} weight"
            " matrices",
            powers,
        )
    widest = max(max(part.shape) for part in layers)
    if widest > UNITS:
        return f"a layer may have {UNITS} units at most, and one has {widest}", powers
    return "", powers


def _train(network: "nn.Module", x: "torch.Tensor", y: "torch.Tensor", seed: int) -> None:
    """Let a network make the steps that the task's text states."""
    import torch

    from relukit.training import batch

    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    for step in range(STEPS):
        rows = batch(len(x), BATCH, seed=seed, step=step)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(x[rows]), y[rows]).backward()
        optimizer.step()
