"""Capital letters in many fonts, drawn askew and in noise: harder than digits, and offline."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from relukit.datasets.dataset import Dataset
from relukit.errors import InvalidTypeError
from relukit.quantities import seed_number
from relukit.streams import number

if TYPE_CHECKING:
    from PIL import Image

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# all come with Matplotlib
FONTS = (
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono"),
    *("DejaVuSansMono-Bold", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "STIXGeneral"),
    *("STIXGeneralBol", "STIXGeneralItalic", "cmb10", "cmr10", "cmss10", "cmtt10", "cmmi10"),
)
HELD_OUT = ("DejaVuSerif", "STIXGeneralBolIta", "cmti10")
SIDE = 20  # pixels of an image, along each side
_SHEET, _POINTS = 96, 64  # pixels of the sheet that a letter is drawn on, and its size there
_TURN, _SHEAR, _SHIFT = 12.0, 0.15, 2.0  # degrees, dimensionless, pixels of an image
_SIZES, _INK, _NOISE = (0.8, 1.25), (0.5, 1.0), 0.15


def letters(*, seed: int = 0, held_out: bool = True) -> Dataset:
    """Return 6000 images of capitals to train on and 1500 to test, 20 x 20 grey values each.

    Each is drawn in one of 15 fonts, then turned (12 degrees, one standard deviation), sheared
    (0.15), shifted (up to 2 pixels), made larger or smaller (by up to 1.25) and paler (down to
    half), and put into normal noise of 0.15 of full ink. Every letter is as frequent as the others.

    How hard they are: of the test part in held-out fonts (in known fonts) the nearest neighbour
    names 35.7 % (42.3 %) right, a linear model 23.3 % (25.5 %), a network 400-256-128-26 42.5 %
    (47.4 %), and a small convolutional one, 8 and 16 filters of 5 x 5, 72.3 % (76.7 %). These are
    means of 16 seeds, after 600 steps of Adam at a rate chosen on other seeds, as
    `benchmarks/reading.py` measures them.

    Args:
        seed: which images are drawn, 0 to 2**32 - 1.
        held_out: True draws the test part in 3 fonts that the training part does not have, False
            in the same fonts.

    Returns:
        A Dataset of float32 inputs (n, 400), row by row, dimensionless, with mean 0 and standard
        deviation 1 over all pixels of the training part, and labels 0 (A) to 25 (Z).

    Raises:
        InvalidTypeError: a seed that is no integer, or a held_out that is neither True nor False.
        InvalidValueError: a seed out of range.

    Conventions: the same seed has the same training part with either test part. Another version of
        FreeType may draw an edge's pixels a little otherwise.

    Example:
        >>> letters()
        Dataset('letters': 6000 train + 1500 test, 400 features, 26 classes, torch.float32 on cpu)
    """
    seed = seed_number(seed, bits=32)
    if not isinstance(held_out, bool):
        raise InvalidTypeError(
            "True or False as held_out",
            type(held_out).__name__,
            "pass True for a test part in other fonts",
        )
    x_train, y_train = _drawn(6000, FONTS, number(seed, "letters to train on"))
    fonts, purpose = (HELD_OUT, "letters held out") if held_out else (FONTS, "letters to test")
    x_test, y_test = _drawn(1500, fonts, number(seed, purpose))
    mean, std = x_train.mean(), x_train.std()
    return Dataset(
        name="letters",
        x_train=torch.from_numpy((x_train - mean) / std),
        y_train=torch.from_numpy(y_train),
        x_test=torch.from_numpy((x_test - mean) / std),
        y_test=torch.from_numpy(y_test),
        n_classes=len(CAPITALS),
        source="capitals of the fonts that come with Matplotlib, drawn askew and in noise",
    )


def _drawn(n: int, fonts: tuple[str, ...], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images float32 (n, 400), with ink 1 at most but for the noise, and labels (n,)."""
    from PIL import Image

    random = np.random.default_rng(seed)
    labels = random.permutation(np.arange(n) % len(CAPITALS))
    font = random.integers(len(fonts), size=n)
    turn = np.radians(random.normal(0, _TURN, n))
    step = _SHEET / SIDE / random.uniform(*_SIZES, n)  # pixels of the sheet to one of the image
    shear = random.normal(0, _SHEAR, n)
    away = SIDE / 2 + random.uniform(-_SHIFT, _SHIFT, (2, n))
    # where a pixel of the image lies on the sheet: both axes, then the middle onto the middle
    a, b = step * np.cos(turn), step * (shear - np.sin(turn))
    c, d = step * np.sin(turn), step * np.cos(turn)
    left, top = _SHEET / 2 - a * away[0] - b * away[1], _SHEET / 2 - c * away[0] - d * away[1]
    images = np.empty((n, SIDE, SIDE), dtype=np.float32)
    for i, where in enumerate(np.stack([a, b, left, c, d, top], 1).tolist()):
        sheet = _sheet(fonts[font[i]], CAPITALS[labels[i]])
        how = Image.Transform.AFFINE, where, Image.Resampling.BILINEAR
        images[i] = np.asarray(sheet.transform((SIDE, SIDE), *how))
    images *= random.uniform(*_INK, (n, 1, 1)) / 255
    images += random.normal(0, _NOISE, images.shape)
    return images.reshape(n, SIDE * SIDE), labels.astype(np.int64)


@cache
def _sheet(font: str, letter: str) -> "Image.Image":
    """Return a letter in white on black, in the middle of a sheet."""
    import matplotlib
    from PIL import Image, ImageDraw, ImageFont

    file = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")
    face = ImageFont.truetype(file, _POINTS)
    sheet = Image.new("L", (_SHEET, _SHEET))
    draw = ImageDraw.Draw(sheet)
    left, top, right, bottom = draw.textbbox((0, 0), letter, font=face)
    middle = (_SHEET - left - right) / 2, (_SHEET - top - bottom) / 2
    draw.text(middle, letter, font=face, fill=255)
    return sheet
