"""All examinations in their order, each kept from stopping the others."""

from collections.abc import Callable, Iterable

from relukit.doctor import files, machine, software
from relukit.doctor.finding import STATES, Finding
from relukit.doctor.torch_build import torch_build
from relukit.errors import RelukitError

EXAMINATIONS: dict[str, Callable[[], Finding]] = {
    "python": software.python,
    "packages": software.packages,
    "versions": software.versions,
    "kernel": software.kernel,
    "lab": software.lab,
    "torch": torch_build,
    "device": machine.device,
    "threads": machine.threads,
    "memory": machine.memory,
    "disk": machine.disk,
    "course": files.course,
    "progress": files.progress,
    "kept": files.kept,
    "data": files.data,
    "larger": files.larger_data,
    "jail": machine.jail,
}


def examine() -> tuple[Finding, ...]:
    """Return what was found, in the order in which it should be mended.

    An examination that breaks is a problem itself, and the others go on.
    """
    return tuple(_find(part, look) for part, look in EXAMINATIONS.items())


def _find(part: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except RelukitError as error:
        return Finding(part, "problem", f"{error.expected} expected, {error.got} found", error.do)
    except Exception as error:  # whatever a broken installation may raise
        said = f"{type(error).__name__}: {error}".rstrip(". ")
        return Finding(part, "problem", said, "install the course again, into a new environment")


def summary(findings: Iterable[Finding]) -> str:
    """Return one closing line.

    Example:
        >>> summary([Finding("disk", "ok", "9 GiB are free")])
        'The course runs here: 1 ok, 0 notes, 0 problems.'
    """
    states = [finding.state for finding in findings]
    ok, notes, problems = (states.count(state) for state in STATES)
    verdict = "does not run here" if problems else "runs here"
    return (
        f"The course {verdict}: {ok} ok, {notes} note{'s' * (notes != 1)}, "
        f"{problems} problem{'s' * (problems != 1)}."
    )
