"""Experiments on zeros: how many there are after training, what makes more, what they cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap
from torch.nn.functional import cross_entropy

from relukit.datasets import Dataset
from relukit.diagnostics import zero_fraction
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import Interval, paired_difference
from relukit.training import Factors, Record, Runs, batch, train
from relukit.training.tuning import TUNING_SEEDS

WIDTHS = (64, 64, 64, 64, 10)
STEPS = 300
BATCH = 64
RATES = (0.001, 0.003, 0.01)
# Within half a point of the best of RATES over the seeds 100 to 107, without a penalty and with
# the two that are compared.
RATE = 0.003
PENALTIES = (0.0, 0.01, 0.03, 0.1)
SMALL = (0.0003, 0.001, 0.003, 0.01)  # those of which one may speed up learning
MODERATE = 0.01
# The largest of 0.0001, 0.0003, ..., 0.01 that costs at most half a point over those seeds.
WEIGHT_PENALTY = 0.003


@kept.once
def trained(setting: Setting = STATED) -> Runs:
    """Return networks with three layers of 64 rectifiers, trained on digits at three rates.

    Args:
        setting: the seeds, and what is changed.
    """
    return _train(RATES, Factors(), setting)


@kept.once
def penalized(setting: Setting = STATED) -> Runs:
    """Return the same networks trained at one rate with three L1 penalties on the activations.

    Args:
        setting: the seeds, and what is changed.
    """
    return _train(RATE, Factors(l1_activations=PENALTIES[1:]), setting)


def _train(lr: float | Sequence[float], factors: Factors, setting: Setting) -> Runs:
    widths, steps = setting.widths(WIDTHS), setting.steps(STEPS)
    return train(
        lambda seed: mlp(widths, scheme="he_normal", seed=seed),
        setting.dataset("digits"),
        lr=lr,
        factors=factors,
        steps=steps,
        batch_size=BATCH,
        optimizer="adam",
        seeds=setting.seeds,
        record=Record(every=steps, layers=True),
        progress=False,
    )


def train_with_weight_penalty(
    penalty: float,
    data: Callable[[int], Dataset],
    *,
    steps: int,
    seeds: Sequence[int],
    widths: Sequence[int] = WIDTHS,
) -> list[nn.Sequential]:
    r"""Return networks after Adam on the cross-entropy plus $\lambda \sum |w|$ over all weights.

    The engine has no such penalty, so this is the plain loop, with all seeds side by side; initial
    weights and batches are those of the engine.

    Args:
        penalty: $\lambda$, at least 0, dimensionless.
        data: the examples of each seed.
        steps: number of updates.
        seeds: of the networks.
        widths: inputs, hidden widths and outputs.
    """
    networks = [mlp(widths, scheme="he_normal", seed=seed) for seed in seeds]
    x = torch.stack([data(seed).x_train for seed in seeds])
    y = torch.stack([data(seed).y_train for seed in seeds])
    member = torch.arange(len(seeds))[:, None]
    parameters, _ = stack_module_state(networks)
    weights = [p for name, p in parameters.items() if name.endswith("weight")]
    call = vmap(lambda own, x: functional_call(networks[0], own, (x,)))
    optimizer = torch.optim.Adam(parameters.values(), lr=RATE)
    for step in range(steps):
        rows = torch.stack([batch(x.shape[1], BATCH, seed=s, step=step) for s in seeds])
        scores = call(parameters, x[member, rows])
        loss = cross_entropy(scores.flatten(0, 1), y[member, rows].flatten(), reduction="sum")
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


def with_activation_penalty(penalty: float, setting: Setting = STATED) -> Sparse:
    """Return accuracy and zeros at one of `PENALTIES`.

    Args:
        penalty: on the sum of |a| over the hidden activations.
        setting: the seeds, and what is changed.
    """
    if penalty:
        runs, at = penalized(setting), {"l1_activations": penalty}
    else:
        runs, at = trained(setting), {"lr": RATE}
    zeros = runs.values("layer_zeros", **at).mean(dim=1)
    accuracy = runs.values("test_accuracy", **at)
    return Sparse(tuple(accuracy.tolist()), tuple(zeros.tolist()))


@kept.cache
def with_weight_penalty(penalty: float, setting: Setting = STATED) -> Sparse:
    """Return accuracy and zeros of networks with an L1 penalty on the weights.

    Args:
        penalty: on the sum of |w| over the weights.
        setting: the seeds, and what is changed.
    """
    drawn, accuracy, zeros = setting.dataset("digits"), [], []
    networks = train_with_weight_penalty(
        penalty,
        drawn,
        steps=setting.steps(STEPS),
        seeds=setting.seeds,
        widths=setting.widths(WIDTHS),
    )
    for network, seed in zip(networks, setting.seeds, strict=True):
        data = drawn(seed)
        right = network(data.x_test).argmax(dim=1) == data.y_test
        accuracy.append(float(right.double().mean()))
        shares = zero_fraction(network, data.x_train)
        zeros.append(sum(shares) / len(shares))
    return Sparse(tuple(accuracy), tuple(zeros))


@kept.cache
def steps_to_level(
    penalty: float,
    setting: Setting = STATED,
    *,
    level: float = 0.9,
    choosing: bool = False,
) -> tuple[int, ...]:
    """Return after how many steps each network first gets a share of the test part right.

    Args:
        penalty: on the activations.
        setting: the seeds, and what is changed.
        level: that share; measured every 2 steps, up to 100, and 102 stands for later.
        choosing: True for the seeds 100 to 107, measured on validation parts.
    """
    drawn, widths = setting.dataset("digits"), setting.widths(WIDTHS)
    runs = train(
        lambda seed: mlp(widths, scheme="he_normal", seed=seed),
        (lambda seed: drawn(seed).validation(seed=seed)) if choosing else drawn,
        lr=RATE,
        factors=Factors(l1_activations=penalty),
        steps=100,
        batch_size=BATCH,
        optimizer="adam",
        seeds=TUNING_SEEDS if choosing else setting.seeds,
        record=2,
        progress=False,
    )
    return tuple(map(int, runs.steps_to(level).flatten().tolist()))


def fastest_penalty(setting: Setting = STATED) -> float:
    """Return the one of `SMALL` with the fewest steps to 90 % on other seeds.

    Args:
        setting: what is changed.
    """
    return min(SMALL, key=lambda penalty: sum(steps_to_level(penalty, setting, choosing=True)))


def sparse_is_desirable(setting: Setting = STATED) -> Measured:
    """Ask of sparse networks whether they learn sooner, and whether they lose accuracy.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "depth")
    plain = with_activation_penalty(0.0, setting)
    moderate = with_activation_penalty(MODERATE, setting)
    penalty = fastest_penalty(setting)
    saved = paired_difference(
        steps_to_level(0.0, setting), steps_to_level(penalty, setting)
    ).difference
    lost = paired_difference(plain.accuracy, moderate.accuracy).difference
    return {
        f"accuracy lost with penalty {MODERATE:g}": lost,
        "steps saved on the way to 90 %, with the penalty that saves most": saved,
    }


def l1_makes_zeros(setting: Setting = STATED) -> Measured:
    """Put an L1 penalty on the activations, and one on the weights that costs as much accuracy.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "depth", "steps")
    plain = with_activation_penalty(0.0, setting)
    moderate = with_activation_penalty(MODERATE, setting)
    weights = with_weight_penalty(WEIGHT_PENALTY, setting)
    what = "share of zero activations gained by L1 on the"
    return {
        f"{what} activations": _gained(moderate, plain),
        f"{what} weights": _gained(weights, plain),
        "accuracy by which the two differ": paired_difference(
            moderate.accuracy, weights.accuracy
        ).difference,
    }


def _gained(sparse: Sparse, plain: Sparse) -> Interval:
    return paired_difference(sparse.zeros, plain.zeros).difference
