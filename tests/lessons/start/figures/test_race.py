"""The film of the race: every dot, ground and caption is what was measured at its step."""

import re

import numpy as np
import pytest
import torch
from pictures.start import film

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.ledger.setting import STATED
from relukit.lessons.start.experiments.race import ARMS, points, raced
from relukit.lessons.start.figures import race
from relukit.lessons.start.figures.race import SEED, STEPS, TITLES

slow = pytest.mark.slow
SOME = (0, 10, len(STEPS) - 1)


def right(arm: str, step: int) -> np.ndarray:
    runs = raced(arm, STATED)
    return 100 * runs.measured["test_accuracy"][:, runs.measured_at == step].numpy().ravel()


def whole(percent: float) -> int:
    """Return whole percents, of which 100 are kept for what is perfect."""
    return 99 if 99.5 <= percent < 100 else round(percent)


def artist(axes, gid: str):
    (found,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return found


@slow
@pytest.mark.parametrize("number", SOME)
def test_the_dots_of_each_panel_are_its_networks_at_that_step_and_one_is_ringed(number):
    strips = film().frames[number].axes[1::2]
    for arm, axes in zip(ARMS, strips, strict=True):
        accuracies = right(arm, STEPS[number])
        assert np.array_equal(artist(axes, "dots").get_ydata(), accuracies)
        assert artist(axes, "drawn").get_ydata().tolist() == [accuracies[0]]
        assert artist(axes, "mean").get_ydata()[0] == pytest.approx(accuracies.mean())
        assert axes.get_title(loc="left") == f"{whole(accuracies.mean())} %"
        assert min(axes.get_ylim()) < accuracies.min() <= 100 < max(axes.get_ylim())
    assert len({axes.get_ylim() for picture in film().frames for axes in picture.axes[1::2]}) == 1


@slow
@pytest.mark.parametrize("number", SOME)
def test_the_ground_has_right_as_many_new_points_as_the_ringed_dot_says(number):
    """Not where coins are tossed, for each point has its own."""
    _, _, x, y = points(SEED)
    for arm, axes in zip(ARMS, film().frames[number].axes[::2], strict=True):
        shown = [artist(axes, f"points {label}").get_xydata() for label in (0, 1)]
        assert [len(s) for s in shown] == [int((y == label).sum()) for label in (0, 1)]
        assert np.allclose(shown[0], x[y == 0, :2])
        if "random" in arm:
            continue
        score = raced(arm, STATED).network(seed=SEED, step=STEPS[number])(x).diff(dim=1).detach()
        assert 100 * ((score[:, 0] > 0) == y).double().mean() == pytest.approx(
            right(arm, STEPS[number])[0]
        )
        ground = artist(axes, "answer").get_paths()
        for path, label in zip(ground, (0, 1), strict=True):  # below and above the border
            inside = path.contains_points(x[:, :2].numpy())
            clear = score[:, 0].abs().numpy() > 0.3
            assert np.array_equal(inside[clear], (score[:, 0] > 0).numpy()[clear] == label)


@slow
def test_only_the_border_of_the_last_panel_is_no_straight_line():
    for arm, axes in zip(ARMS, film().frames[-1].axes[::2], strict=True):
        (path,) = artist(axes, "border").get_paths()
        line = path.vertices - path.vertices.mean(0)
        thickness = np.linalg.svd(line, compute_uv=False)[1] / np.sqrt(len(line))
        assert (thickness < 0.01) == (arm != ARMS[-1])


@slow
def test_the_captions_say_what_was_measured_and_name_nobody_before_it_shows():
    captions = film().captions
    leader = TITLES[ARMS[-1]]
    first = next(i for i, words in enumerate(captions) if leader in words)
    for i, (step, words) in enumerate(zip(STEPS, captions, strict=True)):
        means = [right(arm, step).mean() for arm in ARMS]
        assert words.startswith(f"Step {step}. ")
        assert len(words) <= 110
        assert not any(title in words for title in list(TITLES.values())[:3])
        assert (leader in words) == (i >= first)
        if i >= first:
            assert f"“{leader}” {whole(means[-1])} %" in words
            low, high = (round(f(means[:-1])) for f in (min, max))
            assert (f"the rest {low} to {high} %" if low != high else f"the rest {low} %") in words
            assert means[-1] > max(means[:-1])
        elif numbers := re.findall(r"(\d+) to (\d+) %", words):
            assert numbers == [(f"{min(means):.0f}", f"{max(means):.0f}")]
    assert captions[first].startswith(f"Step {STEPS[first]}. Look, the border follows the points")
    assert captions[-1].endswith(", by straight lines.")
    for step, words in zip(STEPS, captions, strict=True):
        dots = right(ARMS[-1], step)
        if found := re.search(r"(\d+) of (\d+) dots", words):
            assert [int(n) for n in found.groups()] == [(dots == 100).sum(), 16]
        if found := re.search(r"the lowest dot is at (\d+)", words):
            assert found[1] == f"{dots.min():.0f}"
        if found := re.search(r"Its dots: (\d+) to (\d+)", words):
            assert list(found.groups()) == [f"{dots.min():.0f}", f"{dots.max():.0f}"]
        for share, said in ((75, "three of four"), (90, "nine of ten")):
            assert (said not in words) or share <= dots.mean() < share + 5


@slow
def test_the_film_is_small_and_its_title_gives_nothing_away():
    assert len(film()._repr_mimebundle_()[0]["text/html"]) < 500_000
    for picture in film().frames:
        title = picture.texts[0].get_text()
        assert title == "Four kinds of network, one spiral"


@pytest.mark.parametrize(
    "arms", [(), (ARMS[0], ARMS[0]), ("keeps a bit",), ARMS[0], 4, torch.ones(2)]
)
def test_what_is_no_list_of_arms_is_refused(arms):
    with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
        race(arms)
    assert caught.value.do
