"""Imported by the process that all grading processes are forked from: done once for all of them."""

from relukit.grading.worker import end_with_parent, prepare

end_with_parent()
prepare()
