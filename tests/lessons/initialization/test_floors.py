"""The knob, the two steps to 2/n and the fifty floors, against theory and plain torch."""

import math
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from relukit.ledger.arms import MOMENTUM, best_of
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization import figures
from relukit.lessons.initialization.experiments import fifty, halved, knob, started, widths
from relukit.lessons.initialization.figures.arrows import INPUTS, UNITS, angle
from relukit.networks import mlp, tower
from relukit.training import Adam, train
from relukit.training.tuning import FEW_TUNING_SEEDS

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


def test_a_gain_turns_all_floors_as_weights_of_that_size_would():
    gain, seed = 1.3, 2
    network = mlp((256,) * 51 + (1,), scheme="lecun_normal", bias=False, seed=seed,
                  dtype=torch.float64)  # fmt: skip
    x = torch.as_tensor(knob.floors(seed)[0]).flatten()
    sizes = []
    for linear in list(network)[:-1:2]:
        x = torch.relu(gain * linear.weight @ x)
        sizes.append(float(x.detach().square().mean().sqrt()))
    found = np.sqrt((knob.turned(gain, seed)[1:] ** 2).mean((1, 2)))
    np.testing.assert_allclose(found, np.array(sizes) / sizes[0], rtol=1e-9)


def test_at_its_balance_a_network_is_as_bright_on_both_ends():
    for seed, gain in enumerate(knob.balances(range(4))):
        tiles = knob.turned(gain, seed)
        assert (tiles[-1] ** 2).mean() == pytest.approx((tiles[1] ** 2).mean())
        assert gain == pytest.approx(math.sqrt(2), abs=0.06)


def brightness(gain):
    """Return how bright each floor is, over floor 1."""
    return np.sqrt((knob.turned(gain)[1:] ** 2).mean((1, 2)))


def test_captions_of_the_knob_say_where_black_and_white_begin():
    film = figures.knob()
    for caption in film.captions:
        sizes = brightness(float(re.search(r"Gain ([\d.]+)\.", caption)[1]))
        floor = re.search(r"From floor (\d+) on.* (black|white)\.", caption)
        if floor:
            at, black = int(floor[1]) - 1, floor[2] == "black"
            assert (
                (sizes[at] < 0.1 <= sizes[at - 1]) if black else (sizes[at] > 10 >= sizes[at - 1])
            )
    assert any("black" in c for c in film.captions)
    assert any("white" in c for c in film.captions)


def test_no_caption_of_the_knob_says_which_gain_keeps_the_brightness():
    near = [c for c in figures.knob().captions if brightness(float(c.split()[1][:-1]))[-1] >= 0.1]
    near = [c for c in near if "white" not in c]
    assert len(near) == 6
    assert len({caption.partition(". ")[2] for caption in near}) == 1


def test_the_lesson_s_words_on_the_window_are_measured():
    """4 percent less than the root of 2 leaves a sixth, and a little more is 5.3 times as much."""
    assert 1.36 / math.sqrt(2) == pytest.approx(0.96, abs=0.005)
    assert brightness(1.36)[-1] == pytest.approx(1 / 6, abs=0.01)
    assert brightness(1.46)[-1] == pytest.approx(5.3, abs=0.05)


def text(notebook: str) -> str:
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_the_table_of_the_small_layer_says_what_the_layer_does():
    rows = re.findall(
        r"^\| (−?1), (−?1) \| (−?1) \| (−?1) \| (−?1) \| ([01]) and ([01]) \| ([01]) \|$",
        text("05_initialization"),
        re.M,
    )
    table = np.array([[float(word.replace("−", "-")) for word in row] for row in rows])
    weights, sums, product, kept, last = np.split(table, (2, 4, 5, 7), axis=1)
    assert np.array_equal(weights, UNITS)
    assert np.array_equal(sums, UNITS @ INPUTS.T)
    assert np.array_equal(product.ravel(), sums.prod(1))
    assert np.array_equal(kept, np.maximum(sums, 0))
    assert np.array_equal(last.ravel(), kept.prod(1))
    assert (product.sum(), last.sum()) == (0, 1)
    assert angle(*sums.T) == pytest.approx(math.pi / 2)
    assert math.cos(angle(*kept.T)) == pytest.approx(0.5)


def test_the_arrows_have_the_lengths_and_angles_of_the_table():
    shown = [axes.get_xlabel() for axes in figures.arrows().axes]
    assert shown == ["cosine 0", "cosine 0", "cosine 0.5"]
    degrees = [
        next(t.get_text() for t in axes.texts if "°" in t.get_text())
        for axes in figures.arrows().axes
    ]
    assert degrees == ["90°", "90°", "60°"]


def test_sixteen_decades_of_power_are_eight_of_size():
    said = text("05_initialization")
    assert "almost sixteen decades of power. These are the eight decades of lesson 02" in said
    (divided,) = halved.default_divides().values()
    assert 15.5 < 20 * math.log10(divided) < 16
    assert "nine at −2, one near +1" in said
    assert math.log10(0.01) == -2
    assert math.log10(9.9) == pytest.approx(1, abs=0.01)


def test_normalization_makes_two_points_of_one_direction_the_same():
    """As the lesson says of (0.2, 0.1) and (0.4, 0.2), with biases at 0."""
    floors = tower(50, 32, inputs=2, outputs=5, seed=0, norm="layer")
    with torch.no_grad():
        found = floors(torch.tensor([[0.2, 0.1], [0.4, 0.2], [0.4, -0.2]]))
    torch.testing.assert_close(found[0], found[1], rtol=1e-2, atol=1e-3)
    assert not torch.allclose(found[0], found[2], rtol=0.05, atol=0.01)


@pytest.mark.parametrize("law", halved.LAWS)
def test_each_law_adds_up_to_1_and_loses_half(law):
    added, passed = halved.factors(law)
    assert added.mean == pytest.approx(1, abs=0.005)
    assert passed.mean == pytest.approx(0.5, abs=0.002)


def test_both_steps_of_pytorch_s_weights_are_a_sixth():
    (divided,) = halved.default_divides().values()
    layer = torch.nn.Linear(512, 4096, bias=False)
    torch.nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5),
                                   generator=torch.Generator().manual_seed(0))  # fmt: skip
    x = torch.randn(256, 512, generator=torch.Generator().manual_seed(1))
    out = torch.relu(layer(x)).detach()
    assert float(out.square().mean() / x.square().mean()) == pytest.approx(1 / divided, rel=0.03)
    (bound,) = halved.bound_divides().values()
    assert bound == pytest.approx(divided / 2)


def test_the_derivation_s_picture_meets_its_lines():
    add, _, both = figures.two_over_n().axes
    for axes, slope in ((add, 1), (both, 0.5)):
        for law in halved.LAWS:
            (marks,) = [line for line in axes.get_lines() if line.get_gid() == law]
            x, y = marks.get_data()
            np.testing.assert_allclose(y, slope * x, rtol=0.01)


@pytest.mark.slow
def test_narrow_networks_fan_out_as_the_theory_says():
    for width in (32, 256):
        mean, deviation = widths.expected(width, widths.DEPTH)
        found = np.array(widths.many(width))
        assert len(found) == 400
        assert found.std() == pytest.approx(deviation, rel=0.25)
        assert found.mean() == pytest.approx(mean, abs=0.25)


@pytest.mark.slow
def test_the_fifty_floors_picture_shows_what_was_measured():
    picture = figures.fifty_floors()
    left, right = picture.axes
    rows = (*fifty.ARMS, *fifty.FEWER)
    means = {arm: 100 * np.mean(fifty.climbed(arm, STATED)) for arm in rows}
    shown = [float(text.get_text()) for text in left.texts if text.get_text() != "guessing"]
    assert shown == [pytest.approx(mean, abs=0.51) for mean in means.values()]
    powers = {line.get_gid(): line.get_ydata() for line in right.get_lines()}
    assert powers["a way around, opened from 0"] == pytest.approx(np.zeros(50), abs=0.3)
    grown = 10 ** np.diff(powers["a way around"]).mean()
    assert grown == pytest.approx(3, abs=0.3)  # "nearly threefold"
    opened = means["a way around, opened from 0"]
    assert round(means["1 layer alone"]) == 73 < opened - 15
    assert opened == pytest.approx(means["3 layers, opened from 0"], abs=2.5)


@pytest.mark.slow
def test_digits_need_no_floors():
    opened, alone = (
        100 * np.mean(fifty.climbed(arm, STATED, "digits"))
        for arm in ("a way around, opened from 0", "1 layer alone")
    )
    assert alone == pytest.approx(opened, abs=1)


@pytest.mark.slow
def test_adam_moves_where_sgd_stays():
    found = {name: np.mean(values) for name, values in started.reached().items()}
    assert found["PyTorch's weights, SGD"] < 0.2
    assert 0.2 < found["PyTorch's weights, Adam"] < 0.85
    assert min(found["He weights, SGD"], found["He weights, Adam"]) > 0.85
    longer = nbformat.read(NOTEBOOKS / "01_history.ipynb", as_version=4)
    (said,) = set(re.findall(r"weights of 1990, by Adam: (0\.\d+) ", str(longer)))
    assert "After 250 steps, in lesson 01, it's 85 %" in text("05_initialization")
    assert said == "0.85"


def with_biases_of(scheme, network, seed):
    other = mlp((64,) * 11 + (10,), "relu", scheme=scheme, seed=seed)
    with torch.no_grad():
        for layer, like in zip(network[::2], other[::2], strict=True):
            layer.bias.copy_(like.bias)
    return network


@pytest.mark.slow
@pytest.mark.parametrize(
    ("weights", "biases", "optimizer", "rate", "reached"),
    [  # each at its best of the experiment's rates, which other seeds have chosen
        ("pytorch", "he_normal", MOMENTUM, 0.03, 10),
        ("pytorch", "he_normal", Adam(), 0.01, 57),
        ("he_normal", "pytorch", MOMENTUM, 0.01, 92),
        ("he_normal", "pytorch", Adam(), 0.01, 94),
    ],
)
def test_what_the_lesson_says_of_weights_and_of_biases_alone_is_measured(
    weights, biases, optimizer, rate, reached
):
    def build(seed):
        made = mlp((64,) * 11 + (10,), "relu", scheme=weights, seed=seed)
        return with_biases_of(biases, made, seed)

    said = "With all biases at 0, PyTorch's weights reach 10 % by SGD and 57 % by Adam."
    assert said in text("05_initialization")
    assert "With PyTorch's biases, He weights reach 92 % and 94 %." in text("05_initialization")
    runs = train(
        build, STATED.dataset("digits"), lr=rate, steps=started.STEPS, seeds=STATED.seeds,
        optimizer=optimizer,
    )  # fmt: skip
    within = 5 if reached == 57 else 2  # of a mean with an interval from 52 to 62
    assert 100 * float(runs.values("test_accuracy").mean()) == pytest.approx(reached, abs=within)


def trained_floors(changes, *, rates=fifty.RATES, depth=50, build=None, steps=fifty.STEPS):
    def made(seed):
        network = tower(depth, 32, inputs=2, outputs=5, seed=seed, **changes)
        if build:
            build(network, seed)
        return network

    return best_of(
        build if depth == 1 else made, fifty.five_spirals, rates=rates, steps=steps,
        optimizer=Adam(), tuning_seeds=FEW_TUNING_SEEDS,
    ).runs  # fmt: skip


def fixed_at_a_fiftieth(network, seed):
    for floor in list(network)[2:-1]:
        floor.scale = 1 / 50


def biases_in_the_first_layer(network, seed):
    with torch.no_grad():
        network[0].bias.uniform_(-1, 1, generator=torch.Generator().manual_seed(seed))


LOWER = (0.0001, 0.0003, 0.001, 0.003)  # rates of normalized floors
SAID = {  # what the lesson says that other floors reach, in %
    "little": (94, {"changes": {"around": "scaled"}, "build": fixed_at_a_fiftieth}),
    "normalized": (88, {"changes": {"norm": "layer", "around": "plain"}}),
    "biases": (
        31,
        {"changes": {"norm": "layer"}, "build": biases_in_the_first_layer, "rates": LOWER},
    ),
    "three": (94, {"changes": {}, "depth": 3}),
    "late": (96, {"changes": {}, "steps": 1000, "rates": (0.001, 0.003)}),
    **{
        f"{width} units": (
            reached,
            {
                "changes": {},
                "depth": 1,
                "rates": (0.003, 0.01, 0.03),
                "build": lambda seed, width=width: mlp(
                    (2, width, 5), seed=seed, scheme="he_normal"
                ),
            },
        )
        for width, reached in ((128, 78), (512, 74))
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SAID)
def test_what_the_lesson_says_of_other_floors_is_measured(name):
    reached, arm = SAID[name]
    mean = 100 * float(trained_floors(**arm).values("test_accuracy").mean())
    assert mean == pytest.approx(reached, abs=2)


# what the lesson says of more steps and wider layers, measured once with 16 networks each at the
# best of six rates or more, chosen on other seeds; here four networks at that rate
BEYOND = {
    "normalization, 1,000 steps": (51, 12, "normalization", 32, 1000, 0.0001),
    "a way around, 1,000 steps": (21, 3, "a way around", 32, 1000, 0.01),
    "nothing else, 64 units": (57, 15, "nothing else", 64, 100, 0.0003),
    "nothing else, 128 units": (50, 15, "nothing else", 128, 100, 0.0001),
    "normalization, 64 units": (20, 2, "normalization", 64, 100, 0.001),
    "normalization, 128 units": (20, 2, "normalization", 128, 100, 0.001),
    "opened from 0, 64 units": (91, 6, "a way around, opened from 0", 64, 100, 0.01),
    "opened from 0, 128 units": (92, 6, "a way around, opened from 0", 128, 100, 0.003),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BEYOND)
def test_what_the_lesson_says_of_more_steps_and_wider_layers_is_measured(name):
    reached, within, arm, width, steps, rate = BEYOND[name]
    runs = train(
        lambda seed: tower(50, width, inputs=2, outputs=5, seed=seed, **fifty.ARMS[arm]),
        fifty.five_spirals, lr=rate, steps=steps, seeds=range(1000, 1004), optimizer=Adam(),
    )  # fmt: skip
    mean = 100 * float(runs.values("test_accuracy").mean())
    assert mean == pytest.approx(reached, abs=within)


@pytest.mark.slow
def test_floors_that_opened_from_0_do_work():
    """After training, alpha is 0.10 on average, and without the floors 30 % are right."""
    runs = trained_floors({"around": "opening"})
    sizes, signs, right = [], [], []
    for seed in STATED.seeds:
        network, data = runs.network(seed=seed), fifty.five_spirals(seed)
        opened = torch.tensor([float(floor.opening.detach()) for floor in list(network)[2:-1]])
        sizes.append(float(opened.abs().mean()))
        signs.append(float((opened < 0).double().mean()))
        with torch.no_grad():
            for floor in list(network)[2:-1]:
                floor.opening.zero_()
            found = network(data.x_test).argmax(1) == data.y_test
        right.append(100 * float(found.double().mean()))
    assert np.mean(sizes) == pytest.approx(0.10, abs=0.01)
    assert 0.4 < np.mean(signs) < 0.8
    assert np.mean(right) == pytest.approx(30, abs=3)


def test_scores_behind_ten_layers_have_the_size_that_the_lesson_says():
    """With He's weights in the last layer, too, the power doubles there: 1.41."""
    generator = torch.Generator().manual_seed(0)
    powers = []
    for seed in range(200):
        network = mlp((64,) * 11 + (10,), scheme="he_normal", seed=seed)
        x = torch.randn(64, 64, generator=generator)
        powers.append(float(network(x).detach().square().mean()))
    assert np.mean(powers) ** 0.5 == pytest.approx(1.41, abs=0.12)


def test_what_is_left_of_the_scores_with_pytorch_s_start_comes_from_its_biases():
    """As section 4 says of ten layers of 64: beside their size, scores hardly differ by input."""

    def differing(network: torch.nn.Sequential, x: torch.Tensor) -> float:
        with torch.no_grad():
            scores = network(x)
        return float(scores.std(0).mean() / scores.square().mean().sqrt())

    torch.manual_seed(0)
    layers = [part for _ in range(10) for part in (torch.nn.Linear(64, 64), torch.nn.ReLU())]
    network = torch.nn.Sequential(*layers, torch.nn.Linear(64, 10))
    x = torch.randn(1000, 64)
    assert differing(network, x) < 0.01
    for layer in network:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.zeros_(layer.bias)
    assert differing(network, x) > 0.2


def test_in_every_direction_there_are_several_spirals():
    """So a network that sees only the direction of a point can't tell the five apart."""
    data = fifty.five_spirals(1000)
    x, y = torch.cat([data.x_train, data.x_test]), torch.cat([data.y_train, data.y_test])
    x = x - x.mean(0)
    sector = (torch.atan2(x[:, 1], x[:, 0]) / (2 * torch.pi) * 24).floor() % 24
    assert all(len(y[sector == number].unique()) >= 3 for number in range(24))


def test_with_ten_times_the_steps_one_layer_gets_there_too():
    longer = Setting(budget=10)
    said = re.search(
        r"With 1,000 steps one layer gets ([\d.]+) %, and three ([\d.]+)\.",
        text("05_initialization"),
    )
    for arm, percent in zip(fifty.FEWER, said.groups(), strict=True):
        found = fifty.climbed(arm, longer)
        assert 100 * np.mean(found) == pytest.approx(float(percent), abs=0.5)
