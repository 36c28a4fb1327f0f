"""Explorers: the picture, its description and its caption follow the controls."""

import asyncio
import base64
import functools
import html
import io
import math
import re

import ipywidgets
import matplotlib
import numpy as np
import pytest
from matplotlib import _pylab_helpers
from PIL import Image

from relukit.activations import ACTIVATIONS, activation
from relukit.errors import InvalidValueError
from relukit.explorers import Explorer
from relukit.explorers.engine import slider
from relukit.figures.canvas import PALETTE, panels
from relukit.figures.live import LivePicture, Reading, listed
from relukit.lessons.definitions.explorers import hinge_builder, unit_explorer
from relukit.lessons.definitions.explorers.hinges import N_HINGES

MAKERS = {"hinge_builder": hinge_builder, "unit_explorer": unit_explorer}
MOVES = {"hinge_builder": {"change_2": -1.45}, "unit_explorer": {"weight": -2.0, "bias": 1.0}}


@functools.cache
def kept(name: str) -> Explorer:
    return MAKERS[name]()


def reset(name: str) -> Explorer:
    """Return an explorer as it was in the beginning; building one anew takes much longer."""
    explorer = kept(name)
    explorer.reset()
    return explorer


def image_tag(explorer: Explorer) -> str:
    """Return the value of the widget that shows the picture, once nothing is waiting."""
    explorer.flush()
    return explorer.children[0].value


def pixels(explorer: Explorer) -> np.ndarray:
    data = re.search(r'src="data:image/png;base64,([^"]+)"', image_tag(explorer))[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))


def every_widget(box):
    for child in box.children:
        yield from every_widget(child) if isinstance(child, ipywidgets.Box) else (child,)


@pytest.fixture(params=MAKERS)
def made(request):
    """Return an explorer and values that change what it shows."""
    return reset(request.param), MOVES[request.param]


def test_moving_a_control_changes_image_description_and_caption(made):
    explorer, values = made
    before = pixels(explorer), explorer.alt, explorer.caption
    explorer.move(**values)
    after = pixels(explorer), explorer.alt, explorer.caption
    assert not np.array_equal(before[0], after[0])
    assert before[1] != after[1]
    assert before[2] != after[2]


def test_image_and_caption_carry_the_words_that_the_explorer_states(made):
    explorer, values = made
    explorer.move(**values)
    alt = html.unescape(re.search(r'alt="([^"]*)"', image_tag(explorer))[1])
    assert alt == explorer.alt == explorer.picture.alt
    caption = explorer.children[1].value
    assert 'role="status"' in caption
    assert 'aria-live="polite"' in caption
    assert html.escape(explorer.caption) in caption


def test_the_image_names_the_explorer_and_mends_its_controls_when_it_is_loaded(made):
    """What the script does is seen in a browser only: see test_browser."""
    explorer, _ = made
    tag = image_tag(explorer)
    (name,) = re.findall(r'data-explorer="([^"]+)"', tag)
    assert f"Explorer: {name} (" in repr(explorer)
    (script,) = re.findall(r'onload="([^"]+)"', tag)
    for part in (".noUi-handle", "select", ".widget-readout", "ariaLabel", "SuppressShortcuts"):
        assert part in html.unescape(script)


def test_a_move_and_its_way_back_leave_no_trace(made):
    explorer, values = made
    first, words = pixels(explorer), explorer.caption
    explorer.move(**values)
    explorer.reset()
    assert np.array_equal(pixels(explorer), first)
    assert explorer.caption == words
    explorer.move()
    assert np.array_equal(pixels(explorer), first)


@pytest.mark.parametrize("name", MAKERS)
def test_a_moved_explorer_equals_a_new_one_in_the_same_state(name):
    moved, new = reset(name), MAKERS[name]()
    moved.move(**dict.fromkeys(MOVES[name], 0.5))
    for explorer in (moved, new):
        explorer.move(**MOVES[name])
    assert np.array_equal(pixels(moved), pixels(new))


def test_every_control_has_a_label_and_is_reached_by_keyboard(made):
    explorer, _ = made
    controls = [*explorer.controls.values(), *explorer.buttons.values()]
    laid_out = list(every_widget(explorer))
    for control in controls:
        assert control.description
        assert control.tabbable is not False
        assert not control.disabled
        assert control in laid_out
    assert len({control.description for control in controls}) == len(controls)


def test_the_stored_text_is_short_and_does_not_change_with_the_state(made):
    explorer, values = made
    before = repr(explorer)
    explorer.move(**values)
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == repr(explorer) == before
    assert len(before) < 110
    assert "base64" not in before


def test_an_explorer_opens_no_pyplot_figure_and_changes_no_setting(made):
    explorer, values = made
    before = dict(matplotlib.rcParams)
    explorer.move(**values)
    assert dict(matplotlib.rcParams) == before
    assert not _pylab_helpers.Gcf.get_all_fig_managers()


def test_several_values_at_once_are_one_redraw(made):
    explorer, values = made
    before = explorer.redraws
    explorer.move(**values)
    assert explorer.redraws == before + 1
    first = next(iter(values))
    explorer.controls[first].value = 0.25
    assert explorer.redraws == before + 2


def test_a_name_that_is_no_control_is_refused_before_anything_moves(made):
    explorer, values = made
    before = explorer.values
    with pytest.raises(InvalidValueError, match="control"):
        explorer.move(**values, wieght=1.0)
    assert explorer.values == before


def test_dragging_in_a_running_loop_makes_one_redraw():
    explorer = reset("unit_explorer")

    async def drag() -> int:
        drawn = asyncio.Event()
        explorer.children[0].observe(lambda _: drawn.set(), names="value")
        before = explorer.redraws
        for step in range(50):
            explorer.controls["weight"].value = step / 20
        assert explorer.redraws == before
        await asyncio.wait_for(drawn.wait(), timeout=10)
        return explorer.redraws - before

    assert asyncio.run(drag()) == 1
    assert "2.45 x" in explorer.caption


def test_words_asked_for_while_a_redraw_waits_are_those_of_the_new_state():
    explorer = reset("unit_explorer")

    async def ask() -> tuple[str, int]:
        before = explorer.redraws
        explorer.controls["bias"].value = 1.5
        return explorer.caption, explorer.redraws - before

    caption, redraws = asyncio.run(ask())
    assert "1.5" in caption
    assert redraws == 1


def test_a_closed_explorer_forgets_the_redraw_that_waits():
    explorer = unit_explorer()

    async def close() -> bool:
        explorer.controls["bias"].value = 1.5
        waiting = explorer._pending
        explorer.close()
        return waiting.cancelled() and explorer._pending is None

    assert asyncio.run(close())


def test_a_control_without_a_description_is_refused():
    picture, (axes,) = panels()
    (line,) = axes.plot([0, 1], [0, 1], color=PALETTE["blue"])
    live = LivePicture(picture, [line])
    with pytest.raises(InvalidValueError, match="description"):
        Explorer("x", live, {"a": slider("", 0.0, 1.0)}, lambda _: Reading("A.", "b"))


def test_words_from_a_state_are_escaped_in_the_page():
    picture, (axes,) = panels()
    (line,) = axes.plot([0, 1], [0, 1], color=PALETTE["blue"])
    explorer = Explorer(
        "x",
        LivePicture(picture, [line]),
        {"a": slider("a", 0.0, 1.0)},
        lambda _: Reading('Says "<b>".', "a < b & c"),
    )
    assert 'alt="Says &quot;&lt;b&gt;&quot;."' in image_tag(explorer)
    assert "a &lt; b &amp; c" in explorer.children[1].value
    assert "<b>" not in image_tag(explorer)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([], ""), ([-0.0], "0"), ([1, 2.5], "1 and 2.5"), ([0.333, -0.001, 4], "0.33, 0 and 4")],
)
def test_numbers_are_listed_in_words(numbers, words):
    assert listed(numbers) == words


def hinge_values(kinks, changes, offset=0.0) -> dict[str, float]:
    named = {f"kink_{i}": k for i, k in enumerate(kinks, 1)}
    return named | {f"change_{i}": c for i, c in enumerate(changes, 1)} | {"offset": offset}


def test_hinge_builder_draws_the_sum_its_parts_its_kinks_and_its_error():
    explorer = reset("hinge_builder")
    kinks, changes, offset = (0.0, 1.0, 3.0, 5.0), (0.8, -1.5, 0.7, 0.4), 0.2
    explorer.move(**hinge_values(kinks, changes, offset))
    left, right = explorer.picture.axes
    lines = {line.get_label(): line for line in left.get_lines()}
    x, total = lines["sum"].get_data()
    parts = [c * np.maximum(x - k, 0) for k, c in zip(kinks, changes, strict=True)]
    assert np.allclose(total, offset + np.sum(parts, 0))
    assert np.allclose(lines["sin"].get_ydata(), np.sin(x))
    grey = [line for line in left.get_lines() if line.get_color() == PALETTE["grey"]]
    assert np.allclose([line.get_ydata() for line in grey], parts)
    assert np.allclose(lines["kink"].get_xdata(), kinks)
    assert np.allclose(lines["kink"].get_ydata(), np.interp(kinks, x, total), atol=0.02)
    (error,) = right.get_lines()
    assert np.allclose(error.get_ydata(), total - np.sin(x))
    worst, typical = np.abs(total - np.sin(x)).max(), np.sqrt(np.mean((total - np.sin(x)) ** 2))
    assert explorer.caption == f"Largest error {worst:.2f}, root mean square {typical:.2f}."
    assert "0, 1, 3 and 5" in explorer.alt


def root_mean_square(explorer) -> float:
    (error,) = explorer.picture.axes[1].get_lines()
    return float(np.sqrt(np.mean(np.square(error.get_ydata()))))


def test_least_squares_button_finds_what_numpy_finds():
    explorer = reset("hinge_builder")
    kinks = (0.0, 1.5, 3.0, 4.5)
    explorer.move(**hinge_values(kinks, (0.1, 0.1, 0.1, 0.1), 0.5))
    explorer.buttons["fit"].click()
    x = explorer.picture.axes[1].get_lines()[0].get_xdata()
    columns = np.column_stack([np.ones_like(x), *(np.maximum(x - k, 0) for k in kinks)])
    best, *_ = np.linalg.lstsq(columns, np.sin(x), rcond=None)
    found = [explorer.values["offset"], *(explorer.values[f"change_{i}"] for i in range(1, 5))]
    assert np.allclose(found, best, atol=0.005 + 1e-9)
    assert [explorer.values[f"kink_{i}"] for i in range(1, 5)] == list(kinks)
    assert root_mean_square(explorer) < 0.1


@pytest.mark.parametrize("kinks", [(0.0, 0.0, 0.0, 0.0), (6.25,) * 4, (2.0, 2.05, 2.1, 2.15)])
def test_least_squares_of_awkward_kinks_stays_within_the_sliders(kinks):
    explorer = reset("hinge_builder")
    explorer.move(**hinge_values(kinks, (0.0,) * 4))
    before = root_mean_square(explorer)
    explorer.buttons["fit"].click()
    assert root_mean_square(explorer) <= before + 0.02
    for name, control in explorer.controls.items():
        assert control.min <= explorer.values[name] <= control.max


def test_reset_button_brings_the_first_hinges_back():
    explorer = reset("hinge_builder")
    first = explorer.values
    explorer.buttons["fit"].click()
    assert explorer.values != first
    explorer.buttons["reset"].click()
    assert explorer.values == first


def test_hinge_builder_says_which_hinges_do_nothing_or_share_a_kink():
    explorer = reset("hinge_builder")
    explorer.move(**hinge_values((0.0, 2.0, 2.0, 5.0), (1.0, -1.0, 0.5, 0.0)))
    assert "Hinge 4 is off" in explorer.caption
    assert "Hinges 2 and 3 share a kink" in explorer.caption
    assert "Hinge 1" not in explorer.caption.replace("Hinges", "")
    assert len(explorer.controls) == 2 * N_HINGES + 1


def test_unit_draws_the_activation_and_its_slope_and_marks_the_kink():
    explorer = reset("unit_explorer")
    explorer.move(weight=2.0, bias=-1.0)
    left, right = explorer.picture.axes
    output, left_mark = left.get_lines()
    slope, right_mark = right.get_lines()
    x, y = output.get_data()
    seen = ~np.isnan(x)
    assert np.allclose(y[seen], np.maximum(2 * x[seen] - 1, 0))
    assert np.array_equal(slope.get_ydata()[seen], 2.0 * (x[seen] > 0.5))
    for mark in (left_mark, right_mark):
        assert mark.get_xdata()[:2].tolist() == [0.5, 0.5]
    assert "kink at x = -b/w = 0.5." in explorer.caption
    assert "kink at x = -b/w = 0.5." in explorer.alt


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_of_a_unit_equals_finite_differences_away_from_kinks(name):
    explorer = reset("unit_explorer")
    explorer.move(weight=-1.5, bias=0.7, activation=name)
    slope = explorer.picture.axes[1].get_lines()[0]
    x, drawn = (np.asarray(values) for values in slope.get_data())
    function, step = activation(name), 1e-6
    ends = [function(-1.5 * (x + side) + 0.7).numpy() for side in (-step, step)]
    kinks = np.array([(k - 0.7) / -1.5 for k in function.kinks] or [np.inf])
    far = ~np.isnan(x) & (np.abs(x[:, None] - kinks).min(1) > 1e-3)
    assert far.sum() > 300
    assert np.allclose(drawn[far], ((ends[1] - ends[0]) / (2 * step))[far], atol=1e-6)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"weight": 0.0, "bias": 1.0}, "Weight 0: the unit is 1.00 for every x"),
        ({"weight": 0.0, "activation": "sigmoid"}, "Weight 0: the unit is 0.50 for every x"),
        ({"weight": 0.1, "bias": 3.0}, "kink at x = -b/w = -30, outside the picture"),
        ({"activation": "gelu", "bias": 1.0}, "no kink; w x + b = 0 at x = -b/w = -1."),
        ({"activation": "relu6"}, "kinks at x = 0 and 6."),
        ({"activation": "step"}, "jump at x = -b/w = 0."),
        ({"weight": -1.0}, "kink at x = -b/w = 0."),
        ({"bias": -0.5}, "relu(1 x - 0.5)"),
    ],
)
def test_unit_says_where_its_kink_is_or_why_there_is_none(values, words):
    explorer = reset("unit_explorer")
    explorer.move(**values)
    assert words in explorer.caption


def test_a_unit_of_weight_zero_is_level_and_marks_nothing():
    explorer = reset("unit_explorer")
    explorer.move(weight=0.0, bias=2.0)
    left, right = explorer.picture.axes
    assert set(left.get_lines()[0].get_ydata()) == {2.0}
    assert set(right.get_lines()[0].get_ydata()) == {0.0}
    assert not len(left.get_lines()[1].get_xdata())
    assert "level line" in explorer.alt


def test_the_pen_is_lifted_at_a_kink_in_view_and_only_there():
    explorer = reset("unit_explorer")
    x = explorer.picture.axes[1].get_lines()[0].get_xdata()
    (place,) = np.flatnonzero(np.isnan(x))
    assert math.isclose(x[place - 1], 0, abs_tol=1e-6)
    assert math.isclose(x[place + 1], 0, abs_tol=1e-6)
    explorer.move(bias=3.0, weight=0.5)
    assert not np.isnan(explorer.picture.axes[1].get_lines()[0].get_xdata()).any()
