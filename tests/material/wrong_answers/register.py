"""Answers to tasks, wrong and right, and how a module of them registers its own."""

from collections.abc import Callable

Wrong = tuple[str, object, str | None]
Right = tuple[str, object]
Decorator = Callable[[object], object]


def register() -> tuple[
    list[Wrong], list[Right], Callable[..., Decorator], Callable[..., Decorator]
]:
    """Return WRONG and RIGHT, empty, and the decorators `wrong` and `right` that fill them.

    `wrong(task, sentence)` registers a wrong answer to the task, and a part of the diagnosis that
    it must get, or None where it gets none; `right(task)` registers a right answer.

    Example:
        >>> WRONG, RIGHT, wrong, right = register()
        >>> _ = wrong("relu", "this is |x|")(abs)
        >>> WRONG
        [('relu', <built-in function abs>, 'this is |x|')]
    """
    found_wrong: list[Wrong] = []
    found_right: list[Right] = []

    def wrong(task: str, sentence: str | None = None) -> Decorator:
        def add(answer: object) -> object:
            found_wrong.append((task, answer, sentence))
            return answer

        return add

    def right(task: str) -> Decorator:
        def add(answer: object) -> object:
            found_right.append((task, answer))
            return answer

        return add

    return found_wrong, found_right, wrong, right
