"""What a trained population has to show: named axes, curves, parameters and intervals."""

import copy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from relukit.errors import InvalidValueError, unknown_name
from relukit.statistics import Interval, interval
from relukit.training.lifelines import LifeLines


@dataclass(frozen=True, eq=False, repr=False)
class Runs:
    """A population after training; every tensor is on the CPU and starts with the axes' shape.

    Args:
        axes: name -> values of each swept setting, and at last "seed".
        loss: batch loss of the data alone, before each update, (..., steps); nan once diverged.
        measured_at: steps of the measurements, (k,): after so many updates.
        measured: name -> (..., k, ...): "test_loss" and, for labels, "test_accuracy" over the
            test part (the training part where there is none), float64; with Record(layers=True)
            "layer_mean", "layer_std" and "layer_zeros", (..., k, layers), float64.
        alive: with Record(units=True) one LifeLines for each hidden layer.
        parameters: final values, name -> (..., shape of the parameter).
        kept: with Record(parameters=True) their values at each measurement, name -> (..., k,
            shape of the parameter), else empty.
        constants: buffers and parameters that were not trained, name -> (n_seeds, ...).
        diverged: whether a loss (or, at the end, a parameter) stopped being finite, (...).
        diverged_at: the step at which it did, -1 where it did not, int64 (...).
        steps_done: updates made, int64 (...).
        partial: whether the work was interrupted.
        device: torch's name of the device that was used.
        template: one of the networks, for their structure.

    Conventions: a member is frozen with the parameters that gave its last loss. A gradient that
        is not finite shows in the loss of the next step, or, after the last, in the parameters.

    Example:
        >>> from relukit.datasets import xor
        >>> from relukit.networks import mlp
        >>> from relukit.training import train
        >>> build = lambda seed: mlp([2, 8, 2], seed=seed)
        >>> runs = train(build, xor(64), seeds=3, lr=[0.1, 0.2], steps=5, batch_size=16)
        >>> runs
        Runs(lr: 2, seed: 3; 5 steps on cpu)
        >>> runs.loss.shape, runs.values("test_accuracy", lr=0.1).shape
        (torch.Size([2, 3, 5]), torch.Size([3]))
    """

    axes: dict[str, tuple[Any, ...]]
    loss: Tensor
    measured_at: Tensor
    measured: dict[str, Tensor]
    alive: tuple[LifeLines, ...]
    parameters: dict[str, Tensor]
    kept: dict[str, Tensor]
    constants: dict[str, Tensor]
    diverged: Tensor
    diverged_at: Tensor
    steps_done: Tensor
    partial: bool
    device: str
    template: nn.Module

    def __repr__(self) -> str:
        axes = ", ".join(f"{name}: {len(values)}" for name, values in self.axes.items())
        notes = f"; {int(self.diverged.sum())} diverged" if self.diverged.any() else ""
        notes += "; partial" if self.partial else ""
        return f"Runs({axes}; {self.loss.shape[-1]} steps on {self.device}{notes})"

    def values(self, quantity: str, **at: float) -> Tensor:
        """Return the last value of a quantity for every seed at one setting, shape (n_seeds, ...).

        Args:
            quantity: "loss" or a key of `measured`.
            **at: a value for each swept axis that has more than one, such as lr=0.1.

        Raises:
            InvalidValueError: an unknown quantity, axis or value, or an axis left open.
        """
        known = {"loss": self.loss, **self.measured}
        if quantity not in known:
            raise unknown_name("quantity of these runs", quantity, known)
        position = self._position(at)
        depth = len(self.axes)
        return known[quantity].select(depth, -1)[position]

    def interval(self, quantity: str, *, level: float = 0.95, **at: float) -> Interval:
        """Return the mean of a quantity's last value over the seeds, with Student's interval.

        Args:
            quantity: "loss", "test_loss" or "test_accuracy".
            level: confidence level between 0 and 1, dimensionless.
            **at: as for `values`.

        Raises:
            InvalidValueError: what `values` refuses, fewer than two seeds, or a member without a
                finite value: count those with `statistics.proportion` and `diverged`.
        """
        values = self.values(quantity, **at)
        lost = int(self.diverged[self._position(at)].sum())
        if lost:
            raise InvalidValueError(
                "runs that all stayed finite",
                f"{lost} of {len(values)} that diverged",
                "report them with statistics.proportion, or choose a smaller lr",
            )
        return interval(values, level=level)

    def steps_to(self, accuracy: float) -> Tensor:
        """Return the step of each member's first measurement of at least a test accuracy.

        Args:
            accuracy: a share of the examples, 0 to 1.

        Returns:
            float64 of the shape of `diverged`; one measurement more than there are for a member
            that never came so far.

        Raises:
            InvalidValueError: no accuracy was measured, or only once.
        """
        if "test_accuracy" not in self.measured or len(self.measured_at) < 2:
            raise InvalidValueError(
                "two or more measurements of the accuracy",
                f"{len(self.measured_at)} of {', '.join(self.measured)}",
                "train on labels, with record=1, say",
            )
        reached = self.measured["test_accuracy"] >= accuracy
        beyond = 2 * self.measured_at[-1:] - self.measured_at[-2]
        at = torch.cat([self.measured_at, beyond]).double()
        first = reached.double().argmax(-1)
        return at[first.masked_fill(~reached.any(-1), len(self.measured_at))]

    def network(self, *, seed: int, step: int | None = None, **at: float) -> nn.Module:
        """Return one member as a module of its own, with its parameters of one moment.

        Args:
            seed: one of axes["seed"].
            step: one of `measured_at`, where Record(parameters=True) kept them; None: the end.
            **at: as for `values`.

        Raises:
            InvalidValueError: an unknown seed, axis or value, an axis left open, or a step whose
                parameters were not kept.
        """
        which = self._index("seed", seed)
        position = (*self._position(at), which)
        network = copy.deepcopy(self.template)
        parameters = self.parameters
        if step is not None:
            moment = self._moment(step)
            parameters = {n: v.select(len(self.axes), moment) for n, v in self.kept.items()}
        values = {name: value[position] for name, value in parameters.items()}
        values |= {name: value[which] for name, value in self.constants.items()}
        with torch.no_grad():
            for name, value in (*network.named_parameters(), *network.named_buffers()):
                value.copy_(values[name])
        return network

    def _moment(self, step: int) -> int:
        moments = self.measured_at.tolist() if self.kept else []
        if step not in moments:
            raise InvalidValueError(
                f"a step whose parameters were kept, {tuple(moments)}",
                repr(step),
                "train with record=Record(every=..., parameters=True)",
            )
        return moments.index(step)

    def _position(self, at: dict[str, float]) -> tuple[int, ...]:
        for name in at:
            if name not in self.axes or name == "seed":
                raise unknown_name("swept axis", name, set(self.axes) - {"seed"})
        position = []
        for name, values in self.axes.items():
            if name == "seed":
                continue
            if name not in at and len(values) > 1:
                raise InvalidValueError(
                    f"one value of {name}", "none", f"pass {name}={values[0]}, say"
                )
            position.append(self._index(name, at.get(name, values[0])))
        return tuple(position)

    def _index(self, name: str, value: float) -> int:
        if value not in self.axes[name]:
            raise InvalidValueError(
                f"one of the values of {name}, {self.axes[name]}", repr(value), "pass one of them"
            )
        return self.axes[name].index(value)
