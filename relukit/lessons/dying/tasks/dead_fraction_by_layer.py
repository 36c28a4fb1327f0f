"""A task of lesson 04 on counting the dead of a whole network, layer by layer."""

from itertools import pairwise

import numpy as np

from relukit.checks.comparison import Arguments, vector
from relukit.checks.domain import Domain
from relukit.checks.harnesses.layers import with_layers
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import shapes
from relukit.checks.task import Misconception, Task


def network_from(seed: int, widths: tuple[int, ...], n: int) -> Arguments:
    """Return small whole numbers: all sums are exact, and zeros occur."""
    draw = np.random.default_rng(seed)
    pairs = list(pairwise(widths))
    weights = tuple(draw.integers(-2, 3, (m, k)).astype(float) for k, m in pairs)
    biases = tuple(draw.integers(-2, 3, m).astype(float) for _, m in pairs)
    return weights, biases, draw.integers(-3, 4, (n, widths[0])).astype(float)


def layer(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, dtype=float)


SIZE = Domain(low=1e-6, high=9.9e5)  # as the task's text states
X = Domain(
    dtypes=("float64", "float32"),
    low=1e-6,
    high=9.9e5,
    axes=((1, 2, 9, 100, 10_000), (1, 2, 9, 100)),
)


_ONE = layer((1,))


def _powers() -> list[float]:
    """Return a power of 2 for each decade: numbers times it keep every zero a zero."""
    return [2.0 ** round(k / np.log10(2)) for k in np.arange(-5.6, 5.5, 0.5)]


def _times(network: Arguments, weight: float, signal: float) -> Arguments:
    """Return a network whose weights, or inputs and biases, are larger by a factor."""
    weights, biases, x = network
    scaled = [bias * signal * weight ** (i + 1) for i, bias in enumerate(biases)]
    return tuple(w * weight for w in weights), tuple(scaled), x * signal


def _alive_once(n: int, places: list[int]) -> Arguments:
    """Return two layers in which unit i lives for one example only."""
    x = np.full((n, len(places)), -1.0)
    x[places, np.arange(len(places))] = 1.0
    eye, none = np.eye(len(places)), np.zeros(len(places))
    return (eye, eye, eye), (none, none, none), x


def _alive_by_one(n: int, places: list[int]) -> Arguments:
    """Return a layer in which unit i lives by one of n inputs."""
    x = np.full((2, n), -1.0)
    x[:, places] = 1.0
    none = np.zeros(len(places))
    return (np.eye(n)[places], np.eye(len(places))), (none, none), x


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def drawn(widths=(2, 3, 3, 2), n=4):
        return network_from(int(rng.integers(2**30)), widths, n)

    def flat(network):  # a large bias, a large weight, each of both signs
        weights, biases, x = network
        return weights, (*biases[:-1], np.full_like(biases[-1], 3.0 * rng.choice([-1, 1]))), x

    found = []
    for power in _powers():
        for sign in (1.0, -1.0):
            found += [_times(drawn(), power, 1 / power), _times(drawn(), 1.0, power)]
            weights, biases, x = flat(_times(drawn(), 1.0, power))
            first = np.where(np.arange(weights[0].size) == 0, 3 * sign, weights[0].ravel())
            pair = (first.reshape(weights[0].shape) * power, *(w * power for w in weights[1:]))
            bias = np.array([3 * sign * power, 0.0, -power])
            found.append((pair, (bias, *biases[1:]), np.abs(x) * np.array([sign, -sign])))
    found += [drawn((width, 3, 2), n) for n, width in shapes(X)]
    found += [drawn((2, units, units, 2), 3) for units in (1, 9, 100)]
    found.append(drawn((3, *[4] * 20, 2)))
    for layout in LAYOUTS:
        weights, biases, x = drawn()
        found.append((weights, biases, laid_out(x, layout)))
    for network in (drawn(), drawn(n=100)):
        weights, biases, x = network
        lists = [tuple(a.astype("float32") for a in column) for column in (weights, biases)]
        found.append((*lists, x.astype("float32")))
    found.append(_alive_once(10_000, [0, 1, 8, 9, 98, 99, 100, 101, 999, 1000, 1001, 9998, 9999]))
    found.append(_alive_once(101, [0, 1, 8, 9, 98, 99, 100]))
    found.append(_alive_by_one(100, [0, 8, 10, 50, 99]))
    found.append(_alive_by_one(100, [1, 98]))
    bit = np.array([2.0**-50 - 1])  # a unit may live by the last bits of its z
    found.append(((_ONE, _ONE), (bit, np.zeros(1)), layer((1,))))
    found.append(((_ONE, _ONE, _ONE), (bit, bit * 0, bit), layer((1,))))
    zeros = [np.zeros_like(a) for a in drawn()[0]]
    found.append((tuple(zeros), *drawn()[1:]))
    found.append((drawn()[0], tuple(np.zeros(n) for n in (3, 3, 2)), np.zeros((2, 2))))
    return tuple(found)


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

TASK = Task(
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
