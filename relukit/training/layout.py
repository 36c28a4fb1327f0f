"""Where the numbers of all members are in memory: parameter by parameter, or member by member."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

_ALIGNED = 4  # numbers: a parameter begins where a card may read four at once


@dataclass(frozen=True)
class Layout:
    """How one block of memory is shared by the parameters of all members.

    In blocks, each parameter of all members is one block, as the products of matrices on a
    processor want it. In rows, each member is a row; then what is done to all numbers of a member
    is one operation, and on a card one launch, however many parameters there are.

    Args:
        shapes: of one member's parameters, by name.
        n_members: how many there are.
        rows: whether each member is a row.

    Conventions: in rows a parameter begins at a multiple of 4 numbers; what is left between two
        is 0, and an optimizer leaves it at 0.

    Example:
        >>> shapes = {"weight": torch.Size([2, 3]), "bias": torch.Size([2])}
        >>> for rows in (False, True):
        ...     layout = Layout(shapes, 5, rows=rows)
        ...     memory = torch.zeros(layout.size)
        ...     len(layout.pieces(memory)), layout.views(memory)["weight"].stride()
        (2, (6, 3, 1))
        (1, (12, 3, 1))
    """

    shapes: Mapping[str, torch.Size]
    n_members: int
    rows: bool

    @property
    def size(self) -> torch.Size:
        """Of the memory: (members, numbers) in rows, (numbers,) in blocks."""
        if not self.rows:
            return torch.Size([self.n_members * sum(s.numel() for s in self.shapes.values())])
        return torch.Size([self.n_members, sum(map(_room, self.shapes.values()))])

    def views(self, memory: Tensor) -> dict[str, Tensor]:
        """Return each parameter of all members, (members, ...), as views of memory of this size."""
        views, start = {}, 0
        for name, shape in self.shapes.items():
            if self.rows:
                part = memory[:, start : start + shape.numel()]
                start += _room(shape)
            else:
                part = memory[start : start + self.n_members * shape.numel()]
                start += part.numel()
            views[name] = part.view(self.n_members, *shape)
        return views

    def pieces(self, memory: Tensor) -> list[Tensor]:
        """Return the memory as few tensors, each with the members first."""
        return [memory] if self.rows else list(self.views(memory).values())


def _room(shape: torch.Size) -> int:
    return _ALIGNED * math.ceil(shape.numel() / _ALIGNED)
