"""Numbers that lessons 00 and 02 say and no cell prints, computed from the sentences that say them.

Who changes such a sentence changes what is computed here; who rewords it has to say it here anew.
"""

import math
import re
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from scipy.stats import binom

from relukit.ledger.questions import question
from relukit.lessons.definitions.experiments.blame import walked
from relukit.lessons.definitions.experiments.cells import FIRST, WIDTHS, reader, switched
from relukit.lessons.definitions.experiments.drawing import broken_line, largest_error
from relukit.networks import mlp

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
START, DEFINITIONS = "00_start_here", "02_definitions"
NUMBER = {
    "none": 0, "one": 1, "two": 2, "twice": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "sixteen": 16, "twenty": 20, "thirty": 30,
}  # fmt: skip
RARE = 0.05  # what comes less often is put down to something else than chance


@cache
def cells(lesson: str) -> list:
    return nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", as_version=4).cells


def text(lesson: str) -> str:
    return "\n".join(cell.source for cell in cells(lesson) if cell.cell_type == "markdown")


def said(lesson: str, pattern: str) -> list[float]:
    """Return the numbers of the one sentence of this form; # stands for one, as digits or word."""
    number = rf"(−?\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(NUMBER)})\b)"
    found = re.findall(pattern.replace("#", number), text(lesson), flags=re.IGNORECASE)
    assert len(found) == 1, (pattern, found)
    groups = found[0] if isinstance(found[0], tuple) else (found[0],)
    return [value(group.lower()) for group in groups]


def value(word: str) -> float:
    return NUMBER[word] if word in NUMBER else float(word.replace("−", "-").replace(",", ""))


def printed(lesson: str, source: str) -> str:
    """Return what the one cell with this source shows."""
    (cell,) = (c for c in cells(lesson) if c.cell_type == "code" and c.source == source)
    return "\n".join(out.get("data", {}).get("text/plain", "") for out in cell.outputs)


def relu(x: float) -> float:
    return max(0.0, x)


def test_a_number_is_found_as_digits_and_as_a_word_and_a_sentence_only_once():
    assert said(START, r"(?<=\n)# kinds of network are about to learn # thing") == [4, 1]
    with pytest.raises(AssertionError):
        said(START, r"# kinds of network learn to fly")


# 00: chance


def test_sixteen_good_networks_may_come_by_luck():
    bad, of, n, times, tries = said(
        START,
        r"Suppose that # in # is worse\. Then # good ones can still come by luck, about # times "
        r"in #",
    )
    assert round(tries * (1 - bad / of) ** n) == times


def test_how_many_right_answers_can_be_chance():
    percent, n, right = said(START, r'"# % sure" # times, you should be right about # times')
    sure = percent / 100
    assert right == n * sure
    n, low, high = said(START, r"with # answers, anything from # to # can be chance")
    usual = [
        k for k in range(int(n) + 1) if min(binom.cdf(k, n, sure), binom.sf(k - 1, n, sure)) > RARE
    ]
    assert (usual[0], usual[-1]) == (low, high)
    n, few = said(START, r"after #: with fewer than # right, you're probably too sure")
    assert binom.cdf(few - 1, n, sure) < RARE < binom.cdf(few, n, sure)


def test_the_interval_that_is_explained_stands_under_the_race():
    shown = re.search(r"In print it looks like `(.*?)`, the first row under the race", text(START))
    rows = re.findall(r"measured \(%\) .*?: (.*)", printed(START, 'verdict("which-half")'))
    assert shown[1] == rows[0]


# 02: bends


def gap(half: float) -> float:
    """Return by how much x² lies below its chord from -half to half, at most."""
    return float((half**2 - np.linspace(-half, half, 1001) ** 2).max())


def test_the_gaps_between_a_square_and_its_chords():
    left, right, chord, down, near = said(
        DEFINITIONS,
        r"Between hinges at # and #, the chord lies at height #, "
        r"and the arc goes down to #: the gap is #",
    )
    assert (left, chord, down, near) == (-right, right**2, 0, gap(right))
    left, right, far = said(DEFINITIONS, r"Between hinges at # and # it's #")
    assert (left, far) == (-right, gap(right))
    apart, larger = said(DEFINITIONS, r"# as far apart, # times the gap")
    assert far / near == larger == apart**2


def test_the_bound_is_the_gap_of_a_square():
    curve, h, bound = said(DEFINITIONS, r"For \$x\^2\$, \$f''\$ is #. With \$h = #\$ that makes #,")
    x = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(x**2, x, create_graph=True)
    assert torch.autograd.grad(slope, x)[0].item() == pytest.approx(curve)
    assert h**2 / 8 * curve == bound == pytest.approx(gap(h / 2))


def test_what_four_hinges_miss_and_which_of_them_does_nothing():
    n, off, place = said(
        DEFINITIONS, r"# hinges at equal distances .*?miss the sine by #\. The third of them, at #,"
    )
    assert largest_error(int(n)) == pytest.approx(off, abs=0.005)
    points = np.linspace(0, 2 * math.pi, int(n) + 1)
    bends = broken_line(points, np.sin(points))[2].weight[0]
    assert points[2] == pytest.approx(place, abs=0.005)
    assert [abs(float(bend)) < 1e-9 for bend in bends] == [False, False, True, False]


def test_two_layers_without_bends_are_one():
    a, b, c, d = said(DEFINITIONS, r"The first gives \$y = #x \+ #\$, and the second \$#y \+ #\$:")
    shown = said(DEFINITIONS, r"\$\$#\\,\(#x \+ #\) \+ # = #x \+ #\.\$\$")
    assert shown == [c, a, b, d, c * a, c * b + d]


# 02: cells


def lines_cut(n: float) -> float:
    """Return the most cells that n lines make: line k crosses k of those before it."""
    return 1 + sum(range(1, int(n) + 1))


def test_how_many_cells_lines_make():
    because = question("ten-lines").because
    pairs = [value(word.lower()) for word in re.findall(rf"{'|'.join(NUMBER)}|\d+", because, re.I)]
    assert pairs[:8:2] == [1, 2, 3, 4]
    assert pairs[1:8:2] == [lines_cut(n) for n in pairs[:8:2]]
    settings, room = said(DEFINITIONS, r"Of # settings, the plane has room for only #\.")
    assert (settings, room) == (2**10, lines_cut(10))
    (through_one,) = said(DEFINITIONS, r"all lines meet in one point, and there are only # cells")
    n, apart = said(DEFINITIONS, r"from there on there are #, some .*? # lines can't make more")[
        ::-1
    ]
    assert (through_one, apart) == (2 * n, lines_cut(n))


def test_the_table_of_the_three_cells_says_what_the_network_computes():
    rows = re.findall(
        r"^\| \$s\$ (.*?) \| (none|the first|both) \| \$(.*?)\$ \|$", text(DEFINITIONS), re.M
    )
    places = {"below 0": (-2.5, -0.1), "from 0 to 1": (0.2, 0.9), "above 1": (1.1, 7.0)}
    assert [row[0] for row in rows] == list(places)
    for where, on, formula in rows:
        for s in places[where]:
            for x1 in (-3.0, 0.25, 2.0):
                names = {"x1": x1, "x2": s - x1}
                computed = eval(formula.replace("_", ""), names)
                assert computed == pytest.approx(relu(s) - 2 * relu(s - 1))
            assert [s > 0, s - 1 > 0] == [on != "none", on == "both"]


def test_more_than_half_of_the_readers_switches_are_on_and_of_a_fresh_ones_about_half():
    assert (
        "In these images more than half of the switches are on. A fresh network begins with about "
        "half" in text(DEFINITIONS)
    )
    network, data = reader()
    assert switched(network, data.x_test).double().mean(1).min() > 0.5
    fresh = mlp(WIDTHS, scheme="he_normal", seed=FIRST)
    assert switched(fresh, data.x_test).double().mean() == pytest.approx(0.5, abs=0.1)


# 02: blame


def test_the_blame_of_a_weight_is_a_product():
    y, target, error = said(DEFINITIONS, r"the error itself, # − # = #\.")
    walk = walked()
    assert (walk.y, walk.target, walk.blame) == (y, target, error)
    weight, nudge, through, rise, times = said(
        DEFINITIONS,
        r"The output's first weight is #\. Raise it by #\. What comes along its wire is #, "
        r"so the output rises by #, and the loss by # times that",
    )
    assert (walk.out[0], walk.a[0], times) == (weight, through, walk.blame)
    raised = walked(out=walk.out + np.array([nudge, 0]))
    nudge_of_unit, wire, higher, again = said(
        DEFINITIONS,
        r"Raise what leaves unit 1 by #\. Its wire multiplies by #, so the output rises by #, "
        r"and the loss by # times that",
    )
    assert (wire, again, higher) == (walk.out[0], walk.blame, nudge_of_unit * walk.out[0])
    assert raised.y - walk.y == pytest.approx(rise)
    assert raised.loss - walk.loss == pytest.approx(times * rise, rel=0.01)


def test_a_layers_share_of_the_power_is_a_third_and_then_a_sixth():
    n, low, high, one, of, each, share, wires, times, again, parts, more, its, there = said(
        DEFINITIONS,
        r"Take # units in each layer\.(?s:.*?)"
        r"evenly between \$-1/\\sqrt\{n\}\$ and \$1/\\sqrt\{n\}\$: here between # and #\. "
        r"(?s:.*?)Numbers ten times smaller have squares a hundred times smaller: #/#\.(?s:.*?)"
        r"it brings #/# of that blame's power(?s:.*?)All # wires\*(?s:.*?)bring # times #/#: a "
        r"third\. \(With # units each weight's mean square is 1/#, and there are # wires: again a",
    )
    assert (wires, times, low, again / parts) == (n, n, -high, one / of)
    assert each / share == one / of
    assert np.mean(np.arange(0.05, 1, 0.1) ** 2) == pytest.approx(1 / 3, abs=0.001)
    assert high == pytest.approx(n**-0.5) == 0.1  # so a hundredth of what lies between -1 and 1
    assert high**2 / 3 == pytest.approx(one / of)
    assert n * one / of == pytest.approx(1 / 3)
    assert (more, its) == (there, 3 * more)
    torch.manual_seed(0)
    weight = torch.nn.Linear(int(n), int(n)).weight.detach().double()
    assert weight.abs().max() == pytest.approx(high, rel=0.01)
    assert weight.square().mean() == pytest.approx(one / of, rel=0.02)
    assert "A half of a third is a sixth." in text(DEFINITIONS)


def test_what_is_left_of_the_blame_after_twenty_layers():
    shown = printed(DEFINITIONS, 'verdict("twenty-layers")')
    mean, low, high = map(
        float, re.search(r"\(decades\) (-[\d.]+) \[(-[\d.]+), (-[\d.]+)\]", shown).groups()
    )
    (nearly,) = said(DEFINITIONS, r"factors of ten\. Nearly # are lost")
    assert nearly - 0.5 < -mean < nearly
    millions, about = said(DEFINITIONS, r"Of a blame of # million, about # arrives")
    assert millions * 1e6 * 10**mean == pytest.approx(about, abs=0.1)
    assert millions == pytest.approx(6**10 / 1e6, abs=1)  # as the verdict reckons
    (weights,) = said(DEFINITIONS, r"Without any ReLU it would be # decades")
    (more,) = said(DEFINITIONS, r"The switches take # more")
    assert weights == round(10 * math.log10(3))
    assert more == round(10 * math.log10(2))
    assert low < -10 * math.log10(6) < high


def test_the_root_of_six_twenty_times():
    because = printed(DEFINITIONS, 'verdict("twenty-layers")')
    root, millions = re.search(
        r"the root of 6, about ([\d.]+)\. Twenty times, that is about (\d+) million", because
    ).groups()
    assert float(root) == round(math.sqrt(6), 2)
    assert int(millions) == pytest.approx(math.sqrt(6) ** 20 / 1e6, rel=0.02)
