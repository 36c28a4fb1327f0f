"""Clipped gradients and a warm-up equal torch's, for each member of a population by itself."""

import math
import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional

from relukit.datasets import moons
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import mlp
from relukit.training import SGD, Adam, Factors, batch, train
from relukit.training.optimizers import part_of_rate, shorten

pytestmark = pytest.mark.usefixtures("one_thread")

LIMIT = 0.15
DATA = moons(200, noise=0.2, seed=1)
EXAMPLES = (DATA.x_train.double(), DATA.y_train)
SCHEDULERS = torch.optim.lr_scheduler
RULES = {
    "sgd": (SGD, lambda p, lr, wd: torch.optim.SGD(p, lr, weight_decay=wd)),
    "momentum": (
        lambda **options: SGD(0.9, **options),
        lambda p, lr, wd: torch.optim.SGD(p, lr, 0.9, weight_decay=wd),
    ),
    "nesterov": (
        lambda **options: SGD(0.9, nesterov=True, **options),
        lambda p, lr, wd: torch.optim.SGD(p, lr, 0.9, weight_decay=wd, nesterov=True),
    ),
    "adam": (Adam, lambda p, lr, wd: torch.optim.Adam(p, lr, weight_decay=wd)),
    "adamw": (
        lambda **options: Adam(decoupled=True, **options),
        lambda p, lr, wd: torch.optim.AdamW(p, lr, weight_decay=wd),
    ),
}


class Skipping(nn.Module):
    """A network that only torch.func vectorizes."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.middle, self.last = nn.Linear(2, 9), nn.Linear(9, 9), nn.Linear(9, 2)

    def forward(self, x):
        a = torch.relu(self.first(x))
        return self.last(a + torch.tanh(self.middle(a)))


def layered(seed):
    return mlp([2, 16, 16, 2], seed=seed, dtype=torch.float64)


def skipping(seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Skipping().double()


def course_of(rule, steps, warm_up, schedule):
    """Return torch's own scheduler of a warm-up and what follows it."""
    part = lambda step: min(1.0, (step + 1) / warm_up) if warm_up else 1.0  # noqa: E731
    if schedule == "constant":
        return SCHEDULERS.LambdaLR(rule, part)
    left = steps - warm_up
    if schedule == "cosine":
        then = SCHEDULERS.CosineAnnealingLR(rule, left)
    else:
        then = SCHEDULERS.LinearLR(rule, 1.0, 0.0, left)
    if not warm_up:
        return then
    with warnings.catch_warnings():  # torch's own, of how its two schedulers call each other
        warnings.simplefilter("ignore")
        return SCHEDULERS.SequentialLR(rule, [SCHEDULERS.LambdaLR(rule, part), then], [warm_up])


def by_torch(network, rule, steps, seed, clip, warm_up, schedule="constant"):
    """Train as torch's documentation does, and return how many gradients were shortened."""
    course = course_of(rule, steps, warm_up, schedule)
    shortened = 0
    for step in range(steps):
        rows = batch(len(EXAMPLES[0]), 32, seed=seed, step=step)
        rule.zero_grad()
        functional.cross_entropy(network(EXAMPLES[0][rows]), EXAMPLES[1][rows]).backward()
        if clip is not None:
            shortened += float(nn.utils.clip_grad_norm_(network.parameters(), clip)) > clip
        rule.step()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            course.step()
    return shortened


@pytest.mark.parametrize(("clip", "warm_up"), [(LIMIT, 0), (None, 20), (LIMIT, 20)])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("build", [layered, skipping])
def test_each_member_is_clipped_and_warmed_up_as_torch_does_it(build, rule, clip, warm_up):
    ours, theirs = RULES[rule]
    runs = train(
        build, EXAMPLES, seeds=3, lr=[0.02, 0.1], steps=40, batch_size=32,
        optimizer=ours(clip=clip, warm_up=warm_up), factors=Factors(weight_decay=0.01),
        device="cpu",
    )  # fmt: skip
    for place, lr in enumerate((0.02, 0.1)):
        for seed in range(3):
            alone = build(seed)
            torchs = theirs(alone.parameters(), lr, 0.01)
            shortened = by_torch(alone, torchs, 40, seed, clip, warm_up)
            assert clip is None or shortened > 0
            for name, value in alone.named_parameters():
                found = runs.parameters[name][place, seed]
                assert torch.allclose(found, value, atol=1e-9, rtol=0), name


@pytest.mark.parametrize("warm_up", [0, 10])
@pytest.mark.parametrize("schedule", ["cosine", "linear"])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("build", [layered, skipping])
def test_a_rate_that_falls_falls_as_torchs_own(build, rule, schedule, warm_up):
    ours, theirs = RULES[rule]
    runs = train(
        build, EXAMPLES, seeds=2, lr=[0.02, 0.1], steps=40, batch_size=32,
        optimizer=ours(warm_up=warm_up, schedule=schedule),
        factors=Factors(weight_decay=0.01), device="cpu",
    )  # fmt: skip
    alone = build(1)
    by_torch(alone, theirs(alone.parameters(), 0.1, 0.01), 40, 1, None, warm_up, schedule)
    for name, value in alone.named_parameters():
        assert torch.allclose(runs.parameters[name][1, 1], value, atol=1e-9, rtol=0), name


def test_a_schedule_ends_with_the_run_and_is_none_where_all_of_it_warms_up():
    assert part_of_rate(SGD(schedule="cosine"), 0, 10) == 1
    assert part_of_rate(SGD(schedule="cosine"), 5, 10) == pytest.approx(0.5)
    assert part_of_rate(SGD(schedule="cosine", warm_up=4), 3, 10) == 1
    assert part_of_rate(Adam(schedule="linear"), 9, 10) == pytest.approx(0.1)
    assert part_of_rate(Adam(schedule="linear", warm_up=20), 9, 10) == 0.5


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"schedule": "step"}, "schedule"),
        ({"schedule": None}, "schedule"),
        ({"nesterov": True}, "momentum for Nesterov"),
        ({"nesterov": 1, "momentum": 0.9}, "bool nesterov"),
    ],
)
def test_schedules_and_steps_that_are_unknown_are_refused(options, words):
    with pytest.raises((InvalidValueError, InvalidTypeError), match=words):
        SGD(**options)


@pytest.mark.parametrize("rule", [SGD(0.9, clip=LIMIT, warm_up=5), Adam(clip=LIMIT, warm_up=5)])
@pytest.mark.parametrize("build", [layered, skipping])
def test_who_is_clipped_does_not_depend_on_the_others(rule, build):
    options = {"steps": 12, "batch_size": 32, "optimizer": rule, "device": "cpu", "lr": 0.1}
    many = train(build, EXAMPLES, seeds=64, **options)
    few = train(build, EXAMPLES, seeds=[7, 50], **options)
    for name, value in few.parameters.items():
        # one kind of processor sums 2 members in another order than 64: the last bits may differ
        torch.testing.assert_close(value, many.parameters[name][[7, 50]], rtol=1e-4, atol=1e-6)


def test_a_member_that_diverges_is_frozen_also_where_gradients_are_clipped():
    runs = train(
        layered, EXAMPLES, seeds=2, lr=[0.1, 1e300], steps=9, optimizer=SGD(clip=1.0), device="cpu"
    )
    assert runs.diverged.tolist() == [[False, False], [True, True]]
    assert torch.isfinite(runs.loss[0]).all()


def test_a_gradient_that_is_short_enough_stays_as_it_is():
    parts = [torch.tensor([[3.0], [0.3]]), torch.tensor([[[4.0]], [[0.4]]])]
    before = [part.clone() for part in parts]
    shorten(parts, 1.0)
    for was, now in zip(before, parts, strict=True):
        assert torch.equal(was[1], now[1])
        assert torch.allclose(now[0], was[0] / 5)


def test_the_rate_grows_in_equal_parts_and_then_stays():
    rule = SGD(warm_up=4)
    assert [part_of_rate(rule, step, 6) for step in range(6)] == [0.25, 0.5, 0.75, 1, 1, 1]
    assert part_of_rate(SGD(), 0, 6) == 1


@pytest.mark.parametrize("rule", [SGD, Adam])
@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"clip": 0.0}, InvalidValueError),
        ({"clip": -1.0}, InvalidValueError),
        ({"clip": math.nan}, InvalidValueError),
        ({"clip": "1"}, InvalidTypeError),
        ({"warm_up": -1}, InvalidValueError),
        ({"warm_up": 1.5}, InvalidTypeError),
    ],
)
def test_what_is_no_limit_and_no_number_of_updates_is_refused(rule, options, error):
    with pytest.raises(error):
        rule(**options)
