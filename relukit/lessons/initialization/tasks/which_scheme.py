"""A task of lesson 05 on reading weights: which rule drew them, and in which shape."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.task import Misconception, Task

NAMES = ("he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "pytorch")
_SHAPES = ((64, 64), (120, 40), (40, 120), (90, 60))
_FAR = 2.0  # deviations: nothing uniform is that far out, and a few normal weights of 1,000 are


def _due(weight):
    """Return n times the variance that each rule asks for."""
    fan_out, fan_in = weight.shape
    return {"he": 2.0, "xavier": 2 * fan_in / (fan_in + fan_out), "pytorch": 1 / 3}


def _shape(weight):
    return "normal" if np.abs(weight).max() > _FAR * weight.std() else "uniform"


def _nearest(measured, due):
    return min(due, key=lambda rule: abs(np.log(measured / due[rule])))


def _called(rule, shape):
    return rule if rule == "pytorch" else f"{rule}_{shape}"


def which_scheme(weight):
    rule = _nearest(weight.shape[1] * weight.var(), _due(weight))
    return _called(rule, _shape(weight))


def _reason(weight: np.ndarray) -> str:
    fan_out, fan_in = weight.shape
    far = np.abs(weight).max() / weight.std()
    return (
        f"{fan_out} units with {fan_in} inputs: n times the variance is"
        f" {fan_in * weight.var():.2f}, and the largest weight is {far:.1f} deviations from 0"
    )


def _compare(arguments: Arguments, expected: str, got: object) -> str | None:
    if not isinstance(got, str):
        return "the answer must be one of the five names, as text"
    if got not in NAMES:
        return f"{got!r} is none of the five names"
    return None if got == expected else _reason(*arguments)


def _drawn(name: str, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return weights as a rule draws them."""
    rule, _, kind = name.partition("_")
    fan_in = shape[1]
    deviation = np.sqrt(_due(np.empty(shape))[rule] / fan_in)
    if kind == "normal":
        return rng.normal(0, deviation, shape)
    return rng.uniform(-1, 1, shape) * np.sqrt(3) * deviation


def _listed() -> tuple[Arguments, ...]:
    rng = np.random.default_rng(5)
    return tuple((_drawn(name, shape, rng),) for shape in _SHAPES[:3] for name in NAMES)


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = []
    for name in NAMES:
        for shape in (*_SHAPES, (60, 180), (180, 60), (300, 200)):
            found.append((_drawn(name, shape, rng),))
    return tuple(found)


def _times(weight):
    return weight.shape[1] * weight.var()


def _by(measured, due=None):
    """Return an answer that names the rule from another measure, and the shape as it should."""
    return lambda weight: _called(_nearest(measured(weight), (due or _due)(weight)), _shape(weight))


def _with_shape(shape):
    """Return an answer that names the rule as it should, and the shape from something else."""
    return lambda weight: _called(
        _nearest(weight.shape[1] * weight.var(), _due(weight)), shape(weight)
    )


TASK = Task(
    points=2,
    title="Which rule drew them?",
    minutes=10,
    difficulty="medium",
    why="A network that you load tells nobody how it began: its first weights do.",
    hints=(
        "Two things tell the rules apart: how large the weights are, beside the number of inputs,"
        " and how far the largest of them is from 0. What are both for each of the five?",
        "n times the variance is 2 for He's, 2n/(n + m) for Xavier's and 1/3 for PyTorch's. Nothing"
        " uniform is farther from 0 than 1.73 deviations; a thousand normal weights reach 3.",
        "fan_out, fan_in = weight.shape",
    ),
    reference=which_scheme,
    boundary=_listed(),
    compare=_compare,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this looks at the variance alone: uniform and normal weights may have the same",
            _with_shape(lambda weight: "normal"),
        ),
        Misconception(
            "this calls all weights uniform: some lie farther out than anything uniform does",
            _with_shape(lambda weight: "uniform"),
        ),
        Misconception(
            "uniform and normal are exchanged: normal weights are those with a few far from 0",
            _with_shape(lambda weight: "uniform" if _shape(weight) == "normal" else "normal"),
        ),
        Misconception(
            "this takes the rows for the inputs: a row of weight belongs to a unit, so n is"
            " shape[1]",
            lambda weight: which_scheme(weight.T),
        ),
        Misconception(
            "this gives Xavier's weights the variance 1/n: it is 2/(n + m), with the outputs, too",
            _by(_times, lambda weight: {"he": 2.0, "xavier": 1.0, "pytorch": 1 / 3}),
        ),
        Misconception(
            "this never says pytorch: a third of 1/n is what PyTorch's own layers begin with",
            _by(_times, lambda weight: {k: v for k, v in _due(weight).items() if k != "pytorch"}),
        ),
        Misconception(
            "this never says xavier: between 2 and 1/3 there is a third rule",
            _by(_times, lambda weight: {k: v for k, v in _due(weight).items() if k != "xavier"}),
        ),
        Misconception(
            "this looks at the shape alone: the variance tells the rules apart",
            lambda weight: _called("he", _shape(weight)),
        ),
        Misconception(
            "this takes the variance of one unit's weights: all of them together say more",
            _by(lambda weight: weight.shape[1] * weight[0, :8].var()),
        ),
        Misconception(
            "this gives PyTorch's weights the variance 1/n: their bound is the root of 1/n, and the"
            " variance a third of its square",
            _by(_times, lambda weight: {"he": 2.0, "pytorch": 1.0, "xavier": 1 / 3}),
        ),
    ),
)
