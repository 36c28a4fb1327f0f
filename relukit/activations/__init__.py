"""Activation functions: forward in torch, derivative in closed form, and a registry by name.

Each is declared once, above its function: formula, derivative, limits, kinks, source, torch name.
The rest is derived from that: year and docstring, `ACTIVATIONS` and `UNITS`, the modules of
`relukit.networks`, tables and captions.
"""

from relukit.activations.algebraic import hard_swish, squared_relu, squareplus, star_relu
from relukit.activations.composite import crelu, logsumexp, maxout, softmax
from relukit.activations.definition import Activation, Unit
from relukit.activations.exponential import celu, elu, selu, softplus
from relukit.activations.gated import mish, silu, swish
from relukit.activations.gated_linear import bilinear, geglu, glu, reglu, swiglu
from relukit.activations.gaussian_gated import gelu, gelu_sigmoid, gelu_tanh
from relukit.activations.leaky import leaky_relu, prelu
from relukit.activations.piecewise import absolute, relu, relu6, shifted_relu, step
from relukit.activations.registry import ACTIVATIONS, UNITS, activation
from relukit.activations.saturating import sigmoid, softsign, tanh
from relukit.activations.stochastic import noisy_relu, rrelu

__all__ = [
    "ACTIVATIONS",
    "UNITS",
    "Activation",
    "Unit",
    "absolute",
    "activation",
    "bilinear",
    "celu",
    "crelu",
    "elu",
    "geglu",
    "gelu",
    "gelu_sigmoid",
    "gelu_tanh",
    "glu",
    "hard_swish",
    "leaky_relu",
    "logsumexp",
    "maxout",
    "mish",
    "noisy_relu",
    "prelu",
    "reglu",
    "relu",
    "relu6",
    "rrelu",
    "selu",
    "shifted_relu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "squared_relu",
    "squareplus",
    "star_relu",
    "step",
    "swiglu",
    "swish",
    "tanh",
]
