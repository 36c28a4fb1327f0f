"""A network seen along the straight line between two inputs: a function of one number."""

import copy

import torch
from torch import Tensor, nn

from relukit.errors import InvalidTypeError, InvalidValueError


def along_line(network: nn.Sequential, start: Tensor, end: Tensor, *, output: int = 0) -> nn.Module:
    r"""Return $t \mapsto N((1 - t)\,\mathrm{start} + t\,\mathrm{end})$, one output, in float64.

    Args:
        network: layers that begin and end with nn.Linear, n inputs and m outputs.
        start: input at t = 0, shape (n,).
        end: input at t = 1, shape (n,).
        output: which of the m outputs, from 0.

    Returns:
        A network of its own with one input and one output, as `linear_pieces` takes it.

    Raises:
        InvalidTypeError: the network does not begin and end with nn.Linear.
        InvalidValueError: the points have another shape than its input, or there is no such output.

    Example:
        >>> network = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2))
        >>> walk = along_line(network, torch.zeros(2), torch.ones(2))
        >>> walk(torch.tensor([[0.5]], dtype=torch.float64)).shape
        torch.Size([1, 1])
    """
    layers = list(network) if isinstance(network, nn.Sequential) else []
    first, last = (layers[0], layers[-1]) if len(layers) > 1 else (None, None)
    if not isinstance(first, nn.Linear) or not isinstance(last, nn.Linear):
        raise InvalidTypeError(
            "an nn.Sequential that begins and ends with nn.Linear",
            type(network).__name__,
            "pass such as relukit.networks.mlp((64, 100, 10))",
        )
    shapes = [tuple(torch.as_tensor(point).shape) for point in (start, end)]
    if shapes != 2 * [(first.in_features,)]:
        raise InvalidValueError(
            f"two points of shape ({first.in_features},)",
            " and ".join(map(str, shapes)),
            "pass single inputs, such as x[0] and x[1]",
        )
    if not 0 <= output < last.out_features:
        raise InvalidValueError(
            f"an output from 0 to {last.out_features - 1}", str(output), "pass output=0"
        )
    start, end = start.detach().double().cpu(), end.detach().double().cpu()
    weight, bias = _float64(first)
    inward = _linear((weight @ (end - start))[:, None], weight @ start + bias)
    weight, bias = _float64(last)
    outward = _linear(weight[output][None], bias[output][None])
    between = copy.deepcopy(layers[1:-1])
    return nn.Sequential(inward, *(module.double().cpu() for module in between), outward)


def _float64(layer: nn.Linear) -> tuple[Tensor, Tensor]:
    weight = layer.weight.detach().double().cpu()
    bias = torch.zeros(len(weight)) if layer.bias is None else layer.bias.detach()
    return weight, bias.double().cpu()


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    layer = nn.utils.skip_init(nn.Linear, weight.shape[1], weight.shape[0], dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    return layer
