"""Jails for the tests of the grader: each that works here, or the best one."""

import pytest
from attacks.interpreter import readable_python, remove_copy

from relukit.errors import UnavailableError
from relukit.grading.jail import bubblewrap
from relukit.grading.jail.choice import choose


@pytest.fixture(scope="module")
def python():
    """Let answers without a jail run in a Python that any user can read."""
    kept, bubblewrap.UNJAILED = bubblewrap.UNJAILED, readable_python()
    yield
    bubblewrap.UNJAILED = kept
    remove_copy()


@pytest.fixture(scope="module", params=["bwrap", "none"])
def jail(request, python):
    try:
        return choose(request.param)
    except UnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def any_jail(request):
    """The best jail that works here; what is tested with it is the same in each."""
    for wanted in ("bwrap", "none"):
        if wanted == "none":
            request.getfixturevalue("python")
        try:
            return choose(wanted)
        except UnavailableError:
            continue
    pytest.skip("neither a jail nor a Python that another user can read")
