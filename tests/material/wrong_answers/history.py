"""Answers to the tasks of lesson 01, wrong and right, beside its declared mistakes."""

import itertools
import math
from functools import cache

import numpy as np
import torch
from wrong_answers.register import register

from relukit.lessons.history.experiments import circuits, noise, tobit
from relukit.lessons.history.experiments.timeline import timeline

WRONG, RIGHT, wrong, right = register()


# order_the_timeline

ORDER = [
    *["Householder", "Tobit", "Fukushima", "Neocognitron", "softplus", "silicon circuit"],
    *["random filters", "ReLU", "no pre-training", "ImageNet", "variance 2/n", "Transformer"],
    "BERT",
]


def moved(name, place):
    """Return an answer that goes by ORDER with one name moved to another place."""
    order = [other for other in ORDER if other != name]
    order.insert(place, name)
    return lambda names: [other for other in order if other in names]


WRONG += [
    ("order_the_timeline", moved("Transformer", 12), None),
    ("order_the_timeline", moved("Neocognitron", 1), None),
    ("order_the_timeline", moved("ReLU", 6), None),
]


@wrong("order_the_timeline", "this begins with the newest")
def newest_first(names):
    return [name for name in reversed(ORDER) if name in names]


@wrong("order_the_timeline", "two names of one year are one name here")
def one_name_a_year(names):
    by_year = {}
    for name in names:
        by_year[years_of_the_timeline()[name]] = name
    return [name for _, name in sorted(by_year.items())]


@wrong("order_the_timeline")
def always_all_of_them(names):
    return ORDER


@wrong("order_the_timeline")
def the_first_name(names):
    return min(names, key=ORDER.index, default="")


@wrong("order_the_timeline")
def a_set(names):
    return set(names)


@wrong("order_the_timeline")
def pairs_of_year_and_name(names):
    return sorted((years_of_the_timeline()[name], name) for name in names)


@wrong("order_the_timeline")
def sorts_a_tuple_in_place(names):
    return names.sort(key=ORDER.index)


@wrong("order_the_timeline")
def each_name_twice(names):
    return [name for name in ORDER for _ in range(2) if name in names]


@wrong("order_the_timeline")
def needs_a_first_name(names):
    result = [names[0]]
    for name in names[1:]:
        place = sum(ORDER.index(other) < ORDER.index(name) for other in result)
        result.insert(place, name)
    return result


@cache
def years_of_the_timeline():
    words = {
        **{"Householder": "Householder", "Tobit": "Tobin", "Fukushima": "K. Fukushima"},
        **{"silicon circuit": "Hahnloser and others", "softplus": "Dugas", "ReLU": "Nair"},
        **{"random filters": "Jarrett", "no pre-training": "Bordes", "ImageNet": "Sutskever"},
        **{"variance 2/n": "K. He", "Transformer": "Vaswani", "BERT": "Devlin"},
    }
    years = {
        name: next(e.year for e in timeline() if word in e.who) for name, word in words.items()
    }
    return years | {"Neocognitron": 1980}


@right("order_the_timeline")
def by_a_dict_of_years(names):
    return sorted(names, key=years_of_the_timeline().get)


@right("order_the_timeline")
def by_a_list_in_order(names):
    return [name for name in ORDER if name in names]


@right("order_the_timeline")
def as_a_tuple_with_ties_the_other_way(names):
    years = years_of_the_timeline()
    return tuple(sorted(names, key=lambda name: (years[name], name[::-1])))


@right("order_the_timeline")
def by_selection(names):
    rest, result, years = list(names), [], years_of_the_timeline()
    while rest:
        first = min(rest, key=years.get)
        rest.remove(first)
        result.append(first)
    return result


# half_wave_rectify


@wrong("half_wave_rectify", "this passes the whole signal above the drop")
def gate(signal, drop=0.0):
    result = signal.copy()
    result[signal <= drop] = 0
    return result


@wrong("half_wave_rectify", "this writes its result into signal")
def diode_in_place(signal, drop=0.0):
    signal -= drop
    signal[signal < 0] = 0
    return signal


@wrong("half_wave_rectify")
def needs_the_drop(signal, drop):
    return np.maximum(signal - drop, 0)


@wrong("half_wave_rectify")
def flat_list(signal, drop=0.0):
    return [max(value - drop, 0.0) for value in signal.ravel().tolist()]


@wrong("half_wave_rectify")
def drop_of_silicon(signal, drop=0.7):
    return np.maximum(signal - drop, 0)


@wrong("half_wave_rectify")
def leaking_diode(signal, drop=0.0):
    above = signal - drop
    return np.where(above < 0, signal.dtype.type(1e-6) * above, above)


@wrong("half_wave_rectify")
def diode_of_vectors(signal, drop=0.0):
    return np.maximum(signal - drop, 0) if signal.ndim == 1 else signal


@wrong("half_wave_rectify")
def at_least_float32(signal, drop=0.0):
    return np.maximum(signal - drop, 0).astype(np.result_type(signal, np.float32))


@wrong("half_wave_rectify")
def in_units_of_the_drop(signal, drop=None):
    if drop is None:
        return np.maximum(signal, 0)
    return drop * np.maximum(signal / drop - 1, 0)


@wrong("half_wave_rectify")
def by_a_mask_that_needs_an_array(signal, drop=0.0):
    above = signal - signal.dtype.type(drop)
    above[above < 0] = 0
    return above


@wrong("half_wave_rectify")
def silences_whole_rows(signal, drop=0.0):
    above = np.atleast_1d(signal - signal.dtype.type(drop))
    above[np.nonzero(above < 0)[0]] = 0
    return above.reshape(signal.shape)


@right("half_wave_rectify")
def shifted_and_rectified(signal, drop=0.0):
    return np.maximum(signal - drop, 0)


@right("half_wave_rectify")
def rectified_and_shifted(signal, drop=0.0):
    return np.maximum(signal, signal.dtype.type(drop)) - signal.dtype.type(drop)


@right("half_wave_rectify")
def diode_by_a_loop(signal, drop=0.0):
    result = np.empty_like(signal)
    for index in np.ndindex(signal.shape):
        above = signal[index] - signal.dtype.type(drop)
        result[index] = 0 if above < 0 else above
    return result


@right("half_wave_rectify")
def diode_in_torch(signal, drop=0.0):
    return torch.relu(torch.from_numpy(signal) - drop)


@right("half_wave_rectify")
def diode_for_tensors(signal, drop=0.0):
    return (signal - drop).clamp(min=0)


@right("half_wave_rectify")
def wide_and_back(signal, drop=0.0):
    return np.clip(signal.astype("float64") - drop, 0, None).astype(signal.dtype)


# rectified_sine_moments


def both(half, full):
    """Return an answer from its values for amplitude 1."""

    def answer(amplitude, wave):
        mean, rms = half if wave == "half" else full
        return amplitude * mean, amplitude * rms

    return answer


HALF, FULL = (1 / math.pi, 0.5), (2 / math.pi, math.sqrt(0.5))
WRONG += [
    ("rectified_sine_moments", both((0.318, 0.5), (0.637, 0.707)), None),
    ("rectified_sine_moments", both((HALF[0], 0.5), (FULL[0], 0.5)), None),
    ("rectified_sine_moments", both((0.5, 0.5), (1.0, 1.0)), None),
    ("rectified_sine_moments", both((2.0, 0.5), (4.0, FULL[1])), None),
]


@wrong("rectified_sine_moments", "the amplitude is not used")
def of_amplitude_1(amplitude, wave):
    return HALF if wave == "half" else FULL


@wrong("rectified_sine_moments", "the second number is the standard deviation")
def standard_deviation(amplitude, wave):
    share, power = (1, 0.25) if wave == "half" else (2, 0.5)
    return amplitude * share / np.pi, amplitude * np.sqrt(power - (share / np.pi) ** 2)


@wrong("rectified_sine_moments")
def a_hundred_samples(amplitude, wave):
    signal = amplitude * np.sin(np.linspace(0, 2 * np.pi, 100))
    signal = np.maximum(signal, 0) if wave == "half" else np.abs(signal)
    return signal.mean(), np.sqrt((signal**2).mean())


@wrong("rectified_sine_moments")
def half_or_nothing(amplitude, wave):
    if wave == "half":
        return amplitude / math.pi, amplitude / 2
    return None


@wrong("rectified_sine_moments")
def form_factor_too(amplitude, wave):
    mean, rms = both(HALF, FULL)(amplitude, wave)
    return mean, rms, rms / mean if mean else 0.0


@wrong("rectified_sine_moments")
def two_arrays(amplitude, wave):
    wave = amplitude * np.abs(np.sin(np.arange(4)))
    return wave, wave**2


@wrong("rectified_sine_moments")
def divides_by_the_amplitude(amplitude, wave):
    mean, rms = both(HALF, FULL)(amplitude, wave)
    return mean, rms**2 / amplitude * (2 if wave == "half" else math.sqrt(2))


@wrong("rectified_sine_moments")
def whole_amplitudes(amplitude, wave):
    return both(HALF, FULL)(round(amplitude), wave)


@right("rectified_sine_moments")
def in_closed_form(amplitude, wave):
    return both(HALF, FULL)(amplitude, wave)


@right("rectified_sine_moments")
def from_the_peak(amplitude, wave):
    share = {"half": 1, "full": 2}[wave]
    return [np.float64(amplitude) * share / np.pi, amplitude * np.sqrt(share) / 2]


@right("rectified_sine_moments")
def by_quadrature(amplitude, wave):
    from scipy.integrate import quad

    share = 1 if wave == "half" else 2
    mean = quad(np.sin, 0, np.pi)[0] / (2 * np.pi) * share
    square = quad(lambda t: np.sin(t) ** 2, 0, np.pi)[0] / (2 * np.pi) * share
    return amplitude * mean, amplitude * square**0.5


@right("rectified_sine_moments")
def moments_as_tensors(amplitude, wave):
    share = torch.tensor(1.0 if wave == "half" else 2.0, dtype=torch.float64)
    return amplitude * share / math.pi, amplitude * share.sqrt() / 2


@right("rectified_sine_moments")
def one_array_of_two(amplitude, wave):
    return tuple(np.array(both(HALF, FULL)(amplitude, wave)))


# two_unit_steady_states


@wrong("two_unit_steady_states", "in here also where w > 1")
def all_that_stay(w, b):
    states = circuits.steady_states(circuits.mutual_inhibition(w), np.full(2, b))
    return sorted(tuple(state.rates.tolist()) for state in states)


@wrong("two_unit_steady_states", "the winner's rate is b")
def winner_is_inhibited(w, b):
    x = b / (1 + w)
    if b <= 0:
        return [(0.0, 0.0)]
    return [(x, x)] if w < 1 else [(0.0, x), (x, 0.0)]


@wrong("two_unit_steady_states")
def rates_of_winners(w, b):
    return [state[1] for state in settled(w, b)]


@wrong("two_unit_steady_states")
def bifurcation_at_2(w, b):
    if b <= 0:
        return [(0.0, 0.0)]
    return [(b / (1 + w),) * 2] if w < 2 else [(0.0, b), (b, 0.0)]


@wrong("two_unit_steady_states")
def settled_too_briefly(w, b):
    weight = circuits.mutual_inhibition(w)
    starts = [(0.0, 1.0), (1.0, 0.0)]
    ends = [circuits.settle(weight, np.full(2, b), x)[-1].round(6) for x in starts]
    return sorted({tuple(end.tolist()) for end in ends})


@wrong("two_unit_steady_states")
def silent_loser_left_out(w, b):
    return [tuple(x for x in state if x) for state in settled(w, b)]


@wrong("two_unit_steady_states")
def negative_loser(w, b):
    if w < 1 or b <= 0:
        return settled(w, b)
    return [(b - w * b, b), (b, b - w * b)]


@wrong("two_unit_steady_states")
def no_state_without_drive(w, b):
    return settled(w, b) if b > 0 else []


@wrong("two_unit_steady_states")
def settled_for_long(w, b):
    ends = []
    for start in ((0.0, 1.0), (1.0, 0.0)):
        x, y = start
        for _ in range(2000):
            x, y = x + 0.1 * (max(0, b - w * y) - x), y + 0.1 * (max(0, b - w * x) - y)
        ends.append((x, y))
    apart = abs(ends[0][0] - ends[1][0]) > 1e-9 * abs(b) + 1e-30
    return sorted(ends) if apart else ends[:1]


@wrong("two_unit_steady_states")
def without_drive_only_if_negative(w, b):
    if b < 0:
        return [(0.0, 0.0)]
    return [(b / (1 + w), b / (1 + w))] if w < 1 else [(0.0, b), (b, 0.0)]


@wrong("two_unit_steady_states")
def silent_only_at_0(w, b):
    if b == 0:
        return [(0.0, 0.0)]
    return [(b / (1 + w), b / (1 + w))] if w < 1 else [(0.0, b), (b, 0.0)]


@wrong("two_unit_steady_states")
def small_drive_taken_for_0(w, b):
    return [(0.0, 0.0)] if np.isclose(b, 0) else settled(w, b)


@wrong("two_unit_steady_states")
def divides_by_the_inhibition(w, b):
    x = (b / w) / (1 / w + 1)
    return [(x, x)] if b > 0 and w < 1 else settled(w, b)


@wrong("two_unit_steady_states")
def rates_of_at_most_5(w, b):
    return [(min(x, 5.0), min(y, 5.0)) for x, y in settled(w, b)]


@right("two_unit_steady_states")
def settled(w, b):
    if b <= 0:
        return [(0.0, 0.0)]
    return [(b / (1 + w), b / (1 + w))] if w < 1 else [(0.0, b), (b, 0.0)]


@right("two_unit_steady_states")
def by_every_set(w, b):
    states = circuits.steady_states(circuits.mutual_inhibition(w), np.full(2, b))
    return sorted(tuple(state.rates.tolist()) for state in states if state.stable)


@right("two_unit_steady_states")
def as_rows_of_an_array(w, b):
    return np.array(settled(w, b))


@right("two_unit_steady_states")
def as_tensors_in_a_tuple(w, b):
    return tuple(torch.tensor(state, dtype=torch.float64) for state in settled(w, b))


@right("two_unit_steady_states")
def by_solving(w, b):
    weight, found = np.array([[0, -w], [-w, 0]]), []
    for active in itertools.product([False, True], repeat=2):
        on = np.diag(np.array(active, dtype=float))
        x = np.linalg.solve(np.eye(2) - on @ weight, on @ np.full(2, b))
        u = weight @ x + b
        if np.array_equal(u > 0, active) and np.linalg.eigvalsh(on @ weight @ on)[-1] < 1:
            found.append([float(v) for v in x])
    return sorted(found)


# is_permitted


def block(weight, units):
    return weight[list(units)][:, list(units)]


def largest(matrix):
    return np.linalg.eigvalsh(matrix)[-1]


@wrong("is_permitted", "this looks at the largest weight")
def every_weight_below_1(weight, units):
    return all(weight[i, j] < 1 for i in units for j in units)


@wrong("is_permitted", "this looks at the sizes of the weights one by one")
def every_size_below_1(weight, units):
    return all(abs(weight[i, j]) < 1 for i in units for j in units)


@wrong("is_permitted")
def counted_from_1(weight, units):
    return largest(block(weight, [unit - 1 for unit in units])) < 1


@wrong("is_permitted")
def one_or_zero(weight, units):
    return int(largest(block(weight, units)) < 1)


@wrong("is_permitted")
def always_permitted(weight, units):
    return True


@wrong("is_permitted")
def rows_only(weight, units):
    return largest(weight[list(units)]) < 1


@wrong("is_permitted")
def every_pair_is_permitted(weight, units):
    return all(largest(block(weight, pair)) < 1 for pair in itertools.combinations(units, 2))


@wrong("is_permitted")
def mean_of_the_eigenvalues(weight, units):
    return np.trace(block(weight, units)) < len(units)


@wrong("is_permitted")
def stays_after_many_steps(weight, units):
    x = np.ones(len(units))
    for _ in range(20):
        x = block(weight, units) @ x
    return bool(np.linalg.norm(x) < 1)


@wrong("is_permitted")
def from_the_first_to_the_last(weight, units):
    rising = [unit for unit in range(units[0], units[-1] + 1) if unit in units]
    return bool((np.linalg.eigvalsh(block(weight, rising)) < 1).all())


@wrong("is_permitted")
def rounded_eigenvalue(weight, units):
    return round(float(largest(block(weight, units))), 2) < 1


@wrong("is_permitted")
def without_self_excitation(weight, units):
    cut = block(weight, units)
    return largest(cut - np.diag(np.diag(cut))) < 1


@wrong("is_permitted")
def sets_of_up_to_three(weight, units):
    some = (s for n in (1, 2, 3) for s in itertools.combinations(units, n))
    return all(largest(block(weight, s)) < 1 for s in some)


@right("is_permitted")
def by_eigvalsh(weight, units):
    return bool(np.linalg.eigvalsh(weight[np.ix_(units, units)])[-1] < 1)


@right("is_permitted")
def by_cholesky(weight, units):
    try:
        np.linalg.cholesky(np.eye(len(units)) - block(weight, units))
    except np.linalg.LinAlgError:
        return False
    return True


@right("is_permitted")
def by_principal_minors(weight, units):
    gap = np.eye(len(units)) - block(weight, units)
    return all(np.linalg.det(gap[:n, :n]) > 0 for n in range(1, len(units) + 1))


@right("is_permitted")
def by_eig(weight, units):
    return np.linalg.eigvals(block(weight, units)).real.max() < 1


@right("is_permitted")
def by_torch_eigvalsh(weight, units):
    chosen = torch.as_tensor(units)
    return torch.linalg.eigvalsh(torch.as_tensor(weight)[chosen][:, chosen]).max() < 1


@right("is_permitted")
def permitted_for_tensors(weight, units):
    chosen = torch.tensor(units)
    cut = weight.index_select(0, chosen).index_select(1, chosen)
    return torch.linalg.eigvalsh(cut).lt(1).all()


@right("is_permitted")
def silenced_copy(weight, units):
    silent = np.zeros(len(weight), dtype=bool)
    silent[list(units)] = True
    return largest(np.where(np.outer(silent, silent), weight, 0)) < 1


# noisy_threshold_rate


def rate_of(u):
    return np.maximum(u, 0).mean()


def share_of(u):
    return (u > 0).mean()


def ratio(a, b):
    return a / b if b else math.nan


@wrong("noisy_threshold_rate", "the noise is not used")
def no_noise(drive, threshold, noise):
    u = drive - threshold
    return max(u, 0), (drive / u if u > 0 else math.nan)


@wrong("noisy_threshold_rate", "the mean runs over the samples that are on")
def mean_of_the_active(drive, threshold, noise):
    u = drive - threshold + noise
    if not (u > 0).any():
        return 0.0, math.nan
    rate = u[u > 0].mean()
    return rate, drive / rate


@wrong("noisy_threshold_rate")
def standard_normal_noise(drive, threshold, noise):
    u = drive - threshold
    return noise_rate(u), drive * math.erfc(-u / math.sqrt(2)) / 2 / noise_rate(u)


def noise_rate(u):
    return float(noise.noisy_rate(u))


@wrong("noisy_threshold_rate")
def jumping_threshold(drive, threshold, noise):
    x = drive + noise
    return np.where(x > threshold, x, 0).mean(), ratio(
        drive * (x > threshold).mean(), np.where(x > threshold, x, 0).mean()
    )


@wrong("noisy_threshold_rate")
def full_wave(drive, threshold, noise):
    u = drive - threshold + noise
    return abs(u).mean(), drive * np.sign(u).mean() / abs(u).mean()


@wrong("noisy_threshold_rate")
def never_silent(drive, threshold, noise):
    u = drive - threshold + noise
    return u.mean(), drive / u.mean()


@wrong("noisy_threshold_rate")
def coarse_difference(drive, threshold, noise):
    rates = [rate_of(drive * (1 + h) - threshold + noise) for h in (0, 0.01)]
    if not rates[0]:
        return 0.0, math.nan
    return rates[0], math.log(rates[1] / rates[0]) / math.log(1.01)


@wrong("noisy_threshold_rate")
def mean_of_the_exponents(drive, threshold, noise):
    u = drive - threshold + noise
    on = u[u > 0]
    return rate_of(u), (drive / on).mean() if on.size else math.nan


@wrong("noisy_threshold_rate")
def in_float32(drive, threshold, noise):
    return from_the_samples(drive, threshold, (noise + 1e-4).astype("float32"))


@wrong("noisy_threshold_rate")
def median_rate(drive, threshold, noise):
    u = drive - threshold + noise
    rate = np.median(np.maximum(u, 0))
    return rate, ratio(drive * share_of(u), rate)


@wrong("noisy_threshold_rate")
def squeezed(drive, threshold, noise):
    u = np.array([drive - threshold + z for z in noise.squeeze()])
    return rate_of(u), ratio(drive * share_of(u), rate_of(u))


@wrong("noisy_threshold_rate")
def each_value_once(drive, threshold, noise):
    return from_the_samples(drive, threshold, np.unique(noise))


@wrong("noisy_threshold_rate")
def rates_that_are_not_averaged(drive, threshold, noise):
    u = drive - threshold + noise
    rates = np.maximum(u, 0)
    return rates, drive * (u > 0).mean() / max(rates.mean(), 1e-12)


@right("noisy_threshold_rate")
def from_the_samples(drive, threshold, noise):
    u = drive - threshold + noise
    return rate_of(u), ratio(drive * share_of(u), rate_of(u))


@right("noisy_threshold_rate")
def sample_by_sample(drive, threshold, noise):
    rate = slope = 0.0
    for z in noise:
        if drive - threshold + z > 0:
            rate += (drive - threshold + z) / len(noise)
            slope += 1 / len(noise)
    return rate, slope * drive / rate if rate > 0 else float("nan")


@right("noisy_threshold_rate")
def by_autograd(drive, threshold, noise):
    log_drive = torch.tensor(drive, dtype=torch.float64).log().requires_grad_()
    rate = torch.relu(log_drive.exp() - threshold + torch.as_tensor(noise)).mean()
    rate.log().backward()
    return rate, log_drive.grad if rate > 0 else math.nan


@right("noisy_threshold_rate")
def by_central_difference(drive, threshold, noise):
    rates = [rate_of(drive * math.exp(h) - threshold + noise) for h in (-1e-5, 0, 1e-5)]
    if not rates[1]:
        return 0.0, math.nan
    return rates[1], math.log(rates[2] / rates[0]) / 2e-5


@right("noisy_threshold_rate")
def zero_by_zero(drive, threshold, noise):
    on = np.maximum(drive - threshold + noise, 0)
    return [on.mean(), drive * np.count_nonzero(on) / on.sum()]


@right("noisy_threshold_rate")
def rate_for_tensors(drive, threshold, noise):
    u = noise.add(drive - threshold)
    rate = u.clamp(min=0).mean()
    return rate, drive * (u > 0).double().mean() / rate


# tobit_mean


def normal_density(t):
    return np.exp(-0.5 * t**2) / np.sqrt(2 * np.pi)


def normal_share(t):
    from scipy.stats import norm

    return norm.cdf(t)


@wrong("tobit_mean", "far on the left the digits are lost")
def by_torch_normal(mean, noise):
    t = torch.as_tensor(mean) / noise
    normal = torch.distributions.Normal(0.0, 1.0)
    return mean * normal.cdf(t) + noise * normal.log_prob(t).exp()


@wrong("tobit_mean", "this is Phi(t)")
def share_above_0(mean, noise):
    return normal_share(mean / noise)


@wrong("tobit_mean")
def new_draws_every_time(mean, noise):
    return np.maximum(mean + noise * np.random.randn(1000, *mean.shape), 0).mean(axis=0)  # noqa: NPY002


@wrong("tobit_mean")
def on_a_grid(mean, noise):
    z = np.linspace(-8, 8, 2001)
    y = np.maximum(mean[..., None] + noise * z, 0) * normal_density(z)
    return y.sum(axis=-1) * (z[1] - z[0])


@wrong("tobit_mean")
def gauss_hermite(mean, noise):
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    y = np.maximum(mean[..., None] + noise * nodes, 0)
    return y @ weights / np.sqrt(2 * np.pi)


@wrong("tobit_mean")
def logistic_share(mean, noise):
    t = mean / noise
    return mean / (1 + np.exp(-1.702 * t)) + noise * normal_density(t)


@wrong("tobit_mean")
def by_mathematics_of_one(mean, noise):
    return tobit.tobit_mean(float(mean), noise)


@wrong("tobit_mean")
def mean_and_standard_deviation(mean, noise):
    return right_mean(mean, noise), noise


@wrong("tobit_mean")
def mean_factored_out(mean, noise):
    t = mean / noise
    return mean * (normal_share(t) + normal_density(t) / t)


@wrong("tobit_mean")
def share_times_mean_above_0(mean, noise):
    t = mean / noise
    return normal_share(t) * (mean + noise * normal_density(t) / normal_share(t))


@wrong("tobit_mean")
def by_mills_ratio(mean, noise):
    from scipy.special import erfcx

    t = mean / noise
    share = normal_density(t) * np.sqrt(np.pi / 2) * erfcx(-t / np.sqrt(2))
    return mean * share + noise * normal_density(t)


@wrong("tobit_mean")
def the_mean_itself_from_4(mean, noise):
    return np.where(mean > 4 * noise, mean, right_mean(mean, noise))


@wrong("tobit_mean")
def cuts_off_what_is_negative(mean, noise):
    from scipy.special import ndtr

    found = mean * ndtr(mean / noise) + noise * normal_density(mean / noise)
    found[found < 0] = 0
    return found


@right("tobit_mean")
def right_mean(mean, noise):
    from scipy.special import ndtr

    t = mean / noise
    return mean * ndtr(t) + noise * normal_density(t)


@right("tobit_mean")
def by_erfc(mean, noise):
    from scipy.special import erfc

    t = mean / noise
    return noise * (normal_density(t) + t * 0.5 * erfc(-t / np.sqrt(2)))


@right("tobit_mean")
def by_scipys_normal(mean, noise):
    from scipy.stats import norm

    t = mean / noise
    return mean * norm.cdf(t) + noise * norm.pdf(t)


@right("tobit_mean")
def by_a_loop_over_math(mean, noise):
    result = np.empty_like(mean)
    for index in np.ndindex(mean.shape):
        t = float(mean[index]) / noise
        share = math.erfc(-t / math.sqrt(2)) / 2
        result[index] = mean[index] * share + noise * math.exp(-t * t / 2) / math.sqrt(2 * math.pi)
    return result


@right("tobit_mean")
def by_vectorize(mean, noise):
    return np.vectorize(tobit.tobit_mean)(mean, noise)


@right("tobit_mean")
def by_the_lesson(mean, noise_):
    return np.asarray(noise.noisy_rate(mean, noise_))


@right("tobit_mean")
def tobit_for_tensors(mean, noise):
    t = mean.div(noise)
    share = torch.erfc(-t / math.sqrt(2)) / 2
    return mean * share + noise * torch.exp(-t * t / 2) / math.sqrt(2 * math.pi)


@right("tobit_mean")
def from_the_positive_side(mean, noise):
    from scipy.special import erfcx

    t = np.abs(mean) / noise
    tail = normal_density(t) * (1 - t * np.sqrt(np.pi / 2) * erfcx(t / np.sqrt(2)))
    return np.maximum(mean, 0) + noise * tail


@wrong("tobit_mean")
def for_noise_up_to_1000(mean, noise):
    return right_mean(mean, min(noise, 1e3))


# found by answers that were written from the texts alone


@wrong("is_permitted")
def with_a_margin_of_1e_6(weight, units):
    return bool(np.linalg.eigvalsh(weight[np.ix_(units, units)])[-1] < 1 - 1e-6)


@wrong("two_unit_steady_states")
def two_states_within_a_thousandth_of_1(w, b):
    if b <= 0:
        return [(0.0, 0.0)]
    return [(b / (1 + w), b / (1 + w))] if w < 1 - 1e-3 else [(0.0, b), (b, 0.0)]


@wrong("noisy_threshold_rate")
def silent_below_1e_9(drive, threshold, noise):
    u = drive - threshold + noise
    return rate_of(u), ratio(drive * share_of(u), rate_of(u)) if rate_of(u) > 1e-9 else math.nan


def _speedup(change):
    def answer(relu, tanh, level):
        steps = []
        for errors in (tanh, relu):
            found = np.flatnonzero(change(errors, level).any(axis=0))
            steps.append(found[0] + 1 if len(found) else math.inf)
        return math.nan if steps == [math.inf, math.inf] else float(steps[0] / steps[1])

    return answer


WRONG.append(("speedup_to_level", _speedup(lambda errors, level: errors <= level + 1e-6), None))
WRONG.append(("speedup_to_level", _speedup(lambda e, level: e[:, :100] <= level), None))
RIGHT.append(
    ("speedup_to_level", _speedup(lambda errors, level: ~(errors > level) & (errors == errors)))
)


# speedup_to_level


def first_step(errors, level):
    """Return the first step at which any of the rates is at the level or below."""
    for step, column in enumerate(errors.T, start=1):
        if any(error <= level for error in column):
            return step
    return math.inf


def quotient(slow, fast):
    return math.nan if slow == fast == math.inf else slow / fast


@wrong("speedup_to_level", "counts with its last step")
def at_the_end_at_the_latest(relu, tanh, level):
    fast, slow = (min(first_step(errors, level), errors.shape[1]) for errors in (relu, tanh))
    return slow / fast


@wrong("speedup_to_level", "this waits until a curve stays at the level")
def for_good(relu, tanh, level):
    def settles(row):
        above = np.flatnonzero(~(row <= level))
        step = above[-1] + 2 if above.size else 1
        return step if step <= row.size else math.inf

    fast, slow = (min(settles(row) for row in errors) for errors in (relu, tanh))
    return quotient(slow, fast)


@wrong("speedup_to_level")
def nan_if_either_never(relu, tanh, level):
    steps = first_step(tanh, level), first_step(relu, level)
    return math.nan if math.inf in steps else steps[0] / steps[1]


@wrong("speedup_to_level")
def nan_if_tanh_never(relu, tanh, level):
    slow = first_step(tanh, level)
    return math.nan if slow == math.inf else slow / first_step(relu, level)


@wrong("speedup_to_level")
def inf_if_only_relu_never(relu, tanh, level):
    slow, fast = first_step(tanh, level), first_step(relu, level)
    return math.inf if slow < fast == math.inf else quotient(slow, fast)


@wrong("speedup_to_level")
def by_bisection(relu, tanh, level):
    fast, slow = (
        min(1 + np.searchsorted(-row, -level) for row in errors) for errors in (relu, tanh)
    )
    return slow / fast


@wrong("speedup_to_level")
def whole_factors(relu, tanh, level):
    slow, fast = first_step(tanh, level), first_step(relu, level)
    return slow // fast if slow < math.inf else quotient(slow, fast)


@wrong("speedup_to_level")
def ratio_of_errors(relu, tanh, level):
    return float(np.nanmin(tanh[:, -1]) / np.nanmin(relu[:, -1]))


@wrong("speedup_to_level")
def both_steps(relu, tanh, level):
    return first_step(relu, level), first_step(tanh, level)


@wrong("speedup_to_level")
def at_a_common_rate(relu, tanh, level):
    rows = zip(relu, tanh, strict=False)
    return max(quotient(first_step(b[None], level), first_step(a[None], level)) for a, b in rows)


@wrong("speedup_to_level")
def one_when_neither(relu, tanh, level):
    slow, fast = first_step(tanh, level), first_step(relu, level)
    return 1.0 if slow == fast else slow / fast


@wrong("speedup_to_level")
def crossing_from_above(relu, tanh, level):
    def first(errors):
        crossed = (errors[:, :-1] > level) & (errors[:, 1:] <= level)
        return 2 + np.argmax(crossed.any(axis=0)) if crossed.any() else math.inf

    return quotient(first(tanh), first(relu))


@wrong("speedup_to_level")
def some_error_is_a_number(relu, tanh, level):
    if min(np.nanmin(errors, initial=np.inf) for errors in (relu, tanh)) == np.inf:
        raise ValueError("no number")
    return quotient(first_step(tanh, level), first_step(relu, level))


@right("speedup_to_level")
def column_by_column(relu, tanh, level):
    return quotient(first_step(tanh, level), first_step(relu, level))


@right("speedup_to_level")
def by_argmax(relu, tanh, level):
    def first(errors):
        reached = (errors <= level).any(axis=0)
        return reached.argmax() + 1 if reached.any() else np.inf

    return np.divide(first(tanh), first(relu))


@right("speedup_to_level")
def row_by_row(relu, tanh, level):
    def first(errors):
        steps = [np.flatnonzero(row <= level) for row in errors]
        return np.float64(min((s[0] + 1 for s in steps if s.size), default=np.inf))

    return first(tanh) / first(relu)


@right("speedup_to_level")
def by_the_best_so_far(relu, tanh, level):
    def first(errors):
        best = np.fmin.accumulate(np.fmin.reduce(errors, axis=0))
        waiting = np.count_nonzero(~(best <= level))
        return waiting + 1 if waiting < best.size else math.inf

    return quotient(first(tanh), first(relu))


@right("speedup_to_level")
def speedup_for_tensors(relu, tanh, level):
    def first(errors):
        reached = errors.le(level).any(dim=0)
        return reached.int().argmax() + 1.0 if reached.any() else torch.tensor(math.inf)

    return first(tanh) / first(relu)


# clipped_unit


@wrong("clipped_unit", "this cuts the input at the ceiling")
def fibre_cut_too_early(x, threshold, ceiling):
    return np.maximum(np.where(x > ceiling, ceiling, x) - threshold, 0)


@wrong("clipped_unit")
def fibre_of_six(x, threshold, ceiling):
    return np.clip(x - threshold, 0, 6)


@wrong("clipped_unit")
def fibre_in_steps_of_a_quarter(x, threshold, ceiling):
    return np.clip(np.round(4 * (x - threshold)) / 4, 0, ceiling)


@wrong("clipped_unit")
def fibre_of_vectors(x, threshold, ceiling):
    return np.clip(x - threshold, 0, ceiling) if x.ndim == 1 else x


@wrong("clipped_unit")
def fibre_by_a_mask(x, threshold, ceiling):
    return np.minimum((x - threshold) * (x > threshold), ceiling)


@wrong("clipped_unit")
def fibre_without_an_end(x, threshold, ceiling):
    return np.where(np.isposinf(x), x, np.clip(x - threshold, 0, ceiling))


@right("clipped_unit")
def fibre_of_two_rectifiers(x, threshold, ceiling):
    above = np.where(np.isinf(x), np.sign(x) * 1e300, x) - threshold
    return np.minimum(np.maximum(above, 0), ceiling)


@right("clipped_unit")
def fibre_by_a_loop(x, threshold, ceiling):
    result = np.array(x)
    for index in np.ndindex(x.shape):
        value = x[index] - threshold
        result[index] = 0 if value < 0 else ceiling if value > ceiling else value
    return result


@right("clipped_unit")
def fibre_in_torch(x, threshold, ceiling):
    return torch.clamp(torch.as_tensor(x) - threshold, 0, ceiling)


# mach_bands


@wrong("mach_bands", "this row is a ring")
def crab_of_a_round_eye(light, inhibition, reach):
    rates = np.zeros(len(light))
    shifts = {k % len(light) for d in range(1, reach + 1) for k in (d, -d)} - {0}
    for _ in range(700):
        around = sum((np.roll(rates, k) for k in shifts), np.zeros(len(light)))
        rates = 0.5 * rates + 0.5 * np.maximum(light - inhibition * around, 0)
    return rates


@wrong("mach_bands")
def crab_in_a_hurry(light, inhibition, reach):
    return crab(light, inhibition, reach, rounds=20)


@wrong("mach_bands")
def crab_whose_inhibition_fades(light, inhibition, reach):
    return crab(light, inhibition, reach, strength=lambda apart: 1.0 / apart)


@wrong("mach_bands")
def crab_of_reach_two(light, inhibition, reach):
    return crab(light, inhibition, min(reach, 2))


@wrong("mach_bands")
def crab_that_always_inhibits(light, inhibition, reach):
    return crab(light, inhibition or 0.1, reach)


@wrong("mach_bands")
def crab_of_ten(light, inhibition, reach):
    return np.concatenate([crab(light[:10], inhibition, reach), light[10:]])


def crab(light, inhibition, reach, *, rounds=400, strength=lambda apart: 1.0):
    rates = np.zeros(len(light))
    for _ in range(rounds):
        around = np.zeros(len(light))
        for d in range(1, min(reach, len(light) - 1) + 1):
            around[d:] += strength(d) * rates[:-d]
            around[:-d] += strength(d) * rates[d:]
        rates = np.maximum(light - inhibition * around, 0)
    return rates


@right("mach_bands")
def crab_by_shifts(light, inhibition, reach):
    return crab(light, inhibition, reach)


@right("mach_bands")
def crab_one_after_the_other(light, inhibition, reach):
    rates = light.copy()
    for _ in range(300):
        for i in range(len(light)):
            around = rates[max(0, i - reach) : i + reach + 1].sum() - rates[i]
            rates[i] = max(0.0, light[i] - inhibition * around)
    return rates


@right("mach_bands")
def crab_by_sets_of_silent_ones(light, inhibition, reach):
    n = len(light)
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    full = np.eye(n) + inhibition * ((apart > 0) & (apart <= reach))
    rates = light.copy()
    for _ in range(300):
        on = light - (full - np.eye(n)) @ rates > 0
        fresh = np.zeros(n)
        fresh[on] = np.linalg.solve(full[np.ix_(on, on)], light[on])
        rates = np.maximum(0.5 * (rates + fresh), 0)
    return rates


# winner_take_all


@wrong("winner_take_all", "this moves one unit after the other")
def rivals_in_turn(inputs, w, dt, steps):
    rates = [0.0] * len(inputs)
    for _ in range(steps):
        for i, own in enumerate(inputs.tolist()):
            aim = max(0.0, own - w * (sum(rates) - rates[i]))
            rates[i] = (1 - dt) * rates[i] + dt * aim
    return np.array(rates)


@wrong("winner_take_all")
def rivals_of_two(inputs, w, dt, steps):
    rates = np.zeros(len(inputs))
    for _ in range(steps):
        others = np.minimum(rates.sum() - rates, rates.max())
        rates = rates + dt * (np.maximum(inputs - w * others, 0) - rates)
    return rates


@wrong("winner_take_all")
def rivals_who_tire(inputs, w, dt, steps):
    return rivals(inputs, w, dt, min(steps, 50))


@wrong("winner_take_all")
def rivals_without_enemies(inputs, w, dt, steps):
    return rivals(np.abs(inputs), w, dt, steps)


@wrong("winner_take_all")
def rivals_who_always_inhibit(inputs, w, dt, steps):
    return rivals(inputs, w or 1.0, dt, steps)


@wrong("winner_take_all")
def rivals_who_always_move(inputs, w, dt, steps):
    return rivals(inputs, w, dt, max(steps, 1))


@wrong("winner_take_all")
def rivals_at_a_tenth(inputs, w, dt, steps):
    return rivals(inputs, w, 0.125, steps)


def rivals(inputs, w, dt, steps):
    weight = w * (1 - np.eye(len(inputs)))
    rates = np.zeros(len(inputs))
    for _ in range(steps):
        rates = (1 - dt) * rates + dt * np.maximum(inputs - weight @ rates, 0)
    return rates


@right("winner_take_all")
def rivals_by_a_matrix(inputs, w, dt, steps):
    return rivals(inputs, w, dt, steps)


@right("winner_take_all")
def rivals_by_loops(inputs, w, dt, steps):
    rates = [0.0] * len(inputs)
    for _ in range(steps):
        total = sum(rates)
        rates = [
            rate + dt * (max(0.0, own - w * (total - rate)) - rate)
            for rate, own in zip(rates, inputs.tolist(), strict=True)
        ]
    return np.array(rates)


@right("winner_take_all")
def rivals_in_torch(inputs, w, dt, steps):
    drive = torch.as_tensor(inputs)
    rates = torch.zeros_like(drive)
    for _ in range(steps):
        rates = rates + dt * ((drive - w * (rates.sum() - rates)).clamp_min(0) - rates)
    return rates
