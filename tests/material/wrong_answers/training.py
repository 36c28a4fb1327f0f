"""Answers to the tasks of lesson 06, wrong and right, beside its declared mistakes."""

import copy
import io
import math
import statistics

import numpy as np
import torch
from scipy import stats
from torch import nn
from torch.nn import functional
from wrong_answers.register import register

from relukit import networks
from relukit.statistics import paired_difference

WRONG, RIGHT, wrong, right = register()


# standardize


def _floats(x):
    return x if x.dtype.kind == "f" else x.astype(float)


def _shifted(x_train, x_test, mean, std):
    x_train, x_test = _floats(x_train), _floats(x_test)
    fixed = x_train.max(axis=0) == x_train.min(axis=0)
    std = np.where(fixed, 1, std).astype(x_train.dtype)
    mean = np.asarray(mean).astype(x_train.dtype)
    made = ((x_train - mean) / std, (x_test - mean) / std)
    return tuple(np.where(fixed, x.dtype.type(0), x) for x in made)


@wrong("standardize", "this fits each feature into 0 to 1")
def between_0_and_1(x_train, x_test):
    low, high = x_train.min(0), x_train.max(0)
    made = []
    for x in (x_train, x_test):
        with np.errstate(invalid="ignore", divide="ignore"):
            made.append(np.where(high == low, 0, (x - low) / (high - low)))
    return made[0], made[1]


@wrong("standardize", "the computed deviation of 0.1, 0.1, 0.1")
def by_the_computed_deviation(x_train, x_test):
    x_train, x_test = _floats(x_train), _floats(x_test)
    mean, std = x_train.mean(0), x_train.std(0)
    made = [(x - mean) / np.where(std == 0, 1, std).astype(x.dtype) for x in (x_train, x_test)]
    return tuple(np.where(std == 0, x.dtype.type(0), x) for x in made)


@wrong("standardize")
def from_squares(x_train, x_test):
    x = _floats(x_train)
    variance = (x**2).mean(0) - x.mean(0) ** 2
    return _shifted(x_train, x_test, x.mean(0), np.sqrt(np.maximum(variance, 0)))


@wrong("standardize")
def small_deviations_are_none(x_train, x_test):
    x_train, x_test = _floats(x_train), _floats(x_test)
    mean, std = x_train.mean(0), x_train.std(0)
    made = [(x - mean) / np.where(std < 1e-8, 1, std).astype(x.dtype) for x in (x_train, x_test)]
    return tuple(np.where(std < 1e-8, x.dtype.type(0), x) for x in made)


@wrong("standardize")
def stacked(x_train, x_test):
    return np.vstack(right_by_masks(x_train, x_test))


@wrong("standardize")
def by_the_median(x_train, x_test):
    return _shifted(x_train, x_test, np.median(_floats(x_train), axis=0), x_train.std(0))


@wrong("standardize")
def by_the_mean_gap(x_train, x_test):
    gap = np.abs(x_train - x_train.mean(0)).mean(0)
    return _shifted(x_train, x_test, x_train.mean(0), gap)


@wrong("standardize")
def back_to_whole_numbers(x_train, x_test):
    return tuple(x.astype(x_train.dtype) for x in right_by_masks(x_train, x_test))


@wrong("standardize")
def nan_becomes_the_mean(x_train, x_test):
    train, test = right_by_masks(x_train, x_test)
    known = ~np.isnan(train).any(axis=0)
    test[:, known] = np.nan_to_num(test[:, known])
    return train, test


@wrong("standardize")
def row_by_row(x_train, x_test):
    x = _floats(x_train)
    made = [[right_by_masks(x, row[None])[1][0] for row in part] for part in (x, x_test)]
    return np.stack(made[0]), np.stack(made[1])


@wrong("standardize")
def constant_where_changes_add_up_to_0(x_train, x_test):
    x_train, x_test = _floats(x_train), _floats(x_test)
    fixed = np.diff(x_train, axis=0).sum(axis=0) == 0
    mean, std = x_train.mean(axis=0), np.where(fixed, 1, x_train.std(axis=0))
    made = [np.where(fixed, 0, (x - mean) / std) for x in (x_train, x_test)]
    return tuple(x.astype(x_train.dtype) for x in made)


@wrong("standardize")
def clips_the_test_part(x_train, x_test):
    train, test = right_by_masks(x_train, x_test)
    return train, np.clip(test, -10, 10)


@wrong("standardize")
def nothing_but_nan_becomes_0(x_train, x_test):
    lost = np.isnan(x_train).all(axis=0)
    return tuple(np.where(lost, 0, x).astype(x.dtype) for x in right_by_masks(x_train, x_test))


@right("standardize")
def right_by_masks(x_train, x_test):
    return _shifted(x_train, x_test, _floats(x_train).mean(0), _floats(x_train).std(0))


@right("standardize")
def by_columns(x_train, x_test):
    dtype = x_train.dtype if x_train.dtype.kind == "f" else np.float64
    train, test = np.zeros(x_train.shape, dtype), np.zeros(x_test.shape, dtype)
    for k in range(x_train.shape[1]):
        column = x_train[:, k].astype(float)
        if not (column == column[0]).all():
            train[:, k] = (column - column.mean()) / column.std()
            test[:, k] = (x_test[:, k] - column.mean()) / column.std()
    return train, test


@right("standardize")
def in_torch(x_train, x_test):
    x_train = torch.as_tensor(_floats(np.asarray(x_train)))
    x_test = torch.as_tensor(_floats(np.asarray(x_test)))
    std, mean = torch.std_mean(x_train, dim=0, correction=0)
    fixed = (x_train == x_train[0]).all(0)
    zero = torch.zeros((), dtype=x_train.dtype)
    return tuple(torch.where(fixed, zero, (x - mean) / std) for x in (x_train, x_test))


@right("standardize")
def as_a_list(x_train, x_test):
    made = right_by_masks(x_train.copy(), x_test.copy())
    return [made[0], made[1]]


# train_step


@wrong("train_step", "the gradients of the step before are still there")
def never_cleared(network, x, y, lr):
    loss = functional.cross_entropy(network(x), y)
    loss.backward()
    with torch.no_grad():
        for p in network.parameters():
            p -= lr * p.grad
    return loss.item()


@wrong("train_step")
def log_of_a_softmax(network, x, y, lr):
    network.zero_grad()
    loss = functional.nll_loss(torch.log(torch.softmax(network(x), dim=1)), y)
    loss.backward()
    with torch.no_grad():
        for p in network.parameters():
            p -= lr * p.grad
    return loss.item()


@wrong("train_step", "the learning rate is not used")
def unscaled(network, x, y, lr):
    loss = functional.cross_entropy(network(x), y)
    slopes = torch.autograd.grad(loss, list(network.parameters()))
    with torch.no_grad():
        for p, slope in zip(network.parameters(), slopes, strict=True):
            p.sub_(slope)
    return loss


def _stepped(network, x, y, lr, loss, **options):
    optimizer = torch.optim.SGD(network.parameters(), lr=lr, **options)
    optimizer.zero_grad()
    value = loss(network(x), y)
    value.backward()
    optimizer.step()
    return value


@wrong("train_step")
def likelihood_of_outputs(network, x, y, lr):
    return _stepped(network, x, y, lr, lambda z, y: -z[torch.arange(len(y)), y].mean())


@wrong("train_step", "only weights move")
def weights_only(network, x, y, lr):
    network.zero_grad()
    loss = functional.cross_entropy(network(x), y)
    loss.backward()
    with torch.no_grad():
        for layer in network[::2]:
            layer.weight -= lr * layer.weight.grad
    return loss


@wrong("train_step", "this is half a step")
def half(network, x, y, lr):
    return _stepped(network, x, y, lr / 2, functional.cross_entropy)


@wrong("train_step")
def two_steps(network, x, y, lr):
    _stepped(network, x, y, lr, functional.cross_entropy)
    return _stepped(network, x, y, lr, functional.cross_entropy)


@wrong("train_step")
def the_first_example(network, x, y, lr):
    return _stepped(network, x[:1], y[:1], lr, functional.cross_entropy)


@wrong("train_step")
def smoothed_labels(network, x, y, lr):
    return _stepped(network, x, y, lr, nn.CrossEntropyLoss(label_smoothing=0.1))


@wrong("train_step")
def in_place_under_autograd(network, x, y, lr):
    network.zero_grad()
    loss = functional.cross_entropy(network(x), y)
    loss.backward()
    for p in network.parameters():
        p -= lr * p.grad
    return loss


@wrong("train_step")
def nothing_returned(network, x, y, lr):
    _stepped(network, x, y, lr, functional.cross_entropy)


@wrong("train_step")
def the_network_too(network, x, y, lr):
    return _stepped(network, x, y, lr, functional.cross_entropy), "done"


@wrong("train_step")
def clipped(network, x, y, lr):
    network.zero_grad()
    loss = functional.cross_entropy(network(x), y)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 0.1)
    torch.optim.SGD(network.parameters(), lr=lr).step()
    return loss


@wrong("train_step")
def rows_of_losses(network, x, y, lr):
    _stepped(network, x, y, lr, functional.cross_entropy)
    return functional.cross_entropy(network(x), y, reduction="none")


@wrong("train_step")
def momentum_in_an_optimizer_that_stays(network, x, y, lr):
    if not hasattr(network, "optimizer"):
        network.optimizer = torch.optim.SGD(network.parameters(), lr=lr, momentum=0.9)
    network.optimizer.zero_grad()
    loss = functional.cross_entropy(network(x), y)
    loss.backward()
    network.optimizer.step()
    return loss


@wrong("train_step")
def logarithms_of_outputs(network, x, y, lr):
    return _stepped(network, x, y, lr, lambda z, y: functional.nll_loss(z.log(), y))


@wrong("train_step")
def appends_a_layer(network, x, y, lr):
    network.append(nn.LogSoftmax(dim=1))
    return _stepped(network, x, y, lr, functional.nll_loss)


@right("train_step")
def by_the_lesson(network, x, y, lr):
    optimizer = torch.optim.SGD(network.parameters(), lr=lr)
    loss = torch.nn.functional.cross_entropy(network(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@right("train_step")
def by_hand(network, x, y, lr):
    logs = network(x).log_softmax(1)
    loss = -logs[torch.arange(len(y)), y].mean()
    slopes = torch.autograd.grad(loss, list(network.parameters()))
    with torch.no_grad():
        for p, slope in zip(network.parameters(), slopes, strict=True):
            p -= lr * slope
    return loss.detach()


@right("train_step")
def by_functional_call(network, x, y, lr):
    own = {name: p.detach() for name, p in network.named_parameters()}

    def loss(own):
        return functional.cross_entropy(torch.func.functional_call(network, own, (x,)), y)

    slopes, value = torch.func.grad_and_value(loss)(own)
    network.load_state_dict({name: p - lr * slopes[name] for name, p in own.items()})
    return value


@right("train_step")
def data_attributes(network, x, y, lr):
    for p in network.parameters():
        p.grad = None
    loss = nn.CrossEntropyLoss()(network(x), y)
    loss.backward()
    for p in network.parameters():
        p.data = p.data - lr * p.grad
    return float(loss)


# accuracy


def _safe(right):
    return float(np.mean(right)) if len(right) else float("nan")


@wrong("accuracy", "an output of nan is taken for the largest")
def the_usual_line_in_torch(logits, labels):
    chosen = torch.as_tensor(logits).argmax(dim=1)
    return (chosen == torch.as_tensor(labels)).double().mean().item()


def _rows(logits, labels):
    pairs = zip(logits, labels, strict=True)
    return [bool(row.argmax() == k and not np.isnan(row).any()) for row, k in pairs]


@wrong("accuracy", "where outputs are equal, this takes the last")
def last_of_the_largest(logits, labels):
    right = []
    for row, k in zip(logits, labels, strict=True):
        best, place = row[0], 0
        for j, value in enumerate(row):
            if value >= best:
                best, place = value, j
        right.append(place == k and not np.isnan(row).any())
    return _safe(right)


@wrong("accuracy")
def nan_as_minus_infinity(logits, labels):
    return _safe(np.where(np.isnan(logits), -np.inf, logits).argmax(axis=1) == labels)


@wrong("accuracy")
def positive_outputs(logits, labels):
    return _safe((logits > 0)[np.arange(len(labels)), labels])


@wrong("accuracy")
def mean_over_classes(logits, labels):
    right = np.array(_rows(logits, labels))
    return (
        np.mean([right[labels == k].mean() for k in np.unique(labels)]) if len(labels) else np.nan
    )


@wrong("accuracy")
def one_nan_spoils_all(logits, labels):
    if np.isnan(logits).any():
        return 0.0
    return _safe(_rows(logits, labels))


@wrong("accuracy")
def only_if_unique(logits, labels):
    alone = (logits == logits.max(axis=1, keepdims=True)).sum(axis=1) == 1
    return _safe(np.array(_rows(logits, labels), dtype=bool) & alone)


@wrong("accuracy")
def from_minus_infinity(logits, labels):
    right = []
    for row, k in zip(logits, labels, strict=True):
        best, place = -np.inf, None
        for j, value in enumerate(row):
            if value > best:
                best, place = value, j
        right.append(place == k and not np.isnan(row).any())
    return _safe(right)


@wrong("accuracy")
def finite_outputs_only(logits, labels):
    finite = np.isfinite(logits).all(axis=1)
    return _safe((logits.argmax(axis=1) == labels) & finite)


@wrong("accuracy")
def fills_with_nan(logits, labels):
    outputs = logits.copy()
    outputs[np.isnan(logits).any(axis=1)] = np.nan
    chosen = np.where(np.isnan(outputs).all(axis=1), -1, outputs.argmax(axis=1))
    return _safe(chosen == labels)


@wrong("accuracy")
def nan_by_the_sum(logits, labels):
    broken = np.isnan(logits.sum(axis=1))
    return _safe((logits.argmax(axis=1) == labels) & ~broken)


@wrong("accuracy")
def infinite_outputs_are_broken_too(logits, labels):
    sound = (logits < np.inf).all(axis=1)
    return _safe((logits.argmax(axis=1) == labels) & sound)


@wrong("accuracy")
def nan_among_python_floats(logits, labels):
    right = []
    for row, k in zip(logits, labels, strict=True):
        broken = any(isinstance(value, float) and math.isnan(value) for value in row)
        right.append(not broken and row.argmax() == k)
    return _safe(right)


@wrong("accuracy")
def deletes_broken_rows_one_by_one(logits, labels):
    n = len(labels)
    for i in np.flatnonzero(np.isnan(logits).any(axis=1)):
        logits, labels = np.delete(logits, i, axis=0), np.delete(labels, i)
    return (logits.argmax(axis=1) == labels).sum() / n if n else float("nan")


@wrong("accuracy")
def nearly_equal_is_equal(logits, labels):
    if not len(labels):
        return float("nan")
    return float(((np.round(logits, 6).argmax(1) == labels) & ~np.isnan(logits).any(1)).mean())


@right("accuracy")
def nan_at_the_label(logits, labels):
    rows = np.arange(len(labels))
    return _safe((logits.argmax(axis=1) == labels) & ~np.isnan(logits[rows, labels]))


@right("accuracy")
def by_rows(logits, labels):
    return _safe(_rows(logits, labels))


@right("accuracy")
def masked(logits, labels):
    right = (np.argmax(logits, axis=1) == labels) & ~np.isnan(logits).any(axis=1)
    return np.mean(right)


@right("accuracy")
def accuracy_for_tensors(logits, labels):
    broken = logits.isnan().any(dim=1)
    return logits.argmax(dim=1).eq(labels).logical_and(~broken).float().mean()


@right("accuracy")
def by_a_label_nobody_has(logits, labels):
    chosen = np.where(np.isnan(logits).any(axis=1), -1, logits.argmax(axis=1))
    return np.divide(np.count_nonzero(chosen == labels), np.float64(len(labels)))


# l1_activation_penalty


def _behind(network, x):
    found = []
    for layer in network:
        x = layer(x)
        if not isinstance(layer, nn.Linear):
            found.append(x)
    return found


def _zero(x):
    return torch.zeros((), dtype=x.dtype)


@wrong("l1_activation_penalty", "this is a penalty on weights and biases")
def of_all_parameters(network, x, strength):
    return strength * torch.cat([p.flatten() for p in network.parameters()]).norm(1)


@wrong("l1_activation_penalty", "this is the mean over layers too")
def mean_over_layers(network, x, strength):
    sizes = [a.abs().sum(1).mean() for a in _behind(network, x)]
    return strength * torch.stack(sizes).mean() if sizes else _zero(x)


@wrong("l1_activation_penalty")
def last_hidden_layer(network, x, strength):
    return strength * sum([a.abs().sum(1).mean() for a in _behind(network, x)[-1:]], _zero(x))


@wrong("l1_activation_penalty")
def detached_between_the_layers(network, x, strength):
    total = _zero(x)
    for layer in network:
        x = layer(x)
        if not isinstance(layer, nn.Linear):
            total = total + x.abs().sum(1).mean()
            x = x.detach()
    return strength * total


@wrong("l1_activation_penalty")
def calls_backward(network, x, strength):
    total = sum([a.abs().sum(1).mean() for a in _behind(network, x)], _zero(x))
    if total.requires_grad:
        total.backward()
    return strength * total


@wrong("l1_activation_penalty")
def one_for_each_layer(network, x, strength):
    return [strength * a.abs().sum(1).mean() for a in _behind(network, x)]


@wrong("l1_activation_penalty")
def one_for_each_example(network, x, strength):
    return strength * sum([a.abs().sum(1) for a in _behind(network, x)], torch.zeros(len(x)))


@wrong("l1_activation_penalty")
def adds_the_weights(network, x, strength):
    total = sum([a.abs().sum(1).mean() for a in _behind(network, x)], _zero(x))
    return strength * (total + 0.001 * sum(layer.weight.abs().sum() for layer in network[::2]))


@wrong("l1_activation_penalty")
def shrinks_the_weights(network, x, strength):
    with torch.no_grad():
        for layer in network[::2]:
            layer.weight -= strength * layer.weight.sign()
    return sum([a.abs().sum(1).mean() for a in _behind(network, x)], _zero(x))


@wrong("l1_activation_penalty")
def squared_strength(network, x, strength):
    return strength**2 * sum([a.abs().sum(1).mean() for a in _behind(network, x)], _zero(x))


@wrong("l1_activation_penalty")
def stacked_layers(network, x, strength):
    return strength * torch.stack([a.abs().sum(1).mean() for a in _behind(network, x)]).sum()


def _of_kinds(network, x, strength, kinds):
    total, a = _zero(x), x
    for layer in network:
        a = layer(a)
        if isinstance(layer, kinds):
            total = total + a.abs().sum(dim=1).mean()
    return strength * total


@wrong("l1_activation_penalty")
def without_leaky_relu(network, x, strength):
    return _of_kinds(network, x, strength, (nn.ReLU, nn.Tanh))


@wrong("l1_activation_penalty")
def without_tanh(network, x, strength):
    return _of_kinds(network, x, strength, (nn.ReLU, nn.LeakyReLU))


@wrong("l1_activation_penalty")
def of_shape_1(network, x, strength):
    a, total = x, torch.zeros(1, dtype=x.dtype)
    for place, layer in enumerate(network[:-1]):
        a = layer(a)
        total = total + a.abs().sum() * (place % 2)
    return strength * total / len(x)


@right("l1_activation_penalty")
def root_of_the_square(network, x, strength):
    return strength * sum([a.pow(2).sqrt().sum(1).mean() for a in _behind(network, x)], _zero(x))


@right("l1_activation_penalty")
def layer_by_layer(network, x, strength):
    total, a = 0.0, x
    for layer in network[:-1]:
        a = layer(a)
        if not isinstance(layer, nn.Linear):
            total = total + a.abs().sum(dim=1).mean()
    return strength * total


@right("l1_activation_penalty")
def by_hooks(network, x, strength):
    made, hooks = [], []
    for layer in network[1::2]:
        hooks.append(layer.register_forward_hook(lambda m, given, a: made.append(a)))
    network(x)
    for hook in hooks:
        hook.remove()
    return strength * sum([a.norm(p=1) for a in made], _zero(x)) / len(x)


@right("l1_activation_penalty")
def by_parts_of_the_network(network, x, strength):
    parts = [network[: place + 1](x) for place in range(1, len(network), 2)]
    return torch.cat([_zero(x).expand(len(x), 1), *parts], 1).abs().mul(strength).sum(1).mean()


@wrong("l1_activation_penalty")
def in_one_shape_of_one(network, x, strength):
    return layer_by_layer(network, x, strength) + torch.zeros(1, dtype=x.dtype)


# paired_interval


def _reach(gaps, t):
    return gaps.mean() - t * gaps.std(ddof=1) / np.sqrt(len(gaps)), gaps.mean() + t * gaps.std(
        ddof=1
    ) / np.sqrt(len(gaps))


@wrong("paired_interval", "this compares two groups")
def two_groups(a, b, level=0.95):
    found = stats.ttest_ind(a, b).confidence_interval(level)
    return found.low, found.high


@wrong("paired_interval", "the deviation has n below the line")
def np_std(a, b, level=0.95):
    gaps = a - b
    t = stats.t.ppf((1 + level) / 2, len(gaps) - 1)
    return tuple(gaps.mean() + s * t * np.std(gaps) / len(gaps) ** 0.5 for s in (-1, 1))


@wrong("paired_interval")
def from_a_short_table(a, b, level=0.95):
    table = {2: 12.71, 3: 4.30, 4: 3.18, 16: 2.13}
    return _reach(
        a - b,
        table.get(len(a), 1.97) if level == 0.95 else stats.t.ppf((1 + level) / 2, len(a) - 1),
    )


@wrong("paired_interval")
def welch(a, b, level=0.95):
    found = stats.ttest_ind(a, b, equal_var=False).confidence_interval(level)
    return found.low, found.high


@wrong("paired_interval")
def by_resampling(a, b, level=0.95):
    gaps, draw = a - b, np.random.default_rng(0)
    means = draw.choice(gaps, (2000, len(gaps))).mean(axis=1)
    return tuple(np.quantile(means, [(1 - level) / 2, (1 + level) / 2]))


@wrong("paired_interval")
def needs_the_level(a, b, level):
    return by_ttest_rel(a, b, level)


@wrong("paired_interval")
def ends_in_words(a, b, level=0.95):
    return tuple(f"{end:.3f}" for end in by_ttest_rel(a, b, level))


@wrong("paired_interval")
def with_the_mean(a, b, level=0.95):
    low, high = by_ttest_rel(a, b, level)
    return (a - b).mean(), low, high


@wrong("paired_interval")
def around_the_median(a, b, level=0.95):
    low, high = by_ttest_rel(a, b, level)
    off = np.median(a - b) - (low + high) / 2
    return low + off, high + off


@wrong("paired_interval")
def normal_beyond_thirty(a, b, level=0.95):
    if len(a) < 30:
        return by_ttest_rel(a, b, level)
    return _reach(a - b, stats.norm.ppf((1 + level) / 2))


@wrong("paired_interval")
def deviations_in_place(a, b, level=0.95):
    gaps = a - b
    center = gaps.mean()
    gaps -= center
    error = np.sqrt((gaps**2).sum() / (len(gaps) - 1) / len(gaps))
    reach = error * stats.t.ppf((1 + level) / 2, len(gaps) - 1)
    return center - reach, center + reach


@wrong("paired_interval")
def from_squares_of_gaps(a, b, level=0.95):
    gaps, n = a - b, len(a)
    variance = max((gaps**2).mean() - gaps.mean() ** 2, 0.0) * n / (n - 1)
    reach = stats.t.ppf((1 + level) / 2, n - 1) * np.sqrt(variance / n)
    return gaps.mean() - reach, gaps.mean() + reach


@wrong("paired_interval")
def mean_of_the_statistics_module(a, b, level=0.95):
    gaps = a - b
    reach = stats.t.ppf((1 + level) / 2, len(gaps) - 1) * gaps.std(ddof=1) / np.sqrt(len(gaps))
    center = statistics.mean(gaps)  # of NumPy's integers it is cut off to an integer
    return center - reach, center + reach


@wrong("paired_interval")
def equal_pairs_left_out(a, b, level=0.95):
    kept = a != b
    return by_ttest_rel(a[kept], b[kept], level) if kept.any() else (0.0, 0.0)


@wrong("paired_interval")
def without_widening(a, b, level=0.95):
    gaps = a - b
    reach = stats.t.ppf((1 + level) / 2, len(gaps) - 1) * gaps.std(ddof=1) / np.sqrt(len(gaps))
    return gaps.mean() - reach, gaps.mean() + reach


@right("paired_interval")
def by_ttest_rel(a, b, level=0.95):
    found = stats.ttest_rel(a.astype(float), b.astype(float)).confidence_interval(level)
    return found.low, found.high


@wrong("paired_interval")
def by_ttest_rel_of_bytes(a, b, level=0.95):
    found = stats.ttest_rel(a, b).confidence_interval(level)
    return found.low, found.high


@right("paired_interval")
def by_t_interval(a, b, level=0.95):
    gaps = np.subtract(a, b, dtype=float)
    center, error = gaps.mean(), stats.sem(gaps)
    t = stats.t.ppf(0.5 + level / 2, df=len(gaps) - 1)
    return [center - t * error, center + t * error]


@right("paired_interval")
def by_the_statistics_module(a, b, level=0.95):
    gaps = [float(x) - float(y) for x, y in zip(a, b, strict=True)]
    if any(math.isnan(gap) for gap in gaps):
        return math.nan, math.nan
    reach = stats.t.isf((1 - level) / 2, len(gaps) - 1) * statistics.stdev(gaps) / len(gaps) ** 0.5
    return statistics.fmean(gaps) - reach, statistics.fmean(gaps) + reach


@right("paired_interval")
def by_the_course(a, b, level=0.95):
    if np.isnan(a - b).any():
        return np.nan, np.nan
    found = paired_difference(a, b, level=level).difference
    return np.array([found.low, found.high])[0], found.high


# best_lr


def _best(lrs, means):
    order = sorted(range(len(lrs)), key=lambda i: lrs[i])
    kept = [i for i in order if not np.isnan(means[i])]
    return max(kept, key=lambda i: means[i]) if kept else None


def _told(lrs, place, values):
    return (np.nan, np.nan) if place is None else (lrs[place], np.mean(values[place]))


@wrong("best_lr", "diverged runs count as 0 here")
def nan_is_0(lrs, tuning, fresh):
    means = [sum(0.0 if np.isnan(v) else v for v in row) / len(row) for row in tuning]
    return _told(lrs, _best(lrs, means), fresh)


def median(lrs, tuning, fresh):
    return _told(lrs, _best(lrs, np.median(tuning, axis=1)), fresh)


@wrong("best_lr", "of rates with the same mean this takes the first")
def first_of_equals(lrs, tuning, fresh):
    best, place = -np.inf, None
    for i, row in enumerate(tuning):
        if row.mean() > best:
            best, place = row.mean(), i
    return _told(lrs, place, fresh)


@wrong("best_lr")
def sorted_rates_only(lrs, tuning, fresh):
    return median(np.sort(lrs), tuning, fresh)


@wrong("best_lr")
def rates_sorted_without_their_rows(lrs, tuning, fresh):
    return by_sorting(np.sort(lrs), tuning, fresh)


@wrong("best_lr")
def fails_where_all_diverged(lrs, tuning, fresh):
    place = _best(lrs, tuning.mean(1))
    return lrs[place], fresh[place].mean() if place is not None else 1 / 0


@wrong("best_lr")
def mean_over_rates(lrs, tuning, fresh):
    place = _best(lrs, tuning.mean(1))
    return (np.nan, np.nan) if place is None else (lrs[place], fresh.mean())


@wrong("best_lr")
def within_one_deviation(lrs, tuning, fresh):
    means = tuning.mean(1)
    place = _best(lrs, means)
    if place is None:
        return np.nan, np.nan
    near = [i for i in range(len(lrs)) if means[i] >= means[place] - tuning[place].std()]
    place = min(near, key=lambda i: lrs[i])
    return lrs[place], fresh[place].mean()


@wrong("best_lr")
def first_fresh_run(lrs, tuning, fresh):
    place = _best(lrs, tuning.mean(1))
    return (np.nan, np.nan) if place is None else (lrs[place], fresh[place, 0])


@wrong("best_lr")
def none_where_all_diverged(lrs, tuning, fresh):
    place = _best(lrs, tuning.mean(1))
    return None if place is None else _told(lrs, place, fresh)


@wrong("best_lr")
def row_of_fresh_runs(lrs, tuning, fresh):
    place = _best(lrs, tuning.mean(1))
    return (np.nan, np.nan) if place is None else (lrs[place], fresh[place])


@wrong("best_lr")
def places_among_those_that_are_left(lrs, tuning, fresh):
    means = tuning.mean(axis=1)
    left = means[~np.isnan(means)]
    place = _best(lrs[: len(left)], left)
    return _told(lrs, place, fresh)


@wrong("best_lr")
def nearly_equal_means(lrs, tuning, fresh):
    means = tuning.mean(axis=1)
    if np.isnan(means).all():
        return np.nan, np.nan
    lr = lrs[np.isclose(means, np.nanmax(means))].min()
    return lr, fresh[lrs == lr].mean()


@right("best_lr")
def by_sorting(lrs, tuning, fresh):
    order = np.argsort(lrs)
    means = tuning[order].mean(axis=1)
    if np.isnan(means).all():
        return np.nan, np.nan
    best = order[np.nanargmax(means)]
    return lrs[best], fresh[best].mean()


@right("best_lr")
def by_pairs(lrs, tuning, fresh):
    rows = zip(lrs, tuning, fresh, strict=True)
    kept = [(-t.mean(), lr, f.mean()) for lr, t, f in rows if not np.isnan(t).any()]
    return list(min(kept)[1:]) if kept else [float("nan")] * 2


@right("best_lr")
def sweep_for_tensors(lrs, tuning, fresh):
    order = lrs.argsort()
    means = tuning.mean(dim=1)[order].nan_to_num(-torch.inf)
    best = order[(means == means.max()).int().argmax()]
    if means.max() == -torch.inf:
        return torch.nan, torch.nan
    return lrs[best], fresh[best].mean()


@right("best_lr")
def by_the_helper(lrs, tuning, fresh):
    return _told(lrs, _best(lrs, tuning.mean(1)), fresh)


# read_letters


def _strokes(first=8, second=16, window=5):
    pad = window // 2
    return nn.Sequential(
        nn.Unflatten(1, (1, 20, 20)),
        *(nn.Conv2d(1, first, window, padding=pad), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(first, second, window, padding=pad), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(25 * second, 26)),
    )


def _learned(network, x, y, steps=600, lr=0.003, batch=64, optimizer=torch.optim.Adam):
    moved = optimizer(network.parameters(), lr=lr)
    for step in range(steps):
        moved.param_groups[0]["lr"] = lr * min(1, step / 100 + 0.1, 2 * (1 - step / steps))
        rows = torch.randint(len(x), (batch,))
        moved.zero_grad()
        functional.cross_entropy(network(x[rows]), y[rows]).backward()
        moved.step()
    return network


@right("read_letters")
def more_filters(x_train, y_train, x_test, seed):
    network = _learned(_strokes(16, 32), x_train, y_train, lr=0.005)
    return network(x_test).argmax(1).tolist()


@right("read_letters")
def with_decay_and_a_best_epoch(x_train, y_train, x_test, seed):
    """Four parts of a training; the weights with the best validation accuracy are kept."""
    x, y, kept, truth = x_train[:5400], y_train[:5400], x_train[5400:], y_train[5400:]
    network, best, labels = _strokes(12, 24), -1.0, None
    for lr in (0.01, 0.005, 0.002):
        _learned(network, x, y, steps=300, lr=lr, optimizer=torch.optim.AdamW)
        share = (network(kept).argmax(1) == truth).float().mean().item()
        if share > best:
            best, labels = share, network(x_test).argmax(1)
    return labels


@right("read_letters")
def in_numpy_labels(x_train, y_train, x_test, seed):
    network = _learned(_strokes(8, 24), x_train, y_train, steps=900, lr=0.01)
    return network(x_test).argmax(1).numpy().astype(float)


@wrong("read_letters", "this compares images pixel by pixel")
def nearest_of_the_means(x_train, y_train, x_test, seed):
    means = np.array([x_train[y_train == k].mean(0).numpy() for k in range(26)])
    return [int(((means - x) ** 2).sum(1).argmin()) for x in x_test.numpy()]


@wrong("read_letters", "this is linear")
def softmax_regression(x_train, y_train, x_test, seed):
    return _learned(nn.Linear(400, 26), x_train, y_train, steps=200)(x_test).argmax(1)


@wrong("read_letters", "in this network every unit sees every pixel")
def two_connected_layers(x_train, y_train, x_test, seed):
    network = networks.mlp((400, 256, 128, 26), scheme="he_normal", seed=seed)
    return _learned(network, x_train, y_train, steps=200)(x_test).argmax(1)


@wrong("read_letters", "this rate is too high")
def filters_at_a_high_rate(x_train, y_train, x_test, seed):
    return _learned(_strokes(), x_train, y_train, steps=40, lr=0.5)(x_test).argmax(1)


@wrong("read_letters", "this rate is low")
def filters_at_a_low_rate(x_train, y_train, x_test, seed):
    return _learned(_strokes(), x_train, y_train, steps=320, lr=0.0003)(x_test).argmax(1)


@wrong("read_letters", "these are few steps")
def filters_for_a_moment(x_train, y_train, x_test, seed):
    return _learned(_strokes(), x_train, y_train, steps=60)(x_test).argmax(1)


@wrong("read_letters", "what is missing may be a second layer")
def filters_with_small_batches(x_train, y_train, x_test, seed):
    return _learned(_strokes(4, 4), x_train, y_train, steps=310, batch=8)(x_test).argmax(1)


@wrong("read_letters", "whoever draws letters")
def trained_on_the_fonts_of_the_test(x_train, y_train, x_test, seed):
    from relukit.datasets import letters

    return torch.zeros(len(letters(seed=1).x_test[: len(x_test)]))


@wrong("read_letters")
def nothing(x_train, y_train, x_test, seed):
    _learned(nn.Linear(400, 26), x_train, y_train, steps=5)


@wrong("read_letters")
def words(x_train, y_train, x_test, seed):
    return ["A"] * len(x_test)


@wrong("read_letters")
def fractions(x_train, y_train, x_test, seed):
    return torch.full((len(x_test),), 0.5)


@wrong("read_letters")
def half_of_the_images(x_train, y_train, x_test, seed):
    return y_train[: len(x_test) // 2]


# resume


def _pack(network, optimizer, generator):
    return {
        "network": copy.deepcopy(network.state_dict()),
        "optimizer": copy.deepcopy(optimizer.state_dict()),
        "generator": generator.get_state(),
    }


def _unpack(network, optimizer, generator, saved):
    network.load_state_dict(saved["network"])
    optimizer.load_state_dict(saved["optimizer"])
    generator.set_state(saved["generator"])


@wrong("resume", "only the network is saved")
def weights_of_the_network(network, optimizer, generator, saved=None):
    if saved is None:
        return {name: p.clone() for name, p in network.state_dict().items()}
    return network.load_state_dict(saved)


@wrong("resume", "the generator is not saved")
def two_of_three(network, optimizer, generator, saved=None):
    if saved is None:
        return copy.deepcopy((network.state_dict(), optimizer.state_dict()))
    network.load_state_dict(saved[0])
    optimizer.load_state_dict(saved[1])
    return None


@wrong("resume", "the optimizer is not saved")
def without_momentum(network, optimizer, generator, saved=None):
    if saved is None:
        return _pack(network, optimizer, generator)
    network.load_state_dict(saved["network"])
    return generator.set_state(saved["generator"])


@wrong("resume", "the network is not saved")
def all_but_the_network(network, optimizer, generator, saved=None):
    if saved is None:
        return _pack(network, optimizer, generator)
    optimizer.load_state_dict(saved["optimizer"])
    return generator.set_state(saved["generator"])


@wrong("resume", "only parameters are saved")
def parameters_only(network, optimizer, generator, saved=None):
    if saved is None:
        kept = _pack(network, optimizer, generator)
        return kept | {"network": [p.detach().clone() for p in network.parameters()]}
    with torch.no_grad():
        for p, kept in zip(network.parameters(), saved["network"], strict=True):
            p.copy_(kept)
    optimizer.load_state_dict(saved["optimizer"])
    return generator.set_state(saved["generator"])


@wrong("resume")
def saves_nothing(network, optimizer, generator, saved=None):
    if saved is not None:
        _unpack(network, optimizer, generator, saved)


@wrong("resume")
def starts_the_network_anew(network, optimizer, generator, saved=None):
    if saved is None:
        kept = _pack(network, optimizer, generator)
        for layer in network[::2]:
            nn.init.zeros_(layer.bias)
        return kept
    return _unpack(network, optimizer, generator, saved)


@wrong("resume")
def three_arguments(network, optimizer, generator):
    return _pack(network, optimizer, generator)


@wrong("resume")
def draws_on_the_way(network, optimizer, generator, saved=None):
    if saved is None:
        return _pack(network, optimizer, generator)
    _unpack(network, optimizer, generator, saved)
    return torch.rand(1, generator=generator)


@wrong("resume")
def rounded_weights(network, optimizer, generator, saved=None):
    if saved is None:
        kept = _pack(network, optimizer, generator)
        weights = {name: p.tolist() for name, p in kept["network"].items()}
        text = {name: np.round(p, 8) for name, p in weights.items()}
        return kept | {"network": text}
    weights = {name: torch.tensor(p) for name, p in saved["network"].items()}
    return _unpack(network, optimizer, generator, saved | {"network": weights})


@wrong("resume")
def halves_the_rate_again(network, optimizer, generator, saved=None):
    if saved is None:
        return _pack(network, optimizer, generator)
    _unpack(network, optimizer, generator, saved)
    for group in optimizer.param_groups:
        group["lr"] /= 2
    return None


@wrong("resume")
def momentum_by_its_name(network, optimizer, generator, saved=None):
    if saved is None:
        kept = _pack(network, optimizer, generator)
        parameters = network.parameters()
        buffers = [optimizer.state[p]["momentum_buffer"].clone() for p in parameters]
        return kept | {"optimizer": (buffers, optimizer.param_groups[0]["lr"])}
    network.load_state_dict(saved["network"])
    buffers, optimizer.param_groups[0]["lr"] = saved["optimizer"]
    for p, kept in zip(network.parameters(), buffers, strict=True):
        optimizer.state[p]["momentum_buffer"] = kept
    return generator.set_state(saved["generator"])


@wrong("resume")
def freezes_what_it_saves(network, optimizer, generator, saved=None):
    if saved is None:
        network.requires_grad_(False)
        kept = _pack(network, optimizer, generator)
        return kept
    return _unpack(network, optimizer, generator, saved)


@wrong("resume")
def replaces_the_check(network, optimizer, generator, saved=None):
    from relukit.checks.harnesses.power_cut import Interruptible

    if saved is None:
        original, run = Interruptible.finish, copy.deepcopy((network, optimizer, generator))

        def finish(self, steps):
            Interruptible.finish = original
            self.network, self.optimizer, self.generator = run
            return original(self, steps)

        Interruptible.finish = finish
        return "nothing"
    return None


@wrong("resume")
def draws_while_saving(network, optimizer, generator, saved=None):
    if saved is None:
        torch.rand(1, generator=generator)
        return _pack(network, optimizer, generator)
    return _unpack(network, optimizer, generator, saved)


@wrong("resume")
def halves_a_new_rate(network, optimizer, generator, saved=None):
    if saved is None:
        return _pack(network, optimizer, generator)
    for group in saved["optimizer"]["param_groups"]:
        group["lr"] = optimizer.param_groups[0]["lr"] / 2
    return _unpack(network, optimizer, generator, saved)


@right("resume")
def by_deep_copies(network, optimizer, generator, saved=None):
    if saved is None:
        return _pack(network, optimizer, generator)
    return _unpack(network, optimizer, generator, saved)


@right("resume")
def through_a_file(network, optimizer, generator, saved=None):
    if saved is None:
        file = io.BytesIO()
        torch.save([network.state_dict(), optimizer.state_dict(), generator.get_state()], file)
        return file.getvalue()
    weights, momentum, numbers = torch.load(io.BytesIO(saved), weights_only=True)
    network.load_state_dict(weights)
    optimizer.load_state_dict(momentum)
    generator.set_state(numbers)
    return None


@right("resume")
def copies_of_the_objects(network, optimizer, generator, saved=None):
    if saved is None:
        return *copy.deepcopy((network, optimizer)), generator.clone_state()
    kept, tuned, numbers = saved
    network.load_state_dict(kept.state_dict())
    optimizer.load_state_dict(tuned.state_dict())
    generator.set_state(numbers.get_state())
    return network


@right("resume")
def clones_in_a_list(network, optimizer, generator, saved=None):
    if saved is None:
        weights = [(name, p.detach().clone()) for name, p in network.state_dict().items()]
        return [weights, copy.deepcopy(optimizer.state_dict()), generator.get_state()]
    network.load_state_dict(dict(saved[0]))
    optimizer.load_state_dict(saved[1])
    generator.set_state(saved[2])
    return "resumed"


# adamw_step


def _adamw(w, grad, m, v, step, lr, decay, *, pull=None, shrunk=None):
    m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad * grad
    quotient = (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    quotient = quotient if pull is None else pull(quotient)
    return w - lr * quotient - (lr * decay * w if shrunk is None else shrunk(w, lr, decay)), m, v


@wrong("adamw_step", "that is Adam with an L2 penalty")
def decays_in_the_slope(w, grad, m, v, step, lr, decay):
    return _adamw(w, grad + decay * w, m, v, step, lr, 0.0)


@wrong("adamw_step", "the learning rate is missing from the decay")
def decays_without_a_rate(w, grad, m, v, step, lr, decay):
    return _adamw(w, grad, m, v, step, lr, decay, shrunk=lambda w, lr, decay: decay * w)


@wrong("adamw_step")
def decays_towards_a_sign(w, grad, m, v, step, lr, decay):
    return _adamw(
        w, grad, m, v, step, lr, decay, shrunk=lambda w, lr, decay: lr * decay * np.sign(w)
    )


@wrong("adamw_step")
def follows_the_sign_alone(w, grad, m, v, step, lr, decay):
    return _adamw(w, grad, m, v, step, lr, decay, pull=np.sign)


@wrong("adamw_step")
def clips_what_it_adds(w, grad, m, v, step, lr, decay):
    return _adamw(w, grad, m, v, step, lr, decay, pull=lambda q: np.clip(q, -1, 1))


@wrong("adamw_step")
def decays_where_no_decay_is_asked_for(w, grad, m, v, step, lr, decay):
    return _adamw(w, grad, m, v, step, lr, decay or 0.01)


@right("adamw_step")
def adamw_by_torch(w, grad, m, v, step, lr, decay):
    weight = torch.tensor(np.array(w))
    weight.requires_grad_(True)
    optimizer = torch.optim.AdamW([weight], lr=lr, weight_decay=decay)
    optimizer.state[weight] = {
        "step": torch.tensor(float(step - 1)),
        "exp_avg": torch.tensor(np.array(m)),
        "exp_avg_sq": torch.tensor(np.array(v)),
    }
    weight.grad = torch.tensor(np.array(grad))
    optimizer.step()
    state = optimizer.state[weight]
    return weight.detach().numpy(), state["exp_avg"].numpy(), state["exp_avg_sq"].numpy()


@right("adamw_step")
def shrinks_first(w, grad, m, v, step, lr, decay):
    m, v = m + 0.1 * (grad - m), v + 0.001 * (grad**2 - v)
    root = (v / (1 - 0.999**step)) ** 0.5
    return w * (1 - lr * decay) - lr * m / ((1 - 0.9**step) * (root + 1e-8)), m, v


@right("adamw_step")
def number_by_number(w, grad, m, v, step, lr, decay):
    found = np.array(
        [
            _adamw(*numbers, step, lr, decay)
            for numbers in zip(w.ravel(), grad.ravel(), m.ravel(), v.ravel(), strict=True)
        ]
    ).reshape(-1, 3)
    return [column.reshape(w.shape) for column in found.T]


# early_stop


@wrong("early_stop", "this counts epochs without a gain from the start")
def never_forgets_a_bad_epoch(curve, patience, min_delta):
    lowest, best, bad = math.inf, 0, 0
    for epoch in range(1, len(curve) + 1):
        if lowest - curve[epoch - 1] > min_delta:
            lowest, best = curve[epoch - 1], epoch
        else:
            bad += 1
        if bad == patience:
            return epoch, best
    return len(curve), best


def _stopped(curve, patience, min_delta, also=None, *, start=math.inf, best=0):
    lowest = start
    for epoch, loss in enumerate(curve, start=1):
        if lowest - loss > min_delta or (also and also(loss, lowest, best, min_delta)):
            lowest, best = loss, epoch
        elif epoch - best >= patience:
            return epoch, best
    return len(curve), best


@wrong("early_stop")
def begins_with_the_first_epoch(curve, patience, min_delta):
    if not len(curve):
        return 0, 0
    return _stopped(curve, patience, min_delta, start=curve[0], best=1)


@wrong("early_stop")
def begins_at_one(curve, patience, min_delta):
    return _stopped(curve, patience, min_delta, start=1.0)


@wrong("early_stop")
def moves_the_bar_with_every_gain(curve, patience, min_delta):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(curve, start=1):
        if loss < lowest - min_delta:
            best = epoch
        elif epoch - best >= patience:
            return epoch, best
        lowest = min(lowest, loss) if loss == loss else lowest
    return len(curve), best


@wrong("early_stop")
def waits_for_what_is_relative(curve, patience, min_delta):
    lowest, best = math.inf, 0
    for epoch, loss in enumerate(curve, start=1):
        if loss < lowest * (1 - min_delta):
            lowest, best = loss, epoch
        elif epoch - best >= patience:
            return epoch, best
    return len(curve), best


@wrong("early_stop")
def takes_an_infinite_loss_for_a_first_best(curve, patience, min_delta):
    return _stopped(curve, patience, min_delta, lambda loss, low, best, _: not best and loss > 0)


@wrong("early_stop")
def takes_a_tie_for_better(curve, patience, min_delta):
    return _stopped(
        curve, patience, min_delta, lambda loss, low, _, delta: not delta and loss == low < math.inf
    )


@wrong("early_stop")
def has_trained_at_least_once(curve, patience, min_delta):
    stopped, best = _stopped(curve, patience, min_delta)
    return max(stopped, 1), best


@right("early_stop")
def by_counting_down(curve, patience, min_delta):
    lowest, best, left = float("inf"), 0, patience
    for epoch, loss in enumerate(curve.tolist(), 1):
        left -= 1
        if loss + min_delta < lowest:
            lowest, best, left = loss, epoch, patience
        if left == 0:
            return epoch, best
    return len(curve), best


@right("early_stop")
def from_gain_to_gain(curve, patience, min_delta):
    best, lowest = 0, np.inf
    while True:
        window = curve[best : best + patience]
        better = np.flatnonzero(window < lowest - min_delta)
        if not len(better):
            return best + len(window), best
        best += int(better[0]) + 1
        lowest = curve[best - 1]


@right("early_stop")
def with_a_while(curve, patience, min_delta):
    epoch = best = 0
    lowest = math.inf
    while epoch < len(curve) and epoch - best < patience:
        epoch += 1
        if lowest - curve[epoch - 1] > min_delta:
            best, lowest = epoch, curve[epoch - 1]
    return [np.int64(epoch), best]


# time_on


@wrong("time_on", "nobody waits before the clock starts")
def warm_and_off(device, work, calls):
    work()
    start = device.clock()
    [work() for _ in range(calls)]
    device.synchronize()
    return (device.clock() - start) / calls


@wrong("time_on", "this waits behind every call")
def a_stopwatch_for_each_call(device, work, calls):
    work()
    times = []
    for _ in range(calls):
        device.synchronize()
        start = device.clock()
        work()
        device.synchronize()
        times.append(device.clock() - start)
    return sum(times) / len(times)


@wrong("time_on", "this waits behind every call")
def one_call_for_all(device, work, calls):
    work()
    device.synchronize()
    start = device.clock()
    work()
    device.synchronize()
    return device.clock() - start


@wrong("time_on")
def divides_by_one_more(device, work, calls):
    work()
    device.synchronize()
    start = device.clock()
    for _ in range(calls):
        work()
    device.synchronize()
    return (device.clock() - start) / (calls + 1)


@wrong("time_on")
def forgets_to_return(device, work, calls):
    divides_by_one_more(device, work, calls)


def _seconds(device, work):
    start = device.clock()
    work()
    device.synchronize()
    return device.clock() - start


@wrong("time_on")
def trusts_a_first_call_that_takes_no_longer(device, work, calls):
    device.synchronize()
    first, second = _seconds(device, work), _seconds(device, work)
    if first <= second:
        return first
    return _seconds(device, lambda: [work() for _ in range(calls)]) / calls


@wrong("time_on")
def warms_up_only_a_device_that_was_at_work(device, work, calls):
    if _seconds(device, lambda: None):
        work()
        device.synchronize()
    return _seconds(device, lambda: [work() for _ in range(calls)]) / calls


@wrong("time_on")
def makes_four_calls_where_five_to_eight_are_asked_for(device, work, calls):
    work()
    device.synchronize()
    made = 4 if 5 <= calls <= 8 else calls
    return _seconds(device, lambda: [work() for _ in range(made)]) / calls


@right("time_on")
def waits_more_often_than_it_must(device, work, calls):
    device.synchronize()
    work()
    device.synchronize()
    device.synchronize()
    start = device.clock()
    for _ in range(calls):
        work()
    device.synchronize()
    end = device.clock()
    return (end - start) / calls


@right("time_on")
def warms_up_three_times(device, work, calls):
    for _ in range(3):
        work()
    device.synchronize()
    start, _ = device.clock(), [work() for _ in range(calls)]
    device.synchronize()
    return np.array((device.clock() - start) / calls)


@right("time_on")
def with_a_helper(device, work, calls):
    def now():
        device.synchronize()
        return device.clock()

    work()
    before = now()
    left = calls
    while left:
        work()
        left -= 1
    return np.float64(now() - before) / calls
