"""A task of lesson 06 on what makes zeros: a penalty on activations, and not on weights."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.harnesses.learning import as_penalty
from relukit.checks.notation import tell_apart
from relukit.checks.task import Misconception, Task
from relukit.lessons.training.tasks.drawing import layers_of
from relukit.lessons.training.tasks.numbers import numbers

ERROR = 1e-9  # as the task's text states, of 1 + |number|
# each activation with its slope
_FUNCTIONS = {
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "LeakyReLU": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "Tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


def l1_activation_penalty(weights, biases, activation, x, strength):
    f, slope = _FUNCTIONS[activation]
    inputs, before = [x], []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        before.append(inputs[-1] @ weight.T + bias)
        inputs.append(f(before[-1]))
    size = strength / len(x)
    value = size * sum(np.abs(a).sum() for a in inputs[1:])
    gradients = [np.zeros_like(biases[-1]), np.zeros_like(weights[-1])]
    back = np.zeros_like(inputs[-1])  # with respect to the activations, from the layers behind
    for place in reversed(range(len(before))):
        back = (back + size * np.sign(inputs[place + 1])) * slope(before[place])
        gradients += [back.sum(axis=0), back.T @ inputs[place]]
        back = back @ weights[place]
    return value, np.concatenate([part.ravel() for part in reversed(gradients)])


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    because = got if isinstance(got, str) and got else parts(got, ("penalty", "gradient"))
    if because:
        return because
    value, gradient = number(got[0]), got[1]
    if isinstance(got[0], np.ndarray) and got[0].ndim:
        return f"the penalty must be a tensor of shape (), and has shape {got[0].shape}"
    if value is None:
        return "the answer must be one number, a tensor of shape ()"
    wanted = float(expected[0])
    if not abs(value - wanted) <= ERROR * (1 + abs(wanted)):
        factor = (
            f": {tell_apart(value / wanted, 1)[0]} times what is asked for"
            if wanted and value
            else ""
        )
        return f"the penalty is another number{factor}"
    if gradient is None and expected[1].any():
        return "the penalty is right, but no gradient flows back from it to the weights"
    slopes = numbers(gradient, expected[1].shape)
    if gradient is None or (np.abs(slopes - expected[1]) <= ERROR).all():
        return None
    return "the penalty is right, but its gradients are others: is all of it computed in torch?"


def _network(seed: int, widths, activation="ReLU", *, n=3, strength=0.5) -> Arguments:
    draw = np.random.default_rng(seed)
    weights, biases = layers_of(draw, widths)
    return weights, biases, activation, draw.normal(0, 1, (n, widths[0])), strength


def _redrawn(draw: np.random.Generator) -> tuple[Arguments, ...]:
    def one(activation: str, hidden: int) -> Arguments:
        seed, n = int(draw.integers(2**30)), int(draw.integers(1, 5))
        widths = tuple(int(units) for units in draw.integers(1, 5, hidden + 2))
        strength = float(draw.choice([0.125, 1.0, 3.0]))
        return _network(seed, widths, activation, n=n, strength=strength)

    return tuple(one(activation, hidden) for activation in _FUNCTIONS for hidden in (1, 3))


def _hidden(x, hidden, outputs):
    return hidden


def _answer(reduce=None, *, kept=_hidden, count=len, behind=True, used=True):
    """Return a penalty as it should be, but for one detail.

    Args:
        reduce: from the activations of a layer to a number; None sums their absolute values.
        kept: from x, the hidden activations and the outputs to the list of those taken.
        count: what the sum is divided by, from x.
        behind: False takes what goes into the activations.
        used: False leaves the strength out.
    """

    def answer(network, x, strength):
        import torch

        made = [x]
        for layer in network:
            made.append(layer(made[-1]))
        taken = kept(x, made[1 + behind : -1 : 2], made[-1])
        measure = reduce or (lambda a: a.abs().sum())
        total = sum([measure(a) for a in taken], torch.zeros((), dtype=x.dtype))
        return total * (strength if used else 1.0) / count(x)

    return answer


def _on_weights(network, x, strength):
    return strength * sum(p.abs().sum() for p in network.parameters() if p.dim() == 2)


def _on_all_parameters(network, x, strength):
    return strength * sum(p.abs().sum() for p in network.parameters())


def _one(x):
    return 1


def _over_layers(network, x, strength):
    return _answer()(network, x, strength) / max(1, len(network) // 2)


def _as_a_number(network, x, strength):
    return float(_answer()(network, x, strength))


def _count_of_nonzero(network, x, strength):
    return _answer(lambda a: (a != 0).sum())(network, x, strength)


TASK = Task(
    points=2,
    title="A penalty that makes zeros",
    minutes=15,
    difficulty="medium",
    why="A tutorial puts the penalty on the weights; that gives fewer zeros than none at all.",
    hints=(
        "Which layers of the network put out hidden activations, and which one does not count?",
        "Send x through the network layer by layer and add up abs().sum() behind every activation;"
        " divide by the number of examples, once. Stay in torch, without detach, item or no_grad:"
        " the gradient has to find its way back.",
        "for layer in network[:-1]:",
    ),
    reference=l1_activation_penalty,
    boundary=(
        _network(0, (1, 2, 1), n=1, strength=1.0),
        _network(1, (2, 3, 2)),
        _network(2, (2, 3, 2), "Tanh"),
        _network(3, (2, 3, 2), "LeakyReLU", n=4),
        _network(4, (3, 4, 3, 2), n=5, strength=0.01),
        _network(5, (2, 3, 4, 3, 2), "Tanh", n=2),
        _network(6, (2, 3)),
    ),
    compare=_compare,
    redrawn=_redrawn,
    harness=as_penalty,
    misconceptions=(
        Misconception(
            "this is a penalty on the weights: it makes small weights and no zeros in the"
            " activations",
            _on_weights,
        ),
        Misconception(
            "this is a penalty on weights and biases: the activations are to be penalized",
            _on_all_parameters,
        ),
        Misconception(
            "this is the mean over units too: they are summed up, only examples are averaged",
            _answer(lambda a: a.abs().mean(), count=_one),
        ),
        Misconception(
            "this sums over the examples: divide by their number, or the penalty grows with the"
            " batch",
            _answer(count=_one),
        ),
        Misconception(
            "this is the mean over layers too: they are summed up, only examples are averaged",
            _over_layers,
        ),
        Misconception(
            "the outputs of the network are penalized too: they are not hidden, and must be free to"
            " grow",
            _answer(kept=lambda x, hidden, outputs: [*hidden, outputs]),
        ),
        Misconception(
            "only the first hidden layer is penalized: all of them count",
            _answer(kept=lambda x, hidden, outputs: hidden[:1]),
        ),
        Misconception(
            "the inputs are penalized too: they are data, and no weight can change them",
            _answer(kept=lambda x, hidden, outputs: [x, *hidden]),
        ),
        Misconception(
            "this takes the pre-activations, before the activation: what comes behind it is due",
            _answer(behind=False),
        ),
        Misconception(
            "this sums squares, which is L2: it makes activations small but hardly ever 0",
            _answer(lambda a: (a * a).sum()),
        ),
        Misconception(
            "the absolute value is missing: tanh and leaky ReLU give negative activations, which"
            " would count as a gain",
            _answer(lambda a: a.sum()),
        ),
        Misconception(
            "negative activations are left out: their absolute value counts",
            _answer(lambda a: a.relu().sum()),
        ),
        Misconception(
            "this is a plain number: without its gradients the network never learns of the penalty;"
            " stay in torch, without detach, item or no_grad",
            _as_a_number,
        ),
        Misconception(
            "this counts what is not 0: a count has no gradient, so nothing would be learned",
            _count_of_nonzero,
        ),
        Misconception("the strength is not used", _answer(used=False)),
    ),
)
