"""Small language models: each guesses the next letter of this course's text from the six before.

`course.txt` is what the lessons said in November 2026, letters and spaces only.
"""

import math
from functools import cache, lru_cache
from importlib.resources import files

import torch
from torch import Tensor

from relukit.datasets import Dataset
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments.trained import network_of
from relukit.statistics import Interval, interval
from relukit.streams import generator
from relukit.training import Runs, train
from relukit.training.tuning import FEW_TUNING_SEEDS

SYMBOLS = " abcdefghijklmnopqrstuvwxyz"
CONTEXT, HIDDEN, STEPS = 6, 48, 300
STRETCH = 500  # letters: each stretch of the text is learned from or kept for the test, as a whole
LEARNED, TESTED = 6000, 1500
ARMS = {"ReLU": "relu", "GELU": "gelu", "ReLU²": "squared_relu", "SwiGLU": "swiglu", "tanh": "tanh"}
USUAL = 0.001  # what torch.optim.Adam takes if nobody says a rate
RATES = (USUAL, 0.003, 0.01, 0.03)
# What `tried` finds on the seeds that choose: of RATES the one with the fewest bits.
OWN = {"ReLU": 0.01, "GELU": 0.01, "ReLU²": 0.003, "SwiGLU": 0.003, "tanh": 0.01}


@cache
def _letters() -> Tensor:
    text = files("relukit.lessons.variants").joinpath("course.txt").read_text(encoding="ascii")
    return torch.tensor([SYMBOLS.index(letter) for letter in text])


@lru_cache(maxsize=32)  # of 5 MiB each
def windows(seed: int, *, choosing: bool = False) -> Dataset:
    """Return windows of six letters, and the letter that follows each.

    Args:
        seed: which fifth of the text's stretches is the test part, and which windows are drawn.
        choosing: whether that fifth is left out, and another one takes its place.

    Conventions: a letter is 27 inputs, one of which is not 0, scaled to a mean square of 1.

    Example:
        >>> windows(0)
        Dataset('text': 6000 train + 1500 test, 162 features, 27 classes, torch.float32 on cpu)
    """
    stream, letters = generator(seed, "windows"), _letters()
    places = torch.arange(CONTEXT, len(letters))
    stretches = places // STRETCH
    order = torch.randperm(int(stretches.max()) + 1, generator=stream)
    fifths = [torch.isin(stretches, fifth) for fifth in order[: len(order) // 5 * 2].chunk(2)]
    kept = fifths[choosing]
    free = ~(fifths[0] | kept)

    def drawn(places: Tensor, n: int) -> tuple[Tensor, Tensor]:
        places = places[torch.randperm(len(places), generator=stream)[:n]]
        before = letters[places[:, None] + torch.arange(-CONTEXT, 0)]
        hot = torch.nn.functional.one_hot(before, len(SYMBOLS)).flatten(1)
        return hot * math.sqrt(len(SYMBOLS)), letters[places]

    learned, tested = drawn(places[free], LEARNED), drawn(places[kept], TESTED)
    return Dataset("text", *learned, *tested, n_classes=len(SYMBOLS), source="this course's text")


def tried(arm: str) -> dict[float, float]:
    """Return the mean bits at each of RATES, on seeds and letters that choose.

    Args:
        arm: a key of ARMS.
    """
    runs = train(
        network_of(ARMS[arm], (CONTEXT * len(SYMBOLS), HIDDEN, len(SYMBOLS))),
        lambda seed: windows(seed, choosing=True),
        lr=RATES,
        steps=STEPS,
        seeds=FEW_TUNING_SEEDS,
        optimizer="adam",
        record=STEPS,
        progress=False,
    )
    return {lr: sum(_bits(runs, lr)) / len(FEW_TUNING_SEEDS) for lr in RATES}


def bits(arm: str, rate: float, setting: Setting = STATED) -> list[float]:
    """Return the bits per letter that each seed's model needs for text it has never seen.

    Args:
        arm: a key of ARMS; all have about equally many weights.
        rate: the learning rate of Adam.
        setting: the seeds, and what is changed.
    """
    return _bits(_trained(arm, rate, setting), rate)


@kept.once
def _trained(arm: str, rate: float, setting: Setting) -> Runs:
    widths = setting.widths((CONTEXT * len(SYMBOLS), HIDDEN, len(SYMBOLS)))
    steps = setting.steps(STEPS)
    return train(
        network_of(ARMS[arm], widths),
        windows,
        lr=[rate],
        steps=steps,
        seeds=setting.seeds,
        optimizer="adam",
        record=steps,
        progress=False,
    )


def _bits(runs: Runs, rate: float) -> list[float]:
    losses: list[float] = runs.values("test_loss", lr=rate).flatten().tolist()
    return [loss / math.log(2) for loss in losses]


def gap(rates: tuple[float, float], setting: Setting = STATED) -> Interval:
    """Return how many bits ReLU needs more than its square, each at its rate, paired by seed.

    Args:
        rates: of ReLU and of its square.
        setting: the seeds, and what is changed.
    """
    both = (bits(arm, rate, setting) for arm, rate in zip(("ReLU", "ReLU²"), rates, strict=True))
    return interval([a - b for a, b in zip(*both, strict=True)])


def two_referees(setting: Setting = STATED) -> Measured:
    """Measure ReLU's gap to its square at one rate for all, and what is left of it at their own."""
    setting = setting.only()
    one, own = gap((USUAL, USUAL), setting), gap((OWN["ReLU"], OWN["ReLU²"]), setting)
    pairs = [
        (a - b, c - d)
        for a, b, c, d in zip(
            bits("ReLU", USUAL, setting),
            bits("ReLU²", USUAL, setting),
            bits("ReLU", OWN["ReLU"], setting),
            bits("ReLU²", OWN["ReLU²"], setting),
            strict=True,
        )
    ]
    return {
        "gap at one rate": one,
        "gap at their own rates": own,
        "what is left of the gap": interval([after / before for before, after in pairs]),
    }


def written(arm: str, rate: float, *, letters: int = 72) -> str:
    """Return what one of the trained models writes, letter by letter, after " units".

    Args:
        arm: a key of ARMS.
        rate: the learning rate at which it was trained.
        letters: how many it adds.

    Conventions: each letter is drawn with the probability that the model gives it, to the power
        1.5, so that the likely ones come more often. On another machine the letters may differ.
    """
    network = _trained(arm, rate, STATED).network(seed=STATED.seeds[0])
    stream, text = generator(0, "writing"), [SYMBOLS.index(letter) for letter in " units"]
    with torch.no_grad():
        for _ in range(letters):
            hot = torch.nn.functional.one_hot(torch.tensor(text[-CONTEXT:]), len(SYMBOLS))
            scores = network(hot.flatten()[None] * math.sqrt(len(SYMBOLS)))[0]
            odds = (1.5 * scores).softmax(0)
            text.append(int(torch.multinomial(odds, 1, generator=stream)))
    return "".join(SYMBOLS[place] for place in text)
