"""What every figure of every lesson keeps to: described, readable by anybody, and no side effects.

The figures are those that the tests of the lessons' figures read.
"""

import functools
import importlib
import io
import itertools

import matplotlib
import numpy as np
import pytest
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image

from relukit import syllabus
from relukit.figures.canvas import FAINT, INK, PALETTE, SHARP, Picture
from relukit.figures.meaning import means, methods_in

LESSONS = {
    folder.name: importlib.import_module(f"pictures.{folder.name}")
    for folder in map(syllabus.folder, syllabus.COURSE)
    if (folder / "figures").is_dir()
}
FIGURES = {
    f"{lesson} {name}": (pictures, name)
    for lesson, pictures in LESSONS.items()
    for name in pictures.MAKERS
}
MOST_BYTES = {"history time_line": 130_000}  # a list of names: letters take more than curves
PAPER, DARK = "#ffffff", "#111111"  # a picture's own white, and the page of JupyterLab's dark theme
every_figure = pytest.mark.parametrize("figure", FIGURES)


def made(figure: str) -> Picture:
    """Return a figure that tests only read; the tests of its lesson read the same one."""
    pictures, name = FIGURES[figure]
    return pictures.made(name)


@functools.cache
def image_of(figure: str) -> bytes:
    return made(figure).png()


def contrast(one, other) -> float:
    """Return the contrast ratio of two colours by the W3C's formula, written out as an oracle."""

    def luminance(colour) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgba(colour)[:3]
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def seen(colour, alpha=None) -> tuple:
    """Return a colour as it looks on white paper."""
    *channels, opacity = to_rgba(colour, alpha)
    return tuple(opacity * c + 1 - opacity for c in channels)


def colours(artist) -> list:
    """Return the colours of which one must be seen for the artist to be seen."""
    if isinstance(artist, Line2D):
        stroke = [artist.get_color()] if artist.get_linestyle() != "None" else []
        if artist.get_marker() not in ("None", "", None):
            stroke = [artist.get_markeredgecolor()]
        return [seen(c, artist.get_alpha()) for c in stroke]
    if isinstance(artist, Collection):
        return [seen(c) for c in (*artist.get_facecolor(), *artist.get_edgecolor())]
    return [seen(artist.get_facecolor()), seen(artist.get_edgecolor())]


def marks(axes) -> list:
    """Return the artists that carry data: lines with points, areas, and patches but the frame's."""
    kinds = (Line2D, Collection, Patch)
    found = [a for a in axes.get_children() if isinstance(a, kinds) and a is not axes.patch]
    return [a for a in found if not isinstance(a, Line2D) or len(a.get_xdata())]


def test_every_function_of_the_figure_packages_is_looked_at():
    for lesson, pictures in LESSONS.items():
        makers = pictures.MAKERS.values()
        called = {name for maker in makers for name in maker.__code__.co_names}
        called |= {maker.__name__ for maker in makers}
        figures = importlib.import_module(f"relukit.lessons.{lesson}.figures")
        assert set(figures.__all__) <= called


@pytest.mark.parametrize("background", [PAPER, DARK])
@pytest.mark.parametrize("colour", [*PALETTE.values(), FAINT], ids=[*PALETTE, "faint"])
def test_every_colour_reaches_three_to_one_on_the_light_and_the_dark_page(colour, background):
    assert contrast(colour, background) >= 3


@pytest.mark.slow
@every_figure
def test_a_figure_says_what_is_seen_and_labels_its_axes(figure):
    picture = made(figure)
    assert isinstance(picture, Picture)
    assert repr(picture) == picture.alt
    assert picture.alt.endswith(".")
    assert len(picture.alt.split()) >= 8
    if framed := [axes for axes in picture.axes if axes.axison and not axes.get_images()]:
        assert all(axes.get_title(loc="left") for axes in framed)
        assert framed[-1].get_xlabel()
        assert framed[0].get_ylabel() or framed[0].get_yticklabels()


def test_no_two_figures_say_the_same():
    assert len({made(figure).alt for figure in FIGURES}) == len(FIGURES)


@every_figure
def test_what_carries_data_reaches_three_to_one_on_paper_as_it_is_drawn(figure):
    for axes in made(figure).axes:
        for mark in marks(axes):
            ratios = [contrast(colour, PAPER) for colour in colours(mark)]
            assert max(ratios, default=3) >= 3, (mark, mark.get_gid(), ratios)


@every_figure
def test_words_reach_four_and_a_half_to_one_on_what_they_stand_on(figure):
    blue = PALETTE["blue"]
    for axes in made(figure).axes:
        words = [axes.xaxis.label, axes.yaxis.label, axes._left_title, *axes.texts]
        words += [*axes.get_xticklabels(), *axes.get_yticklabels()]
        used = {to_hex(word.get_color()) for word in words if word.get_text()}
        assert used <= {INK, PAPER}
        if PAPER in used:  # white words stand on blue marks
            assert contrast(PAPER, blue) >= 4.5
            areas = [line.get_markerfacecolor() for line in axes.lines]
            areas += [patch.get_facecolor() for patch in axes.patches]
            assert blue.lower() in map(to_hex, areas)


@every_figure
def test_lines_of_different_colour_also_differ_in_dash_or_marker(figure):
    """A bar of a mean ("_") has the colour of the dots around it, and a place of its own."""
    for axes in made(figure).axes:
        looks = {}
        groups = [group for group in axes.containers if hasattr(group, "has_yerr")]
        caps = {cap for group in groups for cap in group.lines[1]}
        for line in set(axes.get_lines()) - caps:
            if len(line.get_xdata()) and line.get_marker() != "_":
                width = 0 if line.get_linewidth() < 1 else 1
                look = (str(line._dash_pattern[1]), line.get_marker(), line.get_markersize(), width)
                looks.setdefault(look, set()).add(to_hex(line.get_color()))
        assert all(len(found) == 1 for found in looks.values()), looks


@every_figure
def test_a_method_that_is_named_has_its_colour_of_the_course_or_a_neutral_one(figure):
    neutral = {INK, FAINT, PALETTE["grey"]}
    for axes in made(figure).axes:
        for line in axes.get_lines():
            for words in (line.get_label(), line.get_gid()):
                if methods := methods_in(words):
                    allowed = {means(methods[0])["color"], *neutral}
                    assert to_hex(line.get_color()).upper() in allowed, words


@every_figure
def test_areas_of_different_colour_also_differ_in_hatch_or_lie_along_a_line(figure):
    for axes in made(figure).axes:
        filled = [p for p in axes.patches if p.get_fill() and p.get_facecolor()[3]]
        looks = {}
        for patch in filled:
            looks.setdefault(patch.get_hatch() or "", set()).add(to_hex(patch.get_facecolor()))
        assert all(len(found) == 1 for found in looks.values()), looks


@every_figure
def test_an_image_is_still_told_apart_without_its_hue(figure):
    for axes in made(figure).axes:
        for image in axes.get_images():
            assert isinstance(image, AxesImage)
            greys = [contrast(image.get_cmap()(level), PAPER) for level in (0.0, 0.5, 1.0)]
            assert len(set(np.sign(np.diff(greys))) - {0}) == 1
            assert max(greys) / min(greys) >= 3


@pytest.mark.slow
@every_figure
def test_a_figure_is_a_small_image_with_its_sentence_inside(figure):
    assert len(image_of(figure)) < MOST_BYTES.get(figure, 60_000)  # 80 kB in a notebook
    image = Image.open(io.BytesIO(image_of(figure)))
    assert image.width == SHARP * made(figure).shown[0] <= 1400
    assert image.text["Description"] == made(figure).alt


@pytest.mark.slow
@every_figure
def test_a_figure_is_the_same_again_and_neither_reads_nor_changes_global_settings(figure):
    pictures, name = FIGURES[figure]
    own = {"figure.facecolor": "black", "font.size": 20, "axes.grid": False, "axes.labelpad": 30}
    with matplotlib.rc_context(own):
        before = dict(matplotlib.rcParams)
        again = pictures.MAKERS[name]()
        assert again.png() == image_of(figure)
        assert again.alt == made(figure).alt
        assert dict(matplotlib.rcParams) == before


@pytest.mark.slow
@every_figure
def test_no_words_leave_the_image_or_cover_each_other(figure):
    picture, _ = made(figure), image_of(figure)
    width, height = picture.bbox.width, picture.bbox.height
    for axes in picture.axes:
        words = [axes.xaxis.label, axes.yaxis.label, axes._left_title, *axes.texts]
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            ticks = [tick for tick in axis.get_major_ticks() if axes.axison]
            words += [t.label1 for t in ticks if min(limits) <= t.get_loc() <= max(limits)]
        for word in words:
            if word.get_text() and word.get_visible():
                box = word.get_window_extent()
                inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
                assert inside, (word.get_text(), box)
    words = [w for a in picture.axes for w in (a._left_title, a.xaxis.label) if w.get_text()]
    boxes = [thing.get_window_extent() for thing in (*words, *picture.legends)]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
