"""Experiments on recurrent networks: what a rectifier needs there, and what an LSTM does."""

from types import MappingProxyType

import torch
from torch import Tensor, nn

from relukit.datasets import adding_problem
from relukit.ledger import kept
from relukit.ledger.arms import best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments.arms import seed_accuracies
from relukit.networks import recurrent
from relukit.statistics import paired_difference
from relukit.streams import generator
from relukit.training import Adam
from relukit.training.tuning import FEW_TUNING_SEEDS

UNITS = 32
LENGTH = 30
BASELINE = 1 / 6
RATES = (0.001, 0.003, 0.01)  # of Adam, from which the search begins
# name -> (activation, scheme)
ARMS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "ReLU, identity": ("relu", "identity"),
        "ReLU, He": ("relu", "he_normal"),
        "tanh, orthogonal": ("tanh", "orthogonal"),
    }
)


@kept.cache
def adding_errors(arm: str, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the mean square error on the adding problem of 30 steps, one for each seed.

    300 steps of Adam on batches of 32 sequences; a constant answer has 1/6.

    Args:
        arm: a key of `ARMS`.
        setting: the seeds, and what is changed.
    """
    activation, scheme = ARMS[arm]
    found = best_of(
        lambda seed: recurrent((2, _units(setting), 1), activation, scheme=scheme, seed=seed),
        lambda seed: adding_problem(3000, LENGTH, seed=seed),
        rates=RATES,
        steps=300,
        batch_size=32,
        optimizer=Adam(),
        setting=setting,
        tuning_seeds=FEW_TUNING_SEEDS,
    )
    return tuple(found.runs.values("test_loss").tolist())


@kept.cache
def row_accuracies(arm: str, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the test accuracy on digits read as 8 rows of 8 pixels, one for each seed.

    Args:
        arm: a key of `ARMS`.
        setting: the seeds, and what is changed.
    """
    activation, scheme = ARMS[arm]
    found = best_of(
        lambda seed: recurrent((8, _units(setting), 10), activation, scheme=scheme, seed=seed),
        _rows,
        rates=RATES,
        steps=200,
        optimizer=Adam(),
        setting=setting,
        tuning_seeds=FEW_TUNING_SEEDS,
    )
    return seed_accuracies(found)


def _units(setting: Setting) -> int:
    return setting.widths((1, UNITS, 1))[1]


def _rows(seed: int) -> tuple[Tensor, ...]:
    data = STATED.dataset("digits")(seed)
    return data.x_train.view(-1, 8, 8), data.y_train, data.x_test.view(-1, 8, 8), data.y_test


def gradient_decades(arm: str, seed: int, *, steps: int = 100) -> float:
    """Return log10 of how much a gradient grows on its way back through time, before training.

    Args:
        arm: a key of `ARMS`.
        seed: of the network, of the first state and of the gradient that is sent back.
        steps: of time; the inputs are the network's own, 0.
    """
    activation, scheme = ARMS[arm]
    network = recurrent((2, 100, 1), activation, scheme=scheme, seed=seed, dtype=torch.float64)
    stream = generator(seed, "states")
    first, back = torch.randn(2, 100, generator=stream, dtype=torch.float64)
    first = first.abs().requires_grad_()
    last = network.states(torch.zeros(steps, 2, dtype=torch.float64), first)[-1]
    (gradient,) = torch.autograd.grad(last, first, back)
    return float((gradient.norm() / back.norm()).log10())


def not_in_recurrent(setting: Setting = STATED) -> Measured:
    """Compare rectifiers with tanh on two kinds of sequences.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "steps")
    adding = paired_difference(
        adding_errors("ReLU, identity", setting), adding_errors("tanh, orthogonal", setting)
    ).difference
    rows = paired_difference(
        row_accuracies("tanh, orthogonal", setting), row_accuracies("ReLU, identity", setting)
    ).difference
    return {
        "adding two of 30 numbers: error of ReLU, identity, less that of tanh": adding,
        "rows of pixels: accuracy of tanh less that of ReLU, identity": rows,
    }


def lstm_step(cell: nn.LSTMCell, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    r"""Return the next output and cell state, $h = o \tanh(c')$ and $c' = f c + i \tanh(\cdot)$.

    Args:
        cell: whose weights are used; its order of rows is i, f, candidate, o.
        x: input (n, inputs).
        h: last output (n, units).
        c: last cell state (n, units).
    """
    z = x @ cell.weight_ih.mT + cell.bias_ih + h @ cell.weight_hh.mT + cell.bias_hh
    i, f, candidate, o = z.chunk(4, dim=1)
    c = f.sigmoid() * c + i.sigmoid() * candidate.tanh()
    return o.sigmoid() * c.tanh(), c


def lstm_activations() -> Measured:
    """Write out a step of torch's LSTM, and see how far its output reaches."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        cell = nn.LSTMCell(3, 5, dtype=torch.float64)
    stream = generator(0, "inputs")
    x, h, c = (torch.randn(64, n, generator=stream, dtype=torch.float64) for n in (3, 5, 5))
    with torch.no_grad():
        gap = max(
            float((a - b).abs().max())
            for a, b in zip(lstm_step(cell, x, h, c), cell(x, (h, c)), strict=True)
        )
        for row in range(3):  # input gate, forget gate and candidate as far open as they go
            cell.bias_ih[5 * row : 5 * row + 5] = 20.0
        h, c = torch.zeros(2, 64, 5, dtype=torch.float64)
        for _ in range(10):
            h, c = cell(x, (h, c))
        negative = float(cell(x, (-h, -c))[0].min())
    return {
        "gap to sigmoid gate x tanh(cell state)": gap,
        "smallest output": negative,
    }
