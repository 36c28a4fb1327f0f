"""Examples drawn at random into two parts, each class as often in one as in the other."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from relukit.errors import InvalidValueError
from relukit.quantities import real, seed_number
from relukit.streams import number

VALIDATION = 0.2  # of the training part, unless somebody says otherwise


@dataclass(frozen=True, eq=False)
class Split:
    """Two parts of the same examples.

    Args:
        x: inputs that stay, (n - n_drawn, ...).
        y: their labels or targets.
        x_drawn: inputs that are drawn, (n_drawn, ...).
        y_drawn: their labels or targets.
    """

    x: Tensor
    y: Tensor
    x_drawn: Tensor
    y_drawn: Tensor

    @property
    def named(self) -> dict[str, Any]:
        """What stays as the training part and what is drawn as the test part of a data set."""
        return {
            "x_train": self.x,
            "y_train": self.y,
            "x_test": self.x_drawn,
            "y_test": self.y_drawn,
        }


def split(x: Tensor, y: Tensor, drawn: int | float, *, seed: int, purpose: str) -> Split:
    """Return examples in two parts; those with labels are drawn evenly from each class.

    Args:
        x: inputs (n, ...).
        y: int64 labels (n,), or floating-point targets (n, ...).
        drawn: how many are drawn, or what share of them, between 0 and 1.
        seed: 0 to 2**32 - 1.
        purpose: of the part that is drawn; another one gives another part.

    Raises:
        InvalidTypeError: a seed that is no integer.
        InvalidValueError: a seed out of range, or too few examples to have all classes in both.

    Example:
        >>> x, y = torch.arange(10.0)[:, None], torch.arange(10) % 2
        >>> split(x, y, 0.4, seed=0, purpose="test").y_drawn.bincount()
        tensor([2, 2])
    """
    from sklearn.model_selection import train_test_split

    state = number(seed_number(seed, bits=32), purpose)
    labels = None if y.is_floating_point() else y.cpu().numpy()
    try:
        stay, go = train_test_split(
            torch.arange(len(x)).numpy(),
            test_size=drawn,
            stratify=labels,
            random_state=state,
        )
    except ValueError as cause:
        raise InvalidValueError(
            f"enough examples {'' if labels is None else 'of every class '}for both parts",
            f"{len(x)} examples, of which {drawn} are drawn",
            "take more examples, or draw another share",
        ) from cause
    stay, go = (torch.as_tensor(rows, device=x.device) for rows in (stay, go))
    return Split(x[stay], y[stay], x[go], y[go])


def validation(x: Tensor, y: Tensor, share: float = VALIDATION, *, seed: int) -> Split:
    """Return a training part in two, the second of which takes the place of the test part.

    Args:
        x: inputs (n, ...).
        y: int64 labels (n,), or floating-point targets (n, ...).
        share: of the training part that is drawn, between 0 and 1.
        seed: which examples are drawn, evenly from each class; 0 to 2**32 - 1.

    Raises:
        InvalidTypeError: a share that is no number, or a seed that is no integer.
        InvalidValueError: one of them out of range, or too few examples.

    Example:
        >>> x = torch.rand(10, 2)
        >>> [len(part) for part in validation(x, x, seed=0).named.values()]
        [8, 8, 2, 2]
    """
    share = real("share", share, above=0, below=1, do="pass share=0.2")
    return split(x, y, share, seed=seed, purpose="validation")
