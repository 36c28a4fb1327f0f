"""The network tried on two examples, so that what cannot be trained is refused beforehand."""

import copy

import torch
from torch import Tensor, nn

from relukit.errors import InvalidValueError
from relukit.training.examples import Examples
from relukit.training.layered import is_layered
from relukit.training.members import Members
from relukit.training.population import Population
from relukit.training.vectorized import Vectorized


def check_trainable(population: Population) -> None:
    """Raise unless the network can be trained as it is asked.

    Raises:
        InvalidValueError: outputs that do not fit the targets, change from call to call or depend
            on the other networks; or no activations where a setting needs them.
    """
    networks, record = population.networks, population.settings.record
    _check_outputs(networks.template, population.examples)
    hidden = _check_vectorizes(networks, population.examples.one)
    needs = "l1_activations" if "l1_activations" in population.sweep.penalties else "record"
    if not hidden and (needs != "record" or record.inside):
        raise InvalidValueError(
            f"activations that are modules, for {needs}",
            "a network without any before its last layer",
            "write nn.ReLU() as a layer in place of a call",
        )


def _check_outputs(network: nn.Module, examples: Examples) -> None:
    """Raise unless two calls on two examples give the same outputs, and these fit the targets."""
    before = {name: value.clone() for name, value in network.named_buffers()}
    x, y = examples.one.x[:2], examples.one.y[:2]
    try:
        with torch.no_grad():
            first, second = network(x), network(x)
    except Exception as cause:
        raise InvalidValueError(
            "inputs that the network accepts",
            f"{x.dtype} of shape {tuple(x.shape)}: {_first_line(cause)}",
            "compare the shape and dtype with the network's first layer",
        ) from cause
    got = tuple(first.shape) if isinstance(first, Tensor) else type(first).__name__
    expected: tuple[int | str, ...] = tuple(y.shape)
    if examples.classifies:
        expected = (len(x), examples.n_classes or "classes")
    # any number of outputs will do where nobody says how many classes there are
    if got != expected and (len(got) != 2 or expected != (got[0], "classes")):
        raise InvalidValueError(
            f"outputs of shape {expected} for {len(x)} examples", str(got), "change the last layer"
        )
    if examples.classifies:
        for _, labels in examples.parts.values():
            if int(labels.max()) >= first.shape[1]:
                raise InvalidValueError(
                    f"labels from 0 to {first.shape[1] - 1}, one for each output",
                    f"a label {int(labels.max())}",
                    "number the classes from 0, or widen the last layer",
                )
    changed = any(not torch.equal(v, before[n]) for n, v in network.named_buffers())
    if changed or not torch.equal(first.nan_to_num(), second.nan_to_num()):
        raise InvalidValueError(
            "a network whose output depends on its input and parameters only",
            "one that changes its state, or its output for the same input",
            "leave out layers that keep state or draw random numbers",
        )


def _check_vectorizes(networks: Members, examples: Examples) -> list[Tensor]:
    """Return the hidden activations that torch.func finds, or raise if it cannot vectorize."""
    network = networks.template
    one = {name: value[:1].clone() for name, value in networks.parameters.items()}
    constants = {name: value[:1] for name, value in networks.constants.items()}
    vectorized = Vectorized(network, one, {n: p.clone() for n, p in one.items()}, constants)
    x, y = examples.x[None, :2], examples.y[None, :2]
    try:
        output, hidden = vectorized.outputs(x)
        if not is_layered(network, examples.x):
            vectorized.gradient(x, y, None)
        alone = network(examples.x[:2])
        copy.deepcopy(network)  # refused for a module that has kept what it saw
    except Exception as cause:
        raise InvalidValueError(
            "a network that torch.func.vmap can vectorize",
            f"one that it cannot: {_first_line(cause)}",
            "write its forward without in-place changes, .item(), branches on values and memory",
        ) from cause
    size = max(1.0, float(alone.detach().abs().max()))
    if not torch.allclose(output[0], alone, atol=1e-2 * size, rtol=0, equal_nan=True):
        raise InvalidValueError(
            "a network that gives the same outputs alone and vectorized",
            "one that does not",
            "keep every parameter in the module, and nothing between calls",
        )
    return hidden


def _first_line(cause: Exception) -> str:
    """Return the first line of what an exception says, or its kind where it says nothing."""
    return next(iter(str(cause).splitlines()), type(cause).__name__)
