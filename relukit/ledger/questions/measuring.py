"""Measuring what a question asks, once in a session."""

from functools import cache
from inspect import signature

from relukit.ledger import measuring
from relukit.ledger.finding import Measured
from relukit.ledger.measuring import experiment, measure, run_in
from relukit.ledger.questions.question import Question
from relukit.ledger.setting import LEAST_SEEDS, STATED, Setting
from relukit.statistics import Interval


def measured(question: Question, setting: Setting = STATED) -> Measured:
    """Return what a question's experiment measures, by name; a second call measures no more.

    Args:
        question: what is asked.
        setting: other seeds, or what the experiment can change; STATED changes nothing.

    Raises:
        CannotChangeError: the experiment cannot be run in this setting.
        InvalidValueError: the experiment is not there, lacks a quantity that the question names,
            returns several where it names none, or an interval over too few seeds.
    """
    return _measured(question, setting)


def forget() -> None:
    """Let `measured` and `measure` run each experiment again."""
    _measured.cache_clear()
    measuring.forget()


def draws(question: Question) -> bool:
    """Return whether a question's own experiment takes a setting; a claim's has its own table."""
    if question.claim:
        return False
    return "setting" in signature(experiment(question.lesson, question.measured)).parameters


@cache
def _measured(question: Question, setting: Setting) -> Measured:
    found = _run(question, setting)
    missing = [name for name in question.quantities if name not in found]
    if missing or (not question.quantities and len(found) != 1):
        wanted = "; ".join(question.quantities) or "one quantity"
        do = "give them one name in predictions.toml and in the experiment"
        raise question.amiss(f"measured: {wanted}", "; ".join(found), do)
    few = [v.n for v in found.values() if isinstance(v, Interval) and v.n < LEAST_SEEDS]
    if few:
        do = "run the experiment with more seeds"
        raise question.amiss(f"intervals over {LEAST_SEEDS} seeds or more", str(min(few)), do)
    return found


def _run(question: Question, setting: Setting) -> Measured:
    if question.claim:
        finding = measure(question.claim, setting)
        return {part.what: part.value for part in finding.measurements}
    try:
        run = experiment(question.lesson, question.measured)
    except (ModuleNotFoundError, AttributeError) as error:
        if not str(error.name).endswith(tuple(question.measured.split("."))):
            raise  # an error inside of the module
        do = "write it there, or correct the name"
        got = f"an experiment {question.measured} of {question.lesson}"
        raise question.amiss(got, "none", do) from error
    return run_in(run, setting, question.id)
