"""Thirty tasks, one after the other: whether a network goes on learning."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import torch
from torch import Tensor, nn

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import images, network
from relukit.lessons.dying.experiments.stack import Data, Stack
from relukit.statistics import Interval, interval, paired_difference
from relukit.streams import generator, number
from relukit.training import SGD, Adam
from relukit.training.batches import Batches

TASKS, STEPS, N_IMAGES = 30, 80, 320
RATE = 0.03
ONE_LABEL = 0.128  # of the images: what the most frequent of their random labels has, on average
DORMANT = 0.025  # of its layer's mean activity
DORMANT_ANEW = "ReLU, fresh weights for the dormant"
RANDOM_ANEW = "ReLU, fresh weights for as many at random"


@dataclass(frozen=True)
class Arm:
    """How one group of networks goes through the tasks.

    Attributes:
        leak: slope of the hidden units below 0; None for tanh.
        fresh: which units begin anew after each task: the "dormant" ones; or "at random" as many as
            begin anew after the same task, in the same layer of the network of the same seed, where
            the dormant ones do; "" for none.
        width: units in each hidden layer.
        rate: learning rate, with momentum 0.9, or for Adam.
        adam: whether the rule is Adam.
        permuted: tasks are all digits in a new order of pixels, not images with random labels.
    """

    leak: float | None = 0.0
    fresh: str = ""
    width: int = 32
    rate: float = RATE
    adam: bool = False
    permuted: bool = False


ARMS: MappingProxyType[str, Arm] = MappingProxyType(
    {
        "ReLU": Arm(),
        "leaky ReLU": Arm(leak=0.1),
        DORMANT_ANEW: Arm(fresh="dormant"),
        RANDOM_ANEW: Arm(fresh="at random"),
        "tanh": Arm(leak=None),
    }
)


@dataclass(frozen=True, eq=False)
class Learned:
    """What networks reach on each task.

    Attributes:
        accuracy: share of a task's images that are right after its last update, (tasks, seeds).
        dormant: share of the hidden units that are dormant then, (tasks, seeds).
        counts: how many units of each layer are, int64 (tasks, layers, seeds).
    """

    accuracy: Tensor
    dormant: Tensor
    counts: Tensor


@kept.cache
def thirty(arm: Arm, *, tasks: int = TASKS, setting: Setting = STATED) -> Learned:
    """Return how much of each task 16 networks learn in 80 updates, one task after the other.

    Args:
        arm: how they go through them.
        tasks: how many.
        setting: the seeds.

    Conventions: a task is 320 training images with labels drawn at random, batches of 64; each seed
        has tasks of its own. Dormant is a hidden unit whose mean activity over the task's images is
        at most 2.5 % of its layer's mean. Fresh weights: new ones of He's into the unit, bias 0,
        and 0 out of it.

    References: [Dohare2024], [Sokar2023].
    """
    seeds = setting.only().seeds
    rule = Adam() if arm.adam else SGD(momentum=0.9)
    stack = Stack([_network(arm, seed) for seed in seeds], rule)
    every = torch.arange(len(seeds))[:, None]
    accuracy, dormant, counts = [], [], []
    if arm.fresh == "at random":
        renewed = thirty(replace(arm, fresh="dormant"), tasks=tasks, setting=setting).counts
    for task in range(tasks):
        x, y = data = _task(task, arm, seeds)
        orders = tuple(number(seed, f"order of task {task}") for seed in seeds)
        batches = Batches(x.shape[1], 64, orders, every[:, 0], torch.device("cpu"))
        for step in range(STEPS):
            chosen = every, batches.at(step)
            stack.learn((x[chosen], y[chosen]), arm.rate)
        accuracy.append(stack.accuracy(data))
        idle = dormant_units(stack.hidden(x))
        dormant.append(torch.cat(idle, 1).double().mean(1))
        counts.append(torch.stack([which.sum(1) for which in idle]))
        streams = [generator(seed, f"fresh weights {task}") for seed in seeds]
        if arm.fresh == "dormant":
            begin_anew(stack, idle, streams)
        elif arm.fresh:
            others = [generator(seed, f"who begins anew {task}") for seed in seeds]
            begin_anew(stack, at_random(renewed[task], arm.width, others), streams)
    return Learned(*map(torch.stack, (accuracy, dormant, counts)))


def _network(arm: Arm, seed: int) -> nn.Sequential:
    made = network(seed, widths=(64, arm.width, arm.width, arm.width, 10))
    if arm.leak == 0:
        return made

    def bend() -> nn.Module:
        return nn.Tanh() if arm.leak is None else nn.LeakyReLU(arm.leak)

    return nn.Sequential(*[bend() if isinstance(part, nn.ReLU) else part for part in made])


def at_random(counts: Tensor, width: int, streams: Sequence[torch.Generator]) -> list[Tensor]:
    """Return units chosen at random, bool (networks, units) for each hidden layer.

    Args:
        counts: how many in each layer of each network, (layers, networks).
        width: units in a layer.
        streams: of random numbers, one for each network.
    """
    return [
        torch.stack([torch.randperm(width, generator=stream) for stream in streams]) < n[:, None]
        for n in counts
    ]


def _task(task: int, arm: Arm, seeds: range) -> Data:
    data, xs, ys = images(), [], []
    for seed in seeds:
        stream = generator(seed, f"task {task}")
        if arm.permuted:
            xs.append(data.x_train[:, torch.randperm(64, generator=stream)])
            ys.append(data.y_train)
        else:
            xs.append(data.x_train[torch.randperm(len(data.x_train), generator=stream)[:N_IMAGES]])
            ys.append(torch.randint(10, (N_IMAGES,), generator=stream))
    return torch.stack(xs), torch.stack(ys)


def dormant_units(activations: list[Tensor]) -> list[Tensor]:
    """Return for each hidden layer which units are dormant, bool (networks, units).

    Args:
        activations: of each hidden layer, (networks, examples, units).

    Conventions: a unit's activity is the mean of the size of what it puts out; dormant is at most
        2.5 % of the mean over its layer. In a layer that is silent as a whole all are dormant.

    References: [Sokar2023].
    """
    sizes = [a.abs().mean(1) for a in activations]
    return [size <= DORMANT * size.mean(1, keepdim=True) for size in sizes]


def begin_anew(stack: Stack, idle: list[Tensor], streams: list[torch.Generator]) -> None:
    """Give fresh incoming weights to units, and 0 to what leaves them; forget their momentum.

    Args:
        stack: is changed.
        idle: which units, bool (networks, units) for each hidden layer.
        streams: of random numbers, one for each network.
    """
    for layer, which in enumerate(idle):
        weight = stack.weights[layer]
        drawn = [torch.randn(weight.shape[1:], generator=stream) for stream in streams]
        new = torch.stack(drawn) * math.sqrt(2 / weight.shape[-1])
        weight.copy_(torch.where(which[..., None], new, weight))
        stack.biases[layer].masked_fill_(which, 0.0)
        stack.weights[layer + 1].masked_fill_(which[:, None], 0.0)
        for weights, biases in stack.memory:
            weights[layer].masked_fill_(which[..., None], 0.0)
            biases[layer].masked_fill_(which, 0.0)
            weights[layer + 1].masked_fill_(which[:, None], 0.0)


def plasticity(setting: Setting = STATED) -> Measured:
    """Measure how much of the first and of the thirtieth task ReLU networks learn.

    Args:
        setting: the seeds.
    """
    return _ends("ReLU", setting)


def leak_lasts(setting: Setting = STATED) -> Measured:
    """Measure how much of the first and of the thirtieth task leaky networks learn.

    Args:
        setting: the seeds.
    """
    return _ends("leaky ReLU", setting)


def _ends(name: str, setting: Setting) -> Measured:
    learned = thirty(ARMS[name], setting=setting.only()).accuracy
    return {f"learned of task {task}, {name}": interval(learned[task - 1]) for task in (1, TASKS)}


def renewed(who: str, setting: Setting = STATED) -> Interval:
    """Return what is learned of the thirtieth task where units get fresh weights after each task.

    Args:
        who: gets them, as for `Arm.fresh`.
        setting: the seeds.
    """
    return interval(thirty(Arm(fresh=who), setting=setting.only()).accuracy[-1])


def renewal_gain(setting: Setting = STATED) -> Interval:
    """Return what fresh weights for dormant units give more than for as many at random.

    Args:
        setting: the seeds.
    """
    where = setting.only()
    dormant, random = (
        thirty(Arm(fresh=who), setting=where).accuracy[-1] for who in ("dormant", "at random")
    )
    return paired_difference(dormant, random).difference
