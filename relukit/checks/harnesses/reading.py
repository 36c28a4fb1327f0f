"""How an answer is used that reads letters in fonts it has not seen."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np

from relukit.checks.call import Answer, Arguments
from relukit.checks.harnesses.watching import called

if TYPE_CHECKING:
    import torch

# what this harness imports in the end; a grader that loads it beforehand pays for it once
LOADS = ("torch", "torch._dynamo", "PIL.Image")

DRAWN = "it draws letters of its own: learn from x_train and y_train, and from nothing else"


@dataclass(frozen=True, eq=False)
class Letters:
    """Letters to learn from, and letters in other fonts.

    Attributes:
        given: images (n, 400) and labels to learn from, images to read, and a seed for the
            answer, which says nothing of how they were drawn.
        truth: the labels of the images to read.
    """

    given: tuple[np.ndarray, np.ndarray, np.ndarray, int]
    truth: np.ndarray


@lru_cache(maxsize=2)
def unseen_letters(number: int) -> Letters:
    """Return letters whose test part is in fonts that the training part does not have.

    Args:
        number: that all is drawn from.
    """
    from relukit.datasets import letters

    draw, apart = (np.random.default_rng((number, k)) for k in range(2))
    data = letters(seed=int(draw.integers(2**32)))
    images, labels, tests = (part.numpy() for part in (data.x_train, data.y_train, data.x_test))
    return Letters((images, labels, tests, int(apart.integers(1000))), data.y_test.numpy())


def as_reader(answer: Answer, arguments: Arguments) -> object:
    """Let an answer learn from letters and read others; see how it trained.

    Args:
        answer: takes tensors of images and labels to learn from, a tensor of images to read, and
            a seed; returns labels.
        arguments: the number of the letters, or None and what is given of them: then nothing in
            an answer's process says the labels.

    Returns:
        What came back; whether filters and whether ReLUs were at work; the steps of an optimizer,
        and its highest rate where it is an Adam, else 0. Or a text, where letters were drawn.
    """
    import torch

    number, *known = arguments
    *arrays, seed = known[0] if known else unseen_letters(number).given
    tensors = [torch.tensor(array) for array in arrays]
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        with _drawing() as drawn, _rates() as rates, called({"conv2d", "relu"}) as names:
            found = answer(*tensors, seed)
    if found is None:
        return None
    if drawn:
        return DRAWN
    return found, "conv2d" in names, "relu" in names, len(rates), max(rates, default=0.0)


@contextmanager
def _drawing() -> Iterator[list[str]]:
    """Note each use of what draws the course's letters."""
    module = importlib.import_module("relukit.datasets.letters")
    notes: list[str] = []

    def noting(name: str) -> Callable[..., object]:
        function = getattr(module, name)

        def noted(*given: object, **named: object) -> object:
            notes.append(name)
            return function(*given, **named)

        return noted

    with patch.multiple(module, _drawn=noting("_drawn"), _sheet=noting("_sheet")):
        yield notes


@contextmanager
def _rates() -> Iterator[list[float]]:
    """Collect the learning rate of each optimizer's step, 0 where it is no Adam."""
    from torch.optim.optimizer import register_optimizer_step_post_hook

    found: list[float] = []

    def note(optimizer: "torch.optim.Optimizer", *_: object) -> None:
        group = optimizer.param_groups[0]
        found.append(float(group["lr"]) if "betas" in group else 0.0)

    hook = register_optimizer_step_post_hook(note)
    try:
        yield found
    finally:
        hook.remove()
