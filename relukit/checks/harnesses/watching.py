"""Which activations a network calls, seen from the functions that torch runs."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


@contextmanager
def watched(others: Collection[str]) -> "Iterator[tuple[list[torch.Tensor], set[str]]]":
    """Collect the outputs of every ReLU that runs inside, and the names of other activations.

    Args:
        others: names of torch's functions that are looked for, without a trailing underscore.

    Yields:
        Copies of the ReLUs' outputs, in the order of their calls, and which of `others` ran. Both
        fill up as the network runs.
    """
    outputs: list[torch.Tensor] = []
    found: set[str] = set()

    def note(name: str, value: Any) -> None:  # noqa: ANN401 - what a function of torch returns
        if name == "relu":
            outputs.append(value.detach().clone())
        elif name in others:
            found.add(name)

    with _each_call(note):
        yield outputs, found


@contextmanager
def called(names: Collection[str]) -> "Iterator[set[str]]":
    """Collect which of torch's functions run inside.

    Args:
        names: of the functions that are looked for, without a trailing underscore.

    Yields:
        Those that ran; it fills up.
    """
    found: set[str] = set()

    def note(name: str, _: object) -> None:
        if name in names:
            found.add(name)

    with _each_call(note):
        yield found


@contextmanager
def _each_call(note: Callable[[str, Any], None]) -> "Iterator[None]":
    """Tell of each function of torch that runs inside its name, and what it returned."""
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        def __torch_function__(
            self,
            func: Callable[..., Any],
            types: object,
            args: tuple[Any, ...] = (),
            kwargs: dict[str, Any] | None = None,
        ) -> object:
            value = func(*args, **(kwargs or {}))
            note(getattr(func, "__name__", "").rstrip("_"), value)
            return value

    with Watch():
        yield
