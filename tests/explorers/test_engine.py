"""Explorers: the picture, its description and its caption follow the controls."""

import asyncio
import html
import re

import ipywidgets
import matplotlib
import numpy as np
import pytest
from explored import MAKERS, MOVES, image_tag, pixels, reset
from matplotlib import _pylab_helpers

from relukit.errors import InvalidValueError
from relukit.explorers import Explorer
from relukit.explorers.engine import slider
from relukit.figures.canvas import PALETTE, panels
from relukit.figures.live import LivePicture, Reading, listed
from relukit.lessons.definitions.explorers import unit_explorer


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
