"""A task of lesson 04 on the death of one unit: which update it was, and whose weights moved."""

from dataclasses import replace
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import shapes
from relukit.checks.task import Misconception, Task
from relukit.lessons.dying.tasks.records import (
    active_images,
    cause_of,
    deaths_of,
    is_active,
    record,
    records,
    silenced_alone,
)

_SIZES = (1, 2, 9, 100)
_NUMBERS = Domain(dtypes=("float64",), low=1e-6, high=9.9e5)  # as the task's text states
DOMAINS = {
    "weights": replace(_NUMBERS, axes=(_SIZES, _SIZES)),
    "biases": replace(_NUMBERS, axes=(_SIZES,)),
    "inputs": replace(_NUMBERS, axes=(_SIZES, _SIZES, _SIZES)),
}


def _dies_at(step: int, own: int, moved: int, *, shape=(9, 2, 2), place=(0, 0)) -> Arguments:
    """Return the record of a unit that lives through one input of one example, up to an update.

    Args:
        step: the update.
        own: how far its own update goes down, 0 to 2; with `moved`, 2 are enough.
        moved: how far its input goes down.
        shape: moments, examples and inputs.
        place: the example and the input.
    """
    moments, _, n = shape
    weights, biases = np.zeros((moments, n)), np.full(moments, -4.0)
    inputs = np.full(shape, -1.0)
    example, input_ = place
    weights[:, input_] = 3.0
    inputs[:, example, input_] = 3.0
    after = np.arange(moments) > step
    weights[after, input_] -= own
    inputs[after, example, input_] -= moved
    return weights, biases, inputs


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    kinds = [(2, 0), (0, 2), (2, 2), (1, 1), (0, 0)]
    found = []
    for shape in shapes(DOMAINS["inputs"]):
        moments, examples, n = shape
        for step in {0, 1, 7, 8, 98, moments - 2} & set(range(moments - 1)):
            for k, place in enumerate(((0, 0), (examples - 1, n - 1))):
                kind = kinds[(step + k) % 4]
                found.append(_dies_at(step, *kind, shape=shape, place=place))
        found.append(_dies_at(0, 0, 0, shape=shape))
    for example in (1, 8, 99):
        found.append(_dies_at(0, 2, 0, shape=(2, 100, 2), place=(example, 1)))
        found.append(_dies_at(0, 0, 2, shape=(2, 2, 100), place=(1, example)))
    for step in (0, 7, 8, 98):  # the bias alone moves
        weights, biases, inputs = _dies_at(step, 0, 0, shape=(100, 2, 2))
        biases[step + 1 :] = -20.0
        found.append((weights, biases, inputs))
    for power in 2.0 ** np.arange(-22, 20):
        weights, biases, inputs = _dies_at(2, *kinds[rng.integers(5)])
        found.append((weights * power, biases * power, inputs))
        found.append((-weights * power, biases * power, -inputs))
        found.append((weights, biases * power, inputs * power))
        found.append((-weights, biases * power, -inputs * power))
        ones = np.ones((3, 1)), np.array([1.0, -1.0, 1.0]) * power, np.zeros((3, 1, 1))
        found += [ones, (ones[0], -ones[1], ones[2])]
    for layout in LAYOUTS:
        record_ = _dies_at(3, 1, 1)
        for i in range(3):
            found.append(tuple(laid_out(a, layout) if i == j else a for j, a in enumerate(record_)))
    bit = 2.0**-50  # a unit may live by the last bits of its z
    found.append(record((1, bit - 1, (1,)), (1, -1, (1,)), (1, -1, (1,))))
    found.append(record((1, -1, (1 + bit,)), (1, -1, (1,))))
    found.append(record((1, 0, (1,)), (1, bit - 1, (1,)), (1, 0, (1,))))
    zeros = np.zeros((2, 1)), np.zeros(2), np.zeros((2, 1, 1))
    return (*found, zeros, (zeros[0], np.array([1.0, 0.0]), zeros[2]))


CAUSES = ("own update", "new inputs", "either", "both", "none")


def autopsy(weights, biases, inputs):
    deaths = deaths_of(weights, biases, inputs)
    if not deaths:
        return -1, "none"
    return deaths[0], cause_of(*silenced_alone(weights, biases, inputs, deaths[0]))


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    wrong = parts(got, ("step", "cause"))
    if wrong:
        return wrong
    step, cause = number(got[0]), got[1]
    if step is None:
        return "step must be one whole number"
    if not isinstance(cause, str) or cause not in CAUSES:
        return f"cause must be one of {', '.join(map(repr, CAUSES))}"
    if step != expected[0]:
        counts = ", ".join(map(str, active_images(*arguments).tolist()))
        return f"the numbers of examples that activate the unit are {counts}"
    if cause == expected[1]:
        return None
    if expected[1] == "none":
        return "no update ends its life, so there is no cause"
    weights, biases, inputs = arguments
    own, moved = silenced_alone(weights, biases, inputs, expected[0])
    first = "silent" if own else "active"
    second = "silent" if moved else "active"
    return f"new weights on old inputs: {first}; old weights on new inputs: {second}"


def _told(cause):
    """Return an answer that finds the step and decides the cause its own way."""

    def answer(weights, biases, inputs):
        step = autopsy(weights, biases, inputs)[0]
        return (step, cause(weights, biases, inputs, step)) if step >= 0 else (-1, "none")

    return answer


def _renamed(**names):
    """Return an answer that gives one cause another name."""

    def answer(weights, biases, inputs):
        step, cause = autopsy(weights, biases, inputs)
        return step, names.get(cause.replace(" ", "_"), cause)

    return answer


def _at(choose):
    """Return an answer that chooses another death."""

    def answer(weights, biases, inputs):
        deaths = deaths_of(weights, biases, inputs)
        step = choose(deaths, active_images(weights, biases, inputs) > 0)
        if step is None:
            return -1, "none"
        return step, cause_of(*silenced_alone(weights, biases, inputs, step))

    return answer


def _later(deaths, on):
    return deaths[-1] if deaths else None


def _for_good(deaths, on):
    return deaths[-1] if deaths and not on[-1] else None


def _counted_from_1(weights, biases, inputs):
    step, cause = autopsy(weights, biases, inputs)
    return (step + 1 if step >= 0 else -1), cause


def _first_silence(weights, biases, inputs):
    on = active_images(weights, biases, inputs) > 0
    if on.all() or (on[0] and not deaths_of(weights, biases, inputs)):
        return -1, "none"
    step = int(np.argmin(on)) - 1
    if step < 0:
        return -1, "both"
    return step, cause_of(*silenced_alone(weights, biases, inputs, step))


def _by_loss_of_some(weights, biases, inputs):
    counts = active_images(weights, biases, inputs)
    fewer = np.flatnonzero(np.diff(counts) < 0).tolist()
    if not fewer:
        return -1, "none"
    return fewer[0], cause_of(*silenced_alone(weights, biases, inputs, fewer[0]))


def _by_size(weights, biases, inputs, step):
    own = np.linalg.norm(weights[step + 1] - weights[step])
    return "own update" if own >= np.linalg.norm(inputs[step + 1] - inputs[step]) else "new inputs"


TASK = Task(
    points=1,
    title="Autopsy of a unit",
    minutes=20,
    difficulty="hard",
    why="\u201cA large step killed it\u201d can be tested: put the new weights on the old inputs.",
    hints=(
        "After which update does no example activate the unit, though some did before it?",
        "z = inputs[step] @ weights[step] + biases[step] gives its state at a moment. At the fatal"
        " update, mix the moments: new weights and bias on the old inputs, and the old ones on the"
        " new inputs. Which of the two mixtures is silent?",
        "def silent(at, moment): ...",
    ),
    reference=autopsy,
    boundary=(
        record((1, 0, (1,)), (-1, 0, (1,))),
        record((1, 0, (1,)), (1, 0, (0,))),
        record((1, 0, (1,)), (-1, 0, (0,))),
        record((2, -1, (1,)), (1, -1, (1,))),
        record((4, -3, (1,)), (2, -3, (1,)), (2, -3, (0.5,))),
        record((4, -3, (1,)), (2, -3, (2,)), (1, -3, (2,))),
        record((3, -4, (3,)), (2, -4, (2,))),
        record((4, -7, (3,)), (3, -7, (2,))),
        record((1, 0, (1,)), (1, 0, (2,))),
        record((-1, 0, (1,)), (-1, 0, (2,))),
        record((-1, 0, (1,)), (1, 0, (1,)), (0, 0, (1,))),
        record((1, 0, (1,)), (1, 0, (0,)), (1, 0, (1,)), (-1, 0, (1,))),
        record((1, 0, (1,)), (1, 0, (0,)), (1, 0, (1,))),
        record((1, 0, (1, 2)), (1, -1, (1, 2)), (1, -2, (1, 2))),
        record((1, 0, (1, 2)), (1, 0, (1, 0)), (1, 0, (0, 0))),
        record((0, 1, (0, 0)), (0, 0, (0, 0))),
        record((1, 0, (-1, 3)), (1, 0, (-1, 1)), (1, -5, (-9, 2))),
        (np.ones((1, 2)), np.zeros(1), np.ones((1, 2, 2))),  # one moment
    ),
    compare=_compare,
    generated=records,
    domains=DOMAINS,
    swept=swept,
    misconceptions=(
        Misconception(
            "this counts updates from 1: update 0 leads from moment 0 to moment 1",
            _counted_from_1,
        ),
        Misconception(
            "this finds the last death: the unit came back after an earlier one", _at(_later)
        ),
        Misconception(
            "this counts only a death that lasts to the end: the unit left the data before, and"
            " came back",
            _at(_for_good),
        ),
        Misconception(
            "this looks for the first silent moment: a unit that starts dead has not died there",
            _first_silence,
        ),
        Misconception(
            "this finds the first update that loses some examples: the unit dies with the last one",
            _by_loss_of_some,
        ),
        Misconception(
            "this blames the unit's own update for every death: try its new weights on its old"
            " inputs",
            _told(lambda weights, biases, inputs, step: "own update"),
        ),
        Misconception(
            "this blames the inputs for every death: try the old weights on the new inputs",
            _told(lambda weights, biases, inputs, step: "new inputs"),
        ),
        Misconception(
            "the two causes are exchanged: new weights on old inputs test the unit's own update",
            _renamed(own_update="new inputs", new_inputs="own update"),
        ),
        Misconception(
            "this blames whatever moved more: a large move may leave the unit active, a small one"
            " may not",
            _told(_by_size),
        ),
        Misconception(
            "where either change alone would have done it, this says own update: test the inputs"
            " too",
            _renamed(either="own update"),
        ),
        Misconception(
            "where either change alone would have done it, this says new inputs: test its own"
            " update too",
            _renamed(either="new inputs"),
        ),
        Misconception(
            "where it took both changes, this says own update: its new weights are active on the"
            " old inputs",
            _renamed(both="own update"),
        ),
        Misconception(
            "where it took both changes, this says new inputs: its old weights are active on them",
            _renamed(both="new inputs"),
        ),
        Misconception(
            "either and both are exchanged: either means that each change alone is enough",
            _renamed(either="both", both="either"),
        ),
        Misconception(
            "the biases are left out: z = w . x + b",
            lambda weights, biases, inputs: autopsy(weights, 0 * biases, inputs),
        ),
        Misconception(
            "the bias stays with the inputs here: it is the unit's own, and moves with its weights",
            _told(
                lambda weights, biases, inputs, step: cause_of(
                    not is_active(inputs[step], weights[step + 1], biases[step]),
                    not is_active(inputs[step + 1], weights[step], biases[step + 1]),
                )
            ),
        ),
    ),
)
