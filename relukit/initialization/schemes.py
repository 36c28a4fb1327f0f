"""Weights before training: a scheme is a distribution, a fan and a gain."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor, nn

from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.quantities import is_integer, real, seed_number

WEIGHTED = nn.Linear | nn.Conv1d | nn.Conv2d | nn.Conv3d
_FANS: dict[str, Callable[[int, int], float]] = {
    "in": lambda n, m: n,
    "mean": lambda n, m: (n + m) / 2,
    "larger": max,
    "one": lambda n, m: 1,
}


@dataclass(frozen=True)
class Scheme:
    r"""How weights are drawn: with the standard deviation $\mathrm{gain}/\sqrt{\mathrm{fan}}$.

    Args:
        draw: "normal", "uniform" (up to $\sqrt3$ standard deviations), "orthogonal" or "identity".
        fan: "in", "mean" (of in and out), "larger" (of in and out) or "one".
        gain: the factor where none is given, dimensionless; None: one must be given.

    Example:
        >>> SCHEMES["he_normal"]
        Scheme(draw='normal', fan='in', gain=1.4142135623730951)
    """

    draw: str
    fan: str
    gain: float | None

    def std(self, fan_in: int, fan_out: int, *, gain: float | None = None) -> float:
        """Return the standard deviation of one weight, dimensionless.

        Args:
            fan_in: how many inputs one unit sums over, at least 1.
            fan_out: how many units one input reaches, at least 1.
            gain: a factor in place of the scheme's own; needed where it has none.

        Raises:
            InvalidValueError: there is no gain.

        Conventions: for orthogonal weights and the identity, the root mean square of an entry.

        Example:
            >>> round(SCHEMES["glorot_normal"].std(150, 50), 6)
            0.1
        """
        return self.factor(gain) / math.sqrt(_FANS[self.fan](fan_in, fan_out))

    def factor(self, gain: float | None) -> float:
        """Return the gain, or the scheme's own where none is given.

        Raises:
            InvalidValueError: none is given and the scheme has none.
        """
        factor = self.gain if gain is None else gain
        if factor is None:
            raise InvalidValueError("a gain for a scheme without one", "None", "pass gain=0.01")
        return factor


SCHEMES: MappingProxyType[str, Scheme] = MappingProxyType(
    {
        "pytorch": Scheme("uniform", "in", 1 / math.sqrt(3)),
        "he_normal": Scheme("normal", "in", math.sqrt(2)),
        "he_uniform": Scheme("uniform", "in", math.sqrt(2)),
        "glorot_normal": Scheme("normal", "mean", 1.0),
        "glorot_uniform": Scheme("uniform", "mean", 1.0),
        "lecun_normal": Scheme("normal", "in", 1.0),
        "orthogonal": Scheme("orthogonal", "larger", 1.0),
        "identity": Scheme("identity", "larger", 1.0),
        "normal": Scheme("normal", "one", None),
    }
)


def initialize(
    network: nn.Module,
    scheme: str,
    *,
    seed: int | torch.Generator,
    gain: float | None = None,
    bias: float | None = None,
    std: float | None = None,
) -> None:
    r"""Fill every Linear and Conv layer in place, with weights of deviation gain / sqrt(fan).

    | scheme | weights, n = fan_in, m = fan_out | own gain |
    | --- | --- | --- |
    | "pytorch" | $U(\pm\sqrt3\,\mathrm{gain}/\sqrt n)$: $U(\pm1/\sqrt n)$ | $1/\sqrt3$ |
    | "he_normal", "he_uniform" | variance $\mathrm{gain}^2/n$: $2/n$ | $\sqrt2$ |
    | "glorot_normal", "glorot_uniform" | variance $2\,\mathrm{gain}^2/(n+m)$ | 1 |
    | "lecun_normal" | variance $\mathrm{gain}^2/n$ | 1 |
    | "orthogonal" | gain times a matrix with orthonormal rows or columns | 1 |
    | "identity" | gain times ones on the diagonal, zeros elsewhere; nothing is random | 1 |
    | "normal" | variance $\mathrm{std}^2$ | - |

    fan_in is what one unit sums over: in_features, or in_channels / groups times the kernel's
    size. fan_out is out_features, or out_channels times the kernel's size, as in torch.nn.init.

    Args:
        network: a module that is or holds Linear or Conv1d to Conv3d layers. Its other parameters
            (normalization layers, a PReLU's slope) stay as they are.
        scheme: a key of `SCHEMES`.
        seed: 0 to 2**63 - 1, or a torch.Generator on the CPU, which is advanced.
        gain: factor in place of the scheme's own, above 0, dimensionless; not for "normal".
        bias: value of every bias, dimensionless; None means the scheme's own: 0, for "pytorch"
            drawn from $U(\pm1/\sqrt n)$.
        std: standard deviation, above 0, dimensionless; for "normal" only, where it is needed.

    Raises:
        InvalidTypeError: no module, or a number or seed of another kind.
        InvalidValueError: an unknown scheme; a network without such layers; weights that are
            empty, on the meta device, lazy or parametrized; a number out of range or one that
            the scheme does not take.

    Conventions: numbers are drawn on the CPU and copied, so every device gets the same weights;
        16-bit weights are drawn in float32 and rounded. The "pytorch" scheme gives what
        torch.manual_seed and a fresh nn.Linear give. torch's global random state is not touched.

    References: [LeCun1998], [Glorot2010], [He2015], [Saxe2014], [Le2015] for the identity.

    Example:
        >>> layer = nn.Linear(1000, 1000)
        >>> initialize(layer, "he_normal", seed=0)
        >>> weight, bias = layer.weight.detach(), layer.bias.detach()
        >>> round(float(weight.std()) * math.sqrt(1000 / 2), 2), float(bias.abs().max())
        (1.0, 0.0)
    """
    if not isinstance(scheme, str) or scheme not in SCHEMES:
        raise unknown_name("initialization scheme", scheme, SCHEMES)
    gain = _scale(scheme, gain, std)
    if bias is not None:
        bias = real("bias", bias)
    layers, generator = weighted_layers(network), _generator(seed)
    with torch.no_grad():
        for layer in layers:
            layer.weight.copy_(_drawn(layer.weight, SCHEMES[scheme], gain, generator))
            if layer.bias is None:
                continue
            if bias is None and scheme == "pytorch":
                bound = 1 / math.sqrt(layer.weight[0].numel())
                draft = torch.empty(layer.bias.shape, dtype=_precision(layer.bias))
                layer.bias.copy_(nn.init.uniform_(draft, -bound, bound, generator=generator))
            else:
                nn.init.constant_(layer.bias, 0.0 if bias is None else bias)


def _drawn(
    weight: Tensor, scheme: Scheme, gain: float | None, generator: torch.Generator
) -> Tensor:
    draft = torch.empty(weight.shape, dtype=_precision(weight))
    if scheme.draw in ("orthogonal", "identity"):
        own = scheme.factor(gain)
        if scheme.draw == "orthogonal":
            return nn.init.orthogonal_(draft, gain=own, generator=generator)
        return own * (nn.init.eye_(draft) if draft.ndim == 2 else nn.init.dirac_(draft))
    fan_in = weight[0].numel()
    fan_out = weight.numel() // weight.shape[1]
    std = scheme.std(fan_in, fan_out, gain=gain)
    if scheme.draw == "uniform":
        bound = math.sqrt(3) * std
        return nn.init.uniform_(draft, -bound, bound, generator=generator)
    return nn.init.normal_(draft, 0.0, std, generator=generator)


def _precision(parameter: Tensor) -> torch.dtype:
    return torch.float32 if parameter.element_size() < 4 else parameter.dtype


def _scale(scheme: str, gain: float | None, std: float | None) -> float | None:
    name, value, other = ("std", std, gain) if scheme == "normal" else ("gain", gain, std)
    if other is not None:
        unused = "gain" if name == "std" else "std"
        raise InvalidValueError(
            f"no {unused} for the scheme {scheme!r}", f"{unused}={other}", f"pass {name}= instead"
        )
    if value is None and SCHEMES[scheme].gain is None:
        raise InvalidValueError(f"{name} for the scheme {scheme!r}", "None", f"pass {name}=0.01")
    if value is None:
        return None
    return real(name, value, above=0, do=f"pass {name}=1.0")


def weighted_layers(network: nn.Module) -> list[WEIGHTED]:
    """Return the Linear and Conv layers of a network, all of which can be filled in place."""
    if not isinstance(network, nn.Module):
        raise InvalidTypeError("a torch.nn.Module", type(network).__name__, "pass a network")
    layers = [module for module in network.modules() if isinstance(module, WEIGHTED)]
    if not layers:
        raise InvalidValueError(
            "a network with Linear or Conv layers", type(network).__name__, "pass one that has some"
        )
    for layer in layers:
        weight, trouble = layer.weight, None
        if nn.parameter.is_lazy(weight):
            trouble = "of unknown shape", "pass a batch through the lazy network first"
        elif not isinstance(weight, nn.Parameter):
            trouble = "computed from others", "initialize the network before parametrizing it"
        elif weight.is_meta:
            trouble = "on the meta device", "call to_empty(device='cpu') first"
        elif weight.numel() == 0:
            trouble = "empty", "give every layer at least one input and one output"
        elif not weight.is_floating_point():
            trouble = f"of {weight.dtype}", "build the layer with a floating dtype"
        if trouble:
            state, do = trouble
            raise InvalidValueError("weights to fill in place", f"{layer}, weights {state}", do)
    return layers


def _generator(seed: int | torch.Generator) -> torch.Generator:
    if isinstance(seed, torch.Generator):
        if seed.device.type != "cpu":
            raise InvalidValueError(
                "a generator on the CPU", f"one on {seed.device}", "make it with torch.Generator()"
            )
        return seed
    if not is_integer(seed):
        raise InvalidTypeError(
            "an integer or a torch.Generator as seed", type(seed).__name__, "pass seed=0"
        )
    return torch.Generator().manual_seed(seed_number(seed))
