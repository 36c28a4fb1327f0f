"""What dead means: silent on the whole training set, and what follows from it exactly."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from relukit.diagnostics import activations, preactivations
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import images, network
from relukit.networks import mlp
from relukit.statistics import interval

# the ten hidden layers in which the UvA tutorial counts dead units, here behind 64 inputs
DEEP_WIDTHS = (64, *[256] * 5, *[128] * 5, 10)


def dead_units(network: nn.Module, x: Tensor) -> list[Tensor]:
    """Return, for each hidden layer, which units put out exactly 0 for every example.

    Args:
        network: as for `relukit.diagnostics.activations`.
        x: examples (n, ...): the whole training set, or what stands for it.

    Returns:
        One bool tensor of shape (units,) a layer.

    Example:
        >>> layers = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1))
        >>> with torch.no_grad():
        ...     _ = layers[0].weight.fill_(1.0), layers[0].bias.copy_(torch.tensor([-9.0, 0.0]))
        >>> dead_units(layers, torch.tensor([[1.0], [2.0]]))
        [tensor([ True, False])]
    """
    return [(a == 0).all(0) for a in activations(network, x)]


def silent_shares(counts: Sequence[int], setting: Setting = STATED) -> Tensor:
    """Return which share of the hidden units of a fresh network is silent on the first n images.

    Args:
        counts: the numbers n of training images, which each seed draws and orders anew.
        setting: the seeds.

    Returns:
        float64 of shape (seeds, len(counts)), dimensionless.
    """
    data, rows = setting.dataset("digits"), []
    for seed in setting.seeds:
        off = torch.cat([a == 0 for a in activations(network(seed), data(seed).x_train)], 1)
        rows.append([off[:n].all(0).double().mean() for n in counts])
    return torch.tensor(rows)


def ten_images(setting: Setting = STATED) -> Measured:
    """Count the units that are silent on one image, on ten, and on a hundred."""
    counts = (1, 10, 100)
    shares = silent_shares(counts, setting.only())
    named = [f"silent on {n} image{'s' * (n > 1)}" for n in counts]
    return {what: interval(share) for what, share in zip(named, shares.T.tolist(), strict=True)}


def always_negative(setting: Setting = STATED) -> Measured:
    """Look at what the dead units of fresh deep networks sum up, and at what they put out."""
    x, found, sums, outputs = images().x_train, 0, 0, 0
    for seed in setting.only().seeds:
        for z in preactivations(mlp(DEEP_WIDTHS, seed=seed), x):
            dead = z[:, (torch.relu(z) == 0).all(0)]
            found, sums = found + dead.numel(), sums + int((dead < 0).sum())
            outputs += int((torch.relu(dead) < 0).sum())
    assert found, "the networks have dead units"
    of_the_dead = "of dead units, over all images, that are negative"
    return {
        f"share of the sums z {of_the_dead}": sums / found,
        f"share of the outputs {of_the_dead}": outputs / found,
    }


def largest_gradient_of_the_dead(made: nn.Sequential) -> float:
    """Return the largest absolute gradient of any weight or bias of a dead unit.

    Args:
        made: a ReLU network of `mlp` for the digits; its gradients are those of the mean
            cross-entropy over the whole training set, of weights into and out of its dead units.
    """
    data = images()
    loss = nn.functional.cross_entropy(made(data.x_train), data.y_train)
    gradients = torch.autograd.grad(loss, list(made.parameters()))
    weights, biases = gradients[::2], gradients[1::2]
    found = [0.0]
    for depth, dead in enumerate(dead_units(made, data.x_train)):
        if dead.any():
            parts = (weights[depth][dead], biases[depth][dead], weights[depth + 1][:, dead])
            found += [float(part.abs().max()) for part in parts]
    return max(found)


def change_without_the_dead(made: nn.Sequential) -> float:
    """Return the largest change of an output when every weight that leaves a dead unit is 0.

    Args:
        made: as for `largest_gradient_of_the_dead`; it is changed.
    """
    x = images().x_train
    with torch.no_grad():
        before, dead = made(x), dead_units(made, x)
        weights = [parameter for parameter in made.parameters() if parameter.ndim == 2]
        for weight, which in zip(weights[1:], dead, strict=True):
            weight[:, which] = 0.0
        return float((made(x) - before).abs().max())


def dead_units_stop_learning(setting: Setting = STATED) -> Measured:
    """Ask for the gradients of dead units, and remove them."""
    deep = [mlp(DEEP_WIDTHS, seed=seed) for seed in setting.only().seeds]
    gradient = max(map(largest_gradient_of_the_dead, deep))
    change = max(map(change_without_the_dead, deep))
    return {
        "largest gradient of a weight or bias of a dead unit": gradient,
        "largest change of an output when dead units are removed": change,
    }
