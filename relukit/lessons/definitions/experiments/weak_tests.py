"""How many wrong rectifiers pass a test that compares outputs at ten random numbers."""

from collections.abc import Callable
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn import functional as F


def _writes_into_its_input(x: Tensor) -> Tensor:
    x[x < 0] = 0
    return x


# Each is wrong somewhere: in its values, in its slopes, in its shape, or in what it does to x.
WRONG: MappingProxyType[str, Callable[[Tensor], Tensor]] = MappingProxyType(
    {
        "the identity": lambda x: x.clone(),
        "the absolute value": torch.abs,
        "the negative part": lambda x: x.clamp(max=0),
        "softplus": F.softplus,
        "ELU": F.elu,
        "leaky": lambda x: F.leaky_relu(x, 0.01),
        "squared": lambda x: x.clamp(min=0).square(),
        "ends at 6": F.relu6,
        "ends at 5.5": lambda x: x.clamp(0, 5.5),
        "|x| below -6": lambda x: torch.where(x < -6, -x, F.relu(x)),
        "0 up to 0.001": lambda x: torch.where(x < 1e-3, 0.0, x),
        "nan at -inf": lambda x: x * (x > 0),
        "hides nan": lambda x: torch.where(x > 0, x, 0.0),
        "flat for a matrix": lambda x: F.relu(x).flatten(),
        "without a slope": lambda x: F.relu(x).detach(),
        "slope 1 everywhere": lambda x: x + (F.relu(x) - x).detach(),
        "writes into its input": _writes_into_its_input,
    }
)


def rejected(seed: int) -> list[str]:
    """Return the names of the wrong rectifiers that differ at ten numbers drawn from N(-0.5, 1).

    Args:
        seed: of the ten numbers.
    """
    x = torch.randn(10, generator=torch.Generator().manual_seed(seed)) - 0.5
    right = F.relu(x)
    return [name for name, f in WRONG.items() if not torch.allclose(f(x.clone()), right)]
