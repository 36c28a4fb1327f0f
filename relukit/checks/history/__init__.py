"""The tasks of lesson 01, in the order of the lesson."""

from relukit.checks.history.diode import HALF_WAVE_RECTIFY
from relukit.checks.history.noise import NOISY_THRESHOLD_RATE
from relukit.checks.history.permitted import IS_PERMITTED
from relukit.checks.history.rivals import TWO_UNIT_STEADY_STATES
from relukit.checks.history.speed import SPEEDUP_TO_LEVEL
from relukit.checks.history.tobit import TOBIT_MEAN
from relukit.checks.history.waves import RECTIFIED_SINE_MOMENTS
from relukit.checks.history.years import ORDER_THE_TIMELINE

TASKS = (
    ORDER_THE_TIMELINE,
    HALF_WAVE_RECTIFY,
    RECTIFIED_SINE_MOMENTS,
    TWO_UNIT_STEADY_STATES,
    IS_PERMITTED,
    NOISY_THRESHOLD_RATE,
    TOBIT_MEAN,
    SPEEDUP_TO_LEVEL,
)
