"""A task of lesson 06 on one step of training, made twice."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.gradients import gradients
from relukit.checks.harnesses.learning import as_step
from relukit.checks.notation import tell_apart
from relukit.checks.task import Misconception, Task
from relukit.lessons.training.tasks.drawing import layers_of
from relukit.lessons.training.tasks.numbers import numbers

ERROR = 1e-9  # as the task's text states, of 1 + |number|
HUGE = 1e100  # products of such numbers overflow


def train_step(weights, biases, xs, ys, lr, left=0.0):
    layers = list(zip(weights, biases, strict=True))
    losses, found = [], []
    for x, y in zip(xs, ys, strict=True):
        loss, slopes = gradients(layers, x, y)
        pairs = zip(layers, slopes, strict=True)
        layers = [tuple(p - lr * g for p, g in zip(*pair, strict=True)) for pair in pairs]
        losses.append(float(loss))
        found.append(np.concatenate([part.ravel() for layer in layers for part in layer]))
    return losses, np.stack(found)


def _start(arguments: Arguments) -> np.ndarray:
    pairs = zip(*arguments[:2], strict=True)
    return np.concatenate([part.ravel() for pair in pairs for part in pair])


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    because = got if isinstance(got, str) and got else parts(got, ("losses", "parameters"))
    if because:
        return because
    losses, found = expected
    whole = isinstance(got[0], list | tuple) and len(got[0]) == len(losses)
    said = got[0] if whole else [None] * len(losses)
    before = _start(arguments)
    steps = zip(losses, found, said, numbers(got[1], found.shape), strict=True)
    for step, (loss, after, returned, made) in enumerate(steps, 1):
        because = _moved(step, after - before, made - before, before)
        if because:
            return because
        value = number(returned)
        if value is None:
            return "the answer must return the loss, one number"
        if not abs(value - loss) <= ERROR * (1 + abs(loss)):
            return f"step {step} moves the parameters as it should, but its loss is another"
        before = after
    return None


def _moved(step: int, wanted: np.ndarray, given: np.ndarray, at: np.ndarray) -> str | None:
    allowed = ERROR * (1 + np.abs(at))
    if (np.abs(given - wanted) <= allowed).all():
        return None
    if not (np.abs(given) < HUGE).all():
        return f"in step {step} a parameter becomes nan, infinite or huge"
    if not given.any():
        return f"in step {step} no parameter moves"
    first = "step 1 is right, but in step 2 " if step == 2 else f"in step {step} "
    share = float((given @ wanted) / (wanted @ wanted)) if wanted.any() else 0.0
    if share and (np.abs(given - share * wanted) <= allowed * (1 + abs(share))).all():
        return f"{first}every parameter moves {tell_apart(share, 1)[0]} times as far as it should"
    off = int((np.abs(given - wanted) > allowed).sum())
    return f"{first}{off} of {len(at)} parameters move to another place than they should"


def _network(seed: int, widths: tuple[int, ...], *, n=4, steps=2, lr=0.5, size=1.0) -> Arguments:
    draw = np.random.default_rng(seed)
    weights, biases = layers_of(draw, widths)
    xs = size * draw.normal(0, 1, (steps, n, widths[0]))
    return weights, biases, xs, draw.integers(0, widths[-1], (steps, n)), lr


def _redrawn(draw: np.random.Generator) -> tuple[Arguments, ...]:
    def one(layers: int) -> Arguments:
        seed, n = int(draw.integers(2**30)), int(draw.integers(1, 6))
        widths = tuple(int(units) for units in draw.integers(2, 5, layers + 1))
        return _network(seed, widths, n=n, lr=float(draw.choice([0.125, 0.5, 2.0])))

    return tuple(one(layers) for layers in (1, 2, 2, 3))


def _answer(
    *,
    clear=True,
    loss=None,
    method="SGD",
    late=False,
    scale=1.0,
    chosen=None,
    after=False,
    moves=True,
    **options,
):
    """Return a step as it should be, but for one detail."""

    def answer(network, x, y, lr):
        import torch

        measure = loss or torch.nn.functional.cross_entropy
        kept = list(network.parameters())[chosen or slice(None)]
        optimizer = getattr(torch.optim, method)(kept, lr=scale * (lr or 1.0), **options)
        if clear and not late:
            network.zero_grad()
        value = measure(network(x), y)
        value.backward()
        if moves:
            optimizer.step()
        if late:
            network.zero_grad()
        return measure(network(x), y) if after else value

    return answer


def _summed(z, y):
    import torch

    return torch.nn.functional.cross_entropy(z, y, reduction="sum")


def _twice_softened(z, y):
    import torch

    return torch.nn.functional.cross_entropy(z.softmax(1), y)


def _squared(z, y):
    import torch

    wanted = torch.nn.functional.one_hot(y, z.shape[1]).to(z.dtype)
    return torch.nn.functional.mse_loss(z, wanted)


def _likelihood(z, y):
    import torch

    return torch.nn.functional.nll_loss(z, y)


def _rate_1(network, x, y, lr):
    return _answer()(network, x, y, 1.0)


def _upwards(network, x, y, lr):
    import torch

    network.zero_grad()
    loss = torch.nn.functional.cross_entropy(network(x), y)
    loss.backward()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter += lr * parameter.grad
    return loss


TASK = Task(
    points=2,
    title="One step of training",
    minutes=10,
    difficulty="easy",
    why="Forget one line of five and the network still learns, only worse; few notice.",
    hints=(
        "Which five things happen in a step, and what does backward do with gradients that are"
        " already there?",
        "The loop of section 2 has all of it: zero_grad, the loss, backward, step. An optimizer of"
        " torch may be made in each call, as plain SGD keeps nothing between steps.",
        "optimizer = torch.optim.SGD(network.parameters(), lr=...)",
    ),
    reference=train_step,
    boundary=(
        _network(0, (1, 2), n=1, steps=1),
        _network(2, (2, 3), lr=0.25),
        _network(3, (3, 4, 3), n=5),
        (*_network(4, (2, 3, 2), n=3, steps=1), 1.0),
        _network(5, (4, 6, 5, 3), n=8, steps=3),
        _network(6, (2, 3), n=4, steps=1, size=2000.0),  # exp of what outputs differ by is 0
    ),
    compare=_compare,
    redrawn=_redrawn,
    harness=as_step,
    misconceptions=(
        Misconception(
            "the gradients of the step before are still there, and backward adds to them: clear"
            " them first, with zero_grad",
            _answer(clear=False),
        ),
        Misconception(
            "gradients are cleared at the end of a step only: those that others left behind are"
            " added to the first one; clear before backward",
            _answer(late=True),
        ),
        Misconception(
            "no parameter moves: is optimizer.step() missing, or are the gradients cleared before"
            " it?",
            _answer(moves=False),
        ),
        Misconception(
            "this climbs: move against the gradient, minus lr times it, so that the loss falls",
            _upwards,
        ),
        Misconception("the learning rate is not used: the step is lr times the gradient", _rate_1),
        Misconception(
            "the loss is summed over the batch: its mean is due, or the step grows with the batch",
            _answer(loss=_summed),
        ),
        Misconception(
            "cross_entropy gets probabilities here: it applies the softmax itself, so give it the"
            " outputs as they are",
            _answer(loss=_twice_softened),
        ),
        Misconception(
            "this is the mean square error: the text asks for the cross-entropy",
            _answer(loss=_squared),
        ),
        Misconception(
            "nll_loss wants the logarithms of probabilities: give it log_softmax, or take"
            " cross_entropy",
            _answer(loss=_likelihood),
        ),
        Misconception(
            "the loss is measured after the step: return that of the step's own forward pass",
            _answer(after=True),
        ),
        Misconception(
            "this is a step of Adam, which divides by the size of the gradients: plain SGD is due",
            _answer(method="Adam"),
        ),
        Misconception(
            "weights decay on the way: plain SGD follows the gradient of the loss alone",
            _answer(weight_decay=0.01),
        ),
        Misconception(
            "only the last layer moves: give all parameters of the network to the optimizer",
            _answer(chosen=slice(-2, None)),
        ),
        Misconception(
            "only weights move: biases are parameters too", _answer(chosen=slice(None, None, 2))
        ),
        Misconception("this is half a step", _answer(scale=0.5)),
    ),
)
