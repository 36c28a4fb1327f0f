"""Does the course run here? One line for each thing it needs, with what to do about it."""

from relukit.doctor.examination import examine, summary
from relukit.doctor.finding import Finding

__all__ = ["Finding", "examine", "summary"]
