"""Experiments on the values of the rectifier and of its relatives.

Nothing is random beyond the points at which functions are compared: no claim rests on seeds.
"""

import math

import numpy as np
import torch
from torch import Tensor

from relukit.activations import relu, sigmoid, softplus, squareplus
from relukit.ledger.finding import Measured

LN2 = math.log(2)


def _normals(n: int = 1_000_000) -> Tensor:
    return torch.randn(n, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def _gap(a: Tensor, b: Tensor) -> float:
    return float((a - b).abs().max())


def positive_part() -> Measured:
    """Compare max(0, x) with three other ways to write the positive part."""
    x = _normals()
    gaps = {
        "largest gap between max(0, x) and (x + |x|) / 2": _gap(relu(x), (x + x.abs()) / 2),
        "largest gap between relu(x) - relu(-x) and x": _gap(relu(x) - relu(-x), x),
        "largest gap between relu(x) + relu(-x) and |x|": _gap(relu(x) + relu(-x), x.abs()),
    }
    return {k: v for k, v in gaps.items()}


def half_wave() -> Measured:
    """Rectify one period of a sine and compare its mean and rms with those of a half wave."""
    t = torch.arange(100_000, dtype=torch.float64) / 100_000
    wave = relu(torch.sin(2 * math.pi * t))
    mean, rms = float(wave.mean()), float(wave.square().mean().sqrt())
    return {
        "distance of the mean from 1/pi": abs(mean - 1 / math.pi),
        "distance of the rms from 1/2": abs(rms - 0.5),
    }


def hinge() -> Measured:
    """Compare scikit-learn's hinge loss with relu(1 - y f)."""
    from sklearn.metrics import hinge_loss

    f = _normals(10_000)
    y = torch.where(f.roll(1) > 0, 1.0, -1.0).double()
    gap = abs(float(relu(1 - y * f).mean()) - hinge_loss(y.numpy(), f.numpy()))
    return {"gap between the hinge loss and relu(1 - y f)": gap}


def half_linear() -> Measured:
    """Look in each half for two numbers at which f(a + b) differs from f(a) + f(b)."""
    a, b = _normals().abs().view(2, -1)
    return {
        f"pairs of {half} inputs, of 500,000, at which f(a + b) is not f(a) + f(b)": int(
            (relu(sign * (a + b)) != relu(sign * a) + relu(sign * b)).sum()
        )
        for half, sign in (("positive", 1), ("negative", -1))
    }


def python_max() -> Measured:
    """Compare Python's max(0.0, x), and an if, with torch."""
    x = _normals(10_000)
    pairs = list(zip(x.tolist(), relu(x).tolist(), strict=True))
    return {
        "numbers, of 10,000, that max(0.0, x) gets wrong": sum(max(0.0, v) != r for v, r in pairs),
        "numbers, of 10,000, that the if gets wrong": sum(
            (v if v > 0 else 0) != r for v, r in pairs
        ),
    }


def that_keep_nan() -> Measured:
    """Count the rectifiers, of three common ones, that give nan for nan."""
    nan = math.nan
    given = (max(0.0, nan), float(np.maximum(0.0, nan)), float(torch.relu(torch.tensor(nan))))
    return {"rectifiers of three that keep nan": float(sum(map(math.isnan, given)))}


def slope_of_x_at_zero() -> Measured:
    """Return the slope that torch reports at 0 of relu(x) - relu(-x), which is x."""
    x = torch.zeros((), dtype=torch.float64, requires_grad=True)
    (torch.relu(x) - torch.relu(-x)).backward()
    return {"slope at 0": float(x.grad if x.grad is not None else math.nan)}


def unchanged() -> Measured:
    """Send one number of each power of two through the rectifier in three float types."""
    changed = 0
    for dtype in (torch.float16, torch.float32, torch.float64):
        largest = torch.finfo(dtype).max
        powers = 2.0 ** torch.arange(-14, math.floor(math.log2(largest)) + 1).double()
        x = torch.cat([powers, torch.tensor([largest], dtype=torch.float64)]).to(dtype)
        changed += int((relu(x) != x).sum())
    what = "positive numbers, of every size up to the largest, that change"
    return {what: changed}


def softplus_is_smooth() -> Measured:
    """Measure the gap of softplus to the rectifier and the jump of its slope across 0."""
    x = torch.linspace(-50, 50, 100_001, dtype=torch.float64)
    gap = _gap(softplus(x), relu(x))
    step = 1e-6
    ends = torch.tensor([-step, 0.0, step], dtype=torch.float64)
    slopes = softplus(ends).diff() / step
    return {"largest gap to max(0, x)": gap, "jump of the slope across 0": float(slopes.diff())}


def softplus_tails() -> Measured:
    """Measure by how much softplus lies above 0 on the left and above x on the right."""
    parts = {}
    for x in (-10.0, 10.0):
        point = torch.tensor(x, dtype=torch.float64)
        excess = float(softplus(point) - relu(point))
        what = f"excess over max(0, x) at x = {x:g}"
        parts[what] = excess
    return parts


def softplus_closed_form() -> Measured:
    """Measure the error of x / (1 - exp(-x / ln 2)) as an approximation of softplus."""
    x = torch.linspace(-20, 20, 40_000, dtype=torch.float64)  # an even number: 0 is not a point
    error = _gap(x / -torch.expm1(-x / LN2), softplus(x))
    return {"largest error": error}


def sharpness() -> Measured:
    """Measure the gap at 0 of softplus with five sharpnesses."""
    zero = torch.zeros((), dtype=torch.float64)
    gaps = [k * float(softplus(zero, sharpness=k)) - LN2 for k in (1.0, 2.0, 5.0, 10.0, 100.0)]
    what = "largest distance of sharpness x gap at 0 from ln 2"
    return {what: max(map(abs, gaps))}


def step_approximation() -> Measured:
    """Integrate the distance between the logistic function and the step for two sharpnesses."""
    x = torch.arange(600_001, dtype=torch.float64) / 10_000

    def area(k: float) -> float:
        # each side of the step by itself: 1 less the function right of 0, the function left of it
        right, left = 1 - sigmoid(k * x), sigmoid(-k * x)
        return float(torch.trapezoid(right, x) + torch.trapezoid(left, x))

    one, hundred = area(1.0), area(100.0)
    return {
        "area between the two, less 2 ln 2": abs(one - 2 * LN2),
        "area at sharpness 100": hundred,
    }


def log_sum_exp() -> Measured:
    """Compare LogSumExp with softplus, and its gradient with SciPy's softmax."""
    from scipy.special import softmax

    x = _normals(4_000).view(1_000, 4).clone()
    x[:, 0] = 0.0
    x.requires_grad_()
    total = torch.logsumexp(x, dim=1)
    (gradient,) = torch.autograd.grad(total.sum(), x)
    one = torch.logsumexp(x[:, :2], dim=1)
    slope_error = float(np.abs(gradient.numpy() - softmax(x.detach().numpy(), axis=1)).max())
    return {
        "largest gap between LSE(0, x) and softplus(x)": _gap(
            one.detach(), softplus(x[:, 1].detach())
        ),
        "largest gap between its gradient and softmax": slope_error,
    }


def softmax_properties() -> Measured:
    """Check that softmax gives probabilities, ignores a shift, and contains the logistic."""
    x = _normals(4_000).view(1_000, 4)
    p = torch.softmax(x, dim=1)
    pair = torch.stack([torch.zeros_like(x[:, 1]), x[:, 1]], dim=1)
    gaps = {
        "largest distance of a sum from 1": _gap(p.sum(dim=1), torch.ones(1_000).double()),
        "largest change when 100 is added to every entry": _gap(torch.softmax(x + 100, dim=1), p),
        "largest gap between softmax(0, x) and the logistic function": _gap(
            torch.softmax(pair, dim=1)[:, 1], sigmoid(x[:, 1])
        ),
    }
    return {k: v for k, v in gaps.items()}


def squareplus_in_float32() -> Measured:
    """Evaluate (x + sqrt(x^2 + 4)) / 2 in float32, as it is written, at both ends and beyond."""

    def error(x: float) -> float:
        point = torch.tensor(x, dtype=torch.float32)
        plain = (point + torch.sqrt(point * point + 4)) / 2
        exact = squareplus(point.double(), b=4.0)
        return float((plain.double() - exact).abs() / exact)

    right = max(error(10.0**k) for k in range(0, 19))
    return {
        "largest relative error for x from 1 to 1e18": right,
        **{f"relative error at x = {words}": error(float(words)) for words in ("-1e4", "1e20")},
    }


def squareplus_far_left() -> Measured:
    """Return what squareplus' formula with b = 4 gives at -10,000, in float32."""
    x = torch.tensor(-1e4)
    return {"the formula at -10,000": float((x + (x.square() + 4).sqrt()) / 2)}


def true_zeros() -> Measured:
    """Count exact zeros of three functions at a million standard normal inputs in float32."""
    x = _normals().float()
    rectified = float((relu(x[x < 0]) == 0).double().mean())
    others = int((sigmoid(x) == 0).sum() + (torch.tanh(x[x != 0]) == 0).sum())
    return {
        "share of negative inputs that give exactly 0": rectified,
        "exact zeros of sigmoid and tanh": others,
    }


def sigmoid_snaps() -> Measured:
    """Evaluate the logistic function far above 1 and far below 0."""
    return {
        f"the logistic function at {at}": float(sigmoid(torch.tensor(at, dtype=torch.float64)))
        for at in (10, -10)
    }
