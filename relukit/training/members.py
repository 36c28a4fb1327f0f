"""Members of a population: one network for each seed, with their parameters stacked."""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import stack_module_state

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.training.arguments import Examples


@dataclass(frozen=True, eq=False)
class Members:
    """Initial state of one network for each seed.

    Args:
        template: one of the networks, whose structure all share.
        parameters: what is trained, name -> (n_seeds, ...).
        constants: buffers and parameters that ask for no gradient, name -> (n_seeds, ...).

    Example:
        >>> members_for(nn.Linear(2, 1), (0, 1, 2)).parameters["weight"].shape
        torch.Size([3, 1, 2])
    """

    template: nn.Module
    parameters: dict[str, Tensor]
    constants: dict[str, Tensor]


def members_for(network: object, seeds: tuple[int, ...]) -> Members:
    """Return the networks of all seeds: built by a call, or redrawn from a template.

    Args:
        network: a function seed -> nn.Module; or a module class that needs no argument; or a
            module whose layers are redrawn, for each seed, by their own reset_parameters.
        seeds: of the members.

    Raises:
        InvalidTypeError: nothing of this kind, or a call that returns no module.
        InvalidValueError: a module with state or randomness, without parameters, with
            parameters that no layer can redraw, or of another structure for another seed.

    Conventions: each call runs under torch.manual_seed(seed), and torch's global random state is
        put back; so a class gives what `torch.manual_seed(seed); Net()` gives.

    Example:
        >>> members_for(lambda seed: nn.Linear(2, 1), (4,)).parameters["bias"].shape
        torch.Size([1, 1])
    """
    build = _builder(network)
    networks = []
    for seed in seeds:
        with torch.random.fork_rng(devices=[]):
            torch.random.default_generator.manual_seed(seed)
            built = build(seed)
        if not isinstance(built, nn.Module):
            raise InvalidTypeError(
                "a function that returns a torch.nn.Module",
                type(built).__name__,
                "pass lambda seed: mlp([64, 32, 10], seed=seed), say",
            )
        networks.append(built)
    for built in networks:
        _check_structure(built, networks[0])
    template = networks[0]
    refuse_state(template)
    parameters, buffers = stack_module_state(networks)
    trained = dict(template.named_parameters())
    values = {name: value.detach() for name, value in parameters.items()}
    return Members(
        template=template,
        parameters={n: v for n, v in values.items() if trained[n].requires_grad},
        constants={**buffers, **{n: v for n, v in values.items() if not trained[n].requires_grad}},
    )


def refuse_state(network: nn.Module) -> None:
    """Raise the reason if a module keeps state, mixes examples or draws random numbers.

    Example:
        >>> refuse_state(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    """
    for name, module in network.named_modules():
        kind, reason = type(module).__name__, None
        if isinstance(module, nn.modules.batchnorm._NormBase) and module.track_running_stats:
            reason = "keeps running statistics between calls", "use LayerNorm"
        elif isinstance(module, nn.modules.batchnorm._BatchNorm):
            reason = "mixes the examples of a batch", "use LayerNorm"
        elif isinstance(module, nn.modules.dropout._DropoutNd) and module.p > 0:
            reason = "draws random numbers", "leave it out, or set p=0"
        elif isinstance(module, nn.RReLU):
            reason = "draws random numbers", "use LeakyReLU"
        if reason:
            why, do = reason
            raise InvalidValueError(
                "a network whose output depends on its input and parameters only",
                f"the layer {name or 'itself'!r}, {kind}, which {why}",
                do,
            )


def check_outputs(network: nn.Module, data: Examples) -> None:
    """Raise unless a call on two examples gives outputs that fit the targets, and gives them again.

    Example:
        >>> data = Examples(torch.ones(2, 2), torch.ones(2, 1), None, None, None)
        >>> check_outputs(nn.Linear(2, 1), data)
    """
    before = {name: value.clone() for name, value in network.named_buffers()}
    x, y = data.x[:2], data.y[:2]
    try:
        with torch.no_grad():
            first, second = network(x), network(x)
    except Exception as cause:
        raise InvalidValueError(
            "inputs that the network accepts",
            f"{x.dtype} of shape {tuple(x.shape)}: {first_line(cause)}",
            "compare the shape and dtype with the network's first layer",
        ) from cause
    expected = tuple(y.shape)
    if data.classifies:
        expected = (len(x), data.n_classes or "classes")
    got = tuple(first.shape) if isinstance(first, Tensor) else type(first).__name__
    fits = got == expected
    if data.classifies and isinstance(got, tuple) and len(got) == 2:
        fits = got[0] == len(x) and got[1] == (data.n_classes or got[1])
    if not fits:
        raise InvalidValueError(
            f"outputs of shape {expected} for {len(x)} examples", str(got), "change the last layer"
        )
    if data.classifies and data.n_classes is None:
        for labels in (data.y, data.y_test):
            if labels is not None and int(labels.max()) >= got[1]:
                raise InvalidValueError(
                    f"labels from 0 to {got[1] - 1}, one for each output",
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


def first_line(cause: Exception) -> str:
    """Return the first line of what an exception says, or its kind where it says nothing.

    Example:
        >>> first_line(KeyError())
        'KeyError'
    """
    return next(iter(str(cause).splitlines()), type(cause).__name__)


def _builder(network: object) -> Callable[[int], object]:
    if isinstance(network, nn.Module):
        for name, module in network.named_modules():
            if list(module.parameters(recurse=False)) and not hasattr(module, "reset_parameters"):
                raise InvalidValueError(
                    "layers that can redraw their parameters (reset_parameters)",
                    f"{name or 'the module'!r}, {type(module).__name__}, which cannot",
                    "pass its class, or a function of the seed that builds the network",
                )
        return lambda seed: _redrawn(network)
    if inspect.isclass(network) and issubclass(network, nn.Module):
        _check_call(network, "a module class that needs no argument")
        return lambda seed: network()
    if callable(network):
        _check_call(network, "a function of one argument, the seed", 0)
        return network
    raise InvalidTypeError(
        "a function seed -> torch.nn.Module, a module class or a module",
        type(network).__name__,
        "pass lambda seed: mlp([64, 32, 10], seed=seed), say",
    )


def _check_call(network: Callable, expected: str, *arguments: int) -> None:
    try:
        inspect.signature(network).bind(*arguments)
    except ValueError:  # a builtin that does not say what it takes
        return
    except TypeError as cause:
        raise InvalidTypeError(
            expected, f"one that cannot be called so: {cause}", "pass lambda seed: Net(), say"
        ) from cause


def _redrawn(network: nn.Module) -> nn.Module:
    network = copy.deepcopy(network)
    for module in network.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    return network


def _check_structure(network: nn.Module, first: nn.Module) -> None:
    if any(nn.parameter.is_lazy(p) for p in (*network.parameters(), *network.buffers())):
        raise InvalidValueError(
            "layers that know their sizes", repr(network), "use Linear in place of LazyLinear"
        )
    found, wanted = (
        {name: (tuple(p.shape), p.dtype) for name, p in n.named_parameters()}
        for n in (network, first)
    )
    if not any(p.requires_grad for p in network.parameters()):
        raise InvalidValueError(
            "a network with parameters to train", repr(network), "add a layer that has some"
        )
    dtypes = {dtype for _, dtype in found.values()}
    if found != wanted or len(dtypes) > 1 or not next(iter(dtypes)).is_floating_point:
        raise InvalidValueError(
            "networks of one structure and one floating dtype for every seed",
            f"parameters {found} beside {wanted}",
            "let the seed decide the initial values only",
        )
