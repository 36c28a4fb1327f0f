"""Running the experiment of a claim."""

from functools import cache
from importlib import import_module

from relukit.errors import InvalidValueError
from relukit.ledger.entries import claim
from relukit.ledger.finding import Finding, Measured
from relukit.ledger.setting import LEAST_SEEDS
from relukit.statistics import Interval
from relukit.syllabus import module


@cache
def measure(claim_id: str) -> Finding:
    """Return what the experiment of a claim finds; a second call returns the first one's finding.

    Args:
        claim_id: a claim's id in the ledger.

    Raises:
        InvalidValueError: no claim has this id, or a document settles it and nothing is measured,
            or its experiment returns other quantities than the ledger names, or too few seeds.

    Example:
        >>> print(measure("half-linear").verdict)
        wrong
    """
    entry = claim(claim_id)
    if entry.experiment is None:
        raise InvalidValueError(
            "a claim with an experiment",
            f"{claim_id!r}, which a document settles",
            f"read its entry instead: {entry.document}",
        )
    name, function = entry.experiment.rsplit(".", 1)
    experiments = import_module(f"{module(entry.lesson)}.experiments.{name}")
    values: Measured = getattr(experiments, function)()
    demanded = {demand.what: demand for demand in entry.holds}
    if values.keys() != demanded.keys():
        raise InvalidValueError(
            f"the quantities of {claim_id!r}: {'; '.join(demanded)}",
            "; ".join(values),
            "give them one name in claims.toml and in the experiment",
        )
    seeds = {value.n for value in values.values() if isinstance(value, Interval)}
    if len(seeds) > 1 or min(seeds, default=LEAST_SEEDS) < LEAST_SEEDS:
        raise InvalidValueError(
            f"intervals of {claim_id!r} over the same {LEAST_SEEDS} seeds or more",
            ", ".join(map(str, sorted(seeds))),
            "run the experiment with more seeds",
        )
    parts = (demand.held(values[what]) for what, demand in demanded.items())
    return Finding(tuple(part for held in parts for part in held))
