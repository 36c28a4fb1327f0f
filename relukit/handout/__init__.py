"""The course's own files: where they are, and how they come into a learner's folder."""

from relukit.handout.lab import OPENING, has_lab, open_lab
from relukit.handout.laying import Laid, lay
from relukit.handout.source import checkout, offered, root

__all__ = ["OPENING", "Laid", "checkout", "has_lab", "lay", "offered", "open_lab", "root"]
