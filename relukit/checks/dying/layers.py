"""A task of lesson 04 on counting the dead of a whole network, layer by layer."""

import numpy as np

from relukit.checks.comparison import Arguments, vector
from relukit.checks.dying.layers_swept import SIZE, X, layer, network_from, swept
from relukit.checks.harnesses.dying import with_layers
from relukit.checks.task import Misconception, Task

LESSON = "04_dying_relu"
ERROR = 1e-6  # absolute; the task's text states it


def _forward(weights, biases, x, *, activation=lambda z: np.maximum(z, 0), first=lambda x: x):
    """Return z of every layer, the output layer included."""
    a, found = first(x), []
    for weight, bias in zip(weights, biases, strict=True):
        found.append(a @ weight.T + bias)
        a = activation(found[-1])
    return found


def _shares(weights, biases, x, *, hidden=-1, **options):
    layers = _forward(weights, biases, x, **options)[:hidden]
    return np.array([(z <= 0).all(axis=0).mean() for z in layers])


def dead_fraction_by_layer(weights, biases, x):
    return _shares(weights, biases, x)


def _compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
    if isinstance(got, str) and got:
        return got
    shares = vector(got)
    wanted = f"the answer must be one number for each hidden layer, {len(expected)} here"
    if shares is None:
        return wanted
    if shares.shape != expected.shape:
        return f"{wanted}, and has shape {shares.shape}"
    off = ~(np.abs(shares - expected) <= ERROR)
    if not off.any():
        return None
    layer = int(np.argmax(off))
    z = _forward(*arguments)[layer]
    dead = int((z <= 0).all(axis=0).sum())
    return f"in hidden layer {layer + 1}, {dead} of {z.shape[1]} units are off for every example"


def _generated():
    from hypothesis import strategies as st

    widths = st.lists(st.integers(2, 4), min_size=3, max_size=5).map(tuple)
    return st.builds(network_from, st.integers(0, 999), widths, st.integers(2, 4))


_ONE = layer((1,))

DEAD_FRACTION_BY_LAYER = Task(
    name="dead_fraction_by_layer",
    lesson=LESSON,
    points=2,
    title="Count the dead, layer by layer",
    minutes=10,
    difficulty="medium",
    why="Where the dead are says what to mend: the inputs, the initialization, or the rate.",
    hints=(
        "What does the second layer get as its input: x, z of the first layer, or something else?",
        "Go through the layers with z = a @ weight.T + bias and a = max(0, z); in each hidden layer"
        " take the share of units whose z is never above 0. Which layer has no ReLU?",
        "for weight, bias in zip(weights[:-1], biases[:-1], strict=True):",
    ),
    reference=dead_fraction_by_layer,
    boundary=(
        ((_ONE, _ONE), (np.zeros(1), np.zeros(1)), layer((1,))),
        ((-_ONE, _ONE), (np.zeros(1), np.zeros(1)), layer((1,))),
        ((_ONE, _ONE), (np.zeros(1), -np.ones(1)), layer((1,), (-1,))),
        ((layer((1,), (-1,)), layer((1, 1))), (np.zeros(2), np.zeros(1)), layer((1,), (-1,))),
        ((layer((1,), (-1,)), layer((1, 1))), (np.zeros(2), np.zeros(1)), layer((1,), (2,))),
        # the first layer is dead, and biases alone bring the second to life
        (
            (-_ONE, layer((1,), (1,), (1,)), layer((1, -1, 1))),
            (np.zeros(1), np.array([1.0, -1.0, 0.0]), np.zeros(1)),
            layer((1,), (2,)),
        ),
        # z of the second layer depends on the ReLU of the first
        ((_ONE, -_ONE, _ONE), (np.zeros(1), np.array([-1.0]), np.zeros(1)), layer((-3,), (1,))),
        ((_ONE, _ONE, _ONE), (np.ones(1), -np.ones(1), np.zeros(1)), layer((-3,), (0,))),
        # off for 40 examples, then on for one
        (
            (layer((1, 0), (1, 0)), layer((1, 1))),
            (np.array([0.0, -9.0]), np.zeros(1)),
            layer(*[(-1, 2)] * 40, (1, 2)),
        ),
        ((layer((1,), (-2,)),), (np.zeros(2),), layer((1,))),
    ),
    compare=_compare,
    generated=_generated,
    domains={"weights": SIZE, "biases": SIZE, "x": X},
    swept=swept,
    harness=with_layers,
    misconceptions=(
        Misconception(
            "this is the share of zeros, over units and examples: dead units are off for every"
            " example",
            lambda weights, biases, x: np.array(
                [(z <= 0).mean() for z in _forward(weights, biases, x)[:-1]]
            ),
        ),
        Misconception(
            "this counts the output layer too: it has no ReLU, so nothing there is dead",
            lambda weights, biases, x: _shares(weights, biases, x, hidden=None),
        ),
        Misconception(
            "there is no ReLU between the layers: each gets a = max(0, z) of the one before",
            lambda weights, biases, x: _shares(weights, biases, x, activation=lambda z: z),
        ),
        Misconception(
            "the biases are left out: z = a @ weight.T + bias",
            lambda weights, biases, x: _shares(weights, [0 * bias for bias in biases], x),
        ),
        Misconception(
            "the weights are not transposed: a row of weight belongs to a unit, so it is weight.T",
            lambda weights, biases, x: _shares([weight.T for weight in weights], biases, x),
        ),
        Misconception(
            "this is the share of units that live: the dead are asked for",
            lambda weights, biases, x: 1 - _shares(weights, biases, x),
        ),
        Misconception(
            "this is the number of dead units: divide by the units of the layer",
            lambda weights, biases, x: np.array(
                [(z <= 0).all(axis=0).sum() for z in _forward(weights, biases, x)[:-1]]
            ),
        ),
        Misconception(
            "this is one share for the whole network: one for each hidden layer is asked for",
            lambda weights, biases, x: np.mean(
                np.hstack([(z <= 0).all(axis=0) for z in _forward(weights, biases, x)[:-1]] or [0])
            ),
        ),
        Misconception(
            "this counts units that are off for some example: dead means off for every one",
            lambda weights, biases, x: np.array(
                [(z <= 0).any(axis=0).mean() for z in _forward(weights, biases, x)[:-1]]
            ),
        ),
        Misconception(
            "this takes z = 0 for active: ReLU of 0 is 0, so the unit is off",
            lambda weights, biases, x: np.array(
                [(z < 0).all(axis=0).mean() for z in _forward(weights, biases, x)[:-1]]
            ),
        ),
        Misconception(
            "this sends the inputs through ReLU: the first layer gets x as it is",
            lambda weights, biases, x: _shares(
                weights, biases, x, first=lambda x: np.maximum(x, 0)
            ),
        ),
        Misconception(
            "this looks at the first batch only: a unit that is off there may be active later",
            lambda weights, biases, x: _shares(weights, biases, x[:32]),
        ),
        Misconception(
            "this looks at one example only: about half of the units are off for any one",
            lambda weights, biases, x: _shares(weights, biases, x[:1]),
        ),
        Misconception(
            "this is the share of examples that activate no unit: dead is said of a unit, for all"
            " examples",
            lambda weights, biases, x: np.array(
                [(z <= 0).all(axis=1).mean() for z in _forward(weights, biases, x)[:-1]]
            ),
        ),
        Misconception(
            "this adds up the dead from layer to layer: each layer has a share of its own",
            lambda weights, biases, x: np.cumsum(_shares(weights, biases, x)),
        ),
    ),
)
