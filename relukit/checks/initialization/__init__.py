"""The tasks of lesson 05, in the order of the lesson."""

from relukit.checks.initialization.cosines import CORRELATION_MAP
from relukit.checks.initialization.gains import GAIN
from relukit.checks.initialization.glorot import GLOROT_UNIFORM
from relukit.checks.initialization.layers import VARIANCE_BY_LAYER
from relukit.checks.initialization.normal import HE_NORMAL
from relukit.checks.initialization.recurrence import IDENTITY_RECURRENT
from relukit.checks.initialization.rescaling import LSUV
from relukit.checks.initialization.uniform import HE_UNIFORM

TASKS = (
    HE_NORMAL,
    HE_UNIFORM,
    GLOROT_UNIFORM,
    GAIN,
    VARIANCE_BY_LAYER,
    LSUV,
    CORRELATION_MAP,
    IDENTITY_RECURRENT,
)
