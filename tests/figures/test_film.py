"""A film keeps its frames once, says them in words, and moves without a script."""

import base64
import html
import io
import re
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image, ImageChops

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures import Film
from relukit.figures.canvas import DPI, SHARP, Picture, panels
from relukit.figures.film import MOST_BYTES, MOST_FRAMES, settle_alike

SVG = "{http://www.w3.org/2000/svg}"
WORDS = ["It is flat & still.", "It rises.", "It rises more."]
ALT = "A line rises from level to steep."


def frame(number: int) -> Picture:
    picture, (axes,) = panels(size=(2, 1.5))
    axes.plot([0, 1], [0, number])
    axes.set(xlim=(0, 1), ylim=(0, 3))
    return picture


def barely_narrower() -> Picture:
    """Return a picture whose width rounds to the others' on a page, and is stored with fewer."""
    picture, _ = panels(size=(1.996, 1.5))
    assert picture.shown == frame(0).shown
    return picture


def blunt(number: int = 0) -> Picture:
    picture = frame(number)
    picture.set_dpi(DPI)
    return picture


@pytest.fixture(scope="module")
def film() -> Film:
    return Film(frame, WORDS, alt=ALT, still=1)


def drawing(film: Film) -> ElementTree.Element:
    """Return the SVG inside the one image of a film's HTML."""
    (address,) = re.findall(r'src="data:image/svg\+xml,([^"]+)"', page(film))
    return ElementTree.fromstring(urllib.parse.unquote(html.unescape(address)))


def page(film: Film) -> str:
    return film._repr_mimebundle_()[0]["text/html"]


def painted(film: Film) -> list[Image.Image]:
    """Return what the SVG shows frame by frame, each painted over those before it."""
    svg = drawing(film)
    paper, found = Image.new("RGB", tuple(map(int, svg.get("viewBox").split()[2:]))), []
    for group in svg.findall(f"{SVG}g"):
        for part in group.findall(f"{SVG}image"):
            data = base64.b64decode(part.get("href").split(",")[1])
            image = Image.open(io.BytesIO(data)).convert("RGBA")
            assert image.size == (int(part.get("width")), int(part.get("height")))
            paper.paste(image, (int(part.get("x")), int(part.get("y"))), image)
        found.append(paper.copy())
    return found


def test_each_frame_is_painted_as_it_was_drawn(film):
    for number, image in enumerate(painted(film)):
        difference = ImageChops.difference(image, frame(number).pixels())
        assert np.asarray(difference).max() <= 32  # of 255: 256 colours for all frames together
    assert len(painted(film)) == len(WORDS)


def test_a_frame_is_stored_as_what_has_changed_and_only_once(film):
    first, *later = drawing(film).findall(f"{SVG}g")
    bytes_of = [sum(len(part.get("href")) for part in g) for g in (first, *later)]
    assert max(bytes_of[1:]) < 0.6 * bytes_of[0]
    assert page(film).count("base64,") == sum(len(g) for g in (first, *later))


def test_a_frame_like_the_one_before_it_costs_nothing():
    twice = Film([frame(1), frame(1)], WORDS[:2], alt=ALT)
    assert [len(group) for group in drawing(twice).findall(f"{SVG}g")] == [1, 0]


def test_captions_and_frames_may_come_one_by_one(film):
    again = Film((frame(i) for i in range(3)), (words for words in WORDS), alt=ALT, still=1)
    assert again._repr_mimebundle_() == film._repr_mimebundle_()


def test_a_function_may_move_one_picture_and_give_it_again(film):
    picture = frame(0)
    (axes,) = picture.axes

    def moved(number: int) -> Picture:
        axes.get_lines()[0].set_ydata([0, number])
        return picture

    assert Film(moved, WORDS, alt=ALT, still=1)._repr_mimebundle_() == film._repr_mimebundle_()


def test_the_output_is_html_a_sharp_still_picture_and_the_description(film):
    bundle, metadata = film._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert bundle["text/plain"] == repr(film) == ALT
    assert metadata == {"image/png": {"alt": ALT, "width": 2 * DPI, "height": 1.5 * DPI}}
    still = Image.open(io.BytesIO(bundle["image/png"]))
    assert still.size == (2 * DPI * SHARP, 1.5 * DPI * SHARP)
    difference = ImageChops.difference(still.convert("RGB"), painted(film)[1])
    assert np.asarray(difference).max() <= 30


def test_a_film_shows_itself_once_as_a_picture_does(film, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **how: shown.append((args, how)))
    film._ipython_display_()
    bundle, metadata = film._repr_mimebundle_()
    assert shown == [((bundle,), {"metadata": metadata, "raw": True})]


def test_the_same_frames_give_the_same_bytes(film):
    again = Film([frame(number) for number in range(3)], WORDS, alt=ALT, still=-2)
    assert again._repr_mimebundle_() == film._repr_mimebundle_()


def test_without_a_script_there_are_an_image_to_fold_away_and_every_caption(film):
    """JupyterLab leaves no more of an output that it does not trust."""
    left = re.sub(r"<(style|script)>.*?</\1>", "", page(film), flags=re.DOTALL)
    assert re.findall(r"<li>(.*)</li>", left) == [html.escape(words) for words in WORDS]
    assert re.search(rf'<details open>\n<summary>.*</summary>\n<img alt="{ALT}"', left)
    assert not re.search(r"<(button|input|picture|source)|\son\w+=", left)


def test_it_moves_by_css_and_stands_still_on_paper_and_under_reduced_motion(film):
    style = drawing(film).find(f"{SVG}style").text
    moves, *queries = style.split("@media ")
    assert re.findall(r"\.f(\d)\{animation:f\1 (\S+)s step-end infinite\}", moves) == [
        ("1", "4"), ("2", "4")
    ]  # fmt: skip
    assert [query.split("{")[0] for query in queries] == [
        "print",
        "(prefers-reduced-motion:reduce)",
    ]
    assert all("g{animation:none!important}.later{visibility:hidden}" in q for q in queries)
    later = [g.get("class") for g in drawing(film).findall(f"{SVG}g")]
    assert later == ["f0", "f1", "f2 later"]


def test_no_dollar_sign_is_taken_for_a_formula(film):
    """The pages of the course turn what stands between two of them into MathML."""
    assert "$" not in page(film)


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"frames": [frame(0)]}, InvalidValueError, "3 frames of one size"),
        ({"frames": [frame(0), frame(1), panels(size=(3, 2))[0]]}, InvalidValueError, "2 size"),
        ({"frames": [frame(0), frame(1), barely_narrower()]}, InvalidValueError, "2 size"),
        ({"frames": [frame(0), frame(1), blunt()]}, InvalidValueError, "200 dots .* one of 100"),
        ({"frames": blunt}, InvalidValueError, "200 dots"),
        ({"frames": [frame(0), frame(1), "a.png"]}, InvalidTypeError, "a Picture"),
        ({"frames": frame(0)}, InvalidTypeError, "a list of pictures"),
        ({"frames": None}, InvalidTypeError, "a list of pictures"),
        ({"captions": None}, InvalidTypeError, "list of captions, got None"),
        ({"captions": 3}, InvalidTypeError, "list of captions"),
        ({"captions": (c for c in ("a", None))}, InvalidTypeError, r"captions, got \['a', None\]"),
        ({"captions": "abc"}, InvalidTypeError, "list of captions"),
        ({"captions": ["a", "b", 3]}, InvalidTypeError, "list of captions"),
        ({"captions": ["a", "b", " "]}, InvalidValueError, "one line of words"),
        ({"captions": ["a", "b", "c\nd"]}, InvalidValueError, "one line of words"),
        ({"captions": ["a", "b", "c\rd"]}, InvalidValueError, "one line of words"),
        ({"captions": ["a", "b", "c\u2028d"]}, InvalidValueError, "one line of words"),
        ({"captions": ["a", "b", "c\x00"]}, InvalidValueError, "one line of words"),
        ({"captions": ["a", "b", "from $5 to $6"]}, InvalidValueError, "dollar"),
        ({"alt": "From $5 to $6."}, InvalidValueError, "dollar"),
        ({"alt": "One.\rTwo."}, InvalidValueError, "one line"),
        ({"captions": ["a"]}, InvalidValueError, f"2 to {MOST_FRAMES} frames"),
        ({"captions": ["a"] * (MOST_FRAMES + 1)}, InvalidValueError, f"2 to {MOST_FRAMES} frames"),
        ({"alt": "No full stop"}, InvalidValueError, "full stop"),
        ({"still": 3}, InvalidValueError, "still"),
        ({"seconds": 0}, InvalidValueError, "seconds"),
    ],
)
def test_what_makes_no_film_is_refused(changed, error, said):
    arguments = {"frames": frame, "captions": WORDS, "alt": ALT} | changed
    with pytest.raises(error, match=said):
        Film(arguments.pop("frames"), arguments.pop("captions"), **arguments)


@pytest.mark.slow
def test_a_film_of_more_than_a_megabyte_is_refused_and_says_what_to_do():
    def noise(number: int) -> Picture:
        picture, (axes,) = panels(size=(6.5, 4))
        axes.imshow(np.random.default_rng(number).random((400, 650, 3)), aspect="auto")
        return picture

    with pytest.raises(InvalidValueError, match="fewer or smaller frames") as refused:
        Film(noise, ["Noise."] * 4, alt="Noise everywhere.")
    assert f"{MOST_BYTES / 1e6:g} MB at most" in str(refused.value)


@pytest.mark.slow
def test_a_film_keeps_none_of_its_frames_which_would_fill_a_notebook():
    code = """
import gc, weakref
from relukit.figures import Film
from relukit.figures.canvas import panels
seen = []
def frame(number):
    picture, _ = panels(size=(2, 1.5))
    seen.append(weakref.ref(picture))
    return picture
film = Film(frame, ["One.", "Two."], alt="Nothing.")
gc.collect()
print([picture() for picture in seen])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[None, None]"


def test_frames_settled_alike_have_their_axes_in_the_same_places():
    wide, narrow = (panels(2)[0] for _ in range(2))
    wide.axes[0].set_ylabel("words that\ntake room")
    narrow.axes[0].set(aspect="equal")
    [*settle_alike([wide, narrow])]
    narrow.png()
    for one, other in zip(wide.axes, narrow.axes, strict=True):
        boxes = [axes.get_position(original=True).bounds for axes in (one, other)]
        assert boxes[0] == boxes[1]
    own, _ = panels(2)
    own.settle()
    assert own.axes[0].get_position().x0 != narrow.axes[0].get_position(original=True).x0


def test_pictures_of_different_axes_have_no_common_layout():
    with pytest.raises(InvalidValueError, match="as many axes"):
        [*settle_alike([panels(1)[0], panels(2)[0]])]
