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
        parameters: initial values, name -> (members, ...).
        constants: buffers, name -> (members, ...).
        settings: "lr", "weight_decay", "l1_activations", each (members,), dimensionless.
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


class Chunk:
    """The members of one job while they train.

    Args:
        job: what to train.
        state: what `state` returned in an earlier process, to go on from there.
    """

    def __init__(self, job: Job, state: dict | None = None) -> None:
        self.job, device = job, torch.device(job.device)
        self.n_members = len(job.which)
        first = next(iter(job.parameters.values()))
        self.data = job.data.to(device, first.dtype)
        self.moments = job.record.at(job.steps)
        flat = torch.cat([p.reshape(-1) for p in job.parameters.values()]).to(device)
        if state is None:
            n = self.n_members
            state = {
                "step": 0,
                "flat": flat,
                "buffers": [torch.zeros_like(flat) for _ in range(job.optimizer.buffers)],
                "loss": torch.full((job.steps, n), math.nan, dtype=flat.dtype),
                "diverged_at": torch.full((n,), -1),
                "records": [],
            }
        self.step: int = state["step"]
        self.flat = state["flat"].to(device)
        self.buffers = [b.to(device) for b in state["buffers"]]
        self.loss, self.diverged_at = state["loss"].to(device), state["diverged_at"].to(device)
        self.records: list[dict[str, Tensor]] = list(state["records"])
        self.alive = self.diverged_at < 0
        self.grad = torch.zeros_like(self.flat)
        self.parameters, gradients = self._views(self.flat), self._views(self.grad)
        if is_layered(job.template, job.data.x):
            self.network = Layered(job.template, self.parameters, gradients)
        else:
            constants = {n: c.to(device) for n, c in job.constants.items()}
            template = copy.deepcopy(job.template).to(device)
            self.network = Vectorized(template, self.parameters, gradients, constants)
        self.settings = {n: s.to(device, self.flat.dtype) for n, s in job.settings.items()}
        self.rates = [-_beside(self.settings["lr"], p) for p in self.parameters.values()]
        self.decays = [_beside(self.settings["weight_decay"], p) for p in self.parameters.values()]
        # an optimizer mostly returns the same memory, whose views need not be made again
        self.viewed = {id(t): list(self._views(t).values()) for t in (self.grad, *self.buffers)}
        self.batches = Batches(len(self.data.x), job.batch_size, job.seeds, job.which, device)

    def _views(self, flat: Tensor) -> dict[str, Tensor]:
        views, start = {}, 0
        for name, values in self.job.parameters.items():
            views[name] = flat[start : start + values.numel()].view(values.shape)
            start += values.numel()
        return views

    def state(self) -> dict:
        """Return everything that a continuation needs, as plain numbers and tensors on the CPU."""
        return {
            "step": self.step,
            "flat": self.flat.cpu(),
            "buffers": [b.cpu() for b in self.buffers],
            "loss": self.loss.cpu(),
            "diverged_at": self.diverged_at.cpu(),
            "records": self.records,
        }

    def run(self, after_step: Callable[["Chunk"], None] | None = None) -> dict:
        """Train to the last step, or to a KeyboardInterrupt, and return the state.

        Args:
            after_step: called after every update.
        """
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
            return {**self.state(), "interrupted": True}
        return {**self.state(), "interrupted": False}

    def _finite(self) -> Tensor:
        rows = [torch.isfinite(p).flatten(1).all(1) for p in self.parameters.values()]
        return torch.stack(rows).all(0)

    def _measure(self) -> None:
        due = len(self.records)
        if due < len(self.moments) and self.moments[due] == self.step:
            found = measure(self.network, self.data, self.job.record, self.job.rows, self.n_members)
            self.records.append({name: value.cpu() for name, value in found.items()})

    def _update(self) -> None:
        job, rows = self.job, self.batches.at(self.step)
        x, y = (
            part.index_select(0, rows.view(-1)).view(*rows.shape, *part.shape[1:])
            for part in (self.data.x, self.data.y)
        )
        l1 = self.settings["l1_activations"] if "l1_activations" in job.used else None
        loss = self.network.gradient(x, y, l1)
        finite = torch.isfinite(loss)
        self.diverged_at = torch.where(self.alive & ~finite, self.step, self.diverged_at)
        self.loss[self.step] = torch.where(self.alive, loss, math.nan)
        self.alive &= finite
        values = list(self.parameters.values())
        if "weight_decay" in job.used:
            torch._foreach_addcmul_(self.viewed[id(self.grad)], values, self.decays)
        direction = job.optimizer.direction(self.grad, self.buffers, self.step)
        moves = self.viewed.get(id(direction)) or list(self._views(direction).values())
        if may_ask(self.flat.device) and bool(self.alive.all()):
            torch._foreach_addcmul_(values, moves, self.rates)
        else:
            for p, move, rate in zip(values, moves, self.rates, strict=True):
                torch.where(_beside(self.alive, p), p.addcmul(move, rate), p, out=p)
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
