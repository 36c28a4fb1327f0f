"""`relukit check`: a learner's own notebook, run and judged as in a grading, without a jail."""
