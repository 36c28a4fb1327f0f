"""Every member of any torch module, vectorized by torch.func."""

import copy

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from relukit.diagnostics.layers import ACTIVATION_MODULES
from relukit.errors import InvalidValueError
from relukit.initialization import WEIGHTED
from relukit.training.arguments import Examples
from relukit.training.layered import is_layered
from relukit.training.losses import loss_and_gradient
from relukit.training.members import Members, first_line


class Vectorized:
    """Forward and backward pass of a population of modules of any kind.

    Args:
        template: one of the networks.
        parameters: name -> (members, ...); read at every call.
        gradients: name -> tensor of the same shape, filled by `gradient`.
        constants: buffers and fixed parameters, name -> (members, ...).

    Example:
        >>> state = {"weight": torch.ones(3, 1, 2)}
        >>> net = Vectorized(nn.Linear(2, 1, bias=False), state, state, {})
        >>> net.outputs(torch.ones(3, 5, 2))[0].shape
        torch.Size([3, 5, 1])
    """

    def __init__(
        self,
        template: nn.Module,
        parameters: dict[str, Tensor],
        gradients: dict[str, Tensor],
        constants: dict[str, Tensor],
    ) -> None:
        self.template, self.constants = template, constants
        # views of the same memory: the optimizer's updates are seen here
        self.parameters = {n: p.detach().requires_grad_() for n, p in parameters.items()}
        self.gradients = gradients
        self.call = vmap(self._one, randomness="error")

    def _one(self, parameters: dict, constants: dict, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        hidden: list[Tensor] = []
        kept = [0]
        handles = []

        def seen(_module: nn.Module, _inputs: tuple, output: Tensor) -> None:
            hidden.append(output.clone())

        def reached(_module: nn.Module, _inputs: tuple) -> None:
            kept[0] = len(hidden)

        for module in self.template.modules():
            if isinstance(module, ACTIVATION_MODULES):
                handles.append(module.register_forward_hook(seen))
            elif isinstance(module, WEIGHTED):
                handles.append(module.register_forward_pre_hook(reached))
        try:
            output = functional_call(self.template, {**parameters, **constants}, (x,))
        finally:
            for handle in handles:
                handle.remove()
        return output, hidden[: kept[0]]

    def outputs(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return outputs (members, n, ...) and the hidden activations of inputs (members, n, ...).

        Conventions: hidden are the outputs of activation modules before the last weighted layer.
        """
        with torch.no_grad():
            return self.call(self.parameters, self.constants, x)

    def gradient(self, x: Tensor, y: Tensor, l1: Tensor | None) -> Tensor:
        """Fill the gradients and return each member's loss, (members,).

        Args:
            x: inputs (members, batch, ...).
            y: labels or targets, (members, batch, ...).
            l1: weight of the hidden activations' absolute sum, (members,), or None.
        """
        with torch.enable_grad():
            output, hidden = self.call(self.parameters, self.constants, x)
        loss, g = loss_and_gradient(output.detach(), y)
        ends, weights = [output], [g]
        if l1 is not None:
            for a in hidden:
                scale = (l1 / x.shape[1]).view(-1, *[1] * (a.ndim - 1))
                ends.append(a)
                weights.append(a.detach().sign() * scale)
        found = torch.autograd.grad(
            ends, list(self.parameters.values()), weights, allow_unused=True
        )
        for into, gradient in zip(self.gradients.values(), found, strict=True):
            into.zero_() if gradient is None else into.copy_(gradient)
        return loss


def check_vectorizes(members: Members, data: Examples, needs: str) -> None:
    """Raise unless torch.func can vectorize the network and find what a setting needs.

    Args:
        members: whose first member is tried on two examples.
        data: the examples, in the members' dtype.
        needs: the setting that needs hidden activations, "" for none.

    Example:
        >>> from relukit.training.members import members_for
        >>> data = Examples(torch.ones(2, 2), torch.ones(2, 1), None, None, None)
        >>> check_vectorizes(members_for(nn.Linear(2, 1), (0,)), data, "")
    """
    one = {name: value[:1].clone() for name, value in members.parameters.items()}
    constants = {name: value[:1] for name, value in members.constants.items()}
    network = Vectorized(members.template, one, {n: p.clone() for n, p in one.items()}, constants)
    x, y = data.x[None, :2], data.y[None, :2]
    try:
        output, hidden = network.outputs(x)
        if not is_layered(members.template, data.x):
            network.gradient(x, y, None)
        alone = members.template(data.x[:2])
        copy.deepcopy(members.template)  # refused for a module that has kept what it saw
    except Exception as cause:
        raise InvalidValueError(
            "a network that torch.func.vmap can vectorize",
            f"one that it cannot: {first_line(cause)}",
            "write its forward without in-place changes, .item(), branches on values and memory",
        ) from cause
    size = max(1.0, float(alone.detach().abs().max()))
    if not torch.allclose(output[0], alone, atol=1e-2 * size, rtol=0, equal_nan=True):
        raise InvalidValueError(
            "a network that gives the same outputs alone and vectorized",
            "one that does not",
            "keep every parameter in the module, and nothing between calls",
        )
    if needs and not hidden:
        raise InvalidValueError(
            f"activations that are modules, for {needs}",
            "a network without any before its last layer",
            "write nn.ReLU() as a layer in place of a call",
        )
