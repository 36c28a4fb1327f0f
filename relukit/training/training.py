"""Many networks at once: seeds and swept settings as one batched computation."""

import os
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from relukit.datasets import Dataset, Sequences
from relukit.quantities import integer
from relukit.training.checkpoint import Checkpoint, Store
from relukit.training.dispatch import run_jobs
from relukit.training.examples import examples_of
from relukit.training.gathering import gather
from relukit.training.jobs import jobs_for
from relukit.training.machine import Machine
from relukit.training.members import members_for
from relukit.training.memory import members_together
from relukit.training.optimizers import SGD, Adam, optimizer_named
from relukit.training.population import Population
from relukit.training.records import Record, record_for
from relukit.training.runs import Runs
from relukit.training.settings import Settings
from relukit.training.sweep import Factors, Sweep, sweep_of
from relukit.training.trial import check_trainable

Data = Dataset | Sequences | tuple[Tensor, ...]


def train(
    network: nn.Module | type[nn.Module] | Callable[[int], nn.Module],
    data: Data | Callable[[int], Data],
    *,
    lr: float | Sequence[float],
    steps: int,
    batch_size: int = 64,
    seeds: int | Sequence[int] = 16,
    optimizer: str | SGD | Adam = "sgd",
    factors: Factors = Factors(),  # noqa: B008 - frozen
    record: int | Record | None = None,
    device: str | torch.device | Machine | None = None,
    checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
    progress: bool | None = None,
) -> Runs:
    r"""Train one network for every seed and every combination of swept settings, all at once.

    Each member minimizes the cross-entropy of labels, or the mean square of targets, plus the
    penalties among `factors`. A plain value says most of what there is to say; where more is
    wanted, an argument takes the group that is named beside it.

    Args:
        network: a function seed -> module; or a module class without arguments; or a module whose
            layers are redrawn by their own reset_parameters for each seed.
        data: a Dataset, Sequences, (x, y), or (x_train, y_train, x_test, y_test); x of shape
            (n, ...), y labels (n,) of int64 or floating-point targets of the outputs' shape. Or a
            function seed -> one of these, which may draw from torch's global stream: each seed, up
            to 2**32 - 1, learns and is measured on its own, at every swept setting, so that
            intervals over seeds cover the split too.
        lr: learning rate above 0; a sequence is swept.
        steps: number of updates, at least 1.
        batch_size: examples in a batch; all of them where there are fewer.
        seeds: a number n for the seeds 0 to n - 1, or the seeds. One seed has the same initial
            weights and the same batches (`training.batch`) at every swept setting.
        optimizer: "sgd", "adam", "adamw", SGD(momentum=...) or Adam(...), which clip gradients,
            warm up and let the learning rate fall, too.
        factors: weight decay, a penalty on activations, a gain of the initial weights.
        record: measure every so many steps (a number or a Record); None: at the start and the end.
        device: such as "cpu", or a Machine, which has a memory budget and workers too, and says
            what a card may do; None takes CUDA where it is available.
        checkpoint: a file (a path or a Checkpoint) that keeps the state; where it exists the run
            goes on from it, also on a Machine with another budget or executor.
        progress: True shows a bar, False none, None one after 2 seconds.

    Raises:
        InvalidTypeError: an argument of another kind.
        InvalidValueError: a number out of range, data or outputs that do not fit, a module with
            state or randomness, a member larger than the budget, a checkpoint of another run.
        UnavailableError: a device that this machine does not have.

    Conventions: a member's result depends neither on the other members nor on the jobs into which
        they are cut. One whose loss stops being finite is frozen and flagged; it raises nothing. A
        KeyboardInterrupt returns what there is, marked as partial.

    Example:
        >>> from relukit.datasets import moons
        >>> from relukit.networks import mlp
        >>> build = lambda seed: mlp([2, 16, 2], scheme="he_normal", seed=seed)
        >>> runs = train(build, moons(200), seeds=4, lr=0.1, steps=100, optimizer="adam")
        >>> runs, bool((runs.values("test_accuracy") > 0.8).all())
        (Runs(seed: 4; 100 steps on cpu), True)
    """
    machine = device if isinstance(device, Machine) else Machine(device)
    population = population_for(
        network, data, sweep=sweep_of(lr, factors, seeds), steps=steps, batch_size=batch_size,
        optimizer=optimizer, record=record, machine=machine,
    )  # fmt: skip
    size = members_together(population, machine)
    store = Store(checkpoint, population.identity)
    jobs, states = jobs_for(population, size, store.read())
    states = run_jobs(jobs, states, store, executor=machine.executor, progress=progress)
    return gather(population, jobs, states)


def population_for(
    network: nn.Module | type[nn.Module] | Callable[[int], nn.Module],
    data: Data | Callable[[int], Data],
    *,
    sweep: Sweep,
    steps: int,
    batch_size: int,
    optimizer: str | SGD | Adam,
    record: int | Record | None,
    machine: Machine,
) -> Population:
    """Return what `train` trains, or raise what it refuses, before any step.

    Args:
        network: as for `train`.
        data: as for `train`.
        sweep: what differs between the members.
        steps: as for `train`.
        batch_size: as for `train`.
        optimizer: as for `train`.
        record: as for `train`.
        machine: where it will be trained.

    Raises:
        InvalidTypeError, InvalidValueError: as for `train`.
    """
    examples = examples_of(data, sweep.seeds)
    settings = Settings(
        optimizer=optimizer_named(optimizer),
        steps=integer("steps", steps, least=1),
        batch_size=min(integer("batch_size", batch_size, least=1), len(examples.one.x)),
        record=record_for(record, steps),
        device=str(machine.place),
        graphs=machine.graphs,
        tf32=machine.tf32,
    )
    networks = members_for(network, sweep.seeds)
    machine.refuse(networks.dtype)
    examples = examples.to(torch.device("cpu"), networks.dtype)
    population = Population(networks, examples, settings, sweep)
    check_trainable(population)
    return population
