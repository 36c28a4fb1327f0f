"""Somebody's rectifiers, right and wrong ones, on which a learner's test of rectifiers is tried."""

from collections.abc import Callable

import numpy as np

from relukit.checks.call import Answer, Arguments

Rectifier = Callable[[np.ndarray], np.ndarray]


def rectifier(text: str) -> Rectifier:
    """Return a new function of x, which is all that its caller can see of it.

    Which texts are right ones is not said where an answer can read it, and a grader's texts hold
    numbers that nobody can foresee.

    Args:
        text: an expression in x and np.

    Example:
        >>> rectifier("np.maximum(x, 0)")(np.array([-3.0, 2.0]))
        array([0., 2.])
    """
    function = eval(f"lambda x: {text}", {"np": np})
    function.__name__ = function.__qualname__ = "relu"
    return function


def as_tester(answer: Answer, arguments: Arguments) -> object:
    """Return what the learner's test says of one rectifier.

    Args:
        answer: takes a rectifier, returns True if it is right and False if it is wrong.
        arguments: the text of a rectifier.
    """
    (text,) = arguments
    return answer(rectifier(text))
