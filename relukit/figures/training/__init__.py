"""The figures of lesson 06, each a function that returns a described picture."""

from relukit.figures.training.codes import code_sparsity, decoder_features
from relukit.figures.training.comparison import paired_differences, plateau, wins
from relukit.figures.training.curves import loss_curves
from relukit.figures.training.dots import seeds_as_dots
from relukit.figures.training.rates import accuracy_by_rate
from relukit.figures.training.speed import step_ratios
from relukit.figures.training.zeros import two_penalties, zeros_after_training

__all__ = [
    "accuracy_by_rate",
    "code_sparsity",
    "decoder_features",
    "loss_curves",
    "paired_differences",
    "plateau",
    "seeds_as_dots",
    "step_ratios",
    "two_penalties",
    "wins",
    "zeros_after_training",
]
