"""A task of lesson 06 with a goal and no recipe: name the digits of images not seen before."""

from collections import Counter

import numpy as np

from relukit.checks.comparison import Arguments, number, vector
from relukit.checks.harnesses.learning import as_learner
from relukit.checks.harnesses.photographs import N_SPLITS, photographs
from relukit.checks.task import Misconception, Task

TARGET = 0.97  # of the test images of all splits together, as the task's text states
_CLOSE, _FAR, _CHANCE = 0.9, 0.7, 0.18  # what a linear model, class means, and a guess stay above


_truths: dict[bytes, list[np.ndarray]] = {}  # of what this process drew for a grader


def train_to_target(number, splits=()):
    if splits:
        return _truths[_key(splits)]
    return [photographs(number, i).truth for i in range(N_SPLITS)]


def _key(splits: tuple[tuple, ...]) -> bytes:
    return b"".join(x_test.tobytes() for _, _, x_test, _ in splits)


def _named(expected: list[np.ndarray], got: object) -> tuple[str, str]:
    """Return of which kind an answer is, and what is said of it; both empty where it is right."""
    if not isinstance(got, list) or len(got) != len(expected):
        return "no list", "the answer must be one label for each test image"
    for wanted, given in zip(expected, got, strict=True):
        shape = np.shape(given) if isinstance(given, np.ndarray) else None
        labels = vector(given)
        if labels is None:
            kind = "no numbers" if number(given) is None else "one number"
            return kind, "the answer must be an array of labels, whole numbers 0 to 9"
        if labels.shape != wanted.shape:
            count = f"the answer must be one label for each of the {len(wanted)} test images"
            return f"{labels.shape} of {labels.dtype}", f"{count}, and its shape is {shape}"
        if not (labels == np.round(labels)).all():
            return "fractions", "labels are whole numbers from 0 to 9"
    truth, made = np.concatenate(expected), np.concatenate([vector(given) for given in got])
    share = float((truth == made).mean())
    if share >= TARGET:
        return "", ""
    said = (
        f"{100 * share:.1f} % of {len(truth)} test images are right, {100 * TARGET:.0f} % are due"
    )
    label, often = Counter(made.tolist()).most_common(1)[0]
    if often > 0.9 * len(made):
        return "one label", f"{said}; nearly all of them are called {label:g}"
    if (truth + 1 == made).mean() >= _FAR:
        return "one more", f"{said}; most labels are 1 too large"
    bounds = {"close": _CLOSE, "far": _FAR, "half": _CHANCE, "chance": 0.02, "never": -1.0}
    return next(kind for kind, low in bounds.items() if share > low), said


def _compare(arguments: Arguments, expected: list[np.ndarray], got: object) -> str | None:
    truth = train_to_target(*arguments)
    kind, said = _named(truth, got)
    if all(np.array_equal(a, b) for a, b in zip(truth, expected, strict=True)):
        return said or None
    return None if kind == _named(truth, expected)[0] else "an answer of another kind"


def _means(x, y):
    return np.stack([x[y == label].mean(axis=0) for label in range(10)])


def _distances(x_train, y_train, x_test):
    return ((x_test[:, None] - _means(x_train, y_train)) ** 2).sum(axis=2)


def _nearest_mean(x_train, y_train, x_test, seed):
    return _distances(x_train, y_train, x_test).argmin(axis=1)


def _linear(x_train, y_train, x_test, seed):
    def widened(x):
        return np.column_stack([x.astype(float) / 16, np.ones(len(x))])

    a = widened(x_train)
    weight = np.linalg.solve(a.T @ a + 0.1 * np.eye(65), a.T @ np.eye(10)[y_train])
    return (widened(x_test) @ weight).argmax(axis=1)


def _as_an_amount(x_train, y_train, x_test, seed):
    a = np.column_stack([x_train.astype(float), np.ones(len(x_train))])
    weight = np.linalg.lstsq(a, y_train, rcond=None)[0]
    found = np.column_stack([x_test.astype(float), np.ones(len(x_test))]) @ weight
    return np.clip(np.round(found), 0, 9)


def _guesses(x_train, y_train, x_test, seed):
    return np.random.default_rng(seed).integers(0, 10, len(x_test))


def _redrawn(draw: np.random.Generator) -> tuple[Arguments, ...]:
    number = int(draw.integers(1, 2**62))
    drawn = [photographs(number, i) for i in range(N_SPLITS)]
    splits = tuple(entry.given for entry in drawn)
    _truths[_key(splits)] = [entry.truth for entry in drawn]
    return ((None, splits),)


TASK = Task(
    points=2,
    title="Reach 97 % on images not seen",
    minutes=20,
    difficulty="hard",
    why="Outside a course nobody tells you scale, rate, width and steps; here you choose them.",
    hints=(
        "What does the loop of section 2 reach as it stands, and which of scale, rate, width and"
        " number of steps would you change first? Keep some training images aside to find out.",
        "Bring all directions in which the images vary to the same size (np.linalg.svd finds them):"
        " then the light counts no more than the rest. A wide network (256, 256) with He's weights"
        " and 400 steps of Adam, at 0.003, gets there; several that add up their outputs get"
        " further, and so do copies of the images with some noise.",
        "mean = x_train.mean(axis=0)",
    ),
    reference=train_to_target,
    boundary=((0,),),
    redrawn=_redrawn,
    compare=_compare,
    harness=as_learner,
    calls=1,
    misconceptions=(
        Misconception(
            "all images get one label: has the network died or diverged, or was it never trained?"
            " Scale the images, and try a smaller rate",
            lambda x_train, y_train, x_test, seed: np.zeros(len(x_test), dtype=int),
        ),
        Misconception(
            "this is no better than a guess: are there training steps, and do images and labels"
            " keep their common order?",
            _guesses,
        ),
        Misconception(
            "something is learned, but little: are the test images scaled as the training images"
            " were, and are labels names (cross-entropy) and not amounts?",
            _as_an_amount,
        ),
        Misconception(
            "this is what comparing with each digit's mean image reaches, or a tree of questions on"
            " single pixels, or a network that was trained too shortly: the uneven light hides what"
            " is common to a digit",
            _nearest_mean,
        ),
        Misconception(
            "this is what a linear model or a small network reaches, and the nearest neighbour, as"
            " its light is near, and not its digit: take the light out first; then a wider"
            " network, or several that vote, get further",
            _linear,
        ),
        Misconception(
            "nearly no image is right, which takes knowledge: is it argmin where argmax is due?",
            lambda x_train, y_train, x_test, seed: _distances(x_train, y_train, x_test).argmax(
                axis=1
            ),
        ),
        Misconception(
            "the labels are 1 too large: they start from 0",
            lambda *given: 1 + _nearest_mean(*given),
        ),
        Misconception(
            "these are ten scores for each image: argmax over them gives the label",
            lambda x_train, y_train, x_test, seed: -_distances(x_train, y_train, x_test),
        ),
        Misconception(
            "these are the labels of the training images: those of x_test are asked for",
            lambda x_train, y_train, x_test, seed: y_train,
        ),
        Misconception(
            "this is one number: return the label of each test image, the check counts what is"
            " right",
            lambda x_train, y_train, x_test, seed: 0.97,
        ),
    ),
)
