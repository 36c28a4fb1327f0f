"""From the states of chunks to one `Runs`."""

import math

import torch
from torch import Tensor

from relukit.training.lifelines import LifeLines
from relukit.training.loop import Job
from relukit.training.members import Members
from relukit.training.runs import Runs


def gather(
    jobs: list[Job], states: dict[int, dict], axes: dict[str, tuple], members: Members
) -> Runs:
    """Return the runs of all chunks; what an interrupted run never reached is nan or False.

    Args:
        jobs: the chunks, in the order of the members.
        states: number of a chunk -> its last state.
        axes: name -> values.
        members: the initial networks.
    """
    shape = tuple(len(values) for values in axes.values())
    parts = [_part(job, states.get(i)) for i, job in enumerate(jobs)]
    moments = jobs[0].record.at(jobs[0].steps)

    def joined(pieces: list[Tensor]) -> Tensor:
        kept = [piece[: job.n_kept] for piece, job in zip(pieces, jobs, strict=True)]
        whole = torch.cat(kept)
        return whole.reshape(*shape, *whole.shape[1:])

    names = next((list(p["records"][0]) for p in parts if p["records"]), [])
    measured = {
        name: joined([_series(part, name, len(moments), parts) for part in parts]) for name in names
    }
    alive = [name for name in names if name.startswith("alive_")]
    done = joined([part["steps_done"] for part in parts])
    diverged_at = joined([part["diverged_at"] for part in parts])
    return Runs(
        axes=dict(axes),
        loss=joined([part["loss"].T for part in parts]),
        measured_at=torch.tensor(moments),
        measured={name: value for name, value in measured.items() if name not in alive},
        alive=tuple(LifeLines(measured[name]) for name in alive),
        parameters={
            name: joined([part["parameters"][name] for part in parts])
            for name in jobs[0].parameters
        },
        constants=members.constants,
        diverged=diverged_at >= 0,
        diverged_at=diverged_at,
        steps_done=done,
        partial=any(part["partial"] for part in parts),
        device=jobs[0].device,
        template=members.template,
    )


def _part(job: Job, state: dict | None) -> dict:
    n = len(job.which)
    parameters, start = {}, 0
    for name, initial in job.parameters.items():
        if state is None:
            parameters[name] = initial
            continue
        values = state["flat"][start : start + initial.numel()]
        parameters[name], start = values.view(initial.shape), start + initial.numel()
    if state is None:
        dtype = next(iter(parameters.values())).dtype
        state = {
            "step": 0,
            "loss": torch.full((job.steps, n), math.nan, dtype=dtype),
            "diverged_at": torch.full((n,), -1),
            "records": [],
        }
    moments = len(job.record.at(job.steps))
    return {
        **state,
        "parameters": parameters,
        "steps_done": torch.full((n,), state["step"]),
        "partial": len(state["records"]) < moments,
    }


def _series(part: dict, name: str, length: int, parts: list[dict]) -> Tensor:
    found = [record[name] for record in part["records"]]
    like = next(p["records"][0][name] for p in parts if p["records"])
    members = len(part["steps_done"])
    unknown = math.nan if like.is_floating_point() else 0
    blank = torch.full((members, *like.shape[1:]), unknown, dtype=like.dtype)
    return torch.stack([*found, *[blank] * (length - len(found))], 1)
