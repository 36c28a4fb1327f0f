"""A thousand signals: when the loss on new ones turns, what accuracy does, and what decay does."""

import torch
from torch import Tensor

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import Interval, interval, paired_difference
from relukit.streams import generator
from relukit.training import Adam, Factors, Runs, train
from relukit.training.tuning import TUNING_SEEDS

SIGNALS, STEPS, EVERY = 1000, 600, 25
# Where a decay acts; its rate and its size had the best validation accuracy at the end, of all
# RATES and of DECAYS, on the seeds that choose: `tried`.
ARMS = {
    "no decay": (Adam(), 0.03, 0.0),
    "decay in the slope": (Adam(), 0.01, 0.01),
    "AdamW": (Adam(decoupled=True), 0.01, 1.0),
}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
DECAYS = {
    "no decay": (0.0,),
    "decay in the slope": (0.003, 0.01, 0.03),
    "AdamW": (0.3, 1.0, 3.0),
}


def learned(
    arm: str, setting: Setting = STATED, *, part: str = "test", lr: float | None = None
) -> Runs:
    """Return networks that learn 1,000 signals of mnist1d, each seed its own.

    Args:
        arm: one of ARMS.
        setting: the seeds, and what is changed.
        part: on what they are measured every 25 steps: 1,000 "test" signals, or 1,000 others for
            "validation".
        lr: another rate than the arm's own.
    """
    rule, own, decay = ARMS[arm]
    return _trained(rule, own if lr is None else lr, decay, setting, setting.seeds, part)


def tried(arm: str) -> dict[tuple[float, float], float]:
    """Return the validation accuracy at the end for each rate and decay, on seeds that choose.

    Args:
        arm: one of ARMS.
    """
    rule, decays = ARMS[arm][0], DECAYS[arm]
    runs = _trained(rule, RATES, decays, STATED, TUNING_SEEDS, "validation")
    means = runs.measured["test_accuracy"][..., -1].mean(-1)
    return {
        (rate, decay): float(means[i, j])
        for i, rate in enumerate(RATES)
        for j, decay in enumerate(decays)
    }


def turned(setting: Setting = STATED, *, lr: float | None = None) -> Measured:
    """Compare the end with the moment of the lowest mean loss on new signals, without decay.

    Args:
        setting: the seeds, and what is changed.
        lr: another rate than the one that was chosen.
    """
    runs = learned("no decay", setting.only("width", "depth", "steps"), lr=lr)
    loss, right = (runs.measured[name] for name in ("test_loss", "test_accuracy"))
    low = int(loss.mean(0).argmin())
    return {
        "accuracy gained after the lowest loss": paired_difference(
            right[:, -1].tolist(), right[:, low].tolist()
        ).difference,
        "loss added after the lowest": interval((loss[:, -1] - loss[:, low]).tolist()),
    }


def known(setting: Setting = STATED) -> Interval:
    """Return the share of its own 1,000 signals that a network has right at the end, without decay.

    Args:
        setting: the seeds, and what is changed.
    """
    runs = learned("no decay", setting)
    shares = []
    for seed in runs.axes["seed"]:
        x, y = _few(seed, setting, "test")[:2]
        with torch.no_grad():
            shares.append(float((runs.network(seed=seed)(x).argmax(1) == y).double().mean()))
    return interval(shares)


def stopped(setting: Setting = STATED) -> dict[str, Interval]:
    """Return the share of test signals right at the step that validation signals choose.

    Args:
        setting: the seeds, and what is changed.

    Returns:
        The shares, without decay, at each seed's lowest validation loss, at its highest validation
        accuracy, and at the last step.
    """
    loss, accuracy = (
        learned("no decay", setting, part="validation").measured[name]
        for name in ("test_loss", "test_accuracy")
    )
    right = learned("no decay", setting).measured["test_accuracy"]
    last = torch.full((len(right),), right.shape[1] - 1)
    steps = {
        "at the lowest validation loss": loss.argmin(1),
        "at the highest validation accuracy": accuracy.argmax(1),
        "at the last step": last,
    }
    return {
        name: interval(right.gather(1, step[:, None])[:, 0].tolist())
        for name, step in steps.items()
    }


@kept.once
def _trained(
    rule: Adam,
    rates: float | tuple[float, ...],
    decays: float | tuple[float, ...],
    setting: Setting,
    seeds: range,
    part: str,
) -> Runs:
    widths = setting.widths((40, 64, 64, 10))
    return train(
        lambda seed: mlp(widths, "relu", scheme="he_normal", seed=seed),
        lambda seed: _few(seed, setting, part),
        lr=rates,
        seeds=seeds,
        steps=setting.steps(STEPS),
        optimizer=rule,
        factors=Factors(weight_decay=decays),
        record=EVERY,
        progress=False,
    )


def _few(seed: int, setting: Setting, part: str) -> tuple[Tensor, ...]:
    """Return 1,000 signals to learn from, and others to measure on."""
    data = setting.dataset("mnist1d")(seed)
    rows = torch.randperm(len(data.x_train), generator=generator(seed, "few"))
    own = rows[:SIGNALS]
    if part == "test":
        return data.x_train[own], data.y_train[own], data.x_test, data.y_test
    others = rows[SIGNALS : 2 * SIGNALS]
    return data.x_train[own], data.y_train[own], data.x_train[others], data.y_train[others]
