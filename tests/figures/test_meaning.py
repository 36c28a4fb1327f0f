"""A method has one look in the whole course, and no two curves of a picture look alike."""

import itertools

import pytest

from relukit.activations import ACTIVATIONS
from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, INK, MARKERS, PALETTE
from relukit.figures.meaning import METHODS, OFF, ON, looks, means, methods_in, row_look


def test_on_is_blue_and_filled_and_off_is_vermilion_and_hollow():
    assert ON["color"] == PALETTE["blue"]
    assert "markerfacecolor" not in ON
    assert (OFF["color"], OFF["markerfacecolor"]) == (PALETTE["vermilion"], "white")
    assert ON["marker"] != OFF["marker"]


@pytest.mark.parametrize(
    ("label", "methods"),
    [
        ("ReLU", ["relu"]),
        ("leaky_relu", ["leaky_relu"]),
        ("tanh, orthogonal", ["tanh", "orthogonal"]),
        ("PyTorch's default", ["pytorch"]),
        ("He's weights, biases 0", ["he"]),
        ("N(0, 2/n), He", ["he"]),
        ("50, 2/n", ["he"]),
        ("U(±√(2/n)), tutorial", []),
        ("gain 1 (Xavier)", ["glorot"]),
        ("ELU, α = 2", ["elu"]),
        ("noisy ReLU, variance sigmoid(x)", []),
        ("too large: twice He's deviation", []),
        ("squared_relu", []),
    ],
)
def test_a_label_names_a_method_only_where_it_stands_by_itself(label, methods):
    assert methods_in(label) == methods


def test_every_activation_of_the_code_is_one_of_the_course():
    schemes = {"he", "glorot", "lecun", "pytorch", "orthogonal"}
    optimizers = {"sgd", "momentum", "adam", "adamw"}
    assert set(METHODS) - schemes - optimizers <= set(ACTIVATIONS)


def test_within_a_family_no_two_methods_share_dash_and_marker():
    names = list(METHODS)
    families = (names[:11], names[11:16], names[16:])
    assert [family[0] for family in families] == ["relu", "he", "sgd"]
    for family in families:
        styles = [means(method) for method in family]
        for key in ("linestyle", "marker"):
            assert len({str(style[key]) for style in styles}) == len(family)


@pytest.mark.parametrize(
    "labels",
    [
        ["ReLU, He", "ReLU, Xavier", "tanh, Xavier"],
        ["bias 0", "bias 1", "tanh"],
        ["ELU, α = 1", "ELU, α = 2", "CELU, α = 2", "SELU", "max(-1, x)"],
        ["a", "b", "c", "d", "e"],
        [*METHODS][:11],
    ],
)
def test_no_two_curves_of_a_picture_share_dash_or_marker_and_methods_keep_their_colour(labels):
    styles = looks(labels)
    for one, other in itertools.combinations(styles, 2):
        assert one["linestyle"] != other["linestyle"]
        assert one["marker"] != other["marker"]
    for label, style in zip(labels, styles, strict=True):
        if found := methods_in(label):
            assert style["color"] == means(found[0])["color"]
    owned = {
        style["color"] for style, label in zip(styles, labels, strict=True) if methods_in(label)
    }
    others = [s["color"] for s, label in zip(styles, labels, strict=True) if not methods_in(label)]
    assert len(set(others)) == len(others)
    assert not owned & set(others)


def test_a_method_alone_has_its_own_look_in_curves_and_in_rows():
    for method in METHODS:
        assert looks([method]) == [means(method)]
        assert row_look(method).items() <= means(method).items()


def test_a_row_of_no_method_has_the_colour_of_words_and_a_marker_of_no_method():
    assert row_look("no penalty")["color"] == INK
    assert row_look("no penalty")["marker"] not in MARKERS


def test_more_curves_than_looks_still_get_one():
    assert len(looks([f"curve {i}" for i in range(len(DASHES) + 3)])) == len(DASHES) + 3


def test_an_unknown_method_is_refused():
    with pytest.raises(InvalidValueError, match="method"):
        means("rleu")
