"""What a hub takes of the memory, and what that comes to with more learners."""

import contextlib
import pwd
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
from hub.serving import Hub

MIB = 2**20


@dataclass(frozen=True)
class Share:
    """The memory of some processes, in MiB.

    Attributes:
        proportional: what is theirs, with their share of what processes share (PSS).
        own: what would be free without them (USS).
    """

    proportional: float = 0.0
    own: float = 0.0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.proportional + other.proportional, self.own + other.own)


def share(process: psutil.Process) -> Share:
    """Return what one process takes; nothing where it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        told = process.memory_full_info()
        return Share(told.pss / MIB, told.uss / MIB)
    return Share()


def kind(process: psutil.Process) -> str:
    """Return what a user's process is: a server, a kernel or another."""
    with contextlib.suppress(psutil.NoSuchProcess):
        words = " ".join(process.cmdline())
        for name, part in (("kernel", "ipykernel_launcher"), ("server", "jupyterhub-singleuser")):
            if part in words:
                return name
    return "other"


def of_users(users: tuple[str, ...]) -> Iterator[tuple[str, str, Share]]:
    """Yield, for each process of these users, the user, what it is, and what it takes."""
    names = {pwd.getpwnam(user).pw_uid: user for user in users}
    for process in psutil.process_iter(["uids"]):
        if user := names.get(process.info["uids"].real):
            yield user, kind(process), share(process)


@dataclass(frozen=True)
class Taken:
    """What a hub takes at one moment, in MiB.

    Attributes:
        hub: the hub's own process.
        proxy: the proxy's.
        servers: those of all users together.
        kernels: those of all users together.
        n_servers: how many servers there are.
        n_kernels: how many kernels.
    """

    hub: Share
    proxy: Share
    servers: Share
    kernels: Share
    n_servers: int
    n_kernels: int

    @property
    def total(self) -> float:
        """What all of it takes together, shared memory counted once."""
        parts = (self.hub, self.proxy, self.servers, self.kernels)
        return sum(part.proportional for part in parts)

    def reckoned(self, n_users: int) -> float:
        """Return what as many users would take who each have one server and one kernel.

        What processes share is there once, however many there are; the rest grows with them.
        """
        shared = sum(
            part.proportional - part.own
            for part in (self.hub, self.proxy, self.servers, self.kernels)
        )
        each = self.servers.own / self.n_servers + self.kernels.own / self.n_kernels
        return self.hub.own + self.proxy.own + shared + n_users * each


def taken(hub: Hub, users: tuple[str, ...]) -> Taken:
    """Measure the hub, its proxy, and the servers and kernels of these users."""
    sums, counts = defaultdict(Share), defaultdict(int)
    for _, what, part in of_users(users):
        sums[what] += part
        counts[what] += 1
    root, proxy = share(psutil.Process(hub.process.pid)), share(hub.proxy())
    kinds = sums["server"], sums["kernel"], counts["server"], counts["kernel"]
    return Taken(root, proxy, *kinds)
