"""The task of lesson 01 on the timeline: which milestone came when."""

from relukit.checks.comparison import Arguments
from relukit.checks.plain import Unusable
from relukit.checks.task import Misconception, Task

YEARS = {
    "Householder": 1941,
    "Tobit": 1958,
    "Fukushima": 1969,
    "Neocognitron": 1980,
    "silicon circuit": 2000,
    "softplus": 2000,
    "random filters": 2009,
    "ReLU": 2010,
    "no pre-training": 2011,
    "ImageNet": 2012,
    "variance 2/n": 2015,
    "Transformer": 2017,
    "BERT": 2018,
}


def _order(names):
    return sorted(names, key=YEARS.__getitem__)


def _believing(**years: float):
    """Return an answer that takes some names to be of other years."""
    believed = YEARS | {name.replace("_", " "): year for name, year in years.items()}
    return lambda names: sorted(names, key=believed.__getitem__)


def _compare(arguments: Arguments, expected: list[str], got: object) -> str | None:
    if isinstance(got, Unusable) or not isinstance(got, list | tuple):
        return "the answer must be a list of names"
    if not all(isinstance(name, str) for name in got):
        return "the answer must be a list of names, and some of its items are none"
    missing = [name for name in expected if name not in got]
    if missing:
        return f"{missing[0]!r} is missing"
    if len(got) != len(expected):
        return "each name must come back exactly once"
    for name, wanted in zip(got, expected, strict=True):
        if YEARS[name] != YEARS[wanted]:
            return f"{wanted!r} is older than {name!r}"
    return None


def _generated():
    from hypothesis import strategies as st

    names = st.lists(st.sampled_from(list(YEARS)), min_size=2, unique=True)
    return names.map(lambda chosen: (tuple(chosen),))


def _without_ties(names):
    by_year = {YEARS[name]: name for name in names}
    return [by_year[year] for year in sorted(by_year)]


TASK = Task(
    points=1,
    title="Who came when",
    minutes=5,
    difficulty="easy",
    why="The best-known page on the rectifier named two different inventors within six years.",
    hints=(
        "Which of these are older than the name ReLU, and which field did each come from?",
        "Write the years into a dict, as you find them in the sections that are named, and let"
        " sorted take them as its key.",
        'years = {"ReLU": 2010, ...}',
    ),
    reference=_order,
    boundary=(
        (("Fukushima", "Householder"),),
        (("Fukushima", "Tobit"),),
        (("silicon circuit", "Fukushima"),),
        (("no pre-training", "random filters"),),
        (("ReLU", "random filters"),),
        (("softplus", "ReLU"),),
        (("variance 2/n", "ImageNet"),),
        (("BERT", "Transformer"),),
        (("softplus", "silicon circuit"),),
        ((),),
    ),
    compare=_compare,
    generated=_generated,
    several=True,
    misconceptions=(
        Misconception("this is the order of the alphabet: sort by year", sorted),
        Misconception("these are the names as they came: sort them by year", list),
        Misconception(
            "this begins with the newest: the oldest comes first",
            lambda names: sorted(names, key=YEARS.__getitem__, reverse=True),
        ),
        Misconception(
            "these are the years: the names are asked for, in the order of their years",
            lambda names: sorted(YEARS[name] for name in names),
        ),
        Misconception(
            "two names of one year are one name here: a dict from year to name keeps only the"
            " last, so sort the names with their year as the key",
            _without_ties,
        ),
        Misconception(
            "Fukushima comes first here, as on the page of 2024: a model of nerve fibres and a"
            " regression are older",
            _believing(Fukushima=1940),
        ),
        Misconception(
            "the silicon circuit comes first here, as on the page of 2018: it is of 2000",
            _believing(silicon_circuit=1940),
        ),
        Misconception(
            "nothing is older than the name ReLU here: it was named in 2010, and the function had"
            " been in use for decades",
            _believing(ReLU=1940),
        ),
        Misconception(
            "2011 comes before 2009 and 2010 here: when layers were trained without pre-training,"
            " rectified filters and the name ReLU were there already",
            _believing(**{"no pre-training": 2008}),
        ),
        Misconception(
            "softplus comes after the name ReLU here: it is of 2000, from pricing options",
            _believing(softplus=2010.5),
        ),
        Misconception(
            "the variance 2/n comes before ImageNet was won here: that network of 2012 did without",
            _believing(**{"variance 2/n": 2011.5}),
        ),
        Misconception(
            "Tobit comes after Fukushima here: censored data are of 1958",
            _believing(Tobit=1970),
        ),
    ),
)
