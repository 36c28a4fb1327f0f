"""The tasks of lesson 06."""

from relukit.checks.training.checkpoints import RESUME
from relukit.checks.training.goals import TRAIN_TO_TARGET
from relukit.checks.training.intervals import PAIRED_INTERVAL
from relukit.checks.training.penalties import L1_ACTIVATION_PENALTY
from relukit.checks.training.scales import STANDARDIZE
from relukit.checks.training.shares import ACCURACY
from relukit.checks.training.steps import TRAIN_STEP
from relukit.checks.training.sweeps import BEST_LR

TASKS = (
    STANDARDIZE,
    TRAIN_STEP,
    ACCURACY,
    L1_ACTIVATION_PENALTY,
    PAIRED_INTERVAL,
    BEST_LR,
    TRAIN_TO_TARGET,
    RESUME,
)
