"""Explorers on a page compute what the notebook's figures compute, and move by hand and by key."""

import gzip
import math
import re

import numpy as np
import pytest
import site_page
import torch
from relu_site import explorers as pages
from relu_site.lean import lean

from relukit.activations import relu
from relukit.lessons.definitions.explorers import hinge_builder
from relukit.lessons.definitions.explorers.hinges import least_squares
from relukit.lessons.definitions.figures.builder import HingeFigure, X
from relukit.lessons.definitions.figures.fold import moments, moved
from relukit.lessons.definitions.figures.unit import UnitFigure

pytestmark = pytest.mark.browser

BUDGET = 20_000  # bytes of predictions and explorers, compressed
MINE = re.compile(r"explorers|predictions|judging|calibration|hinges|plots|elements|keeping")


@pytest.fixture(scope="module")
def blank(browser):
    """Return a page without explorers, in which the scripts' functions can be called."""
    page = site_page.opened(browser, "")
    yield page
    page.close()


def hinges(rng, n=4):
    """Return some hinges as the script has them."""
    kinks = np.sort(rng.uniform(0.2, 6, n)).round(2)
    return {
        "offset": round(float(rng.normal()), 2),
        "kinks": kinks.tolist(),
        "changes": rng.normal(size=n).round(2).tolist(),
    }


def named(hinges):
    """Return hinges by the names of the notebook's sliders."""
    values = {"offset": hinges["offset"]}
    for i, (kink, change) in enumerate(zip(hinges["kinks"], hinges["changes"], strict=True), 1):
        values |= {f"kink_{i}": kink, f"change_{i}": change}
    return values


def test_hinges_have_the_errors_of_the_notebooks_figure(blank):
    figure, rng = HingeFigure(), np.random.default_rng(0)
    for one in [pages.hinges()["start"], *(hinges(rng) for _ in range(20))]:
        found = site_page.called(blank, "hinges", "errors", one)
        figure.update(named(one))
        gaps = figure.error.get_ydata()
        assert found["worst"] == pytest.approx(np.abs(gaps).max(), rel=1e-9)
        assert found["typical"] == pytest.approx(math.sqrt((gaps**2).mean()), rel=1e-9)
        assert found["gaps"] == pytest.approx(gaps, abs=1e-12)


@pytest.mark.parametrize("kinks", [(0, 1.6, 3.15, 4.7), (0.3, 1, 3, 5), (0, 2, 2.5, 4)])
def test_best_slopes_are_those_of_the_notebook(blank, kinks):
    found = site_page.called(blank, "hinges", "bestSlopes", kinks)
    best = least_squares({f"kink_{i}": k for i, k in enumerate(kinks, 1)})
    assert found["offset"] == pytest.approx(best["offset"], abs=0.0051)
    changes = [best[f"change_{i}"] for i in range(1, 5)]
    assert found["changes"] == pytest.approx(changes, abs=0.0051)


def test_hinges_that_share_a_kink_still_get_the_least_error(blank):
    found = site_page.called(blank, "hinges", "bestSlopes", [1.5, 1.5, 4])
    single = site_page.called(blank, "hinges", "bestSlopes", [1.5, 4])
    errors = [site_page.called(blank, "hinges", "errors", one) for one in (found, single)]
    assert errors[0]["typical"] == pytest.approx(errors[1]["typical"])


def test_corners_and_hinges_are_two_forms_of_one_line(blank):
    rng = np.random.default_rng(1)
    for n in (1, 2, 4, 9):
        one = hinges(rng, n)
        corners = site_page.called(blank, "hinges", "corners", one)
        back = site_page.called(blank, "hinges", "through", corners)
        assert corners[-1][0] == pytest.approx(2 * math.pi)
        for name in ("offset", "kinks", "changes"):
            assert back[name] == pytest.approx(one[name], abs=1e-9)


def test_gradient_descent_takes_the_steps_that_torch_takes(blank):
    one, rate = hinges(np.random.default_rng(2)), 0.02
    x = torch.from_numpy(X)
    parts = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in one.items()}
    for _ in range(3):
        one = site_page.called(blank, "hinges", "descended", one, rate)
        line = parts["offset"] + (parts["changes"] * relu(x[:, None] - parts["kinks"])).sum(1)
        grads = torch.autograd.grad((line - x.sin()).square().mean(), list(parts.values()))
        with torch.no_grad():
            for part, grad in zip(parts.values(), grads, strict=True):
                part -= rate * grad
    for name, part in parts.items():
        assert one[name] == pytest.approx(part.tolist(), abs=1e-10)


def test_unit_gives_what_the_notebooks_unit_gives(blank):
    figure = UnitFigure()
    for weight, bias in [(1, 0), (2, -1), (-1.5, 2), (0.05, -3), (0, 1.5), (0, -1), (-3, -3)]:
        values = {"weight": weight, "bias": bias, "activation": "relu"}
        said = figure.update(values).caption
        kink = site_page.called(blank, "explorers-unit", "kinkOf", weight, bias)
        assert (kink is None) == ("no kink" in said)
        x, out = figure.output.get_data()
        x, out = x[~np.isnan(x)], out[~np.isnan(x)]
        slope = figure.slope.get_ydata()
        found = blank.evaluate(
            """([w, b, xs]) => import("/scripts/explorers-unit.js").then(m =>
            xs.map(x => m.unitOf(w, b, x)))""",
            [weight, bias, x.tolist()],
        )
        assert [one["out"] for one in found] == pytest.approx(out, abs=1e-12)
        assert [one["slope"] for one in found] == pytest.approx(slope[~np.isnan(slope)])
        if kink is not None:
            told = re.search(r"x = -b/w = (-?[\d.]*\d)", said)[1]
            assert kink == pytest.approx(float(told), abs=0.005)


def test_paper_goes_where_the_film_brings_it(blank):
    points = np.random.default_rng(3).uniform(-1, 2, (50, 2))
    for moment in moments():
        moves = {"slide": moment.slide, "press": moment.press, "lift": moment.lift}
        found = blank.evaluate(
            """([points, moves]) => import("/scripts/explorers-fold.js").then(m =>
            points.map(p => m.moved(p, moves)))""",
            [points.tolist(), moves],
        )
        np.testing.assert_allclose(found, moved(points, **moves), atol=1e-12)


def test_between_two_moments_the_moves_go_on_and_the_words_wait(blank):
    data = pages.folding()["moments"]
    for i, moment in enumerate(data):
        assert site_page.called(blank, "explorers-fold", "between", data, i) == moment
    half = site_page.called(blank, "explorers-fold", "between", data, 1.5)
    assert half["slide"] == pytest.approx((data[1]["slide"] + data[2]["slide"]) / 2)
    assert half["caption"] == data[1]["caption"]


def test_explorers_begin_where_the_notebooks_begin():
    values = hinge_builder().values
    assert named(pages.hinges()["start"]) == values
    assert pages.unit()["start"] == {"weight": 1, "bias": 0}


def shown(browser, *names, **options):
    """Return a page with some explorers, each with a still picture of its own."""
    still = '<img alt="as it stands" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
    return site_page.opened(browser, "".join(pages.section(n, still) for n in names), **options)


@pytest.mark.parametrize(("width", "scheme"), [(1000, "light"), (390, "dark"), (320, "light")])
def test_all_explorers_fit_and_can_be_reached(browser, axe, width, scheme):
    page = shown(browser, *pages.EXPLORERS, width=width, scheme=scheme)
    page.wait_for_function("document.querySelectorAll('.explorer svg[viewBox]').length > 3")
    assert not axe(page)
    assert not site_page.wider_than_the_page(page)
    assert not page.errors
    assert page.locator(".explorer img").count() == 0
    wanted = page.locator(".explorer :is(button, input, select, .handle:not([hidden]))").count()
    reached = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(
            "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
        ))  # fmt: skip
    assert len(reached) >= wanted
    page.close()


def worst(page):
    return float(page.locator('[data-explorer="hinge-builder"] .readings b').first.inner_text())


def test_corners_move_by_keys_by_hand_and_by_least_squares(browser):
    page = shown(browser, "hinge-builder")
    corner = page.get_by_role("slider", name="corner 2")
    corner.focus()
    before = worst(page)
    formula = page.locator(".formula").inner_text()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    assert corner.get_attribute("aria-valuetext") == "x 1.60, height 0.76"
    assert page.locator(".formula").inner_text() != formula
    last = page.get_by_role("slider", name="corner 4")
    box = last.locator(".dot").bounding_box()
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + 9, box["y"] + 150, steps=5)
    page.mouse.up()
    assert "height −" in last.get_attribute("aria-valuetext")
    page.get_by_role("button", name="Best slopes").click()
    best = worst(page)
    assert best < before
    for _ in range(4):
        page.get_by_role("button", name="One hinge more").click()
    assert worst(page) < best / 2
    assert page.locator(".handle").count() == 9
    page.get_by_role("button", name="Start again").click()
    assert worst(page) == before
    page.wait_for_function("document.querySelector('.spoken').textContent.includes('4 hinges')")
    page.close()


def test_gradient_descent_draws_the_sine_better(browser):
    page = shown(browser, "hinge-builder")
    page.emulate_media(reduced_motion="reduce")
    before = worst(page)
    page.get_by_role("button", name="gradient descent").click()
    assert worst(page) < before / 3
    page.close()


def test_unit_moves_by_its_handles_and_its_sliders(browser):
    page = shown(browser, "unit-explorer")
    formula = page.locator(".readings")
    page.get_by_role("slider", name="kink").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert "max(0, 1.00x − 0.50)" in formula.inner_text()
    page.get_by_role("slider", name="slope").focus()
    for _ in range(20):
        page.keyboard.press("ArrowUp")
    assert "max(0, 2.00x − 1.00)" in formula.inner_text()
    assert "x = −b/w = 0.50" in formula.inner_text()
    page.get_by_label("weight w").fill("0")
    assert "no kink" in formula.inner_text()
    assert page.locator(".handle:not([hidden])").count() == 0
    page.close()


def test_fold_ends_where_one_cut_is_right_four_times(browser):
    page = shown(browser, "fold")
    last = len(moments()) - 1
    page.get_by_label("how far").fill(str(last))
    assert moments()[-1].caption in page.locator(".told").inner_text()
    assert page.locator(".says text").all_text_contents() == ["says 1", "says 1", "says 0"]
    page.get_by_role("button", name="A step back").click()
    assert moments()[-2].caption in page.locator(".told").inner_text()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.slider output').textContent === '100 %'")
    page.close()


@pytest.mark.parametrize("name", [*pages.EXPLORERS, "timeline-explorer"])
def test_without_a_script_the_still_picture_stays(browser, name):
    page = shown(browser, name, script=False)
    assert page.locator(".explorer img").is_visible()
    assert page.locator(".explorer .note").is_visible()
    page.close()


def test_scripts_of_predictions_and_explorers_stay_small():
    scripts = (site_page.SITE / "scripts").glob("*.js")
    texts = [lean(path.read_text("utf-8")) for path in scripts if MINE.match(path.stem)]
    assert len(texts) > 10
    assert len(gzip.compress("".join(texts).encode())) <= BUDGET
