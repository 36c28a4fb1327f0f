"""Every member of a plain stack of Linear layers and activations, as batched matrix products."""

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


class Layered:
    """Forward and backward pass of a population of `is_layered` networks.

    Args:
        template: one of the networks.
        parameters: name -> (members, ...), contiguous; read at every call.
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
        self.stages: list[nn.Module | tuple[Tensor | None, ...]] = []
        for name, stage in template.named_children():
            if isinstance(stage, nn.Linear):
                keys = (f"{name}.weight", f"{name}.bias")
                weight, bias = (parameters.get(key) for key in keys)
                bias = None if bias is None else bias.unsqueeze(1)
                self.stages.append((weight, bias, *(gradients.get(key) for key in keys)))
            else:
                self.stages.append(stage)
        linear = [i for i, stage in enumerate(self.stages) if isinstance(stage, tuple)]
        self.first, self.last = linear[0], linear[-1]

    def outputs(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return outputs (members, n, ...) and the hidden activations, for inputs (members, n, f).

        Conventions: hidden are the activations before the last Linear layer.
        """
        hidden, a = [], x
        with torch.no_grad():
            for i, stage in enumerate(self.stages):
                a = _linear(a, stage) if isinstance(stage, tuple) else stage(a)
                if i < self.last and not isinstance(stage, tuple):
                    hidden.append(a)
        return a, hidden

    def gradient(self, x: Tensor, y: Tensor, l1: Tensor | None) -> Tensor:
        """Fill the gradients and return each member's loss, (members,).

        Args:
            x: inputs (members, batch, features).
            y: labels or targets, (members, batch, ...).
            l1: weight of the hidden activations' absolute sum, (members,), or None.
        """
        saved: list[tuple[Tensor, Tensor]] = []
        a = x
        with torch.no_grad():
            for i, stage in enumerate(self.stages):
                z = a
                if isinstance(stage, tuple):
                    a = _linear(z, stage)
                elif type(stage) is nn.ReLU:
                    owned = i > 0 and isinstance(self.stages[i - 1], tuple)
                    a = z.relu_() if owned else z.relu()
                else:
                    with torch.enable_grad():
                        z = z.detach().requires_grad_()
                        a = stage(z)
                saved.append((z, a))
                a = a.detach()
            loss, g = loss_and_gradient(a, y)
            for i in range(len(self.stages) - 1, self.first - 1, -1):
                stage, (z, a) = self.stages[i], saved[i]
                if isinstance(stage, tuple):
                    weight, _, into_weight, into_bias = stage
                    torch.bmm(g.transpose(1, 2), z.detach(), out=into_weight)
                    if into_bias is not None:
                        torch.sum(g, 1, out=into_bias)
                    if i > self.first:
                        g = torch.bmm(g, weight)
                    continue
                if l1 is not None and i < self.last:
                    g = g.addcmul_(a.detach().sign(), (l1 / x.shape[1]).view(-1, 1, 1))
                if type(stage) is nn.ReLU:
                    g = torch.ops.aten.threshold_backward(g, a, 0)
                else:
                    (g,) = torch.autograd.grad(a, z, g)
        return loss


def _linear(x: Tensor, stage: tuple[Tensor | None, ...]) -> Tensor:
    weight, bias = stage[:2]
    product = torch.bmm(x, weight.transpose(1, 2))
    return product if bias is None else product.add_(bias)
