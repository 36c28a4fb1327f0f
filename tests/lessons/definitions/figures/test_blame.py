"""Blame by hand is the gradient that autograd finds, and the film says its numbers."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.lessons.definitions import figures
from relukit.lessons.definitions.experiments.blame import STEP, moving, walked

whole = st.integers(-5, 5)
pairs = st.tuples(whole, whole)


@given(x=pairs, weight=st.tuples(pairs, pairs), out=pairs, target=whole)
def test_the_blame_of_every_number_is_autograds_gradient(x, weight, out, target):
    walk = walked(x, weight, out, target)
    tensors = [torch.tensor(t, dtype=torch.float64, requires_grad=True) for t in (x, weight, out)]
    z = tensors[1] @ tensors[0]
    a = torch.relu(z)
    y = tensors[2] @ a
    loss = (y - target) ** 2 / 2
    wanted = torch.autograd.grad(loss, (y, a, z, tensors[1], tensors[2]))
    found = (
        walk.blame,
        walk.blame_of_a,
        walk.blame_of_z,
        walk.change_of_weight,
        walk.change_of_out,
    )
    for one, other in zip(wanted, found, strict=True):
        assert torch.equal(one, torch.as_tensor(other, dtype=torch.float64))
    assert (walk.loss, walk.y) == (loss.item(), y.item())


def test_a_step_is_that_of_torchs_own_descent():
    walk = walked()
    weight, out = (torch.tensor(t, requires_grad=True) for t in (walk.weight, walk.out))
    descent = torch.optim.SGD([weight, out], lr=STEP)
    loss = (out @ torch.relu(weight @ torch.tensor(walk.x)) - walk.target) ** 2 / 2
    loss.backward()
    descent.step()
    after = walk.stepped()
    assert after.weight == pytest.approx(weight.detach().numpy())
    assert after.out == pytest.approx(out.detach().numpy())
    assert after.loss < walk.loss


def test_three_of_six_weights_change_the_answer_if_each_is_moved_alone():
    def answer(v):  # by hand, without a library
        first, second = 2 * v[0] + 1 * v[1], 2 * v[2] + 1 * v[3]
        return v[4] * max(0, first) + v[5] * max(0, second)

    weights = [1, 1, 1, -3, 2, 3]
    moved = [answer([w + 0.01 * (k == j) for j, w in enumerate(weights)]) for k in range(6)]
    assert answer(weights) == walked().y == 6
    changed = [after != 6 for after in moved]
    assert changed == [True, True, False, False, True, False]
    assert moving() == {"weights that change the answer": sum(changed)}


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"x": ("one", 2)}, InvalidTypeError, "x as numbers"),
        ({"x": (1, 2, 3)}, InvalidValueError, r"x: finite numbers of shape \(2,\)"),
        ({"weight": (1, 2)}, InvalidValueError, "weight"),
        ({"out": (float("nan"), 1)}, InvalidValueError, "out"),
        ({"target": "four"}, InvalidTypeError, "target"),
    ],
)
def test_what_no_walk_can_be_made_of_is_refused(change, error, words):
    with pytest.raises(error, match=words):
        walked(**change)


def test_the_film_says_every_number_of_the_walk_in_its_turn():
    film = figures.blame()
    said = "".join(film.captions)
    for words in (
        "1·2 + 1·1 = 3 and 1·2 + (−3)·1 = −1",
        "2·3 + 3·0 = 6",
        "half of the squared error: 12.5",
        "To unit 1: 5 times 2 is 10. To unit 2: 5 times 3 is 15.",
        "Unit 2 is off: its 15 stops here",
        "20 and 10 for unit 1, 0 and 0 for unit 2",
        "falls from 12.5 to 6.57",  # (2.5 * 1.85 - 1)^2 / 2
    ):
        assert words in said
    other = figures.blame(walked(weight=((1, 1), (1, 0))))
    assert "Unit 2 is on: 2 passes" in "".join(other.captions)


def texts(picture):
    return [text.get_text() for text in picture.axes[0].texts]


def test_a_frame_shows_no_number_before_its_time():
    frames = figures.blame().frames
    assert not any("blame" in words for frame in frames[:6] for words in texts(frame))
    assert "blame 5" in texts(frames[6])
    assert {"blame 10", "blame 15"} <= set(texts(frames[7]))
    assert {"blame 10", "blame 0"} <= set(texts(frames[8]))
    assert {"20", "10", "15", "0"} <= set(texts(frames[10]))
    assert "wanted 1\nloss 6.57" in texts(frames[11])
