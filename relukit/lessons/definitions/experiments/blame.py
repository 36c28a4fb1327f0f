"""A network of two units, small enough to walk through forward and backward by hand."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.ledger.finding import Measured
from relukit.quantities import real

Array = NDArray[np.float64]

STEP = 0.01  # learning rate of the one step that a walk can take


@dataclass(frozen=True)
class Walk:
    r"""A network of two inputs, two ReLUs and one output, and all that its backward pass needs.

    $y = \sum_j v_j \max(0, z_j)$ with $z = W x$, and the loss is $(y - t)^2 / 2$.

    Attributes:
        x: the two inputs, shape (2,).
        weight: of the units, one row a unit, shape (2, 2).
        out: the weights $v$ of the output, shape (2,).
        target: the output that is wanted, t.

    Example:
        >>> walk = walked()
        >>> walk.z.tolist(), walk.y, walk.blame_of_z.tolist()
        ([3.0, -1.0], 6.0, [10.0, 0.0])
    """

    x: Array
    weight: Array
    out: Array
    target: float

    @property
    def z(self) -> Array:
        """The sums of the two units, before their switches."""
        return self.weight @ self.x

    @property
    def on(self) -> NDArray[np.bool_]:
        """Which unit is on; at exactly 0 none is, as in torch."""
        return self.z > 0

    @property
    def a(self) -> Array:
        """What the units let through."""
        return np.where(self.on, self.z, 0.0)

    @property
    def y(self) -> float:
        """The output."""
        return float(self.out @ self.a)

    @property
    def loss(self) -> float:
        """Half of the squared error."""
        return (self.y - self.target) ** 2 / 2

    @property
    def blame(self) -> float:
        """By how much the loss rises for each bit that the output rises."""
        return self.y - self.target

    @property
    def blame_of_a(self) -> Array:
        """The blame that arrives behind each switch."""
        return self.blame * self.out

    @property
    def blame_of_z(self) -> Array:
        """The blame that gets through each switch."""
        return np.where(self.on, self.blame_of_a, 0.0)

    @property
    def change_of_out(self) -> Array:
        """The gradient of the output's weights."""
        return self.blame * self.a

    @property
    def change_of_weight(self) -> Array:
        """The gradient of the units' weights, shape (2, 2)."""
        return np.outer(self.blame_of_z, self.x)

    def stepped(self, lr: float = STEP) -> "Walk":
        """Return the network after one step against the gradient.

        Args:
            lr: the learning rate.
        """
        weight, out = self.weight - lr * self.change_of_weight, self.out - lr * self.change_of_out
        return Walk(self.x, weight, out, self.target)


def walked(
    x: ArrayLike = (2, 1),
    weight: ArrayLike = ((1, 1), (1, -3)),
    out: ArrayLike = (2, 3),
    target: float = 1,
) -> Walk:
    """Return the walk through a network; as it stands, one with whole numbers and one unit off.

    Args:
        x: two inputs.
        weight: of the units, one row a unit, shape (2, 2).
        out: the two weights of the output.
        target: the output that is wanted.

    Raises:
        InvalidTypeError: something else than numbers.
        InvalidValueError: another shape, or a number that is not finite.
    """
    arrays = []
    for name, value, shape in (("x", x, (2,)), ("weight", weight, (2, 2)), ("out", out, (2,))):
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise InvalidTypeError(f"{name} as numbers", repr(value), "pass a list") from None
        if array.shape != shape or not np.isfinite(array).all():
            wanted = f"{name}: finite numbers of shape {shape}"
            raise InvalidValueError(wanted, repr(value), "pass such as (2, 1)")
        arrays.append(array)
    return Walk(arrays[0], arrays[1], arrays[2], real("target", target, do="pass such as 3"))


def moving() -> Measured:
    """Let autograd say how many of the six weights would change the answer, if each moved alone."""
    walk = walked()
    weight, x, out = (torch.from_numpy(v) for v in (walk.weight, walk.x, walk.out))
    for tensor in (weight, out):
        tensor.requires_grad_()
    gradients = torch.autograd.grad(out @ torch.relu(weight @ x), (weight, out))
    return {"weights that change the answer": float(sum(g.count_nonzero() for g in gradients))}
