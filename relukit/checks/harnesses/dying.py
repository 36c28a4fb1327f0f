"""How answers of lesson 04 are used that take a list of layers or a torch network."""

import sys

import numpy as np

from relukit.checks.call import Arguments


def with_layers(answer: object, arguments: Arguments) -> object:
    """Return `answer(weights, biases, x)` for fresh lists, or what it has changed in them.

    Args:
        answer: takes a list of weights, a list of biases, and an array.
        arguments: a tuple of arrays, another, and an array; with a tensor, the lists hold tensors.
    """
    *columns, x = arguments
    if not isinstance(x, np.ndarray):
        columns = [tuple(map(sys.modules["torch"].from_numpy, column)) for column in columns]
    given = [
        [array.copy() if isinstance(array, np.ndarray) else array.clone() for array in column]
        for column in columns
    ]
    value = answer(*given, x)
    for name, before, after in zip(("weights", "biases"), columns, given, strict=True):
        if len(before) != len(after):
            return f"it changes the list {name}: the caller still needs it"
        if any(bool((a != b).any()) for a, b in zip(before, after, strict=True)):
            return f"it changes {name} in place: work on copies, the caller still needs them"
    return value


def as_mender(answer: object, arguments: Arguments) -> object:
    """Return the weights and biases that the answer gives to a network, or what it has broken.

    Args:
        answer: takes a torch network with PyTorch's default weights and a seed; changes the
            network in place, or returns another one.
        arguments: the widths, and the seed of the network and of the answer.

    Returns:
        One float32 vector: weight and bias of each Linear layer in turn, each flattened.
    """
    import torch
    from torch import nn

    from relukit.networks import mlp

    widths, seed = arguments
    network = mlp(widths, scheme="pytorch", seed=seed)
    kinds = [type(layer) for layer in network]
    shapes = [parameter.shape for parameter in network.parameters()]
    with torch.random.fork_rng(devices=[]):
        returned = answer(network, seed)
    made = returned if isinstance(returned, nn.Module) else network
    strange = {type(part).__name__ for part in made.modules()} - {"Sequential", "Linear", "ReLU"}
    if strange:
        return f"the network now has {', '.join(sorted(strange))}: only weights and biases change"
    found = list(made.parameters())
    if [type(layer) for layer in made] != kinds or [part.shape for part in found] != shapes:
        return "the network must keep its Linear and ReLU layers and their sizes"
    return torch.cat([part.detach().float().flatten() for part in found])
