"""What the text of a task allows of records of a unit, and large inputs drawn from it."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.dying.records import record
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import shapes

_SIZES = (1, 2, 9, 100)
_SIZE = {"dtypes": ("float64",), "low": 1e-6, "high": 9.9e5}  # as the task's text states
DOMAINS = {
    "weights": Domain(axes=(_SIZES, _SIZES), **_SIZE),
    "biases": Domain(axes=(_SIZES,), **_SIZE),
    "inputs": Domain(axes=(_SIZES, _SIZES, _SIZES), **_SIZE),
}


def _dies_at(step: int, own: int, moved: int, *, shape=(9, 2, 2), place=(0, 0)) -> Arguments:
    """Return the record of a unit that lives through one input of one example, up to an update.

    Args:
        step: the update.
        own: how far its own update goes down, 0 to 2; with `moved`, 2 are enough.
        moved: how far its input goes down.
        shape: moments, examples and inputs.
        place: the example and the input.
    """
    moments, _, n = shape
    weights, biases = np.zeros((moments, n)), np.full(moments, -4.0)
    inputs = np.full(shape, -1.0)
    example, input_ = place
    weights[:, input_] = 3.0
    inputs[:, example, input_] = 3.0
    after = np.arange(moments) > step
    weights[after, input_] -= own
    inputs[after, example, input_] -= moved
    return weights, biases, inputs


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    kinds = [(2, 0), (0, 2), (2, 2), (1, 1), (0, 0)]
    found = []
    for shape in shapes(DOMAINS["inputs"]):
        moments, examples, n = shape
        for step in {0, 1, 7, 8, 98, moments - 2} & set(range(moments - 1)):
            for k, place in enumerate(((0, 0), (examples - 1, n - 1))):
                kind = kinds[(step + k) % 4]
                found.append(_dies_at(step, *kind, shape=shape, place=place))
        found.append(_dies_at(0, 0, 0, shape=shape))
    for example in (1, 8, 99):
        found.append(_dies_at(0, 2, 0, shape=(2, 100, 2), place=(example, 1)))
        found.append(_dies_at(0, 0, 2, shape=(2, 2, 100), place=(1, example)))
    for step in (0, 7, 8, 98):  # the bias alone moves
        weights, biases, inputs = _dies_at(step, 0, 0, shape=(100, 2, 2))
        biases[step + 1 :] = -20.0
        found.append((weights, biases, inputs))
    for power in 2.0 ** np.arange(-22, 20):
        weights, biases, inputs = _dies_at(2, *kinds[rng.integers(5)])
        found.append((weights * power, biases * power, inputs))
        found.append((-weights * power, biases * power, -inputs))
        found.append((weights, biases * power, inputs * power))
        found.append((-weights, biases * power, -inputs * power))
        ones = np.ones((3, 1)), np.array([1.0, -1.0, 1.0]) * power, np.zeros((3, 1, 1))
        found += [ones, (ones[0], -ones[1], ones[2])]
    for layout in LAYOUTS:
        record_ = _dies_at(3, 1, 1)
        for i in range(3):
            found.append(tuple(laid_out(a, layout) if i == j else a for j, a in enumerate(record_)))
    bit = 2.0**-50  # a unit may live by the last bits of its z
    found.append(record((1, bit - 1, (1,)), (1, -1, (1,)), (1, -1, (1,))))
    found.append(record((1, -1, (1 + bit,)), (1, -1, (1,))))
    found.append(record((1, 0, (1,)), (1, bit - 1, (1,)), (1, 0, (1,))))
    zeros = np.zeros((2, 1)), np.zeros(2), np.zeros((2, 1, 1))
    return (*found, zeros, (zeros[0], np.array([1.0, 0.0]), zeros[2]))
