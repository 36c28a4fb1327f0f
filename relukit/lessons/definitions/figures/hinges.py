"""Random stacks of layers: straight without ReLUs, bent with them."""

import torch
from torch import nn

from relukit.errors import InvalidValueError
from relukit.figures.canvas import Picture, drawn, panels
from relukit.figures.curves import look
from relukit.networks import mlp
from relukit.quantities import integer, integers


@drawn
def linear_stack(depths: tuple[int, ...] = (1, 3), *, width: int = 8, seed: int = 36) -> Picture:
    """Return random stacks of linear layers without and with ReLU between, on the same weights.

    Args:
        depths: how many linear layers each stack has, one to four numbers of at least 1.
        width: units in each hidden layer.
        seed: draws the weights (He normal) and biases (standard deviation 0.5).

    Raises:
        InvalidValueError: if depths is empty or longer than four, or a number is not positive.

    Example:
        >>> [axes.get_title(loc="left") for axes in linear_stack().axes]
        ['Linear layers only', 'ReLU between them']
    """
    depths = tuple(integers("depths", depths, least=1, do="pass such as (1, 3)"))
    width = integer("width", width, least=1)
    if not 1 <= len(depths) <= 4:
        raise InvalidValueError("one to four depths", repr(depths), "pass such as (1, 3)")
    picture, (left, right) = panels(2, size=(6.5, 2.8), sharey=True)
    x = torch.linspace(-3, 3, 601, dtype=torch.float64)[:, None]
    colours = ("grey", "blue", "vermilion", "green")
    for index, depth in enumerate(depths):
        network = random_network((1, *(width,) * (depth - 1), 1), seed=seed)
        bare = nn.Sequential(*(layer for layer in network if isinstance(layer, nn.Linear)))
        label = f"{depth} layer" + "s" * (depth > 1)
        style = look(len(depths) - 1 - index, colours[index])
        with torch.no_grad():
            left.plot(x[:, 0], bare(x)[:, 0], label=label, gid=label, **style)
            right.plot(x[:, 0], network(x)[:, 0], label=label, gid=label, **style)
    left.set(xlabel="input x", ylabel="output", title="Linear layers only")
    right.set(xlabel="input x", title="ReLU between them")
    right.legend()
    listed = " and ".join(str(depth) for depth in depths)
    picture.alt = (
        f"Random stacks of {listed} linear layers: without an activation each is one straight "
        "line; with ReLU between the same layers the deeper ones can bend."
    )
    return picture


def random_network(widths: tuple[int, ...], *, seed: int) -> nn.Sequential:
    """Return a ReLU network in float64 whose kinks are spread out: He normal, biases N(0, 0.5^2).

    Args:
        widths: inputs, units of each hidden layer, outputs.
        seed: draws weights and biases.
    """
    generator = torch.Generator().manual_seed(seed)
    network = mlp(widths, "relu", scheme="he_normal", seed=generator, dtype=torch.float64)
    with torch.no_grad():
        for layer in network:
            if isinstance(layer, nn.Linear):
                layer.bias.normal_(0, 0.5, generator=generator)
    return network
