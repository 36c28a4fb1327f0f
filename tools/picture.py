"""Write the pictures of the README: the race of lesson 00, and a card a page (`make picture`).

docs/race.png moves: an animated PNG does wherever Markdown is shown. It plays once and stops at its
last frame, which is also what a viewer shows that knows no animation. docs/race_begins.png is its
first frames, at whose end the later winner isn't ahead: all that is shown before the question.
docs/cards/ has the stored picture that site/cards.toml names for each page, small.
"""

import base64
import io
import sys
import tomllib
from pathlib import Path

import nbformat
from facts import HEIGHT, WIDTH, card_of
from nbformat import NotebookNode
from PIL import Image, PngImagePlugin

from relukit.errors import UnavailableError
from relukit.figures.encoding import shades
from relukit.figures.film import Film, keeping_frames
from relukit.files import replaced
from relukit.lessons.start.figures.race import TITLES, race
from relukit.syllabus import COURSE, Lesson

FILE = Path(__file__).parents[1] / "docs" / "race.png"
BEGINS = FILE.with_name("race_begins.png")
MOST_BYTES = 1_000_000
CALLS = FILE.parents[1] / "site" / "cards.toml"
MOST_OF_A_CARD = 25_000  # bytes
COLOURS = 48
FIRST = 3  # frames of the race: later ones tell who wins
CARD = (2 * WIDTH, 2 * HEIGHT)  # pixels


def animated(film: Film) -> bytes:
    """Return a film as an animated PNG of twice the size at which it is shown, alt text inside.

    Args:
        film: its frames follow one another as they do in the lesson.
    """
    images = [frame.pixels() for frame in film.frames]
    width, height = images[0].size
    every = Image.new("RGB", (width, height * len(images)))
    for number, image in enumerate(images):
        every.paste(image, (0, height * number))
    palette = shades(every)
    still, *frames = (
        image.quantize(palette=palette, dither=Image.Dither.NONE)
        for image in (images[film.still], *images)
    )
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Description", film.alt)
    out = io.BytesIO()
    still.save(
        out,
        format="png",
        save_all=True,
        append_images=frames,
        default_image=True,
        duration=round(1000 * film.seconds),
        loop=1,
        pnginfo=notes,
        optimize=True,
    )
    return out.getvalue()


def beginning(film: Film) -> Film:
    """Return the first frames of the race, before it can be seen who wins."""
    kinds = ", ".join(f"“{name}”" for name in TITLES.values())
    alt = f"Four kinds of network begin to learn one spiral: {kinds}. None of them is ahead yet."
    with keeping_frames():
        return Film(film.frames[:FIRST], film.captions[:FIRST], alt=alt, seconds=film.seconds)


def stored(lesson: Lesson, call: str = "") -> NotebookNode:
    """Return the stored output with a picture of the cell that begins so.

    Args:
        lesson: a page of the course.
        call: how the cell begins; "" for the one that stands for the page, in site/cards.toml.

    Raises:
        UnavailableError: no cell of the notebook begins so and stores a picture.
    """
    call = call or tomllib.loads(CALLS.read_text(encoding="utf-8"))[lesson.name]
    path = CALLS.parents[1] / lesson.notebook
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and cell.source.startswith(call):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    return output
    expected = f"a cell {call!r} with a picture in {lesson.notebook}"
    raise UnavailableError(expected, "none", "name another in site/cards.toml")


def card(output: NotebookNode) -> bytes:
    """Return a stored picture small, on white, as large as all cards are; as PNG of few colours."""
    image = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).convert("RGB")
    image.thumbnail(CARD, Image.Resampling.LANCZOS)
    paper = Image.new("RGB", CARD, "white")
    paper.paste(image, tuple((all_ - its) // 2 for all_, its in zip(CARD, image.size, strict=True)))
    out = io.BytesIO()
    paper.quantize(COLOURS, dither=Image.Dither.NONE).save(out, format="png", optimize=True)
    return out.getvalue()


def cards() -> int:
    """Write the cards, and return how many are too large."""
    too_large = 0
    for lesson in COURSE.values():
        data = card(stored(lesson))
        with replaced(FILE.parents[1] / card_of(lesson)) as stream:
            stream.write(data)
        too_large += len(data) > MOST_OF_A_CARD
        sys.stdout.write(f"wrote {card_of(lesson)}: {len(data) / 1e3:.1f} KB\n")
    return too_large


def main() -> int:
    """Write the files, and say how large they are and how the race is to stand in the README."""
    with keeping_frames():
        film = race()
    too_large = 0
    for path, shown in ((BEGINS, beginning(film)), (FILE, film)):
        data = animated(shown)
        with replaced(path) as stream:
            stream.write(data)
        width, height = shown.shown
        sys.stdout.write(f"wrote {path.name}: {len(data) / 1e6:.2f} MB, {width} x {height}\n")
        too_large += len(data) > MOST_BYTES
    return int(too_large + cards() > 0)


if __name__ == "__main__":
    raise SystemExit(main())
