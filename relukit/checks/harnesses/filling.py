"""How an answer is used that returns a function of its own, for the points that it was given."""

from relukit.checks.call import Answer, Arguments

NO_FUNCTION = "a function must come back, and what came back can't be called: return f, not f(x)"
_OTHER = ((-1.0, 5.0), (-3.0, -2.0))  # points that the function asked for knows nothing of


def as_filling(answer: Answer, arguments: Arguments) -> object:
    """Return what the function that an answer makes of some points gives for an array.

    A second function is made of other points before the first is called: each has to keep its own.

    Args:
        answer: takes points; returns a function from an array to an array.
        arguments: the points, a tuple of pairs; and the array x.

    Returns:
        What the function returns for x; or a text where no function came back.

    Example:
        >>> as_filling(lambda points: lambda x: x + len(points), (((-1.0, 0.0),), 2.0))
        3.0
    """
    points, x = arguments
    made = answer(points)
    if made is None:
        return None
    if not callable(made):
        return NO_FUNCTION
    answer(_OTHER)
    return made(x)
