"""Forms of mistakes that all lessons share: ways to spoil any right answer, and where each applies.

A form takes a right answer and the arguments of a call. Which tasks it applies to follows from
what their texts allow (`Domain`) and from what their references take and return; `SPARED` lists
the tasks in which a form spoils nothing, and why.
"""

import functools
from collections.abc import Callable, Iterator

import numpy as np

from relukit.checks.call import Arguments, as_function
from relukit.checks.counterexample import expect
from relukit.checks.harnesses.slopes import without_overflow
from relukit.checks.registry import tasks
from relukit.checks.task import Task

Answer = Callable[..., object]


def each(change: Callable[[object], object], value: object) -> object:
    """Change every number, text and array of a value, and leave its tuples and lists."""
    if isinstance(value, tuple | list):
        return type(value)(each(change, part) for part in value)
    return change(value)


# of any answer that returns numbers


def nothing(answer: Answer, *arguments: object) -> None:
    answer(*arguments)


def as_text(answer: Answer, *arguments: object) -> str:
    return f"it is {answer(*arguments)}"


def negated(answer: Answer, *arguments: object) -> object:
    return each(np.negative, answer(*arguments))


def in_percent(answer: Answer, *arguments: object) -> object:
    return each(lambda value: 100 * value, answer(*arguments))


def four_digits(answer: Answer, *arguments: object) -> object:
    def rounded(value: object) -> object:
        array = np.asarray(value)
        short = np.array([float(f"{v:.4g}") for v in array.ravel().tolist()])
        return short.astype(array.dtype).reshape(array.shape)

    return each(rounded, answer(*arguments))


def first_part(answer: Answer, *arguments: object) -> object:
    return answer(*arguments)[0]


def knows_the_listed_inputs(answer: Answer, *arguments: object) -> object:
    (listed,) = (entry.boundary for entry in tasks() if entry.reference is answer)
    known = any(map(functools.partial(_same, arguments), listed))
    return answer(*(arguments if known else listed[0]))


def _same(one: Arguments, other: Arguments) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")
        for a, b in zip(one, other, strict=True)
    )


# of an answer that takes or returns arrays


def over_its_input(answer: Answer, *arguments: object) -> object:
    value = answer(*arguments)
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument.fill(0)
    return value


def transposed(answer: Answer, *arguments: object) -> object:
    return answer(*each(np.transpose, arguments))


def the_first_hundred(answer: Answer, *arguments: object) -> object:
    return answer(*(a[:100] if isinstance(a, np.ndarray) and a.ndim else a for a in arguments))


def in_single_precision(answer: Answer, *arguments: object) -> object:
    (wide, *_) = (a.dtype for a in arguments if isinstance(a, np.ndarray) and a.dtype.kind == "f")
    value = answer(*each(_cast("float32"), arguments))
    return each(_cast(np.result_type(wide, "float16")), value)


def result_in_single_precision(answer: Answer, *arguments: object) -> object:
    return each(_cast("float32"), answer(*arguments))


def _cast(dtype: str) -> Callable[[object], object]:
    """Return what gives an array of floats another dtype, and leaves what is no such array."""

    def cast(value: object) -> object:
        floats = isinstance(value, np.ndarray) and value.dtype.kind == "f"
        return value.astype(dtype) if floats else value

    return cast


def flattened(answer: Answer, *arguments: object) -> object:
    return each(np.ravel, answer(*arguments))


# of an answer that goes element by element


def always_float64(answer: Answer, x: np.ndarray, *others: object) -> object:
    return answer(x.astype("float64"), *others)


def one_by_one(answer: Answer, x: np.ndarray, *others: object) -> object:
    return np.array([answer(row, *others) for row in x], dtype=x.dtype).reshape(x.shape)


def by_a_list(answer: Answer, x: np.ndarray, *others: object) -> object:
    numbers = [float(v) for v in np.atleast_1d(x).tolist()]
    found = [answer(np.array(v, dtype=x.dtype), *others) for v in numbers]
    return np.array(found, dtype=x.dtype).reshape(x.shape)


def looks_at_the_smallest_first(answer: Answer, x: np.ndarray, *others: object) -> object:
    return answer(x, *others) if x.min() < np.inf else answer(x + 0, *others)


def with_a_dead_zone(answer: Answer, x: np.ndarray, *others: object) -> object:
    return answer(np.where(np.abs(x) < 1e-7, x.dtype.type(0), x), *others)


def clipped_at_1000(answer: Answer, x: np.ndarray, *others: object) -> object:
    inside = np.where(np.isfinite(x), np.clip(x, -1000, 1000), x).astype(x.dtype)
    return answer(inside, *others)


def infinities_stay(answer: Answer, x: np.ndarray, *others: object) -> object:
    return np.where(np.isinf(x), x, answer(x, *others))


def largest_for_infinity(answer: Answer, x: np.ndarray, *others: object) -> object:
    return answer(np.minimum(x, np.finfo(x.dtype).max) if x.dtype.kind == "f" else x, *others)


def nan_is_zero(answer: Answer, x: np.ndarray, *others: object) -> object:
    return np.where(np.isnan(x), x.dtype.type(0), answer(x, *others))


def forgets_zero(answer: Answer, x: np.ndarray, *others: object) -> object:
    result = np.full(x.shape, np.nan).astype(x.dtype)
    for side in (x > 0, x < 0):
        result[side] = answer(x[side], *others)
    return result


def at_least_one_dimension(answer: Answer, x: np.ndarray, *others: object) -> object:
    return answer(np.atleast_1d(x), *others)


# which tasks


def _any_task(task: Task) -> bool:
    return task.harness in (as_function, without_overflow)


def _given(task: Task) -> list[np.ndarray]:
    """Return every array that the boundary inputs hold, if the answer is called with them."""
    arguments = [value for entry in task.boundary for value in entry]
    return [a for a in arguments if isinstance(a, np.ndarray)] if _any_task(task) else []


@functools.cache
def _expected(task: Task) -> list[object]:
    """Return what is expected for the boundary inputs, if the answer is called with them."""
    return [expect(task, entry) for entry in task.boundary] if _any_task(task) else []


def _due(task: Task) -> list[object]:
    """Return every number, text and array that is expected for the boundary inputs."""
    found: list[object] = []
    each(found.append, _expected(task))
    return found


def _numbers_due(task: Task) -> bool:
    return bool(_due(task)) and all(np.asarray(part).dtype.kind in "iuf" for part in _due(task))


def _fractions_due(task: Task) -> bool:
    return _numbers_due(task) and any(np.asarray(part).dtype.kind == "f" for part in _due(task))


def _several_due(task: Task) -> bool:
    return _any_task(task) and isinstance(_expected(task)[0], tuple)


def _float64_due(task: Task) -> bool:
    arrays = [part for part in _due(task) if isinstance(part, np.ndarray) and part.ndim]
    return any(array.dtype == np.float64 for array in arrays)


def _axes_due(task: Task) -> bool:
    return any(isinstance(part, np.ndarray) and part.ndim > 1 for part in _due(task))


def _arrays(task: Task) -> bool:
    return bool(_given(task))


def _float64(task: Task) -> bool:
    return any(array.dtype == np.float64 for array in _given(task))


def _axes(task: Task) -> bool:
    return _arrays(task) and any(len(domain.axes) > 1 for domain in task.domains.values())


def _rows(task: Task) -> bool:
    """Return whether an array may have more than a hundred rows."""
    tops = [max(domain.axes[0]) for domain in task.domains.values() if domain.axes]
    return _arrays(task) and max(tops, default=0) > 100


def _elementwise(task: Task) -> bool:
    """Return whether the answer goes through one array, element by element."""
    return _any_task(task) and all(
        isinstance(x, np.ndarray)
        and isinstance(expected, np.ndarray)
        and expected.shape == x.shape
        and not any(isinstance(other, np.ndarray) for other in others)
        and not task.domains[task.parameters[0]].axes
        for (x, *others), expected in zip(task.boundary, _expected(task), strict=True)
    )


def _dtypes(task: Task) -> bool:
    return _elementwise(task) and len(task.domains[task.parameters[0]].dtypes) > 1


def _infinite(task: Task) -> bool:
    return _elementwise(task) and task.domains[task.parameters[0]].special


def _vanishing(task: Task) -> bool:
    """Return whether the answer is 0 at 0, so that its relative error near 0 shows."""
    return _elementwise(task) and task.reference(np.zeros(()), *task.boundary[0][1:]) == 0


FORMS: dict[Callable[..., object], Callable[[Task], bool]] = {
    nothing: _any_task,
    as_text: _any_task,
    knows_the_listed_inputs: _any_task,
    negated: _numbers_due,
    in_percent: _numbers_due,
    four_digits: _fractions_due,
    first_part: _several_due,
    over_its_input: _arrays,
    transposed: _axes,
    the_first_hundred: _rows,
    in_single_precision: _float64,
    result_in_single_precision: _float64_due,
    flattened: _axes_due,
    always_float64: _dtypes,
    one_by_one: _elementwise,
    by_a_list: _elementwise,
    looks_at_the_smallest_first: _elementwise,
    with_a_dead_zone: _vanishing,
    clipped_at_1000: _elementwise,
    forgets_zero: _elementwise,
    at_least_one_dimension: _elementwise,
    nan_is_zero: _infinite,
    infinities_stay: _infinite,
    largest_for_infinity: _infinite,
}


# forms that are right in a task, and why
SPARED: dict[str, dict[str, str]] = {
    "transposed": {"is_permitted": "its matrix is symmetric"},
    "four_digits": {"relu_derivative": "0 and 1 have one digit"},
    "clipped_at_1000": {
        "relu_derivative": "the slope changes at 0 only",
        "sigmoid": "it is 0 or 1 long before",
        "correlation_map": "a correlation is 1 at most",
    },
    "infinities_stay": {"leaky_relu": "its infinities do stay"},
    "largest_for_infinity": {
        "sigmoid": "it is 1 at the largest number already",
        "clipped_unit": "it is at its ceiling long before",
    },
    "in_single_precision": {
        "noisy_threshold_rate": "an error of 1e-6 is allowed",
        "backward_by_hand": "an error of 1e-5 is allowed",
        "matrix_at": "an error of 1e-5 is allowed",
        "which_scheme": "the rules differ by a third",
    },
    "result_in_single_precision": {
        "backward_by_hand": "an error of 1e-5 is allowed",
        "matrix_at": "an error of 1e-5 is allowed",
        "identity_from_relus": "an error of 1e-6 is allowed",
        "identity_recurrent": "an error of 1e-6 is allowed",
    },
    "looks_at_the_smallest_first": {"tobit_mean": "no empty array is given"},
}

# a part of what a form is told in a task that declares the same mistake; "" stands for every task
SAID: dict[str, dict[str, str]] = {
    "always_float64": {"": "this always returns float64"},
    "flattened": {"relu": "this flattens the array"},
    "in_percent": {"accuracy": "this is in per cent"},
    "nan_is_zero": dict.fromkeys(
        ("clipped_unit", "half_wave_rectify", "relu"), "this turns nan into 0"
    ),
    "negated": {
        "hinge_at": "right and left are exchanged",
        "backward_by_hand": "every sign is turned",
        "identity_from_relus": "left and right are exchanged",
        "he_uniform": "the sign is reversed",
    },
    "over_its_input": {"rescale_unit": "this changes the caller's weights in place"},
    "the_first_hundred": dict.fromkeys(
        ("dead_units", "dormant_units", "accuracy"), "the first batch"
    ),
    "transposed": {
        "dead_units": "this asks it of each example",
        "dormant_units": "this asks it of each example",
        "largest_safe_lr": "this averages over the rates",
        "life_lines": "this follows the units of one moment",
    },
}


def formed(task: Task) -> Iterator[tuple[str, Answer, str | None]]:
    """Yield the name of each form that applies to a task, the answer, and a part of its sentence.

    The sentence is None where the task declares no such mistake.
    """
    for form, applies in FORMS.items():
        name = form.__name__
        if applies(task) and task.name not in SPARED.get(name, ()):
            said = SAID.get(name, {})
            yield (
                name,
                functools.partial(form, task.reference),
                said.get(task.name, said.get("")),
            )
