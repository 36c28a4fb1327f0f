"""The death of single units, step by step: which update it was, and whose weights moved."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import nan

import torch
from torch import Tensor, nn

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import network
from relukit.statistics import Interval, interval, proportion
from relukit.training import SGD, Adam, batch

PLAIN = SGD()
RATE = 0.5  # plain gradient descent on images that are not centred: units of every layer die
STEPS = 84  # four passes
LARGE = 3.0
IMAGES = STATED.dataset("digits", scaling="unit")
EXPLANATIONS = ("its own new weights", "either of the two", "its new inputs", "only both together")


@dataclass(frozen=True)
class Death:
    """One unit that some image activated before a step, and none after it.

    Attributes:
        seed: of the network.
        layer: 1 for the first hidden layer.
        unit: its position in the layer, from 0.
        step: the update that ended its life, from 0.
        last_images: how many training images activated it before that update.
        update: length of the change of its weights and bias in that update.
        typical: median length of the earlier updates of all units of its layer; nan at the first.
        by_own_move: whether its own new weights, on the old inputs, leave no image.
        by_inputs: whether its old weights, on the new inputs, leave no image.
        final: whether no image activates it at any later moment that was looked at.
    """

    seed: int
    layer: int
    unit: int
    step: int
    last_images: int
    update: float
    typical: float
    by_own_move: bool
    by_inputs: bool
    final: bool

    @property
    def sudden(self) -> bool:
        """Whether the last update was more than three times a typical one."""
        return self.update > LARGE * self.typical


@dataclass(frozen=True, eq=False)
class Moment:
    """A network between two updates.

    Attributes:
        step: updates made so far.
        weights: of each hidden layer, (units, inputs + 1): the bias is the last column.
        inputs: of each hidden layer over the whole training set, (n, inputs + 1): the last is 1.
        positive: for each hidden layer, how many images activate each unit, int64 (units,).
    """

    step: int
    weights: list[Tensor]
    inputs: list[Tensor]
    positive: list[Tensor]


def replay(
    seed: int, *, lr: float = RATE, steps: int = STEPS, optimizer: SGD | Adam = PLAIN
) -> Iterator[Moment]:
    """Train one network by a plain torch loop, as the engine would, and look at it all the time.

    Args:
        seed: of the weights, the batches and the split of the images.
        lr: learning rate.
        steps: updates.
        optimizer: the rule.

    Yields:
        steps + 1 moments, the first before any update.
    """
    data, made = IMAGES(seed), network(seed)
    parameters = list(made.parameters())
    states = [[torch.zeros_like(p) for _ in range(optimizer.buffers)] for p in parameters]
    yield _moment(made, data.x_train, 0)
    for step in range(steps):
        rows = batch(len(data.x_train), 64, seed=seed, step=step)
        loss = nn.functional.cross_entropy(made(data.x_train[rows]), data.y_train[rows])
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient, state in zip(parameters, gradients, states, strict=True):
                parameter.sub_(lr * optimizer.direction(gradient, state, step))
        yield _moment(made, data.x_train, step + 1)


def _moment(made: nn.Sequential, x: Tensor, step: int) -> Moment:
    weights, inputs, positive = [], [], []
    one, a = torch.ones(len(x), 1), x
    with torch.no_grad():
        for layer in [layer for layer in made if isinstance(layer, nn.Linear)][:-1]:
            weights.append(torch.cat([layer.weight, layer.bias[:, None]], 1))
            inputs.append(torch.cat([a, one], 1))
            a = torch.relu(inputs[-1] @ weights[-1].T)
            positive.append((a > 0).sum(0))
    return Moment(step, weights, inputs, positive)


@kept.cache
def deaths(seed: int, *, lr: float = RATE, optimizer: SGD | Adam = PLAIN) -> tuple[Death, ...]:
    """Return every death in one network, in the order of steps, layers and units.

    Args:
        seed: of the network, its batches and its images, as for `replay`.
        lr: as for `replay`.
        optimizer: as for `replay`.
    """
    found: list[Death] = []
    updates: list[list[Tensor]] = []
    positive: list[list[Tensor]] = []
    before: Moment | None = None
    for now in replay(seed, lr=lr, optimizer=optimizer):
        positive.append(now.positive)
        if before is None:
            before = now
            continue
        moves = [w - v for w, v in zip(now.weights, before.weights, strict=True)]
        lengths = [move.norm(dim=1) for move in moves]
        for layer, (was, remains) in enumerate(zip(before.positive, now.positive, strict=True)):
            earlier = torch.stack([past[layer] for past in updates] or [lengths[layer] * nan])
            for unit in ((was > 0) & (remains == 0)).nonzero().flatten().tolist():
                found.append(
                    Death(
                        seed=seed,
                        layer=layer + 1,
                        unit=unit,
                        step=before.step,
                        last_images=int(was[unit]),
                        update=float(lengths[layer][unit]),
                        typical=float(earlier.median()),
                        by_own_move=_silent(before.inputs[layer], now.weights[layer][unit]),
                        by_inputs=_silent(now.inputs[layer], before.weights[layer][unit]),
                        final=False,
                    )
                )
        updates.append(lengths)
        before = now

    def final(death: Death) -> bool:
        return not any(p[death.layer - 1][death.unit] for p in positive[death.step + 1 :])

    return tuple(replace(death, final=final(death)) for death in found)


def _silent(inputs: Tensor, weight: Tensor) -> bool:
    return not bool((inputs @ weight > 0).any())


def everyone() -> tuple[Death, ...]:
    """Return the deaths of all 16 networks."""
    return tuple(death for seed in STATED.seeds for death in deaths(seed))


def sudden_death() -> Death:
    """Return the first first-layer death, over the seeds, that was sudden and widely felt.

    Conventions: widely felt means that more than half of the images activated the unit before.
    """
    half = len(IMAGES(STATED.seeds.start).x_train) / 2
    return next(d for d in everyone() if d.layer == 1 and d.sudden and d.last_images > half)


def life_of(death: Death) -> tuple[list[int], list[float]]:
    """Return how many images activate a unit after so many updates, and each update's length.

    Args:
        death: whose seed, layer and unit are replayed.

    Returns:
        STEPS + 1 counts, and STEPS lengths of the change of its weights and bias.
    """
    moments = list(replay(death.seed))
    layer = death.layer - 1
    counts = [int(moment.positive[layer][death.unit]) for moment in moments]
    weights = [moment.weights[layer][death.unit] for moment in moments]
    lengths = [float((b - a).norm()) for a, b in itertools.pairwise(weights)]
    return counts, lengths


def explanations() -> dict[str, dict[str, int]]:
    """Return, for each layer, how many deaths which change alone explains."""
    found = {}
    for layer in (1, 2, 3):
        counts = dict.fromkeys(EXPLANATIONS, 0)
        for d in everyone():
            if d.layer == layer:
                counts[EXPLANATIONS[2 * (not d.by_own_move) + (d.by_own_move == d.by_inputs)]] += 1
        found[f"layer {layer}"] = counts
    return found


def felled(seeds: Sequence[int], *, lr: float = RATE, optimizer: SGD | Adam = PLAIN) -> Interval:
    """Return the share of networks in which one large update silences a unit for good.

    Args:
        seeds: of the networks.
        lr: learning rate.
        optimizer: the rule.

    Conventions: large is as in `Death.sudden`; the unit's own new weights leave no image, and none
        activates it later.
    """
    found = (deaths(seed, lr=lr, optimizer=optimizer) for seed in seeds)
    return proportion(
        sum(any(d.sudden and d.by_own_move and d.final for d in died) for died in found), len(seeds)
    )


def large_step_kills(setting: Setting = STATED) -> Measured:
    """Look for one large update after which no image activates the unit any more."""
    found = felled(setting.only().seeds)
    return {"share of networks in which one large update silences a unit for good": found}


def cause_deep(setting: Setting = STATED) -> Measured:
    """Ask of each death in layers 2 and 3 which change alone would have silenced the unit.

    Args:
        setting: the seeds. A network without such a death isn't counted.
    """
    counted = ("its own new weights alone", "its new inputs alone", "neither alone, but both")
    shares: dict[str, list[float]] = {name: [] for name in counted}
    for seed in setting.only().seeds:
        deep = [death for death in deaths(seed) if death.layer > 1]
        if not deep:  # nothing to ask
            continue
        kinds = [(d.by_own_move, d.by_inputs) for d in deep]
        for name, kind in zip(counted, ((True, False), (False, True), (False, False)), strict=True):
            shares[name].append(kinds.count(kind) / len(kinds))
    return {f"deaths in layers 2 and 3 by {name}": interval(each) for name, each in shares.items()}
