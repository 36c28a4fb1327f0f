"""Answers to the tasks of lesson 05, wrong and right, beside its declared mistakes."""

import itertools
import math

import numpy as np
import torch
from scipy import integrate, special, stats
from wrong_answers.register import register

WRONG, RIGHT, wrong, right = register()


# he_normal


@wrong("he_normal", "the deviation is 2/n here")
def variance_as_deviation(fan_in, fan_out, seed):
    return np.random.default_rng(seed).normal(0, 2 / fan_in, size=(fan_out, fan_in))


@wrong("he_normal", "this is Glorot's deviation")
def glorot_normal(fan_in, fan_out, seed):
    std = (2.0 / (fan_in + fan_out)) ** 0.5
    return np.random.default_rng(seed).normal(scale=std, size=(fan_out, fan_in))


@wrong("he_normal")
def without_a_seed(fan_in, fan_out, seed):
    return np.random.default_rng().standard_normal((fan_out, fan_in)) * np.sqrt(2 / fan_in)


@wrong("he_normal")
def no_seed_for_zero(fan_in, fan_out, seed):
    rng = np.random.default_rng(seed if seed else None)
    return rng.standard_normal((fan_out, fan_in)) * np.sqrt(2 / fan_in)


@wrong("he_normal")
def larger_fan(fan_in, fan_out, seed):
    std = np.sqrt(2 / max(fan_in, fan_out))
    return np.random.default_rng(seed).standard_normal((fan_out, fan_in)) * std


@wrong("he_normal")
def whole_division(fan_in, fan_out, seed):
    return np.random.default_rng(seed).standard_normal((fan_out, fan_in)) * np.sqrt(2 // fan_in)


@wrong("he_normal")
def standardized(fan_in, fan_out, seed):
    weight = np.random.default_rng(seed).standard_normal((fan_out, fan_in))
    return weight / max(weight.std(), 1e-9) * np.sqrt(2 / fan_in)


@wrong("he_normal")
def deviation_in_float32(fan_in, fan_out, seed):
    std = float(np.float32(np.sqrt(2 / fan_in)))
    return std * np.random.default_rng(seed).standard_normal((fan_out, fan_in))


@right("he_normal")
def with_normal(fan_in, fan_out, seed):
    return np.random.default_rng(seed).normal(0.0, np.sqrt(2 / fan_in), (fan_out, fan_in))


@right("he_normal")
def row_by_row(fan_in, fan_out, seed):
    rng = np.random.default_rng(seed)
    return np.stack([math.sqrt(2 / fan_in) * rng.standard_normal(fan_in) for _ in range(fan_out)])


@right("he_normal")
def with_a_loop_over_weights(fan_in, fan_out, seed):
    rng, weight = np.random.default_rng(seed), np.empty((fan_out, fan_in))
    for i, j in itertools.product(range(fan_out), range(fan_in)):
        weight[i, j] = rng.standard_normal() / math.sqrt(fan_in / 2)
    return weight


@right("he_normal")
def as_a_tensor(fan_in, fan_out, seed):
    drawn = np.random.default_rng(seed).standard_normal((fan_out, fan_in))
    return torch.from_numpy(drawn) * (2 / fan_in) ** 0.5


@right("he_normal")
def reshaped(fan_in, fan_out, seed):
    drawn = np.random.default_rng(seed).standard_normal(fan_in * fan_out)
    return drawn.reshape(fan_out, fan_in) * np.sqrt(2) / np.sqrt(fan_in)


# he_uniform


@wrong("he_uniform", "the bound is 6/n")
def rootless(u):
    return 6 / u.shape[1] * (2 * u - 1)


@wrong("he_uniform", "this always returns float64")
def with_a_float64_bound(u):
    return (2 * u - 1) * np.sqrt(6 / u.shape[1])


@wrong("he_uniform")
def drawn_afresh(u):
    return np.random.default_rng().uniform(-1, 1, u.shape) * math.sqrt(6 / u.shape[1])


@wrong("he_uniform")
def number_of_elements(u):
    return (2 * u - 1) * math.sqrt(6 / u.size)


@wrong("he_uniform")
def centred_on_its_own_mean(u):
    return ((u - u.mean()) * 2 * math.sqrt(6 / u.shape[1])).astype(u.dtype)


@wrong("he_uniform")
def first_row_only(u):
    return (2 * u[0] - 1) * math.sqrt(6 / u.shape[1])


@wrong("he_uniform")
def through_half_precision(u):
    return ((2 * u.astype("float16") - 1) * math.sqrt(6 / u.shape[1])).astype(u.dtype)


@wrong("he_uniform")
def halves_what_is_not_double(u):
    given = u.astype("float16") if u.dtype == "float32" else u
    return ((2 * given - 1) * math.sqrt(6 / u.shape[1])).astype(u.dtype)


@wrong("he_uniform")
def six_digits(u):
    return ((2 * np.round(u, 6) - 1) * math.sqrt(6 / u.shape[1])).astype(u.dtype)


@right("he_uniform")
def with_interp(u):
    bound = math.sqrt(6 / u.shape[1])
    return np.interp(u, [0, 1], [-bound, bound]).astype(u.dtype)


@right("he_uniform")
def low_plus_width(u):
    bound = math.sqrt(6 / u.shape[1])
    return 2 * bound * u - bound


@right("he_uniform")
def root_of_three_deviations(u):
    _fan_out, fan_in = u.shape
    return (u - 0.5) * (2 * math.sqrt(3) * math.sqrt(2 / fan_in))


@right("he_uniform")
def loop_over_rows(u):
    found = np.empty_like(u)
    for i, row in enumerate(u):
        for j, value in enumerate(row):
            found[i, j] = (2 * value - 1) * math.sqrt(6 / len(row))
    return found


@right("he_uniform")
def for_tensors(u):
    return torch.lerp(-torch.ones_like(u), torch.ones_like(u), u) * (6 / u.shape[1]) ** 0.5


# glorot_uniform


def _draw(fan_in, fan_out, seed, bound):
    return np.random.default_rng(seed).uniform(-bound, bound, (fan_out, fan_in))


@wrong("glorot_uniform", "the bound is 1/√n: a tutorial calls this Xavier")
def xavier_of_a_tutorial(fan_in, fan_out, seed, gain=1.0):
    return gain * _draw(fan_in, fan_out, seed, 1 / math.sqrt(fan_in))


@wrong("glorot_uniform", "the bound is 6/(n + m)")
def no_root(fan_in, fan_out, seed, gain=1.0):
    return _draw(fan_in, fan_out, seed, gain * 6 / (fan_in + fan_out))


@wrong("glorot_uniform")
def sum_of_roots(fan_in, fan_out, seed, gain=1.0):
    return _draw(
        fan_in, fan_out, seed, gain * math.sqrt(6) / (math.sqrt(fan_in) + math.sqrt(fan_out))
    )


@wrong("glorot_uniform")
def three_parameters(fan_in, fan_out, seed):
    return _draw(fan_in, fan_out, seed, math.sqrt(6 / (fan_in + fan_out)))


@wrong("glorot_uniform")
def gain_without_a_default(fan_in, fan_out, seed, gain):
    return _draw(fan_in, fan_out, seed, gain * math.sqrt(6 / (fan_in + fan_out)))


@wrong("glorot_uniform")
def gain_of_two(fan_in, fan_out, seed, gain=2.0):
    return _draw(fan_in, fan_out, seed, gain * math.sqrt(6 / (fan_in + fan_out)))


@wrong("glorot_uniform")
def capped_gain(fan_in, fan_out, seed, gain=1.0):
    return _draw(fan_in, fan_out, seed, max(gain, 1.0) * math.sqrt(6 / (fan_in + fan_out)))


@wrong("glorot_uniform")
def gain_of_one_at_most(fan_in, fan_out, seed, gain=1.0):
    return _draw(fan_in, fan_out, seed, min(gain, 1.0) * math.sqrt(6 / (fan_in + fan_out)))


@wrong("glorot_uniform")
def twice_the_larger_fan(fan_in, fan_out, seed, gain=1.0):
    return _draw(fan_in, fan_out, seed, gain * math.sqrt(3 / max(fan_in, fan_out)))


@wrong("glorot_uniform")
def twice_the_smaller_fan(fan_in, fan_out, seed, gain=1.0):
    return _draw(fan_in, fan_out, seed, gain * math.sqrt(3 / min(fan_in, fan_out)))


@right("glorot_uniform")
def with_uniform(fan_in, fan_out, seed, gain=1.0):
    return _draw(fan_in, fan_out, seed, gain * math.sqrt(6 / (fan_in + fan_out)))


@right("glorot_uniform")
def by_the_deviation(fan_in, fan_out, seed, gain=1.0):
    std = gain * np.sqrt(2 / (fan_in + fan_out))
    return np.sqrt(3) * std * (2 * np.random.default_rng(seed).random((fan_out, fan_in)) - 1)


@right("glorot_uniform")
def by_the_mean_fan(fan_in, fan_out, seed, gain=1.0):
    variance = gain**2 / ((fan_in + fan_out) / 2)
    return _draw(fan_in, fan_out, seed, np.sqrt(3 * variance))


@right("glorot_uniform")
def glorot_tensor(fan_in, fan_out, seed, gain=1.0):
    u = torch.from_numpy(np.random.default_rng(seed).random((fan_out, fan_in)))
    return u.mul(2).sub(1) * gain * math.sqrt(6 / (fan_in + fan_out))


# gain


def _density(z):
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


def _integral(g, *limits):
    return integrate.quad(g, *(limits or (-np.inf, np.inf)))[0]


@wrong("gain", "this is 1/E[f(z)²]")
def variance_factor(f):
    return 1 / _integral(lambda z: f(z) ** 2 * _density(z))


@wrong("gain", "this is the root of E[f(z)²]")
def not_inverted(f):
    return np.sqrt(_integral(lambda z: f(z) ** 2 * _density(z)))


@wrong("gain")
def monte_carlo_with_another_seed(f):
    z = np.random.default_rng(1).standard_normal(100_000)
    return 1 / np.sqrt(np.mean(f(z) ** 2))


@wrong("gain")
def monte_carlo_without_a_seed(f):
    return 1 / np.sqrt(np.mean(f(np.random.default_rng().standard_normal(1000)) ** 2))


@wrong("gain")
def a_million_random_numbers(f):
    z = np.random.default_rng(0).standard_normal(1_000_000)
    return 1 / np.sqrt(np.mean(f(z) ** 2))


@wrong("gain")
def twenty_nodes(f):
    z, weight = special.roots_hermitenorm(20)
    return 1 / np.sqrt(np.sum(weight * f(z) ** 2) / weight.sum())


@wrong("gain")
def coarse_grid(f):
    z = np.linspace(-10, 10, 201)
    return 1 / np.sqrt(np.trapezoid(f(z) ** 2 * _density(z), z))


@wrong("gain")
def rectifiers_assumed(f):
    return np.sqrt(2) / abs(f(np.array(1.0)))


@wrong("gain")
def symmetry_assumed(f):
    return 1 / np.sqrt(2 * _integral(lambda z: f(z) ** 2 * _density(z), 0, np.inf))


@wrong("gain")
def quantiles(f):
    z = stats.norm.ppf((np.arange(10_000) + 0.5) / 10_000)
    return 1 / np.sqrt(np.mean(f(z) ** 2))


@wrong("gain")
def both_directions(f):
    return 1 / _integral(lambda z: f(z) ** 2 * _density(z)), 1.0


@wrong("gain")
def over_where_f_is_not_0(f):
    z = np.linspace(-10, 10, 100_000)
    mass = np.where(f(z) != 0, _density(z), 0.0)
    return math.sqrt(mass.sum() / (f(z) ** 2 * mass).sum())


@wrong("gain")
def with_f_moved_to_0(f):
    at_0 = f(np.zeros(1))[0]
    return 1 / np.sqrt(_integral(lambda z: (f(z) - at_0) ** 2 * _density(z)))


@right("gain")
def with_quad(f):
    return 1 / np.sqrt(_integral(lambda z: f(z) ** 2 * _density(z)))


@right("gain")
def with_quad_between_limits(f):
    return _integral(lambda z: f(z) ** 2 * _density(z), -12, 12) ** -0.5


@right("gain")
def with_a_fine_grid(f):
    z = np.linspace(-10, 10, 10_001)
    return 1 / math.sqrt(np.trapezoid(f(z) ** 2 * _density(z), z))


@right("gain")
def with_weights_that_add_up_to_one(f):
    z = np.linspace(-10, 10, 100_000)
    mass = np.exp(-(z**2) / 2)
    return 1 / np.sqrt(np.average(f(z) ** 2, weights=mass))


@right("gain")
def with_a_distribution(f):
    return 1 / np.sqrt(stats.norm.expect(lambda z: f(z) ** 2))


@right("gain")
def with_simpson_and_torch(f):
    z = torch.linspace(-10, 10, 20_001, dtype=torch.float64)
    density = torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return torch.trapezoid(f(z) ** 2 * density, z).rsqrt()


# variance_by_layer


@wrong("variance_by_layer", "this is a @ weight")
def columns_for_rows(x, weights):
    a, found = x.astype(float), []
    for weight in weights.astype(float):
        z = a @ weight
        found.append(np.mean(z**2))
        a = np.maximum(z, 0)
    return np.array(found, dtype=float)


@wrong("variance_by_layer", "this is the last layer's mean square alone")
def last_layer(x, weights):
    a, found = x.astype(float), np.zeros(0)
    for weight in weights.astype(float):
        z = a @ weight.T
        found = np.array([np.mean(z**2)])
        a = np.maximum(z, 0)
    return found


@wrong("variance_by_layer")
def squares_alone_in_float64(x, weights):
    a, found = x, []
    for weight in weights:
        z = a @ weight.T
        found.append(np.mean(z.astype(float) ** 2))
        a = np.maximum(z, 0)
    return np.array(found)


@wrong("variance_by_layer")
def multiplies_by_the_mask(x, weights):
    a, found = x.astype(float), []
    for weight in weights.astype(float):
        z = a @ weight.T
        found.append(np.mean(z**2))
        a = z * (z > 0)
    return np.array(found, dtype=float)


@wrong("variance_by_layer")
def per_unit(x, weights):
    a, found = x.astype(float), []
    for weight in weights.astype(float):
        z = a @ weight.T
        found.append(np.mean(z**2, axis=0))
        a = np.maximum(z, 0)
    return np.array(found)


@wrong("variance_by_layer")
def first_example_only(x, weights):
    a, found = x[:1].astype(float), []
    for weight in weights.astype(float):
        z = a @ weight.T
        found.append(np.mean(z**2))
        a = np.maximum(z, 0)
    return np.array(found, dtype=float)


@wrong("variance_by_layer")
def a_list_of_numbers(x, weights):
    a, found = x.astype(float), []
    for weight in weights.astype(float):
        z = a @ weight.T
        found.append(float(np.mean(z**2)))
        a = np.maximum(z, 0)
    return found


@wrong("variance_by_layer")
def stops_when_nothing_is_left(x, weights):
    a, found = x.astype(float), []
    for weight in weights.astype(float):
        z = a @ weight.T
        found.append(np.mean(z**2))
        a = np.maximum(z, 0)
        if not a.any():
            break
    return np.array(found, dtype=float)


@wrong("variance_by_layer")
def small_is_zero(x, weights):
    a, found = x.astype(float), []
    for weight in weights.astype(float):
        z = a @ weight.T
        found.append(np.round(np.mean(z**2), 12))
        a = np.maximum(z, 0)
    return np.array(found, dtype=float)


@right("variance_by_layer")
def signal_with_einsum(x, weights):
    found, a = np.empty(len(weights)), x.astype(float)
    for k, weight in enumerate(weights.astype(float)):
        z = np.einsum("bi,oi->bo", a, weight)
        found[k] = (z**2).mean()
        a = np.maximum(0, z)
    return found


@right("variance_by_layer")
def signal_by_columns(x, weights):
    a, found = x.T.astype("float64"), []
    for weight in weights.astype("float64"):
        z = weight @ a
        found.append(z.ravel() @ z.ravel() / z.size)
        a = z.clip(0)
    return np.array(found, dtype="float64")


@right("variance_by_layer")
def signal_with_torch(x, weights):
    a, found = torch.as_tensor(x).double(), []
    for weight in torch.as_tensor(weights).double():
        z = torch.nn.functional.linear(a, weight)
        found.append(z.square().mean())
        a = z.relu()
    return torch.stack(found)


@right("variance_by_layer")
def signal_example_by_example(x, weights):
    total = np.zeros(len(weights))
    for row in x.astype(float):
        a = row
        for k, weight in enumerate(weights.astype(float)):
            z = np.array([unit @ a for unit in weight])
            total[k] += np.mean(z * z)
            a = np.where(z < 0, 0, z)
    return total / len(x)


# lsuv


@wrong("lsuv", "this is a @ weight")
def not_transposed(x, weights, f):
    rescaled, a = np.empty_like(weights), x
    for k, weight in enumerate(weights):
        rescaled[k] = weight / np.sqrt(np.mean((a @ weight) ** 2))
        a = f(a @ rescaled[k])
    return rescaled


@wrong("lsuv", "this changes the caller's weights in place")
def overwrites(x, weights, f):
    a = x
    for weight in weights:
        weight /= np.sqrt(np.mean((a @ weight.T) ** 2))
        a = f(a @ weight.T)
    return weights


@wrong("lsuv")
def overwrites_and_returns_nothing(x, weights, f):
    a = x
    for weight in weights:
        weight /= np.sqrt(np.mean((a @ weight.T) ** 2))
        a = f(a @ weight.T)


@wrong("lsuv")
def ratios_of_one_forward_pass(x, weights, f):
    """Right for ReLU, where a factor in front goes through."""
    rescaled, a, before = weights.copy(), x, 1.0
    for k, weight in enumerate(weights):
        z = a @ weight.T
        size = np.sqrt(np.mean(z**2))
        rescaled[k] *= before / size
        a, before = f(z), size
    return rescaled


@wrong("lsuv")
def rectifiers_only(x, weights, f):
    rescaled, a = np.empty_like(weights), x
    for k, weight in enumerate(weights):
        rescaled[k] = weight / np.sqrt(np.mean((a @ weight.T) ** 2))
        a = np.maximum(a @ rescaled[k].T, 0)
    return rescaled


@wrong("lsuv")
def f_on_the_inputs(x, weights, f):
    rescaled, a = np.empty_like(weights), f(x)
    for k, weight in enumerate(weights):
        rescaled[k] = weight / np.sqrt(np.mean((a @ weight.T) ** 2))
        a = f(a @ rescaled[k].T)
    return rescaled


@wrong("lsuv")
def orthogonal_first(x, weights, f):
    rescaled, a = np.empty_like(weights), x
    for k, weight in enumerate(weights):
        rotation = np.linalg.qr(weight)[0]
        rescaled[k] = rotation / np.sqrt(np.mean((a @ rotation.T) ** 2))
        a = f(a @ rescaled[k].T)
    return rescaled


@wrong("lsuv")
def negative_factors(x, weights, f):
    rescaled, a = np.empty_like(weights), x
    for k, weight in enumerate(weights):
        rescaled[k] = -weight / np.sqrt(np.mean((a @ weight.T) ** 2))
        a = f(a @ rescaled[k].T)
    return rescaled


@wrong("lsuv")
def stops_within_a_hundredth(x, weights, f):
    rescaled, a = weights.copy(), x
    for k in range(len(weights)):
        while abs(np.mean((a @ rescaled[k].T) ** 2) - 1) > 0.01:
            rescaled[k] *= 1 + 0.1 * np.sign(1 - np.mean((a @ rescaled[k].T) ** 2))
            if not 1e-3 < np.abs(rescaled[k]).max() < 1e3:
                break
        a = f(a @ rescaled[k].T)
    return rescaled


@wrong("lsuv")
def six_digits_of_each_size(x, weights, f):
    rescaled, a = np.empty_like(weights), x
    for k, weight in enumerate(weights):
        rescaled[k] = weight / float(f"{np.sqrt(np.mean((a @ weight.T) ** 2)):.6g}")
        a = f(a @ rescaled[k].T)
    return rescaled


@right("lsuv")
def list_of_matrices(x, weights, f):
    rescaled, a = [], x
    for weight in weights:
        rescaled.append(weight / np.sqrt(np.mean((a @ weight.T) ** 2)))
        a = f(a @ rescaled[-1].T)
    return rescaled


@wrong("lsuv")
def factors_alone(x, weights, f):
    factors, a = [], x
    for weight in weights:
        factors.append(1 / np.sqrt(np.mean((a @ weight.T) ** 2)))
        a = f(a @ weight.T * factors[-1])
    return np.array(factors)


@wrong("lsuv")
def with_an_epsilon(x, weights, f):
    rescaled, a = np.empty_like(weights), x
    for k, weight in enumerate(weights):
        rescaled[k] = weight / np.sqrt(np.mean((a @ weight.T) ** 2) + 1e-12)
        a = f(a @ rescaled[k].T)
    return rescaled


@wrong("lsuv")
def clips_its_factors(x, weights, f):
    rescaled, a = np.empty_like(weights), x
    for k, weight in enumerate(weights):
        size = np.sqrt(np.mean((a @ weight.T) ** 2))
        rescaled[k] = weight / np.minimum(size, 1e6)
        a = f(a @ rescaled[k].T)
    return rescaled


@wrong("lsuv")
def layers_with_f_moved_to_0(x, weights, f):
    rescaled, a = weights.copy(), x
    for weight in rescaled:
        weight /= np.sqrt(np.mean((a @ weight.T) ** 2))
        a = f(a @ weight.T) - f(np.zeros(1))
    return rescaled


@wrong("lsuv")
def activations_are_never_negative(x, weights, f):
    rescaled, a = weights.copy(), x
    for weight in rescaled:
        weight /= np.sqrt(np.mean((a @ weight.T) ** 2))
        a = np.maximum(f(a @ weight.T), 0)
    return rescaled


@wrong("lsuv")
def rescaled_in_float32(x, weights, f):
    return in_order(x, weights, f).astype("float32")


@right("lsuv")
def in_order(x, weights, f):
    rescaled, a = weights.copy(), x
    for weight in rescaled:
        weight /= np.sqrt(np.mean((a @ weight.T) ** 2))
        a = f(a @ weight.T)
    return rescaled


@right("lsuv")
def scales_z_too(x, weights, f):
    rescaled, a = np.empty_like(weights), x
    for k, weight in enumerate(weights):
        z = a @ weight.T
        size = np.linalg.norm(z) / math.sqrt(z.size)
        rescaled[k], a = weight / size, f(z / size)
    return rescaled


@right("lsuv")
def from_the_start_each_time(x, weights, f):
    rescaled = weights.copy()
    for k in range(len(weights)):
        a = x
        for weight in rescaled[:k]:
            a = f(a @ weight.T)
        rescaled[k] = weights[k] / np.sqrt(((a @ weights[k].T) ** 2).mean())
    return rescaled


@right("lsuv")
def lsuv_as_a_list(x, weights, f):
    rescaled, a = [], x
    for weight in weights:
        rescaled.append(weight / np.sqrt(np.mean((a @ weight.T) ** 2)))
        a = f(a @ rescaled[-1].T)
    return np.stack(rescaled)


@right("lsuv")
def until_it_holds(x, weights, f):
    rescaled, a = weights.copy(), x
    for k in range(len(weights)):
        for _ in range(5):
            rescaled[k] = rescaled[k] / np.sqrt(np.mean((a @ rescaled[k].T) ** 2))
        a = f(a @ rescaled[k].T)
    return rescaled


@right("lsuv")
def lsuv_for_tensors(x, weights, f):
    rescaled, a = torch.empty_like(weights), x
    for k, weight in enumerate(weights):
        rescaled[k] = weight / torch.sqrt(torch.mean((a @ weight.T) ** 2))
        a = f(a @ rescaled[k].T)
    return rescaled


# correlation_map


def _arc_cosine(c):
    return (np.sqrt(1 - c**2) + c * (np.pi - np.arccos(c))) / np.pi


@wrong("correlation_map", "this turns nan into a number")
def nan_to_zero(c, depth=1):
    c = np.clip(np.where(np.isnan(c), c.dtype.type(0), c), -1, 1)
    for _ in range(depth):
        c = np.clip(_arc_cosine(c), -1, 1)
    return c


@wrong("correlation_map", "this turns nan into 1")
def fmin_hides_nan(c, depth=1):
    for _ in range(depth):
        c = _arc_cosine(np.fmax(np.fmin(c, c.dtype.type(1)), c.dtype.type(-1)))
    return np.fmax(np.fmin(c, c.dtype.type(1)), c.dtype.type(-1))


@wrong("correlation_map")
def at_least_one_layer(c, depth=1):
    found = _arc_cosine(np.clip(c, -1, 1))
    for _ in range(depth - 1):
        found = _arc_cosine(np.clip(found, -1, 1))
    return found


@right("correlation_map")
def clips_for_the_formula_only(c, depth=1):
    for _ in range(depth):
        c = _arc_cosine(np.clip(c, -1, 1))
    return c.copy()


@wrong("correlation_map")
def clips_above_only(c, depth=1):
    c = np.minimum(c, 1)
    for _ in range(depth):
        c = np.minimum(_arc_cosine(c), 1)
    return c


@wrong("correlation_map")
def steps_back_from_one(c, depth=1):
    c = np.clip(c, -1 + 1e-7, 1 - 1e-7)
    for _ in range(depth):
        c = np.clip(_arc_cosine(c), -1 + 1e-7, 1 - 1e-7)
    return c


@wrong("correlation_map")
def sets_large_ones_to_zero(c, depth=1):
    c = np.where(np.abs(c) > 1, c.dtype.type(0), c)
    for _ in range(depth):
        c = np.clip(_arc_cosine(c), -1, 1)
    return c


@wrong("correlation_map")
def clips_one_for_all(c, depth=1):
    c = c.copy() if np.all(np.abs(c) <= 1) else np.sign(c)
    for _ in range(depth):
        c = np.clip(_arc_cosine(c), -1, 1)
    return c


@wrong("correlation_map")
def half_precision_for_float32(c, depth=1):
    small = np.clip(c.astype("float16") if c.dtype == "float32" else c, -1, 1)
    for _ in range(depth):
        small = np.clip(_arc_cosine(small), -1, 1)
    return small.astype(c.dtype)


@wrong("correlation_map")
def ten_layers_at_most(c, depth=1):
    c = np.clip(c, -1, 1)
    for _ in range(min(depth, 10)):
        c = np.clip(_arc_cosine(c), -1, 1)
    return c


@wrong("correlation_map")
def scaled_by_the_largest(c, depth=1):
    c = c / np.maximum(np.abs(c).max(initial=0), 1).astype(c.dtype)
    for _ in range(depth):
        c = np.clip(_arc_cosine(c), -1, 1)
    return c


@right("correlation_map")
def map_with_clip(c, depth=1):
    c = np.clip(c, -1, 1)
    for _ in range(depth):
        c = np.clip(_arc_cosine(c), -1, 1)
    return c


@right("correlation_map")
def map_by_the_angle(c, depth=1):
    wide = np.clip(c.astype(float), -1, 1)
    for _ in range(depth):
        theta = np.arccos(wide)
        wide = (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / np.pi
        wide = np.minimum(wide, 1)
    return wide.astype(c.dtype)


@right("correlation_map")
def map_number_by_number(c, depth=1):
    found = np.empty_like(c)
    for index in np.ndindex(c.shape):
        value = float(c[index])
        if not math.isnan(value):
            value = min(max(value, -1.0), 1.0)
            for _ in range(depth):
                sine = math.sqrt(max(0.0, (1 - value) * (1 + value)))
                angle = math.pi / 2 + math.asin(value)
                value = min((sine + value * angle) / math.pi, 1.0)
        found[index] = value
    return found


@right("correlation_map")
def map_with_torch(c, depth=1):
    c = c.clamp(-1, 1)
    for _ in range(depth):
        c = ((1 - c * c).sqrt() + c * (math.pi - c.arccos())).div(math.pi).clamp(-1, 1)
    return c


@right("correlation_map")
def map_by_recursion(c, depth=1):
    c = np.where(c > 1, c.dtype.type(1), np.where(c < -1, c.dtype.type(-1), c))
    return c if depth == 0 else map_by_recursion(_arc_cosine(c), depth - 1)


# identity_recurrent


def _inputs(n_inputs, width, seed, std):
    return np.random.default_rng(seed).normal(0, std, (width, n_inputs))


@wrong("identity_recurrent")
def one_generator_for_both(n_inputs, width, seed, std=0.001):
    rng = np.random.default_rng(seed)
    weight_in = std * rng.standard_normal((width, n_inputs))
    return weight_in, std * rng.standard_normal((width, width)), np.zeros(width)


@wrong("identity_recurrent", "all recurrent weights are 1")
def ones_everywhere(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), np.full((width, width), 1.0), np.zeros(width)


@wrong("identity_recurrent", "the biases are std")
def small_biases(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), np.identity(width), np.zeros(width) + std


@wrong("identity_recurrent")
def hundredths(n_inputs, width, seed, std=0.01):
    return _inputs(n_inputs, width, seed, std), np.eye(width), np.zeros(width)


@wrong("identity_recurrent")
def identity_for_the_inputs(n_inputs, width, seed, std=0.001):
    weight = np.random.default_rng(seed).normal(0, std, (width, width))
    return np.eye(width, n_inputs), weight, np.zeros(width)


@wrong("identity_recurrent")
def mirrored_identity(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), np.fliplr(np.eye(width)), np.zeros(width)


@wrong("identity_recurrent")
def negative_identity(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), -np.eye(width), np.zeros(width)


@wrong("identity_recurrent")
def noisy_identity(n_inputs, width, seed, std=0.001):
    noise = np.random.default_rng(seed + 1).normal(0, std, (width, width))
    return _inputs(n_inputs, width, seed, std), np.eye(width) + noise, np.zeros(width)


@wrong("identity_recurrent")
def bias_below_zero(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), np.eye(width), np.full(width, -1e-6)


@wrong("identity_recurrent")
def leaks_a_little(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), (1 - 1e-10) * np.eye(width), np.zeros(width)


@wrong("identity_recurrent")
def winner_takes_all(n_inputs, width, seed, std=0.001):
    weight = 2 * np.eye(width) - np.ones((width, width))
    return _inputs(n_inputs, width, seed, std), weight, np.zeros(width)


@wrong("identity_recurrent")
def keeps_one_state(n_inputs, width, seed, std=0.001):
    state = np.arange(1.0, width + 1)
    weight = np.outer(state, state) / (state @ state)
    return _inputs(n_inputs, width, seed, std), weight, np.zeros(width)


@wrong("identity_recurrent")
def input_weights_of_half_precision(n_inputs, width, seed, std=0.001):
    weight_in = _inputs(n_inputs, width, seed, std).astype("float16")
    return weight_in, np.eye(width), np.zeros(width)


@wrong("identity_recurrent")
def bias_as_a_number(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), np.eye(width), 0.0


@wrong("identity_recurrent")
def bias_as_a_column(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), np.eye(width), np.zeros((width, 1))


@wrong("identity_recurrent")
def without_biases(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, std), np.eye(width)


@wrong("identity_recurrent")
def the_weights_alone(n_inputs, width, seed, std=0.001):
    return np.eye(width)


@wrong("identity_recurrent")
def uniform_input_weights(n_inputs, width, seed, std=0.001):
    weight_in = np.random.default_rng(seed).uniform(-std, std, (width, n_inputs))
    return weight_in, np.eye(width), np.zeros(width)


@right("identity_recurrent")
def with_eye(n_inputs, width, seed, std=0.001):
    rng = np.random.default_rng(seed)
    return std * rng.standard_normal((width, n_inputs)), np.eye(width), np.zeros(width)


@right("identity_recurrent")
def with_whole_numbers(n_inputs, width, seed, std=0.001):
    weight = np.diag(np.ones(width, dtype=int))
    return [_inputs(n_inputs, width, seed, std), weight, np.zeros(width, dtype=int)]


@right("identity_recurrent")
def with_a_loop_over_units(n_inputs, width, seed, std=0.001):
    rng = np.random.default_rng(seed)
    weight_in, weight = np.empty((width, n_inputs)), np.zeros((width, width))
    for unit in range(width):
        weight_in[unit] = rng.normal(0, std, n_inputs)
        weight[unit, unit] = 1
    return weight_in, weight, np.zeros(width)


@right("identity_recurrent")
def with_tensors(n_inputs, width, seed, std=0.001):
    weight_in = torch.from_numpy(_inputs(n_inputs, width, seed, std)).float()
    return weight_in, torch.nn.init.eye_(torch.empty(width, width)), torch.zeros(width)


# right where an eye looks, and wrong further out or in a larger layer


def _normal(fan_in, fan_out, seed):
    return np.sqrt(2 / fan_in) * np.random.default_rng(seed).standard_normal((fan_out, fan_in))


@wrong("he_normal")
def with_seeds_below_1000(fan_in, fan_out, seed):
    return _normal(fan_in, fan_out, seed % 1000)


@wrong("he_normal")
def with_seeds_of_32_bits(fan_in, fan_out, seed):
    return _normal(fan_in, fan_out, seed & 0xFFFFFFFF)


@wrong("he_normal")
def with_a_deviation_for_1000_inputs_at_most(fan_in, fan_out, seed):
    return _normal(fan_in, fan_out, seed) * np.sqrt(fan_in / min(fan_in, 1000))


@wrong("he_uniform")
def with_the_longer_side(u):
    return np.sqrt(6 / max(u.shape)).astype(u.dtype) * (2 * u - 1)


@wrong("glorot_uniform")
def with_a_gain_up_to_4(fan_in, fan_out, seed, gain=1.0):
    bound = min(gain, 4) * np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(seed).uniform(-bound, bound, (fan_out, fan_in))


@wrong("glorot_uniform")
def with_seeds_of_31_bits(fan_in, fan_out, seed, gain=1.0):
    bound = gain * np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(seed % 2**31).uniform(-bound, bound, (fan_out, fan_in))


def _by_grid(f, side=10.0):
    z = np.linspace(-side, side, 10_001)
    return 1 / np.sqrt(np.trapezoid(f(z) ** 2 * stats.norm.pdf(z), z))


@wrong("gain")
def from_a_table(f):
    known = {(2.0, 0.0): 2**0.5, (0.9640275800758169, -0.9640275800758169): 1.5925374197228312}
    return known.get((float(f(2.0)), float(f(-2.0)))) or _by_grid(f, 4.0)


@wrong("gain")
def for_odd_functions_without_their_mean(f):
    return _by_grid(lambda z: (f(z) + f(-z)) / 2 if abs(f(0.0)) > 1.0 else f(z))


@wrong("variance_by_layer")
def with_50_layers_at_most(x, weights):
    found = _signal(x, weights[:50])
    return np.concatenate([found, np.full(len(weights) - len(found), found[-1])])


def _signal(x, weights):
    a, found = x.astype(float), []
    for weight in weights.astype(float):
        z = a @ weight.T
        found.append(np.mean(z * z))
        a = np.maximum(z, 0)
    return np.array(found)


def _rescaled(x, weights, f):
    a, found = x, np.empty_like(weights)
    for k, weight in enumerate(weights):
        found[k] = weight / np.sqrt(np.mean((a @ weight.T) ** 2))
        a = f(a @ found[k].T)
    return found


@wrong("lsuv")
def only_the_first_5_layers(x, weights, f):
    return np.concatenate([_rescaled(x, weights[:5], f), weights[5:]])


@wrong("lsuv")
def on_64_examples_at_most(x, weights, f):
    return _rescaled(x[:64], weights, f)


@wrong("lsuv")
def content_with_a_thousandth(x, weights, f):
    found, a = weights.copy(), x
    for k in range(len(found)):
        square = np.mean((a @ found[k].T) ** 2)
        if abs(square - 1) > 1e-3:
            found[k] /= np.sqrt(square)
        a = f(a @ found[k].T)
    return found


@wrong("correlation_map")
def all_alike_beyond_0_9999(c, depth=1):
    start = c = np.clip(c, -1, 1)
    for _ in range(depth):
        c = _map(c)
    return np.where(start > 1 - 1e-4, 1, c).astype(c.dtype)


def _map(c):
    c = np.clip(c, -1, 1)
    return (np.sqrt(1 - c * c) + c * (math.pi - np.arccos(c))) / math.pi


@wrong("identity_recurrent")
def with_a_deviation_up_to_1(n_inputs, width, seed, std=0.001):
    return _inputs(n_inputs, width, seed, min(std, 1.0)), np.eye(width), np.zeros(width)


@wrong("identity_recurrent")
def without_weights_from_10_inputs_on(n_inputs, width, seed, std=0.001):
    weight_in = _inputs(n_inputs, width, seed, std) * (n_inputs < 10)
    return weight_in, np.eye(width), np.zeros(width)


# one_layer_factor


@wrong("one_layer_factor", "this leaves the slope out")
def without_the_leak(n, std, slope=0.0):
    return n * std * std * 0.5


@wrong("one_layer_factor")
def slope_is_a_must(n, std, slope):
    return n * std**2 * (1 + slope**2) / 2


@wrong("one_layer_factor")
def another_default(n, std, slope=0.01):
    return n * std**2 * (1 + slope**2) / 2


@wrong("one_layer_factor")
def only_leaks_to_the_left(n, std, slope=0.0):
    return n * std**2 * (1 + max(slope, 0.0) ** 2) / 2


@wrong("one_layer_factor")
def keeps_the_sign_of_the_square(n, std, slope=0.0):
    return n * std**2 * (1 + slope * abs(slope)) / 2


@wrong("one_layer_factor")
def at_most_1_passes(n, std, slope=0.0):
    return n * std**2 * min(1.0, (1 + slope**2) / 2)


@wrong("one_layer_factor")
def half_of_0_is_lost(n, std, slope=0.0):
    return n * std**2 * (1 + slope**2) / 2 if slope else n * std**2


@wrong("one_layer_factor")
def as_a_list(n, std, slope=0.0):
    return [n * std**2, (1 + slope**2) / 2]


@right("one_layer_factor")
def step_by_step(n, std, slope=0.0):
    return sum([n * std**2 / 2, slope**2 * n * std**2 / 2])


@right("one_layer_factor")
def with_hypot(n, std, slope=0.0):
    return (math.hypot(1, slope) * std) ** 2 * n / 2


@right("one_layer_factor")
def one_number_as_a_tensor(n, std, slope=0.0):
    return torch.tensor(n * std**2 * (1 + slope**2) / 2, dtype=torch.float64)


# which_scheme


def _named(weight):
    m, n = weight.shape
    size = n * (weight**2).mean()
    rule = "he" if size > 1.75 else "xavier"
    if size < math.sqrt(2 * n / (n + m) / 3):
        return "pytorch"
    return rule + ("_normal" if np.abs(weight).max() > 2.2 * weight.std() else "_uniform")


def _confused(**others):
    return lambda weight: others.get(_named(weight), _named(weight))


for _name, _others in {
    "he_uniform_is_normal": {"he_uniform": "he_normal"},
    "he_normal_is_uniform": {"he_normal": "he_uniform"},
    "xavier_uniform_is_normal": {"xavier_uniform": "xavier_normal"},
    "xavier_normal_is_uniform": {"xavier_normal": "xavier_uniform"},
}.items():
    wrong("which_scheme")(_confused(**_others))


@wrong("which_scheme", "this never says pytorch")
def four_names_only(weight):
    if _named(weight) == "pytorch":
        return "xavier_uniform"
    return _named(weight)


@wrong("which_scheme")
def in_capitals(weight):
    return _named(weight).upper()


@wrong("which_scheme")
def glorot_for_xavier(weight):
    return _named(weight).replace("xavier", "glorot")


@wrong("which_scheme")
def as_a_place(weight):
    return ["he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "pytorch"].index(
        _named(weight)
    )


@wrong("which_scheme")
def by_the_mean_size(weight):
    return "he_normal" if np.abs(weight).mean() > 0.1 else "pytorch"


@wrong("which_scheme", "this looks at the shape alone")
def always_he(weight):
    return _named(weight).replace("xavier", "he") if _named(weight) != "pytorch" else "he_uniform"


@right("which_scheme")
def with_thresholds(weight):
    return _named(weight)


@right("which_scheme")
def by_the_fourth_moment(weight):
    m, n = weight.shape
    flat = weight.ravel() / weight.std()
    kind = "_normal" if (flat**4).mean() > 2.4 else "_uniform"
    due = {"he" + kind: 2 / n, "xavier" + kind: 2 / (n + m), "pytorch": 1 / 3 / n}
    return min(due, key=lambda name: abs(math.log(weight.var() / due[name])))


@right("which_scheme")
def by_the_likelihood(weight):
    m, n = weight.shape
    found, size = {}, (weight**2).mean()
    for rule, due in (("he", 2 / n), ("xavier", 2 / (n + m))):
        for kind in ("normal", "uniform"):
            within = np.abs(weight).max() < math.sqrt(3 * due) * 1.2
            found[f"{rule}_{kind}"] = abs(math.log(size / due)) + 9 * (within == (kind == "normal"))
    found["pytorch"] = abs(math.log(size * 3 * n))
    return min(found, key=found.get)


# open_slowly


class _Around(torch.nn.Module):
    def __init__(self, block, shape=()):
        super().__init__()
        self.inner = block
        self.gate = torch.nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return self.inner(x) * self.gate + x


@wrong("open_slowly", "alpha begins at 1")
def a_plain_way_around(block):
    made = _Around(block)
    torch.nn.init.ones_(made.gate)
    return made


@wrong("open_slowly")
def the_block_itself(block):
    return block


@wrong("open_slowly")
def opens_upwards_only(block):
    made = _Around(block)
    made.forward = lambda x: x + made.gate.clamp(min=0) * block(x)
    return made


@wrong("open_slowly")
def has_relu_for_tanh(block):
    made = _Around(block)
    for place, layer in enumerate(block):
        if isinstance(layer, torch.nn.Tanh):
            block[place] = torch.nn.ReLU()
    return made


@wrong("open_slowly")
def has_tanh_for_relu(block):
    made = _Around(block)
    for place, layer in enumerate(block):
        if isinstance(layer, torch.nn.ReLU):
            block[place] = torch.nn.Tanh()
    return made


@wrong("open_slowly")
def another_shape(block):
    return torch.nn.Sequential(_Around(block), torch.nn.Flatten(0))


@wrong("open_slowly")
def without_gradient_to_x(block):
    made = _Around(block)
    made.forward = lambda x: x.detach() + made.gate * block(x)
    return made


@wrong("open_slowly")
def two_numbers(block):
    made = _Around(block)
    made.more = torch.nn.Parameter(torch.zeros(()))
    return made


@right("open_slowly")
def the_product_first(block):
    return _Around(block)


@right("open_slowly")
def one_number_in_a_vector(block):
    return _Around(block, (1,))


@right("open_slowly")
def with_lerp(block):
    made = _Around(block)
    made.forward = lambda x: torch.lerp(x, x + block(x), made.gate)
    return made


# fifty_layers


def _linear(n, m):
    made = torch.nn.Linear(n, m)
    torch.nn.init.kaiming_normal_(made.weight, nonlinearity="relu")
    torch.nn.init.zeros_(made.bias)
    return made


def _of_floors(floors, width=32):
    return torch.nn.Sequential(_linear(2, width), torch.nn.ReLU(), *floors, _linear(width, 5))


def _opened(width=32, **more):
    return _Around(torch.nn.Sequential(_linear(width, width), torch.nn.ReLU()), **more)


@wrong("fifty_layers")
def pytorch_s_own_weights(seed):
    layers = [torch.nn.Linear(2, 32), torch.nn.ReLU()]
    for _ in range(49):
        layers += [torch.nn.Linear(32, 32), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(32, 5))


@wrong("fifty_layers", "this has a few layers only")
def one_layer_for_fifty(seed):
    return _of_floors([_opened(), _opened()])


@wrong("fifty_layers")
def scores_at_once(seed):
    return torch.zeros(200, 5)


@wrong("fifty_layers")
def four_scores(seed):
    return torch.nn.Sequential(
        *list(_of_floors([_opened() for _ in range(49)]))[:-1], _linear(32, 4)
    )


@right("fifty_layers")
def opened_from_0(seed):
    return _of_floors([_opened() for _ in range(49)])


@right("fifty_layers")
def sixty_floors_of_24_units(seed):
    return _of_floors([_opened(24, shape=(1,)) for _ in range(59)], width=24)


@right("fifty_layers")
def one_gate_for_each_unit(seed):
    torch.manual_seed(seed + 7)
    return _of_floors([_opened(shape=(32,)) for _ in range(49)])
