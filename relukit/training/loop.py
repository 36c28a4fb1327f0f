"""The step loop: one chunk of members from its initial state to its last step."""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from relukit.training.arguments import Examples
from relukit.training.batches import Batches
from relukit.training.layered import Layered, is_layered
from relukit.training.optimizers import SGD, Adam
from relukit.training.records import Record, measure
from relukit.training.vectorized import Vectorized


@dataclass(frozen=True, eq=False)
class Job:
    """Everything that training one chunk of members needs; it can be sent to another process.

    Args:
        template: one of the networks, for their structure.
        parameters: initial values, name -> (seeds, ...).
        constants: buffers and fixed parameters, name -> (seeds, ...).
        settings: "lr", "weight_decay", "l1_activations", "gain", each (members,), dimensionless.
        seeds: the seeds among the members.
        which: for each member the position of its seed, int64 (members,).
        n_kept: how many members are wanted; a single one trains beside a copy of itself.
        data: the examples, in the members' dtype.
        optimizer: the rule.
        steps: number of updates.
        batch_size: examples in a batch.
        record: what is measured.
        rows: how many examples are measured at once.
        device: torch's name of the device.
        used: names of the settings that are not 0 for every member of the whole run.
    """

    template: nn.Module
    parameters: dict[str, Tensor]
    constants: dict[str, Tensor]
    settings: dict[str, Tensor]
    seeds: tuple[int, ...]
    which: Tensor
    n_kept: int
    data: Examples
    optimizer: SGD | Adam
    steps: int
    batch_size: int
    record: Record
    rows: int
    device: str
    used: tuple[str, ...]

    def begin(self) -> dict:
        """Return the state before the first step, as `Chunk.state` gives it later."""
        which, parameters = self.which[: self.n_kept], {}
        for name, p in self.parameters.items():
            parameters[name] = p[which]
            if p.ndim > 2:  # seeds first
                gain = self.settings["gain"][: self.n_kept].to(p.dtype)
                parameters[name].mul_(_beside(gain, p))
        return {
            "step": 0,
            "parameters": parameters,
            "buffers": [],
            "loss": torch.full((self.n_kept, self.steps), math.nan, dtype=p.dtype),
            "diverged_at": torch.full((self.n_kept,), -1),
            "records": [],
        }


class Chunk:
    """The members of one job while they train.

    Args:
        job: what to train.
        state: what `state` returned in an earlier process, to go on from there.
    """

    def __init__(self, job: Job, state: dict | None = None) -> None:
        self.job, device = job, torch.device(job.device)
        self.n_members = n = len(job.which)
        first, which = next(iter(job.parameters.values())), job.which.to(device)
        self.data = job.data.to(device, first.dtype)
        self.moments = job.record.at(job.steps)
        self.settings = {name: s.to(device, first.dtype) for name, s in job.settings.items()}
        size = n * sum(p[0].numel() for p in job.parameters.values())
        self.flat, self.grad, *self.buffers = (
            torch.zeros(size, dtype=first.dtype, device=device)
            for _ in range(2 + job.optimizer.buffers)
        )
        self.parameters, gradients = self._views(self.flat), self._views(self.grad)
        self.loss = torch.full((job.steps, n), math.nan, dtype=first.dtype, device=device)
        self.diverged_at = torch.full((n,), -1, device=device)
        self._restore(job.begin() if state is None else state)
        self.alive = self.diverged_at < 0
        if is_layered(job.template, job.data.x):
            self.network = Layered(job.template, self.parameters, gradients)
        else:
            constants = {name: c.to(device)[which] for name, c in job.constants.items()}
            template = copy.deepcopy(job.template).to(device)
            self.network = Vectorized(template, self.parameters, gradients, constants)
        self.rates = [-_beside(self.settings["lr"], p) for p in self.parameters.values()]
        self.decays = [_beside(self.settings["weight_decay"], p) for p in self.parameters.values()]
        # an optimizer mostly returns the same memory, whose views need not be made again
        self.viewed = {id(t): list(self._views(t).values()) for t in (self.grad, *self.buffers)}
        self.batches = Batches(len(self.data.x), job.batch_size, job.seeds, job.which, device)

    def _views(self, flat: Tensor) -> dict[str, Tensor]:
        views, start = {}, 0
        for name, p in self.job.parameters.items():
            stop = start + self.n_members * p[0].numel()
            views[name] = flat[start:stop].view(self.n_members, *p.shape[1:])
            start = stop
        return views

    def state(self) -> dict:
        """Return what a continuation needs, as copies on the CPU, the wanted members first."""

        def kept(part: Tensor) -> Tensor:
            return part[: self.job.n_kept].to("cpu", copy=True)

        unfinished = self.buffers if self.step < self.job.steps else []
        return {
            "step": self.step,
            "parameters": {name: kept(p) for name, p in self.parameters.items()},
            "buffers": [{n: kept(v) for n, v in self._views(b).items()} for b in unfinished],
            "loss": kept(self.loss.T),
            "diverged_at": kept(self.diverged_at),
            "records": [{n: kept(v) for n, v in record.items()} for record in self.records],
        }

    def _restore(self, state: dict) -> None:
        def widened(kept: Tensor) -> Tensor:  # one member is repeated for its copy
            return kept.to(self.flat.device).expand(self.n_members, *kept.shape[1:])

        self.step = state["step"]
        buffers = self.buffers[: len(state["buffers"])]
        for flat, values in zip(
            [self.flat, *buffers], [state["parameters"], *state["buffers"]], strict=True
        ):
            for name, view in self._views(flat).items():
                view.copy_(widened(values[name]))
        self.loss.copy_(widened(state["loss"]).T)
        self.diverged_at.copy_(widened(state["diverged_at"]))
        self.records = [{n: widened(v) for n, v in record.items()} for record in state["records"]]

    def run(self, after_step: Callable[["Chunk"], None] | None = None) -> dict:
        """Train to the last step, or to a KeyboardInterrupt, and return the state.

        Args:
            after_step: called after every update.
        """
        interrupted = False
        try:
            while self.step < self.job.steps:
                self._measure()
                self._update()
                if after_step is not None:
                    after_step(self)
            broken = self.alive & ~self._finite()
            self.diverged_at = torch.where(broken, self.step, self.diverged_at)
            self._measure()
        except KeyboardInterrupt:
            interrupted = True
        return {**self.state(), "interrupted": interrupted}

    def _finite(self) -> Tensor:
        rows = [torch.isfinite(p).flatten(1).all(1) for p in self.parameters.values()]
        return torch.stack(rows).all(0)

    def _measure(self) -> None:
        due = len(self.records)
        if due < len(self.moments) and self.moments[due] == self.step:
            found = measure(self.network, self.data, self.job.record, self.job.rows, self.n_members)
            self.records.append(found)

    def _update(self) -> None:
        job, rows = self.job, self.batches.at(self.step)
        x, y = (
            part.index_select(0, rows.view(-1)).view(*rows.shape, *part.shape[1:])
            for part in (self.data.x, self.data.y)
        )
        l1 = self.settings["l1_activations"] if "l1_activations" in job.used else None
        loss = self.network.gradient(x, y, l1)
        values = list(self.parameters.values())
        if "weight_decay" in job.used:
            torch._foreach_addcmul_(self.viewed[id(self.grad)], values, self.decays)
        direction = job.optimizer.direction(self.grad, self.buffers, self.step)
        moves = self.viewed.get(id(direction)) or list(self._views(direction).values())
        moving = self.alive & torch.isfinite(loss)
        if may_ask(self.flat.device) and bool(moving.all()):
            self.loss[self.step] = loss
            torch._foreach_addcmul_(values, moves, self.rates)
        else:
            self.loss[self.step] = torch.where(self.alive, loss, math.nan)
            self.diverged_at = torch.where(self.alive ^ moving, self.step, self.diverged_at)
            self.alive = moving
            for p, move, rate in zip(values, moves, self.rates, strict=True):
                torch.where(_beside(moving, p), p.addcmul(move, rate), p, out=p)
        self.step += 1


def may_ask(device: torch.device) -> bool:
    """Return whether a value can be read without waiting for the device: on the CPU only.

    Example:
        >>> may_ask(torch.device("cpu"))
        True
    """
    return device.type == "cpu"


def _beside(values: Tensor, p: Tensor) -> Tensor:
    return values.view(-1, *[1] * (p.ndim - 1))


def run_job(job: Job, state: dict | None = None) -> dict:
    """Train one chunk without anyone watching, in this process; what an executor calls."""
    return Chunk(job, state).run()
