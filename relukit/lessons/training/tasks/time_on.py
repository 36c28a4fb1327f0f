"""A task of lesson 06 on a clock beside a device that is still at work."""

from typing import Any

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.harnesses.clockwork import Device, on_device
from relukit.checks.task import Misconception, Task

TOLERANCE = 1e-9  # relative; the task's text states it


def _timed(device, work, calls, *, warm=1, before=True, after=True, each=False, share=True):
    """Take the time as it should be, but for what the options change."""
    for _ in range(warm):
        work()
    if before:
        device.synchronize()
    start = device.clock()
    for _ in range(calls):
        work()
        if each:
            device.synchronize()
    if after:
        device.synchronize()
    taken = device.clock() - start
    return taken / calls if share else taken


def time_on(launch, seconds, first, pending, calls):
    device = Device(launch=launch, seconds=seconds, first=first, pending=pending)
    return _timed(device, device.work, calls)


def _compare(arguments: Arguments, expected: float, got: Any) -> str | None:
    value = number(got)
    if value is None:
        return "the answer must be one number, in s"
    if abs(value - expected) <= TOLERANCE * expected:
        return None
    calls = arguments[-1]
    said = f"{calls} calls, once all is warm and done, take {expected * calls:g} s"
    return f"{said}: {expected:g} s each, and not {value:g}"


_CALLS = Domain(low=1, high=1000, signs="+", zero=False)


def _generated():
    from hypothesis import strategies as st

    times = st.integers(1, 16).map(lambda k: k / 8)
    extra = st.one_of(st.just(0.0), times.map(lambda time: 2 * time))
    return st.tuples(times, times, extra, extra, st.integers(1, 8))


def _swept(rng) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for power in range(-30, 31):
        size = 2.0**power
        found += [(size, 3 * size, 5 * size, 7 * size, 4), (3 * size, size, size, size, 4)]
        found += [(size, 1.0, 2.0, 3.0, 3), (1.0, size, 2.0, 3.0, 3)]
        found += [(0.5, 1.0, size, 3.0, 3), (0.5, 1.0, 2.0, size, 3)]
    for calls in (1, 2, 3, 9, 10, 30, 99, 100, 300, 999, 1000):
        found += [(0.25, 2.0, 8.0, 3.0, calls), (2.0, 0.25, 8.0, 3.0, calls)]
    return tuple(found)


def _with(**options):
    return lambda *given: _timed(*given, **options)


def _of_the_work_alone(device, work, calls):
    work()
    device.synchronize()
    total = 0.0
    for _ in range(calls):
        work()
        start = device.clock()
        device.synchronize()
        total += device.clock() - start
    return total / calls


def _waits_first(device, work, calls):
    device.synchronize()
    work()
    return _timed(device, work, calls, warm=0, before=False)


def _warm_in_time(device, work, calls):
    device.synchronize()
    start = device.clock()
    for _ in range(calls + 1):
        work()
    device.synchronize()
    return (device.clock() - start) / calls


TASK = Task(
    points=2,
    title="A clock that waits",
    minutes=10,
    difficulty="medium",
    why="A clock around one call on a graphics processor shows the asking, and not the work.",
    hints=(
        "What may the device still be doing when you start the clock, and what when you stop it?",
        "Call once without the clock. Wait. Look at the clock. Make all the calls. Wait. Look"
        " again.",
        "work()\ndevice.synchronize()",
    ),
    reference=time_on,
    boundary=(
        (1.0, 1.0, 0.0, 0.0, 1),
        (1.0, 4.0, 0.0, 0.0, 1),
        (1.0, 4.0, 0.0, 0.0, 2),
        (4.0, 1.0, 0.0, 0.0, 2),
        (1.0, 4.0, 8.0, 0.0, 1),
        (1.0, 4.0, 0.0, 16.0, 1),
        (1.0, 4.0, 8.0, 16.0, 4),
        (4.0, 1.0, 8.0, 16.0, 4),
    ),
    compare=_compare,
    generated=_generated,
    domains={"calls": _CALLS},
    swept=_swept,
    harness=on_device,
    misconceptions=(
        Misconception(
            "nobody waits at the end: the clock stops when all is asked for, not when it's done",
            _with(after=False),
        ),
        Misconception(
            "nobody waits before the clock starts: what the device still had to do is counted",
            _with(before=False),
        ),
        Misconception(
            "the first call is counted: it sets things up, so make one before the clock starts",
            _with(warm=0),
        ),
        Misconception(
            "this waits before the first call and not behind it: its work is counted too",
            _waits_first,
        ),
        Misconception(
            "this waits behind every call: asking and working then never overlap; in use they do",
            _with(each=True),
        ),
        Misconception("this is the time of all calls: divide by their number", _with(share=False)),
        Misconception(
            "one call more is made than it divides by, and it is the first",
            _warm_in_time,
        ),
        Misconception(
            "the clock starts behind the call: asking takes its time too", _of_the_work_alone
        ),
    ),
)
