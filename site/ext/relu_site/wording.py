"""What a notebook says of its kernel, on a page that has none."""

import re

_SENTENCE = r"(?:(?<=[.!?] )|(?<=^)){}[^.!?]*[.!?](?: |$)"
# what the page's own buttons say already
_NEEDLESS = re.compile(
    "|".join(
        (
            r" ?\(Without a running kernel[^)]*\)",
            _SENTENCE.format("To run a cell,"),
            _SENTENCE.format("Run the cell to see the question"),
            _SENTENCE.format("Replace the dots"),
        )
    )
)
_RUNS = re.compile(r"(?:(?<=[.!?] )|(?<=^))([A-Z])([^.!?]*\brun the cell\b|un the cell\b)")


def without_kernel(paragraph: str) -> str:
    r"""Return a paragraph as a page says it: what needs a kernel is for the notebook.

    Example:
        >>> without_kernel("Put your own numbers in and run the cell again. It bends.")
        'In the notebook, put your own numbers in and run the cell again. It bends.'
        >>> without_kernel('Run the cell to see the question. Replace the dots by "a". Guess!')
        'Guess!'
    """
    text = _NEEDLESS.sub("", paragraph).rstrip()
    return _RUNS.sub(lambda found: f"In the notebook, {found[1].lower()}{found[2]}", text)
