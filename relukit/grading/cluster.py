"""A dask cluster, whose workers grade in place of processes here."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor

from relukit.errors import UnavailableError


@contextlib.contextmanager
def cluster(address: str | None) -> Iterator[Executor | None]:
    """Connect to a dask cluster, if there is an address, and give its executor.

    Args:
        address: of the scheduler; None gives None.

    Raises:
        UnavailableError: dask is not installed, or nobody answers at the address.
    """
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as cause:
        raise UnavailableError(
            "dask.distributed", "no such package", "pip install 'relukit[instructor]'"
        ) from cause
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as cause:
        raise UnavailableError(
            f"a dask scheduler at {address}", "no answer", "correct the address or start one"
        ) from cause
    with client:
        yield client.get_executor()
