"""The tasks of lesson 03, in the order of the lesson."""

from relukit.checks.variants.algebraic import SQUAREPLUS
from relukit.checks.variants.exponential import ELU
from relukit.checks.variants.gated import MISH, SILU
from relukit.checks.variants.gaussian_gated import GELU
from relukit.checks.variants.leaky import LEAKY_RELU
from relukit.checks.variants.maxima import MAXOUT
from relukit.checks.variants.noise import NOISY_RELU
from relukit.checks.variants.pairs import GLU_FAMILY
from relukit.checks.variants.parametric import PRELU

TASKS = (
    LEAKY_RELU,
    PRELU,
    MAXOUT,
    NOISY_RELU,
    ELU,
    GELU,
    SILU,
    MISH,
    SQUAREPLUS,
    GLU_FAMILY,
)
