"""What all members of a population have in common."""

from dataclasses import dataclass

from relukit.training.optimizers import SGD, Adam
from relukit.training.records import Record


@dataclass(frozen=True)
class Settings:
    """How every member is trained, watched and computed.

    Args:
        optimizer: the rule.
        steps: number of updates.
        batch_size: examples in a batch, at most as many as there are.
        record: what is measured, and when.
        device: torch's name of the device.
        graphs: whether a card's steps are recorded and replayed (`Machine`).
        tf32: whether a card may use TF32 (`Machine`).
    """

    optimizer: SGD | Adam
    steps: int
    batch_size: int
    record: Record
    device: str
    graphs: bool = True
    tf32: bool = False
