"""Page D3: the catalogue has everybody once, and its constants follow from their wishes."""

import math
import xml.etree.ElementTree as ET
from html import escape

import pytest
import torch
from pictures.variants import made
from scipy import integrate, stats

from relukit.activations import ACTIVATIONS, UNITS, activation
from relukit.errors import InvalidValueError
from relukit.ledger.setting import STATED
from relukit.lessons.variants import figures
from relukit.lessons.variants.experiments import exponential, kinked, published, relufied, smooth
from relukit.lessons.variants.relatives import CEILING, FAMILIES, PIXELS, REACH, catalogue, picture

SVG = "{http://www.w3.org/2000/svg}"


def places(polyline: ET.Element) -> list[tuple[float, float]]:
    """Return a drawn line's points as x and f(x)."""
    pairs = (pair.split(",") for pair in polyline.attrib["points"].split())
    return [(float(a) / PIXELS - REACH, CEILING - float(b) / PIXELS) for a, b in pairs]


def test_the_catalogue_names_every_activation_and_unit_once():
    names = [name for members in FAMILIES.values() for name in members]
    assert sorted(names) == sorted([*ACTIVATIONS, *UNITS])
    assert len(catalogue().rows) == len(names) == 35


@pytest.mark.parametrize("name", ["relu", "elu", "silu", "squareplus", "hard_swish", "absolute"])
def test_a_small_picture_shows_the_function_in_the_colours_of_off_and_on(name):
    left, right = ET.fromstring(picture(name)).iter(f"{SVG}polyline")
    assert left.attrib["stroke"] != right.attrib["stroke"]
    for x, y in places(left) + places(right):
        assert y == pytest.approx(float(activation(name)(x)), abs=0.02)
    assert max(x for x, _ in places(left)) <= 0 <= min(x for x, _ in places(right))


@pytest.mark.parametrize("name", list(UNITS))
def test_every_unit_has_a_picture(name):
    drawn = list(ET.fromstring(picture(name)))
    assert len(drawn) > 3


def test_a_pair_is_drawn_where_both_maps_give_x():
    _, right = ET.fromstring(picture("reglu")).iter(f"{SVG}polyline")
    for x, y in places(right):
        assert y == pytest.approx(x * x, abs=0.15)


def test_the_table_holds_each_picture_with_words_and_each_purpose():
    page = catalogue()._repr_html_()
    assert page.count("<img src='data:image/svg+xml;base64,") == page.count("alt='The curve of ")
    assert page.count("<img ") == 35
    for members in FAMILIES.values():
        for purpose in members.values():
            assert escape(purpose) in page


def test_sixteen_of_twenty_four_become_x_on_the_right():
    assert [entry.limits[1] for entry in ACTIVATIONS.values()].count("x") == 16


def test_the_halves_of_elu_are_integrals_over_a_normal_density():
    halves = exponential.halves_of_elu()

    def half(f, low, high):
        return integrate.quad(lambda x: f(x) * stats.norm.pdf(x), low, high)[0]

    assert halves.right_mean == pytest.approx(half(lambda x: x, 0, 12), abs=1e-8)
    assert halves.left_mean == pytest.approx(half(lambda x: -math.expm1(x), -12, 0), abs=1e-8)
    assert halves.left_square == pytest.approx(half(lambda x: math.expm1(x) ** 2, -12, 0), abs=1e-8)
    assert halves.right_square == pytest.approx(0.5, abs=1e-8)


def test_the_constants_of_selu_are_those_of_torch_and_of_the_paper():
    halves = exponential.halves_of_elu()
    assert halves.alpha == pytest.approx(1.6732632423543772, abs=1e-6)
    assert halves.scale == pytest.approx(1.0507009873554805, abs=1e-6)
    assert torch.nn.SELU()(torch.tensor(1.0)).item() == pytest.approx(halves.scale, abs=1e-6)
    assert exponential.alpha_of_selu() == {"alpha": halves.alpha}


def test_the_bars_of_selu_end_at_mean_0_and_mean_square_1():
    left, right = made("selu_constants").axes
    bars = {bar.get_gid(): bar for ax in (left, right) for bar in ax.patches if bar.get_gid()}
    assert {"right 1", "left 1"} <= bars.keys()
    widths = [bar.get_width() for bar in left.patches if bar.get_gid() in ("right 1", "left 1")]
    assert sum(widths) == pytest.approx(0, abs=1e-9)
    widths = [bar.get_width() for bar in right.patches if bar.get_gid() in ("right 1", "left 1")]
    assert sum(widths) == pytest.approx(1, abs=1e-9)


def test_each_b_of_squareplus_has_its_wish():
    (axes,) = made("squareplus_gaps").axes
    gaps = {line.get_gid(): line.get_ydata() for line in axes.get_lines() if line.get_gid()}
    curved, high, close = gaps.values()
    middle = len(curved) // 2
    assert abs(curved[middle - 1] - 2 * curved[middle] + curved[middle + 1]) < 1e-6
    assert high[middle] == pytest.approx(0, abs=1e-12)
    assert close.max() == pytest.approx(-close.min(), abs=1e-4)


def test_what_the_page_asks_has_these_answers():
    (b,) = smooth.squareplus_meets_softplus().values()
    assert math.sqrt(b) / 2 == pytest.approx(math.log(2))
    (leaks,) = kinked.rrelu_after_training().values()
    assert leaks == pytest.approx((1 / 5.5) / (11 / 48), rel=1e-6)
    assert list(published.largest_slope().values()) == [1]
    (p,) = published.after_all_runs().values()
    assert p == pytest.approx(0.40, abs=0.005)


def test_the_mean_leak_of_an_evenly_drawn_divisor_is_not_one_over_its_mean():
    draws = 1 / torch.empty(200_000, dtype=torch.float64).uniform_(
        3, 8, generator=torch.Generator().manual_seed(0)
    )
    assert draws.mean().item() == pytest.approx(math.log(8 / 3) / 5, abs=1e-3)
    assert draws.mean().item() > 1 / 5.5 + 0.01


def test_swapped_networks_begin_with_the_weights_of_their_twins(monkeypatch):
    seed = STATED.seeds[1]
    monkeypatch.setattr(relufied, "STEPS", 20)
    monkeypatch.setattr(relufied, "MORE", 50)
    relufied.smooth.cache_clear()
    relufied.continued.cache_clear()
    try:
        before = relufied.smooth().network(seed=seed)
        x = STATED.dataset("mnist1d")(seed).x_test
        weights = iter([p.detach() for p in before.parameters()])
        a = x
        for layer in range(3):
            a = a @ next(weights).T + next(weights)
            a = a.clamp(min=0) if layer < 2 else a
        right = (a.argmax(1) == STATED.dataset("mnist1d")(seed).y_test).double().mean()
        swapped = relufied.continued("relu").measured["test_accuracy"].flatten(0, -2)
        assert float(swapped[1, 0]) == pytest.approx(float(right), abs=2e-3)
        assert all(40 < share < 80 for share in relufied.zeros())
    finally:
        relufied.smooth.cache_clear()
        relufied.continued.cache_clear()


def test_a_swap_is_drawn_beside_its_twins_and_refuses_other_shapes():
    (axes,) = made("swapped").axes
    assert {c.lines[0].get_gid() for c in axes.containers} == {"relu", "gelu"}
    with pytest.raises(InvalidValueError, match="relu of shape"):
        figures.swapped([0, 50], [[0.5, 0.6, 0.7]] * 2, [[0.5, 0.6]] * 2)
