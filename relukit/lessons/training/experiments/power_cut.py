"""A run that is interrupted, as by a power cut, so that its checkpoint can be tried."""

from dataclasses import dataclass

from torch import Tensor

from relukit.training import SGD


@dataclass(frozen=True, repr=False)
class Interrupted(SGD):
    """Stochastic gradient descent that is interrupted, as by Ctrl+C.

    Its `repr` is that of `SGD`: a checkpoint is of the run that would have gone on.

    Attributes:
        at: number of steps after which it stops.
    """

    at: int = 0

    def direction(self, grad: Tensor, state: list[Tensor], step: int | Tensor) -> Tensor:
        """Return what the learning rate multiplies, as `SGD.direction`.

        Raises:
            KeyboardInterrupt: at the step at which it is interrupted.
        """
        if step == self.at:
            raise KeyboardInterrupt
        return super().direction(grad, state, step)

    def __repr__(self) -> str:
        return repr(SGD(momentum=self.momentum))


def power_cut(at: int, *, momentum: float = 0.9) -> Interrupted:
    """Return an optimizer whose run is interrupted, as if the power had failed.

    Args:
        at: number of steps after which it stops.
        momentum: as in `SGD`.
    """
    return Interrupted(momentum=momentum, at=at)
