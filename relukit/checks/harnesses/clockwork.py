"""How an answer is used that takes a time on a device which works on while the program goes on."""

from relukit.checks.call import Answer, Arguments


class Device:
    """A device that works while the program goes on, and a clock that both share.

    Args:
        launch: time that a call takes the program, in s.
        seconds: time that a call's work takes the device, in s.
        first: what the first call's work takes beside, in s.
        pending: work of somebody else that is not done yet, in s.

    Example:
        >>> device = Device(launch=1.0, seconds=4.0)
        >>> device.work()
        >>> device.clock()
        1.0
        >>> device.synchronize()
        >>> device.clock()
        5.0
    """

    def __init__(
        self, *, launch: float, seconds: float, first: float = 0.0, pending: float = 0.0
    ) -> None:
        self._launch, self._seconds, self._first = launch, seconds, first
        self._now, self._free, self._calls = 0.0, pending, 0

    def work(self) -> None:
        """Ask the device for the work, and come back before it is done."""
        self._now += self._launch
        extra = 0.0 if self._calls else self._first
        self._free = max(self._now, self._free) + self._seconds + extra
        self._calls += 1

    def synchronize(self) -> None:
        """Wait until the device has done all that it was asked for."""
        self._now = max(self._now, self._free)

    def clock(self) -> float:
        """Return the time, in s."""
        return self._now


def on_device(answer: Answer, arguments: Arguments) -> object:
    """Return what an answer takes for the time of a call.

    Args:
        answer: takes a device, the work as a function of nothing, and how many calls to time.
        arguments: launch, seconds, first and pending of `Device`, and the number of calls.
    """
    launch, seconds, first, pending, calls = arguments
    device = Device(launch=launch, seconds=seconds, first=first, pending=pending)
    return answer(device, device.work, calls)
