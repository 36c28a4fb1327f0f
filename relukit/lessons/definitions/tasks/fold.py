"""A task of lesson 02 on depth: two units a layer, and twice the pieces with each."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.harnesses.polyline import WANTED, as_polyline
from relukit.checks.notation import tell_apart
from relukit.checks.task import Misconception, Task

ERROR = 1e-6  # of a height; the task's text states it
MOST = 12  # folds
FOLDS = Domain(values=tuple(range(1, MOST + 1)))

_HALF = np.array([0.0, -0.5])
_TENT = np.array([[2.0, -4.0]])
_BOTH = np.ones((2, 1))  # both units of a layer get the same number


def _sawtooth(k):
    """Return the corners of what k folds draw, which is what the harness makes of a network."""
    n = np.arange(2**k + 1)
    return np.column_stack([n / 2**k, n % 2.0])


def _network(k, *, tent=_TENT, last=None, between=None, bias=_HALF, later=None, offset=0.0):
    """Return the layers of k folds, but for one detail."""
    between = _BOTH @ tent if between is None else between
    rest = [(between, bias if later is None else later)] * (k - 1)
    return [(_BOTH, bias), *rest, (tent if last is None else last, np.array([offset]))]


def _side_by_side(teeth):
    """Return one hidden layer with a unit for each piece: every second hinge goes down."""
    kinks = np.arange(2 * teeth) / (2 * teeth)
    turns = 4.0 * teeth * (-1.0) ** np.arange(2 * teeth)
    turns[0] /= 2
    return [(np.ones((len(kinks), 1)), -kinks), (turns[None], np.zeros(1))]


def _through_a_relu_each(k):
    """Return folds, each followed by a unit that passes on what the fold has made."""
    between = [(_TENT, np.zeros(1)), (_BOTH, _HALF)] * (k - 1)
    return [(_BOTH, _HALF), *between, (_TENT, np.zeros(1))]


def _compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
    if isinstance(got, str) and got:
        return got
    if not isinstance(got, np.ndarray) or got.ndim != 2:
        return WANTED
    at = np.unique(np.concatenate([expected[:, 0], got[:, 0]]))
    wanted, drawn = (np.interp(at, *line.T) for line in (expected, got))
    off = ~(np.abs(drawn - wanted) <= ERROR)
    if not off.any():
        return None
    i = int(np.argmax(off))
    given, due = tell_apart(drawn[i], wanted[i])
    said = f"at x = {at[i]:g} your network gives {given}, and {due} is due"
    pieces = [len(line) - 1 for line in (got, expected)]
    if pieces[0] == pieces[1]:
        return said
    noun = "piece" if pieces[0] == 1 else "pieces"
    return f"{said}; it draws {pieces[0]} straight {noun}, and {pieces[1]} are due"


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    return tuple((k,) for k in range(4, MOST + 1))


TASK = Task(
    points=4,
    title="Fold the line",
    minutes=25,
    difficulty="hard",
    why="Units side by side add pieces; layers behind each other can multiply them.",
    hints=(
        "Let t be what k - 1 folds draw. What has to be done with t, so that it is folded once"
        " more?",
        "The two units of the next layer need t and t - 1/2. But t is 2 a[0] - 4 a[1] of the two"
        " units before, a weighted sum: it needs no unit of its own, and becomes the rows of the"
        " next layer's weight.",
        "layers = [(np.array([[1.0], [1.0]]), np.array([0.0, -0.5]))]",
    ),
    reference=_sawtooth,
    boundary=((1,), (2,), (3,)),
    compare=_compare,
    domains={"k": FOLDS},
    swept=_swept,
    harness=as_polyline,
    misconceptions=(
        Misconception(
            "this folds once, whatever k is: each further layer must fold again",
            lambda k: _network(1),
        ),
        Misconception(
            "a layer gets the two units of the one before here, each by itself: it must get their"
            " fold, 2 a[0] - 4 a[1]",
            lambda k: _network(k, between=np.eye(2)),
        ),
        Misconception(
            "a layer gets the sum of the units before: the fold is 2 a[0] - 4 a[1]",
            lambda k: _network(k, between=np.ones((2, 2))),
        ),
        Misconception(
            "the teeth are half as high as they should be: the last layer is 2 a[0] - 4 a[1]",
            lambda k: _network(k, last=_TENT / 2),
        ),
        Misconception(
            "each fold reaches only 1/2, so that the next one never bends: it is 2 a[0] - 4 a[1]",
            lambda k: _network(k, tent=_TENT / 2),
        ),
        Misconception(
            "behind the bend this stays level: to fall, the slope must go from 2 to -2, so the"
            " second unit counts -4",
            lambda k: _network(k, tent=np.array([[2.0, -2.0]])),
        ),
        Misconception(
            "the teeth are upside down: the graph begins at 0",
            lambda k: _network(k, last=-_TENT, offset=1.0),
        ),
        Misconception(
            "the teeth hang below 0: the last layer has the wrong sign",
            lambda k: _network(k, last=-_TENT),
        ),
        Misconception(
            "both units of a layer bend at 0 here: the second has bias -1/2",
            lambda k: _network(k, bias=np.zeros(2)),
        ),
        Misconception(
            "only the first layer has the bias -1/2: every fold bends at 1/2 of what it gets",
            lambda k: _network(k, later=np.zeros(2)),
        ),
        Misconception(
            "the second unit bends at 1, where the line ends: it bends at 1/2, so its bias is -1/2",
            lambda k: _network(k, bias=2 * _HALF),
        ),
        Misconception(
            "the weight between two hidden layers is transposed: a row belongs to a unit, and"
            " both rows are (2, -4)",
            lambda k: _network(k, between=(_BOTH @ _TENT).T),
        ),
        Misconception(
            "this folds once too often: k folds are k hidden layers",
            lambda k: _network(k + 1),
        ),
        Misconception(
            "this folds k - 1 times: k folds are k hidden layers",
            lambda k: [([[1.0]], [0.0])] if k == 1 else _network(k - 1),
        ),
        Misconception(
            "units side by side draw this here, one for each piece: with layers behind each other"
            " 2 k are enough",
            lambda k: _side_by_side(2 ** (k - 1)),
        ),
        Misconception(
            "this has a tooth for each fold: each fold doubles their number",
            lambda k: _side_by_side(k),
        ),
        Misconception(
            "a ReLU of its own passes each fold on: leave it out, and let the next layer's weight"
            " do it",
            _through_a_relu_each,
        ),
        Misconception(
            "there is one more ReLU at the end: the last layer has none",
            lambda k: [*_network(k), ([[1.0]], [0.0])],
        ),
        Misconception(
            "the last layer is missing, which adds up the two units behind it: it has no ReLU",
            lambda k: _network(k)[:-1],
        ),
        Misconception(
            "all weights come first here, and then all biases: each layer is a pair of both",
            lambda k: [list(part) for part in zip(*_network(k), strict=True)],
        ),
    ),
)
