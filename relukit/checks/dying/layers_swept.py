"""What the text of a task allows of a network, and large inputs drawn from it."""

from itertools import pairwise

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import shapes


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
