"""Many networks at once: training a population as one batched computation."""

from relukit.training.batches import batch
from relukit.training.checkpoint import Checkpoint
from relukit.training.lifelines import LifeLines
from relukit.training.optimizers import SGD, Adam
from relukit.training.population import train
from relukit.training.records import Record
from relukit.training.runs import Runs

__all__ = ["SGD", "Adam", "Checkpoint", "LifeLines", "Record", "Runs", "batch", "train"]
