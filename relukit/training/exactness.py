"""What a card may round or reorder while members train: nothing that can be helped."""

import contextlib
from collections.abc import Iterator

import torch


@contextlib.contextmanager
def exact(device: torch.device, *, tf32: bool = False) -> Iterator[None]:
    """Let a card compute as exactly and repeatably as a processor, and put its settings back.

    On CUDA: products of float32 matrices and convolutions keep their 24 bits, where TF32 would
    keep 11; cuDNN takes algorithms that give the same bits each time, without trying several. A
    network's own operations that torch lists as not deterministic stay so. Nothing is set on
    other devices.

    Args:
        device: where the members train; on CUDA it is the current one meanwhile.
        tf32: whether TF32 is allowed, faster by far on cards that have it.

    Example:
        >>> with exact(torch.device("cpu")):
        ...     pass
    """
    if device.type != "cuda":
        yield
        return
    was = [(place, name, getattr(place, name)) for place, name, _ in _settings(tf32)]
    try:
        for place, name, value in _settings(tf32):
            setattr(place, name, value)
        with torch.cuda.device(device):
            yield
    finally:
        for place, name, value in was:
            setattr(place, name, value)


def _settings(tf32: bool) -> list[tuple[object, str, bool | str]]:
    """Return what is set: where, its name, its value."""
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    repeatable = [(cudnn, "deterministic", True), (cudnn, "benchmark", False)]
    if not hasattr(matmul, "fp32_precision"):  # before torch 2.9
        return [*repeatable, (matmul, "allow_tf32", tf32), (cudnn, "allow_tf32", tf32)]
    places = (matmul, *(getattr(cudnn, kind) for kind in ("conv", "rnn")))
    precision = "tf32" if tf32 else "ieee"
    return [*repeatable, *((place, "fp32_precision", precision) for place in places)]
