"""Answers to the tasks of lesson 03, wrong and right, beside its declared mistakes."""

import copy
import itertools
import math
import random

import numpy as np
import torch
from scipy import special
from torch import nn
from wrong_answers.register import register

WRONG, RIGHT, wrong, right = register()


def by_element(function, x, *others):
    """Apply a function of numbers in a loop, as a learner would who knows no NumPy."""
    result = np.empty_like(x)
    for index in np.ndindex(x.shape):
        result[index] = function(float(x[index]), *others)
    return result


# leaky_relu


@wrong("leaky_relu", "slope times x is added on both sides")
def relu_plus_leak(x, slope=0.01):
    return slope * x + x.clip(0)


@wrong("leaky_relu")
def the_slope_where_negative(x, slope=0.01):
    return np.where(x > 0, x, slope).astype(x.dtype)


@wrong("leaky_relu", "this writes its result into x")
def leaks_into_its_input(x, slope=0.01):
    x[x < 0] *= slope
    return x


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


@wrong("PReLU", "the slope is a plain number")
class PlainNumber(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = 0.25

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


@wrong("PReLU", "forward does not use the slope")
class RemembersItsStart(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor([0.25]))
        self.a = self.slope.item()

    def forward(self, x):
        return torch.where(x > 0, x, self.a * x)


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


@wrong("maxout", "the k maps are added")
def added(x, weight, bias):
    return sum(x @ w.T + b for w, b in zip(weight, bias, strict=True))


@wrong("maxout", "this uses the first of the k maps")
def first_map(x, weight, bias):
    return x @ weight[0].T + bias[0]


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


@wrong("noisy_relu", "the variance is squared")
def variance_squared(x, noise):
    return np.maximum(0, x + logistic(x) ** 2 * noise)


@wrong("noisy_relu", "the maximum is missing")
def no_maximum(x, noise):
    return x + noise * np.sqrt(logistic(x))


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


@wrong("elu", "this is CELU")
def celu(x, alpha=1.0):
    return nn.functional.celu(torch.as_tensor(x), alpha).numpy()


@wrong("elu", "this is SELU")
def selu(x, alpha=1.0):
    wide = torch.as_tensor(x).double()
    return nn.functional.selu(wide).numpy().astype(x.dtype)


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
def alpha_at_least_1(x, alpha=1.0):
    return np.where(x > 0, x, max(alpha, 1.0) * np.expm1(np.minimum(x, 0)))


@wrong("elu")
def alpha_required(x, alpha):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


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
def by_torch_ndtr(x):
    return torch.as_tensor(x) * torch.special.ndtr(torch.as_tensor(x))


@wrong("gelu")
def identity_beyond_4_5(x):
    return np.where(x > 4.5, x, by_ndtr(np.minimum(x, 4.5)))


@wrong("gelu")
def erf_for_erfc(x):
    return finite(x) * special.erf(x / np.sqrt(x.dtype.type(2)))


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


@wrong("silu", "the tails are right, but at -inf")
def torchs_silu(x):
    return nn.functional.silu(torch.as_tensor(x).double()).numpy().astype(x.dtype)


@wrong("silu", "this is the sigmoid alone")
def sigmoid(x):
    return special.expit(x)


@wrong("silu")
def clipped_exponent(x):
    return x / (1 + np.exp(-np.clip(x, -30, 30)))


@wrong("silu")
def gelu_for_silu(x):
    return finite(x) * special.ndtr(x)


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


@wrong("mish")
def by_torch_mish(x):
    return nn.functional.mish(torch.as_tensor(x).double()).numpy().astype(x.dtype) * 1.001


@wrong("mish", "this is the derivative")
def slope_of_mish(x):
    wide = finite(x.astype(float))
    gate = np.tanh(safe_softplus(wide))
    e = np.exp(np.minimum(wide, 40))
    squared_sech = (2 * (e + 1) / (e * e + 2 * e + 2)) ** 2
    bounded = np.minimum(wide, 40)
    return (gate + bounded * squared_sech * special.expit(wide)).astype(x.dtype)


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
def mish_by_math(x):
    return by_element(lambda v: v * math.tanh(math.log1p(math.exp(v))), x)


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


def as_it_stands(x, b=4.0):
    return 0.5 * (np.sqrt(x**2 + b) + x)


@wrong("squareplus", "the square root is missing")
def no_root(x, b=4.0):
    return (x**2 + b + x) / 2


@wrong("squareplus", "this is softplus")
def softplus(x, b=4.0):
    return np.logaddexp(x.dtype.type(0), x)


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
def b_outside_the_root(x, b=4.0):
    return (x + np.abs(x) + b) / 2


@wrong("squareplus")
def b_required(x, b):
    return right_squareplus(x, b)


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


@wrong("glu_family", "GEGLU is made with the approximation")
def tanh_for_gelu(x, gate):
    a, b = (torch.as_tensor(part) for part in halves(x))
    if gate == "geglu":
        return nn.functional.gelu(a, approximate="tanh") * b
    return family(x, gate)


@wrong("glu_family", "this is GLU whatever is asked for")
def always_glu(x, gate):
    return nn.functional.glu(torch.as_tensor(x))


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


def spoilt(task, answer, where, change=lambda value: value):
    """Register an answer that is changed where a mask of its first argument says so."""

    @wrong(task)
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
spoilt("gelu", _gelu, lambda x: (x < -36) & (x > -37), np.zeros_like)
spoilt("silu", _silu, lambda x: (x < -25) & (x > -39), lambda x: x * np.exp(np.minimum(x, 0)) / 2)
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


# fill_the_left


def _drawing(points):
    xs, ys = np.array(sorted([*points, (0.0, 0.0)])).T
    return xs, ys, (ys[1] - ys[0]) / (xs[1] - xs[0])


@right("fill_the_left")
def by_interp_and_the_last_slope(points):
    xs, ys, slope = _drawing(points)

    def f(x):
        left = np.where(x < xs[0], ys[0] + slope * (x - xs[0]), np.interp(x, xs, ys))
        return np.where(x < 0, left, x)

    return f


@right("fill_the_left")
def by_hinges(points):
    xs, ys = np.array([(0.0, 0.0), *sorted(points, reverse=True)]).T
    slopes = np.diff(ys) / np.diff(xs)
    bends = np.diff(slopes, prepend=0.0)

    def f(x):
        x = np.asarray(x)
        left = -sum(b * np.maximum(0, at - x) for b, at in zip(bends, xs, strict=False))
        return np.maximum(x, 0) + left

    return f


@right("fill_the_left")
def by_a_far_point(points):
    xs, ys, slope = _drawing(points)
    far = -1e6
    xs, ys = np.append(far, xs), np.append(ys[0] + slope * (far - xs[0]), ys)
    return lambda x: np.where(x >= 0, x, np.interp(x, xs, ys))


@right("fill_the_left")
def number_by_number(points):
    rows = [(0.0, 0.0), *sorted(points, reverse=True)]

    def at(x):
        if x >= 0:
            return x
        for (right_x, right_y), (left_x, left_y) in itertools.pairwise(rows):
            if x >= left_x or (left_x, left_y) == rows[-1]:
                return right_y + (left_y - right_y) / (left_x - right_x) * (x - right_x)
        return None

    return lambda x: by_element(at, x)


@right("fill_the_left")
class Filled:
    def __init__(self, points):
        self.xs, self.ys, self.slope = _drawing(points)

    def __call__(self, x):
        beyond = self.ys[0] + self.slope * (x - self.xs[0])
        left = np.where(x < self.xs[0], beyond, np.interp(x, self.xs, self.ys))
        return np.where(x < 0, left, x)


@right("fill_the_left")
def by_pieces(points):
    xs, ys = np.array(sorted([*points, (0.0, 0.0)])).T

    def f(x):
        x = np.asarray(x, dtype=float)
        found = x.copy()
        for k in range(len(xs) - 1):
            low = -np.inf if k == 0 else xs[k]
            inside = (low <= x) & (x < xs[k + 1])
            slope = (ys[k + 1] - ys[k]) / (xs[k + 1] - xs[k])
            found[inside] = ys[k + 1] + slope * (x[inside] - xs[k + 1])
        return found

    return f


@wrong("fill_the_left", "this is flat beyond the last point")
def clipped_at_the_last_point(points):
    f = by_interp_and_the_last_slope(points)
    last = min(points)[0]
    return lambda x: f(np.maximum(x, last))


@wrong("fill_the_left", "beyond the last point this is 0")
def nothing_beyond_the_last_point(points):
    xs, ys, _ = _drawing(points)
    return lambda x: np.where(x < 0, np.interp(x, xs, ys, left=0.0), x)


@wrong("fill_the_left", "this jumps at 0")
def from_the_nearest_point_on(points):
    if len(points) == 1:
        return lambda x: np.where(x < 0, points[0][1], x)
    xs, ys = np.array(sorted(points)).T
    slopes = np.diff(ys) / np.diff(xs)

    def f(x):
        k = np.clip(np.searchsorted(xs, x) - 1, 0, len(slopes) - 1)
        return np.where(x < 0, ys[k] + slopes[k] * (x - xs[k]), x)

    return f


@wrong("fill_the_left")
def flat_from_the_nearest_point_to_0(points):
    xs, ys = np.array(sorted(points)).T
    return lambda x: np.where(x < 0, np.interp(x, xs, ys), x)


@wrong("fill_the_left")
def sorted_by_height(points):
    rows = sorted([*points, (0.0, 0.0)], key=lambda p: p[1])
    xs, ys = np.array(rows).T
    return lambda x: np.where(x < 0, np.interp(x, xs, ys), x)


@wrong("fill_the_left")
def interp_from_right_to_left(points):
    xs, ys = np.array(sorted([*points, (0.0, 0.0)], reverse=True)).T
    return lambda x: np.where(x < 0, np.interp(x, xs, ys), x)


@wrong("fill_the_left")
def numbers_only(points):
    f = by_interp_and_the_last_slope(points)
    return lambda x: float(f(x)) if x < 0 else x


@wrong("fill_the_left")
def vectors_only(points):
    f = by_interp_and_the_last_slope(points)
    return lambda x: np.array([float(f(v)) for v in x])


@wrong("fill_the_left")
def flattens(points):
    f = by_interp_and_the_last_slope(points)
    return lambda x: f(x).ravel()


@wrong("fill_the_left")
def at_least_a_vector(points):
    f = by_interp_and_the_last_slope(points)
    return lambda x: f(np.atleast_1d(x))


@wrong("fill_the_left")
def values_at_the_points(points):
    return np.array([y for _, y in points])


@wrong("fill_the_left")
def the_last_piece_goes_through_the_last_but_one(points):
    xs, ys, _ = _drawing(points)
    k = min(2, len(xs) - 1)
    slope = (ys[k] - ys[0]) / (xs[k] - xs[0])
    return lambda x: np.where(
        x < 0, np.where(x < xs[0], ys[0] + slope * (x - xs[0]), np.interp(x, xs, ys)), x
    )


@wrong("fill_the_left")
def at_most_eight_points(points):
    return by_interp_and_the_last_slope(points[:8])


@wrong("fill_the_left")
def from_a_table(points):
    f = by_interp_and_the_last_slope(points)
    table = np.linspace(-50, 50, 10_001)
    return lambda x: np.interp(x, table, f(table))


@wrong("fill_the_left")
def in_half_the_digits(points):
    f = by_interp_and_the_last_slope(points)
    return lambda x: f(x.astype("float32")).astype(x.dtype)


@wrong("fill_the_left")
def returns_float32(points):
    f = by_interp_and_the_last_slope(points)
    return lambda x: f(x).astype("float32")


@wrong("fill_the_left")
def writes_into_x(points):
    f = by_interp_and_the_last_slope(points)

    def g(x):
        x[...] = f(x)
        return x

    return g


@wrong("fill_the_left")
def looks_at_the_smallest_x(points):
    f = by_interp_and_the_last_slope(points)
    return lambda x: f(x) if x.min() < 0 else x + 0


@wrong("fill_the_left")
def tables_become_vectors(points):
    f = by_interp_and_the_last_slope(points)
    return lambda x: f(x).ravel() if x.ndim > 1 else f(x)


@wrong("fill_the_left")
def whole_heights(points):
    return by_interp_and_the_last_slope([(x, round(y)) for x, y in points])


# matched_width


@right("matched_width")
def by_counting_up(width, inputs, outputs, bias):
    budget = (inputs + bias) * width + outputs * width
    return budget // (2 * (inputs + bias) + outputs)


@right("matched_width")
def by_whole_blocks(width, inputs, outputs, bias):
    def count(units, maps):
        front = maps * units * (inputs + (1 if bias else 0))
        return front + (units + (1 if bias else 0)) * outputs

    low, high = 1, width
    while low < high:
        middle = (low + high + 1) // 2
        if count(middle, 2) <= count(width, 1):
            low = middle
        else:
            high = middle - 1
    return low


@right("matched_width")
def as_a_float_that_is_whole(width, inputs, outputs, bias):
    b = int(bias)
    return np.floor(width * (inputs + b + outputs) / (2 * inputs + 2 * b + outputs))


@right("matched_width")
def from_torchs_own_count(width, inputs, outputs, bias):
    with torch.device("meta"):
        first = nn.Linear(inputs, 1, bias=bias)
        behind = nn.Linear(1, outputs, bias=False)
    one = sum(p.numel() for p in first.parameters())
    two = sum(p.numel() for p in behind.parameters())
    return width * (one + two) // (2 * one + two)


@wrong("matched_width", "this is half")
def half_of_them(width, inputs, outputs, bias):
    return math.floor(0.5 * width)


@wrong("matched_width", "this rounds to the nearest")
def by_the_packages_function(width, inputs, outputs, bias):
    from relukit.networks import matched_widths

    return matched_widths([inputs, width, outputs], bias=bias)[1]


@wrong("matched_width", "this rounds up")
def by_ceil(width, inputs, outputs, bias):
    return math.ceil(width * (inputs + bias + outputs) / (2 * (inputs + bias) + outputs))


@wrong("matched_width")
def one_fewer_to_be_safe(width, inputs, outputs, bias):
    return max(1, by_counting_up(width, inputs, outputs, bias) - 1)


@wrong("matched_width")
def strictly_fewer_parameters(width, inputs, outputs, bias):
    one, other = inputs + bias + outputs, 2 * (inputs + bias) + outputs
    return (width * one - 1) // other


@wrong("matched_width")
def by_a_rounded_share(width, inputs, outputs, bias):
    share = (inputs + bias + outputs) / (2 * (inputs + bias) + outputs)
    return math.floor(width * round(share, 6))


@wrong("matched_width")
def two_thirds_in_single_precision(width, inputs, outputs, bias):
    share = np.float32(inputs + bias + outputs) / np.float32(2 * (inputs + bias) + outputs)
    return int(np.float32(width) * share)


@wrong("matched_width")
def counts_up_to_ten_thousand(width, inputs, outputs, bias):
    return max(n for n in range(1, 10_001) if n <= by_counting_up(width, inputs, outputs, bias))


@wrong("matched_width")
def inputs_and_outputs_swapped_in_both(width, inputs, outputs, bias):
    return by_counting_up(width, outputs, inputs, bias)


@wrong("matched_width")
def both_layers_doubled(width, inputs, outputs, bias):
    plain = width * (inputs + bias) + outputs * (width + bias)
    return (plain - 2 * outputs * bias) // (2 * (inputs + bias + outputs))


@wrong("matched_width")
def a_list_of_widths(width, inputs, outputs, bias):
    return [inputs, by_counting_up(width, inputs, outputs, bias), outputs]


# head_start


def _reaches(curve, level, w):
    for i in range(len(curve) - w + 1):
        if curve[i : i + w].mean() >= level - 1e-9:
            return i
    return None


@right("head_start")
def by_a_loop(a, b):
    w = max(1, len(b) // 10)
    level = b[-w:].mean() - 2 * b[-w:].std()
    at = _reaches(a, level, w)
    return None if at is None else _reaches(b, level, w) - at


@right("head_start")
def by_windows(a, b):
    w = max(len(b) // 10, 1)
    means = [np.lib.stride_tricks.sliding_window_view(c, w).mean(axis=1) for c in (a, b)]
    bar = means[1][-1] - 2 * np.std(b[-w:])
    reached = [m > bar - 1e-9 for m in means]
    if not reached[0].any():
        return None
    early, late = (int(r.argmax()) for r in reached)
    return late - early


@right("head_start")
def by_running_sums(a, b):
    w = max(1, len(b) // 10)
    total = [np.concatenate([[0.0], np.cumsum(c)]) for c in (a, b)]
    means = [(t[w:] - t[:-w]) / w for t in total]
    bar = np.mean(b[-w:]) - 2 * np.sqrt(np.mean((b[-w:] - np.mean(b[-w:])) ** 2))
    places = [np.flatnonzero(m >= bar - 1e-9) for m in means]
    return int(places[1][0] - places[0][0]) if len(places[0]) else None


@right("head_start")
def by_convolution(a, b):
    w = max(1, len(b) // 10)
    bar = torch.tensor(b[-w:]).mean().item() - 2 * torch.tensor(b[-w:]).std(correction=0).item()
    a, b = (np.convolve(c, np.ones(w), "valid") / w for c in (a, b))
    when = [next((i for i, m in enumerate(c) if m + 1e-9 >= bar), None) for c in (a, b)]
    return None if when[0] is None else when[1] - when[0]


@right("head_start")
def with_windows_that_end_at_the_step(a, b):
    w = max(1, len(b) // 10)
    level = np.mean(b[len(b) - w :]) - np.std(b[len(b) - w :]) * 2
    ends = [
        [i for i in range(w - 1, len(c)) if np.mean(c[i - w + 1 : i + 1]) - level >= -1e-9][:1]
        for c in (a, b)
    ]
    return ends[1][0] - ends[0][0] if ends[0] else None


@wrong("head_start", "this takes the first single value at the bar")
def the_first_lucky_step(a, b):
    w = max(1, len(b) // 10)
    level = b[-w:].mean() - 2 * b[-w:].std() - 1e-9
    if not (a >= level).any():
        return None
    return int(np.argmax(b >= level)) - int(np.argmax(a >= level))


@wrong("head_start", "a and b are exchanged")
def later_instead_of_earlier(a, b):
    found = by_a_loop(a, b)
    return None if found is None else -found


@wrong("head_start", "where a never reaches the bar this says")
def argmax_of_nothing(a, b):
    w = max(1, len(b) // 10)
    means = [np.lib.stride_tricks.sliding_window_view(c, w).mean(axis=1) for c in (a, b)]
    bar = means[1][-1] - 2 * b[-w:].std()
    early, late = (int(np.argmax(m >= bar - 1e-9)) for m in means)
    return late - early


@wrong("head_start")
def nan_where_it_never_comes(a, b):
    found = by_a_loop(a, b)
    return math.nan if found is None else found


@wrong("head_start")
def a_and_b_in_the_wrong_order(a, b):
    return by_a_loop(b, a)


@wrong("head_start")
def a_tenth_that_is_rounded_up(a, b):
    w = max(1, math.ceil(len(b) / 10))
    level = b[-w:].mean() - 2 * b[-w:].std()
    at = _reaches(a, level, w)
    return None if at is None else _reaches(b, level, w) - at


@wrong("head_start")
def always_ten_values(a, b):
    w = min(10, len(b))
    level = b[-w:].mean() - 2 * b[-w:].std()
    at = _reaches(a, level, w)
    return None if at is None else _reaches(b, level, w) - at


@wrong("head_start", "this takes the first single value at the bar")
def the_level_alone_is_a_mean(a, b):
    last = b[-max(1, len(b) // 10) :]
    level = last.mean() - 2 * last.std()
    at = _reaches(a, level, 1)
    late = _reaches(b, level, 1)
    return None if at is None or late is None else late - at


@wrong("head_start")
def by_the_median(a, b):
    w = max(1, len(b) // 10)
    windows = [np.lib.stride_tricks.sliding_window_view(c, w) for c in (a, b)]
    middle = [np.median(v, axis=1) for v in windows]
    bar = b[-w:].mean() - 2 * b[-w:].std()
    early, late = (np.flatnonzero(m >= bar - 1e-9)[:1] for m in middle)
    return int(late[0] - early[0]) if len(early) and len(late) else None


@wrong("head_start")
def with_shorter_windows_at_the_end(a, b):
    w = max(1, len(b) // 10)
    level = b[-w:].mean() - 2 * b[-w:].std() - 1e-9
    when = [[i for i in range(len(c)) if c[i : i + w].mean() >= level] for c in (a, b)]
    return when[1][0] - when[0][0] if when[0] else None


@wrong("head_start")
def smoothed_at_the_ends_too(a, b):
    w = max(1, len(b) // 10)
    smooth = [np.convolve(c, np.ones(w) / w, "same") for c in (a, b)]
    level = b[-w:].mean() - 2 * b[-w:].std() - 1e-9
    when = [np.flatnonzero(s >= level)[:1] for s in smooth]
    return int(when[1][0] - when[0][0]) if len(when[0]) and len(when[1]) else None


@wrong("head_start")
def at_ninety_nine_percent(a, b):
    w = max(1, len(b) // 10)
    level = 0.99 * (b[-w:].mean() - 2 * b[-w:].std())
    at = _reaches(a, level, w)
    return None if at is None else _reaches(b, level, w) - at


@wrong("head_start")
def with_a_guard_of_a_millionth(a, b):
    w = max(1, len(b) // 10)
    level = b[-w:].mean() - 2 * b[-w:].std() - 1e-6
    at = _reaches(a, level, w)
    return None if at is None else _reaches(b, level, w) - at


@wrong("head_start")
def steps_counted_from_1_for_a(a, b):
    found = by_a_loop(a, b)
    return None if found is None else found - 1


@wrong("head_start")
def the_ratio(a, b):
    w = max(1, len(b) // 10)
    level = b[-w:].mean() - 2 * b[-w:].std()
    at = _reaches(a, level, w)
    return None if at is None else (_reaches(b, level, w) + 1) / (at + 1)


def _with_bar(bar):
    """Return an answer that is right but for its bar."""

    def answer(a, b):
        w = max(1, len(b) // 10)
        at, late = (_reaches(curve, bar(b[-w:]), w) for curve in (a, b))
        return None if at is None or late is None else late - at

    return answer


@wrong("head_start")
def with_the_deviation_of_torch(a, b):
    return _with_bar(lambda last: last.mean() - 2 * torch.tensor(last).std().item())(a, b)


@wrong("head_start", "this puts the bar at the final level itself")
def without_the_spread(a, b):
    return _with_bar(lambda last: sum(last.tolist()) / len(last))(a, b)


@wrong("head_start")
def with_the_variance(a, b):
    return _with_bar(lambda last: last.mean() - 2 * last.var())(a, b)


@wrong("head_start")
def with_the_median_for_the_level(a, b):
    return _with_bar(lambda last: np.median(last) - 2 * last.std())(a, b)


@wrong("head_start")
def with_the_lowest_of_the_last_tenth(a, b):
    return _with_bar(lambda last: last.min())(a, b)


# relufy

SMOOTH_UNITS = (nn.GELU, nn.SiLU, nn.Mish, nn.ELU, nn.Softplus, nn.Tanh)


def _with_relu(module):
    for name, part in module.named_children():
        if isinstance(part, SMOOTH_UNITS):
            module.add_module(name, nn.ReLU())
        else:
            _with_relu(part)
    return module


def _by_labels(network, x, y, steps=200, lr=0.002, parameters=None):
    optimizer = torch.optim.Adam(parameters or network.parameters(), lr=lr)
    for _ in range(steps):
        rows = torch.randint(len(x), (256,))
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(x[rows]), y[rows]).backward()
        optimizer.step()
    return network


@right("relufy")
def after_the_old_network(network, x, y):
    old = copy.deepcopy(network)
    optimizer = torch.optim.Adam(_with_relu(network).parameters(), lr=0.002)
    for _ in range(200):
        rows = torch.randint(len(x), (256,))
        with torch.no_grad():
            due = old(x[rows])
        optimizer.zero_grad()
        nn.functional.mse_loss(network(x[rows]), due).backward()
        optimizer.step()


@right("relufy")
def in_a_copy_that_is_returned(network, x, y):
    made = _with_relu(copy.deepcopy(network))
    optimizer = torch.optim.Adam(made.parameters(), lr=0.003)
    for k in range(190):
        optimizer.param_groups[0]["lr"] = 0.003 * (1 - k / 190)
        rows = torch.randint(len(x), (300,))
        due = network(x[rows]).detach().softmax(dim=1)
        optimizer.zero_grad()
        nn.functional.cross_entropy(made(x[rows]), due).backward()
        optimizer.step()
    return made


@right("relufy")
def by_names_and_the_whole_of_x(network, x, y):
    old = copy.deepcopy(network)
    for name, part in [*network.named_modules()]:
        if isinstance(part, SMOOTH_UNITS):
            path, _, last = name.rpartition(".")
            setattr(network.get_submodule(path), last, nn.ReLU(inplace=True))
    due = old(x).detach()
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.002, weight_decay=0.0)
    for _ in range(120):
        optimizer.zero_grad()
        (network(x) - due).square().mean().backward()
        optimizer.step()
    return network


@wrong("relufy", "this swaps and leaves the weights as they were")
def swapped_and_left(network, x, y):
    _with_relu(network).train()


@wrong("relufy", "this looks at the outermost modules only")
def the_outermost_by_index(network, x, y):
    for k, part in enumerate(network):
        if isinstance(part, SMOOTH_UNITS):
            network[k] = nn.ReLU()
    return _by_labels(network, x, y, steps=3)


@wrong("relufy", "these are more steps than are allowed")
def by_hand_for_too_long(network, x, y):
    _with_relu(network)
    for _ in range(205):
        loss = nn.functional.cross_entropy(network(x[:9]), y[:9])
        network.zero_grad()
        loss.backward()
        with torch.no_grad():
            for part in network.parameters():
                part -= 1e-4 * part.grad
    return network


@wrong("relufy", "these zeros come from units that are shut")
def pruned_units(network, x, y):
    with torch.no_grad():
        for part in _with_relu(network).modules():
            if isinstance(part, nn.Linear) and part.out_features == 64:
                part.weight[:20], part.bias[:20] = 0, -1
    return network


@wrong("relufy")
def two_of_the_three_blocks(network, x, y):
    _with_relu(network[2])
    _with_relu(network[4])
    return network


@wrong("relufy")
def the_first_branch_of_each_block(network, x, y):
    for part in network:
        if hasattr(part, "branches"):
            _with_relu(part.branches[0])
    network[1] = nn.ReLU()
    return network


@wrong("relufy", "the weights are no longer those of the given network")
def drawn_anew(network, x, y):
    for part in _with_relu(network).modules():
        if isinstance(part, nn.Linear):
            part.reset_parameters()
    return _by_labels(network, x, y, steps=200, lr=0.01)


@wrong("relufy", "this is tuned from the old weights, but not well enough")
def in_large_steps(network, x, y):
    return _by_labels(_with_relu(network), x, y, steps=30, lr=0.02)


@wrong("relufy", "this is tuned from the old weights, but not well enough")
def tuned_before_the_swap(network, x, y):
    return _with_relu(_by_labels(network, x, y, steps=20))


@wrong("relufy")
def hard_tanh_units(network, x, y):
    def swap(module):
        for name, part in module.named_children():
            if isinstance(part, SMOOTH_UNITS):
                setattr(module, name, nn.Hardswish())
            swap(part)

    swap(network)
    return network


@wrong("relufy")
def another_network(network, x, y):
    return nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 10))


@wrong("relufy")
def relu_in_front_of_each(network, x, y):
    def swap(module):
        for name, part in module.named_children():
            if isinstance(part, SMOOTH_UNITS):
                setattr(module, name, nn.Sequential(nn.ReLU(), part))
            else:
                swap(part)

    swap(network)
    return network
