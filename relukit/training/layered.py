"""Every member of a plain stack of Linear layers and activations, as batched matrix products."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from relukit.diagnostics.layers import ACTIVATION_MODULES
from relukit.training.losses import loss_and_gradient

_NOT_POINTWISE = (nn.GLU, nn.PReLU, nn.RReLU)


def is_layered(network: nn.Module, x: Tensor) -> bool:
    """Return whether a network is a Sequential of Linear layers and pointwise activations.

    Example:
        >>> is_layered(nn.Sequential(nn.Linear(2, 3), nn.ReLU()), torch.ones(1, 2))
        True
    """
    if type(network) is not nn.Sequential or x.ndim != 2 or _has_hooks(network):
        return False
    stages = list(network)
    linear = [stage for stage in stages if type(stage) is nn.Linear]
    return (
        len({id(stage) for stage in linear}) == len(linear) > 0
        and all(p.requires_grad for p in network.parameters())
        and all(_pointwise(stage) for stage in stages if type(stage) is not nn.Linear)
    )


def _pointwise(stage: nn.Module) -> bool:
    inplace = getattr(stage, "inplace", False)
    return isinstance(stage, ACTIVATION_MODULES) and not isinstance(stage, _NOT_POINTWISE) | inplace


def _has_hooks(network: nn.Module) -> bool:
    return any(m._forward_hooks or m._forward_pre_hooks for m in network.modules())


@dataclass(frozen=True, eq=False)
class _Affine:
    """A Linear layer of all members: z = a W^T + b, and where its gradients go."""

    weight: Tensor
    bias: Tensor | None
    into_weight: Tensor
    into_bias: Tensor | None

    def into(self, a: Tensor, z: Tensor) -> Tensor:
        if self.bias is None:
            return torch.bmm(a, self.weight.transpose(1, 2), out=z)
        return torch.baddbmm(self.bias, a, self.weight.transpose(1, 2), out=z)


class Layered:
    """Forward and backward pass of a population of `is_layered` networks.

    Args:
        template: one of the networks.
        parameters: name -> (members, ...), each member's part contiguous; read at every call.
        gradients: name -> tensor of the same shape, filled by `gradient`.

    Example:
        >>> weight = {"0.weight": torch.ones(3, 1, 2)}
        >>> net = Layered(nn.Sequential(nn.Linear(2, 1, bias=False)), weight, weight)
        >>> net.outputs(torch.ones(3, 5, 2))[0].shape
        torch.Size([3, 5, 1])
    """

    def __init__(
        self, template: nn.Module, parameters: dict[str, Tensor], gradients: dict[str, Tensor]
    ) -> None:
        self.stages: list[nn.Module | _Affine] = []
        for name, stage in template.named_children():
            if not isinstance(stage, nn.Linear):
                self.stages.append(stage)
                continue
            weight, bias = f"{name}.weight", f"{name}.bias"
            above = parameters[bias].unsqueeze(1) if bias in parameters else None
            into = gradients[weight], gradients.get(bias)
            self.stages.append(_Affine(parameters[weight], above, *into))
        affine = [i for i, stage in enumerate(self.stages) if isinstance(stage, _Affine)]
        self.first, self.last = affine[0], affine[-1]
        self.room: tuple[Any, ...] = ((), [], [])

    def outputs(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return outputs (members, n, ...) and the hidden activations, for inputs (members, n, f).

        Conventions: hidden are the activations before the last Linear layer.
        """
        hidden, a = [], x
        with torch.no_grad():
            for i, stage in enumerate(self.stages):
                if isinstance(stage, _Affine):
                    a = stage.into(a, a.new_empty(*a.shape[:2], stage.weight.shape[1]))
                    continue
                a = stage(a)
                if i < self.last:
                    hidden.append(a)
        return a, hidden

    def gradient(self, x: Tensor, y: Tensor, l1: Tensor | None) -> Tensor:
        """Fill the gradients and return each member's loss, (members,).

        Args:
            x: inputs (members, batch, features).
            y: labels or targets, (members, batch, ...).
            l1: weight of the hidden activations' absolute sum, (members,), or None.
        """
        if self.room[0] != x.shape:
            self.room = (x.shape, *self._make_room(x, y.is_floating_point()))
        _, values, slopes = self.room
        saved: list[tuple[Tensor, Tensor]] = []
        a = x
        with torch.no_grad():
            for i, stage in enumerate(self.stages):
                z = a
                if isinstance(stage, _Affine):
                    a = stage.into(z, values[i])
                elif type(stage) is nn.ReLU and i > 0:
                    a = z.relu_() if isinstance(self.stages[i - 1], _Affine) else z.relu()
                else:
                    with torch.enable_grad():
                        z = z.detach().requires_grad_()
                        a = stage(z)
                saved.append((z, a))
                a = a.detach()
            loss, g = loss_and_gradient(a, y)
            for i in range(len(self.stages) - 1, self.first - 1, -1):
                stage, (z, a) = self.stages[i], saved[i]
                if isinstance(stage, _Affine):
                    torch.bmm(g.transpose(1, 2), z.detach(), out=stage.into_weight)
                    if stage.into_bias is not None:
                        torch.sum(g, 1, out=stage.into_bias)
                    if i > self.first:
                        g = torch.bmm(g, stage.weight, out=slopes[i])
                    continue
                if l1 is not None and i < self.last:
                    g = g.addcmul_(a.detach().sign(), (l1 / x.shape[1]).view(-1, 1, 1))
                if type(stage) is nn.ReLU:
                    g = torch.ops.aten.threshold_backward.grad_input(g, a, 0, grad_input=g)
                else:
                    g = _backward(a, z, g)
        return loss

    def _make_room(
        self, x: Tensor, targets: bool
    ) -> tuple[list[Tensor | None], list[Tensor | None]]:
        """Return memory for what the Linear layers put out, and for the gradients at their inputs.

        A gradient is needed only until the next one is there: two blocks serve in turns.
        """
        size, later = x.shape[:2], self.stages[self.first + 1 :]
        rest = [stage.weight.shape[2] for stage in later if isinstance(stage, _Affine)]
        blocks = [x.new_empty(size.numel() * max(rest)) for _ in rest[:2]]
        values: list[Tensor | None] = [None] * len(self.stages)
        slopes: list[Tensor | None] = [None] * len(self.stages)
        for i, stage in enumerate(self.stages):
            if isinstance(stage, _Affine):
                n_out, n_in = stage.weight.shape[1:]
                values[i] = x.new_empty(*size, n_out)
                if i > self.first:
                    blocks.reverse()
                    slopes[i] = blocks[0][: size.numel() * n_in].view(*size, n_in)
        if not targets:  # classes before examples, as the loss wants them
            values[self.last] = x.new_empty(size[0], n_out, size[1]).transpose(1, 2)
        return values, slopes


def _backward(a: Tensor, z: Tensor, g: Tensor) -> Tensor:
    """Return the gradient at z of what autograd has seen from z to a."""
    node = a.grad_fn
    if node is not None and len(node.next_functions) == 1:
        source = node.next_functions[0][0]
        if getattr(source, "variable", None) is z:
            return node(g)  # type: ignore[operator]  # one operator: no engine needed
    return torch.autograd.grad(a, z, g)[0]
