"""From the states of chunks to one `Runs`."""

import math

import torch
from torch import Tensor

from relukit.training.jobs import Job, State
from relukit.training.lifelines import LifeLines
from relukit.training.population import Population
from relukit.training.records import KEPT
from relukit.training.runs import Runs


def gather(population: Population, jobs: dict[int, Job], states: dict[int, State]) -> Runs:
    """Return the runs of all members; what an interrupted run never reached is nan or False.

    Args:
        population: all networks.
        jobs: by the position of their first member, in the order of the networks.
        states: the last state of each job that was begun.
    """
    networks, settings, axes = population.networks, population.settings, population.sweep.axes
    shape = tuple(len(values) for values in axes.values())
    moments = settings.record.at(settings.steps)
    parts = [states[i] if i in states else jobs[i].begin() for i in jobs]

    def joined(pieces: list[Tensor]) -> Tensor:
        whole = torch.cat(pieces)
        return whole.reshape(*shape, *whole.shape[1:])

    first: State = next((part["records"][0] for part in parts if part["records"]), {})
    measured = {
        name: joined([_series(part, name, like, len(moments)) for part in parts])
        for name, like in first.items()
    }
    alive = [name for name in measured if name.startswith("alive_")]
    kept = {name: measured.pop(name) for name in list(measured) if name.startswith(KEPT)}
    diverged_at = joined([part["diverged_at"] for part in parts])
    return Runs(
        axes=dict(axes),
        loss=joined([part["loss"] for part in parts]),
        measured_at=torch.tensor(moments),
        measured={name: value for name, value in measured.items() if name not in alive},
        alive=tuple(LifeLines(measured[name]) for name in alive),
        parameters={
            name: joined([part["parameters"][name] for part in parts])
            for name in networks.parameters
        },
        kept={name.removeprefix(KEPT): value for name, value in kept.items()},
        constants=networks.constants,
        diverged=diverged_at >= 0,
        diverged_at=diverged_at,
        steps_done=joined([torch.full_like(p["diverged_at"], p["step"]) for p in parts]),
        partial=any(len(part["records"]) < len(moments) for part in parts),
        device=settings.device,
        template=networks.template,
    )


def _series(part: State, name: str, like: Tensor, length: int) -> Tensor:
    found = [record[name] for record in part["records"]]
    unknown = math.nan if like.is_floating_point() else 0
    shape = (len(part["diverged_at"]), *like.shape[1:])
    blank = torch.full(shape, unknown, dtype=like.dtype)
    return torch.stack([*found, *[blank] * (length - len(found))], 1)
