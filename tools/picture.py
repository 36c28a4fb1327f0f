"""Write docs/race.png, the moving picture of the README: the race of lesson 00 (`make picture`).

An animated PNG moves wherever Markdown is shown. It plays once and stops at its last frame, which
is also what a viewer shows that knows no animation.
"""

import io
import sys
from pathlib import Path

from PIL import Image, PngImagePlugin

from relukit.figures.encoding import shades
from relukit.figures.film import Film
from relukit.files import replaced
from relukit.lessons.start.figures.race import race

FILE = Path(__file__).parents[1] / "docs" / "race.png"
MOST_BYTES = 1_000_000


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


def main() -> int:
    """Write the file, and say how large it is and how it is to stand in the README."""
    film = race()
    data = animated(film)
    with replaced(FILE) as stream:
        stream.write(data)
    width, height = film.shown
    sys.stdout.write(f"wrote {FILE.name}: {len(data) / 1e6:.2f} MB, {width} x {height}\n")
    return int(len(data) > MOST_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())
