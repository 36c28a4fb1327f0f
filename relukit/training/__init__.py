"""Many networks at once: training a population as one batched computation."""

from relukit.training.batches import batch
from relukit.training.checkpoint import Checkpoint
from relukit.training.lifelines import LifeLines
from relukit.training.machine import Machine
from relukit.training.optimizers import SGD, Adam
from relukit.training.records import Record
from relukit.training.runs import Runs
from relukit.training.sweep import Factors
from relukit.training.training import train
from relukit.training.tuning import Tuned, tuned

__all__ = [
    "SGD",
    "Adam",
    "Checkpoint",
    "Factors",
    "LifeLines",
    "Machine",
    "Record",
    "Runs",
    "Tuned",
    "batch",
    "train",
    "tuned",
]
