"""A film in the three places where learners meet it, in a real browser, and on paper."""

import base64
import io
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from lab import open_notebook, run_all
from nbconvert import HTMLExporter, LatexExporter, SlidesExporter
from PIL import Image
from stored_numbers import FILE
from traitlets.config.loader import PyFileConfigLoader

from relukit.lessons.definitions.figures import draw

ROOT = Path(__file__).parents[2]
# Playwright's event loop is closed by its own threads after the tests.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def film():
    return draw([0.0, 1.0, -0.5, 0.5, 0.2])


@pytest.fixture
def notebook(film) -> nbformat.NotebookNode:
    """Return a notebook whose one code cell shows the film, as it is stored."""
    source = "from relukit.lessons.definitions.figures import draw\n"
    cell = nbformat.v4.new_code_cell(f"{source}draw([0.0, 1.0, -0.5, 0.5, 0.2])")
    bundle, metadata = film._repr_mimebundle_()
    data = bundle | {"image/png": base64.b64encode(bundle["image/png"]).decode("ascii")}
    cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    cell.execution_count = 1
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    return nbformat.v4.new_notebook(cells=[cell], metadata=kernel)


def written(notebook, exporter, name: str) -> str:
    """Return the notebook as the course's own configuration writes it."""
    config = PyFileConfigLoader(name, path=str(ROOT / "docs")).load_config()
    return exporter(config=config).from_notebook_node(notebook)[0]


@pytest.fixture
def address(notebook, tmp_path) -> str:
    """Return the address of the notebook's page on the disk."""
    file = tmp_path / "film.html"
    file.write_text(written(notebook, HTMLExporter, "nbconvert_config.py"), encoding="utf-8")
    return file.as_uri()


def frames_of(element, n: int) -> int:
    """Return how many different images an element shows while it is looked at n times."""
    return len({element.screenshot() for _ in range(n)})


def drive(page, film, film_on_page) -> None:
    """Move a film by keys, by its slider and by its button, and read its caption each time."""
    said, last = film_on_page.locator("[role=status]"), len(film.captions) - 1
    button, slider = film_on_page.locator("button"), film_on_page.locator("input")
    stage = film_on_page.locator("svg")

    def now() -> int:
        number = film.captions.index(said.inner_text())
        assert slider.input_value() == str(number + 1)
        visible = (
            "frames => frames.filter(f => getComputedStyle(f).visibility === 'visible').length"
        )
        assert stage.locator("g").evaluate_all(visible) == number + 1
        return number

    assert now() == 0
    assert stage.get_attribute("aria-label") == film.alt
    looks = [stage.screenshot()]
    for control in (button, slider):
        control.focus()
        for key, then in [("End", last), ("ArrowLeft", last - 1), ("Home", 0), ("ArrowRight", 1)]:
            page.keyboard.press(key)
            assert now() == then
        looks.append(stage.screenshot())
    assert looks[1] == looks[2] != looks[0]
    slider.fill(str(last + 1))  # what dragging does
    assert now() == last
    assert said.get_attribute("aria-live") == "polite"
    button.press("Enter")
    assert button.inner_text() == "Pause"
    assert said.get_attribute("aria-live") == "off"
    page.wait_for_function("([said, words]) => said.textContent === words",
                           arg=[said.element_handle(), film.captions[2]])  # fmt: skip
    button.press("Enter")
    assert button.inner_text() == "Play"
    stopped = now()
    assert stopped >= 2
    button.press("Enter")
    page.wait_for_function("button => button.textContent === 'Play'", arg=button.element_handle())
    assert now() == last


@pytest.mark.browser
@pytest.mark.parametrize("server", ["JupyterLab Dark"], indirect=True)
def test_in_jupyterlab_a_film_moves_by_itself_until_it_is_trusted_and_then_has_a_player(
    server, page, axe, film, notebook, tmp_path
):
    nbformat.write(notebook, tmp_path / "course" / "film.ipynb")
    panel = open_notebook(page, server, "film.ipynb")
    ours = panel.locator(".relukit-film")
    image = ours.locator("img")
    assert image.get_attribute("alt") == film.alt
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == list(film.shown)
    assert panel.locator(".relukit-film :is(script, style, button, svg)").count() == 0
    assert frames_of(image, 60) > 1
    ours.locator("summary").first.click()
    assert not image.is_visible()
    run_all(page, 1)
    panel.locator(".relukit-film[data-player]").wait_for()
    ours = panel.locator(".relukit-film")
    assert not ours.locator("img").is_visible()
    drive(page, film, ours)
    ours.locator("button").focus()
    page.keyboard.press("x")  # JupyterLab would cut the cell
    assert axe(page, ".relukit-film") == []


@pytest.mark.browser
def test_on_a_page_without_a_kernel_a_film_is_played_by_keys_slider_and_button(
    browser, axe, film, address
):
    page = browser.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    assert frames_of(page.locator(".relukit-film svg"), 20) == 1  # until somebody plays it
    drive(page, film, page.locator(".relukit-film"))
    assert axe(page) == []
    assert errors == []
    assert not [url for url in asked if url.startswith("http")]
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("browser", ["--force-prefers-reduced-motion"], indirect=True)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_film_stands_still_where_the_system_asks_for_reduced_motion(browser, address, scripts):
    """The switch is what the system would say; what Playwright emulates reaches no image."""
    page = browser.new_page(java_script_enabled=scripts)
    page.goto(address)
    picture = page.locator(".relukit-film svg" if scripts else ".relukit-film img")
    assert frames_of(picture, 60) == 1
    page.close()


@pytest.mark.browser
def test_without_a_script_a_film_moves_by_itself_and_can_be_folded(browser, film, address):
    page = browser.new_page(java_script_enabled=False)
    page.goto(address)
    assert frames_of(page.locator(".relukit-film img"), 60) > 1
    page.locator(".relukit-film summary").first.click()
    assert not page.locator(".relukit-film img").is_visible()
    page.close()


@pytest.mark.browser
def test_on_paper_a_film_is_one_frame_and_its_caption(browser, film, address):
    page = browser.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    assert (
        not page.locator(".relukit-film :is(button, input, summary)")
        .locator("visible=true")
        .count()
    )
    assert page.locator(".relukit-film p").locator("visible=true").all_inner_texts() == [
        film.captions[-1]
    ]
    visible = "frames => frames.every(f => getComputedStyle(f).visibility === 'visible')"
    assert page.locator(".relukit-film g").evaluate_all(visible)
    page.close()


def test_slides_and_a_pdf_show_the_still_picture(film, notebook):
    slides = written(notebook, SlidesExporter, "slides_config.py").split("<script>")[0]
    assert "relukit-film" not in slides
    (alt,) = re.findall(r'alt="([^"]+)"', slides)
    assert alt == film.alt
    _, resources = LatexExporter().from_notebook_node(notebook)
    (picture,) = resources["outputs"].values()
    assert Image.open(io.BytesIO(picture)).size == tuple(2 * side for side in film.shown)


@pytest.mark.parametrize(
    ("stored", "again"),
    [("IHDR", "IHDR"), ("data:image/svg+xml,", "data:image/svg+xml,other"), ("ReLU 2", "ReLU 9")],
    ids=["as it is", "another drawing", "another caption"],
)
def test_nbval_compares_the_words_of_a_film_and_not_its_drawing(notebook, tmp_path, stored, again):
    data = notebook.cells[0].outputs[0].data
    assert stored == again or stored in data["text/html"]
    data["text/html"] = data["text/html"].replace(stored, again)
    nbformat.write(notebook, tmp_path / "film.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env"]
    command += ["--nbval-sanitize-with", FILE, tmp_path / "film.ipynb"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True)
    assert run.returncode == (stored == "ReLU 2"), run.stdout.decode()
