"""How hard the letters are, and what answers to lesson 06's capstone, `read_letters`, reach.

With a name behind it, `hard` or `bar`, only that table.
"""

import statistics
import sys
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from relukit.datasets import letters
from relukit.lessons.training.tasks.read_letters import BAR
from relukit.statistics import interval

SEEDS, CHOOSING = range(16), range(100, 104)
TRIED = range(200, 240)  # of the bar: those that chose the rates are others
RATES, STEPS, BATCH = (0.001, 0.003, 0.01, 0.03), 600, 64
Make = Callable[[], nn.Sequential]
Answer = Callable[[Tensor, Tensor, Tensor], Tensor]


def linear() -> nn.Sequential:
    """Return one layer: 26 scores, each a weighted sum of the pixels."""
    return nn.Sequential(nn.Linear(400, 26))


def connected() -> nn.Sequential:
    """Return a network of 256 and 128 units, each connected to all before it."""
    return nn.Sequential(
        nn.Linear(400, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 26)
    )


def filtering() -> nn.Sequential:
    """Return two layers of filters, 8 and 16, with pools behind them, and 26 scores."""
    return nn.Sequential(
        nn.Unflatten(1, (1, 20, 20)), nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(16 * 5 * 5, 26),
    )  # fmt: skip


MODELS: dict[str, Make] = {
    "a linear model": linear,
    "a fully connected network, 400-256-128-26": connected,
    "a convolutional network, 8 and 16 filters of 5 x 5": filtering,
}


def trained(
    make: Make, x: Tensor, y: Tensor, *, rate: float, steps: int = STEPS, falls: bool = True
) -> nn.Sequential:
    """Return a network with He weights, trained with Adam.

    Args:
        make: the network.
        x: images (n, 400).
        y: labels (n,).
        rate: of Adam, its highest where it falls.
        steps: how many, of 64 images each.
        falls: whether the rate rises first and then falls to 0.
    """
    network = make()
    for part in network:
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            nn.init.zeros_(part.bias)
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    for _ in range(steps):
        rows = torch.randint(len(x), (BATCH,))
        optimizer.zero_grad()
        functional.cross_entropy(network(x[rows]), y[rows]).backward()
        if not falls:
            optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        schedule.step()
    return network


def share_right(network: nn.Module, x: Tensor, y: Tensor) -> float:
    """Return the share of the images that a network names right."""
    with torch.no_grad():
        return float((network(x).argmax(dim=1) == y).double().mean())


def chosen(make: Make) -> float:
    """Return the rate with the best mean on validation parts, of seeds that choose."""
    scores: dict[float, list[float]] = {rate: [] for rate in RATES}
    for seed in CHOOSING:
        data = letters(seed=seed, held_out=False).validation(seed=seed)
        for rate, found in scores.items():
            torch.manual_seed(seed)
            network = trained(make, data.x_train, data.y_train, rate=rate)
            found.append(share_right(network, data.x_test, data.y_test))
        print(seed, scores, file=sys.stderr, flush=True)
    return max(scores, key=lambda rate: statistics.mean(scores[rate]))


def nearest(x: Tensor, y: Tensor, tests: Tensor) -> Tensor:
    """Return for each image the label of the training image that is nearest."""
    return y[torch.cdist(tests, x).argmin(dim=1)]


def readers() -> None:
    """Print what four ways to read letters reach in fonts that are known and in those held out."""
    print(f"## How hard the letters are: {len(SEEDS)} seeds\n")
    print(
        f"Each seed draws letters of its own. {STEPS} steps of Adam on {BATCH} images, the rate"
        f" rising and falling, its highest chosen out of {', '.join(map(str, RATES))} on validation"
        f" parts of {len(CHOOSING)} other seeds.\n"
    )
    print("| what reads | rate | right, known fonts | right, held-out fonts |")
    print("| --- | --- | --- | --- |")
    parts = [(letters(seed=s, held_out=False), letters(seed=s, held_out=True)) for s in SEEDS]
    found = [
        [float((nearest(d.x_train, d.y_train, d.x_test) == d.y_test).double().mean()) for d in pair]
        for pair in parts
    ]
    row("the nearest neighbour", "", found)
    for name, make in MODELS.items():
        rate, found = chosen(make), []
        for seed, pair in zip(SEEDS, parts, strict=True):
            torch.manual_seed(seed)
            network = trained(make, pair[0].x_train, pair[0].y_train, rate=rate)
            found.append([share_right(network, data.x_test, data.y_test) for data in pair])
        row(name, f"{rate:g}", found)


def row(name: str, rate: str, found: Sequence[Sequence[float]]) -> None:
    """Print one row: the shares in known and in held-out fonts, with their intervals."""
    shown = [interval(values) for values in zip(*found, strict=True)]
    print(f"| {name} | {rate} | {shown[0]} | {shown[1]} |", flush=True)


def by(make: Make, **how: float) -> Answer:
    """Return an answer to `read_letters` that trains a network.

    Args:
        make: the network.
        how: rate, steps and falls of `trained`.
    """

    def answer(x: Tensor, y: Tensor, tests: Tensor) -> Tensor:
        network = trained(make, x, y, **how)  # type: ignore[arg-type]
        with torch.no_grad():
            return network(tests).argmax(dim=1)

    return answer


ANSWERS: dict[str, Answer] = {
    "two layers of filters, highest rate 0.03": by(filtering, rate=0.03),
    "the same, highest rate 0.3": by(filtering, rate=0.3),
    "the same, highest rate 0.003": by(filtering, rate=0.003),
    "the same, 0.01 in every step": by(filtering, rate=0.01, falls=False),
    "the same, 0.03, 60 steps": by(filtering, rate=0.03, steps=60),
    "400-256-128-26, all connected, 0.01": by(connected, rate=0.01),
    "a linear model, 0.003": by(linear, rate=0.003),
    "the nearest neighbour": nearest,
}


def answers() -> None:
    """Print what answers to `read_letters` reach in fonts that are held out."""
    found: dict[str, list[float]] = {name: [] for name in ANSWERS}
    for seed in TRIED:
        data = letters(seed=seed)
        for name, answer in ANSWERS.items():
            torch.manual_seed(seed)
            right = answer(data.x_train, data.y_train, data.x_test) == data.y_test
            found[name].append(100 * float(right.double().mean()))
        print(seed, *[f"{rows[-1]:.1f}" for rows in found.values()], file=sys.stderr, flush=True)
    print(f"## The bar of `read_letters`: {len(TRIED)} seeds\n")
    print(
        f"{STEPS} steps of Adam on {BATCH} images, the rate rising and falling; {100 * BAR:.0f} %"
        ' of the letters in fonts that are held out must be right. Rates: of the table "How hard'
        ' the letters are", whose seeds are others.\n'
    )
    print("| answer | passes | right: lowest, median, highest |")
    print("| --- | --- | --- |")
    for name, shares in found.items():
        passes = sum(share >= 100 * BAR for share in shares)
        shown = ", ".join(f"{f(shares):.1f}" for f in (min, statistics.median, max))
        print(f"| {name} | {passes} | {shown} % |")


TABLES = {"hard": readers, "bar": answers}

if __name__ == "__main__":
    torch.set_num_threads(1)
    for table in sys.argv[1:] or TABLES:
        TABLES[table]()
