"""How a population is cut into jobs, also where an earlier run had cut it otherwise."""

import itertools
import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from relukit.training.examples import Examples
from relukit.training.members import Members
from relukit.training.population import Population
from relukit.training.settings import Settings

# what a job has reached, as `loop.Chunk.state` gives it
State = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Job:
    """Everything that training some members needs; it can be sent to another process.

    Args:
        networks: the initial networks of the seeds among the members.
        which: for each member the position of its seed, int64 (members,).
        factors: "lr", "weight_decay", "l1_activations", "gain", each (members,), dimensionless.
        penalties: names of the factors that penalize a member of the whole run.
        n_kept: how many members are wanted; a single one trains beside a copy of itself.
        examples: what is learned, in the members' dtype, by the seeds of the whole run.
        positions: where among these the seeds of the networks are.
        settings: what all members have in common.
    """

    networks: Members
    which: Tensor
    factors: dict[str, Tensor]
    penalties: tuple[str, ...]
    n_kept: int
    examples: Examples
    positions: tuple[int, ...]
    settings: Settings

    def alone(self) -> "Job":
        """Return the same job without the examples of other jobs' seeds."""
        own, positions = self.examples.at(self.positions), range(len(self.positions))
        return replace(self, examples=own, positions=tuple(positions))

    def begin(self) -> State:
        """Return the state before the first step, as `Chunk.state` gives it later."""
        which, parameters = self.which[: self.n_kept], {}
        for name, p in self.networks.parameters.items():
            parameters[name] = p[which]
            if p.ndim > 2:  # seeds first
                gain = self.factors["gain"][: self.n_kept].to(p.dtype)
                parameters[name].mul_(beside(gain, p))
        return {
            "step": 0,
            "parameters": parameters,
            "buffers": [],
            "loss": torch.full((self.n_kept, self.settings.steps), math.nan, dtype=p.dtype),
            "diverged_at": torch.full((self.n_kept,), -1),
            "records": [],
        }


def beside(values: Tensor, p: Tensor) -> Tensor:
    """Return one value a member in a shape that meets each member's part of p."""
    return values.view(-1, *[1] * (p.ndim - 1))


def jobs_for(
    population: Population, size: int, saved: dict[int, State]
) -> tuple[dict[int, Job], dict[int, State]]:
    """Return the jobs of a population and what they have reached, by their first member.

    Args:
        population: all members.
        size: members in a job at most.
        saved: states of an earlier run, which may have been cut otherwise.
    """
    chunks, states = cut(len(population.sweep.rows), size, saved)
    return {i: job_of(population, chunk) for i, chunk in chunks.items()}, states


def job_of(population: Population, chunk: range) -> Job:
    """Return the job that trains the members at some positions."""
    rows = [population.sweep.rows[i] for i in chunk]
    # a product of one matrix rounds otherwise than one of several: nobody trains alone
    *factors, seeds = zip(*(rows * 2 if len(rows) == 1 else rows), strict=True)
    position = {seed: i for i, seed in enumerate(sorted(set(seeds)))}
    return Job(
        networks=population.networks.at(list(position)),
        which=torch.tensor([position[seed] for seed in seeds]),
        factors={
            name: torch.tensor(column, dtype=torch.float64)
            for name, column in zip(population.sweep.factors, factors, strict=True)
        },
        penalties=population.sweep.penalties,
        n_kept=len(rows),
        examples=population.examples,
        positions=tuple(position),
        settings=population.settings,
    )


def cut(n: int, size: int, saved: dict[int, State]) -> tuple[dict[int, range], dict[int, State]]:
    """Return the members of each chunk, and what they have reached, by the position of the first.

    Args:
        n: number of members.
        size: members in a chunk at most.
        saved: states of an earlier run by the position of their first member; a chunk has
            members of one such state only, because all its members are at one step.

    Example:
        >>> cut(10, 4, {})
        ({0: range(0, 4), 4: range(4, 8), 8: range(8, 10)}, {})
    """
    ends = {first + len(state["diverged_at"]) for first, state in saved.items()}
    chunks, states = {}, {}
    for start, end in itertools.pairwise(sorted({0, n, *saved, *ends})):
        for i in range(start, end, size):
            chunks[i] = range(i, min(i + size, end))
            if start in saved:
                members = slice(i - start, i - start + size)
                states[i] = {n: _part(part, members) for n, part in saved[start].items()}
    return chunks, states


def _part(value: object, members: slice) -> object:
    if isinstance(value, Tensor):
        return value[members]
    if isinstance(value, dict):
        return {name: _part(part, members) for name, part in value.items()}
    if isinstance(value, list):
        return [_part(part, members) for part in value]
    return value
