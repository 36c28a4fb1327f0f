"""The figures of lesson 04: what their artists show, on data that are made up here."""

import matplotlib
import numpy as np
import pytest
import torch
from pictures.dying import ALIVE, CAUSES, SHARES, made, side

from relukit.errors import InvalidValueError
from relukit.ledger import predict, prediction
from relukit.lessons.dying import figures
from relukit.lessons.dying.experiments.birth import born_dead, born_dead_bounds
from relukit.lessons.dying.experiments.cliff import Cliff
from relukit.lessons.dying.figures.cliff import CliffFigure


def named(axes, gid: str):
    return [a for a in axes.get_children() if a.get_gid() == gid]


def bars_of(axes, label: str):
    (found,) = [bars for bars in axes.containers if bars.get_label() == label]
    return found


def test_silent_by_sample_shows_every_seed_and_the_mean():
    (axes,) = made("silent_by_sample").axes
    grey = [line for line in axes.get_lines() if line.get_linewidth() < 1]
    assert np.allclose([line.get_ydata() for line in grey], SHARES)
    mean = bars_of(axes, "mean, 95 % interval").lines[0]
    assert np.allclose(mean.get_ydata(), SHARES.mean(0))


def test_silent_by_sample_draws_the_learners_guess_for_ten_images():
    predict("ten-images", 40)
    for guess in (40, prediction("ten-images")):
        picture = figures.silent_by_sample((1, 10, 100), SHARES, mine=guess)
        diamond, _word = named(picture.axes[0], "mine")
        assert (list(diamond.get_xdata()), list(diamond.get_ydata())) == ([10], [0.4])
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


def test_suspects_draw_three_layers_of_each_cause():
    for axes, cause in zip(made("suspects").axes, CAUSES, strict=True):
        assert axes.get_xlabel() == cause
        for layer in range(3):
            drawn = bars_of(axes, f"layer {layer + 1}").lines[0].get_ydata()
            means = SHARES[:, layer].mean()
            assert np.allclose(drawn, [means, means / 2])


def test_strips_draw_each_value_and_name_their_rows():
    (axes,) = made("deep_accuracies").axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    dots = [line.get_xdata().tolist() for line in axes.get_lines() if line.get_markersize() == 3]
    assert dots == [[0.1, 0.2], [0.9, 0.8]]


def test_life_lines_are_dark_where_a_unit_is_dead_and_sorted_by_how_long():
    first, second = (axes.get_images()[0].get_array() for axes in made("life_lines").axes)
    assert first.tolist() == [[0, 0, 0], [0, 1, 0], [1, 1, 1]]
    assert second.tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 1]]


def test_fates_show_means_of_deaths_and_returns():
    (axes,) = made("fates").axes
    assert np.allclose(bars_of(axes, "died").lines[0].get_ydata(), [4, 3])
    assert np.allclose(bars_of(axes, "came back").lines[0].get_ydata(), [0, 2.5])


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
    picture = made("cliff_map")
    axes = picture.axes[0]
    written = [text.get_text() for text in axes.texts]
    expected = 100 * side("relu").accuracy.mean(-1).numpy()
    assert written == [f"{value:.0f}" for value in expected.ravel()]
    assert [axes.get_title(loc="left") for axes in picture.axes[3:5]] == [
        "leaky ReLU: accuracy, %",
        "leaky ReLU: dead units, %",
    ]


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
    for axes in figures.cliff_map(full).axes:
        image = axes.get_images()[0]
        for text, value in zip(axes.texts, image.get_array().ravel(), strict=True):
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
        lambda: figures.suspects({}),
        lambda: figures.deep_accuracies({}),
        lambda: figures.deep_accuracies({"a": [0.5, 1.5]}),
        lambda: figures.remedies({}),
        lambda: figures.life_lines([], (0, 5)),
        lambda: figures.life_lines(ALIVE, (0, 5)),
        lambda: figures.fates([[1, 2]], [[2, 2]]),
        lambda: figures.fates([[1, 2]], [[1]]),
        lambda: figures.autopsy([3, 0], [0.1, 0.2], death=0),
        lambda: figures.autopsy([3, 2], [0.1], death=0),
        lambda: figures.autopsy([0, 0], [0.1], death=0),
        lambda: figures.ways_to_die({}),
        lambda: figures.ways_to_die({"layer 1": {"own": 0}}),
        lambda: figures.ways_to_die({"1": {"own": 1}, "2": {"other": 1}}),
        lambda: figures.cliff_map(),
        lambda: figures.cliff_map(*[side("relu")] * 3),
        lambda: figures.cliff_at(side("relu"), side("leaky_relu"), lr=0.2, gain=1.0),
    ],
)
def test_what_cannot_be_drawn_is_refused(call):
    with pytest.raises(InvalidValueError):
        call()
