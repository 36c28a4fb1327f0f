"""Data sets as tensors: digits, letters, generated signals, planes, sequences, OpenML's images."""

import inspect
from collections.abc import Callable
from types import MappingProxyType

from relukit.datasets.bundled import digits, mnist1d
from relukit.datasets.dataset import Dataset
from relukit.datasets.letters import letters
from relukit.datasets.openml import fashion_mnist, mnist
from relukit.datasets.plane import circles, moons, spirals, xor
from relukit.datasets.sequences import Sequences, adding_problem
from relukit.errors import InvalidTypeError, unknown_name

__all__ = [
    "DATASETS",
    "Dataset",
    "Sequences",
    "adding_problem",
    "circles",
    "digits",
    "fashion_mnist",
    "letters",
    "load",
    "mnist",
    "mnist1d",
    "moons",
    "spirals",
    "xor",
]

DATASETS: MappingProxyType[str, Callable[..., Dataset]] = MappingProxyType(
    {
        loader.__name__: loader
        for loader in (circles, digits, fashion_mnist, letters, mnist, mnist1d, moons, spirals, xor)
    }
)


def load(name: str, **options: object) -> Dataset:
    """Return the data set of that name, made with the options of its own function.

    Args:
        name: a key of `DATASETS`, such as "digits".
        options: keyword arguments of that function, such as `seed=1`.

    Returns:
        What `DATASETS[name](**options)` returns.

    Raises:
        InvalidValueError: an unknown name.
        InvalidTypeError: an option that this data set does not have.

    Example:
        >>> load("xor", n=40, seed=1)
        Dataset('xor': 30 train + 10 test, 2 features, 2 classes, torch.float32 on cpu)
    """
    if not isinstance(name, str) or name not in DATASETS:
        raise unknown_name("data set", name, DATASETS)
    known = inspect.signature(DATASETS[name]).parameters
    for option in options:
        if option not in known:
            raise InvalidTypeError(
                f"an option of {name}()", repr(option), f"choose from: {', '.join(known)}"
            )
    return DATASETS[name](**options)
