"""Intervals and comparisons: against scipy, a printed table, and simulated coverage."""

import math

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.statistics import Comparison, Interval, interval, paired_difference, proportion

NORMAL = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)
# Student's t, 97.5 % quantile, as printed in every table: degrees of freedom -> t
TABLE = {1: 12.706, 2: 4.303, 4: 2.776, 9: 2.262, 15: 2.131, 30: 2.042, 120: 1.980}


def between(low, high, **changes):
    return Interval(
        mean=(low + high) / 2, low=low, high=high, **{"n": 16, "level": 0.95, **changes}
    )


# interval


@pytest.mark.parametrize(("freedom", "t"), TABLE.items())
def test_half_width_is_the_printed_t_times_the_standard_error(freedom, t):
    n = freedom + 1
    values = np.arange(n, dtype=float)
    found = interval(values)
    error = math.sqrt(n * (n + 1) / 12) / math.sqrt(n)  # the variance of 0..n-1 is n(n+1)/12
    assert found.mean == pytest.approx((n - 1) / 2)
    assert (found.high - found.mean) / error == pytest.approx(t, abs=5e-4)


@settings(deadline=None, max_examples=60)
@given(NORMAL, st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_interval_agrees_with_scipy_s_t_test(values, level):
    found = interval(values, level=level)
    spread = np.std(values, ddof=1)
    if spread == 0:
        assert found.low == found.mean == found.high
        return
    low, high = scipy.stats.t.interval(
        level, len(values) - 1, np.mean(values), spread / math.sqrt(len(values))
    )
    scale = np.abs(values).max()
    assert found.low == pytest.approx(low, rel=1e-9, abs=1e-9 * scale)
    assert found.high == pytest.approx(high, rel=1e-9, abs=1e-9 * scale)
    assert (found.n, found.level) == (len(values), level)


def test_intervals_cover_the_truth_as_often_as_they_say():
    draws = np.random.default_rng(0).normal(3.0, 2.0, size=(4000, 5))
    for level in (0.8, 0.95):
        covered = sum(interval(row, level=level).contains(3.0) for row in draws)
        # the count is binomial: 4 of its standard deviations
        assert abs(covered / 4000 - level) < 4 * math.sqrt(level * (1 - level) / 4000)


@pytest.mark.parametrize(
    "values",
    [
        (1, 2, 4),
        np.array([1, 2, 4], dtype=np.int8),
        np.array([1, 2, 4], dtype=np.float16),
        torch.tensor([1.0, 2.0, 4.0], requires_grad=True),
        torch.tensor([1, 2, 4], dtype=torch.bfloat16),
        [torch.tensor(1.0), torch.tensor(2.0), torch.tensor(4.0)],
        [np.float32(1), 2, 4.0],
    ],
)
def test_interval_takes_lists_arrays_and_tensors_alike(values):
    assert interval(values) == interval([1.0, 2.0, 4.0])


def test_equal_values_give_an_interval_without_width():
    found = interval([0.5, 0.5, 0.5])
    assert (found.low, found.mean, found.high) == (0.5, 0.5, 0.5)


def test_a_level_next_to_one_gives_a_wide_and_finite_interval():
    found = interval([0.0, 1.0], level=1 - 1e-15)
    assert 1e14 < found.high < math.inf


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ([], InvalidValueError, "n >= 2"),
        ([1.0], InvalidValueError, "n >= 2"),
        (1.0, InvalidValueError, r"shape \(\)"),
        (torch.tensor(1.0), InvalidValueError, r"shape \(\)"),
        ([[1.0, 2.0]], InvalidValueError, r"shape \(1, 2\)"),
        ([[1.0], [2.0, 3.0]], InvalidValueError, "unequal length"),
        ([1.0, math.nan], InvalidValueError, "nan at position 1"),
        ([math.inf, 1.0, -math.inf], InvalidValueError, "2 of 3 are not finite"),
        ([1e200, -1e200], InvalidValueError, "squares fit"),
        ([1.7e308, 1.7e308], InvalidValueError, "squares fit"),
        ([True, False], InvalidTypeError, r"proportion\(\)"),
        (["a", "b"], InvalidTypeError, "numbers"),
        ([1j, 2j], InvalidTypeError, "numbers"),
        ([None, 1.0], InvalidTypeError, "numbers"),
        (None, InvalidTypeError, "NoneType"),
        ((v for v in (1.0, 2.0)), InvalidTypeError, "generator"),
    ],
)
def test_interval_refuses_what_has_no_mean_with_an_error(values, error, words):
    with pytest.raises(error, match=words):
        interval(values)


@pytest.mark.parametrize("level", [0, 1, 0.0, 1.0, -0.5, 95, math.nan])
@pytest.mark.parametrize(
    "function",
    [
        lambda level: interval([1.0, 2.0], level=level),
        lambda level: paired_difference([1.0, 2.0], [1.0, 2.0], level=level),
        lambda level: proportion(1, 2, level=level),
    ],
)
def test_level_outside_zero_to_one_is_refused(function, level):
    with pytest.raises(InvalidValueError, match="between 0 and 1"):
        function(level)


@pytest.mark.parametrize("level", ["0.95", None, True])
def test_level_that_is_no_number_is_refused(level):
    with pytest.raises(InvalidTypeError, match="number as level"):
        interval([1.0, 2.0], level=level)


# Interval


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.970, 0.976, "0.973 [0.970, 0.976] (16 seeds, 95 %)"),
        (0.9701, 0.9719, "0.9710 [0.9701, 0.9719] (16 seeds, 95 %)"),
        (-0.25, 0.75, "0.2 [-0.2, 0.8] (16 seeds, 95 %)"),
        (12.0, 88.0, "50 [12, 88] (16 seeds, 95 %)"),
        (0.5, 0.5, "0.5 [0.5, 0.5] (16 seeds, 95 %)"),
        (0.0, 0.0, "0 [0, 0] (16 seeds, 95 %)"),
        (9.0e-7, 1.0e-6, "9.50e-07 [9.00e-07, 1.00e-06] (16 seeds, 95 %)"),
        (1.0e9, 3.0e9, "2.0e+09 [1.0e+09, 3.0e+09] (16 seeds, 95 %)"),
        (0.1, 0.1 + 1e-16, "0.1 [0.1, 0.1] (16 seeds, 95 %)"),
    ],
)
def test_interval_prints_as_many_digits_as_its_width_allows(low, high, text):
    assert str(between(low, high)) == text


def test_unbounded_interval_prints_its_infinite_ends():
    whole = Interval(mean=0.0, low=-math.inf, high=math.inf, n=2, level=0.95)
    assert str(whole) == "0 [-inf, inf] (2 seeds, 95 %)"


@settings(deadline=None)
@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e9))
def test_printing_is_off_by_a_tenth_of_the_width_at_most(mean, half):
    ends = mean, mean - half, mean + half
    width = ends[2] - ends[1]
    assume(width > 1e-11 * max(map(abs, ends)))
    shown = str(Interval(*ends, n=2, level=0.95)).split()[:3]
    for value, text in zip(ends, shown, strict=True):
        assert abs(value - float(text.strip("[],"))) <= 0.1001 * width


def test_interval_prints_its_level_without_rounding_noise():
    assert str(between(0.1, 0.2, level=0.55)).endswith("(16 seeds, 55 %)")
    assert str(between(0.1, 0.2, level=0.999)).endswith("(16 seeds, 99.9 %)")


def test_ends_of_an_interval_belong_to_it():
    unit = between(0.0, 1.0)
    assert unit.contains(0.0)
    assert unit.contains(1.0)
    assert unit.contains(-0.0)
    assert not unit.contains(math.nextafter(1.0, 2.0))
    assert unit.excludes(math.inf)
    assert unit.excludes(-5e-324)
    assert not unit.excludes(0.5)


@pytest.mark.parametrize("question", ["contains", "excludes"])
def test_nan_is_neither_contained_nor_excluded(question):
    with pytest.raises(InvalidValueError, match="got nan"):
        getattr(between(0.0, 1.0), question)(math.nan)


@pytest.mark.parametrize("numbers", [(0.0, 1.0, 2.0), (3.0, 1.0, 2.0), (math.nan, 1.0, 2.0)])
def test_interval_out_of_order_is_refused(numbers):
    mean, low, high = numbers
    with pytest.raises(InvalidValueError, match="low <= mean <= high"):
        Interval(mean, low, high, n=2, level=0.95)


# paired_difference


def test_paired_difference_is_the_interval_of_the_differences():
    a, b = np.array([3.0, 4.5, 6.0, 7.0]), np.array([1.0, 2.0, 2.5, 3.0])
    found = paired_difference(a, b)
    low, high = scipy.stats.ttest_rel(a, b).confidence_interval(0.95)
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high))
    assert (found.difference.n, found.difference.counted) == (4, "pairs")


def test_pairing_sees_what_two_separate_intervals_do_not():
    base = np.linspace(0.90, 0.99, 10)
    assert interval(base + 0.002).contains(base.mean())
    noise = 1e-4 * np.cos(np.arange(10))
    assert paired_difference(base + 0.002 + noise, base).verdict == "a is higher"


def test_verdict_needs_the_whole_interval_beyond_the_margin():
    a = np.array([1.0, 1.2, 0.8, 1.1])
    zero = np.zeros(4)
    low, high = interval(a).low, interval(a).high
    cases = {
        0.0: "a is higher",
        low - 1e-9: "a is higher",
        low: "not decided",
        low + 1e-9: "not decided",
        high: "not decided",
        high + 1e-9: "the same within the margin",
    }
    for margin, verdict in cases.items():
        assert paired_difference(a, zero, margin=margin).verdict == verdict
        mirrored = verdict.replace("a is", "b is")
        assert paired_difference(zero, a, margin=margin).verdict == mirrored


def test_an_interval_across_zero_decides_nothing_unless_a_margin_holds_it_whole():
    a, zero = [1.0, -1.0, 0.5], [0.0, 0.0, 0.0]
    low, high = scipy.stats.ttest_rel(a, zero).confidence_interval(0.95)
    wider = max(-low, high)
    for margin, verdict in (
        (0.0, "not decided"),
        (0.99 * wider, "not decided"),
        (1.01 * wider, "the same within the margin"),
    ):
        assert paired_difference(a, zero, margin=margin).verdict == verdict


def test_two_one_sided_tests_agree_that_two_settings_are_the_same():
    """Schuirmann's tests at 2.5 % each, beside the interval of 95 %."""
    draws = np.random.default_rng(4).normal(scale=0.5, size=(300, 2, 5))
    found = []
    for a, b in draws:
        gaps = a - b
        above = scipy.stats.ttest_1samp(gaps, -0.9, alternative="greater").pvalue
        below = scipy.stats.ttest_1samp(gaps, 0.9, alternative="less").pvalue
        verdict = paired_difference(a, b, margin=0.9).verdict
        found.append(verdict == "the same within the margin")
        assert found[-1] == (max(above, below) < 0.025)
    assert 0.1 < np.mean(found) < 0.9


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2), st.floats(0, 3))
def test_swapping_a_and_b_swaps_the_verdict(pairs, margin):
    a, b = zip(*pairs, strict=True)
    swap = {"a is higher": "b is higher", "b is higher": "a is higher"}
    verdict = paired_difference(a, b, margin=margin).verdict
    assert paired_difference(b, a, margin=margin).verdict == swap.get(verdict, verdict)


def test_equal_results_and_rounding_show_no_difference():
    a = [0.1 + 0.2, 0.1 + 0.2]
    assert paired_difference(a, a).verdict == "not decided"
    assert paired_difference(a, a, margin=1e-9).verdict == "the same within the margin"
    assert a[0] != 0.3
    assert paired_difference(a, [0.3, 0.3]).verdict == "not decided"
    assert paired_difference(a, [0.3 - 1e-12] * 2).verdict == "a is higher"


def test_false_alarms_are_as_rare_as_the_level_says():
    draws = np.random.default_rng(1).normal(size=(2, 3000, 6))
    alarms = sum(
        paired_difference(a, b).verdict != "not decided" for a, b in zip(*draws, strict=True)
    )
    assert abs(alarms / 3000 - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 3000)


def test_comparison_reads_as_a_sentence():
    comparison = Comparison(between(-0.01, 0.03, counted="pairs"), 0.005, "not decided")
    assert str(comparison) == ("not decided: 0.010 [-0.010, 0.030] (16 pairs, 95 %), margin 0.005")


@pytest.mark.parametrize(
    ("a", "b", "options", "error", "words"),
    [
        ([1.0, 2.0], [1.0, 2.0, 3.0], {}, InvalidValueError, "2 and 3 values"),
        ([1.0], [1.0], {}, InvalidValueError, "a of shape"),
        ([1.0, 2.0], [1.0], {}, InvalidValueError, "b of shape"),
        ([1.0, 2.0], [1.0, math.nan], {}, InvalidValueError, "finite b"),
        ([1.7e308, 0.0], [-1.7e308, 0.0], {}, InvalidValueError, "squares fit"),
        ([1.0, 2.0], [1.0, 2.0], {"margin": -0.1}, InvalidValueError, "margin of 0 or more"),
        ([1.0, 2.0], [1.0, 2.0], {"margin": math.nan}, InvalidValueError, "finite margin"),
        ([1.0, 2.0], [1.0, 2.0], {"margin": math.inf}, InvalidValueError, "finite margin"),
        ([1.0, 2.0], [1.0, 2.0], {"margin": "1"}, InvalidTypeError, "number as margin"),
    ],
)
def test_paired_difference_refuses_what_cannot_be_compared(a, b, options, error, words):
    with pytest.raises(error, match=words):
        paired_difference(a, b, **options)


# proportion


def wilson(k, n, z=1.959963984540054):
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return centre - half, centre + half


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_proportion_is_wilson_s_formula_inside_zero_to_one(counts):
    found = proportion(*counts)
    assert (found.low, found.high) == pytest.approx(wilson(*counts), abs=1e-9)
    assert 0 <= found.low <= found.mean <= found.high <= 1
    assert found.high > found.low
    assert (found.mean, found.n) == (counts[0] / counts[1], counts[1])


def test_no_success_in_a_hundred_still_allows_three_and_a_half_per_cent():
    assert proportion(0, 100).high == pytest.approx(0.0370, abs=5e-5)
    assert proportion(np.int64(0), np.int32(100)).low == 0


def test_proportion_counts_trials_and_not_seeds():
    assert str(proportion(50, 100)) == "0.50 [0.40, 0.60] (100 trials, 95 %)"


@pytest.mark.parametrize(
    ("successes", "n", "error"),
    [
        (-1, 5, InvalidValueError),
        (6, 5, InvalidValueError),
        (0, 0, InvalidValueError),
        (1.0, 5, InvalidTypeError),
        (1, "5", InvalidTypeError),
        (True, 5, InvalidTypeError),
        (None, 5, InvalidTypeError),
    ],
)
def test_proportion_refuses_impossible_counts(successes, n, error):
    with pytest.raises(error):
        proportion(successes, n)
