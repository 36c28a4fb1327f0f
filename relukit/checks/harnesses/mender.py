"""How an answer is used that mends a torch network."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from relukit.checks.call import Answer, Arguments

if TYPE_CHECKING:
    import torch
    from torch import nn

# what this harness imports in the end; a grader that loads it beforehand pays for it once
LOADS = ("torch",)


def as_mender(answer: Answer, arguments: Arguments) -> object:
    """Return the weights and biases that the answer gives to a network, or what it has broken.

    The answer is called three times, each time with other streams of global random numbers: twice
    with one seed, so that nothing can depend on them, then with another one.

    Args:
        answer: takes a torch network with PyTorch's default weights and a seed, and changes the
            network in place.
        arguments: the widths, and the seed of the network and of the answer.

    Returns:
        Three float32 vectors, one for each call: weight and bias of each Linear layer in turn, each
        flattened.
    """
    widths, seed = arguments
    found = []
    for stream, own in enumerate((seed, seed, seed + 1)):
        with _streams(stream):
            found.append(_mended(answer, widths, own))
        if isinstance(found[-1], str):
            return found[-1]
    return tuple(found)


@contextmanager
def _streams(number: int) -> Iterator[None]:
    """Let all global random numbers start from a number, and go on afterwards as if untouched."""
    import torch

    before = random.getstate(), np.random.get_state()  # noqa: NPY002 - answers may draw from it
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(number)
        random.seed(number)
        np.random.seed(number)  # noqa: NPY002
        try:
            yield
        finally:
            random.setstate(before[0])
            np.random.set_state(before[1])  # noqa: NPY002


def _mended(answer: Answer, widths: tuple[int, ...], seed: int) -> np.ndarray | str:
    """Return the weights that one call gives to a network, or what it has broken."""
    import torch
    from torch import nn

    from relukit.networks import mlp

    network = mlp(widths, scheme="pytorch", seed=seed)
    kinds = [type(layer) for layer in network]
    shapes = [parameter.shape for parameter in network.parameters()]
    before = _flat(network)
    returned = answer(network, seed)
    made: Any = returned if isinstance(returned, nn.Module) else network  # its layers: anything
    strange = {type(part).__name__ for part in made.modules()} - {"Sequential", "Linear", "ReLU"}
    if strange:
        return f"the network now has {', '.join(sorted(strange))}: only weights and biases change"
    found = list(made.parameters())
    if [type(layer) for layer in made] != kinds or [part.shape for part in found] != shapes:
        return "the network must keep its Linear and ReLU layers and their sizes"
    if any(part.dtype != torch.float32 for part in found):
        return f"the network must stay in float32, and is in {found[0].dtype}"
    if not all(part.requires_grad for part in found):
        return "a weight or bias has requires_grad False now: it could not be trained"
    if made is not network and not torch.equal(_flat(made), _flat(network)):
        kept = torch.equal(before, _flat(network))
        said = "stays as it was" if kept else "gets other weights"
        return f"a new network is returned, and the one given {said}: change that one, in place"
    return _flat(network).numpy()


def _flat(network: "nn.Module") -> "torch.Tensor":
    import torch

    return torch.cat([part.detach().flatten() for part in network.parameters()])
