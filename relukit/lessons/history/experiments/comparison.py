"""Networks of three hidden layers on digits, as compared in 2011, and ten layers, as later."""

from functools import cache, partial

from relukit.datasets import digits
from relukit.ledger.finding import Measured, Value
from relukit.networks import mlp
from relukit.statistics import interval, paired_difference
from relukit.training import SGD, train

N_SEEDS = 16
CHOOSING_SEEDS = tuple(range(100, 104))
RATES = (0.01, 0.03, 0.1)
STEPS = 250
WIDTH = 64
NAMES = ("relu", "tanh", "softplus", "sigmoid")


@cache
def accuracies(
    name: str, *, depth: int = 3, scheme: str = "glorot_uniform", steps: int = STEPS
) -> tuple[float, ...]:
    """Return the test accuracy on digits of 16 networks at the rate that is best on other seeds.

    Hidden layers have 64 units; gradient descent with momentum 0.9 in batches of 64.

    Args:
        name: the activation.
        depth: number of hidden layers.
        scheme: how weights are drawn.
        steps: number of updates.
    """
    build = lambda seed: mlp((64, *[WIDTH] * depth, 10), name, scheme=scheme, seed=seed)  # noqa: E731
    trained = partial(
        train, build, digits(), steps=steps, optimizer=SGD(momentum=0.9), progress=False
    )
    tried = trained(lr=RATES, seeds=CHOOSING_SEEDS)
    best = max(RATES, key=lambda lr: float(tried.values("test_accuracy", lr=lr).mean()))
    runs = trained(lr=best, seeds=N_SEEDS)
    return tuple(runs.values("test_accuracy").tolist())


def _lead(first: str, second: str) -> tuple[str, Value]:
    gap = paired_difference(accuracies(first), accuracies(second)).difference
    return (f"test accuracy, {first} minus {second}", gap)


def deeper_networks() -> Measured:
    """Compare the rectifier with sigmoid and with tanh in networks of three hidden layers."""
    return dict([_lead("relu", "sigmoid"), _lead("relu", "tanh")])


def without_pretraining() -> Measured:
    """Train three hidden layers of rectifiers from random weights, with labels only."""
    return {"test accuracy of 3 hidden layers of rectifiers": interval(accuracies("relu"))}


def tanh_is_more_practical() -> Measured:
    """Compare tanh with the sigmoid in networks of three hidden layers."""
    return dict([_lead("tanh", "sigmoid")])


def deep_by_the_rectifier() -> Measured:
    """Train ten hidden layers of rectifiers from the weights of 2010's heuristic and from He's."""
    parts = {}
    for scheme, words in (("he_normal", "variance 2/n"), ("pytorch", "uniform within 1/sqrt(n)")):
        values = interval(accuracies("relu", depth=10, scheme=scheme))
        what = f"test accuracy of 10 hidden layers of rectifiers, weights {words}"
        parts[what] = values
    return parts
