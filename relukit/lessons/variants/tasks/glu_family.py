"""A task of lesson 03 on gated linear units: two halves, and a gate by its name."""

import math

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import dense, magnitudes, middling, peaked
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64
from relukit.lessons.variants.tasks.tolerance import within

GATES = ("glu", "reglu", "geglu", "swiglu", "bilinear")
ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative to |a| max(1, |b|); the text states them
DOMAINS = {
    "x": Domain(dtypes=("float64", "float32"), low=1e-30, high=1e15),
    "gate": Domain(values=GATES),
}
_SHAPES = ((0,), (2,), (100,), (10_000,), (5000, 2), (9, 2), (2, 0), (3, 4), (2, 3, 4, 6))


def _generated():
    from hypothesis import strategies as st

    shapes = [(2,), (4,), (1, 2), (2, 2), (3, 4), (2, 2, 2), (0, 2), (2, 0)]

    def filled(shape):
        size = int(np.prod(shape))
        values = st.lists(st.floats(-30, 30, width=32), min_size=size, max_size=size)
        return values.map(lambda drawn: np.array(drawn).reshape(shape))

    dtypes = st.sampled_from(["float64", "float32"])
    x = st.tuples(st.sampled_from(shapes).flatmap(filled), dtypes)
    return st.tuples(x, st.sampled_from(GATES)).map(lambda d: (d[0][0].astype(d[0][1]), d[1]))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    domain, found = DOMAINS["x"], []
    for dtype in domain.dtypes:
        for gate in GATES:
            for values in (magnitudes(domain, dtype, rng), dense(domain, dtype, rng)):
                pairs = np.stack([rng.permutation(values), rng.permutation(values)], axis=-1)
                found.append((pairs, gate))
        for i, shape in enumerate(_SHAPES):
            x = middling(domain, dtype, shape, rng)
            found += [(x, GATES[(i + k) % len(GATES)]) for k in range(2)]
        for layout, gate in zip(LAYOUTS, GATES, strict=False):
            found.append((laid_out(middling(domain, dtype, (3, 8), rng), layout), gate))
    found += [(x, "glu") for x in peaked(domain, "float64", (5, 40), rng)]
    return tuple(found)


def _sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1) / (1 + small)


def _phi(x):
    from scipy.special import ndtr

    return ndtr(x)


def _tanh_gelu(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def _halves(x):
    return np.split(x.astype("float64"), 2, axis=-1)


def _combine(a, b, gate, **other):
    """Return a gate of the family; `other` replaces the function of a gate."""
    functions = {
        "reglu": lambda a: np.maximum(a, 0),
        "geglu": lambda a: a * _phi(a),
        "swiglu": lambda a: a * _sigmoid(a),
        "bilinear": lambda a: a,
        **other,
    }
    return a * _sigmoid(b) if gate == "glu" else functions[gate](a) * b


def _family(x, gate, **other):
    return _combine(*_halves(x), gate, **other).astype(x.dtype)


def _size(x, gate):
    a, b = _halves(x)
    return np.abs(a) * np.maximum(1, np.abs(b))


def _along_first(x, gate):
    return _combine(*np.split(x.astype("float64"), 2, axis=0), gate).astype(x.dtype)


def _every_other(x, gate):
    wide = x.astype("float64")
    return _combine(wide[..., ::2], wide[..., 1::2], gate).astype(x.dtype)


def _exchanged(x, gate):
    return _combine(*_halves(x)[::-1], gate).astype(x.dtype)


def _glu_by_first(x, gate):
    if gate == "glu":
        return _family(x, "bilinear", bilinear=_sigmoid)
    return _family(x, gate)


def _sum(x, gate):
    a, b = _halves(x)
    first, second = (a, _sigmoid(b)) if gate == "glu" else (_combine(a, np.ones_like(b), gate), b)
    return (first + second).astype(x.dtype)


_X = (
    np.array([-1.0, 2.0]),
    np.array([5.0, -0.5]),
    np.array([-2.0, 4.0, 0.5, -3.0]),
    np.array([[1.0, -0.5, 2.0, 0.25], [-4.0, 3.0, -1.0, 8.0]], dtype="float32"),
)
_WIDE = np.array([-90.0, 100.0, 1.0, 2.0, -100.0, 50.0, 0.0, 100.0], dtype="float32")

TASK = Task(
    points=2,
    title="Gated linear units, by name",
    minutes=15,
    difficulty="medium",
    why="The hidden layers of PaLM, LLaMA and T5 are of this family, and one member is odd.",
    hints=(
        "Which half does the nonlinear function see in GLU, and which in the others?",
        "np.split(x, 2, axis=-1) gives the halves; a dictionary from names to functions of a"
        " serves four of the five, and GLU is a times sigmoid(b).",
        "a, b = np.split(x, 2, axis=-1)",
    ),
    reference=_family,
    boundary=(
        *[(x, gate) for x in _X for gate in GATES],
        *[(_WIDE, gate) for gate in ("glu", "swiglu")],
        *[(np.array([np.nan, 1.0]), gate) for gate in ("reglu", "glu")],
        (np.zeros((0, 4)), "swiglu"),
        (np.linspace(-3, 3, 16).reshape(2, 2, 4), "glu"),
    ),
    compare=within(ERROR, _size),
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "GLU gates by the wrong half: it is a times sigmoid(b), and here sigmoid(a) times b",
            _glu_by_first,
        ),
        Misconception(
            "all gates see the second half: that holds for GLU alone, the others see the first",
            lambda x, gate: _family(x, gate) if gate == "glu" else _exchanged(x, gate),
        ),
        Misconception(
            "the halves are exchanged: a is the first half and b the second",
            _exchanged,
        ),
        Misconception(
            "the halves are split along the first axis: they lie along the last", _along_first
        ),
        Misconception(
            "this takes every other number as a and b: the halves lie one behind the other",
            _every_other,
        ),
        Misconception(
            "SwiGLU is made with the sigmoid alone: its function is SiLU(a) = a sigmoid(a)",
            lambda x, gate: _family(x, gate, swiglu=_sigmoid),
        ),
        Misconception(
            "GEGLU is made with the approximation by tanh: the exact GELU is asked for",
            lambda x, gate: _family(x, gate, geglu=_tanh_gelu),
        ),
        Misconception(
            "GEGLU is made with the normal distribution function alone: its function is GELU(a) ="
            " a Φ(a)",
            lambda x, gate: _family(x, gate, geglu=_phi),
        ),
        Misconception(
            "ReGLU is made with the step alone: its function is max(0, a)",
            lambda x, gate: _family(x, gate, reglu=lambda a: np.where(np.isnan(a), a, a > 0)),
        ),
        Misconception(
            "the bilinear gate has a sigmoid: it is a times b, without a nonlinear function",
            lambda x, gate: _family(x, "glu" if gate == "bilinear" else gate),
        ),
        Misconception(
            "this is GLU whatever is asked for: choose by the name of the gate",
            lambda x, gate: _family(x, "glu"),
        ),
        Misconception(
            "the two parts are added: a gate multiplies",
            _sum,
        ),
        Misconception(
            "this keeps the full width: the result is half as wide as x",
            lambda x, gate: np.concatenate([_family(x, gate)] * 2, axis=-1),
        ),
        always_float64(_family),
    ),
)
