"""Experiments on zeros: how many there are after training, what makes more, what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

from relukit.datasets import Dataset, digits
from relukit.diagnostics import zero_fraction
from relukit.ledger.finding import Measured
from relukit.networks import mlp
from relukit.statistics import Interval, paired_difference
from relukit.training import Factors, Record, Runs, batch, train

N_SEEDS = 16
WIDTHS = (64, 64, 64, 64, 10)
STEPS = 300
BATCH = 64
RATES = (0.001, 0.003, 0.01)
# Within half a point of the best of RATES over the seeds 100 to 107, without a penalty and with
# the two that are compared.
RATE = 0.003
PENALTIES = (0.0, 0.01, 0.03, 0.1)
MODERATE = 0.01
# The largest of 0.0001, 0.0003, ..., 0.01 that costs at most half a point over those seeds.
WEIGHT_PENALTY = 0.003


def _build(seed: int) -> nn.Sequential:
    return mlp(WIDTHS, scheme="he_normal", seed=seed)


@cache
def trained() -> Runs:
    """Return networks with three layers of 64 rectifiers, trained on digits at three rates."""
    return _train(RATES, Factors())


@cache
def penalized() -> Runs:
    """Return the same networks trained at one rate with three L1 penalties on the activations."""
    return _train(RATE, Factors(l1_activations=PENALTIES[1:]))


def _train(lr: float | Sequence[float], factors: Factors) -> Runs:
    return train(
        _build,
        digits(),
        lr=lr,
        factors=factors,
        steps=STEPS,
        batch_size=BATCH,
        optimizer="adam",
        seeds=N_SEEDS,
        record=Record(every=STEPS, layers=True),
        progress=False,
    )


def train_with_weight_penalty(
    penalty: float, data: Dataset, *, steps: int, seeds: Sequence[int]
) -> list[nn.Sequential]:
    r"""Return networks after Adam on the cross-entropy plus $\lambda \sum |w|$ over all weights.

    The engine has no such penalty, so this is the plain loop, with all seeds side by side; initial
    weights and batches are those of the engine.

    Args:
        penalty: $\lambda$, at least 0, dimensionless.
        data: the examples.
        steps: number of updates.
        seeds: of the networks.
    """
    networks = [_build(seed) for seed in seeds]
    parameters, _ = stack_module_state(networks)
    weights = [p for name, p in parameters.items() if name.endswith("weight")]
    call = vmap(lambda own, x: functional_call(networks[0], own, (x,)))
    optimizer = torch.optim.Adam(parameters.values(), lr=RATE)
    for step in range(steps):
        rows = torch.stack([batch(len(data.x_train), BATCH, seed=s, step=step) for s in seeds])
        scores = call(parameters, data.x_train[rows])
        loss = cross_entropy(scores.flatten(0, 1), data.y_train[rows].flatten(), reduction="sum")
        optimizer.zero_grad()
        (loss / BATCH + penalty * sum(w.abs().sum() for w in weights)).backward()
        optimizer.step()
    for place, network in enumerate(networks):
        network.load_state_dict({name: p[place] for name, p in parameters.items()})
    return networks


@dataclass(frozen=True)
class Sparse:
    """What networks have come to, one number a seed.

    Attributes:
        accuracy: on the test part.
        zeros: share of exact zeros over all hidden activations of the training part.
    """

    accuracy: tuple[float, ...]
    zeros: tuple[float, ...]


def with_activation_penalty(penalty: float) -> Sparse:
    """Return accuracy and zeros at one of `PENALTIES`.

    Args:
        penalty: on the sum of |a| over the hidden activations.
    """
    runs, at = (penalized(), {"l1_activations": penalty}) if penalty else (trained(), {"lr": RATE})
    zeros = runs.values("layer_zeros", **at).mean(dim=1)
    accuracy = runs.values("test_accuracy", **at)
    return Sparse(tuple(accuracy.tolist()), tuple(zeros.tolist()))


@cache
def with_weight_penalty(penalty: float) -> Sparse:
    """Return accuracy and zeros of 16 networks with an L1 penalty on the weights.

    Args:
        penalty: on the sum of |w| over the weights.
    """
    data, accuracy, zeros = digits(), [], []
    for network in train_with_weight_penalty(penalty, data, steps=STEPS, seeds=range(N_SEEDS)):
        right = network(data.x_test).argmax(dim=1) == data.y_test
        accuracy.append(float(right.double().mean()))
        shares = zero_fraction(network, data.x_train)
        zeros.append(sum(shares) / len(shares))
    return Sparse(tuple(accuracy), tuple(zeros))


@cache
def steps_to_level(penalty: float, *, level: float = 0.9) -> tuple[int, ...]:
    """Return after how many steps each of 16 networks first gets a share of the test part right.

    Args:
        penalty: on the activations.
        level: that share; measured every 5 steps, up to 100.
    """
    runs = train(
        _build,
        digits(),
        lr=RATE,
        factors=Factors(l1_activations=penalty),
        steps=100,
        batch_size=BATCH,
        optimizer="adam",
        seeds=N_SEEDS,
        record=5,
        progress=False,
    )
    reached = runs.measured["test_accuracy"] >= level
    first = torch.where(reached.any(dim=1), runs.measured_at[reached.int().argmax(dim=1)], 100)
    return tuple(first.tolist())


def sparse_is_desirable() -> Measured:
    """Ask of sparse networks whether they learn sooner, and whether they lose accuracy."""
    plain, moderate = with_activation_penalty(0.0), with_activation_penalty(MODERATE)
    saved = paired_difference(steps_to_level(0.0), steps_to_level(MODERATE)).difference
    lost = paired_difference(plain.accuracy, moderate.accuracy).difference
    return {
        f"accuracy lost with penalty {MODERATE:g}": lost,
        f"steps saved on the way to 90 %, penalty {MODERATE:g}": saved,
    }


def _gained(sparse: Sparse) -> Interval:
    return paired_difference(sparse.zeros, with_activation_penalty(0.0).zeros).difference


def l1_makes_zeros() -> Measured:
    """Put an L1 penalty on the activations, and one on the weights that costs as much accuracy."""
    moderate, weights = with_activation_penalty(MODERATE), with_weight_penalty(WEIGHT_PENALTY)
    apart = paired_difference(moderate.accuracy, weights.accuracy).difference
    what = "share of zero activations gained by L1 on the"
    return {
        f"{what} activations": _gained(moderate),
        f"{what} weights": _gained(weights),
        "accuracy by which the two differ": apart,
    }
