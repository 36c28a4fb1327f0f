"""The step loop: one chunk of members from its initial state to its last step."""

import copy
import math
from collections.abc import Callable

import torch
from torch import Tensor

from relukit.training.batches import Batches
from relukit.training.jobs import Job, State, beside
from relukit.training.layered import Layered, is_layered
from relukit.training.optimizers import grown, shorten
from relukit.training.records import KEPT, measure
from relukit.training.vectorized import Vectorized


class Chunk:
    """The members of one job while they train.

    Args:
        job: what to train.
        state: what `state` returned in an earlier process, to go on from there.
    """

    def __init__(self, job: Job, state: State | None = None) -> None:
        self.job, device, dtype = job, torch.device(job.settings.device), job.networks.dtype
        self.n_members = n = len(job.which)
        self.examples = job.examples.at(job.positions).to(device, dtype)
        self.moments = job.settings.record.at(job.settings.steps)
        self.factors = {name: factor.to(device, dtype) for name, factor in job.factors.items()}
        size = n * sum(p[0].numel() for p in job.networks.parameters.values())
        self.flat, self.grad, *self.buffers = (
            torch.zeros(size, dtype=dtype, device=device)
            for _ in range(2 + job.settings.optimizer.buffers)
        )
        self.parameters, gradients = self._views(self.flat), self._views(self.grad)
        self.which = job.which.to(device)
        self.loss = torch.full((job.settings.steps, n), math.nan, dtype=dtype, device=device)
        self.diverged_at = torch.full((n,), -1, device=device)
        self._restore(job.begin() if state is None else state)
        self.alive = self.diverged_at < 0
        self.network = self._network(gradients)
        self.rates = [-beside(self.factors["lr"], p) for p in self.parameters.values()]
        self.decays = [beside(self.factors["weight_decay"], p) for p in self.parameters.values()]
        # an optimizer mostly returns the same memory, whose views need not be made again
        self.viewed = {id(t): list(self._views(t).values()) for t in (self.grad, *self.buffers)}
        n, apart = len(self.examples.one.x), self.examples.apart
        seeds, batch_size = job.networks.seeds, job.settings.batch_size
        self.batches = Batches(n, batch_size, seeds, self.which, device, apart=apart)
        learned = self.examples.x, self.examples.y
        # of seeds with examples of their own, one seed's after the other's
        self.rows = [part.flatten(0, 1) if apart else part for part in learned]

    def _network(self, gradients: dict[str, Tensor]) -> Layered | Vectorized:
        template, device = self.job.networks.template, self.flat.device
        if is_layered(template, self.examples.one.x):
            return Layered(template, self.parameters, gradients)
        constants = {n: c.to(device)[self.which] for n, c in self.job.networks.constants.items()}
        return Vectorized(copy.deepcopy(template).to(device), self.parameters, gradients, constants)

    def _views(self, flat: Tensor) -> dict[str, Tensor]:
        views, start = {}, 0
        for name, p in self.job.networks.parameters.items():
            stop = start + self.n_members * p[0].numel()
            views[name] = flat[start:stop].view(self.n_members, *p.shape[1:])
            start = stop
        return views

    def state(self) -> State:
        """Return what a continuation needs, as copies on the CPU, the wanted members first."""

        def kept(part: Tensor) -> Tensor:
            return part[: self.job.n_kept].to("cpu", copy=True)

        unfinished = self.buffers if self.step < self.job.settings.steps else []
        return {
            "step": self.step,
            "parameters": {name: kept(p) for name, p in self.parameters.items()},
            "buffers": [{n: kept(v) for n, v in self._views(b).items()} for b in unfinished],
            "loss": kept(self.loss.T),
            "diverged_at": kept(self.diverged_at),
            "records": [{n: kept(v) for n, v in record.items()} for record in self.records],
        }

    def _restore(self, state: State) -> None:
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

    def run(self, after_step: Callable[["Chunk"], None] | None = None) -> State:
        """Train to the last step, or to a KeyboardInterrupt, and return the state.

        Args:
            after_step: called after every update.
        """
        interrupted = False
        try:
            while self.step < self.job.settings.steps:
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
            record = self.job.settings.record
            found = measure(self.network, self.examples, record, self.which)
            if record.parameters:
                found |= {f"{KEPT}{name}": p.clone() for name, p in self._views(self.flat).items()}
            self.records.append(found)

    def _update(self) -> None:
        job, rows = self.job, self.batches.at(self.step)
        x, y = (
            part.index_select(0, rows.view(-1)).view(*rows.shape, *part.shape[1:])
            for part in self.rows
        )
        l1 = self.factors["l1_activations"] if "l1_activations" in job.penalties else None
        loss = self.network.gradient(x, y, l1)
        values = list(self.parameters.values())
        rule, rates = job.settings.optimizer, self.rates
        decays = "weight_decay" in job.penalties
        if rule.clip is not None:
            shorten(self.viewed[id(self.grad)], rule.clip)
        if self.step < rule.warm_up:
            rates = [rate * grown(rule.warm_up, self.step) for rate in rates]
        if decays and not rule.decoupled:
            torch._foreach_addcmul_(self.viewed[id(self.grad)], values, self.decays)
        direction = rule.direction(self.grad, self.buffers, self.step)
        moves = self.viewed.get(id(direction)) or list(self._views(direction).values())
        if decays and rule.decoupled:
            torch._foreach_addcmul_(moves, values, self.decays)
        moving = self.alive & torch.isfinite(loss)
        if may_ask(self.flat.device) and bool(moving.all()):
            self.loss[self.step] = loss
            torch._foreach_addcmul_(values, moves, rates)
        else:
            self.loss[self.step] = torch.where(self.alive, loss, math.nan)
            self.diverged_at = torch.where(self.alive ^ moving, self.step, self.diverged_at)
            self.alive = moving
            for p, move, rate in zip(values, moves, rates, strict=True):
                torch.where(beside(moving, p), p.addcmul(move, rate), p, out=p)
        self.step += 1


def may_ask(device: torch.device) -> bool:
    """Return whether a value can be read without waiting for the device: on the CPU only."""
    return device.type == "cpu"


def run_job(job: Job, state: State | None = None) -> State:
    """Train one chunk without anyone watching, in this process; what an executor calls."""
    return Chunk(job, state).run()
