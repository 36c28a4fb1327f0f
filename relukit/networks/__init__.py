"""Networks as plain torch modules, built without touching torch's global random state."""

from relukit.networks.coding import Autoencoder, autoencoder
from relukit.networks.convolution import convolutional
from relukit.networks.elementwise import MODULES, Elementwise, activation_module
from relukit.networks.gating import GATES, Gate, gated_mlp, matched_widths
from relukit.networks.maxout import Maxout, maxout_mlp
from relukit.networks.perceptron import mlp
from relukit.networks.recurrence import Recurrent, recurrent
from relukit.networks.tower import Floor, tower

__all__ = [
    "GATES",
    "MODULES",
    "Autoencoder",
    "Elementwise",
    "Floor",
    "Gate",
    "Maxout",
    "Recurrent",
    "activation_module",
    "autoencoder",
    "convolutional",
    "gated_mlp",
    "matched_widths",
    "maxout_mlp",
    "mlp",
    "recurrent",
    "tower",
]
