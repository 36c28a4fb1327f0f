"""How long a call takes."""

import time
from collections.abc import Callable


def seconds(function: Callable[..., object], *arguments: object, repeats: int = 15) -> float:
    """Return the shortest time of a call, in seconds: other work on the machine only adds to it."""
    function(*arguments)
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)
