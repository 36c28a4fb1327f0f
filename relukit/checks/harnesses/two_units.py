"""How an answer is used that consists of the numbers of a network with two units."""

import inspect

import numpy as np

from relukit.checks.call import Answer, Arguments
from relukit.checks.plain import Unusable, plain, real_numbers

UNITS = 2
ASKS_FOR_MORE = "a function that has to be given something"
# shapes that each part may have; a layer of torch keeps the outgoing weights as one row
_SHAPES = {
    "weight": ((UNITS, 2),),
    "bias": ((UNITS,),),
    "outgoing": ((UNITS,), (1, UNITS)),
    "offset": ((), (1,)),
}


def as_two_units(answer: Answer, arguments: Arguments) -> object:
    """Return what the network computes whose numbers the answer returns, in Python's own floats.

    Args:
        answer: takes nothing and returns (weight, bias, outgoing, offset), as arrays or lists.
        arguments: an array of inputs, of shape (n, 2).

    Returns:
        A float64 vector, outgoing @ relu(weight @ x + bias) + offset for each input x; or a text
        that says what came back in place of such a network; or what is no data as it came.
    """
    (x,) = arguments
    if _asks_for_more(answer):
        return ASKS_FOR_MORE
    made = answer()
    value = plain(made)
    if value is None or isinstance(value, Unusable):
        return made
    if not isinstance(value, tuple | list):
        return "one value in place of four parts"
    if len(value) != len(_SHAPES):
        return f"{len(value)} part{'s' if len(value) != 1 else ''} in place of four"
    found = []
    for (name, shapes), part in zip(_SHAPES.items(), value, strict=True):
        numbers = real_numbers(part)
        if numbers is None:
            return f"{name} that is no {'array of numbers' if shapes[0] else 'number'}"
        if numbers.shape not in shapes:
            return f"{name} of shape {numbers.shape}" if numbers.ndim else f"{name} as one number"
        found.append(numbers.reshape(shapes[0]).tolist())
    weight, bias, outgoing, offset = found
    outputs = []
    for first, second in np.asarray(x).tolist():
        total = float(offset)
        for (one, other), shift, out in zip(weight, bias, outgoing, strict=True):
            z = one * first + other * second + shift
            total += out * (0.0 if z < 0 else z)  # nan stays nan
        outputs.append(total)
    return np.array(outputs)


def _asks_for_more(answer: Answer) -> bool:
    try:
        inspect.signature(answer).bind()
    except ValueError:  # it has no signature
        return False
    except TypeError:
        return callable(answer)
    return False
