"""Recurrent networks: one layer of units that sees the sequence and its own last state."""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init

from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.initialization import SCHEMES, initialize
from relukit.networks.arguments import check_options
from relukit.networks.elementwise import activation_module
from relukit.quantities import integers, is_integer, real, seed_number

INPUT_STD = 0.1


class Recurrent(nn.Module):
    r"""The network $h_t = f(U x_t + b + W h_{t-1})$, $y = V h_T + c$, with $h_0 = 0$.

    Args:
        inputs: nn.Linear from inputs to units, $U$ and $b$.
        recurrent: nn.Linear from units to units without a bias, $W$.
        outputs: nn.Linear from units to outputs, $V$ and $c$.
        activation: a module for $f$.

    Example:
        >>> network = recurrent([2, 5, 1])
        >>> x = torch.ones(3, 7, 2)
        >>> tuple(network(x).shape), tuple(network.states(x).shape)
        ((3, 1), (3, 7, 5))
    """

    def __init__(
        self, inputs: nn.Linear, recurrent: nn.Linear, outputs: nn.Linear, activation: nn.Module
    ) -> None:
        super().__init__()
        self.inputs, self.recurrent, self.outputs = inputs, recurrent, outputs
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        r"""Return $V h_T + c$ of shape (..., outputs) for sequences of shape (..., time, inputs).

        Raises:
            InvalidTypeError: x is no tensor.
            InvalidValueError: no time step, or a last dimension that the layers do not have.
        """
        *_, last = self._steps(x, None)
        return self.outputs(last)

    def states(self, x: Tensor, initial: Tensor | None = None) -> Tensor:
        r"""Return the states $h_1, \ldots, h_T$.

        Args:
            x: sequences of shape (..., time, inputs), dimensionless.
            initial: $h_0$ of shape (..., units); None for zeros.

        Returns:
            A tensor (..., time, units).

        Raises:
            InvalidTypeError: x or initial is no tensor.
            InvalidValueError: no time step, or a last dimension that the layers do not have.

        Example:
            >>> network = recurrent([1, 3, 1])
            >>> h = network.states(torch.zeros(4, 1), torch.tensor([1.0, 2.0, 3.0]))
            >>> h[-1]
            tensor([1., 2., 3.], grad_fn=<SelectBackward0>)
        """
        return torch.stack(list(self._steps(x, initial)), dim=-2)

    def _steps(self, x: Tensor, initial: Tensor | None) -> Iterator[Tensor]:
        n_inputs, width = self.inputs.in_features, self.recurrent.in_features
        _check_tensor("x", x, n_inputs)
        if x.ndim < 2 or x.shape[-2] == 0:
            raise InvalidValueError(
                "sequences of shape (..., time, inputs), one step or more",
                f"shape {tuple(x.shape)}",
                "give x a dimension of time before the inputs",
            )
        driven = self.inputs(x)
        if initial is None:
            h = torch.zeros_like(driven[..., 0, :])
        else:
            _check_tensor("initial", initial, width)
            h = initial
        for z in driven.unbind(-2):
            h = self.activation(z + self.recurrent(h))
            yield h


def _check_tensor(name: str, value: object, size: int) -> None:
    if not isinstance(value, Tensor):
        kind = type(value).__name__
        raise InvalidTypeError(f"a tensor {name}", kind, "convert it with torch.as_tensor")
    if value.ndim == 0 or value.shape[-1] != size:
        raise InvalidValueError(
            f"{name} of shape (..., {size})", f"shape {tuple(value.shape)}", "compare the widths"
        )


def recurrent(
    widths: Iterable[int],
    activation: str | None = "relu",
    *,
    scheme: str = "identity",
    gain: float | None = None,
    seed: int | torch.Generator = 0,
    dtype: torch.dtype = torch.float32,
) -> Recurrent:
    r"""Return the network $h_t = f(U x_t + b + W h_{t-1})$, $y = V h_T + c$.

    The scheme draws the recurrent weights $W$ and nothing else: $U$ is $N(0, 0.1^2)$, $b = 0$,
    and $V$ and $c$ are as in torch, so that networks of one seed differ in $W$ alone.

    | scheme | the gradient of a layer of rectifiers over many steps |
    | --- | --- |
    | "identity" | kept exactly by every unit that stays active |
    | "he_normal" | explodes or vanishes, by the seed: one W acts again and again |
    | "lecun_normal" | vanishes |

    Args:
        widths: inputs, units and outputs: three integers of at least 1.
        activation: a name as for `activation_module`, such as "tanh".
        scheme: "identity", or a key of `relukit.initialization.SCHEMES` but "normal".
        gain: factor in place of the scheme's own, above 0, dimensionless; for "identity", whose
            own is 1, $W = \mathrm{gain} \cdot I$.
        seed: of the weights; a torch.Generator is advanced.
        dtype: of the weights, a floating dtype.

    Returns:
        A Recurrent in training mode, for sequences of shape (..., time, widths[0]). The layers
        `inputs`, `recurrent` and `outputs` can be initialized anew, one by one; the paper draws
        the input weights with a standard deviation of 0.001.

    Raises:
        InvalidTypeError: widths, gain or dtype of another kind.
        InvalidValueError: other than three widths, one below 1, an unknown name, gain out of range.

    References: [Le2015].

    Example:
        >>> recurrent([2, 3, 1], gain=0.5).recurrent.weight.tolist()
        [[0.5, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.5]]
    """
    widths = integers("widths", widths, least=1, do="pass for example [2, 100, 1]")
    if len(widths) != 3:
        raise InvalidValueError(
            "three widths", str(len(widths)), "pass inputs, units and outputs: [2, 100, 1]"
        )
    check_options(scheme=scheme, dtype=dtype)
    if not isinstance(scheme, str) or scheme not in {"identity", *SCHEMES}:
        raise unknown_name("initialization scheme", scheme, {"identity", *SCHEMES} - {"normal"})
    gain = None if gain is None else real("gain", gain, above=0, do="pass gain=1.0")
    n_inputs, width, n_outputs = widths
    network = Recurrent(
        skip_init(nn.Linear, n_inputs, width, dtype=dtype),
        skip_init(nn.Linear, width, width, bias=False, dtype=dtype),
        skip_init(nn.Linear, width, n_outputs, dtype=dtype),
        activation_module(activation),
    ).to(dtype)
    if is_integer(seed):
        seed = torch.Generator().manual_seed(seed_number(seed))  # one stream for the three layers
    # W last, so that networks of one seed share the others
    initialize(network.inputs, "normal", seed=seed, std=INPUT_STD)
    initialize(network.outputs, "pytorch", seed=seed)
    if scheme == "identity":
        with torch.no_grad():
            nn.init.eye_(network.recurrent.weight).mul_(1.0 if gain is None else gain)
    else:
        initialize(network.recurrent, scheme, seed=seed, gain=gain)
    return network
