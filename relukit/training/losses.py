"""Losses of every member at once, with their gradients in closed form."""

import torch
from torch import Tensor


def loss_and_gradient(output: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    r"""Return each member's mean loss over its batch, and its gradient at the outputs.

    For labels the cross-entropy $-\log \mathrm{softmax}(z)_y$ with gradient
    $(\mathrm{softmax}(z) - e_y)/B$; for targets the mean square $(z - y)^2$ over all entries.

    Args:
        output: outputs z, (members, batch, ...), without a gradient of their own.
        y: labels (members, batch) of dtype int64, or targets of the outputs' shape.

    Returns:
        Losses (members,) and gradients of the outputs' shape.

    Example:
        >>> loss, gradient = loss_and_gradient(torch.zeros(1, 1, 2), torch.tensor([[1]]))
        >>> round(float(loss), 4), gradient.tolist()
        (0.6931, [[[0.5, -0.5]]])
    """
    if y.is_floating_point():
        gap = output - y
        flat = gap.flatten(1)
        loss = (flat * flat).mean(1)
        return loss, gap.mul_(2 / flat.shape[1])
    chosen, batch = y.unsqueeze(1), y.shape[1]
    # classes before examples: a softmax over neighbours in memory is many times slower
    logs = torch.log_softmax(output.transpose(1, 2).contiguous(), 1)
    loss = logs.gather(1, chosen).flatten(1).mean(1).neg_()
    gradient = logs.exp_().div_(batch)
    gradient.scatter_add_(1, chosen, gradient.new_full((), -1 / batch).expand(chosen.shape))
    return loss, gradient.transpose(1, 2)


def widest(device: torch.device) -> torch.dtype:
    """Return the dtype in which sums over many examples are kept: float64 where a device has it.

    Example:
        >>> widest(torch.device("mps"))
        torch.float32
    """
    return torch.float32 if device.type == "mps" else torch.float64


def summed_loss(output: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the sum over examples of each member's loss, and how many labels it got right.

    Args:
        output: (members, n, ...).
        y: labels (n,) or targets (n, ...), the same for every member; or each member's own, with
            members first.

    Returns:
        Sums of shape (members,) in the device's `widest` dtype; and counts (members,), 0 for
            targets.

    Conventions: the class is the first of the largest outputs; an output with a nan is wrong.

    Example:
        >>> summed_loss(torch.tensor([[[1.0], [3.0]]]), torch.tensor([[1.0], [1.0]]))[0]
        tensor([4.], dtype=torch.float64)
    """
    wide = widest(output.device)
    if y.is_floating_point():
        squares = (output - y).flatten(2).to(wide).square().mean(2)
        return squares.sum(1), torch.zeros(len(output), dtype=torch.int64, device=output.device)
    logs = torch.log_softmax(output, -1)
    chosen = y.expand(output.shape[:2]).unsqueeze(-1)
    right = (output.argmax(-1) == y) & ~output.isnan().any(-1)
    return -logs.gather(-1, chosen).to(wide).sum((1, 2)), right.sum(1)
