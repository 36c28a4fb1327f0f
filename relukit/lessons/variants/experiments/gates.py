"""What a gate of its own gains over the rectifier, layer by layer, at equally many weights."""

from dataclasses import replace

from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments.trained import block, differences, gain_over

LAYERS = {"one hidden layer": 1, "two hidden layers": 2}


def by_layers(setting: Setting = STATED) -> Measured:
    """Measure SwiGLU's accuracy minus ReLU's on MNIST-1D, with one hidden layer and with two."""
    setting = setting.only("width", "optimizer", "steps")
    return {
        f"SwiGLU minus ReLU, {name}": gain_over(
            "relu", "swiglu", "mnist1d", block, replace(setting, depth=layers)
        )
        for name, layers in LAYERS.items()
    }


def gated_gains(layers: str) -> dict[str, list[float]]:
    """Return SwiGLU's accuracy minus ReLU's in points, seed by seed, under its name.

    Args:
        layers: a key of LAYERS.
    """
    setting = replace(STATED, depth=LAYERS[layers])
    return {"SwiGLU": differences("swiglu", "mnist1d", block, setting.only("depth"))}
