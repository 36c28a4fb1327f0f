"""Thirty tasks, one after the other: whether a network goes on learning."""

import math
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import torch
from torch import Tensor

from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import images, network
from relukit.lessons.dying.experiments.stack import Data, Stack
from relukit.statistics import interval
from relukit.streams import generator, number
from relukit.training.batches import Batches

TASKS, STEPS, N_IMAGES = 30, 80, 320
RATE = 0.03
DORMANT = 0.025  # of its layer's mean activity


@dataclass(frozen=True)
class Arm:
    """How one group of networks goes through the tasks.

    Attributes:
        leak: slope of the hidden units below 0; None for tanh.
        fresh: whether dormant units begin anew after each task.
        width: units in each hidden layer.
        rate: learning rate, with momentum 0.9, or for Adam.
        adam: whether the rule is Adam.
        permuted: tasks are all digits in a new order of pixels, not images with random labels.
    """

    leak: float | None = 0.0
    fresh: bool = False
    width: int = 32
    rate: float = RATE
    adam: bool = False
    permuted: bool = False


ARMS: MappingProxyType[str, Arm] = MappingProxyType(
    {
        "ReLU": Arm(),
        "leaky ReLU": Arm(leak=0.1),
        "ReLU, fresh weights for the dormant": Arm(fresh=True),
        "tanh": Arm(leak=None),
    }
)


@dataclass(frozen=True, eq=False)
class Learned:
    """What networks reach on each task.

    Attributes:
        accuracy: share of a task's images that are right after its last update, (tasks, seeds).
        dormant: share of the hidden units that are dormant then, (tasks, seeds).
    """

    accuracy: Tensor
    dormant: Tensor


@cache
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
    widths = (64, arm.width, arm.width, arm.width, 10)
    stack = Stack.of([network(seed, widths=widths) for seed in seeds], leak=arm.leak)
    every, accuracy, dormant = torch.arange(len(seeds))[:, None], [], []
    for task in range(tasks):
        x, y = data = _task(task, arm, seeds)
        orders = tuple(number(seed, f"order of task {task}") for seed in seeds)
        batches = Batches(x.shape[1], 64, orders, every[:, 0], torch.device("cpu"))
        for step in range(STEPS):
            chosen = every, batches.at(step)
            part = x[chosen], y[chosen]
            stack.learn_by_adam(part, arm.rate) if arm.adam else stack.learn(part, arm.rate)
        accuracy.append(stack.accuracy(data))
        idle = dormant_units(stack.hidden(x))
        dormant.append(torch.cat(idle, 1).double().mean(1))
        if arm.fresh:
            begin_anew(stack, idle, [generator(seed, f"fresh weights {task}") for seed in seeds])
    return Learned(torch.stack(accuracy), torch.stack(dormant))


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
        weight, bias, behind = stack.weights[layer], stack.biases[layer], stack.weights[layer + 1]
        drawn = [torch.randn(weight.shape[1:], generator=stream) for stream in streams]
        new = torch.stack(drawn) * math.sqrt(2 / weight.shape[-1])
        weight.copy_(torch.where(which[..., None], new, weight))
        bias.masked_fill_(which[:, None], 0.0)
        behind.masked_fill_(which[:, None], 0.0)
        for past in stack.memory[layer]:
            past.masked_fill_(which[..., None], 0.0)
        for past in stack.memory[len(stack.weights) + layer] + stack.memory[layer + 1]:
            past.masked_fill_(which[:, None], 0.0)


def plasticity(setting: Setting = STATED) -> Measured:
    """Measure how much of the first and of the thirtieth task networks learn.

    Args:
        setting: the seeds.
    """
    found = {}
    for name, arm in ARMS.items():
        learned = thirty(arm, setting=setting.only()).accuracy
        for task in (1, TASKS):
            found[f"learned of task {task}, {name}"] = interval(learned[task - 1])
    return found
