"""Claims in print about the rectifier, and the experiments that test them."""

from relukit.textbook.experiment import measure
from relukit.textbook.finding import Finding, Measurement
from relukit.textbook.ledger import VERDICTS, Claim, Source, claim, claims

__all__ = ["VERDICTS", "Claim", "Finding", "Measurement", "Source", "claim", "claims", "measure"]
