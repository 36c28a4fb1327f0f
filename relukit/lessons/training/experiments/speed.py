"""Experiments on speed: how many steps an activation needs to reach a training error."""

from types import MappingProxyType

from torch import Tensor, nn

from relukit.datasets import Dataset
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import convolutional, mlp
from relukit.statistics import interval
from relukit.training import SGD, Runs, train
from relukit.training.tuning import TUNING_SEEDS

N_MEASURED = {"digits": 150, "mnist1d": 300}  # examples on which the training error is measured
# course -> (data, hidden widths or None for filters, measured every so many steps)
COURSES: MappingProxyType[str, tuple[str, tuple[int, ...] | None, int]] = MappingProxyType(
    {
        "digits": ("digits", (32, 32), 1),
        "digits, three layers": ("digits", (32,) * 3, 2),
        "digits, convolutional": ("digits", None, 1),
        "mnist1d": ("mnist1d", (64, 64), 20),
    }
)
# (activation, course) -> (learning rates around the fastest, steps that let networks arrive there)
ARMS: MappingProxyType[tuple[str, str], tuple[tuple[float, ...], int]] = MappingProxyType(
    {
        ("relu", "digits"): ((0.05, 0.1, 0.2, 0.5, 1.0), 110),
        ("tanh", "digits"): ((0.5, 1.0, 2.0, 4.0), 60),
        ("sigmoid", "digits"): ((0.5, 1.0, 2.0, 4.0), 110),
        ("relu", "digits, three layers"): ((0.05, 0.1, 0.2, 0.5), 110),
        ("sigmoid", "digits, three layers"): ((0.2, 0.5, 1.0, 2.0), 400),
        ("relu", "digits, convolutional"): ((0.05, 0.1, 0.2, 0.4), 60),
        ("tanh", "digits, convolutional"): ((0.2, 0.4, 0.8, 1.6), 30),
        ("relu", "mnist1d"): ((0.05, 0.1, 0.2), 800),
        ("tanh", "mnist1d"): ((0.05, 0.1, 0.2), 1000),
    }
)
SCHEMES = {"relu": "he_normal", "sigmoid": "glorot_normal"}  # of three layers


@kept.once
def raced(
    activation: str, course: str, setting: Setting = STATED, *, lr: float | None = None
) -> Runs:
    """Return networks whose training error is measured every few steps, momentum 0.9.

    Args:
        activation: by name.
        course: one of `COURSES`; with the name a key of `ARMS`.
        setting: the seeds, and what is changed.
        lr: one rate, for the seeds of the setting; None: all rates of the arm, for the seeds 100
            to 107, which choose.
    """
    data, hidden, every = COURSES[course]
    rates, steps = ARMS[activation, course]
    drawn, first = setting.dataset(data), {"digits": 64, "mnist1d": 40}[data]
    widths = setting.widths((first, *(hidden or (1,)), 10))
    scheme = SCHEMES[activation] if len(hidden or ()) > 2 else "pytorch"

    def build(seed: int) -> nn.Module:
        if hidden is None:
            return convolutional(setting.widths((64, 4, 8, 10))[1:-1], activation, seed=seed)
        return mlp(widths, activation, scheme=scheme, seed=seed)

    return train(
        build,
        lambda seed: _training_error(drawn(seed)),
        lr=rates if lr is None else lr,
        seeds=TUNING_SEEDS if lr is None else setting.seeds,
        steps=setting.steps(steps),
        optimizer=SGD(momentum=0.9),
        record=every,
        progress=False,
    )


def fastest(activation: str, course: str, error: float, setting: Setting = STATED) -> float:
    """Return the rate with the smallest mean of steps to an error over the seeds 100 to 107.

    Args:
        activation: by name.
        course: as for `raced`.
        error: training error to reach, a share of the examples.
        setting: what is changed.
    """
    steps = raced(activation, course, setting).steps_to(1 - error)
    return ARMS[activation, course][0][int(steps.mean(1).argmin())]


def own_steps(activation: str, course: str, error: float, setting: Setting = STATED) -> Tensor:
    """Return the steps of each seed at the rate that is fastest for other seeds, shape (seeds,).

    Args:
        activation: by name.
        course: as for `raced`.
        error: training error to reach, a share of the examples.
        setting: the seeds, and what is changed.
    """
    lr = fastest(activation, course, error, setting)
    return raced(activation, course, setting, lr=lr).steps_to(1 - error)


def ratio(activation: str, course: str, error: float, setting: Setting = STATED) -> Tensor:
    """Return the steps of an activation over those of relu, seed by seed, shape (seeds,).

    Args:
        activation: by name.
        course: as for `raced`.
        error: training error to reach, a share of the examples.
        setting: the seeds, and what is changed.
    """
    return own_steps(activation, course, error, setting) / own_steps("relu", course, error, setting)


def faster_than_sigmoid(setting: Setting = STATED) -> Measured:
    """Compare the steps of sigmoid and relu to training errors, each at its fastest rate.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "steps")
    races = (("digits", 0.25), ("digits", 0.05), ("digits, three layers", 0.25))
    return {
        f"steps of sigmoid over steps of relu, {course}, to {100 * error:g} % training error": (
            interval(ratio("sigmoid", course, error, setting))
        )
        for course, error in races
    }


def saturating_is_much_slower(setting: Setting = STATED) -> Measured:
    """Compare the steps of tanh and sigmoid with those of relu, to 25 % training error.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "steps")
    arms = (
        ("sigmoid", "digits"),
        ("tanh", "digits"),
        ("tanh", "digits, convolutional"),
        ("tanh", "mnist1d"),
    )
    return {
        f"steps of {name} over steps of relu, {course}": interval(
            ratio(name, course, 0.25, setting)
        )
        for name, course in arms
    }


def _training_error(data: Dataset) -> tuple[Tensor, ...]:
    part = slice(N_MEASURED[data.name])
    return data.x_train, data.y_train, data.x_train[part], data.y_train[part]
