"""A task of lesson 06 on a run that is interrupted and goes on as if nothing had happened."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, parts
from relukit.checks.harnesses.power_cut import Interruptible, through_a_power_cut
from relukit.checks.task import Misconception, Task
from relukit.lessons.training.tasks.numbers import numbers
from relukit.lessons.training.tasks.resumers import (
    KeptAside,
    by_reference,
    changed,
    from_the_start,
    nothing_loaded,
    own_buffers,
    own_rate,
    single_precision,
    weights_alone,
    while_saving,
    without,
)

NAMES = ("state", "draws", "end")
# of 1 + |number|: machines and numbers of threads differ in the last bits, and float32 in the 8th
ERROR = 1e-10


def resume(method, normalized, before, lost, after, seed, halvings):
    run = Interruptible(method, normalized, seed)
    run.advance(before)
    run.lower(halvings)
    return run.finish(after)


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    because = got if isinstance(got, str) and got else parts(got, NAMES)
    if because:
        return because
    pairs = zip(expected, got, (ERROR, 0.0, ERROR), strict=True)
    same = [_same(wanted, numbers(made, wanted.shape), error) for wanted, made, error in pairs]
    if all(same):
        return None
    lost = arguments[3]
    if not same[0]:
        return f"when the run goes on, its network is not the one saved ({lost} steps were lost)"
    if not same[1]:
        return "the network is the one saved, but the generator goes on with other numbers"
    off = np.abs(numbers(got[2], expected[2].shape) - expected[2]).max()
    return f"network and generator are back, and yet the run ends elsewhere, by up to {off:.2g}"


def _same(wanted: np.ndarray, made: np.ndarray, error: float) -> bool:
    return bool((np.abs(made - wanted) <= error * (1 + np.abs(wanted))).all())


def _redrawn(draw: np.random.Generator) -> tuple[Arguments, ...]:
    def steps():
        return int(draw.integers(2, 7))

    kinds = [("SGD", False), ("Adam", False), ("SGD", True)]
    return tuple(
        (*kind, steps(), steps(), steps(), int(draw.integers(2**30)), int(draw.integers(1, 4)))
        for kind in kinds
    )


TASK = Task(
    points=2,
    title="Go on after a power cut",
    minutes=15,
    difficulty="medium",
    why="A run that resumes from its weights alone goes on, looks well, and is another run.",
    hints=(
        "Besides the weights, what does the next step depend on? And what becomes of a saved tensor"
        " while training goes on with it?",
        "Network and optimizer have state_dict and load_state_dict, the generator has get_state and"
        " set_state. A state_dict holds the live tensors themselves: copy.deepcopy makes it a"
        " snapshot.",
        "if saved is None:",
    ),
    reference=resume,
    boundary=(
        ("SGD", False, 1, 1, 1, 1, 1),
        ("SGD", False, 4, 3, 3, 2, 2),
        ("Adam", False, 5, 2, 4, 3, 1),
        ("SGD", True, 3, 2, 3, 4, 0),
    ),
    redrawn=_redrawn,
    compare=_compare,
    harness=through_a_power_cut,
    misconceptions=(
        Misconception(
            "only the network is saved: the optimizer has momentum, and the generator says which"
            " examples come next",
            without(1, 2),
        ),
        Misconception(
            "the generator is not saved: after the break the run sees other examples", without(2)
        ),
        Misconception(
            "the optimizer is not saved: its momentum starts again from 0, and its learning rate is"
            " the first one",
            without(1),
        ),
        Misconception(
            "saving leaves the network in eval mode: batch normalization and dropout then behave"
            " otherwise while the run goes on; a state_dict is the same in both modes",
            while_saving(lambda network, optimizer: network.eval()),
        ),
        Misconception(
            "saving clears the gradients: the run may still need them, so only look at it",
            while_saving(lambda network, optimizer: optimizer.zero_grad()),
        ),
        Misconception(
            "what is saved stays in the memory of this process, which a power cut ends, and the"
            " next save overwrites: return it, and put back what comes in as saved",
            KeptAside(),
        ),
        Misconception("the network is not saved: without its weights nothing goes on", without(0)),
        Misconception(
            "nothing is put back: with saved given, load it into network, optimizer and generator",
            changed(nothing_loaded),
        ),
        Misconception(
            "a state_dict holds the live tensors, so what you saved kept changing while training"
            " went on: keep copies, with copy.deepcopy",
            by_reference(0, 1),
        ),
        Misconception(
            "the network is copied, but the momentum that you saved kept changing while training"
            " went on: copy the optimizer's state too",
            by_reference(1),
        ),
        Misconception(
            "the optimizer's state is copied, but the weights that you saved kept changing while"
            " training went on: copy them too",
            by_reference(0),
        ),
        Misconception(
            "the generator starts again from its seed: the run sees its first examples a second"
            " time; get_state says where it stands",
            from_the_start,
        ),
        Misconception(
            "momentum is saved, and the learning rate is not: it was lowered on the way, and stands"
            " in the optimizer's state_dict",
            changed(own_rate),
        ),
        Misconception(
            "only parameters are saved: batch normalization keeps running averages too, which stand"
            " in the network's state_dict",
            changed(own_buffers),
        ),
        Misconception(
            "the weights are saved in float32: near, but not the same run; keep their dtype",
            changed(single_precision),
        ),
        Misconception(
            "only weights are saved: biases and whatever else is in the state_dict belong to it",
            changed(weights_alone),
        ),
    ),
)
