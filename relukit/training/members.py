"""Members of a population: one network for each seed, with their parameters stacked."""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import stack_module_state

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.streams import made_from


@dataclass(frozen=True, eq=False)
class Members:
    """Initial state of one network for each seed.

    Args:
        template: one of the networks, whose structure all share.
        parameters: what is trained, name -> (n_seeds, ...).
        constants: buffers and parameters that ask for no gradient, name -> (n_seeds, ...).
        seeds: of the networks, (n_seeds,).

    Example:
        >>> members_for(nn.Linear(2, 1), (0, 1, 2)).parameters["weight"].shape
        torch.Size([3, 1, 2])
    """

    template: nn.Module
    parameters: dict[str, Tensor]
    constants: dict[str, Tensor]
    seeds: tuple[int, ...]

    @property
    def dtype(self) -> torch.dtype:
        """The one dtype of all parameters."""
        return next(iter(self.parameters.values())).dtype

    def at(self, positions: list[int]) -> "Members":
        """Return the networks at some positions."""
        if positions == list(range(len(self.seeds))):
            return self

        def chosen(values: dict[str, Tensor]) -> dict[str, Tensor]:
            return {name: value[positions] for name, value in values.items()}

        seeds = tuple(self.seeds[i] for i in positions)
        return Members(self.template, chosen(self.parameters), chosen(self.constants), seeds)


def members_for(network: object, seeds: tuple[int, ...]) -> Members:
    """Return the networks of all seeds: built by a call, or redrawn from a template.

    Args:
        network: a function seed -> nn.Module; or a module class that needs no argument; or a
            module whose layers are redrawn, for each seed, by their own reset_parameters.
        seeds: of the members.

    Raises:
        InvalidTypeError: nothing of this kind, or a call that returns no module.
        InvalidValueError: a module with state or randomness, without parameters, with
            parameters that no layer can redraw, of another structure for another seed, or one
            without values (on the device "meta"). One on another device is copied to the CPU.

    Conventions: each call runs under torch.manual_seed(seed), and torch's global random state,
        also that of a card, is put back; so a class gives what `torch.manual_seed(seed); Net()`
        gives.

    Example:
        >>> members_for(lambda seed: nn.Linear(2, 1), (4,)).parameters["bias"].shape
        torch.Size([1, 1])
    """
    build = _builder(network)
    networks = []
    for seed in seeds:
        built = made_from(seed, build)
        if not isinstance(built, nn.Module):
            raise InvalidTypeError(
                "a function that returns a torch.nn.Module",
                type(built).__name__,
                "pass lambda seed: mlp([64, 32, 10], seed=seed), say",
            )
        networks.append(_on_the_cpu(built))
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
        seeds=seeds,
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
        check_call(network, "a module class that needs no argument")
        return lambda seed: network()
    if callable(network):
        check_call(network, "a function of one argument, the seed", 0)
        return network
    raise InvalidTypeError(
        "a function seed -> torch.nn.Module, a module class or a module",
        type(network).__name__,
        "pass lambda seed: mlp([64, 32, 10], seed=seed), say",
    )


def check_call(
    function: Callable[..., object],
    expected: str,
    *arguments: int,
    do: str = "pass lambda seed: Net(), say",
) -> None:
    """Raise unless a function can be called with these arguments, as far as it says.

    Raises:
        InvalidTypeError: it takes others.

    Example:
        >>> check_call(nn.Flatten, "a class that needs no argument")
    """
    try:
        inspect.signature(function).bind(*arguments)
    except ValueError:  # a builtin that does not say what it takes
        return
    except TypeError as cause:
        raise InvalidTypeError(expected, f"one that cannot be called so: {cause}", do) from cause


def _on_the_cpu(network: nn.Module) -> nn.Module:
    """Return a network whose values are on the CPU: itself, or a copy of it."""
    values = [*network.parameters(), *network.buffers()]
    if any(value.is_meta for value in values):
        raise InvalidValueError(
            "a network that has values", "one on the device 'meta'", "build it on the CPU"
        )
    if all(value.device.type == "cpu" for value in values):
        return network
    return copy.deepcopy(network).to("cpu")


def _redrawn(network: nn.Module) -> nn.Module:
    network = copy.deepcopy(network)
    for module in network.modules():
        redraw = getattr(module, "reset_parameters", None)
        if redraw is not None:
            redraw()
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
