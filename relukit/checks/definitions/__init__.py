"""The tasks of lesson 02, in the order of the lesson."""

from relukit.checks.definitions.hinges import HINGE_WEIGHTS
from relukit.checks.definitions.identity import IDENTITY_FROM_RELUS
from relukit.checks.definitions.mutants import KILL_THE_MUTANTS
from relukit.checks.definitions.pieces import COUNT_LINEAR_PIECES
from relukit.checks.definitions.rectifier import RELU
from relukit.checks.definitions.rescaling import RESCALE_UNIT
from relukit.checks.definitions.slope import RELU_DERIVATIVE
from relukit.checks.definitions.smooth import SIGMOID, SOFTPLUS

TASKS = (
    RELU,
    IDENTITY_FROM_RELUS,
    RELU_DERIVATIVE,
    KILL_THE_MUTANTS,
    HINGE_WEIGHTS,
    COUNT_LINEAR_PIECES,
    SIGMOID,
    SOFTPLUS,
    RESCALE_UNIT,
)
