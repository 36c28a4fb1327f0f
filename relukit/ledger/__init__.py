"""Claims in print about the rectifier: who says what, what was measured, and what holds."""

from relukit.ledger.entries import VERDICTS, Claim, Saying, Source, claim, claims
from relukit.ledger.finding import Finding, Measurement
from relukit.ledger.measuring import measure
from relukit.ledger.predictions import predict, verdict

__all__ = [
    "VERDICTS",
    "Claim",
    "Finding",
    "Measurement",
    "Saying",
    "Source",
    "claim",
    "claims",
    "measure",
    "predict",
    "verdict",
]
