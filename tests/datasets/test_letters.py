"""Letters: which images a seed gives, what is done to them, and how hard they are to read."""

import hashlib
import subprocess
import sys

import pytest
import torch

from relukit.datasets import letters
from relukit.datasets.letters import CAPITALS, FONTS, HELD_OUT, SIDE
from relukit.errors import InvalidTypeError, InvalidValueError


@pytest.fixture(scope="module")
def known():
    return letters(seed=3, held_out=False)


@pytest.fixture(scope="module")
def held_out():
    return letters(seed=3)


def test_a_seed_gives_the_same_images_again_and_another_seed_others(known):
    again, other = (letters(seed=seed, held_out=False) for seed in (3, 4))
    assert all(torch.equal(a, b) for a, b in zip(parts(known), parts(again), strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(parts(known), parts(other), strict=True))


def parts(data):
    return data.x_train, data.y_train, data.x_test, data.y_test


@pytest.mark.slow
def test_two_processes_draw_the_same_bytes(held_out):
    """Neither the hash of a text, which differs in each process, nor the clock has a say."""
    code = (
        "import hashlib; from relukit.datasets import letters; data = letters(seed=3);"
        "parts = data.x_train, data.y_train, data.x_test, data.y_test;"
        "print(hashlib.sha256(b''.join(part.numpy().tobytes() for part in parts)).hexdigest())"
    )
    here = hashlib.sha256(b"".join(part.numpy().tobytes() for part in parts(held_out))).hexdigest()
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.stdout.split() == [here], run.stderr


def test_every_letter_is_as_frequent_as_the_others(known, held_out):
    for labels in (known.y_train, known.y_test, held_out.y_test):
        counts = labels.bincount(minlength=len(CAPITALS))
        assert len(counts) == 26
        assert counts.max() - counts.min() <= 1


def test_fonts_that_are_held_out_change_the_test_part_only(known, held_out):
    assert not set(FONTS) & set(HELD_OUT)
    assert torch.equal(known.x_train, held_out.x_train)
    assert not torch.equal(known.x_test, held_out.x_test)


def test_pixels_have_mean_0_and_deviation_1_over_the_training_part(known):
    assert known.x_train.shape[1] == SIDE**2
    assert float(known.x_train.mean()) == pytest.approx(0, abs=1e-4)
    assert float(known.x_train.std()) == pytest.approx(1, abs=1e-3)


def test_a_letter_has_its_ink_in_the_middle_and_noise_at_the_edge(known):
    images = known.x_train.view(-1, SIDE, SIDE)
    middle, edge = images[:, 5:15, 5:15], images[:, [0, -1]]
    assert float(middle.mean()) > float(edge.mean()) + 0.5
    assert float(edge.std()) < float(middle.std()) / 2


def test_means_of_letters_look_like_letters(known):
    """I is one upright stroke, L has its ink below, T above: by the mean of each one's images."""
    images = known.x_train.view(-1, SIDE, SIDE)
    i, el, tee = (images[known.y_train == CAPITALS.index(c)].mean(0) for c in "ILT")
    assert float(i[:, 9:11].mean()) > float(i[:, 4:6].mean()) + 0.5
    assert float(el[12:15].mean()) > float(el[5:8].mean())
    assert float(tee[5:8].mean()) > float(tee[12:15].mean())


@pytest.mark.slow
def test_letters_are_hard_for_the_nearest_neighbour_and_harder_in_new_fonts(known, held_out):
    x, y = known.x_train.double(), known.y_train

    def share_right(data):
        nearest = torch.cdist(data.x_test.double(), x).argmin(1)
        return float((y[nearest] == data.y_test).double().mean())

    assert 0.38 < share_right(known) < 0.48  # ten times guessing, and far from all
    assert share_right(held_out) < share_right(known) - 0.04


@pytest.mark.parametrize(("seed", "error"), [(-1, InvalidValueError), (0.5, InvalidTypeError)])
def test_a_seed_that_is_none_is_refused(seed, error):
    with pytest.raises(error, match="seed"):
        letters(seed=seed)


def test_what_is_neither_true_nor_false_is_no_choice_of_fonts():
    with pytest.raises(InvalidTypeError, match="held_out"):
        letters(held_out="cmr10")
