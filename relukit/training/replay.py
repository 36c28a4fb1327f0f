"""Steps recorded once as a CUDA graph and replayed: one launch for all of a step's kernels."""

import warnings
from collections.abc import Callable

import torch
from torch import Tensor

WARM = 3  # calls before one is recorded: libraries load, memory is found
WORTH = 50  # steps from which a recording is made


class Replay:
    """A function of tensors that from its fourth call on is replayed and no longer called.

    Args:
        body: what is called; it may change tensors in place, asks for no value, and gets and
            returns tensors of the same shapes each time.

    Conventions: every call does its work once, those before the recording and the recorded one
        too. What cannot be recorded is called each time as before, after a warning.

    Example:
        >>> seen = []
        >>> replay = Replay(lambda x: seen.append(1) or 2 * x)
        >>> replay(torch.ones(2)), len(seen)
        (tensor([2., 2.]), 1)
    """

    def __init__(self, body: Callable[..., Tensor]) -> None:
        self.body, self.calls = body, 0
        self.inputs: tuple[Tensor, ...] = ()
        self.again: Callable[[], Tensor] | None = None
        # what comes before a recording runs beside the main stream, as torch asks for
        self.stream = torch.cuda.Stream() if torch.cuda.is_initialized() else None

    def __call__(self, *inputs: Tensor) -> Tensor:
        """Do the work for these inputs and return its result, which the next call overwrites."""
        self.calls += 1
        if self.calls <= WARM:
            return aside(self.body, inputs, self.stream)
        if self.calls == WARM + 1:
            self.inputs = tuple(part.clone() for part in inputs)
            try:
                self.again = recorded(self.body, self.inputs, self.stream)
            except RuntimeError as cause:
                warnings.warn(
                    f"these steps can't be recorded as a CUDA graph ({cause}); each is launched "
                    "by itself. Machine(graphs=False) does so without trying",
                    stacklevel=2,
                )
        if self.again is None:
            return self.body(*inputs)
        for kept, new in zip(self.inputs, inputs, strict=True):
            kept.copy_(new)
        return self.again()


def aside(
    body: Callable[..., Tensor], inputs: tuple[Tensor, ...], stream: torch.cuda.Stream | None
) -> Tensor:
    """Call a function on a stream of its own; where there is none, as it is."""
    if stream is None:
        return body(*inputs)
    here = torch.cuda.current_stream()
    stream.wait_stream(here)
    with torch.cuda.stream(stream):
        found = body(*inputs)
    here.wait_stream(stream)
    return found


def recorded(
    body: Callable[..., Tensor], inputs: tuple[Tensor, ...], stream: torch.cuda.Stream | None
) -> Callable[[], Tensor]:
    """Return a call that does again, on the card alone, what a function does with these inputs.

    Raises:
        RuntimeError: the function asks for a value, or does something else that waits.
    """
    graph = torch.cuda.CUDAGraph()
    # other threads may train on the same card
    with torch.cuda.graph(graph, stream=stream, capture_error_mode="thread_local"):
        found = body(*inputs)

    def again() -> Tensor:
        graph.replay()
        return found

    return again


def records_steps(device: torch.device) -> bool:
    """Return whether a device can record and replay its steps: CUDA."""
    return device.type == "cuda"
