"""Answers to the tasks of lesson 04, wrong and right, beside its declared mistakes."""

import itertools
import math
import statistics
from fractions import Fraction

import numpy as np
import torch
from torch import nn
from wrong_answers.register import register

from relukit.initialization import initialize

WRONG, RIGHT, wrong, right = register()


# dead_units


@wrong("dead_units", "this looks at the last examples only")
def last_batch(z):
    for start in range(0, len(z), 50):
        dead = (z[start : start + 50] <= 0).all(axis=0)
    return dead


@wrong("dead_units", "this asks it of each example")
def rows_for_columns(z):
    return np.array([bool((row <= 0).all()) for row in z], dtype=bool)


@wrong("dead_units")
def nearly_zero(z):
    return np.isclose(np.maximum(z, 0).max(axis=0, initial=0), 0)


@wrong("dead_units")
def sum_is_negative(z):
    return z.sum(axis=0) < 0


@wrong("dead_units")
def a_list_of_answers(z):
    return [bool(v) for v in (z <= 0).all(axis=0)]


@wrong("dead_units")
def keeps_the_axis(z):
    return (z <= 0).all(axis=0, keepdims=True)


@wrong("dead_units")
def infinities_do_not_count(z):
    return (np.where(np.isinf(z), -1, z) <= 0).all(axis=0)


@wrong("dead_units")
def no_change_between_examples(z):
    return np.maximum(z, 0).std(axis=0) == 0


@wrong("dead_units")
def needs_a_float(z):
    return (z < np.finfo(z.dtype).smallest_subnormal).all(axis=0)


@wrong("dead_units")
def columns_in_a_list(z):
    return np.array([bool((column <= 0).all()) for column in z.T])


@wrong("dead_units")
def first_three_units(z):
    dead = np.ones(z.shape[1], dtype=bool)
    for unit in range(min(3, len(dead))):
        dead[unit] = (z[:, unit] <= 0).all()
    return dead


@wrong("dead_units")
def result_squeezed(z):
    return np.squeeze((z <= 0).all(axis=0))


@wrong("dead_units")
def asks_for_double_precision(z):
    if z.dtype not in ("float64", "int64"):
        raise TypeError("z must be float64")
    return (z <= 0).all(axis=0)


@right("dead_units")
def by_the_largest(z):
    return z.max(axis=0) <= 0


@right("dead_units")
def by_activations(z):
    return (np.maximum(z, 0) == 0).all(axis=0)


@right("dead_units")
def units_by_loops(z):
    dead = np.ones(z.shape[1], dtype=bool)
    for unit in range(z.shape[1]):
        for value in z[:, unit]:
            if not value <= 0:
                dead[unit] = False
    return dead


@right("dead_units")
def units_by_torch(z):
    return (torch.relu(torch.as_tensor(z)) == 0).all(0)


@right("dead_units")
def units_for_tensors(z):
    return z.relu().eq(0).all(dim=0)


@right("dead_units")
def units_by_sums(z):
    return np.maximum(z, 0).astype(float).sum(axis=0) == 0


# dormant_units


@wrong("dormant_units", "it has to be the mean of the size")
def size_of_the_sum(a, tau):
    sums = abs(a.sum(axis=0))
    return sums <= tau * sums.mean()


@wrong("dormant_units", "True or False for each is asked for")
def numbers_of_the_dormant(a, tau):
    sizes = np.abs(a).mean(axis=0)
    return np.array([i for i in range(len(sizes)) if sizes[i] <= tau * sizes.mean()], dtype=int)


@wrong("dormant_units")
def usual_share(a, tau):
    sizes = np.abs(a).mean(axis=0)
    return sizes <= 0.025 * sizes.mean()


@wrong("dormant_units")
def zero_means_the_usual(a, tau):
    sizes = np.abs(a).mean(axis=0)
    return sizes <= (tau or 0.025) * sizes.mean()


@wrong("dormant_units")
def share_of_zeros(a, tau):
    return (a == 0).mean(axis=0) > 1 - tau


@right("dormant_units")
def by_sums(a, tau):
    sizes = np.abs(a).sum(axis=0, dtype=float)
    return sizes * len(sizes) <= tau * sizes.sum()


@right("dormant_units")
def by_norms(a, tau):
    sizes = np.linalg.norm(a.astype(float), ord=1, axis=0)
    return sizes / len(a) <= tau * sizes.mean() / len(a)


@right("dormant_units")
def by_division_where_it_can_be(a, tau):
    sizes = np.abs(a).mean(axis=0, dtype=float)
    if sizes.max() == 0:
        return np.ones(len(sizes), dtype=bool)
    return sizes / sizes.mean() <= tau


# dead_fraction_by_layer


def _layers(weights, biases, x):
    a, found = x, []
    for w, b in zip(weights, biases, strict=True):
        z = np.dot(a, w.T) + b
        found.append(z)
        a = np.where(z > 0, z, 0)
    return found


@wrong("dead_fraction_by_layer", "the weights are not transposed")
def not_transposed(weights, biases, x):
    shares = []
    for layer in range(len(weights) - 1):
        x = np.maximum(np.matmul(x, weights[layer]) + biases[layer], 0)
        shares.append((x == 0).all(axis=0).mean())
    if weights:
        x @ weights[-1] + biases[-1]
    return shares


@wrong("dead_fraction_by_layer", "this is one share for the whole network")
def overall_share(weights, biases, x):
    dead = units = 0
    for z in _layers(weights, biases, x)[:-1]:
        dead, units = dead + (z <= 0).all(0).sum(), units + z.shape[1]
    return dead / max(units, 1)


@wrong("dead_fraction_by_layer")
def leaky_layers(weights, biases, x):
    shares = []
    for w, b in list(zip(weights, biases, strict=True))[:-1]:
        x = x @ w.T + b
        shares.append((x <= 0).all(axis=0).mean())
        x = np.maximum(0.01 * x, x)
    return shares


@wrong("dead_fraction_by_layer")
def stops_at_a_dead_layer(weights, biases, x):
    shares = []
    for z in _layers(weights, biases, x)[:-1]:
        shares.append(1.0 if 1.0 in shares else (z <= 0).all(0).mean())
    return shares


@wrong("dead_fraction_by_layer")
def in_percent(weights, biases, x):
    return [100 * (z <= 0).all(0).mean() for z in _layers(weights, biases, x)[:-1]]


@wrong("dead_fraction_by_layer")
def masks(weights, biases, x):
    return [(z <= 0).all(0) for z in _layers(weights, biases, x)[:-1]]


@wrong("dead_fraction_by_layer")
def to_two_places(weights, biases, x):
    return [round((z <= 0).all(0).mean(), 2) for z in _layers(weights, biases, x)[:-1]]


@wrong("dead_fraction_by_layer")
def adds_biases_in_place(weights, biases, x):
    shares = [(z <= 0).all(0).mean() for z in _layers(weights, biases, x)[:-1]]
    biases[0] += 1
    return shares


@wrong("dead_fraction_by_layer")
def empties_the_lists(weights, biases, x):
    shares = []
    while len(weights) > 1:
        x = np.maximum(x @ weights.pop(0).T + biases.pop(0), 0)
        shares.append((x == 0).all(axis=0).mean())
    return shares


@wrong("dead_fraction_by_layer")
def scales_the_inputs_in_place(weights, biases, x):
    shares = [(z <= 0).all(0).mean() for z in _layers(weights, biases, x)[:-1]]
    x -= x.mean(axis=0)
    return shares


@wrong("dead_fraction_by_layer")
def last_layer_first(weights, biases, x):
    return [(z <= 0).all(0).mean() for z in _layers(weights, biases, x)[:-1]][::-1]


@wrong("dead_fraction_by_layer")
def stacked(weights, biases, x):
    return np.stack([(z <= 0).all(0).mean() for z in _layers(weights, biases, x)[:-1]])


@wrong("dead_fraction_by_layer")
def squeezed(weights, biases, x):
    shares = []
    for w, b in list(zip(weights, biases, strict=True))[:-1]:
        x = np.maximum(x @ np.squeeze(w).T + np.squeeze(b), 0)
        shares.append((x == 0).all(axis=0).mean())
    return shares


@wrong("dead_fraction_by_layer")
def the_first_hundred(weights, biases, x):
    a, shares = x[:100], []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        a = np.maximum(a @ weight.T + bias, 0)
        shares.append((a == 0).all(axis=0).mean())
    return shares


@right("dead_fraction_by_layer")
def fractions_in_an_array(weights, biases, x):
    fractions = np.zeros(len(weights) - 1)
    for i in range(len(fractions)):
        x = np.maximum(x @ weights[i].T + biases[i], 0)
        fractions[i] = np.mean(x.max(axis=0) == 0)
    return fractions


@right("dead_fraction_by_layer")
def fractions_by_torch(weights, biases, x):
    a = torch.as_tensor(x)
    found = []
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        a = torch.relu(nn.functional.linear(a, torch.as_tensor(w), torch.as_tensor(b)))
        found.append((a == 0).all(0).float().mean().item())
    return found


@right("dead_fraction_by_layer")
def fractions_for_tensors(weights, biases, x):
    found = []
    for w, b in list(zip(weights, biases, strict=True))[:-1]:
        x = nn.functional.linear(x, w, b).relu()
        found.append((x == 0).all(0).float().mean())
    return torch.stack(found) if found else torch.zeros(0)


@right("dead_fraction_by_layer")
def fractions_by_loops(weights, biases, x):
    found, rows = [], x.tolist()
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        rows = [
            [
                max(0.0, float(b) + sum(u * v for u, v in zip(w.tolist(), row, strict=True)))
                for w, b in zip(weight, bias, strict=True)
            ]
            for row in rows
        ]
        columns = list(zip(*rows, strict=True))
        found.append(sum(not any(column) for column in columns) / len(columns))
    return found


# born_dead_probability


@wrong("born_dead_probability", "this is right, but for rounding")
def as_in_the_book(width, layers):
    p = 0.5**width
    return 1 - (1 - p) ** layers


@wrong("born_dead_probability", "this is H p, cut off at 1")
def union_bound_cut(width, layers):
    chance = layers * 0.5**width
    return chance if chance < 1 else 1


def lower_bound(width, layers):
    p = 0.5**width
    q = -math.expm1((layers - 1) * math.log1p(-p))
    return 2 * p * q + (1 - 2 * p) * q * q


@wrong("born_dead_probability")
def both_bounds(width, layers):
    return lower_bound(width, layers), -math.expm1(layers * math.log1p(-(0.5**width)))


@wrong("born_dead_probability")
def two_terms_only(width, layers):
    p = 0.5**width
    return layers * p - layers * (layers - 1) / 2 * p**2


@wrong("born_dead_probability")
def in_float32(width, layers):
    p = np.float32(0.5) ** np.float32(min(width, 100))
    return -np.expm1(np.float32(layers) * np.log1p(-p))


@wrong("born_dead_probability")
def switches_too_late(width, layers):
    p = 0.5**width
    return layers * p if p < 1e-9 else 1 - (1 - p) ** layers


@wrong("born_dead_probability")
def nothing_is_small(width, layers):
    return max(1e-12, -math.expm1(layers * math.log1p(-(0.5**width))))


@wrong("born_dead_probability")
def by_drawing(width, layers):
    draw = np.random.default_rng(0)
    p = 0.5**width
    return (draw.random((200, min(layers, 200))) < p).any(axis=1).mean()


@wrong("born_dead_probability")
def ten_terms_of_the_logarithm(width, layers):
    p = 0.5**width
    return -math.expm1(-layers * sum(p**k / k for k in range(1, 11)))


@wrong("born_dead_probability")
def by_recursion(width, layers):
    if layers == 0:
        return 0.0
    before = by_recursion(width, layers - 1)
    return before + (1 - before) * 0.5**width


@wrong("born_dead_probability")
def power_of_integers(width, layers):
    return -np.expm1(layers * np.log1p(-1 / np.power(2, width)))


@wrong("born_dead_probability")
def two_terms_where_small(width, layers):
    p = 0.5**width
    if layers * p < 1e-3:
        return layers * p * (1 - (layers - 1) * p / 2)
    return -math.expm1(layers * math.log1p(-p))


@wrong("born_dead_probability")
def by_the_book_where_it_works(width, layers):
    p = 0.5**width
    return 1 - (1 - p) ** layers if width <= 53 else layers * p


@wrong("born_dead_probability")
def second_order(width, layers):
    p = 2.0**-width
    return (
        layers * p - layers * (layers - 1) / 2 * p * p if layers * p < 0.01 else _exactly(p, layers)
    )


def _exactly(p, layers):
    return -math.expm1(layers * math.log1p(-p))


@right("born_dead_probability")
def by_numpy(width, layers):
    return -np.expm1(layers * np.log1p(-np.exp2(-float(width))))


@right("born_dead_probability")
def layer_by_layer(width, layers):
    p, dead = 0.5**width, 0.0
    for _ in range(layers):
        dead += (1 - dead) * p
    return dead


@right("born_dead_probability")
def by_geometric_series(width, layers):
    p = 0.5**width
    if layers * p < 1e-5:
        return layers * p * (1 - (layers - 1) * p / 2 * (1 - (layers - 2) * p / 3))
    return -math.expm1(layers * math.log1p(-p))


@right("born_dead_probability")
def by_fractions_where_small(width, layers):
    if layers > 200 or width > 100:
        return by_numpy(width, layers)
    return float(1 - (1 - Fraction(1, 2**width)) ** layers)


@right("born_dead_probability")
def by_torch_expm1(width, layers):
    p = torch.tensor(0.5, dtype=torch.float64) ** width
    return -torch.expm1(layers * torch.log1p(-p))


@right("born_dead_probability")
def as_an_array(width, layers):
    return np.array([-np.expm1(layers * np.log1p(-(0.5**width)))])


# mend_the_network


def _draws(seed):
    return torch.Generator().manual_seed(seed + 77)


def _fill(network, draw, bias=0.0):
    with torch.no_grad():
        for layer in network:
            if isinstance(layer, nn.Linear):
                layer.weight.copy_(draw(layer.weight))
                if bias is not None:
                    layer.bias.fill_(bias)


@wrong("mend_the_network", "all weights are 0")
def all_zero(network, seed):
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()


@wrong("mend_the_network")
def fewer_layers(network, seed):
    initialize(network, "he_normal", seed=seed)
    return nn.Sequential(network[0], nn.ReLU(), network[-1])


@wrong("mend_the_network")
def another_width(network, seed):
    made = nn.Sequential(*network)
    for i in range(0, len(made), 2):
        n = 64 if i == 0 else 50
        made[i] = nn.Linear(n, 50 if i < len(made) - 1 else 10)
    initialize(made, "he_normal", seed=seed)
    return made


@wrong("mend_the_network")
def without_activations(network, seed):
    initialize(network, "glorot_normal", seed=seed)
    return nn.Sequential(*[nn.Identity() if i % 2 else m for i, m in enumerate(network)])


@wrong("mend_the_network")
def one_deviation_for_all_widths(network, seed):
    initialize(network, "normal", std=0.25, seed=seed)


@wrong("mend_the_network")
def not_a_number(network, seed):
    _fill(network, lambda weight: weight / 0)


@wrong("mend_the_network")
def fan_in_for_the_root(network, seed):
    generator = _draws(seed)
    _fill(network, lambda w: math.sqrt(2) / w.shape[1] * torch.randn(w.shape, generator=generator))


@wrong("mend_the_network")
def xavier_with_a_small_gain(network, seed):
    initialize(network, "glorot_uniform", seed=seed, gain=0.3)


@wrong("mend_the_network")
def one_deviation_for_wide_layers(network, seed):
    initialize(network, "normal", std=0.1, seed=seed)


@wrong("mend_the_network", "the seed is a fixed number here")
def always_seed_0(network, seed):
    torch.manual_seed(0)
    for layer in network[::2]:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)


@wrong("mend_the_network")
def frozen(network, seed):
    initialize(network, "he_normal", seed=seed)
    network.requires_grad_(False)


@wrong("mend_the_network")
def in_double_precision(network, seed):
    initialize(network.double(), "he_normal", seed=seed)


@right("mend_the_network")
def he_normal(network, seed):
    initialize(network, "he_normal", seed=seed)


@right("mend_the_network")
def he_uniform_and_returned(network, seed):
    initialize(network, "he_uniform", seed=seed)
    return network


@right("mend_the_network")
def by_torch_init(network, seed):
    generator = torch.Generator().manual_seed(seed)
    for layer in network:
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(layer.bias)


@right("mend_the_network")
def by_the_global_seed(network, seed):
    torch.manual_seed(seed)
    for layer in network[::2]:
        layer.weight.data = torch.randn_like(layer.weight) * math.sqrt(2 / layer.in_features)
        layer.bias.data.zero_()


@right("mend_the_network")
def orthogonal(network, seed):
    initialize(network, "orthogonal", seed=seed, gain=math.sqrt(2))


@right("mend_the_network")
def scaled_default(network, seed):
    with torch.no_grad():
        for layer in network[::2]:
            layer.weight *= math.sqrt(6)
            layer.bias.zero_()


# largest_safe_lr


@wrong("largest_safe_lr", "a mean at the limit is not below it")
def at_the_limit(lrs, dead, limit):
    best = 0.0
    for lr, mean in sorted(zip(lrs, dead.mean(axis=1), strict=True)):
        if not mean <= limit:
            break
        best = lr
    return best


@wrong("largest_safe_lr", "nan > limit is False")
def stops_when_too_many(lrs, dead, limit):
    best = 0.0
    for lr, mean in sorted(zip(lrs, dead.mean(axis=1), strict=True)):
        if mean >= limit:
            break
        best = lr
    return best


def in_the_tables_order(lrs, dead, limit):
    best = 0.0
    for lr, row in zip(lrs, dead, strict=True):
        if not row.mean() < limit:
            break
        best = lr
    return best


@wrong("largest_safe_lr")
def one_mean_for_all(lrs, dead, limit):
    return lrs.max() if dead.mean() < limit else 0.0


@wrong("largest_safe_lr")
def none_where_none_is_safe(lrs, dead, limit):
    return first_stop(lrs, dead, limit) or None


@wrong("largest_safe_lr")
def cumulative_means(lrs, dead, limit):
    order = np.argsort(lrs)
    means = np.cumsum(dead[order].mean(axis=1)) / np.arange(1, len(lrs) + 1)
    safe = np.cumprod(means < limit)
    return lrs[order][safe.sum() - 1] if safe.any() else 0.0


@wrong("largest_safe_lr")
def before_the_first_unsafe(lrs, dead, limit):
    order = np.argsort(lrs)
    unsafe = ~(dead[order].mean(axis=1) < limit)
    return lrs[order][np.argmax(unsafe) - 1]


@wrong("largest_safe_lr")
def sorts_only_the_rates(lrs, dead, limit):
    return in_the_tables_order(np.sort(lrs), dead, limit)


@wrong("largest_safe_lr")
def half_is_the_limit(lrs, dead, limit):
    return first_stop(lrs, dead, 0.5)


@wrong("largest_safe_lr")
def how_many_are_safe(lrs, dead, limit):
    return sum(row.mean() < limit for row in dead)


@wrong("largest_safe_lr")
def the_sample_as_a_list(lrs, dead, limit):
    return [lr for lr in lrs if lr <= first_stop(lrs, dead, limit)]


@wrong("largest_safe_lr")
def between_two_rates(lrs, dead, limit):
    return math.sqrt(first_stop(lrs, dead, limit) * lrs.max())


@wrong("largest_safe_lr")
def one_seed_squeezed(lrs, dead, limit):
    return first_stop(lrs, np.atleast_2d(np.squeeze(dead)), limit)


@wrong("largest_safe_lr")
def first_three_rates(lrs, dead, limit):
    order = np.argsort(lrs)[:3]
    return first_stop(lrs[order], dead[order], limit)


@right("largest_safe_lr")
def first_stop(lrs, dead, limit):
    best = 0.0
    for lr, row in sorted(zip(lrs.tolist(), dead.tolist(), strict=True)):
        mean = sum(row) / len(row)
        if mean < limit:
            best = lr
        else:
            return best
    return best


@right("largest_safe_lr")
def below_the_first_unsafe(lrs, dead, limit):
    unsafe = lrs[~(dead.mean(axis=1) < limit)]
    bound = unsafe.min(initial=np.inf)
    return lrs[lrs < bound].max(initial=0.0)


@right("largest_safe_lr")
def for_each_rate(lrs, dead, limit):
    safe = [lr for lr in lrs if np.all(dead[lrs <= lr].mean(axis=1) < limit)]
    return max(safe, default=0)


@right("largest_safe_lr")
def by_cumprod(lrs, dead, limit):
    order = np.argsort(lrs)
    safe = np.cumprod(np.mean(dead[order], axis=1) < limit)
    return np.max(lrs[order] * safe)


@right("largest_safe_lr")
def rates_for_tensors(lrs, dead, limit):
    unsafe = ~(dead.mean(dim=1) < limit)
    bound = lrs[unsafe].amin() if unsafe.any() else math.inf
    safe = lrs[lrs.lt(bound)]
    return safe.amax() if len(safe) else 0.0


@right("largest_safe_lr")
def by_statistics(lrs, dead, limit):
    means = {lr: statistics.fmean(row) for lr, row in zip(lrs, dead, strict=True)}
    return max((lr for lr in lrs if all(means[s] < limit for s in lrs if s <= lr)), default=0.0)


# life_lines


def _count(alive, unit):
    births = deaths = revivals = 0
    been_alive = alive[0, unit]
    for before, after in itertools.pairwise(alive[:, unit].tolist()):
        if before and not after:
            deaths += 1
        if after and not before:
            births, revivals = births + (not been_alive), revivals + bool(been_alive)
            been_alive = True
    return births, deaths, revivals


def _rises(alive):
    return ((~alive[:-1]) * alive[1:]).sum(axis=0)


def _falls(alive):
    return (alive[:-1] * (~alive[1:])).sum(axis=0)


def _first_rises(alive):
    return np.where(alive[0], 0, np.minimum(_rises(alive), 1))


@wrong("life_lines", "these are totals")
def totals(alive):
    counts = [_count(alive, unit) for unit in range(alive.shape[1])]
    return tuple(sum(part) for part in zip(*counts, strict=True)) or (0, 0, 0)


@wrong("life_lines", "a unit that is dead at the first moment has not died")
def dead_from_the_start(alive):
    padded = np.vstack([np.ones((1, alive.shape[1]), dtype=bool), alive])
    return _first_rises(alive), _falls(padded), _rises(alive) - _first_rises(alive)


@wrong("life_lines")
def subtracts_truth_values(alive):
    steps = alive[1:] - alive[:-1]
    return (steps > 0).any(axis=0), (steps < 0).sum(axis=0), (steps > 0).sum(axis=0)


@wrong("life_lines")
def steps_at_which_units_die(alive):
    return _first_rises(alive), np.argmin(alive, axis=0), _rises(alive) - _first_rises(alive)


@wrong("life_lines")
def births_follow_deaths(alive):
    return np.maximum(_rises(alive) - _falls(alive), 0), _falls(alive), _rises(alive)


@wrong("life_lines")
def one_of_two_moments(alive):
    return ever_counted(alive[::2])


@wrong("life_lines")
def a_dictionary(alive):
    return dict(zip(("births", "deaths", "revivals"), ever_counted(alive), strict=True))


@wrong("life_lines")
def born_only_at_the_second_moment(alive):
    births = (~alive[:1] & alive[1:2]).sum(axis=0)
    return births, _falls(alive), _rises(alive) - births


@wrong("life_lines")
def revivals_of_those_born_only(alive):
    births = _first_rises(alive)
    return births, _falls(alive), np.where(births, _rises(alive) - births, 0)


@wrong("life_lines")
def the_end_is_a_death(alive):
    return _first_rises(alive), _falls(alive) + alive[-1], _rises(alive) - _first_rises(alive)


@wrong("life_lines")
def stacks_the_pairs(alive):
    falls = np.stack([before & ~after for before, after in itertools.pairwise(alive)])
    return _first_rises(alive), falls.sum(axis=0), _rises(alive) - _first_rises(alive)


@wrong("life_lines")
def unpacks_the_units(alive):
    counts = [_count(alive, unit) for unit in range(alive.shape[1])]
    births, deaths, revivals = zip(*counts, strict=True)
    return births, deaths, revivals


@wrong("life_lines")
def one_unit_squeezed(alive):
    alive = np.squeeze(alive, axis=1) if alive.shape[1] == 1 else alive
    return _first_rises(alive), _falls(alive), _rises(alive) - _first_rises(alive)


@wrong("life_lines")
def dies_twice_at_most(alive):
    return _first_rises(alive), np.minimum(_falls(alive), 2), _rises(alive) - _first_rises(alive)


@wrong("life_lines")
def counted_in_bytes(alive):
    steps = np.diff(alive.astype("int8"), axis=0)
    rises = (steps > 0).sum(axis=0, dtype="int8")
    births = (~alive[0] & alive.any(axis=0)).astype("int8")
    return births, (steps < 0).sum(axis=0, dtype="int8"), rises - births


@right("life_lines")
def ever_counted(alive):
    counts = [_count(alive, unit) for unit in range(alive.shape[1])]
    return tuple(np.array(part) for part in zip(*counts, strict=True)) or (np.zeros(0),) * 3


@right("life_lines")
def by_differences(alive):
    steps = np.diff(alive.astype("int8"), axis=0)
    rises, deaths = (steps == 1).sum(axis=0), (steps == -1).sum(axis=0)
    births = ~alive[0] & (rises > 0)
    return births, deaths, rises - births


@right("life_lines")
def in_one_array(alive):
    before, after = alive[:-1], alive[1:]
    rises, deaths = (after > before).sum(axis=0), (after < before).sum(axis=0)
    births = np.minimum(rises, ~alive[0])
    return np.array([births, deaths, rises - births])


@right("life_lines")
def revivals_first(alive):
    before, after = alive[:-1], alive[1:]
    seen = np.logical_or.accumulate(alive, axis=0)[:-1]
    rises = ~before & after
    return [(rises & ~seen).sum(0), (before & ~after).sum(0), (rises & seen).sum(0)]


@right("life_lines")
def by_the_engine(alive):
    from relukit.training import LifeLines

    line = LifeLines(torch.as_tensor(alive))
    return line.births(), line.deaths(), line.revivals()


@right("life_lines")
def lives_for_tensors(alive):
    steps = alive.int().diff(dim=0)
    births = alive.any(0).int() * (1 - alive[0].int())
    return births, (steps < 0).sum(0).tolist(), (steps > 0).sum(0) - births


# can_it_recover


@wrong("can_it_recover", "this looks at the layers before the unit only")
def layers_before(layer, alive, slope=0.0, velocity=0.0):
    if slope or velocity:
        return True
    if layer == 1:
        return False
    return all(count > 0 for count in alive[: layer - 1])


@wrong("can_it_recover", "this asks that every layer has living units")
def all_layers(layer, alive, slope=0.0, velocity=0.0):
    if slope == 0 and velocity == 0:
        return layer > 1 and min(alive) > 0
    return True


@wrong("can_it_recover")
def leaky_only_above_a_hundredth(layer, alive, slope=0.0, velocity=0.0):
    if abs(slope) >= 0.01 or velocity:
        return True
    return layer > 1 and all(alive[layer - 2 :])


@wrong("can_it_recover")
def momentum_only_in_layer_1(layer, alive, slope=0.0, velocity=0.0):
    if slope or (velocity and layer == 1):
        return True
    return layer > 1 and all(alive[layer - 2 :])


@wrong("can_it_recover")
def any_layer_before(layer, alive, slope=0.0, velocity=0.0):
    if slope or velocity:
        return True
    return layer > 1 and any(alive[: layer - 1]) and all(alive[layer - 1 :])


@wrong("can_it_recover")
def more_than_one_living_unit(layer, alive, slope=0.0, velocity=0.0):
    if slope or velocity:
        return True
    return layer > 1 and bool((alive[layer - 2 :] > 1).all())


@wrong("can_it_recover")
def off_by_one_layer(layer, alive, slope=0.0, velocity=0.0):
    if slope or velocity:
        return True
    return layer > 1 and bool((alive[layer - 2 : -1] > 0).all())


@wrong("can_it_recover")
def needs_all_arguments(layer, alive, slope, velocity):
    return needs_a_path(layer, alive, slope, velocity)


@wrong("can_it_recover")
def as_a_probability(layer, alive, slope=0.0, velocity=0.0):
    return float(needs_a_path(layer, alive, slope, velocity))


@wrong("can_it_recover")
def large_momentum(layer, alive, slope=0.0, velocity=0.0):
    return needs_a_path(layer, alive, slope, round(velocity, 3))


@wrong("can_it_recover")
def one_layer_ahead(layer, alive, slope=0.0, velocity=0.0):
    if slope or velocity:
        return True
    return layer > 1 and bool((alive[layer - 2 : layer + 1] > 0).all())


@right("can_it_recover")
def needs_a_path(layer, alive, slope=0.0, velocity=0.0):
    if slope or velocity:
        return True
    if layer == 1:
        return False
    return all(count > 0 for count in alive[layer - 2 :])


@right("can_it_recover")
def by_masks(layer, alive, slope=0.0, velocity=0.0):
    moving = np.append([False], np.flip(np.cumprod(np.flip(alive) > 0)) > 0)
    return moving[layer - 1] | (slope != 0) | (velocity > 0)


@right("can_it_recover")
def which_layers_get_gradients(layer, alive, slope=0.0, velocity=0.0):
    moves, reached = {0: False}, True
    for number in range(len(alive), 0, -1):
        reached = reached and bool(alive[number - 1] > 0)
        moves[number] = reached
    return moves[layer - 1] or abs(slope) > 0 or abs(velocity) > 0


@right("can_it_recover")
def path_for_tensors(layer, alive, slope=0.0, velocity=0.0):
    path = alive[max(layer - 2, 0) :].gt(0).all()
    return slope != 0 or velocity != 0 or (layer > 1 and path.item())


# autopsy


def _z(weights, biases, inputs, at, moment):
    return inputs[at] @ weights[moment] + biases[moment]


def _step(weights, biases, inputs):
    on = [bool((_z(weights, biases, inputs, m, m) > 0).any()) for m in range(len(weights))]
    return next((m for m in range(len(on) - 1) if on[m] and not on[m + 1]), -1)


def _verdict(weights, biases, inputs, step):
    own = (_z(weights, biases, inputs, step, step + 1) <= 0).all()
    moved = (_z(weights, biases, inputs, step + 1, step) <= 0).all()
    if own and moved:
        return "either"
    if own:
        return "own update"
    return "new inputs" if moved else "both"


@wrong("autopsy", "this counts only a death that lasts")
def the_last_living_moment(weights, biases, inputs):
    on = [bool((_z(weights, biases, inputs, m, m) > 0).any()) for m in range(len(weights))]
    if not any(on) or on[-1]:
        return -1, "none"
    step = max(m for m, living in enumerate(on) if living)
    return step, _verdict(weights, biases, inputs, step)


@wrong("autopsy", "this finds the first update that loses some examples")
def loses_some(weights, biases, inputs):
    counts = [int((_z(weights, biases, inputs, m, m) > 0).sum()) for m in range(len(weights))]
    for step, (before, after) in enumerate(itertools.pairwise(counts)):
        if after < before:
            return step, _verdict(weights, biases, inputs, step)
    return -1, "none"


@wrong("autopsy")
def zero_is_on(weights, biases, inputs):
    on = np.array([(_z(weights, biases, inputs, m, m) >= 0).any() for m in range(len(weights))])
    steps = np.flatnonzero(on[:-1] & ~on[1:])
    if not steps.size:
        return -1, "none"
    return steps[0], _verdict(weights, biases, inputs, steps[0])


@wrong("autopsy")
def new_on_new(weights, biases, inputs):
    step = _step(weights, biases, inputs)
    if step < 0:
        return -1, "none"
    own = (_z(weights, biases, inputs, step + 1, step + 1) <= 0).all()
    moved = (_z(weights, biases, inputs, step + 1, step) <= 0).all()
    return step, "either" if own and moved else "own update" if own else "both"


@wrong("autopsy")
def dead_from_birth(weights, biases, inputs):
    for moment in range(len(weights)):
        if (_z(weights, biases, inputs, moment, moment) <= 0).all():
            if moment == 0:
                return 0, "none"
            return moment - 1, _verdict(weights, biases, inputs, moment - 1)
    return -1, "none"


@wrong("autopsy")
def one_silent_example(weights, biases, inputs):
    on = [bool((_z(weights, biases, inputs, m, m) > 0).all()) for m in range(len(weights))]
    step = next((m for m in range(len(on) - 1) if on[m] and not on[m + 1]), -1)
    return (step, _verdict(weights, biases, inputs, step)) if step >= 0 else (-1, "none")


@wrong("autopsy")
def mean_of_the_examples(weights, biases, inputs):
    on = [bool(_z(weights, biases, inputs, m, m).mean() > 0) for m in range(len(weights))]
    step = next((m for m in range(len(on) - 1) if on[m] and not on[m + 1]), -1)
    return (step, _verdict(weights, biases, inputs, step)) if step >= 0 else (-1, "none")


@wrong("autopsy")
def first_inputs_for_all(weights, biases, inputs):
    return by_moments(weights, biases, np.broadcast_to(inputs[:1], inputs.shape))


@wrong("autopsy")
def none_for_no_death(weights, biases, inputs):
    step = _step(weights, biases, inputs)
    return (step, _verdict(weights, biases, inputs, step)) if step >= 0 else None


@wrong("autopsy")
def cause_in_other_words(weights, biases, inputs):
    step, cause = by_moments(weights, biases, inputs)
    return step, cause.replace("own update", "its own update")


@wrong("autopsy")
def the_largest_update(weights, biases, inputs):
    if _step(weights, biases, inputs) < 0:
        return -1, "none"
    step = int(np.argmax(np.linalg.norm(np.diff(weights, axis=0), axis=1)))
    return step, _verdict(weights, biases, inputs, step)


@wrong("autopsy")
def one_input_squeezed(weights, biases, inputs):
    return by_moments(weights, biases, np.squeeze(inputs))


@wrong("autopsy")
def stacks_the_moments(weights, biases, inputs):
    pairs = np.stack([(m, m + 1) for m in range(len(weights) - 1)])
    z = np.einsum("mni,mi->mn", inputs, weights) + biases[:, None]
    on = (z > 0).any(axis=1)
    steps = pairs[on[pairs[:, 0]] & ~on[pairs[:, 1]], 0]
    if not len(steps):
        return -1, "none"
    return steps[0], _verdict(weights, biases, inputs, steps[0])


@wrong("autopsy")
def first_two_examples(weights, biases, inputs):
    return by_moments(weights, biases, inputs[:, :2])


@wrong("autopsy")
def another_name_for_the_cause(weights, biases, inputs):
    step = _step(weights, biases, inputs)
    cause = _verdict(weights, biases, inputs, step) if step >= 0 else "none"
    return step, cause.replace("new inputs", "inputs")


@wrong("autopsy")
def step_as_a_list(weights, biases, inputs):
    step = _step(weights, biases, inputs)
    if step < 0:
        return [], "none"
    return [step], _verdict(weights, biases, inputs, step)


@wrong("autopsy")
def with_a_guard(weights, biases, inputs):
    def on(inputs, weight, bias):
        return bool((inputs @ weight + bias > 1e-9).any())

    for t in range(len(weights) - 1):
        before, after = (on(inputs[i], weights[i], biases[i]) for i in (t, t + 1))
        if before and not after:
            own = not on(inputs[t], weights[t + 1], biases[t + 1])
            new = not on(inputs[t + 1], weights[t], biases[t])
            names = {(1, 1): "either", (1, 0): "own update", (0, 1): "new inputs"}
            return t, names.get((own, new), "both")
    return -1, "none"


@right("autopsy")
def by_moments(weights, biases, inputs):
    step = _step(weights, biases, inputs)
    return (step, _verdict(weights, biases, inputs, step)) if step >= 0 else (-1, "none")


@right("autopsy")
def by_all_mixtures(weights, biases, inputs):
    z = np.einsum("ani,mi->amn", inputs, weights) + biases[None, :, None]
    on = (z > 0).any(axis=2)
    here = np.diagonal(on)
    deaths = np.flatnonzero(here[:-1] & ~here[1:])
    if len(deaths) == 0:
        return [-1, "none"]
    t = deaths[0]
    names = {(0, 0): "either", (0, 1): "own update", (1, 0): "new inputs", (1, 1): "both"}
    return t, names[int(on[t, t + 1]), int(on[t + 1, t])]


@right("autopsy")
def mixtures_for_tensors(weights, biases, inputs):
    def on(at, moment):
        return bool((inputs[at].mv(weights[moment]) + biases[moment]).gt(0).any())

    for t in range(len(weights) - 1):
        if on(t, t) and not on(t + 1, t + 1):
            own, moved = not on(t, t + 1), not on(t + 1, t)
            if own == moved:
                return t, "either" if own else "both"
            return t, "own update" if own else "new inputs"
    return -1, "none"


@right("autopsy")
def by_plain_loops(weights, biases, inputs):
    def largest(at, moment):
        best = -math.inf
        for row in inputs[at].tolist():
            pairs = zip(row, weights[moment].tolist(), strict=True)
            best = max(best, float(biases[moment]) + sum(a * b for a, b in pairs))
        return best

    for t in range(len(weights) - 1):
        if largest(t, t) > 0 >= largest(t + 1, t + 1):
            causes = {
                (True, True): "either",
                (True, False): "own update",
                (False, True): "new inputs",
                (False, False): "both",
            }
            return np.int64(t), causes[largest(t, t + 1) <= 0, largest(t + 1, t) <= 0]
    return -1, "none"


# clip_gradients


@wrong("clip_gradients", "this clips each part by its own length")
def one_part_after_the_other(weight, bias, limit):
    found = []
    for part in (weight, bias):
        length = float(np.linalg.norm(part))
        found.append(part * (limit / length) if length > limit else part)
    if all(np.isfinite(part).all() for part in (weight, bias)):
        return tuple(found)
    return np.zeros_like(weight), np.zeros_like(bias)


def clipped(weight, bias, limit):
    length = math.hypot(*weight.ravel(), *bias)
    factor = limit / length if length > limit else 1.0
    return weight * factor, bias * factor


@wrong("clip_gradients")
def asks_the_weights_alone(weight, bias, limit):
    if not np.isfinite(weight).all():
        return np.zeros_like(weight), np.zeros_like(bias)
    return clipped(weight, bias, limit)


@wrong("clip_gradients")
def asks_the_biases_alone(weight, bias, limit):
    if not np.isfinite(bias).all():
        return np.zeros_like(weight), np.zeros_like(bias)
    return clipped(weight, bias, limit)


@wrong("clip_gradients")
def lets_infinite_weights_through(weight, bias, limit):
    if np.isnan(weight).any() or not np.isfinite(bias).all():
        return np.zeros_like(weight), np.zeros_like(bias)
    return clipped(weight, bias, limit)


@wrong("clip_gradients")
def lets_nan_among_weights_through(weight, bias, limit):
    if np.isinf(weight).any() or not np.isfinite(bias).all():
        return np.zeros_like(weight), np.zeros_like(bias)
    return clipped(weight, bias, limit)


@wrong("clip_gradients")
def cuts_large_weights_first(weight, bias, limit):
    if not np.isfinite(np.append(weight, bias)).all():
        return np.zeros_like(weight), np.zeros_like(bias)
    return clipped(np.clip(weight, -1e4, 1e4), bias, limit)


@wrong("clip_gradients")
def cuts_large_biases_first(weight, bias, limit):
    if not np.isfinite(np.append(weight, bias)).all():
        return np.zeros_like(weight), np.zeros_like(bias)
    return clipped(weight, np.clip(bias, -1e4, 1e4), limit)


@wrong("clip_gradients")
def always_at_one(weight, bias, limit):
    length = math.hypot(*weight.ravel(), *bias)
    factor = min(1.0, 1.0 / length) if length else 1.0
    return weight * factor, bias * factor


@wrong("clip_gradients")
def as_a_large_library_does(weight, bias, limit):
    length = math.hypot(*weight.ravel(), *bias)
    if not math.isfinite(length):
        return np.zeros_like(weight), np.zeros_like(bias)
    factor = min(1.0, limit / (length + 1e-6))
    return weight * factor, bias * factor


@right("clip_gradients")
def one_long_arrow(weight, bias, limit):
    arrow = np.append(weight.ravel(), bias)
    if not np.isfinite(arrow).all():
        arrow = np.zeros_like(arrow)
    length = float(np.linalg.norm(arrow))
    arrow = arrow * (min(limit, length) / length) if length else arrow
    return arrow[: weight.size].reshape(weight.shape), arrow[weight.size :]


@right("clip_gradients")
def by_torch(weight, bias, limit):
    both = [torch.tensor(part) for part in (weight, bias)]
    length = torch.cat([part.flatten() for part in both]).norm()
    if not bool(length.isfinite()):
        return np.zeros_like(weight), np.zeros_like(bias)
    factor = (limit / length).clamp(max=1)
    return tuple((part * factor).numpy() for part in both)


@right("clip_gradients")
def divided_by_the_larger(weight, bias, limit):
    length = math.hypot(*weight.ravel().tolist(), *bias.tolist())
    if math.isnan(length) or math.isinf(length):
        return [weight * 0 if np.isfinite(weight).all() else np.zeros(weight.shape),
                np.zeros(bias.shape)]  # fmt: skip
    shrink = max(1.0, length / limit)
    return [weight / shrink, bias / shrink]


# keep_learning


def _renewed(network, x, share):
    for i in range(0, len(network) - 1, 2):
        x = torch.relu(network[i](x))
        size = x.abs().mean(0)
        idle = torch.nonzero(size <= share * size.mean()).flatten().tolist()
        n = network[i].in_features
        for unit in idle:
            network[i].weight[unit] = torch.randn(n) * math.sqrt(2 / n)
            network[i].bias[unit] = 0.0
            network[i + 2].weight[:, unit] = 0.0


@right("keep_learning")
def unit_by_unit(network, optimizer, x):
    _renewed(network, x, 0.1)


@right("keep_learning")
def with_their_momentum(network, optimizer, x):
    _renewed(network, x, 0.1)
    for state in optimizer.state.values():
        state["momentum_buffer"].zero_()


@right("keep_learning")
def smaller_scores(network, optimizer, x):
    network[-1].weight *= 0.3
    network[-1].bias *= 0.3


@wrong("keep_learning", "weight decay alone")
def a_decay_for_each_group(network, optimizer, x):
    for group in optimizer.param_groups:
        group["weight_decay"] = 0.02


@wrong("keep_learning", "the dormant units get fresh weights, and are heard")
def loud_ones(network, optimizer, x):
    for i in range(0, len(network) - 1, 2):
        x = torch.relu(network[i](x))
        idle = (x == 0).all(0)
        network[i].weight[idle] = torch.randn(int(idle.sum()), network[i].in_features)


@wrong("keep_learning")
def only_the_biases(network, optimizer, x):
    for layer in network[:-1:2]:
        layer.bias.clamp_(min=0)
