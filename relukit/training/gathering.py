"""From the states of chunks to one `Runs`."""

import math

import torch
from torch import Tensor

from relukit.training.lifelines import LifeLines
from relukit.training.loop import Job
from relukit.training.members import Members
from relukit.training.runs import Runs


def gather(
    jobs: dict[int, Job], states: dict[int, dict], axes: dict[str, tuple], members: Members
) -> Runs:
    """Return the runs of all chunks; what an interrupted run never reached is nan or False.

    Args:
        jobs: the chunks by the position of their first member, in the order of the members.
        states: the last state of each chunk that was begun.
        axes: name -> values.
        members: the initial networks.
    """
    shape = tuple(len(values) for values in axes.values())
    job = next(iter(jobs.values()))
    moments = job.record.at(job.steps)
    parts = [states[i] if i in states else jobs[i].begin() for i in jobs]

    def joined(pieces: list[Tensor]) -> Tensor:
        whole = torch.cat(pieces)
        return whole.reshape(*shape, *whole.shape[1:])

    first = next((part["records"][0] for part in parts if part["records"]), {})
    measured = {
        name: joined([_series(part, name, like, len(moments)) for part in parts])
        for name, like in first.items()
    }
    alive = [name for name in measured if name.startswith("alive_")]
    diverged_at = joined([part["diverged_at"] for part in parts])
    return Runs(
        axes=dict(axes),
        loss=joined([part["loss"] for part in parts]),
        measured_at=torch.tensor(moments),
        measured={name: value for name, value in measured.items() if name not in alive},
        alive=tuple(LifeLines(measured[name]) for name in alive),
        parameters={
            name: joined([part["parameters"][name] for part in parts]) for name in job.parameters
        },
        constants=members.constants,
        diverged=diverged_at >= 0,
        diverged_at=diverged_at,
        steps_done=joined([torch.full_like(p["diverged_at"], p["step"]) for p in parts]),
        partial=any(len(part["records"]) < len(moments) for part in parts),
        device=job.device,
        template=members.template,
    )


def _series(part: dict, name: str, like: Tensor, length: int) -> Tensor:
    found = [record[name] for record in part["records"]]
    unknown = math.nan if like.is_floating_point() else 0
    shape = (len(part["diverged_at"]), *like.shape[1:])
    blank = torch.full(shape, unknown, dtype=like.dtype)
    return torch.stack([*found, *[blank] * (length - len(found))], 1)
