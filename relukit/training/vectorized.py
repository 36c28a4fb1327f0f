"""Every member of any torch module, vectorized by torch.func."""

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from relukit.diagnostics.layers import ACTIVATION_MODULES
from relukit.initialization import WEIGHTED
from relukit.training.losses import loss_and_gradient


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
        self.copies: bool | None = None
        self.plain = vmap(self._output, randomness="error")

    def _output(
        self, parameters: dict[str, Tensor], constants: dict[str, Tensor], x: Tensor
    ) -> Tensor:
        output: Tensor = functional_call(self.template, {**parameters, **constants}, (x,))
        return output

    def _one(
        self, parameters: dict[str, Tensor], constants: dict[str, Tensor], x: Tensor
    ) -> tuple[Tensor, list[Tensor]]:
        hidden: list[Tensor] = []
        kept = [0]
        handles = []

        def seen(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
            hidden.append(output.clone() if self.copies else output)

        def reached(_module: nn.Module, _inputs: tuple[Tensor, ...]) -> None:
            kept[0] = len(hidden)

        for module in self.template.modules():
            if isinstance(module, ACTIVATION_MODULES):
                handles.append(module.register_forward_hook(seen))
            elif isinstance(module, WEIGHTED):
                handles.append(module.register_forward_pre_hook(reached))
        try:
            output = self._output(parameters, constants, x)
        finally:
            for handle in handles:
                handle.remove()
        return output, hidden[: kept[0]]

    def outputs(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return outputs (members, n, ...) and the hidden activations of inputs (members, n, ...).

        Conventions: hidden are the outputs of activation modules before the last weighted layer.
        """
        with torch.no_grad():
            self._look(x)
            return self.call(self.parameters, self.constants, x)

    def _look(self, x: Tensor) -> None:
        """Find out, once, if the network changes a hidden activation after it was made.

        Only then is each copied. A plain call of one member tells, as torch counts the changes of
        a plain tensor; a branch on values, which could change some another time, vmap refuses.
        """
        if self.copies is not None:
            return
        made: list[tuple[Tensor, int]] = []
        handles = [
            module.register_forward_hook(lambda _m, _i, a: made.append((a, a._version)))
            for module in self.template.modules()
            if isinstance(module, ACTIVATION_MODULES)
        ]
        values = {n: v[0].detach() for n, v in {**self.parameters, **self.constants}.items()}
        try:
            functional_call(self.template, values, (x[0],))
        finally:
            for handle in handles:
                handle.remove()
        self.copies = any(a._version != version for a, version in made)

    def gradient(self, x: Tensor, y: Tensor, l1: Tensor | None) -> Tensor:
        """Fill the gradients and return each member's loss, (members,), as `Layered.gradient`."""
        with torch.enable_grad():
            hidden: list[Tensor] = []
            if l1 is None:  # nobody needs what is inside
                output = self.plain(self.parameters, self.constants, x)
            else:
                with torch.no_grad():
                    self._look(x)
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
