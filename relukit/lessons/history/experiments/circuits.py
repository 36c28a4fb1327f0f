"""Small circuits of threshold-linear units: their steady states, and which units may be on."""

import itertools
from dataclasses import dataclass
from statistics import mean

import numpy as np

from relukit.ledger.finding import Measured, Value
from relukit.ledger.setting import STATED, Setting
from relukit.statistics import interval
from relukit.streams import sequence

N_UNITS = 5


@dataclass(frozen=True, eq=False)
class SteadyState:
    """A steady state of x' = -x + max(0, W x + b).

    Attributes:
        active: the units above 0, in order.
        rates: x, float64 (n,), dimensionless.
        stable: whether the circuit returns to it after a small push.
    """

    active: tuple[int, ...]
    rates: np.ndarray
    stable: bool


def subsets(n: int) -> list[tuple[int, ...]]:
    """Return all non-empty sets of n units, the small ones first.

    Example:
        >>> subsets(2)
        [(0,), (1,), (0, 1)]
    """
    return [s for size in range(1, n + 1) for s in itertools.combinations(range(n), size)]


def is_permitted(weight: np.ndarray, units: tuple[int, ...]) -> bool:
    r"""Return whether these units can be on together in a stable state for some input.

    A set is permitted exactly if the largest eigenvalue of $W$, cut down to it, is below 1.

    Args:
        weight: symmetric, (n, n), dimensionless.
        units: the set.

    References: [HahnloserSeung2000].

    Example:
        >>> is_permitted(mutual_inhibition(1.2), (0, 1))
        False
    """
    block = weight[np.ix_(units, units)]
    return bool(np.linalg.eigvalsh(block)[-1] < 1)


def mutual_inhibition(strength: float) -> np.ndarray:
    """Return the weights of two units that inhibit each other, (2, 2).

    Args:
        strength: of each unit on the other, 0 or more, dimensionless.

    Example:
        >>> mutual_inhibition(0.8).tolist()
        [[0.0, -0.8], [-0.8, 0.0]]
    """
    return np.array([[0.0, -strength], [-strength, 0.0]])


def steady_states(weight: np.ndarray, drive: np.ndarray) -> tuple[SteadyState, ...]:
    """Return every steady state of x' = -x + max(0, W x + b), by trying each set of active units.

    Args:
        weight: W, symmetric, (n, n), dimensionless.
        drive: b, (n,), dimensionless.

    Example:
        >>> for state in steady_states(mutual_inhibition(0.8), np.ones(2)):
        ...     print(state.active, state.rates.round(3), state.stable)
        (0, 1) [0.556 0.556] True
    """
    n, found = len(drive), []
    if np.all(drive <= 0):
        found.append(SteadyState((), np.zeros(n), stable=True))
    for units in subsets(n):
        chosen = list(units)
        block = np.eye(len(units)) - weight[np.ix_(chosen, chosen)]
        if abs(np.linalg.det(block)) < 1e-12:
            continue
        rates = np.zeros(n)
        rates[chosen] = np.linalg.solve(block, drive[chosen])
        others = np.delete(weight @ rates + drive, chosen)
        if np.all(rates[chosen] > 0) and np.all(others <= 0):
            found.append(SteadyState(units, rates, is_permitted(weight, units)))
    return tuple(found)


def settle(
    weight: np.ndarray, drive: np.ndarray, start: np.ndarray, *, dt: float = 0.05, steps: int = 400
) -> np.ndarray:
    """Return the course of x' = -x + max(0, W x + b) in Euler steps, (steps + 1, ..., n).

    Args:
        weight: W, (..., n, n), dimensionless.
        drive: b, (..., n), dimensionless.
        start: x at time 0, (..., n).
        dt: length of a step, in time constants of a unit.
        steps: how many.
    """
    course = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        x = course[-1]
        inflow = np.einsum("...ij,...j->...i", weight, x) + drive
        course.append(x + dt * (np.maximum(inflow, 0) - x))
    return np.stack(course)


def random_inhibition(seed: int, n: int = N_UNITS) -> np.ndarray:
    """Return symmetric weights of n units that inhibit each other, (n, n).

    Each pair's strength is the size of a standard normal number; no unit acts on itself.

    Args:
        seed: of the weights.
        n: units.
    """
    draw = -np.abs(np.random.default_rng(seed).standard_normal((n, n)))
    upper = np.triu(draw, 1)
    return upper + upper.T


def most_stable_states(seed: int, *, strength: float, n_drives: int = 20) -> int:
    """Return in how many stable states, at most, a random network can rest under one of its inputs.

    The first input, 1 and the pair's inhibition for the two units that inhibit each other most and
    a strong inhibition for the rest, leaves these two to themselves; the others are random.

    Args:
        seed: of the weights and of the inputs (0.5 to 1.5).
        strength: of the strongest inhibition between two units; all others keep their proportion.
        n_drives: how many random inputs.
    """
    weight = random_inhibition(seed)
    weight *= strength / -weight.min()
    pair = list(np.unravel_index(weight.argmin(), weight.shape))
    drives = np.random.default_rng(sequence(seed, "drives")).uniform(
        0.5, 1.5, (n_drives + 1, N_UNITS)
    )
    drives[0] = -10 * strength
    drives[0, pair] = 1 + strength
    return max(sum(state.stable for state in steady_states(weight, b)) for b in drives)


def largest_stretch(seed: int) -> float:
    """Return the largest eigenvalue of random inhibition whose strongest pair has strength 1.

    Args:
        seed: of the weights.
    """
    weight = random_inhibition(seed)
    return float(np.linalg.eigvalsh(weight / -weight.min())[-1])


def two_steady_states(setting: Setting = STATED) -> Measured:
    """Count stable states of two rivals, and of random networks with and without forbidden sets."""
    seeds = setting.only().seeds
    parts: dict[str, Value] = {}
    for strength, note in ((0.8, "no set is forbidden"), (1.2, "the pair is forbidden")):
        states = steady_states(mutual_inhibition(strength), np.ones(2))
        n = sum(state.stable for state in states)
        parts[f"stable steady states at inhibition {strength} ({note})"] = n
    # 0.9 of the strength at which a first set becomes forbidden, and one that forbids a pair
    free = [
        float(most_stable_states(seed, strength=0.9 / largest_stretch(seed)) == 1) for seed in seeds
    ]
    bound = [float(most_stable_states(seed, strength=1.2) > 1) for seed in seeds]
    parts["share of random networks without a forbidden set that have one state"] = interval(free)
    parts["share of random networks with one that have several for some input"] = interval(bound)
    return parts


def closure(weight: np.ndarray) -> tuple[float, float]:
    """Return the shares of permitted subsets of permitted sets, and forbidden supersets of others.

    Args:
        weight: symmetric, (n, n), dimensionless.
    """
    every = subsets(len(weight))
    allowed = {s: is_permitted(weight, s) for s in every}
    below = [allowed[t] for s in every if allowed[s] for t in every if set(t) <= set(s)]
    above = [not allowed[t] for s in every if not allowed[s] for t in every if set(t) >= set(s)]
    return mean(map(float, below)), mean(map(float, above))


def ends_permitted(seed: int, *, n_starts: int = 20) -> float:
    """Return the share of random starts from which a random network ends in a permitted set.

    Args:
        seed: of the weights, the drives (0.5 to 1.5) and the starts (0 to 1).
        n_starts: how often it starts, each time with another drive.
    """
    weight = random_inhibition(seed)
    generator = np.random.default_rng(sequence(seed, "starts and drives"))
    start = generator.uniform(0, 1, (n_starts, N_UNITS))
    drive = generator.uniform(0.5, 1.5, (n_starts, N_UNITS))
    end = settle(weight, drive, start, dt=0.2, steps=2500)[-1]
    return mean(float(is_permitted(weight, tuple(np.flatnonzero(x > 1e-6)))) for x in end)


def permitted_closure(setting: Setting = STATED) -> Measured:
    """Enumerate the 31 sets of 5 units in random networks, and let each network settle."""
    seeds = setting.only().seeds
    shares = [(*closure(random_inhibition(seed)), ends_permitted(seed)) for seed in seeds]
    what = (
        "share of permitted sets among subsets of permitted sets",
        "share of forbidden sets among supersets of forbidden sets",
        "share of runs that end with a permitted set of units on",
    )
    return {
        name: interval(values) for name, values in zip(what, zip(*shares, strict=True), strict=True)
    }


def above_a_forbidden_pair() -> Measured:
    """Count the permitted sets among the larger ones that contain the lesson's forbidden pair."""
    weight, pair = random_inhibition(1), (0, 3)
    larger = [units for units in subsets(N_UNITS) if set(pair) < set(units)]
    return {"permitted sets that contain the pair": sum(is_permitted(weight, s) for s in larger)}
