"""The figures of lesson 04: what their artists show, on data that are made up here."""

import matplotlib
import numpy as np
import pytest
import torch
from pictures.dying import PULLED, SHARES, made, side

from relukit.errors import InvalidValueError
from relukit.ledger import predict, prediction
from relukit.lessons.dying import figures
from relukit.lessons.dying.experiments.birth import born_dead, born_dead_bounds
from relukit.lessons.dying.experiments.cliff import Cliff
from relukit.lessons.dying.experiments.lifelines import one_network
from relukit.lessons.dying.experiments.plasticity import ARMS, thirty
from relukit.lessons.dying.figures.adopted import MOMENTS, _life
from relukit.lessons.dying.figures.cliff import CliffFigure


def named(axes, gid: str):
    return [a for a in axes.get_children() if a.get_gid() == gid]


def bars_of(axes, label: str):
    (found,) = [bars for bars in axes.containers if bars.get_label() == label]
    return found


def test_silent_by_sample_shows_every_seed_and_the_mean():
    (axes,) = made("silent_by_sample").axes
    grey = [line for line in axes.get_lines() if line.get_linewidth() < 1]
    assert np.allclose([line.get_ydata() for line in grey], 100 * SHARES)
    mean = bars_of(axes, "mean, 95 % interval").lines[0]
    assert np.allclose(mean.get_ydata(), 100 * SHARES.mean(0))


def test_silent_by_sample_draws_the_learners_guess_for_ten_images():
    predict("ten-images", 40)
    for guess in (40, prediction("ten-images")):
        picture = figures.silent_by_sample((1, 10, 100), SHARES, mine=guess)
        diamond, _word = named(picture.axes[0], "mine")
        assert (list(diamond.get_xdata()), list(diamond.get_ydata())) == ([10], [40])
    assert named(made("silent_by_sample").axes[0], "mine") == []


def test_born_dead_lies_in_its_band():
    (axes,) = made("born_dead_by_depth").axes
    for width, band in zip((2, 5), named(axes, "bounds"), strict=True):
        corners = band.get_paths()[0].vertices
        points = bars_of(axes, f"{width} units wide").lines[0]
        for layers, share in zip(*points.get_data(), strict=True):
            heights = corners[np.isclose(corners[:, 0], layers)][:, 1]
            low, high = born_dead_bounds(width, int(layers))
            assert heights.min() == pytest.approx(low, abs=1e-9)
            assert heights.max() == pytest.approx(high)
            assert share == born_dead(width, int(layers)).mean


def test_dead_by_layer_shows_all_seeds_beside_the_means():
    (axes,) = made("dead_by_layer").axes
    for name, shares in (("a", SHARES), ("b", SHARES / 2)):
        assert np.allclose(bars_of(axes, name).lines[0].get_ydata(), shares.mean(0))
    dots = [line for line in axes.get_lines() if line.get_markersize() < 3]
    assert np.allclose(dots[0].get_ydata(), SHARES.ravel())


def test_levers_draw_three_layers_of_each_in_percent():
    for axes, lever in zip(made("levers").axes, PULLED, strict=True):
        assert axes.get_xlabel()
        assert axes.get_title(loc="left") == lever
        for layer in range(3):
            drawn = bars_of(axes, f"layer {layer + 1}").lines[0].get_ydata()
            means = 100 * SHARES[:, layer].mean()
            assert np.allclose(drawn, [means, means / 2])


def test_strips_draw_each_value_and_name_their_rows():
    (axes,) = made("deep_accuracies").axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    dots = [line.get_xdata().tolist() for line in axes.get_lines() if line.get_markersize() == 3]
    assert dots == [[0.1, 0.2], [0.9, 0.8]]


def test_the_film_is_orange_where_no_image_turns_a_unit_on_and_frames_the_adopted():
    film, alive = figures.adopted((1, 9), (3, 7)), one_network().numpy()
    for number in (0, 7, -1):
        moment = MOMENTS[number]
        (axes,) = film.frames[number].axes
        wall = axes.get_images()[0].get_array()
        for layer in range(3):
            rows = wall[35 * layer : 35 * layer + 32, : moment + 1]
            assert np.array_equal(rows == 2, ~alive[: moment + 1, layer].T)
        assert (wall[:, moment + 1 :] == 0).all()
        assert [box.get_y() for box in named(axes, "yours")] == [7.5, 75.5]
        silent = int((~alive[moment]).sum())
        assert f"Step {moment}: {silent} of 96 are silent." in film.captions[number]


def test_captions_of_the_film_tell_a_life():
    alive = np.array([1, 1, 0, 0], dtype=bool)
    assert _life(alive) == "silent since step 2"
    assert _life(alive[:2]) == "alive"
    assert _life(~alive) == "alive, came back"
    assert _life(alive[::-1]) == "alive, came back"
    assert _life(np.array([0, 0], dtype=bool)) == "silent since step 0"
    assert _life(np.array([1, 0, 1, 0, 1], dtype=bool)) == "alive, came back 2 times"


def test_rows_show_every_network_and_the_mean():
    for axes, layer in zip(made("came_back").axes, range(3), strict=True):
        (dots,) = named(axes, "a")
        assert np.allclose(dots.get_xdata(), 100 * SHARES[:, layer])
    left, right = made("ropes").axes
    # the third network is no longer finite: 0 % right, and not among the dead
    assert np.allclose(named(left, "none")[0].get_xdata(), [10, 20])
    assert np.allclose(named(left, "none nan")[0].get_xdata(), [0])
    assert np.allclose(named(right, "none")[0].get_xdata(), [90, 80])
    assert named(left, "clipping nan") == []
    assert [text.get_text() for text in left.texts] == ["10", "1 nan", "80"]


def test_where_none_died_nothing_is_drawn():
    first, *_ = figures.came_back({"a": [[np.nan, 0.5, 1.0], [np.nan, 0.2, 1.0]]}).axes
    assert named(first, "a") == []
    assert [text.get_text() for text in first.texts] == ["none died"]


@pytest.mark.slow
def test_the_thirty_tasks_show_what_was_learned_and_what_is_dormant():
    (axes,) = made("thirty_tasks").axes
    for name, arm in ARMS.items():
        line = named(axes, name)[0]  # then the caps of its intervals
        assert np.allclose(line.get_ydata(), 100 * thirty(arm).accuracy.mean(1))
    top, bottom = made("thirty_alone").axes
    relu = thirty(ARMS["ReLU"])
    assert np.allclose(named(top, "ReLU")[0].get_ydata(), 100 * relu.accuracy.mean(1))
    (dormant,) = named(bottom, "dormant")
    assert np.allclose(dormant.get_ydata(), 100 * relu.dormant.mean(1))


def test_autopsy_marks_the_death_between_the_last_image_and_none():
    top, bottom = made("autopsy").axes
    (images,) = named(top, "images")
    assert images.get_ydata().tolist() == [9, 7, 0, 0]
    for axes in (top, bottom):
        (mark,) = [line for line in axes.get_lines() if len(set(line.get_xdata())) == 1]
        assert mark.get_xdata()[0] == 1.5


def test_ways_to_die_add_up_to_one_and_differ_in_hatch():
    (axes,) = made("ways_to_die").axes
    widths = [[bar.get_width() for bar in bars] for bars in axes.containers]
    assert np.allclose(widths, [[0.75, 0.0], [0.25, 1.0]])
    assert len({bars[0].get_hatch() for bars in axes.containers}) == 2


def test_the_map_writes_the_mean_of_each_place_in_per_cent():
    axes = made("cliff_map").axes
    written = [[text.get_text() for text in each.texts if text.get_text()] for each in axes]
    relu, leaky = side("relu"), side("leaky_relu")
    for found, wanted in (
        (written[0], relu.accuracy.mean(-1)),
        (written[1], leaky.accuracy.mean(-1)),
        (written[3], leaky.broken.double().mean(-1)),
    ):
        assert found == [f"{value:.0f}" for value in 100 * wanted.numpy().ravel()]
    # at the second rate the third network is nan: it isn't among the dead, and the cell says so
    dead = 100 * relu.dead.mean(-1).numpy()
    wanted = [f"{value:.0f}" for value in dead[0].mean(-1)]
    for value in dead[1, :, :2].mean(-1):
        wanted += [f"{value:.0f}", "nan 33 %"]
    assert written[2] == wanted


def test_a_place_where_every_network_is_nan_says_only_that():
    lost = side("relu")
    lost.broken[:] = True
    axes = figures.cliff_map(lost, side("leaky_relu")).axes[2]
    assert {text.get_text() for text in axes.texts} == {"", "nan 100 %"}


def test_words_on_the_map_stand_out_from_their_cells():
    def luminance(colour) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in matplotlib.colors.to_rgb(colour)
        ]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    ramp = torch.linspace(0, 1, 25, dtype=torch.float64).view(5, 5, 1)
    values = (0.1, 0.2, 0.3, 0.4, 0.5)
    full = Cliff("relu", values, values, ramp, ramp[..., None], ramp > 0.5)
    for axes in figures.cliff_map(full, full).axes:
        image = axes.get_images()[0]
        for text, value in zip(axes.texts[::2], image.get_array().ravel(), strict=True):
            if np.ma.is_masked(value):  # all nan: nothing but the word, on white
                continue
            shades = [luminance(c) for c in (text.get_color(), image.cmap(image.norm(value)))]
            low, high = sorted(shades)
            assert (high + 0.05) / (low + 0.05) > 3, (axes.get_title(loc="left"), value)


def test_one_place_of_the_map_shows_every_network_of_both_sides():
    relu, leaky = side("relu"), side("leaky_relu")
    figure = CliffFigure(relu, leaky)
    reading = figure.update({"lr": 0.3, "gain": 0.5})
    accuracy, dead, _ = relu.at(0.3, 0.5)
    assert np.allclose(figure.accuracy[0].get_ydata(), accuracy)
    assert np.allclose(figure.dead[0].get_ydata(), dead.T.ravel())
    assert "learning rate 0.3 and gain 0.5" in reading.alt
    assert "1 of 3 nan" in reading.caption
    figure.update({"lr": 0.1, "gain": 0.5})
    assert np.allclose(figure.accuracy[1].get_ydata(), leaky.at(0.1, 0.5)[0])


@pytest.mark.parametrize(
    "call",
    [
        lambda: figures.silent_by_sample((1, 2), SHARES),
        lambda: figures.silent_by_sample((1, 2, 3), SHARES + 1),
        lambda: figures.silent_by_sample((1, 2, 3), SHARES[0]),
        lambda: figures.born_dead_by_depth(()),
        lambda: figures.born_dead_by_depth((1, 2, 3, 4, 5)),
        lambda: figures.dead_by_layer({}),
        lambda: figures.dead_by_layer({"a": SHARES[:1]}),
        lambda: figures.levers({}),
        lambda: figures.adopted(),
        lambda: figures.adopted((0, 3)),
        lambda: figures.adopted((1, 33)),
        lambda: figures.deep_accuracies({}),
        lambda: figures.deep_accuracies({"a": [0.5, 1.5]}),
        lambda: figures.remedies({}),
        lambda: figures.autopsy([3, 0], [0.1, 0.2], death=0),
        lambda: figures.autopsy([3, 2], [0.1], death=0),
        lambda: figures.autopsy([0, 0], [0.1], death=0),
        lambda: figures.ways_to_die({}),
        lambda: figures.ways_to_die({"layer 1": {"own": 0}}),
        lambda: figures.ways_to_die({"1": {"own": 1}, "2": {"other": 1}}),
        lambda: figures.cliff_at(side("relu"), side("leaky_relu"), lr=0.2, gain=1.0),
    ],
)
def test_what_cannot_be_drawn_is_refused(call):
    with pytest.raises(InvalidValueError):
        call()
