"""The figures of lesson 06, each a function that returns a described picture."""

from relukit.lessons.training.figures.codes import code_sparsity, decoder_features
from relukit.lessons.training.figures.comparison import paired_differences, plateau
from relukit.lessons.training.figures.curves import loss_curves
from relukit.lessons.training.figures.dots import (
    adding,
    digits_by_rows,
    linear_layers,
    many_layers,
    seeds_as_dots,
)
from relukit.lessons.training.figures.eight import eight
from relukit.lessons.training.figures.lever import lever
from relukit.lessons.training.figures.rates import accuracy_by_rate
from relukit.lessons.training.figures.seen import endings, part_ways
from relukit.lessons.training.figures.speed import step_ratios
from relukit.lessons.training.figures.zeros import two_penalties, zeros_after_training

__all__ = [
    "accuracy_by_rate",
    "adding",
    "code_sparsity",
    "decoder_features",
    "digits_by_rows",
    "eight",
    "endings",
    "lever",
    "linear_layers",
    "loss_curves",
    "many_layers",
    "paired_differences",
    "part_ways",
    "plateau",
    "seeds_as_dots",
    "step_ratios",
    "two_penalties",
    "zeros_after_training",
]
