"""A task of lesson 04 on dead units: whether anything can still move what they see."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading
from relukit.checks.task import Misconception, Task


def can_it_recover(layer, alive, slope=0.0, velocity=0.0):
    assert 1 <= layer <= len(alive), "no such layer"  # of an input that was cut too short
    if slope != 0 or velocity != 0:
        return True
    return layer > 1 and bool((alive[layer - 2 :] > 0).all())


def _reason(layer: int, alive: np.ndarray, slope: float, velocity: float) -> str:
    if slope != 0:
        return "left of 0 this activation has a slope, so the unit gets gradients: it can come back"
    if velocity != 0:
        return "its gradient is 0, but the momentum that is left still moves its weights"
    if layer == 1:
        return "its gradient is 0, and its inputs are the data, which stand still"
    silent = [1 + i for i in np.flatnonzero(alive == 0).tolist()]
    if layer - 1 in silent:
        return f"layer {layer - 1} is 0 for every example and stays so: the inputs stand still"
    behind = [i for i in silent if i >= layer]
    if behind:
        return f"layer {behind[0]} lets no gradient through, so nothing before it moves"
    return f"layer {layer - 1} gets gradients and moves, so the inputs of the unit move too"


def _compare(arguments: Arguments, expected: bool, got: object) -> str | None:
    if isinstance(got, np.ndarray) and got.shape == () and got.dtype.kind == "b":
        got = bool(got)
    if not isinstance(got, bool):
        return "the answer must be True or False"
    return None if got == expected else _reason(*(*arguments, 0.0, 0.0)[:4])


def _case(layer: int, alive: tuple[int, ...], *more: float) -> Arguments:
    return (layer, np.array(alive), *more)


def _generated():
    from hypothesis import strategies as st

    def cases(alive):
        return st.tuples(
            st.integers(1, len(alive)),
            st.just(np.array(alive)),
            st.sampled_from([0.0, 0.0, 0.0, 0.0, 0.01]),
            st.sampled_from([0.0, 0.0, 0.0, 0.0, 0.5]),
        )

    return st.lists(st.sampled_from([3, 0, 1]), min_size=1, max_size=4).flatmap(cases)


_DOMAINS = {
    "layer": Domain(low=1.0, high=100.0, signs="+", zero=False),
    "alive": Domain(dtypes=("int64", "int32", "int8", "uint8"), signs="+", axes=((1, 2, 9, 100),)),
    "slope": Domain(low=1e-60, high=1e9),
    "velocity": Domain(low=1e-60, high=1e9, signs="+"),
}


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    two = np.array([3, 0])
    found: list[Arguments] = [
        (1, two, s.item()) for s in leading(_DOMAINS["slope"], "float64", rng, ())
    ]
    found += [(2, two, 0.0, v.item()) for v in leading(_DOMAINS["velocity"], "float64", rng, ())]
    for dtype in _DOMAINS["alive"].dtypes:
        for alive in leading(_DOMAINS["alive"], dtype, rng, (3,)):
            found += [(layer, alive) for layer in (1, 2, 3)]
        found += [(2, laid_out(np.array([3, 1, 2], dtype), layout)) for layout in LAYOUTS]
    found += [(layer, np.zeros(3, "int64")) for layer in (1, 2, 3)]
    for n in (1, 2, 9, 100):
        for layer in {1, 2, 8, 9, 10, 99, n} & set(range(1, n + 1)):
            found.append((layer, np.full(n, 4)))
            for silent in {0, 1, 7, 8, 9, 98, 99, layer - 2, layer - 3, n - 2} & set(range(n)):
                alive = np.full(n, 4)
                alive[silent] = 0
                found.append((layer, alive))
    return tuple(found)


def _stands_still(layer, alive):
    """Return whether the layer before has died."""
    return layer > 1 and alive[layer - 2] == 0


def _unless(answer):
    """Return an answer that knows leaky slopes and momentum, and decides the rest its own way."""
    return lambda layer, alive, slope=0.0, velocity=0.0: bool(
        slope != 0 or velocity != 0 or answer(layer, alive)
    )


TASK = Task(
    points=2,
    title="Dead for ever?",
    minutes=15,
    difficulty="hard",
    why="Whether to wait, to lower the rate or to start again depends on which of the dead are"
    " stuck.",
    hints=(
        "z = w . x + b is at most 0 for every example. What could still change w, b, or x?",
        "Its own gradient is 0, unless the activation has a slope left of 0. So momentum has to"
        " move its weights, or the layer before has to move its inputs: that layer must not be"
        " silent, and gradients must reach it through every layer behind it.",
        "if slope != 0 or velocity != 0:",
    ),
    reference=can_it_recover,
    boundary=(
        _case(1, (3,)),
        _case(2, (3, 3)),
        _case(1, (3,), 0.01),
        _case(1, (3,), 0.0, 0.5),
        _case(2, (3, 0)),
        _case(2, (0, 3)),
        _case(2, (0, 0)),
        _case(2, (3, 3, 0)),
        _case(2, (3, 3, 0, 3)),
        _case(3, (0, 3, 3)),
        _case(3, (3, 0, 3)),
        _case(1, (0, 3)),
        _case(4, (0, 0, 3, 3)),
        _case(2, (0, 0), -1.0),
        _case(1, (3, 0), 1e-6),
        _case(1, (3, 3), 0.0, 1e-30),
        _case(2, (3, 0), 0.0, 0.5),
    ),
    compare=_compare,
    generated=_generated,
    domains=_DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this says that no dead unit comes back: deeper ones do when their inputs move, and"
            " momentum and leaky slopes move any",
            lambda layer, alive, slope=0.0, velocity=0.0: False,
        ),
        Misconception(
            "this says that every dead unit can come back: in layer 1 nothing moves its inputs",
            lambda layer, alive, slope=0.0, velocity=0.0: True,
        ),
        Misconception(
            "this decides by the layer alone: slope, momentum and silent layers matter too",
            lambda layer, alive, slope=0.0, velocity=0.0: layer > 1,
        ),
        Misconception(
            "deeper units come back only where the layers before them move: one silent layer can"
            " stop that",
            _unless(lambda layer, alive: layer > 1),
        ),
        Misconception(
            "this looks at the layers before the unit only: a silent layer behind them lets no"
            " gradient through",
            _unless(lambda layer, alive: layer > 1 and (alive[: layer - 1] > 0).all()),
        ),
        Misconception(
            "this looks at the layer before the unit only: a silent layer behind it lets no"
            " gradient through",
            _unless(lambda layer, alive: layer > 1 and not _stands_still(layer, alive)),
        ),
        Misconception(
            "this asks that every layer has living units: far before the unit a silent layer does"
            " no harm, since biases behind it still move",
            _unless(lambda layer, alive: layer > 1 and (alive > 0).all()),
        ),
        Misconception(
            "this forgets the layer before: if it is silent, the inputs are 0 and stand still",
            _unless(lambda layer, alive: layer > 1 and (alive[layer - 1 :] > 0).all()),
        ),
        Misconception(
            "this forgets the unit's own layer: if all of it is dead, no gradient gets past it",
            _unless(
                lambda layer, alive: (
                    layer > 1
                    and not _stands_still(layer, alive)
                    and bool((alive[layer:] > 0).all())
                )
            ),
        ),
        Misconception(
            "this counts layers from 0: alive[layer - 1] is the unit's own layer, and layer 1 is"
            " the first",
            _unless(lambda layer, alive: (alive[layer - 1 :] > 0).all()),
        ),
        Misconception(
            "the momentum that is left is not used: it moves the weights without any gradient",
            lambda layer, alive, slope=0.0, velocity=0.0: can_it_recover(layer, alive, slope),
        ),
        Misconception(
            "the slope left of 0 is not used: a leaky unit always gets a gradient",
            lambda layer, alive, slope=0.0, velocity=0.0: can_it_recover(
                layer, alive, 0.0, velocity
            ),
        ),
        Misconception(
            "this asks for a slope above 0: a negative one, as that of |z|, passes a gradient too",
            lambda layer, alive, slope=0.0, velocity=0.0: can_it_recover(
                layer, alive, max(slope, 0.0), velocity
            ),
        ),
        Misconception(
            "this asks whether the unit is leaky: a deeper ReLU can come back as well",
            lambda layer, alive, slope=0.0, velocity=0.0: slope != 0,
        ),
        Misconception(
            "this is True where the unit is stuck: whether it can recover is asked for",
            lambda layer, alive, slope=0.0, velocity=0.0: (
                not can_it_recover(layer, alive, slope, velocity)
            ),
        ),
        Misconception(
            "this asks whether anything in the network is alive: it has to be in the layer before,"
            " and in every layer behind that",
            _unless(lambda layer, alive: layer > 1 and (alive > 0).any()),
        ),
    ),
)
