"""Claims in print about the rectifier: who says what, what was measured, and what holds."""

from relukit.ledger.calibration import Calibration
from relukit.ledger.entries import VERDICTS, Claim, Saying, Source, claim, claims
from relukit.ledger.finding import Finding, Measurement
from relukit.ledger.measuring import measure
from relukit.ledger.predictions import Prediction, predict, prediction
from relukit.ledger.questions import Question, questions
from relukit.ledger.setting import STATED, Setting
from relukit.ledger.verdicts import verdict

__all__ = [
    "STATED",
    "VERDICTS",
    "Calibration",
    "Claim",
    "Finding",
    "Measurement",
    "Prediction",
    "Question",
    "Saying",
    "Setting",
    "Source",
    "claim",
    "claims",
    "measure",
    "predict",
    "prediction",
    "questions",
    "verdict",
]
