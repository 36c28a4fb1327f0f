"""The tasks of lesson 04, in the order of the lesson."""

from relukit.checks.dying.autopsy import AUTOPSY
from relukit.checks.dying.birth import BORN_DEAD_PROBABILITY
from relukit.checks.dying.layers import DEAD_FRACTION_BY_LAYER
from relukit.checks.dying.lifelines import LIFE_LINES
from relukit.checks.dying.mending import MEND_THE_NETWORK
from relukit.checks.dying.rates import LARGEST_SAFE_LR
from relukit.checks.dying.recovery import CAN_IT_RECOVER
from relukit.checks.dying.silence import DEAD_UNITS

TASKS = (
    DEAD_UNITS,
    DEAD_FRACTION_BY_LAYER,
    BORN_DEAD_PROBABILITY,
    MEND_THE_NETWORK,
    LARGEST_SAFE_LR,
    LIFE_LINES,
    CAN_IT_RECOVER,
    AUTOPSY,
)
