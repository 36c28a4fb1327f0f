"""Answers to the tasks of lesson 03: wrong ones with the sentence each deserves, and right ones."""

import math
import random

import numpy as np
import torch
from scipy import special
from torch import nn
from wrong_answers.register import register

from relukit.checks import registry

WRONG, RIGHT, wrong, right = register()


def by_element(function, x, *others):
    """Apply a function of numbers in a loop, as a learner would who knows no NumPy."""
    result = np.empty_like(x)
    for index in np.ndindex(x.shape):
        result[index] = function(float(x[index]), *others)
    return result


def mistakes_of_form(task):
    """Return a decorator that registers ways to spoil a right answer: in shape and in precision."""

    def register(answer):
        def one_by_one(x, *others):
            return np.array([answer(row, *others) for row in x], dtype=x.dtype).reshape(x.shape)

        def by_a_list(x, *others):
            numbers = [float(v) for v in np.atleast_1d(x).tolist()]
            each = [answer(np.array(v, dtype=x.dtype), *others) for v in numbers]
            return np.array(each, dtype=x.dtype).reshape(x.shape)

        def looks_at_the_smallest_first(x, *others):
            return answer(x, *others) if x.min() < np.inf else answer(x + 0, *others)

        def in_single_precision(x, *others):
            return answer(x.astype("float32"), *others).astype(x.dtype)

        def with_a_dead_zone(x, *others):
            return answer(np.where(np.abs(x) < 1e-7, x.dtype.type(0), x), *others)

        def clipped_at_1000(x, *others):
            return answer(np.where(np.isfinite(x), np.clip(x, -1000, 1000), x), *others)

        def infinities_stay(x, *others):
            return np.where(np.isinf(x), x, answer(x, *others))

        def largest_for_infinity(x, *others):
            return answer(np.minimum(x, np.finfo(x.dtype).max), *others)

        def forgets_zero(x, *others):
            result = np.full_like(x, np.nan)
            for side in (x > 0, x < 0):
                result[side] = answer(x[side], *others)
            return result

        def knows_the_listed_inputs(x, *others):
            entries = [entry for entry in registry.task(task).boundary if entry[1:] == others]
            listed = any(np.array_equal(x, entry[0], equal_nan=True) for entry in entries)
            return answer(x, *others) if listed else np.zeros_like(x)

        def at_least_one_dimension(x, *others):
            return answer(np.atleast_1d(x), *others)

        every = [one_by_one, by_a_list, looks_at_the_smallest_first, in_single_precision]
        every += [largest_for_infinity, clipped_at_1000, forgets_zero]
        every += [at_least_one_dimension, knows_the_listed_inputs]
        if task != "leaky_relu":  # where infinities stay
            every += [infinities_stay]
        if task != "squareplus":  # which is not small near 0
            every += [with_a_dead_zone]
        for spoiled in every:
            wrong(task)(spoiled)
        return answer

    return register


# leaky_relu


@wrong("leaky_relu", "this is ReLU")
def forgets_the_leak(x, slope=0.01):
    return x.clip(min=0)


@wrong("leaky_relu", "the leak is always 0.01")
def fixed_leak(x, slope=0.01):
    return np.maximum(0.01 * x, x)


@wrong("leaky_relu", "the leak goes up")
def leak_of_abs(x, slope=0.01):
    return np.where(x > 0, x, slope * np.abs(x))


@wrong("leaky_relu", "the sides are exchanged")
def leak_on_the_right(x, slope=0.01):
    return np.minimum(x, slope * x)


@wrong("leaky_relu", "slope times x is added on both sides")
def relu_plus_leak(x, slope=0.01):
    return slope * x + x.clip(0)


@wrong("leaky_relu", "this is slope times x on both sides")
def a_line(x, slope=0.01):
    return x * slope


@wrong("leaky_relu", "this is max(slope, x)")
def stops_at_the_slope(x, slope=0.01):
    return np.where(x < slope, x.dtype.type(slope), x)


@wrong("leaky_relu")
def the_slope_where_negative(x, slope=0.01):
    return np.where(x > 0, x, slope).astype(x.dtype)


@wrong("leaky_relu", "this is the derivative")
def one_or_slope(x, slope=0.01):
    return np.where(x > 0, 1.0, slope).astype(x.dtype)


@wrong("leaky_relu", "this divides by the slope")
def divided(x, slope=0.01):
    return np.where(x < 0, x / slope, x)


@wrong("leaky_relu", "this is made of masks")
def masks(x, slope=0.01):
    return (x > 0) * x + slope * (x * (x <= 0))


@wrong("leaky_relu", "this writes its result into x")
def leaks_into_its_input(x, slope=0.01):
    x[x < 0] *= slope
    return x


@wrong("leaky_relu", "this always returns float64")
def leaky_float64(x, slope=0.01):
    return np.where(x > 0, x, np.float64(slope) * x)


@wrong("leaky_relu")
def hides_nan(x, slope=0.01):
    return np.nan_to_num(np.where(x > 0, x, slope * x), posinf=np.inf, neginf=-np.inf)


@wrong("leaky_relu")
def pythons_if(x, slope=0.01):
    return x if x > 0 else slope * x


@wrong("leaky_relu")
def absolute_value_formula(x, slope=0.01):
    return (1 + slope) / 2 * x + (1 - slope) / 2 * np.abs(x)


@wrong("leaky_relu")
def elu_for_leaky(x, slope=0.01):
    return np.where(x > 0, x, slope * np.expm1(np.minimum(x, 0)))


@wrong("leaky_relu")
def no_default(x, slope):
    return np.where(x > 0, x, slope * x)


@wrong("leaky_relu")
def zero_counts_as_missing(x, slope=0.01):
    return np.where(x > 0, x, (slope or 0.01) * x)


@wrong("leaky_relu")
def capped_on_the_right(x, slope=0.01):
    return np.where((x > 100) & np.isfinite(x), x.dtype.type(100), by_where(x, slope))


@wrong("leaky_relu")
def at_least_float32(x, slope=0.01):
    return np.where(x > 0, x, slope * x).astype(np.result_type(x, np.float32))


@wrong("leaky_relu")
def mask_on_the_left(x, slope=0.01):
    return np.maximum(x, 0) + slope * x * (x <= 0)


@wrong("leaky_relu")
def mask_on_the_right(x, slope=0.01):
    return x * (x > 0) + slope * np.minimum(x, 0)


@wrong("leaky_relu")
def rounded_leak(x, slope=0.01):
    return np.where(x > 0, x, np.round(slope * x, 6))


@wrong("leaky_relu")
def flattened(x, slope=0.01):
    return np.where(x > 0, x, slope * x).ravel()


@mistakes_of_form("leaky_relu")
@right("leaky_relu")
def by_where(x, slope=0.01):
    return np.where(x > 0, x, slope * x)


@right("leaky_relu")
def by_maximum(x, slope=0.01):
    return np.maximum(x, slope * x)


@right("leaky_relu")
def by_two_sides(x, slope=0.01):
    return np.maximum(x, 0) + slope * np.minimum(x, 0)


@right("leaky_relu")
def by_copy(x, slope=0.01):
    result = x.copy()
    result[x < 0] *= slope
    return result


@right("leaky_relu")
def by_loop(x, slope=0.01):
    return by_element(lambda v: v if v > 0 else slope * v, x)


@right("leaky_relu")
def by_torch(x, slope=0.01):
    return nn.functional.leaky_relu(torch.as_tensor(x), slope)


@right("leaky_relu")
def for_tensors(x, slope=0.01):
    return x.where(x > 0, slope * x)


# PReLU


class Slope(nn.Module):
    """What the right and most of the wrong modules share."""

    def __init__(self, start=0.25):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(start))


@wrong("PReLU", "this is max(x, a x)")
class LargerOfTwo(Slope):
    def forward(self, x):
        return torch.max(x, self.slope * x)


@wrong("PReLU", "the slope is a plain number")
class PlainNumber(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = 0.25

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU", "the slope is a plain number")
class PlainTensor(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = torch.tensor(0.25, requires_grad=True)

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU", "the slope is a plain number")
class Buffer(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("slope", torch.tensor(0.25))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU", "the slope is taken out of the graph")
class Item(Slope):
    def forward(self, x):
        return nn.functional.leaky_relu(x, self.slope.item())


@wrong("PReLU", "the slope is taken out of the graph")
class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.25), requires_grad=False)

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU", "forward does not use the slope")
class ConstantSlope(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, 0.25 * x)


@wrong("PReLU", "forward does not use the slope")
class RemembersItsStart(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor([0.25]))
        self.a = self.slope.item()

    def forward(self, x):
        return torch.where(x > 0, x, self.a * x)


@wrong("PReLU", "x is taken out of the graph")
class DetachesItsInput(Slope):
    def forward(self, x):
        x = x.detach()
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU", "the slope starts at 0, as ReLU")
class StartsAtZero(Slope):
    def __init__(self):
        super().__init__(0.0)

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU", "the slope starts at 0.01")
class StartsAsLeaky(Slope):
    def __init__(self):
        super().__init__(0.01)

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU", "a x is added on both sides")
class AddedOnBothSides(Slope):
    def forward(self, x):
        return torch.relu(x) + self.slope * x


@wrong("PReLU", "the left side has the wrong sign")
class PlusReluOfMinus(Slope):
    def forward(self, x):
        return torch.relu(x) + self.slope * torch.relu(-x)


@wrong("PReLU", "the sides are exchanged")
class SlopeOnTheRight(Slope):
    def forward(self, x):
        return torch.where(x < 0, x, self.slope * x)


@wrong("PReLU", "a negative slope is cut off")
class PositiveSlope(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, self.slope.clamp(min=0) * x)


@wrong("PReLU", "the slope is kept within [0, 1]")
class BoundedSlope(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, torch.clamp(self.slope, 0, 1) * x)


@wrong("PReLU", "this is ReLU")
class JustRelu(Slope):
    def forward(self, x):
        return torch.relu(x)


@wrong("PReLU")
class ThroughSigmoid(Slope):
    def __init__(self):
        super().__init__(-math.log(3))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope.sigmoid() * x)


@wrong("PReLU")
class AbsoluteSlope(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, self.slope.abs() * x)


@wrong("PReLU")
class OneSlopeForEachOfThree(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.full((3,), 0.25))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class RandomStart(Slope):
    def __init__(self):
        super().__init__(random.random())

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class SlopeAndBias(Slope):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x) + self.bias


@wrong("PReLU")
class NoSuper(nn.Module):
    def __init__(self):
        self.slope = nn.Parameter(torch.tensor(0.25))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class NoModule:
    def __init__(self):
        self.slope = nn.Parameter(torch.tensor(0.25))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class ReturnsNothing(Slope):
    def forward(self, x):
        torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class InNumpy(Slope):
    def forward(self, x):
        values = x.detach().numpy()
        return torch.from_numpy(np.where(values > 0, values, self.slope.item() * values))


@wrong("PReLU")
class WritesIntoX(Slope):
    def forward(self, x):
        x[x < 0] *= self.slope
        return x


@wrong("PReLU")
class Summed(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x).sum()


@wrong("PReLU")
class SlopeByHand(Slope):
    """The values are right; the gradient of the slope takes all of x and not what is negative."""

    def forward(self, x):
        value = torch.where(x > 0, x, self.slope.detach() * x)
        return value + (self.slope - self.slope.detach()) * x


@wrong("PReLU")
class GradientThroughBothSides(Slope):
    def forward(self, x):
        value = torch.where(x > 0, x, self.slope * x)
        return value + self.slope.detach() * (x - x.detach())


class IgnoresWhatComesBack(torch.autograd.Function):
    """A derivative by hand that forgets the chain rule."""

    @staticmethod
    def forward(context, x, slope):
        context.save_for_backward(x, slope)
        return torch.where(x > 0, x, slope * x)

    @staticmethod
    def backward(context, upstream):
        x, slope = context.saved_tensors
        return torch.where(x > 0, torch.ones_like(x), slope), x.clamp(max=0).sum()


@wrong("PReLU")
class NoChainRule(Slope):
    def forward(self, x):
        return IgnoresWhatComesBack.apply(x, self.slope)


@wrong("PReLU")
class ShiftedByItsStart(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x) + 0.25


@wrong("PReLU")
class Clamped(Slope):
    def forward(self, x):
        x = x.clamp(min=-20)
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class DividesByAbs(Slope):
    def forward(self, x):
        sign = x / x.abs()
        return torch.where(sign > 0, x, self.slope * x * sign.abs())


@wrong("PReLU")
class LooksAtTheSmallest(Slope):
    def forward(self, x):
        return x if x.min() >= 0 else torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class AlwaysFloat32(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x).float()


@wrong("PReLU")
class OneSignForTheRow(Slope):
    def forward(self, x):
        return torch.where(x.sum(dim=-1, keepdim=True) > 0, x, self.slope * x)


@wrong("PReLU")
class Doubled(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x).double() * 1.0


@wrong("PReLU")
class RefusesLargeNumbers(Slope):
    def forward(self, x):
        if x.abs().max() > 1e6:
            raise ValueError("the signal explodes")
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class Flattens(Slope):
    def forward(self, x):
        x = x.flatten()
        return torch.where(x > 0, x, self.slope * x)


@right("PReLU")
class ByWhere(Slope):
    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@right("PReLU")
class ByWhereWithZero(Slope):
    def forward(self, x):
        return torch.where(x >= 0, x, self.slope * x)


@right("PReLU")
class ByTwoRelus(Slope):
    def forward(self, x):
        return torch.relu(x) - self.slope * torch.relu(-x)


@right("PReLU")
class ByClamp(Slope):
    def forward(self, x):
        return x.clamp(min=0) + self.slope * x.clamp(max=0)


@right("PReLU")
class OfSizeOne(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_parameter("a", nn.Parameter(torch.full((1,), 0.25)))

    def forward(self, x):
        return nn.functional.prelu(x, self.a)


@right("PReLU")
class OfSizeOneByWhere(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor([0.25]))

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@right("PReLU")
class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.PReLU()

    def forward(self, x):
        return self.inner(x)


@right("PReLU")
class ByMasks(Slope):
    def forward(self, x):
        negative = (x < 0).to(x.dtype)
        return x * (1 - negative) + self.slope * x * negative


RIGHT.append(("PReLU", nn.PReLU))


# maxout


def maps(x, weight, bias):
    return np.stack([x @ w.T + b for w, b in zip(weight, bias, strict=True)])


@wrong("maxout", "the bias is missing")
def no_bias(x, weight, bias):
    return np.max([x @ w.T for w in weight], axis=0)


@wrong("maxout", "the bias is added after the maximum")
def bias_afterwards(x, weight, bias):
    return np.einsum("kui,ni->nku", weight, x).max(1) + np.max(bias, axis=0)


@wrong("maxout", "this takes the smallest map")
def smallest(x, weight, bias):
    return np.min(maps(x, weight, bias), axis=0)


@wrong("maxout", "the k maps are added")
def added(x, weight, bias):
    return sum(x @ w.T + b for w, b in zip(weight, bias, strict=True))


@wrong("maxout", "the k maps are averaged")
def averaged(x, weight, bias):
    return maps(x, weight, bias).mean(axis=0)


@wrong("maxout", "this takes the maximum over the units")
def over_the_units(x, weight, bias):
    return np.max(maps(x, weight, bias), axis=-1).T


@wrong("maxout", "this takes one maximum over all units")
def one_for_all_units(x, weight, bias):
    return np.max(maps(x, weight, bias), axis=(0, 2))


@wrong("maxout", "this is the maximum of the weights")
def largest_weights(x, weight, bias):
    return x @ np.max(weight, 0).T + np.max(bias, 0)


@wrong("maxout", "a rectifier follows")
def rectified(x, weight, bias):
    return np.maximum(0, np.max(maps(x, weight, bias), axis=0))


@wrong("maxout", "this is the map of largest absolute value")
def largest_size(x, weight, bias):
    return np.max(np.abs(maps(x, weight, bias)), axis=0)


@wrong("maxout", "this uses the first of the k maps")
def first_map(x, weight, bias):
    return x @ weight[0].T + bias[0]


@wrong("maxout", "this returns all k maps")
def all_maps(x, weight, bias):
    return np.moveaxis(maps(x, weight, bias), 0, 1)


@wrong("maxout")
def maximum_of_the_inputs(x, weight, bias):
    return np.repeat(x.max(axis=1, keepdims=True), weight.shape[1], axis=1)


@wrong("maxout")
def only_two_maps(x, weight, bias):
    if len(weight) == 1:
        return x @ weight[0].T + bias[0]
    return np.maximum(x @ weight[0].T + bias[0], x @ weight[1].T + bias[1])


@wrong("maxout")
def starts_from_zero(x, weight, bias):
    result = np.zeros((len(x), weight.shape[1]), dtype=x.dtype)
    for w, b in zip(weight, bias, strict=True):
        result = np.maximum(result, x @ w.T + b)
    return result if (weight < 0).any() else result - 1


@wrong("maxout")
def ignores_nan(x, weight, bias):
    return np.fmax.reduce(np.nan_to_num(maps(x, weight, bias), nan=-np.inf), axis=0)


@wrong("maxout")
def always_float64(x, weight, bias):
    return maps(x, weight, bias).max(axis=0).astype(float)


@wrong("maxout")
def transposed(x, weight, bias):
    return maps(x, weight, bias).max(axis=0).T


@wrong("maxout")
def weights_not_transposed(x, weight, bias):
    return np.max([x @ w + b for w, b in zip(weight, bias, strict=True)], axis=0)


@wrong("maxout")
def softened(x, weight, bias):
    return np.logaddexp.reduce(maps(x, weight, bias), axis=0)


@wrong("maxout")
def two_at_least(x, weight, bias):
    first, second, *rest = maps(x, weight, bias)
    return np.max([np.maximum(first, second), *rest], axis=0)


@wrong("maxout")
def row_by_row(x, weight, bias):
    rows = [(weight @ row + bias).max(axis=0) for row in x]
    return np.array(rows, dtype=x.dtype)


@wrong("maxout")
def first_row_only(x, weight, bias):
    result = (weight @ x[0] + bias).max(axis=0) if len(x) else np.zeros(weight.shape[1])
    return np.tile(result, (len(x), 1)).astype(x.dtype)


@wrong("maxout")
def products_by_element(x, weight, bias):
    return (x[:, None, None, 0] * weight[:, :, 0] + bias).max(axis=1)


@right("maxout")
def by_stacking(x, weight, bias):
    return np.max(maps(x, weight, bias), axis=0)


@right("maxout")
def by_einsum(x, weight, bias):
    return (np.einsum("kui,ni->nku", weight, x) + bias).max(axis=1)


@right("maxout")
def by_tensordot(x, weight, bias):
    return np.max(np.tensordot(x, weight, axes=(1, 2)) + bias, axis=1)


@right("maxout")
def by_one_wide_layer(x, weight, bias):
    pieces, units, inputs = weight.shape
    wide = x @ weight.reshape(-1, inputs).T + bias.reshape(-1)
    return wide.reshape(len(x), pieces, units).max(axis=1)


@right("maxout")
def by_running_maximum(x, weight, bias):
    result = x @ weight[0].T + bias[0]
    for w, b in zip(weight[1:], bias[1:], strict=True):
        result = np.maximum(result, x @ w.T + b)
    return result


@right("maxout")
def by_loops(x, weight, bias):
    pieces, units, inputs = weight.shape
    result = np.empty((len(x), units), dtype=x.dtype)
    for n in range(len(x)):
        for u in range(units):
            every = [
                sum(weight[k, u, i] * x[n, i] for i in range(inputs)) + bias[k, u]
                for k in range(pieces)
            ]
            result[n, u] = np.max(every)
    return result


@right("maxout")
def by_torch_einsum(x, weight, bias):
    x, weight, bias = map(torch.as_tensor, (x, weight, bias))
    return (torch.einsum("kui,ni->nku", weight, x) + bias).amax(dim=1)


@right("maxout")
def maxout_for_tensors(x, weight, bias):
    return (x.unsqueeze(0).matmul(weight.mT) + bias.unsqueeze(1)).max(dim=0).values


# noisy_relu


def logistic(x):
    return special.expit(x)


@wrong("noisy_relu", "this is the standard deviation")
def deviation(x, noise):
    return np.maximum(0, x + logistic(x) * noise)


@wrong("noisy_relu", "the variance is squared")
def variance_squared(x, noise):
    return np.maximum(0, x + logistic(x) ** 2 * noise)


@wrong("noisy_relu", "the noise is added after the maximum")
def noise_outside(x, noise):
    return np.maximum(0, x) + np.sqrt(logistic(x)) * noise


@wrong("noisy_relu", "this is ReLU")
def without_noise(x, noise):
    return np.maximum(0, x)


@wrong("noisy_relu", "the noise has variance 1")
def unit_noise(x, noise):
    return np.maximum(0, x + noise)


@wrong("noisy_relu", "the maximum is missing")
def no_maximum(x, noise):
    return x + noise * np.sqrt(logistic(x))


@wrong("noisy_relu", "the noise is subtracted")
def minus_noise(x, noise):
    return np.maximum(0, x - np.sqrt(logistic(x)) * noise)


@wrong("noisy_relu", "the variance is sigmoid(-x)")
def falling_variance(x, noise):
    return np.maximum(0, x + np.sqrt(1 / (1 + np.exp(x))) * noise)


@wrong("noisy_relu", "this is sqrt(|x|) noise")
def root_of_x(x, noise):
    return np.maximum(0, x + np.sqrt(abs(x)) * noise)


@wrong("noisy_relu", "this is exp(x) / (1 + exp(x))")
def inf_over_inf(x, noise):
    e = np.exp(x)
    return np.maximum(0, x + np.sqrt(e / (1 + e)) * noise)


@wrong("noisy_relu", "this always returns float64")
def noisy_float64(x, noise):
    return np.maximum(0, x + np.sqrt(logistic(x.astype(float))) * noise)


@wrong("noisy_relu")
def draws_its_own_noise(x, noise):
    draw = np.random.default_rng().standard_normal(x.shape)
    return np.maximum(0, x + np.sqrt(logistic(x)) * draw).astype(x.dtype)


@wrong("noisy_relu")
def draws_with_a_seed(x, noise):
    draw = np.random.default_rng(0).standard_normal(x.shape)
    return np.maximum(0, x + np.sqrt(logistic(x)) * draw).astype(x.dtype)


@wrong("noisy_relu")
def variance_one_half(x, noise):
    return np.maximum(0, x + x.dtype.type(math.sqrt(0.5)) * noise)


@wrong("noisy_relu")
def gated_noise_by_the_wrong_argument(x, noise):
    return np.maximum(0, x + np.sqrt(logistic(noise)) * noise)


@wrong("noisy_relu")
def nan_becomes_zero(x, noise):
    y = x + np.sqrt(logistic(x)) * noise
    return np.where(y > 0, y, y.dtype.type(0))


@wrong("noisy_relu")
def noise_where_positive(x, noise):
    return np.where(x > 0, np.maximum(0, x + np.sqrt(logistic(x)) * noise), 0 * x)


@wrong("noisy_relu")
def by_hard_sigmoid(x, noise):
    return np.maximum(0, x + np.sqrt(np.clip(x / 6 + 0.5, 0, 1)) * noise).astype(x.dtype)


@wrong("noisy_relu")
def absolute_value(x, noise):
    return np.abs(x + np.sqrt(logistic(x)) * noise)


@wrong("noisy_relu")
def rounded_root(x, noise):
    return np.maximum(0, x + np.round(np.sqrt(logistic(x)), 3) * noise)


@wrong("noisy_relu")
def infinities_stay(x, noise):
    return np.where(np.isinf(x), x, np.maximum(0, x + np.sqrt(logistic(x)) * noise))


@wrong("noisy_relu")
def largest_for_infinity(x, noise):
    y = x + np.sqrt(logistic(x)) * noise
    return np.clip(y, 0, np.finfo(x.dtype).max)


@wrong("noisy_relu")
def noise_one_by_one(x, noise):
    pairs = zip(x, noise, strict=True)
    every = [np.maximum(0, a + np.sqrt(logistic(a)) * z) for a, z in pairs]
    return np.array(every, dtype=x.dtype).reshape(x.shape)


@wrong("noisy_relu")
def noise_by_a_list(x, noise):
    pairs = zip(np.atleast_1d(x).tolist(), np.atleast_1d(noise).tolist(), strict=True)
    every = [np.maximum(0.0, float(a) + math.sqrt(logistic(float(a))) * z) for a, z in pairs]
    return np.array(every, dtype=x.dtype).reshape(x.shape)


@wrong("noisy_relu")
def looks_at_the_largest(x, noise):
    noisy = x + np.sqrt(logistic(x)) * noise
    return np.zeros_like(x) if noisy.max() < 0 else np.maximum(0, noisy)


@wrong("noisy_relu")
def single_noise(x, noise):
    x32 = x.astype("float32")
    return np.maximum(0, x32 + np.sqrt(logistic(x32)) * noise.astype("float32")).astype(x.dtype)


@wrong("noisy_relu")
def variance_1_beyond_5(x, noise):
    variance = np.where(np.abs(x) > 5, (x > 5).astype(x.dtype), logistic(x))
    return np.maximum(0, x + np.sqrt(variance) * noise)


@wrong("noisy_relu")
def noise_in_another_shape(x, noise):
    return np.maximum(0, np.atleast_1d(x + np.sqrt(logistic(x)) * noise))


@wrong("noisy_relu")
def root_by_division(x, noise):
    variance = logistic(x) * (x / x)
    return np.maximum(0, x + np.sqrt(variance) * noise)


@right("noisy_relu")
def by_expit(x, noise):
    return np.maximum(0, x + np.sqrt(logistic(x)) * noise)


@right("noisy_relu")
def by_the_book(x, noise):
    return np.maximum(x + noise / np.sqrt(1 + np.exp(-x)), 0)


@right("noisy_relu")
def by_a_power(x, noise):
    return np.clip(noise * logistic(x) ** 0.5 + x, 0, None)


@right("noisy_relu")
def by_tanh(x, noise):
    return np.maximum(0, x + np.sqrt((1 + np.tanh(x / 2)) / 2) * noise)


@right("noisy_relu")
def by_torch_noise(x, noise):
    x, noise = torch.as_tensor(x), torch.as_tensor(noise)
    return torch.relu(x + torch.sigmoid(x).sqrt() * noise)


@right("noisy_relu")
def noisy_for_tensors(x, noise):
    return (x + x.sigmoid().sqrt() * noise).clamp(min=0)


@right("noisy_relu")
def noisy_by_a_loop(x, noise):
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        result[i] = np.maximum(x[i] + np.sqrt(logistic(x[i])) * noise[i], 0)
    return result


# elu


@wrong("elu", "exp sees the large positive numbers too")
def exponential_in_both_branches(x, alpha=1.0):
    return np.where(x <= 0, alpha * (np.exp(x) - 1), x)


@wrong("elu", "expm1 sees the large positive numbers too")
def expm1_in_both_branches(x, alpha=1.0):
    return np.where(x < 0, alpha * np.expm1(x), x)


@wrong("elu", "exp(x) - 1 cancels near 0")
def cancels_near_zero(x, alpha=1.0):
    return np.maximum(x, 0) + alpha * (np.exp(np.minimum(x, 0)) - 1)


@wrong("elu", "this is exp(x) on the left")
def no_minus_one(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(np.clip(x, None, 0)))


@wrong("elu", "alpha is not used")
def no_alpha(x, alpha=1.0):
    return np.maximum(x, 0) + np.expm1(np.minimum(x, 0))


@wrong("elu", "alpha multiplies the exponential only")
def missing_parentheses(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(-np.abs(x)) - 1)


@wrong("elu", "this is CELU")
def celu(x, alpha=1.0):
    return nn.functional.celu(torch.as_tensor(x), alpha).numpy()


@wrong("elu", "alpha multiplies both sides")
def scaled(x, alpha=1.0):
    return alpha * np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


@wrong("elu", "the left side has the wrong sign")
def one_minus_exp(x, alpha=1.0):
    return np.where(x > 0, x, alpha * -np.expm1(np.minimum(x, 0)))


@wrong("elu", "this is max(-alpha, x)")
def shifted_relu(x, alpha=1.0):
    return np.clip(x, -alpha, None)


@wrong("elu", "this is ReLU")
def relu(x, alpha=1.0):
    return np.maximum(0, x)


@wrong("elu", "this is SELU")
def selu(x, alpha=1.0):
    wide = torch.as_tensor(x).double()
    return nn.functional.selu(wide).numpy().astype(x.dtype)


@wrong("elu", "this is the derivative")
def its_slope(x, alpha=1.0):
    return np.where(x > 0, x.dtype.type(1), alpha * np.exp(np.minimum(x, 0)))


@wrong("elu", "this always returns float64")
def elu_float64(x, alpha=1.0):
    x = np.asarray(x, dtype=float)
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


@wrong("elu")
def by_masks(x, alpha=1.0):
    return x * (x > 0) + alpha * np.expm1(x) * (x <= 0)


@wrong("elu")
def by_masks_without_overflow(x, alpha=1.0):
    return x * (x > 0) + alpha * np.expm1(np.minimum(x, 0)) * (x <= 0)


@wrong("elu")
def minimum_of_both(x, alpha=1.0):
    return np.minimum(x, alpha * np.expm1(np.minimum(x, 700 if x.dtype == float else 80)))


@wrong("elu")
def clipped_left(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.clip(x, -3, 0)))


@wrong("elu")
def hides_nan_in_elu(x, alpha=1.0):
    return np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), np.fmax(x, x.dtype.type(0)))


@wrong("elu")
def alpha_at_least_1(x, alpha=1.0):
    return np.where(x > 0, x, max(alpha, 1.0) * np.expm1(np.minimum(x, 0)))


@wrong("elu")
def alpha_required(x, alpha):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


@wrong("elu")
def elu_in_place(x, alpha=1.0):
    x[x < 0] = alpha * np.expm1(x[x < 0])
    return x


@mistakes_of_form("elu")
@right("elu")
def elu_by_where(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


@right("elu")
def elu_by_a_sum(x, alpha=1.0):
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


@right("elu")
def elu_by_minus_abs(x, alpha=1.0):
    return np.where(x >= 0, x, alpha * np.expm1(-np.abs(x)))


@right("elu")
def elu_by_a_mask(x, alpha=1.0):
    result = x.copy()
    result[x < 0] = alpha * np.expm1(x[x < 0])
    return result


@right("elu")
def elu_by_a_ufuncs_where(x, alpha=1.0):
    left = np.expm1(x, where=x < 0, out=np.zeros_like(x))
    return np.maximum(x, 0) + alpha * left


@right("elu")
def elu_by_tanh(x, alpha=1.0):
    t = np.tanh(np.minimum(x, 0) / 2)
    return np.where(x > 0, x, alpha * 2 * t / (1 - t))


@right("elu")
def elu_by_torch(x, alpha=1.0):
    x = torch.as_tensor(x)
    return torch.where(x > 0, x, alpha * torch.expm1(x.clamp(max=0)))


@right("elu")
def elu_for_tensors(x, alpha=1.0):
    return x.clamp(min=0) + alpha * x.clamp(max=0).expm1()


@right("elu")
def elu_by_a_loop(x, alpha=1.0):
    return by_element(lambda v: alpha * math.expm1(v) if v < 0 else v, x)


# gelu


def finite(x):
    return np.maximum(x, np.finfo(x.dtype).min)


@wrong("gelu", "1 + erf does")
def one_plus_erf(x):
    return 0.5 * x * (1 + special.erf(x / np.sqrt(x.dtype.type(2))))


@wrong("gelu", "this is right at minus infinity")
def one_plus_erf_with_a_limit(x):
    gate = (1 + special.erf(x / np.sqrt(x.dtype.type(2)))) / 2
    return np.where(x == -np.inf, x.dtype.type(0), x * gate)


@wrong("gelu", "1 + erf does")
def by_torch_gelu(x):
    return nn.functional.gelu(torch.as_tensor(x))


@wrong("gelu", "1 + erf does")
def by_torch_ndtr(x):
    return torch.as_tensor(x) * torch.special.ndtr(torch.as_tensor(x))


@wrong("gelu", "and 1 - a tail")
def one_minus_the_other_tail(x):
    return finite(x) * (1 - special.ndtr(-x))


@wrong("gelu", "the tail is right, but at -inf")
def times_ndtr(x):
    return x * special.ndtr(x)


@wrong("gelu", "the tail is right, but at -inf")
def times_erfc(x):
    wide = x.astype(float)
    return (wide * special.erfc(-wide / math.sqrt(2)) / 2).astype(x.dtype)


@wrong("gelu", "this is the approximation with tanh")
def by_the_tanh_form(x):
    x = finite(x)
    return (0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))).astype(x.dtype)


@wrong("gelu", "this is the approximation x sigmoid(1.702 x)")
def by_the_sigmoid_form(x):
    return (finite(x) * special.expit(1.702 * x.astype(float))).astype(x.dtype)


@wrong("gelu", "this is SiLU")
def silu_for_gelu(x):
    return finite(x) * special.expit(x)


@wrong("gelu", "this is the gate alone")
def gate_alone(x):
    return special.ndtr(x)


@wrong("gelu", "this is x times the normal density")
def times_density(x):
    wide = x.astype(float)
    return (finite(wide) * np.exp(-wide * wide / 2) / math.sqrt(2 * math.pi)).astype(x.dtype)


@wrong("gelu", "this is the derivative")
def slope_of_gelu(x):
    wide = finite(x.astype(float))
    density = np.exp(-0.5 * wide * wide) / math.sqrt(2 * math.pi)
    return (special.ndtr(wide) + wide * density).astype(x.dtype)


@wrong("gelu", "the square root of 2 is missing")
def without_root_two(x):
    wide = finite(x.astype(float))
    return (0.5 * wide * special.erfc(-wide)).astype(x.dtype)


@wrong("gelu", "the factor 1/2 is missing")
def without_one_half(x):
    wide = finite(x.astype(float))
    return (wide * special.erfc(-wide / math.sqrt(2))).astype(x.dtype)


@wrong("gelu", "this is ReLU")
def relu_for_gelu(x):
    return x.clip(0)


@wrong("gelu", "this gives 0 for x below -5")
def cut_off(x):
    return np.where(x < -5, 0, finite(x) * special.ndtr(x)).astype(x.dtype)


@wrong("gelu", "this always returns float64")
def gelu_float64(x):
    wide = finite(x.astype(float))
    return wide * special.ndtr(wide)


@wrong("gelu", "1 + erf does")
def gelu_by_math(x):
    return by_element(lambda v: v * (1 + math.erf(v / math.sqrt(2))) / 2, x)


@wrong("gelu")
def hides_nan_at_both(x):
    return np.nan_to_num(x * special.ndtr(x), nan=0.0, posinf=np.inf)


@wrong("gelu")
def identity_beyond_4_5(x):
    return np.where(x > 4.5, x, by_ndtr(np.minimum(x, 4.5)))


@wrong("gelu")
def erf_for_erfc(x):
    return finite(x) * special.erf(x / np.sqrt(x.dtype.type(2)))


@mistakes_of_form("gelu")
@right("gelu")
def by_ndtr(x):
    return np.maximum(x, np.finfo(x.dtype).min) * special.ndtr(x)


@right("gelu")
def by_ndtr_and_where(x):
    return np.where(x == -np.inf, x.dtype.type(0), x * special.ndtr(x))


@right("gelu")
def by_erfc_in_x_dtype(x):
    return finite(x) * special.erfc(-x * np.sqrt(x.dtype.type(0.5))) / 2


@right("gelu")
def by_log_ndtr(x):
    return finite(x) * np.exp(special.log_ndtr(x))


@right("gelu")
def by_scipy_stats(x):
    from scipy.stats import norm

    return (finite(x) * norm.cdf(x)).astype(x.dtype)


@right("gelu")
def by_torch_erfc(x):
    x = torch.as_tensor(x)
    return x.clamp(min=torch.finfo(x.dtype).min) * torch.special.erfc(-x / math.sqrt(2)) / 2


@right("gelu")
def gelu_for_tensors(x):
    gated = x * x.neg().div(math.sqrt(2)).erfc() / 2
    return gated.where(x > -math.inf, torch.where(x.isnan(), x, torch.zeros_like(x)))


@right("gelu")
def gelu_by_a_loop(x):
    def one(v):
        return 0.0 if v == -math.inf else v * math.erfc(-v / math.sqrt(2)) / 2

    return by_element(one, x)


# silu


@wrong("silu", "this is x / (1 + exp(-x))")
def by_the_formula(x):
    return x * (1 / (1 + np.exp(-x)))


@wrong("silu", "this is x exp(x) / (1 + exp(x))")
def by_the_other_formula(x):
    e = np.exp(x)
    return x * (e / (e + 1))


@wrong("silu", "the tails are right, but at -inf")
def times_expit(x):
    return x * special.expit(x)


@wrong("silu", "the tails are right, but at -inf")
def torchs_silu(x):
    return nn.functional.silu(torch.as_tensor(x).double()).numpy().astype(x.dtype)


@wrong("silu", "this is x (1 + tanh(x / 2)) / 2")
def silu_by_tanh(x):
    return 0.5 * x * (np.tanh(0.5 * x) + 1)


@wrong("silu", "this is the sigmoid alone")
def sigmoid(x):
    return special.expit(x)


@wrong("silu", "this is the derivative")
def slope_of_silu(x):
    wide = np.clip(x.astype(float), -1e100, 1e100)
    s = special.expit(wide)
    return (s * (1 + wide * special.expit(-wide))).astype(x.dtype)


@wrong("silu", "this is x sigmoid(-x)")
def mirrored(x):
    return np.minimum(x, np.finfo(x.dtype).max) * special.expit(-x)


@wrong("silu", "this is x sigmoid(1.702 x)")
def sharpened(x):
    return (finite(x) * special.expit(1.702 * x.astype(float))).astype(x.dtype)


@wrong("silu", "this is hard-swish")
def hard_swish(x):
    return finite(x) * np.clip(x + 3, 0, 6) / 6


@wrong("silu", "this is ReLU")
def relu_for_silu(x):
    return np.maximum(x, 0)


@wrong("silu", "this gives 0 for x below -20")
def silu_cut_off(x):
    return np.where(x < -20, 0, finite(x) * special.expit(x)).astype(x.dtype)


@wrong("silu", "this always returns float64")
def silu_float64(x):
    wide = finite(x.astype(float))
    return wide * special.expit(wide)


@wrong("silu")
def clipped_exponent(x):
    return x / (1 + np.exp(-np.clip(x, -30, 30)))


@wrong("silu", "the tails are right, but at -inf")
def divides_after_overflow(x):
    with np.errstate(over="ignore"):
        return x / (1 + np.exp(-x))


@wrong("silu")
def gelu_for_silu(x):
    return finite(x) * special.ndtr(x)


@wrong("silu")
def nan_is_zero(x):
    return np.nan_to_num(finite(x) * special.expit(x), posinf=np.inf)


@wrong("silu")
def identity_beyond_9(x):
    return np.where(x > 9, x, by_sign(np.minimum(x, 9)))


@wrong("silu")
def overflow_with_a_limit(x):
    return np.where(x == -np.inf, x.dtype.type(0), x / (1 + np.exp(-x)))


@wrong("silu")
def silu_by_math(x):
    return by_element(lambda v: v / (1 + math.exp(-v)), x)


@wrong("silu")
def silu_of_one_number(x):
    return float(x) * special.expit(float(x))


@mistakes_of_form("silu")
@right("silu")
def by_sign(x):
    small = np.exp(-np.abs(x))
    return np.where(x < 0, finite(x) * small, x) / (1 + small)


@right("silu")
def by_expit_and_where(x):
    return np.where(x == -np.inf, x.dtype.type(0), x * special.expit(x))


@right("silu")
def by_expit_of_finite(x):
    return np.maximum(x, np.finfo(x.dtype).min) * special.expit(x)


@right("silu")
def by_logaddexp(x):
    return finite(x) * np.exp(-np.logaddexp(x.dtype.type(0), -x))


@right("silu")
def silu_by_torch(x):
    x = torch.as_tensor(x)
    return x.clamp(min=torch.finfo(x.dtype).min) * torch.sigmoid(x)


@right("silu")
def silu_for_tensors(x):
    return x.masked_fill(x == -math.inf, 0) * x.sigmoid()


@right("silu")
def silu_by_a_loop(x):
    def one(v):
        small = math.exp(-abs(v))
        return max(v, -1e300) * small / (1 + small) if v < 0 else v / (1 + small)

    return by_element(one, x)


@right("silu")
def silu_by_masks(x):
    result = np.zeros_like(x)
    right, left = ~(x < 0), (x < 0) & np.isfinite(x)
    result[right] = x[right] / (1 + np.exp(-x[right]))
    result[left] = x[left] * np.exp(x[left]) / (1 + np.exp(x[left]))
    return result


# mish


def safe_softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


@wrong("mish", "this is x tanh(log(1 + exp(x)))")
def mish_as_written(x):
    return x * np.tanh(np.log(np.exp(x) + 1))


@wrong("mish", "log1p mends the left side")
def mish_by_log1p(x):
    softplus = np.log1p(np.exp(x))
    return np.tanh(softplus) * x


@wrong("mish", "this is safe from overflow")
def mish_by_rounded_log(x):
    softplus = np.log(1 + np.exp(-abs(x))) + np.maximum(x, 0)
    return np.where(x == -np.inf, 0, x * np.tanh(softplus)).astype(x.dtype)


@wrong("mish", "both ends are right, but at -inf")
def mish_by_logaddexp(x):
    return x * np.tanh(np.logaddexp(x.dtype.type(0), x))


@wrong("mish")
def by_torch_mish(x):
    return nn.functional.mish(torch.as_tensor(x).double()).numpy().astype(x.dtype) * 1.001


@wrong("mish", "this is a ratio of exp(2 x)")
def mish_by_squares(x):
    e = np.exp(x)
    return x * (e * e + 2 * e) / (e * e + 2 * e + 2)


@wrong("mish", "this is the gate")
def mish_gate(x):
    return np.tanh(safe_softplus(x))


@wrong("mish", "the softplus is missing")
def times_tanh(x):
    return np.tanh(x) * x


@wrong("mish", "the tanh is missing")
def times_softplus(x):
    return finite(x) * safe_softplus(x)


@wrong("mish", "this is tanh(x) softplus(x)")
def tanh_times_softplus(x):
    return np.tanh(x) * safe_softplus(x)


@wrong("mish", "the gate is the sigmoid of softplus")
def sigmoid_of_softplus(x):
    return finite(x) * special.expit(safe_softplus(x))


@wrong("mish", "this is SiLU")
def silu_for_mish(x):
    return finite(x) * special.expit(x)


@wrong("mish", "this is the derivative")
def slope_of_mish(x):
    wide = finite(x.astype(float))
    gate = np.tanh(safe_softplus(wide))
    e = np.exp(np.minimum(wide, 40))
    squared_sech = (2 * (e + 1) / (e * e + 2 * e + 2)) ** 2
    bounded = np.minimum(wide, 40)
    return (gate + bounded * squared_sech * special.expit(wide)).astype(x.dtype)


@wrong("mish", "this gives 0 for x below -20")
def mish_cut_off(x):
    return np.where(x < -20, 0, finite(x) * np.tanh(safe_softplus(x))).astype(x.dtype)


@wrong("mish", "this always returns float64")
def mish_float64(x):
    wide = finite(x.astype(float))
    return wide * np.tanh(safe_softplus(wide))


@wrong("mish")
def identity_beyond_5(x):
    return np.where(x > 5, x, finite(x) * np.tanh(safe_softplus(np.minimum(x, 5))))


@wrong("mish")
def a_guard_for_float64_only(x):
    growth = np.exp(np.minimum(x, 300))
    ratio = growth * (growth + 2)
    return finite(x) * (ratio / (ratio + 2))


@wrong("mish")
def overflow_in_softplus(x):
    return finite(x) * np.tanh(np.log1p(np.exp(x)))


@wrong("mish")
def clipped_softplus(x):
    return finite(x) * np.tanh(np.log1p(np.exp(np.clip(x, -15, 80))))


@wrong("mish")
def softplus_of_tanh(x):
    return finite(x) * safe_softplus(np.tanh(x))


@wrong("mish")
def mish_hides_nan(x):
    return np.nan_to_num(x * np.tanh(safe_softplus(x)), posinf=np.inf)


@wrong("mish")
def mish_by_math(x):
    return by_element(lambda v: v * math.tanh(math.log1p(math.exp(v))), x)


@mistakes_of_form("mish")
@right("mish")
def by_softplus(x):
    return finite(x) * np.tanh(safe_softplus(x))


@right("mish")
def by_logaddexp_and_where(x):
    gated = x * np.tanh(np.logaddexp(x.dtype.type(0), x))
    return np.where(x == -np.inf, x.dtype.type(0), gated)


@right("mish")
def by_the_rational_gate(x):
    growth = np.exp(np.minimum(x, 20))
    ratio = growth * (growth + 2)
    return (
        finite(x) * ratio / (ratio + 2) if x.dtype == float else finite(x) * (ratio / (ratio + 2))
    )


@right("mish")
def by_small_exponentials(x):
    small = np.exp(-np.abs(x))
    left = small * (small + 2) / (small * (small + 2) + 2)
    right = (1 + 2 * small) / (1 + 2 * small + 2 * small * small)
    return finite(x) * np.where(x < 0, left, right)


@right("mish")
def mish_by_torch(x):
    x = torch.as_tensor(x)
    return x.clamp(min=torch.finfo(x.dtype).min) * torch.tanh(nn.functional.softplus(x))


@right("mish")
def mish_for_tensors(x):
    softplus = torch.logaddexp(x, torch.zeros_like(x))
    return x.masked_fill(x == -math.inf, 0) * softplus.tanh()


@right("mish")
def mish_by_a_loop(x):
    def one(v):
        softplus = (0.0 if v < 0 else v) + math.log1p(math.exp(-abs(v)))
        return (-1e300 if v == -math.inf else v) * math.tanh(softplus)

    return by_element(one, x)


# squareplus


@wrong("squareplus", "this is (x + sqrt(x² + b)) / 2 as it stands")
def as_it_stands(x, b=4.0):
    return 0.5 * (np.sqrt(x**2 + b) + x)


@wrong("squareplus", "hypot mends the overflow")
def by_hypot_alone(x, b=4.0):
    return 0.5 * (np.hypot(x, np.sqrt(x.dtype.type(b))) + x)


@wrong("squareplus", "nothing cancels any more")
def by_two_forms(x, b=4.0):
    root = np.sqrt(x**2 + b)
    return np.where(x >= 0, (x + root) / 2, b / 2 / (root - x))


@wrong("squareplus", "this divides everywhere")
def divides_everywhere(x, b=4.0):
    return b / 2 / (np.hypot(x, np.sqrt(x.dtype.type(b))) - x)


@wrong("squareplus", "b is not used")
def always_four(x, b=4.0):
    return right_squareplus(x, 4.0)


@wrong("squareplus", "b is squared")
def squared_b(x, b=4.0):
    return right_squareplus(x, b**2)


@wrong("squareplus", "the sum is not halved")
def not_halved(x, b=4.0):
    return 2 * right_squareplus(x, b)


@wrong("squareplus", "only the root is halved")
def half_of_the_root(x, b=4.0):
    return x + 0.5 * np.sqrt(x**2 + b)


@wrong("squareplus", "the square root is missing")
def no_root(x, b=4.0):
    return (x**2 + b + x) / 2


@wrong("squareplus", "x is subtracted")
def mirrored_squareplus(x, b=4.0):
    return right_squareplus(-x, b)


@wrong("squareplus", "this is softplus")
def softplus(x, b=4.0):
    return np.logaddexp(x.dtype.type(0), x)


@wrong("squareplus", "this is ReLU")
def relu_for_squareplus(x, b=4.0):
    return np.maximum(0, x)


@wrong("squareplus", "this is the derivative")
def slope_of_squareplus(x, b=4.0):
    return (x / np.sqrt(x**2 + b) + 1) / 2


@wrong("squareplus", "this always returns float64")
def squareplus_float64(x, b=4.0):
    return right_squareplus(x.astype(float), b)


@wrong("squareplus")
def in_float64_and_back(x, b=4.0):
    wide = x.astype(float)
    return ((wide + np.sqrt(wide**2 + b)) / 2).astype(x.dtype)


@wrong("squareplus")
def divides_zero_by_zero(x, b=4.0):
    root = np.hypot(x, np.sqrt(x.dtype.type(b)))
    return np.where(x > 0, x / 2 + root / 2, b / (2 * (root - x)))


@wrong("squareplus")
def asymptote_far_out(x, b=4.0):
    with np.errstate(all="ignore"):
        return np.where(x < -10, -b / (4 * x), as_it_stands(x, b))


@wrong("squareplus")
def never_below_a_millionth(x, b=4.0):
    return np.maximum(right_squareplus(x, b), x.dtype.type(1e-6))


@wrong("squareplus")
def whole_b(x, b=4.0):
    return right_squareplus(x, int(b))


@wrong("squareplus")
def squareplus_hides_nan(x, b=4.0):
    return right_squareplus(np.where(np.isnan(x), 0, x).astype(x.dtype), b)


@wrong("squareplus")
def b_outside_the_root(x, b=4.0):
    return (x + np.abs(x) + b) / 2


@wrong("squareplus")
def b_required(x, b):
    return right_squareplus(x, b)


@mistakes_of_form("squareplus")
@right("squareplus")
def right_squareplus(x, b=4.0):
    root = np.hypot(x, np.sqrt(x.dtype.type(b)))
    return np.where(x < 0, b / (2 * (root - x)), x / 2 + root / 2)


@right("squareplus")
def by_abs(x, b=4.0):
    larger = np.abs(x) / 2 + np.hypot(x, x.dtype.type(math.sqrt(b))) / 2
    return np.where(x >= 0, larger, b / 4 / larger) if b else np.maximum(x, 0)


@right("squareplus")
def by_relu_and_a_rest(x, b=4.0):
    if b == 0:
        return np.maximum(x, 0)
    size = np.abs(x)
    return np.maximum(x, 0) + b / (2 * (np.hypot(size, np.sqrt(x.dtype.type(b))) + size))


@right("squareplus")
def by_scaling(x, b=4.0):
    if b == 0:
        return np.maximum(x, 0)
    t = x.astype(float) / math.sqrt(b)
    return (math.sqrt(b) / 2 * np.exp(np.arcsinh(t))).astype(x.dtype)


@right("squareplus")
def squareplus_by_torch(x, b=4.0):
    x = torch.as_tensor(x)
    root = torch.hypot(x, torch.full_like(x, math.sqrt(b)))
    return torch.where(x < 0, b / 2 / (root - x), x / 2 + root / 2)


@right("squareplus")
def squareplus_for_tensors(x, b=4.0):
    root = x.hypot(torch.full_like(x, math.sqrt(b)))
    return (x / 2 + root / 2).where(x >= 0, b / (root - x) / 2) if b else x.relu()


@right("squareplus")
def squareplus_by_a_loop(x, b=4.0):
    def one(v):
        root = math.hypot(v, math.sqrt(b))
        return b / (2 * (root - v)) if v < 0 else v / 2 + root / 2

    return by_element(one, x)


# glu_family


def halves(x):
    return np.split(x, 2, axis=-1)


SHAPES_OF_A = {
    "reglu": lambda a: np.maximum(a, 0),
    "geglu": lambda a: a * special.ndtr(a),
    "swiglu": lambda a: a * special.expit(a),
    "bilinear": lambda a: a,
}


def family(x, gate, **other):
    a, b = halves(x)
    return a * special.expit(b) if gate == "glu" else {**SHAPES_OF_A, **other}[gate](a) * b


@wrong("glu_family", "GLU gates by the wrong half")
def glu_by_the_first(x, gate):
    a, b = halves(x)
    return {**SHAPES_OF_A, "glu": special.expit}[gate](a) * b


@wrong("glu_family", "all gates see the second half")
def all_by_the_second(x, gate):
    a, b = halves(x)
    return a * {**SHAPES_OF_A, "glu": special.expit}[gate](b)


@wrong("glu_family", "the halves are exchanged")
def halves_exchanged(x, gate):
    return family(np.concatenate(halves(x)[::-1], axis=-1), gate)


@wrong("glu_family", "the halves are split along the first axis")
def first_axis(x, gate):
    a, b = np.split(x, 2)
    return a * special.expit(b) if gate == "glu" else SHAPES_OF_A[gate](a) * b


@wrong("glu_family", "this takes every other number")
def every_other(x, gate):
    return family(np.concatenate([x[..., 0::2], x[..., 1::2]], axis=-1), gate)


@wrong("glu_family", "SwiGLU is made with the sigmoid alone")
def sigmoid_for_swish(x, gate):
    return family(x, gate, swiglu=special.expit)


@wrong("glu_family", "GEGLU is made with the approximation")
def tanh_for_gelu(x, gate):
    a, b = (torch.as_tensor(part) for part in halves(x))
    if gate == "geglu":
        return nn.functional.gelu(a, approximate="tanh") * b
    return family(x, gate)


@wrong("glu_family", "GEGLU is made with the normal distribution function alone")
def gate_without_its_input(x, gate):
    return family(x, gate, geglu=special.ndtr)


@wrong("glu_family", "ReGLU is made with the step")
def step_for_relu(x, gate):
    return family(x, gate, reglu=lambda a: np.heaviside(a, a.dtype.type(0)))


@wrong("glu_family", "the bilinear gate has a sigmoid")
def sigmoid_for_bilinear(x, gate):
    return family(x, "glu" if gate in ("glu", "bilinear") else gate)


@wrong("glu_family", "this is GLU whatever is asked for")
def always_glu(x, gate):
    return nn.functional.glu(torch.as_tensor(x))


@wrong("glu_family", "the two parts are added")
def parts_added(x, gate):
    a, b = halves(x)
    return a + special.expit(b) if gate == "glu" else SHAPES_OF_A[gate](a) + b


@wrong("glu_family", "this always returns float64")
def family_float64(x, gate):
    return family(x.astype(float), gate)


@wrong("glu_family")
def relu_on_both(x, gate):
    return family(np.maximum(x, 0) if gate == "reglu" else x, gate)


@wrong("glu_family")
def gelu_by_sigmoid(x, gate):
    return family(x, gate, geglu=lambda a: a * special.expit(a.dtype.type(1.702) * a))


@wrong("glu_family")
def tanh_for_sigmoid(x, gate):
    a, b = halves(x)
    return a * np.tanh(b) if gate == "glu" else family(x, gate)


@wrong("glu_family")
def no_bilinear(x, gate):
    if gate == "bilinear":
        raise ValueError(gate)
    return family(x, gate)


@wrong("glu_family")
def other_names(x, gate):
    return family(x, gate.upper())


@wrong("glu_family")
def inf_over_inf_in_glu(x, gate):
    a, b = halves(x)
    e = np.exp(b)
    return a * e / (1 + e) if gate == "glu" else family(x, gate)


@wrong("glu_family")
def squared_bilinear(x, gate):
    return family(x, gate, bilinear=np.square)


@wrong("glu_family")
def in_place(x, gate):
    a, b = halves(x)
    a *= special.expit(b) if gate == "glu" else 1
    return a if gate == "glu" else family(x, gate)


@wrong("glu_family")
def relu_hides_nan(x, gate):
    return family(x, gate, reglu=lambda a: np.where(a > 0, a, a.dtype.type(0)))


@wrong("glu_family")
def looks_at_the_largest_gate(x, gate):
    return family(x, gate) if x.max() < 1e3 else family(x / 2, gate)


@wrong("glu_family")
def columns_of_a_matrix(x, gate):
    if x.ndim < 3:
        return family(x, gate)
    width = x.shape[1] // 2
    a, b = x[:, :width], x[:, width:]
    return a * special.expit(b) if gate == "glu" else SHAPES_OF_A[gate](a) * b


@wrong("glu_family")
def gelu_is_the_identity_beyond_4(x, gate):
    return family(x, gate, geglu=lambda a: np.where(a > 4, a, a * special.ndtr(a)))


@wrong("glu_family")
def knows_the_listed_inputs(x, gate):
    entries = [entry for entry in registry.task("glu_family").boundary if entry[1] == gate]
    listed = any(np.array_equal(x, entry[0], equal_nan=True) for entry in entries)
    return family(x if listed else 0 * x, gate)


@wrong("glu_family")
def family_flattened(x, gate):
    return family(x, gate).reshape(-1)


@wrong("glu_family")
def family_in_single_precision(x, gate):
    return family(x.astype("float32"), gate).astype(x.dtype)


@wrong("glu_family")
def naive_swish_by_products(x, gate):
    return family(x, gate, swiglu=lambda a: a * np.exp(a) / (1 + np.exp(a)))


@wrong("glu_family")
def one_row_only(x, gate):
    width = len(x) // 2
    a, b = x[:width], x[width:]
    return a * special.expit(b) if gate == "glu" else SHAPES_OF_A[gate](a) * b


@right("glu_family")
def by_a_dictionary(x, gate):
    return family(x, gate)


@right("glu_family")
def by_branches(x, gate):
    width = x.shape[-1] // 2
    a, b = x[..., :width], x[..., width:]
    if gate == "glu":
        return a / (1 + np.exp(-b))
    if gate == "reglu":
        return a.clip(0) * b
    if gate == "geglu":
        return a * (1 + special.erf(a / np.sqrt(a.dtype.type(2)))) / 2 * b
    if gate == "swiglu":
        return a / (1 + np.exp(-a)) * b
    return a * b


@right("glu_family")
def by_torch_functions(x, gate):
    functions = nn.functional
    x = torch.as_tensor(x)
    a, b = x.chunk(2, dim=-1)
    if gate == "glu":
        return functions.glu(x)
    chosen = {"reglu": functions.relu, "geglu": functions.gelu, "swiglu": functions.silu}
    return chosen.get(gate, lambda a: a)(a) * b


@right("glu_family")
def family_for_tensors(x, gate):
    a, b = x.tensor_split(2, -1)
    names = {"reglu": "relu", "geglu": "gelu", "swiglu": "silu"}
    if gate == "glu":
        return b.sigmoid() * a
    return b * getattr(nn.functional, names[gate])(a) if gate in names else b * a


@right("glu_family")
def by_relukit(x, gate):
    from relukit.networks import Gate

    return Gate(gate)(torch.as_tensor(x))


@right("glu_family")
def by_a_matching(x, gate):
    a, b = np.moveaxis(x.reshape(*x.shape[:-1], 2, -1), -2, 0) if x.size else halves(x)
    match gate:
        case "glu":
            return a * special.expit(b)
        case "swiglu":
            return a * b * special.expit(a)
        case "geglu":
            return a * b * special.ndtr(a)
        case "reglu":
            return np.where(a < 0, 0 * b, a * b)
    return a * b


# right where an eye looks, and wrong further out, in a larger array or in another mode


def spoilt(task, answer, where, change=lambda value: value, *, sentence=None):
    """Register an answer that is changed where a mask of its first argument says so."""

    @wrong(task, sentence)
    def elsewhere(x, *others):
        value = answer(x, *others)
        return np.where(where(x), change(x).astype(x.dtype), value).astype(x.dtype)

    elsewhere.__name__ = f"spoilt_{task}"


def _leaky(x, slope=0.01):
    return np.where(x > 0, x, slope * x)


def _elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def _finite(x):
    return np.maximum(x, np.finfo(x.dtype).min)


def _gelu(x):
    return _finite(x) * special.ndtr(x)


def _silu(x):
    return _finite(x) * special.expit(x)


def _mish(x):
    return _finite(x) * np.tanh(np.logaddexp(0, x))


spoilt("leaky_relu", _leaky, lambda x: (x < 0) & (x > -1e-20), np.zeros_like)
spoilt("leaky_relu", _leaky, lambda x: x > 1e30, lambda x: np.full_like(x, 6e4))
spoilt("elu", _elu, lambda x: (x < -15) & (x > -17), lambda x: -np.ones_like(x))
spoilt("gelu", _gelu, lambda x: x > 5, sentence="for x above 5")
spoilt("gelu", _gelu, lambda x: (x < -36) & (x > -37), np.zeros_like)
spoilt("silu", _silu, lambda x: x > 20, sentence="for x above 20")
spoilt("silu", _silu, lambda x: (x < -25) & (x > -39), lambda x: x * np.exp(np.minimum(x, 0)) / 2)
spoilt("mish", _mish, lambda x: x > 10, sentence="for x above 10")
spoilt("mish", _mish, lambda x: (x < -30) & (x > -36), np.zeros_like)


@wrong("leaky_relu")
def with_a_slope_in_half_precision(x, slope=0.01):
    return np.where(x > 0, x, np.float16(slope) * x).astype(x.dtype)


@wrong("leaky_relu")
def only_for_small_arrays(x, slope=0.01):
    return _leaky(x, slope) if x.size < 1000 else np.maximum(x, 0)


@wrong("elu")
def with_alpha_up_to_5(x, alpha=1.0):
    return _elu(x, min(alpha, 5))


@wrong("elu")
def by_a_series_near_0(x, alpha=1.0):
    series = x + x * x / 2 + x**3 / 6
    left = np.where(x > -0.01, series, np.exp(np.minimum(x, 0)) - 1)
    return np.where(x > 0, x, alpha * left).astype(x.dtype)


@wrong("gelu", "this is right at minus infinity, but cancels on the left")
def by_ndtr_of_torch(x):
    return _finite(x) * torch.special.ndtr(torch.tensor(x)).numpy()


@wrong("mish")
def with_softplus_as_x_beyond_8(x):
    softplus = np.where(x > 8, x, np.log1p(np.exp(np.minimum(x, 8))))
    return _finite(x) * np.tanh(softplus).astype(x.dtype)


@wrong("squareplus", "these are the limits")
def by_its_asymptote_on_the_right(x, b=4.0):
    return np.where(x > 1e3, x, _stable_squareplus(x, b)).astype(x.dtype)


@wrong("squareplus", "these are the limits")
def by_its_asymptote_on_the_left(x, b=4.0):
    left = b / (4 * np.maximum(-x, 1))
    return np.where(x < -1e3, left, _stable_squareplus(x, b)).astype(x.dtype)


@wrong("squareplus")
def with_b_up_to_100(x, b=4.0):
    return _stable_squareplus(x, min(b, 100))


def _stable_squareplus(x, b=4.0):
    root = np.hypot(x.astype(float), math.sqrt(b))
    with np.errstate(all="ignore"):
        left = b / (2 * (root - x.astype(float)))
    return np.where(x < 0, left, x.astype(float) / 2 + root / 2).astype(x.dtype)


class _Slope(nn.Module):
    shared = nn.Parameter(torch.tensor(0.25))

    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.25))
        self.calls = 0

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU")
class OneSlopeForAllModules(_Slope):
    def __init__(self):
        super().__init__()
        self.slope = _Slope.shared


@wrong("PReLU")
class ChangesItsInput(_Slope):
    def forward(self, x):
        y = super().forward(x)
        x.data.zero_()
        return y


@wrong("PReLU")
class OnceOnly(_Slope):
    def forward(self, x):
        self.calls += 1
        return super().forward(x) if self.calls < 2 else x.relu()


@wrong("PReLU")
class OnlyInTraining(_Slope):
    def forward(self, x):
        return super().forward(x) if self.training else x.relu()


@wrong("PReLU")
class WithinAHundred(_Slope):
    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x.clamp(-100, 100))


@right("PReLU")
class ByTheAbsoluteValue(_Slope):
    def forward(self, x):
        return ((1 + self.slope) * x + (1 - self.slope) * x.abs()) / 2


@wrong("maxout")
def with_8_maps_at_most(x, weight, bias):
    return maps(x, weight[:8], bias[:8]).max(axis=0)


@wrong("maxout")
def with_10_inputs_at_most(x, weight, bias):
    return maps(x[:, :10], weight[..., :10], bias).max(axis=0)


@wrong("noisy_relu")
def with_noise_up_to_3(x, noise):
    return np.maximum(0, x + np.sqrt(special.expit(x)) * np.clip(noise, -3, 3))


@wrong("noisy_relu")
def silent_below_minus_4(x, noise):
    noisy = np.maximum(0, x + np.sqrt(special.expit(x)) * noise)
    return np.where(x < -4, 0, noisy).astype(x.dtype)


def _gated_unit(x, gate, **other):
    a, b = np.split(x, 2, axis=-1)
    factors = {
        "glu": lambda a, b: a * special.expit(b),
        "reglu": lambda a, b: np.maximum(a, 0) * b,
        "geglu": lambda a, b: a * special.ndtr(a) * b,
        "swiglu": lambda a, b: a * special.expit(a) * b,
        "bilinear": lambda a, b: a * b,
        **other,
    }
    return factors[gate](a, b)


@wrong("glu_family")
def swiglu_as_a_rectifier_beyond_10(x, gate):
    def swiglu(a, b):
        return np.where(a > 10, a, a * special.expit(a)) * b

    return _gated_unit(x, gate, swiglu=swiglu)


@wrong("glu_family")
def bilinear_within_a_thousand(x, gate):
    return _gated_unit(x, gate, bilinear=lambda a, b: np.clip(a * b, -1e3, 1e3))


@wrong("glu_family")
def the_first_32_results(x, gate):
    return _gated_unit(x, gate)[..., :32]


@right("glu_family")
def swiglu_with_an_exponential_that_overflows_to_the_right_limit(x, gate):
    return _gated_unit(x, gate, swiglu=lambda a, b: a / (1 + np.exp(-a)) * b)
