"""A task of lesson 02 on backpropagation: the way home through one hidden layer."""

from itertools import chain
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, parts, vector
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import leading, peaked
from relukit.checks.task import Misconception, Task

ERROR = 1e-5  # relative, so that float32 will do; the task's text states it
_SIZES = (1, 2, 9, 100)
_NAMES = ("d_weight", "d_bias", "d_outgoing")
_LAYER = Domain(dtypes=("float64",), low=1e-6, high=1e6, axes=(_SIZES, _SIZES))
_ROW = Domain(dtypes=("float64",), low=1e-6, high=1e6, axes=(_SIZES,))
DOMAINS = {
    "weight": _LAYER,
    "bias": _ROW,
    "outgoing": _ROW,
    "x": _ROW,
    "blame": Domain(low=1e-6, high=1e6),
}


def _home(
    weight, bias, outgoing, x, blame, *, slope=lambda z: z > 0, behind=None, into=None, out=None
):
    """Return the three gradients, but for one detail.

    slope: from z to what the blame is multiplied by; behind: what arrives behind the switches,
    blame * outgoing; into: what enters the units, x; out: the gradient of outgoing, blame * a.
    """
    z = weight @ x + bias
    d_z = (blame * outgoing if behind is None else behind) * slope(z)
    d_weight = np.outer(d_z, x if into is None else into)
    d_outgoing = blame * np.maximum(z, 0.0) if out is None else out
    return d_weight + 0.0, d_z + 0.0, d_outgoing + 0.0  # no -0


def _backward(weight, bias, outgoing, x, blame):
    return _home(weight, bias, outgoing, x, blame)


def _of_the_answer(given, blame=1.0):
    """Return the gradients for another blame; with 1 they are those of the answer."""
    weight, bias, outgoing, x, _ = given
    return _backward(weight, bias, outgoing, x, blame)


def _with(gradients, place, other):
    return tuple(other if i == place else kept for i, kept in enumerate(gradients))


def _read(arguments: Arguments, triple: Any) -> list[np.ndarray] | str:
    """Return the three arrays, or what is wrong with their form."""
    wrong = parts(triple, _NAMES)
    if wrong:
        return wrong
    found = [vector(part) for part in triple]
    for name, like, array in zip(_NAMES, arguments, found, strict=False):
        if array is None:
            return f"{name} must be an array of numbers"
        if array.shape != like.shape:
            said = f"{name} must have shape {like.shape}, like {name[2:]}, and has {array.shape}"
            row = ": each unit's number times each input, a table, as np.outer makes it"
            return said + (row if name == "d_weight" else "")
    return [array for array in found if array is not None]


def _compare(arguments: Arguments, expected: object, got: object) -> str | None:
    wanted, given = _read(arguments, expected), _read(arguments, got)
    if isinstance(given, str):
        return given
    if isinstance(wanted, str):  # of a known wrong answer, which then is like no other
        raise TypeError(wanted)
    weight, bias, outgoing, x, blame = arguments
    z = weight @ x + bias
    size = np.abs(weight) @ np.abs(x) + np.abs(bias)
    at_0 = np.abs(z) <= ERROR * size  # up to rounding: there any slope from 0 to 1 is right
    ends = np.stack([0 * outgoing, blame * outgoing])
    with np.errstate(all="ignore"):
        d_z = np.where(at_0, np.clip(np.nan_to_num(given[1]), *np.sort(ends, axis=0)), wanted[1])
        d_weight = np.where(at_0[:, None], np.outer(d_z, x), wanted[0])
        slack = np.abs(blame) * np.maximum(size, np.abs(wanted[2]))
    pairs = ((d_weight, np.abs(d_weight)), (d_z, np.abs(d_z)), (wanted[2], slack))
    for name, (due, scale), came in zip(_NAMES, pairs, given, strict=True):
        off = ~(np.abs(came - due) <= ERROR * scale)
        if off.any():
            index = tuple(int(i) for i in np.argwhere(off)[0])
            return _difference(name, index, due[index], came[index], float(z[index[0]]))
    return None


def _difference(name: str, index: tuple[int, ...], due: float, came: float, z: float) -> str:
    """Return what is said of a number that is wrong, and whether its unit is on."""
    wanted, given = tell_apart(due, came)
    state = "on" if z > 0 else "off" if z < 0 else "at its bend, where slopes from 0 to 1 are right"
    place = ", ".join(map(str, index))
    said = f"z[{index[0]}] is {z + 0.0:.6g}, so this unit is {state}"
    return f"{name}[{place}] must be {wanted}, and is {given}; {said}"


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths, shaped

    sizes = st.tuples(st.integers(1, 3), st.integers(1, 3))
    return sizes.flatmap(
        lambda s: st.tuples(shaped(*s), shaped(s[0]), shaped(s[0]), shaped(s[1]), eighths(4))
    )


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def drawn(n=3, d=2):
        return [rng.normal(size=shape) for shape in ((n, d), n, n, d)], float(rng.normal())

    found: list[Arguments] = []
    for n, d in chain(*(((s, 2), (2, s), (s, s)) for s in _SIZES)):
        for _ in range(4 if n == 1 else 2):  # one unit alone may be off
            arrays, blame = drawn(n, d)
            found.append((*arrays, blame))
    for layout in LAYOUTS:
        arrays, blame = drawn(9, 9)
        found.append((*(laid_out(array, layout) for array in arrays), blame))
    for place, domain in enumerate(list(DOMAINS.values())[:4]):
        for n, d in ((3, 2), (1, 1)):
            shape = ((n, d), (n,), (n,), (d,))[place]
            for array in peaked(domain, "float64", shape, rng):
                arrays, blame = drawn(n, d)
                arrays[place] = array
                found.append((*arrays, blame))
    for value in leading(DOMAINS["blame"], "float64", rng, ()):
        arrays, _ = drawn()
        found.append((*arrays, value.item()))
    for power in 10.0 ** np.arange(-5, 6):  # all sums are small, or all are large
        (weight, bias, outgoing, x), blame = drawn()
        found.append((power * weight, power**2 * bias, outgoing, power * x, blame))
    return tuple(_allowed(entry) for entry in found)


def _allowed(arguments: Arguments) -> Arguments:
    """Return numbers of a size that the task's text allows: a smaller one becomes 0."""
    low, high = DOMAINS["blame"].limits()
    for array in arguments[:-1]:
        if array.flags.writeable:
            np.clip(array, -high, high, out=array)
            array[np.abs(array) < low] = 0.0
    return arguments


def _row(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float)


TASK = Task(
    points=3,
    title="Walk the blame home",
    minutes=15,
    difficulty="medium",
    why="All training rests on these few lines, and most mistakes in them raise no error.",
    hints=(
        "In the lesson's film, whose weights get no blame at all, and which number says so?",
        "Behind the switches arrives blame * outgoing, a number for each unit, and it gets through"
        " where z > 0. What got through is d_bias, and times x it is a row of d_weight. outgoing"
        " itself was multiplied by a.",
        "z = weight @ x + bias",
    ),
    reference=_backward,
    boundary=(
        (_row(2)[None], _row(1), _row(3), _row(4), 5.0),
        (_row(-2)[None], _row(1), _row(3), _row(4), 5.0),
        (_row(0.5)[None], _row(-3), _row(3), _row(4), 5.0),
        (np.array([[1.0, 1.0]]), _row(-3), _row(2), _row(2, 1), 3.0),  # z is 0
        # the lesson's film
        (np.array([[1.0, 1.0], [1.0, -3.0]]), _row(0, 0), _row(2, 3), _row(2, 1), 5.0),
        (np.array([[1.0, 1.0], [1.0, -3.0]]), _row(-4, 4), _row(2, 3), _row(2, 1), -0.5),
        (
            np.array([[1.0, -1.0, 2.0], [0.5, 4.0, -1.0]]),
            _row(1, -2),
            _row(-3, 0.25),
            _row(-2, 3, 1.5),
            2.0,
        ),
        (_row(3, -2, 1)[:, None], _row(1, 0.25, -1), _row(0.5, 2, -1), _row(0.25), 4.0),
        (np.array([[1.0, 1.0]]), _row(1), _row(2), _row(2, 1), 0.0),
    ),
    compare=_compare,
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "blame gets through units that are off: where z is below 0 nothing gets through",
            lambda *given: _home(*given, slope=lambda z: 1.0),
        ),
        Misconception(
            "the switches are the wrong way round: blame gets through where z is above 0",
            lambda *given: _home(*given, slope=lambda z: z < 0),
        ),
        Misconception(
            "this multiplies by a where the switch belongs: it is 1 where the unit is on, however"
            " large a is",
            lambda *given: _home(*given, slope=lambda z: np.maximum(z, 0.0)),
        ),
        Misconception(
            "a closed switch turns the sign of the blame here: it lets nothing through",
            lambda *given: _home(*given, slope=np.sign),
        ),
        Misconception(
            "the switch looks at the blame that arrives, blame * outgoing: z decides, and blame of"
            " either sign gets through where z is above 0",
            lambda *given: _home(*given, slope=lambda z: given[4] * given[2] > 0),
        ),
        Misconception(
            "the switch looks at the sign of blame: z decides, and blame of either sign gets"
            " through where z is above 0",
            lambda *given: _home(*given, slope=lambda z: float(given[4] > 0)),
        ),
        Misconception(
            "only blame above 0 gets through here: where z is above 0, blame of either sign does",
            lambda *given: _home(*given, slope=lambda z: (z > 0) & (given[4] * given[2] > 0)),
        ),
        Misconception(
            "the bias is missing in z: it decides with the weights which units are on",
            lambda weight, bias, outgoing, x, blame: _backward(
                weight, 0 * bias, outgoing, x, blame
            ),
        ),
        Misconception(
            "d_weight is transposed: it has a row for each unit, as weight has",
            lambda *given: (_backward(*given)[0].T, *_backward(*given)[1:]),
        ),
        Misconception(
            "the bias gets no blame here: it is added to z, so what gets through the switch is its"
            " blame",
            lambda weight, bias, *rest: _with(_backward(weight, bias, *rest), 1, 0 * bias),
        ),
        Misconception(
            "d_bias is multiplied by the bias: its factor in z is 1, as x is that of a weight",
            lambda weight, bias, *rest: _with(
                _backward(weight, bias, *rest), 1, bias * _backward(weight, bias, *rest)[1]
            ),
        ),
        Misconception(
            "d_outgoing has the switch and no a: outgoing is multiplied by a, so its blame is"
            " blame * a",
            lambda *given: _home(*given, out=given[4] * (given[0] @ given[3] + given[1] > 0)),
        ),
        Misconception(
            "d_outgoing is blame times z: what outgoing is multiplied by is a, and not z",
            lambda *given: _home(*given, out=given[4] * (given[0] @ given[3] + given[1])),
        ),
        Misconception(
            "d_outgoing is multiplied by outgoing: of a product, the derivative is the other"
            " factor alone",
            lambda *given: _with(_backward(*given), 2, given[2] * _backward(*given)[2]),
        ),
        Misconception(
            "blame is left out: these are the derivatives of the answer, and those of the loss are"
            " due",
            lambda *given: _of_the_answer(given),
        ),
        Misconception(
            "d_outgoing is without blame: a alone is the derivative of the answer",
            lambda *given: _with(_backward(*given), 2, _of_the_answer(given)[2]),
        ),
        Misconception(
            "outgoing is left out on the way back: blame goes home along a wire times its weight",
            lambda *given: _home(*given, behind=given[4]),
        ),
        Misconception(
            "d_weight is made with a: what enters the units is x",
            lambda *given: _home(*given, into=np.maximum(given[0] @ given[3] + given[1], 0.0)),
        ),
        Misconception(
            "x is left out of d_weight: a weight's blame is what enters it times the blame behind",
            lambda *given: _home(*given, into=np.ones_like(given[3])),
        ),
        Misconception(
            "d_weight is made with weight: of a product, the derivative is the other factor, x",
            lambda *given: _with(_backward(*given), 0, given[0] * _backward(*given)[1][:, None]),
        ),
        Misconception(
            "d_bias and d_outgoing are exchanged: d_bias is the second",
            lambda *given: tuple(_backward(*given)[i] for i in (0, 2, 1)),
        ),
        Misconception(
            "every sign is turned: this is the way that a step takes, and the derivatives are due",
            lambda *given: _of_the_answer(given, -given[4]),
        ),
    ),
)
