"""How answers are used that train networks from arrays."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from relukit.checks.call import Answer, Arguments

if TYPE_CHECKING:
    import torch
    from torch import nn

# what these harnesses import in the end; a grader that loads it beforehand pays for it once
LOADS = ("torch", "torch._dynamo")


def network_of(
    weights: Sequence[np.ndarray], biases: Sequence[np.ndarray], activation: str = "ReLU"
) -> "nn.Sequential":
    """Return a torch.nn.Sequential of Linear layers, with an activation between them, in float64.

    Args:
        weights: arrays (units, inputs), one for each layer.
        biases: arrays (units,).
        activation: the name of a class of torch.nn.
    """
    import torch
    from torch import nn
    from torch.nn.utils import skip_init

    made = nn.Sequential()
    for weight, bias in zip(weights, biases, strict=True):
        if len(made):
            made.append(getattr(nn, activation)())
        made.append(skip_init(nn.Linear, *weight.shape[::-1], dtype=torch.float64))
        with torch.no_grad():
            for parameter, value in zip(made[-1].parameters(), (weight, bias), strict=True):
                parameter.copy_(torch.tensor(value))
    return made


def flat(tensors: "Iterable[torch.Tensor]") -> np.ndarray:
    """Return all numbers of some tensors one after the other, float64."""
    import torch

    return torch.cat([tensor.detach().double().flatten() for tensor in tensors]).numpy().copy()


def as_step(answer: Answer, arguments: Arguments) -> object:
    """Let the answer make one training step after the other, and look at the network each time.

    Args:
        answer: takes a network, a batch x, its labels y and a learning rate; returns the loss.
        arguments: weights and biases of a network, tuples of arrays; batches (steps, n, inputs)
            and labels (steps, n); the learning rate; a number that every gradient holds before
            the first step, 0 where there is none.

    Returns:
        The list of what came back from each step, and the parameters after each, float64
        (steps, parameters): weight and bias of each layer in turn, flattened; or a text that says
        what was done to the network.
    """
    import torch

    weights, biases, xs, ys, lr, *left = arguments
    network = network_of(weights, biases)
    layers = repr(network)
    for parameter in network.parameters():
        if left:
            parameter.grad = torch.full_like(parameter, left[0])
    returned, found = [], []
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        for x, y in zip(torch.as_tensor(xs), torch.as_tensor(ys), strict=True):
            returned.append(answer(network, x, y, lr))
            found.append(flat(network.parameters()))
    if all(loss is None for loss in returned):
        return None
    if repr(network) != layers or len({len(flat) for flat in found}) > 1:
        return "the network must keep its layers and their parameters"
    return returned, np.stack(found)


def as_penalty(answer: Answer, arguments: Arguments) -> object:
    """Return a penalty on a network, with its gradient.

    Args:
        answer: takes a network, inputs and a strength; returns a tensor with one number.
        arguments: weights and biases, tuples of arrays; the activation between the layers, a class
            of torch.nn; inputs (n, features); the strength.

    Returns:
        The penalty, and its gradient with respect to all parameters, flattened in their order, None
        where there is none; or a text that says what was done to the network.
    """
    import torch

    weights, biases, activation, x, strength = arguments
    network = network_of(weights, biases, activation)
    parameters = list(network.parameters())
    before = flat(parameters)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        value = answer(network, torch.as_tensor(x), strength)
        if value is None:
            return None
        if any(parameter.grad is not None for parameter in parameters):
            return "it calls backward: return the penalty, the caller adds it to the loss"
        if not np.array_equal(before, flat(network.parameters())):
            return "it changes the network's weights: they must stay as they are"
        if not isinstance(value, torch.Tensor) or value.numel() != 1 or not value.requires_grad:
            return value, None
        slopes = torch.autograd.grad(value.sum(), parameters, allow_unused=True)
    pairs = zip(slopes, parameters, strict=True)
    return value, flat(torch.zeros_like(p) if slope is None else slope for slope, p in pairs)
