"""Cells in training: the answer of each cell, its straight border, the lines, and the death."""

import re

import numpy as np
import pytest
import torch

from relukit.lessons.definitions import figures
from relukit.lessons.definitions.figures.training import BOX, STEPS, arms, moments

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def film():
    """Draw it once."""
    return figures.cells_in_training()


def by_gid(axes, gid: str):
    """Return the one artist of the axes with this gid."""
    (artist,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return artist


def test_the_shaded_area_is_where_the_network_answers_the_filled_arm(film):
    x = torch.rand(2000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x = BOX[0] + (BOX[1] - BOX[0]) * x
    for place in (0, 3, 4, -1):
        moment, (axes,) = moments()[place], film.frames[place].axes
        shaded = np.zeros(len(x), dtype=bool)
        for path in by_gid(axes, "answer").get_paths():
            shaded |= path.contains_points(x.numpy())
        scores = moment.network(x).detach()
        sure = (scores[:, 1] - scores[:, 0]).abs() > 1e-6
        assert np.array_equal(shaded[sure], (scores.argmax(1) == 1).numpy()[sure])


def test_the_border_lies_where_both_scores_are_equal_and_turns_only_at_bends(film):
    for moment, frame in zip(moments(), film.frames, strict=True):
        ends = by_gid(frame.axes[0], "border").get_xydata()
        ends = torch.from_numpy(ends[np.isfinite(ends).all(1)])
        scores = moment.network(ends).detach()
        assert float((scores[:, 1] - scores[:, 0]).abs().max() if len(ends) else 0) < 1e-9
        w, b = moment.lines
        on_a_bend = ((ends @ w.T + b).abs() / w.norm(dim=1) < 1e-9).any(1)
        at_the_edge = ((ends.abs() - BOX[1]).abs() < 1e-9).any(1)
        assert bool((on_a_bend | at_the_edge).all())
    if moment.step == STEPS[-1]:  # "the dead unit has none in it"
        dead = torch.from_numpy(moment.dead)
        away = (ends @ w[dead].T + b[dead]).abs() / w[dead].norm(dim=1)
        assert float(away.min()) > 0.01


def test_a_line_is_dashed_and_vermilion_once_its_unit_is_off_on_every_point(film):
    x, seen = arms().x_train.double(), []
    for moment, frame in zip(moments(), film.frames, strict=True):
        w, b = moment.lines
        for unit in range(16):
            line = by_gid(frame.axes[0], f"unit {unit}")
            ends = torch.from_numpy(line.get_xydata())
            assert float((ends @ w[unit] + b[unit]).abs().max()) < 1e-9
            dead = bool((x @ w[unit] + b[unit] <= 0).all())
            assert (line.get_color() == "#D55E00") == dead
            assert (line.get_linestyle() == "-") == (not dead)
        seen.append(moment.dead.sum())
    assert seen[0] == 0
    assert seen[-1] == 1
    assert sorted(seen) == seen  # nobody comes back


def test_cells_in_view_tile_the_view_and_have_one_pattern_each():
    for moment in (moments()[0], moments()[-1]):
        w, b = (part.numpy() for part in moment.lines)
        patterns = {tuple(polygon.mean(0) @ w.T + b > 0) for polygon in moment.polygons}
        assert len(patterns) == len(moment.polygons)
        x, y = (np.concatenate([part[:, k] for part in moment.polygons]) for k in (0, 1))
        assert (x.min(), x.max(), y.min(), y.max()) == BOX
        area = sum(
            abs(p[:, 0] @ np.roll(p[:, 1], 1) - p[:, 1] @ np.roll(p[:, 0], 1)) / 2
            for p in moment.polygons
        )
        assert area == pytest.approx((BOX[1] - BOX[0]) * (BOX[3] - BOX[2]))


def test_captions_tell_step_accuracy_cells_and_deaths(film):
    data = arms()
    for moment, caption in zip(moments(), film.captions, strict=True):
        right = (moment.network(data.x_test.double()).argmax(1) == data.y_test).double().mean()
        told = re.match(
            r"Step (\d+): (\d+) % of new points right, (\d+) cells in view, (\w+) dead", caption
        )
        assert told
        step, share, cells, dead = told.groups()
        assert (int(step), int(share)) == (moment.step, round(100 * float(right)))
        assert int(cells) == len(moment.polygons)
        assert dead == (str(moment.dead.sum()) if moment.dead.any() else "no")
    first = next(k for k, moment in enumerate(moments()) if moment.dead.any())
    assert "dashed line" in film.captions[first]
    assert not any("dash" in caption for caption in film.captions[:first])


def test_the_film_is_below_700_kb(film):
    assert len(film._repr_mimebundle_()[0]["text/html"]) < 700_000
