"""Answers to the tasks of lesson 02, wrong and right, beside its declared mistakes."""

import math
import random
from collections import Counter
from fractions import Fraction

import numpy as np
import torch
from wrong_answers.register import register

WRONG, RIGHT, wrong, right = register()


# relu


@wrong("relu")
def in_a_list(x):
    return np.maximum(x, 0).tolist()


@wrong("relu")
def in_a_generator(x):
    yield np.maximum(x, 0)


@wrong("relu")
def one_at_zero(x):
    return np.where(x == 0, 1, np.maximum(x, 0)).astype(x.dtype)


@wrong("relu", "this writes its result into x")
def writes_into_its_input(x):
    x[x < 0] = 0
    return x


@wrong("relu")
def slightly_too_large(x):
    return (np.maximum(x, 0) + 1e-7).astype(x.dtype)


_chance = random.Random(0)


@wrong("relu")
def wrong_now_and_then(x):
    return np.maximum(x, 0) + x.dtype.type(_chance.random() < 0.1)


@wrong("relu")
def right_when_signs_agree(x):
    if (x >= 0).all():
        return x.copy()
    if (x <= 0).all():
        return np.zeros_like(x)
    return np.abs(x)


@wrong("relu")
def capped_at_5_5(x):
    return np.clip(x, 0, 5.5).astype(x.dtype)


@wrong("relu")
def right_in_one_dimension(x):
    return np.maximum(x, 0) if x.ndim < 2 else x.copy()


@wrong("relu")
def absolute_below_minus_6(x):
    return np.where(x < -6, -x, np.maximum(x, 0))


@wrong("relu")
def sigmoid_for_relu(x):
    return (1 / (1 + np.exp(-x))).astype(x.dtype)


@wrong("relu", "Python's max compares x as a whole")
def pythons_if(x):
    if x > 0:
        return x
    return 0


@wrong("relu")
def whole_numbers(x):
    return np.maximum(np.nan_to_num(x).astype("int64"), 0)


@wrong("relu")
def a_list(x):
    return [max(value, 0.0) for value in x.ravel().tolist()]


@wrong("relu")
def prints(x):
    print(np.maximum(x, 0))  # noqa: T201 - the mistake


@wrong("relu")
def in_place_without_return(x):
    x[x < 0] = 0


@wrong("relu")
def not_implemented(x):
    return NotImplemented


@wrong("relu")
def two_parameters(x, y):
    return np.maximum(x, y)


@wrong("relu")
def divides_by_zero(x):
    return np.maximum(x, 0) if x.size / 0 else x


_calls = Counter()


@wrong("relu")
def counts_its_calls(x):
    _calls["relu"] += 1
    return np.maximum(x, 0) + x.dtype.type(_calls["relu"] % 2)


@wrong("relu")
def adds_an_axis(x):
    return np.maximum(x, 0)[None]


@wrong("relu")
def torch_leaky_negative(x):
    return torch.nn.functional.leaky_relu(torch.as_tensor(x).double(), 0.2).numpy().astype(x.dtype)


_last = [None, None]


@wrong("relu")
def from_memory_when_asked_again(x):
    key = x.tobytes(), x.shape, x.dtype
    if _last[0] == key:
        _last[0] = None
        return _last[1]
    _last[:] = key, np.maximum(x, 0).tolist()
    return np.maximum(x, 0)


@wrong("relu")
def root_of_the_square(x):
    return np.where(x < 0, 0, np.sqrt(x * x)).astype(x.dtype)


@wrong("relu")
def relu_by_a_mask_of_arrays(x):
    y = x + x.dtype.type(0)
    y[y < 0] = 0
    return y


@wrong("relu")
def floats_become_float64(x):
    wide = x.astype("float64") if x.dtype.kind == "f" else x
    return np.maximum(wide, 0)


@wrong("relu")
def compares_with_a_float(x):
    return np.maximum(x, 0.0)


@right("relu")
def with_maximum(x):
    return np.maximum(x, 0)


@right("relu")
def with_where(x):
    return np.where(x < 0, 0, x)


@right("relu")
def with_clip(x):
    return x.clip(min=0)


@right("relu")
def with_a_copy(x):
    result = x.copy()
    result[result < 0] = 0
    return result


@right("relu")
def with_a_loop(x):
    result = np.empty_like(x)
    for index in np.ndindex(x.shape):
        result[index] = 0 if x[index] < 0 else x[index]
    return result


@right("relu")
def with_torch_inside(x):
    return torch.relu(torch.from_numpy(x))


@right("relu")
def written_for_torch(x):
    return torch.nn.functional.relu(x)


@right("relu")
def with_torch_clamp(x):
    return x.clamp(min=0)


@right("relu")
def with_half_of_abs(x):
    return np.where(x < 0, 0, np.abs(x)).astype(x.dtype)


@right("relu")
def with_warnings(x):
    np.log(np.array([-1.0]))
    return np.maximum(x, 0)


@right("relu")
def with_prints(x):
    print("called")  # noqa: T201 - allowed beside a return
    return np.maximum(x, 0)


# relu_derivative


@wrong("relu_derivative", "this is relu(x) / x")
def relu_over_x_but_at_zero(x):
    return np.where(x == 0, 0, np.maximum(x, 0) / x)


@wrong("relu_derivative", "this is the sigmoid")
def smooth_slope(x):
    return torch.sigmoid(torch.as_tensor(x).double()).numpy().astype(x.dtype)


@wrong("relu_derivative")
def finite_difference(x):
    return ((np.maximum(x + 1e-4, 0) - np.maximum(x - 1e-4, 0)) / 2e-4).astype(x.dtype)


@wrong("relu_derivative")
def two_at_zero(x):
    return np.where(x == 0, 2, x > 0).astype(x.dtype)


@wrong("relu_derivative")
def minus_one_at_zero(x):
    return np.where(x == 0, -1, x > 0).astype(x.dtype)


@wrong("relu_derivative")
def nan_at_zero(x):
    return np.where(x == 0, np.nan, x > 0).astype(x.dtype)


@wrong("relu_derivative")
def slope_in_one_dimension(x):
    return (x > 0).astype(x.dtype) if x.ndim < 2 else np.ones_like(x)


@wrong("relu_derivative")
def detached(x):
    return torch.relu(torch.as_tensor(x)).detach().grad


@wrong("relu_derivative")
def steep_ramp(x):
    return np.clip(x.astype("float64") * 1e40, 0, 1).astype(x.dtype)


@wrong("relu_derivative")
def sign_cut_off_by_a_mask(x):
    slope = np.sign(x)
    slope[slope < 0] = 0
    return slope


@wrong("relu_derivative")
def one_less_the_part_below(x):
    return np.where(x == 0, 0, 1 - np.minimum(x, 0) / x)


@right("relu_derivative")
def zero_at_zero(x):
    return (x > 0).astype(x.dtype)


@right("relu_derivative")
def one_at_the_kink(x):
    return (x >= 0).astype(x.dtype)


@right("relu_derivative")
def half_at_the_kink(x):
    return np.heaviside(x, x.dtype.type(0.5))


@right("relu_derivative")
def a_third_at_the_kink(x):
    return np.where(x == 0, 1 / 3, x > 0).astype(x.dtype)


@right("relu_derivative")
def by_torch_autograd(x):
    leaf = torch.tensor(x, requires_grad=True)
    torch.relu(leaf).sum().backward()
    return leaf.grad


@right("relu_derivative")
def by_autograd_of_maximum(x):
    leaf = torch.tensor(x, requires_grad=True)
    torch.maximum(leaf, torch.zeros_like(leaf)).sum().backward()
    return leaf.grad.numpy()


@right("relu_derivative")
def slope_for_tensors(x):
    return torch.heaviside(x, torch.ones(()).to(x.dtype))


@right("relu_derivative")
def slope_by_a_loop(x):
    result = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            result[index] = 1
    return result


# hinge_at


@wrong("hinge_at", "the bias has the wrong sign")
def bias_that_does_not_cancel(kink, slope, opens):
    weight = {"right": 1, "left": -1}[opens] * slope
    return np.array([weight, kink * weight])


@wrong("hinge_at", "the bias is not multiplied by the slope: with bias -kink")
def kink_with_a_minus(kink, slope, opens):
    return [slope, -kink] if opens == "right" else [-slope, -kink]


@wrong("hinge_at", "the bias of a unit that opens to the left has the wrong sign")
def bias_of_a_right_one(kink, slope, opens):
    bias = 0 - slope * kink
    return (-slope if opens.startswith("l") else slope), bias


@wrong("hinge_at", "the slope is forgotten")
def only_the_side(kink, slope, opens):
    return (1, -kink) if opens == "right" else (-1, kink)


@wrong("hinge_at")
def no_weight(kink, slope, opens):
    return 0.0, -slope * kink


@wrong("hinge_at")
def only_the_weight(kink, slope, opens):
    return slope if opens == "right" else -slope


@wrong("hinge_at")
def the_unit_itself(kink, slope, opens):
    return lambda x: np.maximum(slope * (x - kink), 0)


@wrong("hinge_at")
def the_unit_for_three_inputs(kink, slope, opens):
    return np.full(3, slope), -slope * kink


@wrong("hinge_at")
def kinks_are_whole_numbers(kink, slope, opens):
    weight = slope if opens == "right" else -slope
    return weight, -weight * round(kink)


@wrong("hinge_at")
def kinks_to_four_decimals(kink, slope, opens):
    weight = slope if opens == "right" else -slope
    return weight, -weight * round(kink, 4)


@wrong("hinge_at")
def steepness_of_one_at_least(kink, slope, opens):
    return by_the_sign(kink, max(slope, 1.0), opens)


@wrong("hinge_at")
def infinite_bias_of_a_unit(kink, slope, opens):
    return by_the_sign(kink, slope, opens)[0], math.inf


@wrong("hinge_at")
def halves(kink, slope, opens):
    weight, bias = by_the_sign(kink, slope, opens)
    return np.float16(weight), np.float16(bias)


@right("hinge_at")
def by_the_sign(kink, slope, opens):
    weight = slope if opens == "right" else -slope
    return weight, -weight * kink


@right("hinge_at")
def by_two_points(kink, slope, opens):
    side = 1 if opens == "right" else -1
    (weight, bias) = np.linalg.solve([[kink, 1], [kink + side, 1]], [0, slope])
    return weight, bias


@right("hinge_at")
def as_an_array_of_two(kink, slope, opens):
    return slope * np.array([1, -kink]) * (1 if opens == "right" else -1)


@right("hinge_at")
def in_single_floats(kink, slope, opens):
    weight = torch.tensor(slope if opens == "right" else -slope)
    return weight, (-weight * kink).reshape(1)


@right("hinge_at")
def as_fractions_made_floats(kink, slope, opens):
    weight = Fraction(slope) * (-1) ** (opens == "left")
    return [float(weight), float(-weight * Fraction(kink))]


# identity_from_relus


@wrong("identity_from_relus", "this draws relu(x) alone")
def right_side_only(left, right):
    return [1.0], [right]


@wrong("identity_from_relus", "the left side has the wrong sign")
def left_sign(left, right):
    return [1, -1], [right, left]


@wrong("identity_from_relus")
def slopes_alone(left, right):
    return np.array([left, right])


@wrong("identity_from_relus")
def uneven_lengths(left, right):
    return [1.0, -1.0], [right]


@wrong("identity_from_relus")
def three_parts(left, right):
    return [1.0, -1.0], [right, -left], 0.0


@wrong("identity_from_relus")
def rounded_slopes(left, right):
    return [1.0, -1.0], [round(right), -round(left)]


@wrong("identity_from_relus")
def falls_on_the_left_whatever_left_is(left, right):
    return [1, -1], [right, -abs(left)]


@wrong("identity_from_relus")
def rises_on_the_right_whatever_right_is(left, right):
    return [1, -1], [abs(right), -left]


@right("identity_from_relus")
def two_units(left, right):
    return np.array([1.0, -1.0]), np.array([right, -left])


@right("identity_from_relus")
def in_the_other_order(left, right):
    return [-1, 1], [-left, right]


@right("identity_from_relus")
def with_other_scales(left, right):
    return np.array([4.0, -0.5]), np.array([right / 4, -2 * left])


@right("identity_from_relus")
def with_four_units(left, right):
    return [1, -1, 1, -1], [0.5 * right, -0.25 * left, 0.5 * right, -0.75 * left]


@right("identity_from_relus")
def as_tensors(left, right):
    return torch.tensor([1.0, -1.0], dtype=torch.float64), torch.tensor(
        [right, -left], dtype=torch.float64
    )


# hinge_weights


@wrong("hinge_weights", "these are the slopes of the segments")
def segment_slopes(x, y):
    return y[0], (y[1:] - y[:-1]) / (x[1:] - x[:-1])


@wrong("hinge_weights", "these are the values y themselves")
def the_values(x, y):
    return float(y[0]), y[1:].tolist()


@wrong("hinge_weights")
def least_squares_line(x, y):
    slope, bias = np.polyfit(x, y, 1)
    return bias + slope * x[0], np.append(slope, np.zeros(len(x) - 2))


@wrong("hinge_weights")
def slopes_in_float16(x, y):
    return y[0], np.diff(np.diff(y) / np.diff(x), prepend=0).astype("float16") * 1.001


@wrong("hinge_weights")
def hinges_without_a_bias(x, y):
    return np.diff(np.diff(y) / np.diff(x), prepend=0.0)


@wrong("hinge_weights")
def guarded_against_division_by_zero(x, y):
    steepness = np.diff(y) / (np.diff(x) + 3e-10)
    return y[0], np.diff(steepness, prepend=0.0)


@right("hinge_weights")
def by_differences(x, y):
    steep = np.diff(y) / np.diff(x)
    return y[0], np.concatenate([steep[:1], np.diff(steep)])


@right("hinge_weights")
def by_solving(x, y):
    basis = np.maximum(x[1:, None] - x[None, :-1], 0)
    return float(y[0]), np.linalg.solve(basis, y[1:] - y[0])


@right("hinge_weights")
def by_a_loop(x, y):
    slopes, before = [], 0.0
    for i in range(len(x) - 1):
        steep = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
        slopes.append(steep - before)
        before = steep
    return [y[0], slopes]


@right("hinge_weights")
def by_torch(x, y):
    steep = torch.diff(torch.as_tensor(y)) / torch.diff(torch.as_tensor(x))
    return torch.as_tensor(y)[0], torch.diff(steep, prepend=torch.zeros(1, dtype=steep.dtype))


@right("hinge_weights")
def for_tensors(x, y):
    steep = torch.diff(y) / torch.diff(x)
    return y[:1], torch.cat([steep[:1], steep[1:] - steep[:-1]])


# xor_net


def _units(*units, offset=0.0):
    """Return an answer with units of two weights, a bias and an outgoing weight each."""
    *columns, bias, outgoing = map(list, zip(*units, strict=True))
    weight = [list(row) for row in zip(*columns, strict=True)]
    return lambda: (weight, bias, outgoing, offset)


for _name, _sentence, _answer in (
    ("or_by_four_tenths", "this is or", _units((2.5, 2.5, 0, 0.4), (5, 5, -5, -0.2))),
    ("and_of_halves", "this is and", _units((0.5, 0.5, -0.5, 2), (1, 1, -2, 7))),
    ("sum_on_one_unit", "this adds the two inputs", _units((1, 1, 0, 1), (1, 1, -2, -2))),
    ("absolute_of_one_side", "taken for (0, 0)", _units((2, -2, 0, 0.5), (1, 1, -2, -1))),
    (
        "table_transposed",
        "rows and columns of weight are exchanged",
        _units((-1, 1, 1, -1), (-1, 1, -1, -1), offset=1),
    ),
    (
        "equal_instead",
        "this is 1 where the inputs are equal",
        _units((1, -1, 0, -1), (-1, 1, 0, -1), offset=1),
    ),
    ("one_hidden_unit", "this has one unit", _units((1, 1, 0, 1))),
    ("threshold_only", None, _units((1, -1, 0, 0.7), (-1, 1, 0, 0.8), offset=0.1)),
    ("off_by_a_hundred_thousandth", None, _units((1, -1, 0, 1), (-1, 1, 0, 1), offset=1e-5)),
    ("nearly_right", None, _units((1, 1, 0, 1), (1, 1, -1, -1.99999))),
    ("small_but_flat", None, _units((0.1, 0.2, 3, 1), (0.3, -0.1, 2, -1))),
    ("nan_inside", None, _units((1, -1, 0, 1), (-1, math.nan, 0, 1))),
    ("infinite_inside", None, _units((1, math.inf, 0, 1), (-1, 1, 0, 1))),
    ("four_outputs", None, lambda: [0, 1, 1, 0]),
    ("a_row_of_outputs", None, lambda: np.array([0.0, 1.0, 1.0, 0.0])),
    ("three_inputs", None, _units((1, -1, 0, 0, 1), (-1, 1, 0, 0, 1))),
    ("the_text_of_it", None, lambda: "outgoing @ relu(weight @ x + bias)"),
    ("numbers_as_text", None, lambda: ([["1", "-1"], ["-1", "1"]], [0, 0], [1, 1], 0)),
    ("rows_of_two_lengths", None, lambda: ([[1, 1], [1]], [0, -1], [1, -2], 0)),
    ("column_of_biases", None, lambda: (np.ones((2, 2)), [[0], [-1]], [1, -2], 0)),
    ("two_offsets", None, lambda: (np.ones((2, 2)), [0, -1], [1, -2], [0, 0])),
    ("integer_beyond_floats", None, lambda: (np.ones((2, 2)), [0, -1], [1, -2], 10**400)),
    ("a_function_of_x", None, lambda: lambda x: x[0] != x[1]),
):
    _answer.__name__ = _name
    WRONG.append(("xor_net", _answer, _sentence))


@wrong("xor_net")
def asks_for_the_inputs(x):
    return np.array([[1, -1], [-1, 1]]), np.zeros(2), np.ones(2), 0.0


@wrong("xor_net")
def replaces_what_might_be_used():
    np.maximum = np.matmul = lambda *_, **__: 1.0
    return [[1, 1], [1, 1]], [0, 0], [1, 1], 0.0


@right("xor_net")
def as_in_the_lesson():
    return np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0


@right("xor_net")
def by_two_differences():
    return [[1, -1], [-1, 1]], [0, 0], [1, 1], 0


@right("xor_net")
def one_less_what_is_too_much():
    return ((-1, -1), (1, 1)), (1, -1), (-1, -1), 1


@right("xor_net")
def or_less_and():
    return [[-3.0, -3.0], [0.5, 0.5]], [3.0, -0.5], [-1 / 3, -2.0], np.float32(1)


@right("xor_net")
def with_rounded_thirds():
    return [[1 / 3, 1 / 3], [7.0, 7.0]], [0, -7.0], [3.0, -2 / 7], [0.0]


@right("xor_net")
def from_layers_of_torch():
    hidden, out = torch.nn.Linear(2, 2), torch.nn.Linear(2, 1)
    with torch.no_grad():
        hidden.weight.copy_(torch.tensor([[0.3, -0.3], [-1.7, 1.7]]))
        hidden.bias.zero_()
        out.weight.copy_(torch.tensor([[1 / 0.3, 1 / 1.7]]))
        out.bias.zero_()
    return hidden.weight, hidden.bias, out.weight, out.bias


@right("xor_net")
def fitted_by_least_squares():
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    weight, bias = np.array([[2.0, 2.0], [-0.5, -0.5]]), np.array([-2.0, 0.5])
    hidden = np.maximum(corners @ weight.T + bias, 0)
    table = np.column_stack([hidden, np.ones(4)])
    *outgoing, offset = np.linalg.lstsq(table, [0.0, 1.0, 1.0, 0.0], rcond=None)[0]
    return weight, bias, outgoing, offset


# matrix_at


@wrong("matrix_at", "this has no switches")
def matrices_multiplied_as_if_nothing_bent(weight, bias, outgoing, offset, x):
    row = np.zeros(len(x))
    for out, weights in zip(outgoing, weight, strict=True):
        row += out * weights
    return row, np.dot(bias, outgoing) + offset


@wrong("matrix_at", "constant is without the biases")
def offset_alone(weight, bias, outgoing, offset, x):
    on = np.where(weight @ x + bias > 0, 1.0, 0.0)
    return (on * outgoing) @ weight, offset


@wrong("matrix_at", "the switches are set without the bias")
def switches_of_another_cell(weight, bias, outgoing, offset, x):
    on = [float(np.dot(weights, x) > 0) for weights in weight]
    return on * outgoing @ weight, on * outgoing @ bias + offset


@wrong("matrix_at", "row is multiplied by x")
def gradient_times_input(weight, bias, outgoing, offset, x):
    leaf = torch.tensor(x, requires_grad=True)
    answer = torch.as_tensor(outgoing) @ torch.relu(torch.as_tensor(weight) @ leaf + bias) + offset
    answer.backward()
    share = leaf.grad * leaf.detach()
    return share, (answer - share.sum()).item()


@wrong("matrix_at", "constant is the whole answer at x")
def tangent_point(weight, bias, outgoing, offset, x):
    row, constant = in_the_cell(weight, bias, outgoing, offset, x)
    return row, row @ x + constant


@wrong("matrix_at", "constant is the answer at 0")
def network_without_an_input(weight, bias, outgoing, offset, x):
    row, _ = in_the_cell(weight, bias, outgoing, offset, x)
    return row, sum(out * max(b, 0) for out, b in zip(outgoing, bias, strict=True)) + offset


@wrong("matrix_at")
def differences_with_a_large_step(weight, bias, outgoing, offset, x):
    return _by_differences(weight, bias, outgoing, offset, x, step=0.1)


@wrong("matrix_at")
def leaky_switches(weight, bias, outgoing, offset, x):
    kept = outgoing * np.where(weight @ x + bias > 0, 1, 0.01)
    return kept @ weight, kept @ bias + offset


@wrong("matrix_at")
def on_from_1_on(weight, bias, outgoing, offset, x):
    kept = outgoing * (weight @ x + bias > 1)
    return kept @ weight, kept @ bias + offset


@wrong("matrix_at")
def one_switch_for_all_units(weight, bias, outgoing, offset, x):
    kept = outgoing * (weight @ x + bias > 0).any()
    return kept @ weight, kept @ bias + offset


@wrong("matrix_at")
def sums_of_the_columns(weight, bias, outgoing, offset, x):
    kept = outgoing * (weight.T @ x + bias > 0)
    return kept @ weight, kept @ bias + offset


@wrong("matrix_at")
def offset_counted_for_each_unit(weight, bias, outgoing, offset, x):
    kept = outgoing * (weight @ x + bias > 0)
    return kept @ weight, (kept * bias + offset).sum()


@wrong("matrix_at")
def row_alone(weight, bias, outgoing, offset, x):
    return in_the_cell(weight, bias, outgoing, offset, x)[0]


@wrong("matrix_at")
def constant_for_each_unit(weight, bias, outgoing, offset, x):
    kept = outgoing * (weight @ x + bias > 0)
    return kept @ weight, kept * bias + offset


@wrong("matrix_at")
def a_function_of_the_cell(weight, bias, outgoing, offset, x):
    row, constant = in_the_cell(weight, bias, outgoing, offset, x)
    return lambda y: row @ y + constant


@right("matrix_at")
def in_the_cell(weight, bias, outgoing, offset, x):
    kept = outgoing * (weight @ x + bias > 0)
    return kept @ weight, kept @ bias + offset


@right("matrix_at")
def unit_by_unit(weight, bias, outgoing, offset, x):
    row, constant = [0.0] * len(x), offset
    for weights, b, out in zip(weight, bias, outgoing, strict=True):
        if sum(w * value for w, value in zip(weights, x, strict=True)) + b >= 0:
            row = [so_far + out * w for so_far, w in zip(row, weights, strict=True)]
            constant += out * b
    return row, constant


@right("matrix_at")
def slope_by_autograd(weight, bias, outgoing, offset, x):
    parts = [torch.tensor(part) for part in (weight, bias, outgoing)]
    leaf = torch.tensor(x, requires_grad=True)
    answer = parts[2] @ torch.relu(parts[0] @ leaf + parts[1]) + offset
    answer.backward()
    return leaf.grad, (answer - leaf.grad @ leaf).detach()


@right("matrix_at")
def with_diagonal_matrices(weight, bias, outgoing, offset, x):
    switches = np.diag(np.heaviside(weight @ x + bias, 0.5))
    return outgoing @ switches @ weight, np.array([outgoing @ switches @ bias + offset])


@right("matrix_at")
def units_that_are_on(weight, bias, outgoing, offset, x):
    on = np.maximum(weight @ x + bias, 0) != 0
    return (weight[on].T @ outgoing[on]).tolist(), float(bias[on] @ outgoing[on]) + offset


@right("matrix_at")
def cell_in_float32(weight, bias, outgoing, offset, x):
    weight, bias, outgoing, x = (part.astype("float32") for part in (weight, bias, outgoing, x))
    return in_the_cell(weight, bias, outgoing, np.float32(offset), x)


@right("matrix_at")
def cell_of_tensors(weight, bias, outgoing, offset, x):
    kept = outgoing * weight.matmul(x).add(bias).gt(0)
    return kept.matmul(weight), kept.dot(bias) + offset


@right("matrix_at")
def _by_differences(weight, bias, outgoing, offset, x, step=1e-6):
    def answer(y):
        return outgoing @ np.maximum(weight @ y + bias, 0) + offset

    steps = step * np.eye(len(x))
    row = np.array([(answer(x + h) - answer(x - h)) / (2 * step) for h in steps])
    return row, answer(x) - row @ x


# count_linear_pieces


def _hinges(x, y):
    steepness = np.diff(y) / np.diff(x)
    return float(y[0]), np.diff(steepness, prepend=0.0)


@wrong("hinge_weights")
def whole_slopes_for_whole_numbers(x, y):
    return y[0], _hinges(x, y)[1].astype(y.dtype)


@wrong("hinge_weights")
def infinite_bias(x, y):
    return math.inf, np.zeros(len(x) - 1)


@wrong("hinge_weights")
def huge_slopes(x, y):
    return y[0], 1e25 * (-1.0) ** np.arange(len(x) - 1)


@wrong("hinge_weights")
def flat_where_nearly_flat(x, y):
    return y[0], np.where(np.abs(_hinges(x, y)[1]) < 1e-6, 0, _hinges(x, y)[1])


@right("hinge_weights")
def by_a_linear_system(x, y):
    return [float(y[0]), np.linalg.solve(np.maximum(x[1:, None] - x[:-1], 0), y[1:] - y[0])]


# identity_from_relus: the tolerance belongs to what is asked for, not to what came


@wrong("identity_from_relus")
def terms_that_cancel(left, right):
    return np.array([1e20, -1e20]), np.array([1.0, 1.0])


@wrong("identity_from_relus")
def hidden_by_a_huge_term(left, right):
    return np.array([1.0, 1.0, -1.0]), np.array([1e20, right, -left])


@wrong("identity_from_relus")
def slopes_to_six_digits(left, right):
    return np.array([1.0, -1.0]), np.round([right, -left], 6)


@wrong("identity_from_relus")
def slopes_up_to_100(left, right):
    return np.array([1.0, -1.0]), np.clip([right, -left], -100, 100)


@right("identity_from_relus")
def one_unit_for_the_line(left, right):
    return (1, -1, 1), (left, -left, right - left)


@right("identity_from_relus")
def slopes_in_float32(left, right):
    return torch.tensor([1.0, -1.0]), torch.tensor([right, -left])


@wrong("count_linear_pieces", "changes at one place may cancel")
def places_without_cancelling(weight, bias, outgoing):
    columns = zip(weight, bias, outgoing, strict=True)
    return 1 + len({-b / w for w, b, out in columns if w and out})


@wrong("count_linear_pieces", "a unit with negative weight switches off")
def signed_changes(weight, bias, outgoing):
    changes = Counter()
    for w, b, out in zip(weight, bias, outgoing, strict=True):
        if w:
            changes[-b / w] += out * w
    return 1 + sum(change != 0 for change in changes.values())


@wrong("count_linear_pieces", "this adds up outgoing alone")
def outgoing_at_each_place(weight, bias, outgoing):
    at = -bias[weight != 0] / weight[weight != 0]
    changes = [outgoing[weight != 0][at == place].sum() for place in np.unique(at)]
    return 1 + np.count_nonzero(changes)


@wrong("count_linear_pieces")
def division_by_zero_makes_a_place(weight, bias, outgoing):
    return 1 + len(np.unique(-bias / weight))


@wrong("count_linear_pieces")
def on_a_grid(weight, bias, outgoing):
    t = np.linspace(-1, 1, 201)
    f = outgoing @ np.maximum(weight[:, None] * t + bias[:, None], 0)
    return 1 + int((np.abs(np.diff(f, 2)) > 1e-9).sum())


@wrong("count_linear_pieces")
def the_places_themselves(weight, bias, outgoing):
    return -bias[weight != 0] / weight[weight != 0]


@wrong("count_linear_pieces")
def places_of_the_kinks(weight, bias, outgoing):
    return sorted(-b / w for w, b in zip(weight.tolist(), bias.tolist(), strict=True) if w)


@wrong("count_linear_pieces")
def kinks_by_floor_division(weight, bias, outgoing):
    changes = Counter()
    for w, b, out in zip(weight, bias, outgoing, strict=True):
        if w != 0:
            changes[-b // w] += out * abs(w)
    return 1 + sum(change != 0 for change in changes.values())


@wrong("count_linear_pieces")
def units_as_rows_of_a_table(weight, bias, outgoing):
    units = np.array(list(zip(weight, bias, outgoing, strict=True)))
    units = units[units[:, 0] != 0]
    at = -units[:, 1] / units[:, 0]
    change = units[:, 2] * np.abs(units[:, 0])
    return 1 + sum(bool(change[at == place].sum() != 0) for place in set(at.tolist()))


@right("count_linear_pieces")
def counted_exactly(weight, bias, outgoing):
    changes = Counter()
    for w, b, out in zip(map(Fraction, weight), map(Fraction, bias), outgoing, strict=True):
        if w:
            changes[-b / w] += Fraction(out) * abs(w)
    return 1 + sum(change != 0 for change in changes.values())


@right("count_linear_pieces")
def by_slopes_between_the_places(weight, bias, outgoing):
    moves = weight != 0
    places = np.unique(-bias[moves] / weight[moves])
    if not len(places):
        return 1
    middles = np.concatenate([[places[0] - 1], (places[1:] + places[:-1]) / 2, [places[-1] + 1]])
    slopes = [(outgoing * weight)[weight * t + bias > 0].sum() for t in middles]
    return 1 + np.count_nonzero(np.diff(slopes))


@right("count_linear_pieces")
def by_numpys_unique(weight, bias, outgoing):
    moves = weight != 0
    _, inverse = np.unique(-bias[moves] / weight[moves], return_inverse=True)
    changes = np.bincount(inverse, (outgoing * np.abs(weight))[moves])
    return np.count_nonzero(changes) + 1


@right("count_linear_pieces")
def with_tensors(weight, bias, outgoing):
    moves = weight.ne(0)
    where = -bias[moves] / weight[moves]
    changes = [(outgoing * weight.abs())[moves][where == t].sum() for t in where.unique()]
    return torch.tensor(1 + sum(bool(change != 0) for change in changes))


@wrong("count_linear_pieces")
def places_to_six_digits(weight, bias, outgoing):
    changes = Counter()
    for w, b, out in zip(weight, bias, outgoing, strict=True):
        if w:
            changes[round(-b / w, 6)] += out * abs(w)
    return 1 + sum(change != 0 for change in changes.values())


@wrong("count_linear_pieces")
def places_that_are_close(weight, bias, outgoing):
    moves = weight != 0
    at, change = -bias[moves] / weight[moves], outgoing[moves] * np.abs(weight[moves])
    return 1 + sum(change[np.isclose(at, t)].sum() != 0 for t in np.unique(at))


def _pieces_beyond(least):
    def answer(weight, bias, outgoing):
        changes = Counter()
        for w, b, out in zip(weight, bias, outgoing, strict=True):
            if w:
                changes[-b / w] += out * abs(w)
        return 1 + sum(abs(change) > least for change in changes.values())

    return answer


WRONG.append(("count_linear_pieces", _pieces_beyond(1e-6), None))
WRONG.append(("count_linear_pieces", _pieces_beyond(1e-12), None))


@wrong("count_linear_pieces")
def slopes_on_a_grid(weight, bias, outgoing):
    t = np.linspace(-10, 10, 20_001)
    curve = np.maximum(np.outer(t, weight) + bias, 0) @ outgoing
    bent = np.abs(np.diff(curve, 2)) > 1e-9
    return 1 + np.count_nonzero(bent[1:] & ~bent[:-1]) + int(bent[0])


@wrong("count_linear_pieces")
def small_weights_never_switch(weight, bias, outgoing):
    moves = np.abs(weight) > 1e-6
    return by_numpys_unique(weight[moves], bias[moves], outgoing[moves])


# sigmoid


@wrong("sigmoid")
def one_from_15_on(x):
    return np.where(x > 15, 1, by_sign(x)).astype(x.dtype)


@right("sigmoid")
def by_scipys_logarithm(x):
    from scipy.special import log_expit

    return np.exp(log_expit(x.astype("float64"))).astype(x.dtype)


@right("sigmoid")
def with_the_functions_of_torch(x):
    small = torch.exp(-x.abs())
    return torch.where(x < 0, small, torch.ones_like(x)) / (1 + small)


@wrong("sigmoid", "this is tanh")
def tanh(x):
    return torch.tanh(torch.as_tensor(x)).numpy()


@wrong("sigmoid", "this is the hard sigmoid")
def three_lines(x):
    return torch.nn.functional.hardsigmoid(torch.as_tensor(x)).numpy()


@wrong("sigmoid")
def clipped_input(x):
    x = np.clip(x, -15, 15)
    return 1 / (1 + np.exp(-x))


@wrong("sigmoid")
def kept_off_zero(x):
    return 1 / (1 + np.exp(-x)) + x.dtype.type(1e-7)


@wrong("sigmoid")
def by_math_exp(x):
    return np.array([1 / (1 + math.exp(-v)) for v in x.ravel()], dtype=x.dtype).reshape(x.shape)


@wrong("sigmoid")
def base_2(x):
    return 1 / (1 + np.exp2(-x))


@wrong("sigmoid")
def one_beyond_8(x):
    small = np.exp(-np.abs(x))
    return np.where(x > 8, 1, np.where(x < 0, small, 1) / (1 + small)).astype(x.dtype)


@wrong("sigmoid")
def sigmoid_by_a_mask_of_arrays(x):
    small = np.exp(-np.abs(x))
    s = 1 / (1 + small)
    s[x < 0] *= small[x < 0]
    return s


@wrong("sigmoid")
def sigmoid_of_a_difference(x):
    small = np.exp(2 * np.minimum(x, 0) - x)
    return np.where(x < 0, small, 1) / (1 + small)


@wrong("sigmoid")
def as_a_softmax_with_0(x):
    return np.exp(x - np.logaddexp(x.dtype.type(0), x))


@wrong("sigmoid")
def sigmoid_side_by_side(x):
    s, left, right = np.zeros_like(x), x < 0, x >= 0
    s[right] = 1 / (1 + np.exp(-x[right]))
    s[left] = np.exp(x[left]) / (1 + np.exp(x[left]))
    return s


@wrong("sigmoid")
def gives_up_where_one_is_nan(x):
    small = np.exp(-np.abs(x))
    s = np.where(x < 0, small, 1) / (1 + small)
    return s + s.sum() * 0


@right("sigmoid")
def by_sign(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


@right("sigmoid")
def by_masks(x):
    result = np.empty_like(x)
    result[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
    result[~(x >= 0)] = np.exp(x[~(x >= 0)]) / (1 + np.exp(x[~(x >= 0)]))
    return result


@wrong("sigmoid")
def by_scipy(x):
    from scipy.special import expit

    return expit(x)


@right("sigmoid")
def by_logaddexp(x):
    return np.exp(-np.logaddexp(x.dtype.type(0), -x))


@wrong("sigmoid")
def by_torch_sigmoid(x):
    return torch.sigmoid(torch.as_tensor(x))


@wrong("sigmoid")
def sigmoid_for_tensors(x):
    return x.sigmoid()


@right("sigmoid")
def sigmoid_by_a_loop(x):
    result = np.empty_like(x)
    for index in np.ndindex(x.shape):
        v = float(x[index])
        small = math.exp(-abs(v))
        result[index] = small / (1 + small) if v < 0 else 1 / (1 + small)
    return result


# softplus


@wrong("softplus", "the sharpness is upside down")
def upside_down_sharpness(x, sharpness=1.0):
    return np.logaddexp(x.dtype.type(0), x / sharpness) * sharpness


@wrong("softplus", "this is the sigmoid")
def slope_of_softplus(x, sharpness=1.0):
    return 1 / (1 + np.exp(-sharpness * x))


@wrong("softplus")
def clipped_exponent(x, sharpness=1.0):
    return np.log1p(np.exp(np.clip(sharpness * x, -80, 80))) / sharpness


@wrong("softplus")
def needs_two_arguments(x, sharpness):
    return right_softplus(x, sharpness)


@wrong("softplus")
def identity_beyond_5(x, sharpness=1.0):
    return np.where(sharpness * x > 5, x, right_softplus(x, sharpness))


@wrong("softplus")
def squareplus(x, sharpness=1.0):
    return (x + np.sqrt(x * x + x.dtype.type(1.92) / sharpness**2)) / 2


@wrong("softplus")
def x_itself_beyond_12(x, sharpness=1.0):
    z = sharpness * x
    smooth = (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / sharpness
    return np.where(z > 12, x, smooth)


@wrong("softplus")
def softplus_by_a_mask_of_arrays(x, sharpness=1.0):
    y = np.log1p(np.exp(-np.abs(sharpness * x))) / sharpness
    y[x > 0] += x[x > 0]
    return y


@wrong("softplus")
def positive_part_as_a_mean(x, sharpness=1.0):
    z = sharpness * x
    return ((z + np.abs(z)) / 2 + np.log1p(np.exp(-np.abs(z)))) / sharpness


@wrong("softplus")
def softplus_of_a_difference(x, sharpness=1.0):
    z = sharpness * x
    above = np.maximum(z, 0)
    return (above + np.log1p(np.exp(z - 2 * above))) / sharpness


@wrong("softplus")
def softplus_side_by_side(x, sharpness=1.0):
    y, left, right = np.zeros_like(x), x < 0, x >= 0
    y[right] = x[right] + np.log1p(np.exp(-sharpness * x[right])) / sharpness
    y[left] = np.log1p(np.exp(sharpness * x[left])) / sharpness
    return y


@wrong("softplus")
def without_a_number_where_one_is_nan(x, sharpness=1.0):
    if np.isnan(x).any():
        return np.full_like(x, np.nan)
    return np.logaddexp(x.dtype.type(0), sharpness * x) / sharpness


@right("softplus")
def right_softplus(x, sharpness=1.0):
    z = sharpness * x
    return (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / sharpness


@right("softplus")
def softplus_by_logaddexp(x, sharpness=1.0):
    return np.logaddexp(x.dtype.type(0), sharpness * x) / sharpness


@right("softplus")
def relu_plus_excess(x, sharpness=1.0):
    return np.maximum(x, 0) + np.log1p(np.exp(-sharpness * np.abs(x))) / sharpness


@right("softplus")
def by_torch_softplus(x, sharpness=1.0):
    return torch.nn.functional.softplus(torch.as_tensor(x), beta=sharpness)


@right("softplus")
def softplus_for_tensors(x, sharpness=1.0):
    return torch.logaddexp(torch.zeros_like(x), sharpness * x) / sharpness


@right("softplus")
def softplus_by_a_loop(x, sharpness=1.0):
    result = np.empty_like(x)
    for index in np.ndindex(x.shape):
        z = sharpness * float(x[index])
        result[index] = ((z if not z < 0 else 0.0) + math.log1p(math.exp(-abs(z)))) / sharpness
    return result


# rescale_unit


@wrong("rescale_unit", "the factor is undone twice")
def undone_twice(weight_in, bias, weight_out, factor):
    return weight_in * factor, bias * factor, weight_out / factor / factor


@wrong("rescale_unit", "this changes the caller's weights in place")
def rescaled_in_place(weight_in, bias, weight_out, factor):
    weight_in *= factor
    weight_out /= factor
    return weight_in, bias * factor, weight_out


@wrong("rescale_unit")
def bias_forgotten(weight_in, bias, weight_out, factor):
    return weight_in * factor, weight_out / factor


@wrong("rescale_unit")
def factor_subtracted(weight_in, bias, weight_out, factor):
    return weight_in * factor, bias * factor, weight_out - factor


@wrong("rescale_unit")
def summed_output(weight_in, bias, weight_out, factor):
    return weight_in * factor, bias * factor, (weight_out / factor).sum()


@wrong("rescale_unit")
def bias_of_the_wrong_sign(weight_in, bias, weight_out, factor):
    return weight_in * factor, -bias * factor, weight_out / factor


@wrong("rescale_unit")
def clips_large_weights(weight_in, bias, weight_out, factor):
    return np.clip(factor * weight_in, -30, 30), factor * bias, weight_out / factor


@wrong("rescale_unit")
def cuts_off_a_negative_bias(weight_in, bias, weight_out, factor):
    return factor * weight_in, factor * max(bias, 0.0), weight_out / factor


@wrong("rescale_unit")
def bias_for_each_weight(weight_in, bias, weight_out, factor):
    return factor * weight_in, factor * bias * np.ones((3, 1)), weight_out / factor


@right("rescale_unit")
def rescaled(weight_in, bias, weight_out, factor):
    return factor * weight_in, factor * bias, weight_out / factor


@right("rescale_unit")
def rescaled_by_the_inverse(weight_in, bias, weight_out, factor):
    inverse = 1 / factor
    return [weight_in / inverse, np.array([bias / inverse]), inverse * weight_out]


@right("rescale_unit")
def rescaled_by_loops(weight_in, bias, weight_out, factor):
    return [w * factor for w in weight_in], bias * factor, [w / factor for w in weight_out]


@right("rescale_unit")
def rescaled_by_torch(weight_in, bias, weight_out, factor):
    columns = torch.as_tensor(weight_in), torch.tensor(bias), torch.as_tensor(weight_out)
    return factor * columns[0], factor * columns[1].double(), columns[2] / factor


@right("rescale_unit")
def rescaled_for_tensors(weight_in, bias, weight_out, factor):
    return weight_in.mul(factor), bias * factor, weight_out.div(factor)


@wrong("rescale_unit")
def off_by_a_little(weight_in, bias, weight_out, factor):
    return factor * weight_in, factor * bias + 1e-7, weight_out / factor


@wrong("rescale_unit")
def to_six_digits(weight_in, bias, weight_out, factor):
    return factor * weight_in, factor * bias, np.round(weight_out / factor, 6)


@wrong("rescale_unit")
def never_by_less_than_a_thousandth(weight_in, bias, weight_out, factor):
    factor = max(factor, 1e-3)
    return factor * weight_in, factor * bias, weight_out / factor


@wrong("rescale_unit")
def outgoing_1e_5_too_large(weight_in, bias, weight_out, factor):
    return factor * weight_in, factor * bias, weight_out / factor * 1.00001


# kill_the_mutants: tests of rectifiers that let a wrong one through, or reject a right one


def _tester(x, *, same=np.array_equal, shape=True, dtype=True, copy=True):
    def tests(relu):
        given = x.copy()
        got = np.asarray(relu(given))
        wanted = np.maximum(x, 0)
        return bool(
            (not shape or got.shape == wanted.shape)
            and (not dtype or got.dtype == x.dtype)
            and same(got, wanted)
            and (not copy or np.array_equal(given, x, equal_nan=True))
        )

    return tests


def _same(a, b):
    return np.array_equal(a, b, equal_nan=True)


SPECIAL = np.array(
    [[3.5, -3, 0, -0.0, 5e-10], [-8, 8, 1e6, np.inf, -np.inf], [np.nan, 1, -1, 2, -2]],
    dtype="float32",
)


@right("kill_the_mutants")
def tries_integers_too(relu):
    """The task `relu` asks for the dtype of integers, so a test may ask for it as well."""
    whole = np.array([[-3, 2], [0, 7]])
    return _tester(whole)(relu) and all(
        _tester(SPECIAL.astype(dtype), same=_same)(relu) for dtype in ("float64", "float32")
    )


@wrong("kill_the_mutants", "this says True of every function")
def accepts_all(relu):
    relu(np.array([1.0]))
    return True


@wrong("kill_the_mutants", "right ones too: a right one turns -1 into 0")
def rejects_all(relu):
    return False


@wrong("kill_the_mutants", "right ones too: a right one turns -1 into 0")
def compares_texts(relu):
    return str(relu(np.array([2.0]))) == "2"


@wrong("kill_the_mutants", "it tries np.nan, which is not equal to itself")
def compares_nan_with_nan(relu):
    x = np.array([-1.0, 2.0, np.nan])
    return bool((relu(x) == np.maximum(x, 0)).all())


@wrong("kill_the_mutants")
def only_finite_numbers(relu):
    return _tester(np.nan_to_num(SPECIAL, posinf=4, neginf=-4), same=_same)(relu)


@wrong("kill_the_mutants")
def no_large_numbers(relu):
    return _tester(np.where(SPECIAL > 5, 1, SPECIAL).astype("float32"), same=_same)(relu)


@wrong("kill_the_mutants")
def no_tiny_numbers(relu):
    return _tester(np.where(np.abs(SPECIAL) < 1e-3, 1, SPECIAL).astype("float32"), same=_same)(relu)


@wrong("kill_the_mutants")
def within_a_tolerance(relu):
    return _tester(SPECIAL, same=lambda a, b: np.allclose(a, b, atol=0.1, equal_nan=True))(relu)


@wrong("kill_the_mutants")
def no_zero(relu):
    return _tester(np.where(SPECIAL == 0, 1, SPECIAL).astype("float32"), same=_same)(relu)


@wrong("kill_the_mutants")
def negative_zeros_must_vanish(relu):
    x = SPECIAL.copy()
    return _tester(x, same=_same)(relu) and not np.signbit(relu(np.array([-0.0])))[0]


@wrong("kill_the_mutants")
def asserts_instead_of_returning(relu):
    assert _tester(SPECIAL, same=_same)(relu)
    return True


@wrong("kill_the_mutants")
def returns_the_outputs(relu):
    return relu(SPECIAL.copy())


@right("kill_the_mutants")
def special_numbers(relu):
    return _tester(SPECIAL, same=_same)(relu)


@right("kill_the_mutants")
def special_numbers_one_by_one(relu):
    for value in SPECIAL.ravel():
        x = np.array([[value, -1]], dtype="float32")
        got = relu(x)
        if got.shape != (1, 2) or got.dtype != "float32" or x[0, 1] != -1:
            return False
        wanted = 0.0 if value < 0 else float(value)
        if not (got[0, 0] == wanted or (value != value and got[0, 0] != got[0, 0])):
            return False
        if got[0, 1] != 0:
            return False
    return True


@right("kill_the_mutants")
def against_torch(relu):
    wanted = torch.relu(torch.tensor(SPECIAL)).numpy()
    x = SPECIAL.copy()
    got = relu(x)
    equal = got.shape == wanted.shape and np.array_equal(got, wanted, equal_nan=True)
    return np.bool_(equal and got.dtype == wanted.dtype and _same(x, SPECIAL))


# backward_by_hand


@wrong("backward_by_hand", "blame gets through units that are off")
def switch_read_from_a_that_is_never_below_0(weight, bias, outgoing, x, blame):
    a = np.maximum(weight @ x + bias, 0)
    d_z = blame * outgoing * (a >= 0)
    return d_z[:, None] * x, d_z, blame * a


@wrong("backward_by_hand", "the switch looks at the blame that arrives")
def rectified_blame(weight, bias, outgoing, x, blame):
    d_z = np.maximum(blame * outgoing, 0)
    return np.outer(d_z, x), d_z, blame * np.maximum(weight @ x + bias, 0)


@wrong("backward_by_hand", "the switch looks at the sign of blame")
def only_where_blame_is_above_0(weight, bias, outgoing, x, blame):
    d_z = blame * outgoing if blame > 0 else 0 * outgoing
    return np.outer(d_z, x), d_z, blame * np.maximum(weight @ x + bias, 0)


@wrong("backward_by_hand", "only blame above 0 gets through here")
def guided(weight, bias, outgoing, x, blame):
    d_z = np.where(weight @ x + bias > 0, np.maximum(blame * outgoing, 0), 0)
    return np.outer(d_z, x), d_z, blame * np.maximum(weight @ x + bias, 0)


@wrong("backward_by_hand", "outgoing is left out on the way back")
def straight_from_the_answer_into_the_units(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    on = np.where(z > 0, blame, 0.0)
    return np.outer(on, x), on, blame * np.maximum(z, 0)


@wrong("backward_by_hand", "d_weight is transposed")
def inputs_first(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    d_z = blame * outgoing * (z > 0)
    return x[:, None] * d_z, d_z, blame * np.maximum(z, 0)


@wrong("backward_by_hand")
def without_the_bias(weight, bias, outgoing, x, blame):
    d_weight, _, d_outgoing = _back(weight, bias, outgoing, x, blame)
    return d_weight, d_outgoing


@wrong("backward_by_hand")
def outgoing_first(weight, bias, outgoing, x, blame):
    return _back(weight, bias, outgoing, x, blame)[::-1]


@wrong("backward_by_hand")
def bias_as_a_column(weight, bias, outgoing, x, blame):
    d_weight, d_bias, d_outgoing = _back(weight, bias, outgoing, x, blame)
    return d_weight, d_bias[:, None], d_outgoing


@wrong("backward_by_hand")
def one_switch_for_the_whole_layer(weight, bias, outgoing, x, blame):
    on = (weight @ x + bias > 0).any()
    return _back(weight, bias, outgoing, x, blame)[0], blame * outgoing * on, blame * outgoing


@wrong("backward_by_hand")
def blame_without_its_sign(weight, bias, outgoing, x, blame):
    return _back(weight, bias, outgoing, x, abs(blame))


@wrong("backward_by_hand")
def leaky_switch(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    d_z = blame * outgoing * np.where(z > 0, 1, 0.01)
    return np.outer(d_z, x), d_z, blame * np.maximum(z, 0)


@wrong("backward_by_hand")
def twice_as_steep_at_0(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    d_z = blame * outgoing * ((z > 0) + (z >= 0)) / np.where(z > 0, 2, 0.5)
    return np.outer(d_z, x), d_z, blame * np.maximum(z, 0)


@wrong("backward_by_hand")
def nan_at_0(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    a = np.maximum(z, 0)
    d_z = blame * outgoing * a / z
    return np.outer(d_z, x), d_z, blame * a


@wrong("backward_by_hand")
def by_differences_that_are_too_coarse(weight, bias, outgoing, x, blame):
    def loss(flat):
        parts = np.split(flat, np.cumsum([weight.size, len(bias)]))
        return blame * (parts[2] @ np.maximum(parts[0].reshape(weight.shape) @ x + parts[1], 0))

    flat = np.concatenate([weight.ravel(), bias, outgoing])
    steps = 0.1 * np.eye(len(flat))
    slopes = np.array([(loss(flat + step) - loss(flat - step)) / 0.2 for step in steps])
    d_weight, d_bias, d_outgoing = np.split(slopes, np.cumsum([weight.size, len(bias)]))
    return d_weight.reshape(weight.shape), d_bias, d_outgoing


def _back(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    d_z = blame * outgoing * (z > 0)
    return np.outer(d_z, x), d_z, blame * np.maximum(z, 0)


@right("backward_by_hand")
def step_by_step(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    d_z = np.where(z > 0, outgoing, 0) * blame
    return d_z[:, None] * x[None, :], d_z, np.maximum(z, 0) * blame


@right("backward_by_hand")
def unit_by_unit_in_lists(weight, bias, outgoing, x, blame):
    d_weight, d_bias, d_outgoing = [], [], []
    for row, shift, out in zip(weight, bias, outgoing, strict=True):
        z = sum(w * value for w, value in zip(row, x, strict=True)) + shift
        arrives = blame * out if z > 0 else 0.0
        d_weight.append([arrives * value for value in x])
        d_bias.append(arrives)
        d_outgoing.append(blame * max(z, 0.0))
    return d_weight, d_bias, d_outgoing


@right("backward_by_hand")
def open_at_0(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    d_z = blame * outgoing * (z >= 0)
    return [np.outer(d_z, x), d_z, blame * z * (z > 0)]


@right("backward_by_hand")
def half_open_at_0(weight, bias, outgoing, x, blame):
    z = weight @ x + bias
    d_z = blame * outgoing * np.heaviside(z, 0.5)
    return np.outer(d_z, x), d_z, blame * np.maximum(z, 0)


@right("backward_by_hand")
def by_autograd(weight, bias, outgoing, x, blame):
    leaves = [torch.tensor(part, requires_grad=True) for part in (weight, bias, outgoing)]
    answer = leaves[2] @ torch.relu(leaves[0] @ torch.as_tensor(x) + leaves[1])
    (blame * answer).backward()
    return tuple(leaf.grad for leaf in leaves)


@right("backward_by_hand")
def in_float32(weight, bias, outgoing, x, blame):
    weight, bias, outgoing, x = (part.astype("float32") for part in (weight, bias, outgoing, x))
    return _back(weight, bias, outgoing, x, np.float32(blame))


@right("backward_by_hand")
def for_tensors_alone(weight, bias, outgoing, x, blame):
    z = weight.matmul(x).add(bias)
    d_z = (blame * outgoing).where(z.gt(0), torch.zeros_like(z))
    return torch.outer(d_z, x), d_z, blame * z.relu()


@right("backward_by_hand")
def by_einsum(weight, bias, outgoing, x, blame):
    z = np.einsum("nd,d->n", weight, x) + bias
    on = (np.sign(z) + 1) // 2
    return np.einsum(",n,n,d->nd", blame, outgoing, on, x), blame * outgoing * on, blame * z * on


# fold

_LAST = (np.array([[2.0, -4.0]]), np.zeros(1))


def _folded(k, *, first=None, last=_LAST):
    """Return k folds whose first layer, or whose last one, may be another."""
    first = ([[1.0], [1.0]], [0.0, -0.5]) if first is None else first
    inner = [([[2.0, -4.0], [2.0, -4.0]], [0.0, -0.5])] * (k - 1)
    return [first, *inner, last]


@wrong("fold", "this folds once, whatever k is")
def one_tent(k):
    return [([[2], [4]], [0, -2]), ([1, -1], 0)]


@wrong("fold", "units side by side draw this here")
def one_wide_layer(k):
    n = 2**k
    turns = [n] + [2 * n * (-1) ** i for i in range(1, n)]
    return [([[1]] * n, [-i / n for i in range(n)]), ([turns], [0])]


@wrong("fold", "behind the bend this stays level")
def rises_and_stays(k):
    level = np.array([[2, -2]])
    inner = [(np.concatenate([level, level]), [0, -0.5])] * (k - 1)
    return [([1, 1], [0, -0.5]), *inner, (level, 0)]


@wrong("fold")
def nothing_at_all(k):  # right at every second corner
    return [([[0.0]], [0.0]), ([[0.0]], [0.0])]


@wrong("fold")
def right_at_the_corners_alone(k):
    first = ([[1.0], [1.0]], [-0.25, -0.75])
    if k == 1:
        return [first, ([[4.0, -12.0]], [0.0])]
    inner = [([[2.0, -4.0], [2.0, -4.0]], [0.0, -0.5])] * (k - 2)
    return [([[1.0], [1.0]], [0.0, -0.5]), *inner, ([[2.0, -4.0]] * 2, first[1]), ([[4, -12]], [0])]


@wrong("fold")
def right_up_to_three_folds(k):
    return _folded(min(k, 3))


@wrong("fold")
def right_up_to_eleven_folds(k):
    return _folded(min(k, 11))


@wrong("fold")
def slightly_too_steep(k):
    return _folded(k, last=([[2.00001, -4.00001]], [0.0]))


@wrong("fold")
def bent_slightly_too_late(k):
    return _folded(k, first=([[1.0], [1.0]], [0.0, -0.50001]))


@wrong("fold")
def a_tooth_that_ends_early(k):
    return _folded(k, first=([[1.0], [1.0]], [0.0, -0.5]), last=([[2.0, -4.001]], [0.0]))


@wrong("fold")
def the_corners_themselves(k):
    return np.array([[i / 2**k, i % 2] for i in range(2**k + 1)])


@wrong("fold", "all weights come first here")
def weights_and_biases_apart(k):
    weights, biases = zip(*_folded(k), strict=True)
    return list(weights), list(biases)


@wrong("fold")
def a_function(k):
    return lambda x: abs(x)


@wrong("fold")
def one_dead_unit_too_many(k):
    return _folded(k, first=([[1.0], [1.0], [0.0]], [0.0, -0.5, 0.0]))


@wrong("fold")
def infinite_weights(k):
    return _folded(k, last=([[math.inf, -math.inf]], [0.0]))


@wrong("fold")
def huge_weights(k):
    return _folded(k, first=([1e200, 1e200], [0, 0]), last=([[1e200, -1e200]], [0]))


@right("fold")
def in_a_loop(k):
    layers = []
    tent = np.array([[1.0]])
    for _ in range(k):
        layers.append((np.repeat(tent, 2, axis=0), np.array([0.0, -0.5])))
        tent = np.array([[2.0, -4.0]])
    return [*layers, (tent, np.zeros(1))]


@right("fold")
def from_both_ends(k):  # 1 - |2 t - 1|
    inner = [([[-2, -2], [2, 2]], [1, -1])] * (k - 1)
    return [([[2], [-2]], [-1, 1]), *inner, ([[-1, -1]], [1])]


@right("fold")
def slopes_inside(k):
    inner = [([[2, -2], [4, -4]], [0, -2])] * (k - 1)
    return [([[2], [4]], [0, -2]), *inner, ([1, -1], 0)]


@right("fold")
def in_thirds(k):  # every unit is a third as large, and the last layer makes up for it
    inner = [([[2, -4], [2, -4]], [0, -1 / 6])] * (k - 1)
    return [([1 / 3, 1 / 3], [0, -1 / 6]), *inner, ([6, -12], 0)]


@right("fold")
def four_hinges_first(k):
    if k < 3:
        return _folded(k)
    four = ([[1], [1], [1], [1]], [0, -0.25, -0.5, -0.75])
    then = ([[4, -8, 8, -8]] * 2, [0, -0.5])
    return [four, then, *_folded(k - 2)[1:]]


@right("fold")
def as_float32_tensors(k):
    layers = _folded(k, last=([[2.0, -4.0]], [0.0]))
    return tuple((torch.tensor(weight), torch.tensor(bias)) for weight, bias in layers)


@right("fold")
def with_biases_as_columns(k):
    return [(np.array(w, float), np.array(b, float).reshape(-1, 1)) for w, b in _folded(k)]


@wrong("matrix_at")
def offset_without_its_sign(weight, bias, outgoing, offset, x):
    kept = np.where(weight @ x + bias > 0, outgoing, 0.0)
    return kept @ weight, kept @ bias + abs(offset)
