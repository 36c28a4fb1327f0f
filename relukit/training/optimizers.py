"""Optimizers that update every member at once, each with its own learning rate."""

import math
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import torch
from torch import Tensor

from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.quantities import integer, real

SCHEDULES = ("constant", "cosine", "linear")
Schedule = Literal["constant", "cosine", "linear"]


@dataclass(frozen=True)
class SGD:
    r"""Gradient descent with momentum: $v \leftarrow \mu v + g$, $w \leftarrow w - lr\,v$.

    Args:
        momentum: $\mu$ from 0 to below 1, dimensionless.
        nesterov: step along $g + \mu v$, with the new v: from where the momentum will have led.
        clip: longest gradient, over all parameters of a member, above 0, in the gradient's unit; a
            longer one is shortened to it. None leaves all as they are.
        warm_up: updates in which the learning rate grows to its size in equal parts; 0: none.
        schedule: how the learning rate goes on after that: "constant"; or it falls, to reach 0
            after the last update, along half a "cosine" or a straight line, "linear".

    Raises:
        InvalidTypeError: an argument that is no number, or a nesterov that is no bool.
        InvalidValueError: an argument out of range, or nesterov without momentum.

    Conventions: as torch.optim.SGD with dampening 0; clip as `clip_grad_norm_` of torch, before
        weight decay is added; warm_up as LambdaLR with the factor min(1, (step + 1) / warm_up);
        then CosineAnnealingLR, or LinearLR from 1 to 0, over the updates that are left.

    References: [Pascanu2013].

    Example:
        >>> SGD(momentum=0.9).buffers
        1
    """

    momentum: float = 0.0
    nesterov: bool = field(default=False, kw_only=True)
    clip: float | None = field(default=None, kw_only=True)
    warm_up: int = field(default=0, kw_only=True)
    schedule: Schedule = field(default="constant", kw_only=True)
    decoupled: ClassVar[bool] = False

    def __post_init__(self) -> None:
        real("momentum", self.momentum, least=0, below=1, do="pass momentum=0.9")
        _check_bool("nesterov", self.nesterov, "Nesterov's step")
        if self.nesterov and not self.momentum:
            raise InvalidValueError(
                "a momentum for Nesterov's step", "momentum=0", "pass momentum=0.9"
            )
        _check_steps(self)

    @property
    def buffers(self) -> int:
        """How many numbers it keeps for each parameter, dimensionless."""
        return int(self.momentum > 0)

    def direction(self, grad: Tensor, state: list[Tensor], step: int | Tensor) -> Tensor:
        """Return what the learning rate multiplies, after updating the state in place.

        Args:
            grad: gradients of all members, of their dtype; may be overwritten.
            state: `buffers` tensors of the same shape, zero at first.
            step: 0 for the first step; on a card that replays its steps a 0-d float64 tensor.
        """
        if not state:
            return grad
        velocity = torch.add(grad, state[0], alpha=self.momentum, out=state[0])
        return grad.add_(velocity, alpha=self.momentum) if self.nesterov else velocity


@dataclass(frozen=True)
class Adam:
    r"""Adam: $w \leftarrow w - lr\,\hat m / (\sqrt{\hat v} + \epsilon)$ with bias-corrected means.

    Args:
        beta1: memory of the mean m, from 0 to below 1, dimensionless.
        beta2: memory of the mean square v, from 0 to below 1, dimensionless.
        eps: added to the root, above 0, in the unit of the gradient.
        decoupled: add weight decay to the step, beside the division by the root (AdamW), and not to
            the gradient, before it.
        clip: as for `SGD`.
        warm_up: as for `SGD`.
        schedule: as for `SGD`.

    Raises:
        InvalidTypeError: an argument that is no number, or a decoupled that is no bool.
        InvalidValueError: an argument out of range.

    Conventions: as torch.optim.Adam; with decoupled=True as torch.optim.AdamW, where the learning
        rate multiplies the decay too. Clip, warm_up and schedule as for `SGD`.

    References: [Kingma2015]; [Loshchilov2019] for the decoupled decay.

    Example:
        >>> Adam().buffers
        2
    """

    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    decoupled: bool = False
    clip: float | None = field(default=None, kw_only=True)
    warm_up: int = field(default=0, kw_only=True)
    schedule: Schedule = field(default="constant", kw_only=True)

    def __post_init__(self) -> None:
        real("beta1", self.beta1, least=0, below=1, do="pass beta1=0.9")
        real("beta2", self.beta2, least=0, below=1, do="pass beta2=0.999")
        real("eps", self.eps, above=0, do="pass eps=1e-8")
        _check_bool("decoupled", self.decoupled, "AdamW")
        _check_steps(self)

    @property
    def buffers(self) -> int:
        """How many numbers it keeps for each parameter, dimensionless."""
        return 2

    def direction(self, grad: Tensor, state: list[Tensor], step: int | Tensor) -> Tensor:
        """Return what the learning rate multiplies, as `SGD.direction`."""
        mean, square = state
        mean.lerp_(grad, 1 - self.beta1)
        square.mul_(self.beta2).addcmul_(grad, grad, value=1 - self.beta2)
        # (mean / c) / (sqrt(square) / r + eps), in as few passes as it takes
        c, r = 1 - self.beta1 ** (step + 1), 1 - self.beta2 ** (step + 1)
        r = r.sqrt() if isinstance(r, Tensor) else math.sqrt(r)
        root = torch.sqrt(square).mul_(c / r).add_(c * self.eps)
        return torch.div(mean, root, out=root)


def optimizer_named(optimizer: str | SGD | Adam) -> SGD | Adam:
    """Return the optimizer itself: "sgd" is SGD(), "adam" Adam(), "adamw" Adam(decoupled=True).

    Raises:
        InvalidValueError: another name or kind of object.

    Example:
        >>> optimizer_named("sgd")
        SGD(momentum=0.0, nesterov=False, clip=None, warm_up=0, schedule='constant')
    """
    if isinstance(optimizer, SGD | Adam):
        return optimizer
    known: dict[str, SGD | Adam] = {
        "sgd": SGD(),
        "adam": Adam(),
        "adamw": Adam(decoupled=True),
    }
    if not isinstance(optimizer, str) or optimizer not in known:
        raise unknown_name("optimizer", optimizer, known)
    return known[optimizer]


def _check_bool(name: str, value: object, what: str) -> None:
    if not isinstance(value, bool):
        kind = type(value).__name__
        raise InvalidTypeError(f"a bool {name}", kind, f"pass {name}=True for {what}")


def _check_steps(rule: SGD | Adam) -> None:
    if rule.clip is not None:
        real("clip", rule.clip, above=0, do="pass clip=1.0")
    integer("warm_up", rule.warm_up, least=0, do="pass warm_up=50")
    if rule.schedule not in SCHEDULES:
        raise unknown_name("schedule", rule.schedule, SCHEDULES)


def shorten(gradients: list[Tensor], limit: float) -> None:
    """Shorten in place the gradient of each member that is longer than a limit.

    Args:
        gradients: of each parameter, (members, ...).
        limit: longest gradient, over all parameters of a member, in its unit.

    Conventions: as `clip_grad_norm_` of torch, with its 1e-6 beside the length.

    Example:
        >>> parts = [torch.tensor([[3.0], [0.3]]), torch.tensor([[4.0], [0.4]])]
        >>> shorten(parts, 1.0)
        >>> [[round(v, 2) for v in part.flatten().tolist()] for part in parts]
        [[0.6, 0.3], [0.8, 0.4]]
    """
    parts = [torch.linalg.vector_norm(part.reshape(len(part), -1), dim=1) for part in gradients]
    lengths = torch.linalg.vector_norm(torch.stack(parts), dim=0)
    scale = (limit / (lengths + 1e-6)).clamp(max=1.0)
    torch._foreach_mul_(gradients, [scale.view(-1, *[1] * (p.ndim - 1)) for p in gradients])


def changes(rule: SGD | Adam) -> bool:
    """Return whether an optimizer's learning rate is not the same at each step.

    Example:
        >>> changes(SGD()), changes(SGD(warm_up=3)), changes(Adam(schedule="cosine"))
        (False, True, True)
    """
    return rule.warm_up > 0 or rule.schedule != "constant"


def part_of_rate(rule: SGD | Adam, step: int, steps: int) -> float:
    """Return the part of the learning rate that is used at one step.

    Args:
        rule: with its `warm_up` and its `schedule`.
        step: 0 for the first.
        steps: how many there are.

    Example:
        >>> [part_of_rate(SGD(warm_up=4), step, 9) for step in (0, 3, 8)]
        [0.25, 1.0, 1.0]
        >>> [part_of_rate(SGD(schedule="linear"), step, 4) for step in range(4)]
        [1.0, 0.75, 0.5, 0.25]
    """
    if step < rule.warm_up:
        return (step + 1) / rule.warm_up
    if rule.schedule == "constant":
        return 1.0
    gone = (step - rule.warm_up) / (steps - rule.warm_up)
    return 1 - gone if rule.schedule == "linear" else (1 + math.cos(math.pi * gone)) / 2
