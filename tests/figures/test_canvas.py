"""A picture is an image and a sentence, drawn in the house style, which it leaves as it was."""

import functools
import io

import matplotlib
import nbclient
import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from pictures.definitions import made
from PIL import Image, ImageChops

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import drawn, house_style, panels
from relukit.figures.encoding import encode
from relukit.lessons.definitions import figures as definitions


@functools.cache
def image_of(name: str) -> bytes:
    return made(name).png()


def test_a_picture_gives_its_sentence_as_text_and_as_metadata_of_its_image():
    bundle, metadata = made("cells")._repr_mimebundle_()
    assert bundle == {"image/png": image_of("cells"), "text/plain": made("cells").alt}
    assert metadata == {"image/png": {"alt": made("cells").alt, "width": 650, "height": 540}}
    assert made("cells").png() == image_of("cells")


def test_a_picture_is_stored_twice_as_wide_and_high_as_it_is_shown_and_looks_the_same():
    """Of 255 levels none is further off than 32; the paper and the commonest area are exact."""
    drawn_as, stored = made("cells").pixels(), Image.open(io.BytesIO(image_of("cells")))
    assert stored.mode == "P"
    assert stored.size == drawn_as.size == (1300, 1080)
    off = ImageChops.difference(stored.convert("RGB"), drawn_as)
    assert np.asarray(off).max() <= 32
    assert np.asarray(off).mean() < 0.5
    counts = sorted(drawn_as.getcolors(drawn_as.width * drawn_as.height), reverse=True)
    kept = {colour for _, colour in stored.convert("RGB").getcolors()}
    assert {colour for _, colour in counts[:2]} <= kept


def test_a_notebook_shows_one_image_with_its_description_whatever_else_was_imported():
    make = "from relukit.lessons.definitions.figures import rectifier\n"
    cells = [
        f"import sys\n{make}'matplotlib.pyplot' in sys.modules",
        "rectifier()",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nrectifier()",
        "picture = rectifier()",
        "plt.get_fignums()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbclient.NotebookClient(notebook, timeout=60).execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert outputs[0][0].data["text/plain"] == "False"
    alt = definitions.rectifier().alt
    for shown in outputs[1:3]:
        (output,) = shown
        assert set(output.data) == {"image/png", "text/plain"}
        assert output.data["text/plain"] == alt
        assert output.metadata["image/png"] == {"alt": alt, "width": 650, "height": 270}
    assert outputs[1][0].data == outputs[2][0].data
    assert not outputs[3]
    assert outputs[4][0].data["text/plain"] == "[]"
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert page.count(f'alt="{alt}"') == 2
    assert page.count('width="650"') == page.count('height="270"') == 2


@pytest.mark.parametrize("sentence", ["", "No full stop", "Two\nlines.", "Two\rlines."])
def test_a_description_that_is_no_sentence_is_refused(sentence):
    picture, _ = panels()
    with pytest.raises(InvalidValueError, match="full stop"):
        picture.alt = sentence
    with pytest.raises(InvalidTypeError):
        picture.alt = None


def test_a_drawing_function_must_return_a_picture_that_describes_itself():
    with pytest.raises(InvalidTypeError, match="Picture"):
        drawn(lambda: None)()
    with pytest.raises(InvalidValueError, match="description"):
        drawn(lambda: panels()[0])()


def test_the_house_style_restores_settings_after_an_error():
    before = dict(matplotlib.rcParams)
    with pytest.raises(ZeroDivisionError), house_style():
        1 / 0  # noqa: B018 - the error is the point
    assert dict(matplotlib.rcParams) == before


def test_what_is_encoded_fast_looks_the_same_and_is_about_half_as_large_again():
    image = made("cells").pixels()
    slow, fast = encode(image), encode(image, fast=True)
    assert 1.2 < len(fast) / len(slow) < 2.5
    for data in (slow, fast):
        difference = ImageChops.difference(Image.open(io.BytesIO(data)).convert("RGB"), image)
        assert np.asarray(difference).mean() < 2  # of 255
