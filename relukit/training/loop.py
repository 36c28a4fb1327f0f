"""The step loop: one chunk of members from its initial state to its last step."""

import copy
import math
from collections.abc import Callable

import torch
from torch import Tensor

from relukit.training.batches import Batches
from relukit.training.exactness import exact
from relukit.training.jobs import Job, State, beside
from relukit.training.layered import Layered, is_layered
from relukit.training.layout import Layout
from relukit.training.optimizers import SGD, Adam, changes, part_of_rate, shorten
from relukit.training.records import KEPT, measure
from relukit.training.replay import WORTH, Replay, records_steps
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
        shapes = {name: p.shape[1:] for name, p in job.networks.parameters.items()}
        self.layout = Layout(shapes, n, rows=in_rows(device))
        self.flat, self.grad, *self.buffers = (
            torch.zeros(self.layout.size, dtype=dtype, device=device)
            for _ in range(2 + job.settings.optimizer.buffers)
        )
        self.parameters, gradients = map(self.layout.views, (self.flat, self.grad))
        self.which = job.which.to(device)
        self.loss = torch.full((job.settings.steps, n), math.nan, dtype=dtype, device=device)
        self.diverged_at = torch.full((n,), -1, device=device)
        self._restore(job.begin() if state is None else state)
        self.alive = self.diverged_at < 0
        self.network = self._network(gradients)
        # an optimizer mostly returns the same memory, whose pieces need not be cut again
        kept = (self.flat, self.grad, *self.buffers)
        self.pieces = {id(memory): self.layout.pieces(memory) for memory in kept}
        self.values = self.pieces[id(self.flat)]
        self.rates = [-beside(self.factors["lr"], p) for p in self.values]
        self.decays = [beside(self.factors["weight_decay"], p) for p in self.values]
        n, apart = len(self.examples.one.x), self.examples.apart
        seeds, batch_size = job.networks.seeds, job.settings.batch_size
        self.batches = Batches(n, batch_size, seeds, self.which, device, apart=apart)
        learned = self.examples.x, self.examples.y
        # of seeds with examples of their own, one seed's after the other's
        self.rows = [part.flatten(0, 1) if apart else part for part in learned]
        self.replay = self._replay() if self._is_replayed() else None

    def _is_replayed(self) -> bool:
        """Return whether steps are recorded: on a card, where there are enough of them.

        An optimizer of another class may look at the step, and is called each time.
        """
        settings, size = self.job.settings, torch.finfo(self.flat.dtype).bits
        known = type(settings.optimizer) in (SGD, Adam) and size >= 32
        enough = settings.steps >= WORTH  # so that a run that goes on computes as one that is whole
        return records_steps(self.flat.device) and settings.graphs and known and enough

    def _replay(self) -> Replay:
        settings, wide = self.job.settings, torch.float64
        parts = [part_of_rate(settings.optimizer, i, settings.steps) for i in range(settings.steps)]
        self.parts = torch.tensor(parts, dtype=wide).to(self.flat.device)
        self.places = torch.arange(settings.steps, dtype=wide, device=self.flat.device)
        return Replay(self._move)

    def _network(self, gradients: dict[str, Tensor]) -> Layered | Vectorized:
        template, device = self.job.networks.template, self.flat.device
        if is_layered(template, self.examples.one.x):
            return Layered(template, self.parameters, gradients)
        constants = {n: c.to(device)[self.which] for n, c in self.job.networks.constants.items()}
        return Vectorized(copy.deepcopy(template).to(device), self.parameters, gradients, constants)

    def state(self) -> State:
        """Return what a continuation needs, as copies on the CPU, the wanted members first."""

        def kept(part: Tensor) -> Tensor:
            return part[: self.job.n_kept].to("cpu", copy=True)

        unfinished = self.buffers if self.step < self.job.settings.steps else []
        return {
            "step": self.step,
            "parameters": {name: kept(p) for name, p in self.parameters.items()},
            "buffers": [{n: kept(v) for n, v in self.layout.views(b).items()} for b in unfinished],
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
            for name, view in self.layout.views(flat).items():
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
        with exact(self.flat.device, tf32=self.job.settings.tf32):
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
        self.replay = None  # it holds this chunk, whose memory the next one wants
        return {**self.state(), "interrupted": interrupted}

    def _finite(self) -> Tensor:
        pieces = [torch.isfinite(p).reshape(len(p), -1).all(1) for p in self.values]
        return torch.stack(pieces).all(0)

    def _measure(self) -> None:
        due = len(self.records)
        if due < len(self.moments) and self.moments[due] == self.step:
            record = self.job.settings.record
            found = measure(self.network, self.examples, record, self.which)
            if record.parameters:
                found |= {f"{KEPT}{name}": p.clone() for name, p in self.parameters.items()}
            self.records.append(found)

    def _update(self) -> None:
        now, settings = self.step, self.job.settings
        rows = self.batches.at(now)
        if self.replay is None:
            part = part_of_rate(settings.optimizer, now, settings.steps)
            self.loss[now] = self._move(rows, now, part)
        else:
            self.loss[now] = self.replay(rows, self.places[now], self.parts[now])
        self.step += 1

    def _move(self, rows: Tensor, step: int | Tensor, part: float | Tensor) -> Tensor:
        """Update whoever is alive, and return the losses, (members,), nan of the others.

        Args:
            rows: which examples each member sees, int64 (members, batch).
            step: 0 for the first.
            part: of the learning rate.
        """
        rule, penalties = self.job.settings.optimizer, self.job.penalties
        x, y = (
            one.index_select(0, rows.view(-1)).view(*rows.shape, *one.shape[1:])
            for one in self.rows
        )
        l1 = self.factors["l1_activations"] if "l1_activations" in penalties else None
        loss = self.network.gradient(x, y, l1)
        if rule.clip is not None:
            shorten(self.pieces[id(self.grad)], rule.clip)
        decays = "weight_decay" in penalties
        if decays and not rule.decoupled:
            torch._foreach_addcmul_(self.pieces[id(self.grad)], self.values, self.decays)
        direction = rule.direction(self.grad, self.buffers, step)
        moves = self.pieces.get(id(direction)) or self.layout.pieces(direction)
        if decays and rule.decoupled:
            torch._foreach_addcmul_(moves, self.values, self.decays)
        rates = self.rates
        if changes(rule) and (isinstance(part, Tensor) or part != 1):
            rates = [rate * part for rate in rates]
        return self._go(moves, rates, loss, step)

    def _go(
        self, moves: list[Tensor], rates: list[Tensor], loss: Tensor, step: int | Tensor
    ) -> Tensor:
        moving = self.alive & torch.isfinite(loss)
        if may_ask(self.flat.device) and bool(moving.all()):
            torch._foreach_addcmul_(self.values, moves, rates)
            return loss
        told = torch.where(self.alive, loss, math.nan)
        self.diverged_at.copy_(torch.where(self.alive ^ moving, step, self.diverged_at))
        self.alive.copy_(moving)
        for p, move, rate in zip(self.values, moves, rates, strict=True):
            torch.where(beside(moving, p), p.addcmul(move, rate), p, out=p)
        return told


def may_ask(device: torch.device) -> bool:
    """Return whether a value can be read without waiting for the device: on the CPU only."""
    return device.type == "cpu"


def in_rows(device: torch.device) -> bool:
    """Return whether each member is a row of memory, so that an update is one launch: on CUDA.

    `torch._foreach_*` would launch once for each parameter there, as each member's rate is spread
    over its numbers. A processor's products want blocks.
    """
    return device.type == "cuda"


def run_job(job: Job, state: State | None = None) -> State:
    """Train one chunk without anyone watching, in this process; what an executor calls."""
    return Chunk(job, state).run()
