"""Weights, inputs, noise and batches never come from one stream of random numbers."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import norm

from relukit import networks
from relukit.datasets import adding_problem
from relukit.diagnostics import zeros_at_the_start
from relukit.errors import InvalidValueError
from relukit.lessons.definitions.experiments import layers, slopes
from relukit.lessons.initialization.experiments.layers import inputs
from relukit.lessons.training.experiments import deep, recurrence
from relukit.networks import mlp, recurrent
from relukit.streams import generator, made_from, number, sequence
from relukit.training.batches import epoch_order

PACKAGE = Path(__file__).parents[1] / "relukit"
# what stands for the networks, of the package's own folders: their weights take the seed itself
WEIGHTS = ("networks", "initialization", "streams.py")
# answers of tasks are given the seed that they are to use
TASKS = ("tasks", "checks", "grading")
FILES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if path.relative_to(PACKAGE).parts[0] not in WEIGHTS
    and not {*path.relative_to(PACKAGE).parts} & {*TASKS}
)
# scikit-learn's draws at the seed itself: moons, circles and what splits them, and where k-means
# begins beside random filters. With other streams these would be other data, and measured anew.
# gradients.py: the weights of two experiments on different networks; inputs have their own stream.
SHARED = {
    "datasets/plane.py": 4,
    "lessons/history/experiments/stages.py": 2,
    "lessons/initialization/experiments/gradients.py": 2,
}
BUILDERS = {name for name in networks.__all__ if name[0].islower()} | {"initialize", "fresh"}


def name_of(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def sources(code: str) -> list[int]:
    """Return the lines of code that begin a stream at a seed itself: weights, and generators."""
    nodes = [*ast.walk(ast.parse(code))]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    weights = [
        (call.lineno, name_of(keyword.value))
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "seed" and name_of(call.func) in BUILDERS
    ]
    passed = {name for _, name in weights}  # among them generators that draw weights
    of_weights = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) in passed
    }
    seeded = [
        call.lineno
        for call in calls
        if name_of(call.func) in {"manual_seed", "default_rng", "RandomState"}
        and id(call) not in of_weights
        and name_of(getattr(call.func, "value", call)) != "torch"  # torch.manual_seed, for weights
        and not any(name_of(getattr(a, "func", a)) in {"sequence", "number"} for a in call.args)
    ]
    states = [
        call.lineno
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "random_state" and name_of(keyword.value) == "seed"
    ]
    return [*seeded, *states, *[line for line, _ in weights][:1]]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_begins_at_most_one_stream_at_a_seed_itself(path):
    found = sources(path.read_text(encoding="utf-8"))
    most = SHARED.get(path.relative_to(PACKAGE).as_posix(), 1)
    assert len(found) <= most, (
        f"lines {found} of {path.name} begin streams at a seed: take generator(seed, 'inputs') "
        "of relukit.streams for all but the weights"
    )


def test_every_lesson_is_looked_at():
    looked = {path.parts[-3] for path in FILES if path.parts[-2] == "experiments"}
    assert looked == {path.parent.name for path in (PACKAGE / "lessons").glob("*/experiments")}
    assert "initialization" in looked  # as a folder of the package also has its name


def test_the_rule_sees_inputs_that_are_drawn_from_the_stream_of_the_weights():
    slip = "net = mlp((8, 8), seed=seed)\nx = randn(8, generator=Generator().manual_seed(seed))"
    assert sources(slip) == [2, 1]
    assert sources(slip.replace("Generator().manual_seed(seed)", "generator(seed, 'x')")) == [1]
    assert sources("drawn = Generator().manual_seed(seed)\nnet = mlp((8, 8), seed=drawn)") == [2]
    assert sources("a = default_rng(seed)\nb = default_rng(1000 + seed)") == [1, 2]
    assert sources("a = default_rng(seed)\nb = default_rng(sequence(seed, 'b'))") == [1]
    moons = "x, y = make_moons(n, random_state=seed)\n"
    assert sources(f"{moons}parts = train_test_split(x, y, random_state=seed)") == [1, 2]
    assert sources(f"{moons}parts = split(x, y, 0.25, seed=seed, purpose='test')") == [1]
    assert sources(f"net = mlp((2, 2), seed=seed)\n{moons}") == [2, 1]


def correlation(one, other) -> float:
    n = min(one.numel(), other.numel())
    pair = torch.stack([v.detach().double().flatten()[:n] for v in (one, other)])
    return abs(float(pair.corrcoef()[0, 1]))


@pytest.fixture
def drawn(monkeypatch):
    """Keep the tensors that torch.randn and torch.rand return."""
    kept, randn, rand = [], torch.randn, torch.rand

    def keeping(draw):
        return lambda *a, **k: kept.append(draw(*a, **k)) or kept[-1]

    monkeypatch.setattr(torch, "randn", keeping(randn))
    monkeypatch.setattr(torch, "rand", keeping(rand))
    return kept


@pytest.mark.parametrize(
    ("draw", "weights"),
    [
        (lambda: zeros_at_the_start(3), lambda: mlp((256, 256, 1), scheme="he_normal", seed=3)),
        (layers.rescaling, lambda: mlp((64, 100, 10), scheme="he_normal", seed=0,
                                       dtype=torch.float64)),
        (lambda: slopes.gradient_decades("he_normal", 3),
         lambda: mlp((256, 256), scheme="he_normal", seed=3)),
        (lambda: deep.second_moment_kept(3), lambda: mlp((512, 512), scheme="he_normal", seed=3)),
        (lambda: inputs(64, 64, seed=3), lambda: mlp((64, 64), scheme="he_normal", seed=3)),
        (lambda: recurrence.gradient_decades(next(iter(recurrence.ARMS)), 3),
         lambda: recurrent((2, 100, 1), seed=3, dtype=torch.float64).inputs),
        (lambda: adding_problem(400, 30, seed=3), lambda: mlp((100, 100), seed=3)),
    ],
)  # fmt: skip
def test_inputs_have_nothing_in_common_with_the_weights_of_their_seed(draw, weights, drawn):
    draw()
    assert drawn
    for parameter in weights().parameters():
        if parameter.ndim > 1:
            n = min(parameter.numel(), drawn[0].numel())
            assert correlation(parameter, drawn[0]) < 4.5 / n**0.5


def test_one_stream_would_be_seen():
    """What the slip looked like: the first inputs were the first weights."""
    weight = mlp((256, 256), scheme="he_normal", seed=3)[0].weight
    same = torch.randn(256, 256, generator=torch.Generator().manual_seed(3))
    assert correlation(weight, same) > 0.999


def test_shares_of_zeros_are_those_of_independent_inputs_and_weights():
    """Layer 2 with every bias 1: z is normal, of mean 1 and twice the mean square before it.

    Inputs out of the weights' stream put 0.375 here, in place of 0.334.
    """
    ratio = 1 / math.sqrt(2)  # of the mean of z in layer 1 to its deviation
    before = 3 * norm.cdf(ratio) + math.sqrt(2) * norm.pdf(ratio)
    expected = [norm.cdf(-ratio), norm.cdf(-1 / math.sqrt(2 * before))]
    found = np.mean([zeros_at_the_start(seed, bias=1.0)[:2] for seed in range(16)], axis=0)
    assert found == pytest.approx(expected, abs=0.01)


def test_streams_differ_by_seed_and_purpose_and_are_the_same_again():
    found = {
        (seed, purpose): torch.randint(2**60, (4,), generator=generator(seed, purpose)).tolist()
        for seed in (0, 1, 2**32 - 1)
        for purpose in ("inputs", "noise", "input", "inputs ")
    }
    assert len({tuple(v) for v in found.values()}) == len(found)
    again = torch.randint(2**60, (4,), generator=generator(1, "noise")).tolist()
    assert again == found[1, "noise"]
    states = sequence(5, "xx").generate_state(4), sequence(5, "xy").generate_state(4)
    assert not np.array_equal(*states)
    assert 0 <= number(5, "xx") < 2**32


@pytest.mark.parametrize("draw", [sequence, number, generator])
@pytest.mark.parametrize(
    ("seed", "purpose"),
    [
        (2**32, "inputs"), (2**32 * ord("m") + 5, "ine"), (-1, "inputs"),
        (5, ""), (5, "x"), (5, "xy\0"),
    ],
)  # fmt: skip
def test_what_would_be_no_stream_of_its_own_is_refused(draw, seed, purpose):
    with pytest.raises(InvalidValueError) as refused:
        draw(seed, purpose)
    assert (repr(purpose) if seed == 5 else str(seed)) in str(refused.value)


def test_larger_seeds_shorter_purposes_and_zeros_would_give_the_numbers_of_another_stream():
    """What NumPy makes of the lists that are refused."""

    def drawn(*entropy):
        return np.random.SeedSequence(entropy).generate_state(4).tolist()

    assert drawn(2**32 * ord("m") + 5, *b"ine") == sequence(5, "mine").generate_state(4).tolist()
    assert drawn(5, ord("x")) == drawn(5 + 2**32 * ord("x"))
    assert drawn(5, *b"xy\0") == sequence(5, "xy").generate_state(4).tolist()


def test_torch_keeps_32_bits_of_a_seed():
    """Adding 2**32 to a seed, which looks like another stream, gives the same numbers."""
    draws = [torch.rand(4, generator=torch.Generator().manual_seed(s)) for s in (7, 2**32 + 7)]
    assert torch.equal(*draws)


def test_batches_take_another_stream_than_weights_and_inputs():
    order = epoch_order(1000, 3, 0)
    for other in (torch.Generator().manual_seed(3), generator(3, "inputs")):
        assert not torch.equal(order, torch.randperm(1000, generator=other))


class Cards:
    """Two cards of a fake torch.cuda, which write down what they are told."""

    def __init__(self, monkeypatch, *, used):
        self.used, self.told = used, []
        for name in ("is_initialized", "device_count", "manual_seed_all"):
            monkeypatch.setattr(torch.cuda, name, getattr(self, name))
        monkeypatch.setattr(torch.cuda, "get_rng_state", lambda card: f"state of {card}")
        back = lambda state, card: self.told.append((state, card))  # noqa: E731
        monkeypatch.setattr(torch.cuda, "set_rng_state", back)

    def is_initialized(self):
        return self.used

    def device_count(self):
        return 2

    def manual_seed_all(self, seed):
        self.told.append(seed)


def test_the_streams_of_cards_in_use_begin_at_the_seed_and_are_put_back(monkeypatch):
    cards = Cards(monkeypatch, used=True)
    before = torch.random.get_rng_state()
    assert made_from(7, lambda seed: (seed, *cards.told)) == (7, 7)
    assert cards.told == [7, ("state of 0", 0), ("state of 1", 1)]
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_card_that_nobody_uses_is_left_alone(monkeypatch):
    cards = Cards(monkeypatch, used=False)
    drawn = made_from(7, lambda seed: torch.rand(2))
    assert cards.told == []
    assert torch.equal(drawn, torch.rand(2, generator=torch.Generator().manual_seed(7)))


def test_a_call_that_begins_to_use_a_card_is_made_again_from_the_seed(monkeypatch):
    cards, calls = Cards(monkeypatch, used=False), []

    def make(seed):
        cards.used = True
        calls.append(list(cards.told))

    made_from(7, make)
    assert calls == [[], [7]]
