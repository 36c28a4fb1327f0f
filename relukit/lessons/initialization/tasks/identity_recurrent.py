"""A task of lesson 05 on recurrent weights that keep the state: the identity."""

import math
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, parts
from relukit.checks.domain import Domain
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task
from relukit.lessons.initialization.tasks.nearness import difference

NAMES = ("weight_in", "weight", "bias")
WEIGHT_ERROR, STATE_ERROR = 1e-6, 1e-9  # in units of std, and of 1; the task's text states them
STEPS = 100  # without input
_WIDTHS = (1, 2, 9, 100)
DOMAINS = {
    "n_inputs": Domain(values=(*_WIDTHS, 10_000)),
    "width": Domain(values=_WIDTHS),
    "seed": Domain(values=(0,), low=1.0, high=1e18, signs="+"),
    "std": Domain(values=(0.001,), low=1e-6, high=10.0, signs="+", zero=False),
}


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    seeds = [int(seed) for seed in magnitudes(DOMAINS["seed"], "float64", rng, per_decade=1)]
    sizes: list[tuple[int, ...]] = [(n, 2) for n in (*_WIDTHS, 10_000)]
    sizes += [(3, width) for width in (*_WIDTHS, 200)]
    sizes += [tuple(map(int, rng.integers(1, 6, 2))) for _ in seeds[len(sizes) :]]
    stds = [0.001, *magnitudes(DOMAINS["std"], "float64", rng, per_decade=1).tolist()]
    return tuple(
        (*size, seed, stds[i % len(stds)])
        for i, (size, seed) in enumerate(zip(sizes, seeds, strict=False))
    )


def _rng(seed):
    return np.random.default_rng(seed)


def _drawn(n_inputs, width, seed):
    return _rng(seed).standard_normal((width, n_inputs))


def _identity_recurrent(n_inputs, width, seed, std=0.001):
    return std * _drawn(n_inputs, width, seed), np.eye(width), np.zeros(width)


def _states(width: int) -> np.ndarray:
    return np.vstack([np.eye(width), np.arange(1.0, width + 1)])


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    wrong = parts(got, NAMES)
    if wrong:
        return wrong
    for name, wanted, given in zip(NAMES, expected, got, strict=True):
        if not isinstance(given, np.ndarray) or given.dtype.kind not in "iuf":
            return f"{name} must be an array of numbers"
        if given.shape != wanted.shape:
            return f"{name} must have the shape {wanted.shape}, and has {given.shape}"
    std = (*arguments, 0.001)[3]
    because = difference(expected[0], got[0], WEIGHT_ERROR * std)
    return f"weight_in: {because}" if because else _moved(got[1], got[2])


def _moved(weight: np.ndarray, bias: np.ndarray) -> str | None:
    """Return what is said of the first state that does not stay where it is, or None."""
    if np.array_equal(weight, np.eye(len(bias))) and not bias.any():
        return None
    start = state = _states(len(bias))
    for step in range(1, STEPS + 1):
        with np.errstate(all="ignore"):
            state = np.maximum(state @ weight.T + bias, 0.0)
            off = ~(np.abs(state - start) <= STATE_ERROR).all(axis=1)
        if off.any():
            both = tell_apart(*start[off][0], *state[off][0])
            old, new = (", ".join(half) for half in (both[: len(bias)], both[len(bias) :]))
            return f"without input, the state [{old}] must stay, and is [{new}] after step {step}"
    return None


def _with(weight_in=None, weight=None, bias=None):
    """Return an answer in which one of the three is made differently."""

    def answer(n_inputs, width, seed, std=0.001):
        found = _identity_recurrent(n_inputs, width, seed, std)
        makers = (weight_in, weight, bias)
        made = (None if maker is None else maker(n_inputs, width, seed, std) for maker in makers)
        return tuple(a if b is None else b for a, b in zip(found, made, strict=True))

    return answer


def _orthogonal(n_inputs, width, seed, std):
    return np.linalg.qr(_rng(seed).standard_normal((width, width)))[0]


def _other_order(n_inputs, width, seed, std=0.001):
    weight_in, weight, bias = _identity_recurrent(n_inputs, width, seed, std)
    return weight, weight_in, bias


TASK = Task(
    points=2,
    title="A network that remembers",
    minutes=10,
    difficulty="easy",
    why="One matrix is applied again and again, so only weights that change nothing last.",
    hints=(
        "Without input, which weight and bias give relu(weight h + bias) = h for every"
        " nonnegative h?",
        "np.eye makes an identity; the input weights are std times standard normal numbers, drawn"
        " in the shape (width, n_inputs).",
        "rng = np.random.default_rng(seed)",
    ),
    reference=_identity_recurrent,
    boundary=(
        (1, 2, 0),
        (2, 3, 2, 0.5),
    ),
    domains=DOMAINS,
    swept=_swept,
    compare=_compare,
    misconceptions=(
        Misconception(
            "the recurrent weights are small and random: then the state fades within a few steps",
            _with(weight=lambda n, width, seed, std: std * _rng(seed).normal(size=(width, width))),
        ),
        Misconception(
            "the recurrent weights are He's: right for layers, but here they act again and again",
            _with(
                weight=lambda n, width, seed, std: (
                    math.sqrt(2 / width) * _rng(seed).normal(size=(width, width))
                )
            ),
        ),
        Misconception(
            "the recurrent weights are a random rotation: it keeps a length, but ReLU then cuts it;"
            " the identity keeps every nonnegative state",
            _with(weight=_orthogonal),
        ),
        Misconception(
            "the identity is multiplied by √2: without loss there is nothing to make up for, and"
            " the state explodes",
            _with(weight=lambda n, width, seed, std: math.sqrt(2) * np.eye(width)),
        ),
        Misconception(
            "the identity is multiplied by std: then the state is gone after a step or two",
            _with(weight=lambda n, width, seed, std: std * np.eye(width)),
        ),
        Misconception(
            "all recurrent weights are 1: then each unit adds up the whole state; ones belong on"
            " the diagonal only",
            _with(weight=lambda n, width, seed, std: np.ones((width, width))),
        ),
        Misconception(
            "the recurrent weights are 0: then nothing is remembered",
            _with(weight=lambda n, width, seed, std: np.zeros((width, width))),
        ),
        Misconception(
            "the biases are 1, and every step adds them: start at 0",
            _with(bias=lambda n, width, seed, std: np.ones(width)),
        ),
        Misconception(
            "the biases are std, and every step adds them: start at 0",
            _with(bias=lambda n, width, seed, std: np.full(width, std)),
        ),
        Misconception(
            "the input weights have deviation 1: multiply them by std",
            _with(weight_in=lambda n, width, seed, std: _drawn(n, width, seed)),
        ),
        Misconception(
            "the root of std is taken: std is a deviation already, and multiplies",
            _with(weight_in=lambda n, width, seed, std: math.sqrt(std) * _drawn(n, width, seed)),
        ),
        Misconception(
            "the deviation is std², a variance: multiply by std itself",
            _with(weight_in=lambda n, width, seed, std: std**2 * _drawn(n, width, seed)),
        ),
        Misconception(
            "std is not used: the deviation is 0.001 unless it is given",
            _with(weight_in=lambda n, width, seed, std: 0.001 * _drawn(n, width, seed)),
        ),
        Misconception(
            "the input weights are 0: then no input ever reaches the state",
            _with(weight_in=lambda n, width, seed, std: np.zeros((width, n))),
        ),
        Misconception(
            "the input weights have the shape (n_inputs, width): a row for each unit means"
            " (width, n_inputs)",
            _with(weight_in=lambda n, width, seed, std: std * _drawn(width, n, seed)),
        ),
        Misconception(
            "the first two have changed places: weight_in comes first, then weight", _other_order
        ),
        Misconception(
            "the seed is not used: another seed must give other input weights",
            _with(weight_in=lambda n, width, seed, std: std * _drawn(n, width, 0)),
        ),
    ),
)
