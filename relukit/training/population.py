"""Many networks at once: seeds and swept settings as one batched computation."""

import itertools
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import torch
from torch import Tensor, nn

from relukit.datasets import Dataset, Sequences
from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError
from relukit.training.arguments import Examples, count, examples, seed_list, sweep
from relukit.training.checkpoint import Checkpoint, digest
from relukit.training.chunks import cut, shared_out
from relukit.training.dispatch import train_elsewhere, train_here
from relukit.training.gathering import gather
from relukit.training.loop import Job
from relukit.training.members import Members, check_outputs, members_for
from relukit.training.memory import (
    bytes_of_member,
    measured_rows,
    members_at_once,
    members_that_fit,
)
from relukit.training.optimizers import SGD, Adam, optimizer_named
from relukit.training.records import Record
from relukit.training.runs import Runs
from relukit.training.vectorized import check_vectorizes

_SWEPT = ("lr", "weight_decay", "l1_activations", "gain")


def train(
    network: nn.Module | type[nn.Module] | Callable[[int], nn.Module],
    data: Dataset | Sequences | tuple[Tensor, ...],
    *,
    lr: float | Sequence[float],
    steps: int,
    batch_size: int = 64,
    seeds: int | Sequence[int] = 16,
    optimizer: str | SGD | Adam = "sgd",
    weight_decay: float | Sequence[float] = 0.0,
    l1_activations: float | Sequence[float] = 0.0,
    gain: float | Sequence[float] = 1.0,
    record: int | Record | None = None,
    device: str | torch.device | None = None,
    memory: int = 2**30,
    checkpoint: str | os.PathLike | Checkpoint | None = None,
    executor: Executor | None = None,
    progress: bool | None = None,
) -> Runs:
    r"""Train one network for every seed and every combination of swept settings, all at once.

    Each member minimizes the cross-entropy of labels, or the mean square of targets, plus
    l1_activations times the batch's mean of $\sum|a|$ over all hidden activations.

    Args:
        network: a function seed -> module; or a module class without arguments; or a module whose
            layers are redrawn by their own reset_parameters for each seed.
        data: a Dataset, Sequences, (x, y), or (x_train, y_train, x_test, y_test); x of shape
            (n, ...), y labels (n,) of int64 or floating-point targets of the outputs' shape.
        lr: learning rate above 0; here and below a sequence is swept.
        steps: number of updates, at least 1.
        batch_size: examples in a batch; all of them where there are fewer.
        seeds: a number n for the seeds 0 to n - 1, or the seeds. One seed has the same initial
            weights and the same batches (`training.batch`) at every swept setting.
        optimizer: "sgd", "adam", SGD(momentum=...) or Adam(...).
        weight_decay: factor of w that is added to its gradient, at least 0.
        l1_activations: as above, at least 0; needs activations that are modules.
        gain: factor on the initial weights with two or more axes, above 0, dimensionless.
        record: measure every so many steps (a number or a Record); None: at the start and the end.
        device: None takes CUDA where it is available, otherwise the CPU.
        memory: budget in bytes for the members that train together; results come on top.
        checkpoint: a file that keeps the state; where it exists the run goes on from it, also
            with another memory budget or executor.
        executor: any concurrent.futures.Executor; its workers train the chunks.
        progress: True shows a bar, False none, None one after 10 seconds.

    Raises:
        InvalidTypeError: an argument of another kind.
        InvalidValueError: a number out of range, data or outputs that do not fit, a module with
            state or randomness, a member larger than the budget, a checkpoint of another run.
        UnavailableError: a device that this machine does not have.

    Conventions: a member's result depends neither on the other members nor on the chunks. One
        whose loss stops being finite is frozen and flagged; it raises nothing. A KeyboardInterrupt
        returns what there is, marked as partial.

    Example:
        >>> from relukit.datasets import moons
        >>> from relukit.networks import mlp
        >>> build = lambda seed: mlp([2, 16, 2], scheme="he_normal", seed=seed)
        >>> runs = train(build, moons(200), seeds=4, lr=0.1, steps=100, optimizer="adam")
        >>> runs, bool((runs.values("test_accuracy") > 0.8).all())
        (Runs(seed: 4; 100 steps on cpu), True)
    """
    axes, values = {}, {}
    for name, given in zip(_SWEPT, (lr, weight_decay, l1_activations, gain), strict=True):
        values[name], swept = sweep(name, given, positive=name in ("lr", "gain"))
        if swept:
            axes[name] = values[name]
    axes["seed"] = seed_list(seeds)
    steps, batch_size, memory = (
        count(n, v) for n, v in (("steps", steps), ("batch_size", batch_size), ("memory", memory))
    )
    optimizer, place = optimizer_named(optimizer), _device(device)
    record, checkpoint = _record(record, steps), _checkpoint(checkpoint)
    if executor is not None and not hasattr(executor, "submit"):
        raise InvalidTypeError(
            "a concurrent.futures.Executor", type(executor).__name__, "pass None to train here"
        )
    if progress not in (None, True, False):
        raise InvalidTypeError("True, False or None as progress", repr(progress), "pass None")
    members, checked = members_for(network, axes["seed"]), examples(data)
    dtype = next(iter(members.parameters.values())).dtype
    checked = checked.to(torch.device("cpu"), dtype)
    check_outputs(members.template, checked)
    needs = "l1_activations" if max(values["l1_activations"]) else ""
    needs = needs or ("record" if record.layers or record.units else "")
    check_vectorizes(members, checked, needs)
    batch_size = min(batch_size, len(checked.x))

    table = list(itertools.product(*values.values(), range(len(axes["seed"]))))
    peak, step = bytes_of_member(members, checked, optimizer, batch_size, record)
    fit = members_that_fit(peak + 2 * steps * dtype.itemsize, memory)
    fit = min(fit, members_at_once(step, place) or fit)
    if executor is not None:
        workers = getattr(executor, "_max_workers", None) or os.cpu_count() or 1
        fit = min(fit, math.ceil(len(table) / workers))
    used = tuple(n for n in ("weight_decay", "l1_activations") if max(values[n]) > 0)
    shared = {
        "optimizer": optimizer,
        "steps": steps,
        "batch_size": batch_size,
        "record": record,
        "device": str(place),
    }
    settings = {name: str(value) for name, value in shared.items()} | {
        **{name: str(value) for name, value in values.items()},
        "seeds": str(axes["seed"]),
        "network": repr(members.template),
        "initial parameters": digest([*members.parameters.values(), *members.constants.values()]),
        "data": digest([checked.x, checked.y, checked.x_test, checked.y_test]),
        "torch": str(torch.__version__),
    }
    states = {} if checkpoint is None else checkpoint.read(settings)
    chunks = cut(len(table), fit, states)
    states = shared_out(states, chunks)
    jobs = {
        i: job_of(members, checked, axes["seed"], [table[k] for k in chunk], used=used, **shared)
        for i, chunk in chunks.items()
    }
    if executor is None:
        states = train_here(jobs, states, checkpoint, settings, progress=progress)
    else:
        states = train_elsewhere(jobs, states, checkpoint, settings, executor=executor)
    return gather(jobs, states, axes, members)


def job_of(
    members: Members,
    data: Examples,
    seeds: tuple[int, ...],
    rows: list[tuple],
    **shared: object,
) -> Job:
    """Return the job that trains some members.

    Args:
        members: the initial networks, one for each seed.
        data: the examples, in the members' dtype.
        seeds: of the members' networks.
        rows: for each member (lr, weight_decay, l1_activations, gain, position of its seed).
        **shared: what all chunks of a run have in common, as in `Job`.
    """
    # a product of one matrix rounds otherwise than one of several: nobody trains alone
    columns = list(zip(*(rows * 2 if len(rows) == 1 else rows), strict=True))
    present = sorted(set(columns[-1]))
    position = {seed: i for i, seed in enumerate(present)}

    def chosen(values: dict[str, Tensor]) -> dict[str, Tensor]:
        if len(present) == len(seeds):
            return values
        return {name: value[present] for name, value in values.items()}

    return Job(
        template=members.template,
        parameters=chosen(members.parameters),
        constants=chosen(members.constants),
        settings={
            name: torch.tensor(column, dtype=torch.float64)
            for name, column in zip(_SWEPT, columns[:-1], strict=True)
        },
        seeds=tuple(seeds[i] for i in present),
        which=torch.tensor([position[i] for i in columns[-1]]),
        data=data,
        n_kept=len(rows),
        rows=measured_rows(data),
        **shared,
    )


def _device(device: str | torch.device | None) -> torch.device:
    if device is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        place = torch.device(device)
        torch.empty(1, device=place).item()
    except (RuntimeError, TypeError, AssertionError) as cause:
        raise UnavailableError(
            "a device of this machine", repr(device), "pass device='cpu'"
        ) from cause
    return place


def _record(record: int | Record | None, steps: int) -> Record:
    if isinstance(record, Record):
        return record
    return Record(every=steps if record is None else record)


def _checkpoint(checkpoint: str | os.PathLike | Checkpoint | None) -> Checkpoint | None:
    if checkpoint is None or isinstance(checkpoint, Checkpoint):
        return checkpoint
    if not isinstance(checkpoint, str | os.PathLike):
        raise InvalidTypeError(
            "a path or a Checkpoint", type(checkpoint).__name__, "pass 'run.pt', say"
        )
    if not str(checkpoint):
        raise InvalidValueError("a path", "an empty one", "pass 'run.pt', say")
    return Checkpoint(checkpoint)
