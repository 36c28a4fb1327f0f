"""Rectifiers with a random part: noise inside the maximum, or a random slope."""

import torch
from torch import Tensor, nn

from relukit.activations.arguments import Numbers, as_floating, nonnegative, positive, widened
from relukit.activations.declaration import unit
from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.quantities import is_integer, seed_number

_DEFAULT_RANGES = {"slope": (1 / 8, 1 / 3), "divisor": (3.0, 8.0)}


@unit(
    formula=r"\max(0, x + \sqrt{\sigma(x)}\, z),\ z \sim N(0, 1)",
    source="[Nair2010]",
    title="noisy ReLU",
)
def noisy_relu(x: Numbers, *, seed: int | torch.Generator) -> Tensor:
    r"""Return the noisy rectifier $f(x)$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        seed: a seed, or a generator on the device of `x`.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `seed` is neither an integer nor a generator.

    Conventions:
        The logistic function $\sigma(x)$ is the variance of the noise, not its standard
        deviation. Gradients take the noise as given: they are 0 or 1.

    Example:
        >>> sample = noisy_relu(torch.zeros(100_000), seed=0)
        >>> round(sample.mean().item(), 1), round(sample.var().item(), 1)
        (0.3, 0.2)
    """
    x = as_floating(x)
    work = widened(x)
    noise = torch.empty_like(work).normal_(generator=_generator(seed, x.device))
    return torch.relu(work + torch.sigmoid(work.detach()).sqrt() * noise).to(x.dtype)


@unit(
    formula=r"x \text{ if } x > 0 \text{ else } a x",
    source="[Xu2015]",
    title="RReLU",
    in_torch=nn.RReLU,
)
def rrelu(
    x: Numbers,
    *,
    sampling: str = "slope",
    lower: float | None = None,
    upper: float | None = None,
    training: bool = False,
    seed: int | torch.Generator | None = None,
) -> Tensor:
    r"""Return the randomized leaky rectifier $f(x)$, with a random slope $a$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        sampling: "slope" draws $a \sim U(l, u)$, as torch does; "divisor" draws
            $1/a \sim U(l, u)$, as the paper does. The two are different functions.
        lower: $l \ge 0$, positive for a divisor; None: 1/8, or 3 for a divisor. Dimensionless.
        upper: $u \ge l$; None: 1/3, or 8 for a divisor. Dimensionless.
        training: whether to draw a slope for every element; otherwise the slope is
            $(l + u)/2$, or for a divisor $2/(l + u)$.
        seed: a seed, or a generator on the device of `x`; needed in training.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or another argument has a wrong type.
        InvalidValueError: `sampling` is unknown, the range is not one, or training has no seed.

    Conventions:
        The derivative at 0 is the left one, $a$. -0.0 stays -0.0.

    Example:
        >>> rrelu([-2.4, 3.0]), rrelu([-5.5, 3.0], sampling="divisor")
        (tensor([-0.5500,  3.0000]), tensor([-1.,  3.]))
    """
    x = as_floating(x)
    work = widened(x)
    low, high = rrelu_range(sampling, lower, upper)
    if training:
        draw = torch.empty_like(work).uniform_(low, high, generator=_generator(seed, x.device))
    else:
        draw = torch.full_like(work, (low + high) / 2)
    slope = draw if sampling == "slope" else draw.reciprocal()
    return work.where(work > 0, slope.detach() * work).to(x.dtype)


def rrelu_range(sampling: str, lower: float | None, upper: float | None) -> tuple[float, float]:
    """Return the checked ends of the uniform law of `rrelu`, with its defaults filled in.

    Example:
        >>> rrelu_range("divisor", None, 10.0)
        (3.0, 10.0)
    """
    if sampling not in _DEFAULT_RANGES:
        raise unknown_name("sampling", sampling, _DEFAULT_RANGES)
    low, high = _DEFAULT_RANGES[sampling]
    allowed = (positive if sampling == "divisor" else nonnegative)("")
    unit = torch.zeros(())
    low = low if lower is None else float(allowed("rrelu", "lower", lower, unit))
    high = high if upper is None else float(allowed("rrelu", "upper", upper, unit))
    if low > high:
        do = "swap them, or pass both"
        raise InvalidValueError("lower <= upper", f"lower={low:g}, upper={high:g}", do)
    return low, high


def _generator(seed: int | torch.Generator | None, device: torch.device) -> torch.Generator:
    wanted = "seed to be an integer or a torch.Generator"
    if isinstance(seed, torch.Generator):
        return seed
    if seed is None:
        raise InvalidValueError(wanted, "None", "pass for example seed=0: the result is random")
    if not is_integer(seed):
        raise InvalidTypeError(wanted, f"{type(seed).__name__} ({seed!r})", "pass seed=0")
    return torch.Generator(device=device).manual_seed(seed_number(seed))
