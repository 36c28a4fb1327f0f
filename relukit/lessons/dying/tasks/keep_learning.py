"""The capstone of lesson 04: a network that goes on learning, one task after the other."""

from typing import Any

from relukit.checks.comparison import Arguments, number
from relukit.checks.harnesses.keeper import LAST, as_keeper
from relukit.checks.task import Misconception, Task

BAR = 46.0  # percent, as the task's text states; benchmarks/keeping.py measures what answers reach


def keep_learning(seed):
    return 56.0, "weights into units, weights out of units"


def _kind(found: Any) -> tuple[str, str]:
    """Return of which kind an answer is, and what is said of it; both empty where it is right."""
    if isinstance(found, str) and found:
        return found, found
    learned, changed = found if isinstance(found, tuple) and len(found) == 2 else (None, "")
    reached = number(learned) or 0.0
    if reached >= BAR:
        return "", ""
    return changed, (
        f"of the last {LAST} tasks {reached:.0f} % are learned, and {BAR:.0f} % are due"
    )


def _compare(arguments: Arguments, expected: Any, got: Any) -> str | None:
    due, _ = _kind(expected)
    kind, said = _kind(got)
    if due:  # two wrong answers, compared
        return None if kind == due else "another"
    return said or None


def renewing(share=0.1, *, bias=0.0, into=True, out=True, layers=3):
    """Return an answer that gives fresh weights to units below a share of their layer's mean."""

    def answer(network, optimizer, x):
        import torch
        from torch import nn

        for i in range(0, 2 * layers, 2):
            linear, after = network[i], network[i + 2]
            x = network[i + 1](linear(x))
            idle = x.mean(0) <= share * x.mean()
            if into:
                fresh = nn.init.kaiming_normal_(torch.empty_like(linear.weight))
                linear.weight[idle] = fresh[idle]
                linear.bias[idle] = bias
            if out:
                after.weight[:, idle] = 0

    return answer


def tuned(**options):
    """Return an answer that only sets options of the optimizer."""

    def answer(network, optimizer, x):
        optimizer.param_groups[0].update(options)

    return answer


def _nothing(network, optimizer, x):
    return network


def _all_anew(network, optimizer, x):
    for layer in network[::2]:
        layer.reset_parameters()


def _new_tensors(network, optimizer, x):
    from torch import nn

    for layer in network[::2]:
        layer.weight = nn.Parameter(layer.weight.detach().clone())


def _leaky(network, optimizer, x):
    from torch import nn

    for i in range(1, len(network), 2):
        network[i] = nn.LeakyReLU(0.1)


def _a_new_network(network, optimizer, x):
    import copy

    return copy.deepcopy(network)


TASK = Task(
    points=3,
    title="Keep a network learning",
    minutes=25,
    difficulty="hard",
    why="A network that must go on learning needs care between its tasks, or it stops.",
    hints=(
        "Which units do nothing for the network, and could be used anew without any loss?",
        "For each hidden layer find the units whose mean output over the images is at most a small"
        " share of the layer's mean. If 2.5 % is too little, try more. Give them He's weights, a"
        " bias of 0, and weights of 0 out of them, in place.",
        "after.weight[:, dormant] = 0",
    ),
    reference=keep_learning,
    boundary=((1,),),
    redrawn=lambda chance: ((int(chance.integers(2, 2**24)),),),
    compare=_compare,
    harness=as_keeper,
    several=True,
    calls=1,
    misconceptions=(
        Misconception(
            "this changes nothing: then it is the network of section 7, which stops learning",
            _nothing,
        ),
        Misconception(
            "every unit begins anew here: the dormant ones may, the others still answer for the"
            " task that was learned",
            _all_anew,
        ),
        Misconception(
            "the dormant units get fresh weights, and are heard at once: set the weights out of"
            " them to 0, so that the answers stay",
            renewing(out=False),
        ),
        Misconception(
            "this replaces tensors that the optimizer holds: write into the old ones",
            _new_tensors,
        ),
        Misconception(
            "another activation answers otherwise at once: keep ReLU, and care for its units",
            _leaky,
        ),
        Misconception(
            "this mends a copy, and the loop goes on with the old network: change that one",
            _a_new_network,
        ),
        Misconception(
            "another learning rate alone is not enough: with 0.01 none of 40 tries passed",
            tuned(lr=0.01),
        ),
        Misconception(
            "weight decay alone is hardly ever enough: with 0.005 one of 40 tries passed, with 0.01"
            " none",
            tuned(weight_decay=0.01),
        ),
    ),
)
