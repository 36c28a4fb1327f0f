"""Guesses as diamonds: numbers on a line, and sketches of a curve, beside what was measured."""

import statistics
from collections import defaultdict
from collections.abc import Sequence

from relukit.ledger.finding import Measured, Value, ends
from relukit.ledger.questions import Number, Question, Sketch
from relukit.ledger.questions.question import figure, mean, with_unit
from relukit.record import Answer
from relukit.room.ink import LOOKS, OFF, ON, Scale, Sheet, said, scale

SKETCHES = 40  # that are drawn of one vote, evenly out of all
TURNS = ("First vote", "Second vote")


def line(
    question: Number,
    rounds: Sequence[Sequence[Answer]],
    measured: Measured | None,
    sheet: Sheet,
    words: str,
) -> str:
    """Return numbers as diamonds above a line, one line a vote, with what was measured."""
    size, value = sheet.size, None
    values = [[float(a) for a in answers] for answers in rounds]  # type: ignore[arg-type]
    if measured is not None:
        value = question.value(measured, question.what)
    sure = [] if value is None else [mean(value), *ends(value)]
    across = scale([v for r in values for v in r], sure, 0.8 * size, sheet.width - 0.8 * size)
    parts: list[str] = []
    y = 0.0
    if value is not None:
        told_ = f"measured {with_unit(figure(value).partition(' (')[0], question.unit)}"
        half, y = 0.32 * size * len(told_), 1.2 * size
        x = min(max(across(mean(value)), half), sheet.width - half)
        parts.append(sheet.words(x, y, told_, anchor="middle", bold=True))
        y += 0.3 * size
    for turn, numbers in enumerate(values):
        y += 1.3 * size
        parts.append(sheet.words(0, y, _headed(turn, numbers, across)))
        marks, height = _stacked(question, numbers, measured, across, sheet)
        if value is not None:
            parts.append(_band(value, across, y + 0.4 * size, y + height))
        y += height
        parts.append(f'<g transform="translate(0 {y:.1f})">{marks}</g>')
        parts.append(_axis(across, y, question.unit, sheet, named=turn == len(values) - 1))
        y += 1.7 * size
    return sheet.page(parts, y, words)


def _band(value: Value, across: Scale, top: float, bottom: float) -> str:
    """Return what was measured as a rule, in the band of its interval."""
    low, high = (across(end) for end in ends(value))
    box = f'x="{low - 1:.1f}" y="{top:.1f}" width="{high - low + 2:.1f}"'
    return (
        f'<rect {box} height="{bottom - top:.1f}" class="band" fill="{ON}" opacity="0.22"/>'
        f'<path d="M{across(mean(value)):.1f} {top:.1f}V{bottom:.1f}" class="rule" '
        f'stroke="{ON}" stroke-width="2.5"/>'
    )


def _headed(turn: int, numbers: Sequence[float], across: Scale) -> str:
    """Return the words above a line of diamonds: which vote, how many, and how many beyond."""
    below, above = across.beyond(numbers)
    far = [f"{below} farther left"] * bool(below) + [f"{above} farther right"] * bool(above)
    return ", ".join([f"{TURNS[turn]}: {len(numbers)}", *far])


def _stacked(
    question: Number,
    numbers: Sequence[float],
    measured: Measured | None,
    across: Scale,
    sheet: Sheet,
) -> tuple[str, float]:
    """Return diamonds in columns above y = 0, and how high the highest column is."""
    half = max(0.36 * sheet.size, 3.5)
    columns: dict[int, list[float]] = defaultdict(list)
    for number in sorted(numbers):
        columns[round(across(number) / (2.1 * half))].append(number)
    most = max(map(len, columns.values()), default=1)
    step = min(2.15 * half, 9 * sheet.size / most)
    marks: dict[bool | None, list[str]] = defaultdict(list)
    for stack in columns.values():
        x = sum(map(across, stack)) / len(stack)
        for level, number in enumerate(stack):
            right = None
            if measured is not None:
                right = question.score(number, measured).outcome == "right"
            marks[right].append(_diamond(x, -(level + 0.6) * step - 0.25 * half, half))
    paths = (f'<path d="{"".join(d)}" {LOOKS[right]}/>' for right, d in marks.items())
    return "".join(paths), most * step + 1.2 * half


def _diamond(x: float, y: float, half: float) -> str:
    h = f"{half:.1f}".removesuffix(".0")
    return f"M{x:.0f} {y - half:.1f}l{h} {h}-{h} {h}-{h}-{h}z"


def _axis(across: Scale, y: float, unit: str, sheet: Sheet, *, named: bool) -> str:
    line_ = f'<path d="M0 {y:.1f}H{sheet.width}" stroke="currentColor" opacity="0.6"/>'
    ticks = across.ticks(sheet.width // (6 * sheet.size))
    below = y + 1.15 * sheet.size
    labels = [said(tick) for tick in ticks]
    if named and labels and unit and len(unit) < 4:
        labels[-1] = with_unit(labels[-1], unit)
    marks = "".join(
        f'<path d="M{across(t):.1f} {y:.1f}v5" stroke="currentColor" opacity="0.6"/>'
        + sheet.words(across(t), below, label, anchor="middle")
        for t, label in zip(ticks, labels, strict=True)
    )
    return line_ + marks


def sketches(
    question: Sketch,
    rounds: Sequence[Sequence[Answer]],
    measured: Measured | None,
    sheet: Sheet,
    words: str,
) -> str:
    """Return sketches as thin lines with diamonds, a panel a vote, with the measured curve."""
    size, n = sheet.size, max(len(rounds), 1)
    beside = n if sheet.width > 600 else 1
    wide, tall = (sheet.width - 2 * size * (beside - 1)) / beside, 13.0 * size
    values = [] if measured is None else [question.value(measured, w) for w in question.whats]
    sure = [end for value in values for end in ends(value)]
    every = [float(y) for r in rounds for answer in r for y in answer]  # type: ignore[union-attr]
    up = scale(every, sure or [0.0], tall - 2.2 * size, 1.8 * size)
    parts = []
    for turn, answers in enumerate(rounds):
        x, y = (turn % beside) * (wide + 2 * size), (turn // beside) * (tall + size)
        inside = _panel(question, answers, measured, up, (wide, turn), sheet)
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{inside}</g>')
    rows = -(-n // beside)
    return sheet.page(parts, rows * (tall + size), words)


def _panel(
    question: Sketch,
    answers: Sequence[Answer],
    measured: Measured | None,
    up: Scale,
    place: tuple[float, int],
    sheet: Sheet,
) -> str:
    (wide, turn), size = place, sheet.size
    across = Scale(-0.25, len(question.at) - 0.75, 3.2 * size, wide)
    parts = [sheet.words(0, size, f"{TURNS[turn]}: {len(answers)}")]
    for tick in up.ticks(4):
        y = up(tick)
        parts.append(f'<path d="M{3.2 * size:.1f} {y:.1f}H{wide:.1f}" stroke="currentColor" '
                     'opacity="0.25"/>')  # fmt: skip
        parts.append(sheet.words(2.8 * size, y + 0.35 * size, said(tick), anchor="end"))
    for i, at in enumerate(question.at):
        parts.append(sheet.words(across(i), up.start + 1.5 * size, said(at), anchor="middle"))
    few = answers[:: -(-len(answers) // SKETCHES)] if answers else ()
    looks: dict[bool | None, list[str]] = defaultdict(list)
    for answer in few:
        right = None if measured is None else question.score(answer, measured).outcome == "right"
        points = [(across(i), up(float(v))) for i, v in enumerate(answer)]  # type: ignore[arg-type]
        path = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
        looks[right].append(path + "".join(_diamond(x, y, 0.22 * size) for x, y in points))
    for right, paths in looks.items():
        kind = {True: ("on", ON), False: ("off", OFF), None: ("open", "currentColor")}[right]
        parts.append(f'<path d="{"".join(paths)}" class="{kind[0]} thin" fill="none" '
                     f'stroke="{kind[1]}" opacity="0.6"/>')  # fmt: skip
    if measured is not None:
        parts.append(_curve(question, measured, across, up, size))
    return "".join(parts)


def _curve(question: Sketch, measured: Measured, across: Scale, up: Scale, size: int) -> str:
    values = [question.value(measured, what) for what in question.whats]
    path = "M" + "L".join(f"{across(i):.1f} {up(mean(v)):.1f}" for i, v in enumerate(values))
    style = f'class="rule" fill="none" stroke="{ON}" stroke-width="3"'
    marks = "".join(
        f'<path d="M{across(i):.1f} {up(ends(v)[0]):.1f}V{up(ends(v)[1]):.1f}" {style}/>'
        f'<circle cx="{across(i):.1f}" cy="{up(mean(v)):.1f}" r="{0.36 * size:.1f}" '
        f'class="on" fill="{ON}"/>'
        for i, v in enumerate(values)
    )
    return f'<path d="{path}" {style}/>{marks}'


def told(question: Question, answers: Sequence[Answer]) -> str:
    """Return the middle of a room's numbers, or of its sketches at each place, in words."""
    if isinstance(question, Sketch):
        columns = zip(*answers, strict=True)
        middles = ", ".join(
            f"{_number(statistics.median(map(float, column)), question.unit)} at {said(at)}"
            for at, column in zip(question.at, columns, strict=True)
        )
        return f"{question.y_name}, half are above {middles}"
    numbers = sorted(float(a) for a in answers)  # type: ignore[arg-type]
    ends_ = f"from {said(numbers[0])} to {_number(numbers[-1], question.unit)}"
    return f"{ends_}, half are above {_number(statistics.median(numbers), question.unit)}"


def _number(value: float, unit: str) -> str:
    return with_unit(said(value), unit)
