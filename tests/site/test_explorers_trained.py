"""Explorers of stored networks, and of a drawn left half, say what Python says of the same."""

import numpy as np
import pytest
import site_page
import torch
from relu_site import explorers as pages
from relu_site import trained

from relukit.activations import activation
from relukit.gaussian import moments
from relukit.lessons.initialization.experiments.trained import GAINS, N_SEEDS, accuracy_by_gain
from relukit.lessons.initialization.figures.gain import layer_inputs
from relukit.lessons.training.experiments.comparison import ACTIVATIONS
from relukit.lessons.training.experiments.curves import RATES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def blank(browser):
    """Return a page without explorers, in which the scripts' functions can be called."""
    page = site_page.opened(browser, "")
    yield page
    page.close()


def piecewise(knots):
    """Return the function that goes through the knots on the left and is x on the right."""
    x, y = np.array(knots).T.copy()
    slopes = np.diff(y) / np.diff(x)

    def drawn(z):
        i = torch.bucketize(z.detach(), torch.from_numpy(x[1:-1].copy()), right=True)
        left = torch.from_numpy(y)[i] + torch.from_numpy(slopes)[i] * (z - torch.from_numpy(x)[i])
        return torch.where(z < 0, left, z)

    return drawn


@pytest.mark.parametrize("seed", range(4))
def test_a_drawn_function_has_the_moments_that_the_library_finds(blank, seed):
    at = pages.draw_the_left()["at"]
    heights = np.random.default_rng(seed).uniform(-1, 1, len(at)) * (seed > 0)
    knots = [[x, float(y)] for x, y in zip(at, heights, strict=True)]
    knots[-1][1] = 0.0
    found = site_page.called(blank, "explorers-left", "momentsOf", knots)
    expected = moments(piecewise(knots), kinks=[x for x, _ in knots])
    assert found["mean"] == pytest.approx(expected.mean, abs=5e-5)
    assert found["second"] == pytest.approx(expected.second, abs=5e-5)
    assert found["slopes"] == pytest.approx(expected.slope_second, abs=5e-5)


def test_a_relative_drawn_point_by_point_is_nearest_to_itself(blank):
    data = pages.draw_the_left()
    for one in data["relatives"]:
        left = activation(one["name"])(torch.tensor(data["at"], dtype=torch.float64)).tolist()
        knots = [list(knot) for knot in zip(data["at"], left, strict=True)]
        found = site_page.called(
            blank, "explorers-left", "nearestOf", data["relatives"], data["xs"], knots
        )
        assert found["name"] == one["name"]
        x = np.array(data["xs"])
        gap = piecewise(knots)(torch.from_numpy(x)).numpy() - np.array(one["left"])
        weights = np.exp(-(x**2) / 2)
        assert found["off"] == pytest.approx(np.sqrt((weights * gap**2).sum() / weights.sum()))


@pytest.mark.parametrize("gain", [0.5, 1.0, 2**0.5, 2.5])
def test_signal_has_the_size_that_the_networks_give(blank, gain):
    stored = pages.gain()["deviations"]
    found = site_page.called(blank, "explorers-gain", "deviationsAt", stored, gain)
    fresh = [[z.std() for z in layer_inputs(gain, seed)] for seed in range(N_SEEDS)]
    np.testing.assert_allclose(found, fresh, rtol=0.01)
    middle = site_page.called(blank, "explorers-gain", "middles", found)
    assert middle == pytest.approx(np.median(found, axis=0))


@pytest.mark.slow
def test_stored_accuracies_are_those_of_training_again(blank):
    fresh = accuracy_by_gain()
    for gain in GAINS:
        found = site_page.called(blank, "explorers-gain", "accuracyNear", pages.gain(), gain)
        assert found["gain"] == gain
        assert found["mean"] == pytest.approx(100 * float(np.mean(fresh[gain])), abs=4)


def test_nearest_trained_gain_is_named(blank):
    found = site_page.called(blank, "explorers-gain", "accuracyNear", pages.gain(), 1.05)
    assert found["gain"] == 1


@pytest.mark.slow
def test_stored_fates_are_those_of_training_again(blank):
    """Another processor may move a network or two over a bound, never a window."""
    stored, fresh = pages.rates(), trained.by_rate()
    for row, name in enumerate(ACTIVATIONS):
        window = site_page.called(blank, "explorers-rates", "windowOf", stored, row)
        counts = np.array([cell["counts"] for cell in fresh["cells"][row]])
        assert window == [rate for rate, n in zip(RATES, counts, strict=True) if n[0] == 16], name
        kept = np.array([cell["counts"] for cell in stored["cells"][row]])
        assert np.abs(kept - counts).max() <= 3, name
    assert {k: v for k, v in stored.items() if k != "cells"} == {
        k: v for k, v in fresh.items() if k != "cells"
    }


def test_every_cell_counts_all_networks():
    stored = pages.rates()
    assert len(stored["cells"]) == len(ACTIVATIONS)
    for row in stored["cells"]:
        assert len(row) == len(RATES)
        assert all(sum(cell["counts"]) == 16 for cell in row)
        assert all(len(cell["loss"]) == len(stored["steps"]) for cell in row)


def test_left_half_moves_by_keys_and_takes_the_form_of_a_relative(browser):
    page = site_page.opened(browser, pages.section("draw-the-left", ""))
    said = page.locator(".told")
    assert said.inner_text() == "That is ReLU."
    page.get_by_role("slider", name="height at −1.0").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    assert "nearest relative" in said.inner_text()
    page.get_by_role("button", name="absolute value").click()
    assert said.inner_text() == "That is absolute value."
    assert page.locator(".readings b").first.inner_text() == "0.80"
    page.close()


def test_gain_of_he_keeps_the_signal(browser):
    page = site_page.opened(browser, pages.section("gain-explorer", ""))
    page.get_by_role("button", name="√2").click()
    first, last = map(float, page.locator(".readings b").all_inner_texts()[:2])
    assert 0.5 < last / first < 2
    page.get_by_label("gain", exact=True).fill("0.5")
    first, last = map(float, page.locator(".readings b").all_inner_texts()[:2])
    assert last / first < 1e-3
    page.close()


def test_rates_are_chosen_by_slider_by_list_and_by_hand(browser):
    page = site_page.opened(browser, pages.section("learning-rate-explorer", ""))
    counts = page.locator(".fates b")
    assert counts.all_inner_texts() == ["16", "0", "0", "0"]
    page.get_by_label("activation").select_option("leaky relu")
    page.get_by_label("learning rate", exact=True).fill("6")
    cell = pages.rates()["cells"][1][6]
    assert counts.all_inner_texts() == [str(n) for n in cell["counts"]]
    box = page.locator(".bars rect").first.bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + 2)
    assert page.locator("select").input_value() == "relu"
    assert page.locator(".slider output").inner_text() == "0.001"
    page.close()
