"""How a population is cut into chunks, also where an earlier run had cut it otherwise."""

import itertools

from torch import Tensor


def cut(n: int, size: int, states: dict[int, dict]) -> dict[int, range]:
    """Return the members of each chunk by the position of the first.

    Args:
        n: number of members.
        size: members in a chunk at most.
        states: states of an earlier run by the position of their first member; a chunk has
            members of one such state only, because all its members are at one step.

    Example:
        >>> cut(10, 4, {})
        {0: range(0, 4), 4: range(4, 8), 8: range(8, 10)}
    """
    borders = {0, n}
    for first, state in states.items():
        borders |= {first, first + len(state["diverged_at"])}
    chunks = {}
    for start, end in itertools.pairwise(sorted(borders)):
        chunks |= {i: range(i, min(i + size, end)) for i in range(start, end, size)}
    return chunks


def shared_out(states: dict[int, dict], chunks: dict[int, range]) -> dict[int, dict]:
    """Return the same states with the members of each chunk apart.

    Args:
        states: by the position of their first member.
        chunks: from `cut`, with the same states.
    """
    found = {}
    for first, state in states.items():
        end = first + len(state["diverged_at"])
        for i, members in chunks.items():
            if first <= i < end:
                found[i] = _part(state, members.start - first, members.stop - first)
    return found


def _part(value: object, start: int, stop: int) -> object:
    if isinstance(value, Tensor):
        return value[start:stop]
    if isinstance(value, dict):
        return {name: _part(part, start, stop) for name, part in value.items()}
    if isinstance(value, list):
        return [_part(part, start, stop) for part in value]
    return value
