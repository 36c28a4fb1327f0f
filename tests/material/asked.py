"""Questions of each kind, and what would be measured for them."""

from dataclasses import replace

from relukit.ledger.questions import Choice, Item, Number, Option, Order, Sketch
from relukit.statistics import Interval

BASE = {"lesson": "02_definitions", "asks": "What <comes> out?", "because": "It is so."}


def between(low, high, n=16):
    return Interval(mean=(low + high) / 2, low=low, high=high, n=n, level=0.95)


CHOICE = Choice(
    id="share",
    measured="values.share",
    unit="%",
    times=100,
    options=(
        Option("few", below=0.4 * 100),
        Option("about half", above=40, below=60),
        Option("most of them", above=60),
    ),
    **BASE,
)
NUMBER = Number(id="many", measured="values.many", unit="%", times=100, right=2, close=5, **BASE)
ORDER = Order(
    id="years",
    measured="values.years",
    items=(
        Item("a silicon chip", "chip"),
        Item("a nerve fibre", "nerve"),
        Item("a car and its price", "car", what="money"),
    ),
    **BASE,
)
YEARS = {"a silicon chip": 2000, "a nerve fibre": 1941, "money": 1958}
SKETCH = Sketch(
    id="lead",
    measured="values.lead",
    unit="points",
    at=(1, 2, 4),
    x_name="steps",
    y_name="the lead",
    whats=("one", "two", "four"),
    **BASE,
)
LEAD = {"one": between(9.5, 10.5), "two": between(4.5, 5.5), "four": between(0.5, 1.5)}
ALL = (CHOICE, NUMBER, ORDER, SKETCH)
MEASURED = {
    "share": {"share": between(0.45, 0.55)},
    "many": {"silent": between(0.12, 0.14)},
    "years": YEARS,
    "lead": LEAD,
}
ANSWERS = {"share": "b", "many": 13.0, "years": ("nerve", "car", "chip"), "lead": (10.0, 5.0, 1.0)}


def changed(question, **fields):
    return replace(question, **fields)
