"""The picture at the head of the README is the race of lesson 00, small enough for a first look."""

import base64
import io
import re
from pathlib import Path

import nbformat
import picture
import pytest
from facts import card_of
from PIL import Image, ImageChops

from relukit.figures.canvas import panels
from relukit.figures.film import Film, keeping_frames
from relukit.lessons.start.figures.race import TITLES, race
from relukit.syllabus import COURSE

ROOT = Path(__file__).parents[2]


def two_frames() -> Film:
    def frame(number):
        drawn, (axes,) = panels(size=(2, 1))
        axes.plot([0, 1], [0, number])
        return drawn

    return Film(frame, ["Flat.", "Steep."], alt="A line rises.")


def test_a_film_becomes_a_picture_that_plays_once_and_stands_still_at_its_last_frame():
    film = two_frames()
    made = Image.open(io.BytesIO(picture.animated(film)))
    assert (made.n_frames, made.info["loop"], made.info["default_image"]) == (3, 1, True)
    assert made.size == tuple(2 * side for side in film.shown)
    frames = []
    for number in range(3):
        made.seek(number)
        frames.append(made.convert("RGB"))
    still, first, last = frames
    assert ImageChops.difference(still, last).getbbox() is None
    assert ImageChops.difference(first, last).getbbox() is not None
    assert made.info["duration"] == 1000 * film.seconds


@pytest.mark.slow
def test_the_stored_picture_is_the_race_and_the_readme_says_what_is_seen():
    with keeping_frames():
        film = race()
    begins = picture.beginning(film)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    placed = re.findall(r'<img src="(.*?)" width="(\d+)" alt="(.+?)">', readme)
    for one, path, (source, width, alt) in zip(
        (begins, film), (picture.BEGINS, picture.FILE), placed, strict=True
    ):
        data = path.read_bytes()
        stored = Image.open(io.BytesIO(data))
        assert len(data) <= picture.MOST_BYTES
        assert stored.n_frames == len(one.frames) + 1
        assert stored.info["Description"] == one.alt
        assert (ROOT / source, int(width), alt) == (path, one.shown[0], one.alt)
        assert stored.size == one.frames[one.still].pixels().size


def leader(frame) -> str:
    """Return the kind of network with the highest mean, as the frame's description has it."""
    _, _, means = frame.alt.removesuffix(".").rpartition(": ")
    right = dict(re.fullmatch(r"(.+) (\d+) %", kind).groups() for kind in means.split(", "))
    return max(right, key=lambda kind: int(right[kind]))


@pytest.mark.slow
def test_what_is_shown_before_the_question_ends_with_another_one_ahead_than_the_race():
    with keeping_frames():
        film = race()
    begins = picture.beginning(film)
    assert leader(begins.frames[-1]) != leader(film.frames[-1])
    assert not any(name in " ".join(begins.captions) for name in TITLES.values())


def test_every_page_has_its_stored_picture_as_a_small_card_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for lesson in COURSE.values():
        data = (ROOT / card_of(lesson)).read_bytes()
        assert data == picture.card(picture.stored(lesson)), "run make picture"
        assert len(data) <= picture.MOST_OF_A_CARD
        (row,) = [line for line in readme.splitlines() if f'src="{card_of(lesson)}"' in line]
        assert f"({lesson.notebook})" in row


def test_a_card_keeps_the_shape_of_its_picture_on_white():
    out = io.BytesIO()
    Image.new("RGB", (1000, 200), "black").save(out, format="png")
    stored = {"image/png": base64.b64encode(out.getvalue()).decode()}
    output = nbformat.v4.new_output("display_data", stored)
    made = Image.open(io.BytesIO(picture.card(output))).convert("L")
    assert made.size == picture.CARD
    assert (made.getpixel((0, 0)), made.getpixel((150, 90))) == (255, 0)
