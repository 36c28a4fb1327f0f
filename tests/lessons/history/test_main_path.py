"""The main path of lesson 01: stripes, rivals, the diode, and the time machine."""

import numpy as np
import pytest
import torch
from explored import as_made, pixels
from pictures.history import DEEP, made

from relukit.datasets import digits
from relukit.errors import InvalidValueError
from relukit.ledger.setting import STATED
from relukit.lessons.history import explorers
from relukit.lessons.history import figures as history
from relukit.lessons.history.experiments import circuits, comparison, edges, waves
from relukit.lessons.history.experiments.timeline import five_curves, timeline
from relukit.networks import mlp


def named(axes, gid: str) -> list:
    """Return the artists of the axes with this gid."""
    return [a for a in axes.get_children() if a.get_gid() == gid]


def test_five_curves_are_flat_and_then_rise_in_the_order_of_their_years():
    axes = made("five_curves").axes
    years = five_curves()
    assert [int(a.get_title(loc="center")) for a in axes[:5]] == sorted(years.values())
    for below in axes[5:]:
        (curve,) = [line for line in below.get_lines() if line.get_gid() in years]
        x, y = curve.get_data()
        assert not y[x <= 0].any()
        assert (np.diff(y[x >= 0]) > 0).all()


def test_stripes_are_even_and_alone():
    (axes,) = made("stripes").axes
    (image,) = axes.get_images()
    greys = image.get_array()[0]
    assert len(set(greys.tolist())) == len(greys) == len(edges.LEVELS)
    assert not axes.lines
    assert not axes.texts


def test_receptors_show_the_light_and_the_settled_rates_of_their_stripes():
    _, below = made("receptors").axes
    light = edges.stripes_of_light()
    assert np.allclose(named(below, "light")[0].get_ydata(), light)
    assert np.allclose(named(below, "rates")[0].get_ydata(), edges.edge_response(light))
    assert "overshoot" in made("receptors").alt
    still = history.receptors(0.0)
    assert np.allclose(named(still.axes[1], "rates")[0].get_ydata(), light)
    assert "follow" in still.alt
    with pytest.raises(InvalidValueError, match="inhibition"):
        history.receptors(-0.1)


def test_a_settled_row_subtracts_its_neighbours_and_cuts_at_zero():
    light = edges.stripes_of_light()
    rates = edges.edge_response(light)
    padded = np.pad(rates, edges.REACH, mode="edge")
    for i in range(edges.REACH, len(rates) - edges.REACH):
        around = padded[i : i + 2 * edges.REACH + 1].sum() - rates[i]
        assert rates[i] == pytest.approx(max(0, light[i] - edges.STRENGTH * around), abs=1e-6)


def test_without_inhibition_no_receptor_beside_a_border_is_faster(monkeypatch):
    (rise,) = edges.beside_a_border().values()
    assert rise > 0.02
    monkeypatch.setattr(edges, "edge_response", lambda light: light)
    assert next(iter(edges.beside_a_border().values())) == 0


@pytest.mark.parametrize(("w", "n_stable"), [(0.5, 1), (0.8, 1), (1.2, 2), (1.5, 2)])
def test_every_course_of_two_rivals_ends_at_a_stable_state(w, n_stable):
    (axes,) = history.two_rivals(w).axes
    states = named(axes, "stable")[0].get_xydata()
    assert len(states) == n_stable
    assert bool(named(axes, "not stable")) == (n_stable == 2)
    for course in named(axes, "course"):
        assert min(np.abs(states - course.get_xydata()[-1]).max(axis=1)) < 0.02
    with pytest.raises(InvalidValueError, match="inhibition"):
        history.two_rivals(1)


def test_rates_that_the_lesson_names_are_those_of_the_circuit():
    shared = circuits.steady_states(circuits.mutual_inhibition(0.8), np.ones(2))
    assert [round(float(s.rates[0]), 3) for s in shared] == [0.556]
    states = circuits.steady_states(circuits.mutual_inhibition(1.2), np.ones(2))
    (unstable,) = [s for s in states if not s.stable]
    assert unstable.rates.round(3).tolist() == [0.455, 0.455]


def test_a_diode_keeps_half_of_the_power_of_whatever_is_alike_above_and_below():
    assert waves.power_kept() == {"share of the power that passes": 0.5}
    wave = torch.tensor([3.0, -3, 1, -1, 0, 0])
    assert waves.power(wave.clamp_min(0)) == pytest.approx(waves.power(wave) / 2)
    assert waves.power(torch.tensor([3.0, -1])) == 5
    right = made("half_kept").axes[2]
    (kept,) = [bar for bar in right.patches if bar.get_gid() == "kept"]
    assert kept.get_height() == pytest.approx(0.5, abs=1e-6)


def test_what_tells_digits_apart_is_measured_as_by_hand():
    left = np.array(comparison.difference_left("1990"))
    assert left[0] == 1
    assert left[-1] < 1e-8  # the lesson: less than a hundred-millionth
    by_hand = []
    for seed in STATED.seeds:
        pixels = digits(seed=seed).x_train
        net = mlp((64, *[comparison.WIDTH] * comparison.DEEP, 10), "relu", scheme="pytorch",
                  seed=seed)  # fmt: skip
        first = net[1](net[0](pixels)).detach()
        by_hand.append(first.var(0, correction=0).mean() / pixels.var(0, correction=0).mean())
    assert left[1] == pytest.approx(float(np.mean(by_hand)), rel=0.02)


def test_weights_of_1990_have_a_third_of_the_power_of_1998_and_a_sixth_of_2015():
    power = {}
    for year, scheme in comparison.WEIGHTS.items():
        net = mlp((1000, 1000, 10), "relu", scheme=scheme, seed=0)
        power[year] = float(net[0].weight.detach().square().mean())
    assert power["1998"] / power["1990"] == pytest.approx(3, rel=0.02)
    assert power["2010"] / power["1990"] == pytest.approx(3, rel=0.02)
    assert power["2015"] / power["1990"] == pytest.approx(6, rel=0.02)


def test_the_time_machine_draws_each_seed_and_the_guess():
    picture = history.time_machine(DEEP, guess=40)
    left, right = picture.axes
    for axes, name in ((left, "relu"), (right, "relu"), (right, "tanh")):
        (dots,) = named(axes, f"{name} seeds")
        assert np.allclose(dots.get_ydata(), 100 * np.array(DEEP[name, "1990", 10]))
    (diamond,) = [a for a in named(left, "mine") if hasattr(a, "get_xydata")]
    assert diamond.get_xydata().tolist() == [[0, 40]]


def test_the_arms_of_the_time_machine_are_those_that_the_claim_measures():
    assert {("relu", year, 10) for year in comparison.YEARS} <= set(comparison.ARMS)
    assert len(set(comparison.ARMS)) == len(comparison.ARMS)


def test_who_used_what_stands_in_the_timeline_with_that_year():
    (axes,) = made("since_then").axes
    told = {entry.year: "" for entry in timeline()}
    for entry in timeline():
        told[entry.year] += entry.what
    for line in axes.get_lines():
        if (name := line.get_gid()) and not name.startswith("_"):
            year = int(line.get_xdata()[0])
            assert year in told
            known = {"AlexNet": "ImageNet contest", "ResNet": "Residual networks"}
            assert known.get(name, name) in told[year]


@pytest.mark.parametrize("make", [explorers.receptors_explorer, explorers.rivals_explorer])
def test_a_moved_explorer_comes_back_and_every_control_has_a_label(make):
    explorer = as_made(make)
    first, words = pixels(explorer), explorer.caption
    explorer.move(inhibition=0.25)
    assert not np.array_equal(pixels(explorer), first)
    explorer.reset()
    assert np.array_equal(pixels(explorer), first)
    assert explorer.caption == words
    assert all(control.description for control in explorer.controls.values())


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"inhibition": 1.2, "a": 0.6, "b": 0.5}, "A wins."),
        ({"inhibition": 1.2, "a": 0.5, "b": 0.6}, "B wins."),
        ({"inhibition": 0.8, "a": 0.0, "b": 1.0}, "Nobody has won."),
        ({"inhibition": 1.0, "a": 0.5, "b": 0.6}, "Nobody has won."),
    ],
)
def test_the_rivals_caption_says_who_wins(state, said):
    explorer = explorers.rivals_explorer()
    explorer.move(**state)
    assert explorer.caption.endswith(said)
