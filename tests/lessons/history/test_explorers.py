"""The timeline explorer: filters narrow the list, and the opened entry is told with its source."""

import ipywidgets
import numpy as np
import pytest
from explored import as_made, pixels

from relukit.errors import InvalidValueError
from relukit.explorers import Explorer
from relukit.lessons.history.experiments.timeline import CENTURIES, KINDS, THEMES, timeline
from relukit.lessons.history.explorers import timeline_explorer


@pytest.fixture
def explorer() -> Explorer:
    return as_made(timeline_explorer)


def listed(explorer: Explorer) -> list:
    return [entry for _, entry in explorer.controls["entry"].options]


def test_it_opens_the_first_entry_with_its_source(explorer):
    first = timeline()[0]
    assert first.title in explorer.alt
    assert first.source in explorer.caption
    assert first.what in explorer.caption


@pytest.mark.parametrize(
    "filters",
    [
        *({"kind": kind} for kind in KINDS),
        *({"theme": theme} for theme in THEMES),
        *({"century": century} for century in CENTURIES),
        {"kind": "unit", "theme": "statistics", "century": 20},
        {"search": "Toth"},
        {"search": "hinton 2010", "theme": "vision"},
    ],
)
def test_filters_list_and_colour_what_fits(explorer, filters):
    explorer.move(**filters)
    fit = timeline(**filters)
    assert listed(explorer) == list(fit)
    strip, *lists = explorer.picture.axes
    for some in ([strip], lists):
        dots = [(a.get_gid(), len(a.get_xdata())) for axes in some for a in axes.get_lines()]
        assert sum(n for gid, n in dots if gid in THEMES) == len(fit)
        assert sum(n for gid, n in dots if gid == "others") == len(timeline()) - len(fit)
    words = [t.get_text() for axes in lists for t in axes.texts if t.get_visible()]
    years = len({e.year for e in timeline()})
    assert years <= len(words) - 2 * len(fit) <= years + 1
    assert {e.names for e in fit} <= set(words)
    assert explorer.caption.startswith(f"{len(fit)} of {len(timeline())} entries")


def test_every_entry_can_be_opened_and_is_ringed(explorer):
    for entry in timeline(theme="biology"):
        explorer.move(entry=entry)
        assert entry.source in explorer.caption
        rings = [a for x in explorer.picture.axes for a in x.get_lines() if a.get_gid() == "opened"]
        assert list(rings[0].get_xdata()) == [entry.year]
        assert sum(len(ring.get_xdata()) for ring in rings[1:]) == 1
        said = "read for this course" if entry.opened else "cited after bibliographies"
        assert said in explorer.caption


def test_an_opened_entry_stays_open_while_it_fits_and_gives_way_where_it_does_not(explorer):
    entry = timeline(theme="statistics")[1]
    explorer.move(entry=entry)
    explorer.move(theme="statistics")
    assert explorer.values["entry"] == entry
    explorer.move(theme="speech")
    assert explorer.values["entry"] == timeline(theme="speech")[0]


def test_filters_that_nothing_fits_say_so_and_can_be_taken_back(explorer):
    explorer.move(kind="writing", theme="speech")
    assert explorer.controls["entry"].label == "no entry fits"
    assert explorer.caption.startswith("No entry fits kind writing and theme speech")
    explorer.buttons["next"].click()
    assert explorer.controls["entry"].label == "no entry fits"
    explorer.buttons["reset"].click()
    assert listed(explorer) == list(timeline())
    assert explorer.values["entry"] == timeline()[0]


def test_a_search_finds_names_without_accents_and_says_what_it_looked_for(explorer):
    explorer.move(search="  toth ")
    assert explorer.controls["entry"].label == "2013 L. Tóth"
    assert explorer.caption.startswith(f'1 of {len(timeline())} entries (search "toth")')
    explorer.move(search="nobody at all")
    assert explorer.caption.startswith('No entry fits search "nobody at all"')
    explorer.buttons["reset"].click()
    assert explorer.values["search"] == ""


def test_next_and_previous_go_round_the_list(explorer):
    explorer.move(theme="speech")
    seen = []
    for _ in range(len(timeline(theme="speech"))):
        seen.append(explorer.values["entry"])
        explorer.buttons["next"].click()
    assert seen == list(timeline(theme="speech"))
    assert explorer.values["entry"] == seen[0]
    explorer.buttons["previous"].click()
    assert explorer.values["entry"] == seen[-1]


def test_a_move_and_its_way_back_leave_no_trace(explorer):
    first, words = pixels(explorer), explorer.caption
    explorer.move(kind="theory", century=21)
    assert not np.array_equal(pixels(explorer), first)
    explorer.reset()
    assert np.array_equal(pixels(explorer), first)
    assert explorer.caption == words


def test_a_moved_explorer_equals_a_new_one_in_the_same_state(explorer):
    new = timeline_explorer()
    explorer.move(theme="language")
    for one in (explorer, new):
        one.move(kind="unit", theme="vision", century=21)
    assert np.array_equal(pixels(explorer), pixels(new))
    assert explorer.caption == new.caption


def test_every_control_has_a_label_of_its_own_and_is_reached_by_keyboard(explorer):
    controls = [*explorer.controls.values(), *explorer.buttons.values()]
    laid_out = [w for box in explorer.children if isinstance(box, ipywidgets.Box)
                for w in box.children]  # fmt: skip
    for control in controls:
        assert control.description
        assert control.tabbable is not False
        assert not control.disabled
        assert control in laid_out
    assert len({control.description for control in controls}) == len(controls)


def test_every_choice_shows_a_label_at_the_start(explorer):
    controls = explorer.controls
    labels = [controls[name].label for name in ("kind", "century", "theme", "entry")]
    assert labels == ["all kinds", "both centuries", "all themes", "1941 A. S. Householder"]
    assert controls["search"].placeholder


def test_no_two_entries_have_one_name_in_the_list(explorer):
    shown = [name for name, _ in explorer.controls["entry"].options]
    assert len(set(shown)) == len(shown)


def test_an_unknown_control_is_refused(explorer):
    with pytest.raises(InvalidValueError, match="control"):
        explorer.move(topic="vision")
    assert repr(explorer) == "Explorer: timeline (5 controls; needs a running kernel)"
