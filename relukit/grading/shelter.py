"""Where the grader and its helper processes stand: in `/`, and never in a folder of submissions.

Python's multiprocessing starts its fork server, its resource tracker and its workers by
`python -c`, which looks for modules in the current folder first; and libraries look there for
their settings, such as a matplotlibrc. That folder may be a submission.
"""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

_LIBRARY = re.compile(r"python3\d+\.zip")  # always in front of the standard library's folder
_HERE: ContextVar[Path | None] = ContextVar("here", default=None)
# torch makes a folder for what it compiles, whose name in /tmp others know; this one is there
NO_CACHE = {"TORCHINDUCTOR_CACHE_DIR": "/"}
# no current folder and no script's folder on the path
_SAFE = {"PYTHONSAFEPATH": "1", **NO_CACHE}


@contextlib.contextmanager
def sheltered() -> Iterator[None]:
    """Let this process and all that it starts in here use installed packages and nothing else.

    What they inherit is the only way to tell them: for as long, this process stands in `/`, its
    environment has no variable of Python's, and its path no folder that is meant by where it
    stood. All three are as before afterwards.
    """
    kept_path = sys.path[:]
    ours = {n: v for n, v in os.environ.items() if n.startswith("PYTHON") or n in _SAFE}
    here = Path.cwd()
    token = _HERE.set(started_in())
    try:
        sys.path[:] = trusted(sys.path, here, os.environ.get("PYTHONPATH", ""))
        for name in ours:
            del os.environ[name]
        os.environ |= _SAFE
        with contextlib.chdir("/"):
            yield
    finally:
        for name in _SAFE:
            os.environ.pop(name, None)
        os.environ |= ours
        sys.path[:] = kept_path
        _HERE.reset(token)


def started_in() -> Path:
    """Return the folder that this process stood in before it was sheltered."""
    return _HERE.get() or Path.cwd()


def trusted(path: list[str], here: Path, variable: str) -> list[str]:
    """Return the entries of a path for modules that mean the same wherever a process stands.

    What stands behind the standard library was installed and stays, as does the folder of the
    script that was started.

    Args:
        path: such as `sys.path`.
        here: the current folder.
        variable: the value of PYTHONPATH.

    Example:
        >>> trusted(["", "/eve", "/tools", "/usr/lib/python311.zip", "/eve"], Path("/eve"), "")
        ['/tools', '/usr/lib/python311.zip', '/eve']
        >>> trusted(["/eve/own", "/tools", "/usr/lib/python311.zip"], Path("/eve"), "own:/tools")
        ['/tools', '/usr/lib/python311.zip']
    """
    library = (i for i, entry in enumerate(path) if _LIBRARY.fullmatch(Path(entry).name))
    begin = next(library, len(path))
    relative = [name for name in variable.split(os.pathsep) if not os.path.isabs(name)]
    refused = {os.path.realpath(here / name) for name in (".", *relative)} - {_of_script()}
    before = (entry for entry in path[:begin] if os.path.isabs(entry))
    return [entry for entry in before if os.path.realpath(entry) not in refused] + path[begin:]


def _of_script() -> str:
    script = getattr(sys.modules["__main__"], "__file__", None)
    return os.path.dirname(os.path.realpath(script)) if script else ""
