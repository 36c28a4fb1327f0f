"""What the hidden units of a network make of a batch, before and after the activation."""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.modules import activation as torch_activations
from torch.utils.hooks import RemovableHandle

from relukit.errors import InvalidTypeError, InvalidValueError, RelukitError
from relukit.initialization import WEIGHTED
from relukit.networks import Elementwise, Gate, Maxout
from relukit.quantities import real

_MIXING = {"MultiheadAttention", "Softmax", "Softmax2d", "Softmin", "LogSoftmax"}
ACTIVATION_MODULES = (
    nn.Identity,
    Elementwise,
    Gate,
    Maxout,
    *(getattr(torch_activations, n) for n in torch_activations.__all__ if n not in _MIXING),
)


def preactivations(network: nn.Module, x: Tensor) -> list[Tensor]:
    r"""Return the inputs $z$ of the hidden activations, in the order in which they run.

    Args:
        network: a module whose activations are modules, such as nn.ReLU. One is hidden if a
            Linear or Conv layer runs after it; an activation behind the last layer is output.
        x: a batch that the network accepts, at least one example.

    Returns:
        One detached copy for each hidden activation, in the shape in which the network makes it.

    Raises:
        InvalidTypeError: no module, or no tensor.
        InvalidValueError: an empty batch, one that the network refuses, or several layers without
            an activation module between them.

    Conventions: the network runs in evaluation mode and without gradients; afterwards, also after
        an error, every module has its training mode back and no hook is left.

    Example:
        >>> from relukit.networks import mlp
        >>> [tuple(z.shape) for z in preactivations(mlp([4, 8, 6, 2]), torch.zeros(5, 4))]
        [(5, 8), (5, 6)]
    """
    return _record(network, x).before


def activations(network: nn.Module, x: Tensor) -> list[Tensor]:
    r"""Return the outputs $a = f(z)$ of the hidden activations, in the order in which they run.

    Args:
        network: as for `preactivations`.
        x: a batch that the network accepts, at least one example.

    Returns:
        One detached copy for each hidden activation, in the shape in which the network makes it.

    Raises:
        InvalidTypeError: no module, or no tensor.
        InvalidValueError: as for `preactivations`.

    Conventions: as for `preactivations`.

    Example:
        >>> from relukit.networks import mlp
        >>> network, x = mlp([4, 8, 2]), torch.ones(5, 4)
        >>> bool(activations(network, x)[0].equal(preactivations(network, x)[0].relu()))
        True
    """
    return _record(network, x).after


def zero_fraction(network: nn.Module, x: Tensor) -> list[float]:
    """Return, for each hidden activation, the share of its outputs that are exactly 0.

    Args:
        network: as for `preactivations`.
        x: a batch that the network accepts, at least one example.

    Returns:
        A number from 0 to 1 for each hidden activation, over all examples and units.

    Raises:
        InvalidTypeError: no module, or no tensor.
        InvalidValueError: as for `preactivations`, or an output is nan.

    Conventions: -0.0 counts as zero; a tiny number does not.

    Example:
        >>> from relukit.networks import mlp
        >>> zero_fraction(mlp([2, 8, 8, 1], "sigmoid"), torch.ones(3, 2))
        [0.0, 0.0]
    """
    fractions = []
    for depth, a in enumerate(activations(network, x), start=1):
        if a.isnan().any():
            raise InvalidValueError(
                "activations that are numbers",
                f"nan after hidden activation {depth}",
                "look for nan in the input, or for the training step where the weights diverged",
            )
        fractions.append((a == 0).sum().item() / a.numel())
    return fractions


def saturation(activation_name: str, z: Tensor, *, fraction: float = 0.01) -> float:
    r"""Return the share of $z$ where $|f'(z)| < \mathrm{fraction}\cdot\sup|f'|$.

    Args:
        activation_name: a key of `relukit.activations.ACTIVATIONS`, at its default parameters.
        z: preactivations of any shape, at least one, dimensionless.
        fraction: how small a slope counts as none, relative to the steepest, 0 < fraction <= 1.

    Returns:
        A number from 0 to 1.

    Raises:
        InvalidTypeError: z or fraction are not numbers.
        InvalidValueError: an unknown activation, one whose slope has no bound or is 0 everywhere,
            an empty z, nan in z, or a fraction out of range.

    Conventions: infinite z count by the limit of the slope there.

    Example:
        >>> saturation("sigmoid", torch.tensor([-9.0, 0.0, 2.0, 9.0]))
        0.5
    """
    from relukit.activations import activation

    chosen = activation(activation_name)
    fraction = real("fraction", fraction, above=0, most=1, do="pass 0.01 for one per cent")
    if not 0 < chosen.lipschitz < float("inf"):
        raise InvalidValueError(
            "an activation whose steepest slope is a positive number",
            f"{activation_name!r} with {chosen.lipschitz}",
            "choose another, such as 'tanh'",
        )
    slope = chosen.derivative(z.detach() if isinstance(z, Tensor) else z)
    if slope.numel() == 0 or slope.isnan().any():
        got = "nan" if slope.numel() else "no number"
        raise InvalidValueError("at least one z, none of them nan", got, "pass preactivations")
    return (slope.abs() < fraction * chosen.lipschitz).sum().item() / slope.numel()


@dataclass
class _Record:
    before: list[Tensor] = field(default_factory=list)
    after: list[Tensor] = field(default_factory=list)
    n_hidden: int = 0
    n_layers: int = 0

    def hooks(self, module: nn.Module) -> list[RemovableHandle]:
        if isinstance(module, ACTIVATION_MODULES):
            return [
                # copies, because an in-place activation overwrites its input
                module.register_forward_pre_hook(
                    lambda _, inputs: self.before.append(inputs[0].detach().clone())
                ),
                module.register_forward_hook(
                    lambda _, __, output: self.after.append(output.detach().clone())
                ),
            ]
        if isinstance(module, WEIGHTED):
            return [module.register_forward_pre_hook(lambda _, __: self.layer())]
        return []

    def layer(self) -> None:
        self.n_layers, self.n_hidden = self.n_layers + 1, len(self.after)


def _record(network: nn.Module, x: Tensor) -> _Record:
    if not isinstance(network, nn.Module):
        raise InvalidTypeError("a torch.nn.Module", type(network).__name__, "pass a network")
    if not isinstance(x, Tensor):
        raise InvalidTypeError("a tensor x", type(x).__name__, "convert it with torch.as_tensor")
    if x.numel() == 0:
        raise InvalidValueError("at least one example", f"shape {tuple(x.shape)}", "pass more rows")
    record, handles = _Record(), []
    modes = [(module, module.training) for module in network.modules()]
    try:
        for module, _ in modes:
            handles += record.hooks(module)
        network.eval()
        with torch.no_grad():
            network(x)
    except RelukitError:
        raise
    except (RuntimeError, ValueError, IndexError) as cause:
        raise InvalidValueError(
            "a batch that the network accepts",
            f"{x.dtype} of shape {tuple(x.shape)}: {str(cause).splitlines()[0]}",
            "compare the shape and dtype with the network's first layer",
        ) from cause
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes:
            module.training = mode
    if record.n_layers > 1 and not record.before:
        raise InvalidValueError(
            "activations that are modules",
            f"{record.n_layers} layers and no activation module",
            "write nn.ReLU() as a layer, or nn.Identity() for a linear network",
        )
    del record.before[record.n_hidden :], record.after[record.n_hidden :]
    return record
