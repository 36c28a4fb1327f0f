"""A picture of what a room guessed: bars for a choice or an order, diamonds for numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from relukit.ledger.finding import Measured
from relukit.ledger.questions import Choice, Number, Order, Question, Sketch
from relukit.record import Answer
from relukit.room import diamonds
from relukit.room.ink import LOOKS, Sheet

ORDERS = 5  # that are shown, the commonest; the others are counted
TURNS = ("First vote", "Second vote")

Guesses = Sequence[Sequence[Answer]]  # one list for each round


@dataclass(frozen=True)
class Bar:
    """One row of bars: an answer, how many gave it in each round, and whether it is right."""

    label: str
    counts: tuple[int, ...]
    right: bool | None


def drawn(
    question: Question,
    rounds: Guesses,
    measured: Measured | None = None,
    *,
    width: int = 880,
    size: int = 18,
) -> str:
    """Return the guesses of a room as an SVG picture, with what it shows in words.

    Args:
        question: what was asked.
        rounds: the answers of each vote, as the ledger keeps them.
        measured: what was measured, or None before it is revealed; then no answer is called right.
        width: of the picture, in pixels.
        size: of its letters, in pixels.

    Returns:
        An `<svg>` element that needs no style and no script; a page can colour `.on`, `.off` and
        `.open`.

    Example:
        >>> from relukit.ledger.questions import question
        >>> drawn(question("kink"), [[3.0, -3.0], [-3.0, -3.0]]).startswith("<svg")
        True
    """
    sheet, words = Sheet(width, size), told(question, rounds, measured)
    if isinstance(question, Number):
        return diamonds.line(question, rounds, measured, sheet, words)
    if isinstance(question, Sketch):
        return diamonds.sketches(question, rounds, measured, sheet, words)
    return _bars(bars(question, rounds, measured), [len(r) for r in rounds], sheet, words)


def told(question: Question, rounds: Guesses, measured: Measured | None = None) -> str:
    """Return in words what the picture shows.

    Args:
        question: what was asked.
        rounds: the answers of each vote.
        measured: what was measured, or None before it is revealed.

    Example:
        >>> from relukit.ledger.questions import question
        >>> told(question("twice"), [["a", "a", "b"]]).split(": ")[0]
        'First vote, 3 answers'
    """
    parts = []
    for turn, answers in zip(TURNS, rounds, strict=False):
        n = len(answers)
        head = f"{turn}, {n} answer{'s' * (n != 1)}"
        if not n:
            parts.append(f"{head}.")
        elif isinstance(question, Number | Sketch):
            parts.append(f"{head}: {diamonds.told(question, answers)}.")
        else:
            rows = bars(question, [answers], measured)
            listed = "; ".join(f"{row.label}: {_share(row.counts[0], n)}" for row in rows)
            parts.append(f"{head}: {listed}.")
    if measured is not None:
        shown = "; ".join(f"{label}: {text}" for label, text in question.shown(measured))
        parts.append(f"What was measured: {shown}.")
    return " ".join(parts) or "No votes yet."


def bars(question: Question, rounds: Guesses, measured: Measured | None = None) -> list[Bar]:
    """Return the rows of a picture of bars: each option, or the commonest orders.

    Args:
        question: a choice or an order.
        rounds: the answers of each vote.
        measured: what was measured, or None before it is revealed.
    """
    counts = [Counter(answers) for answers in rounds]
    if isinstance(question, Choice):
        shown: list[Answer] = [letter for letter, _ in question.lettered]
    else:
        every = sum(counts, Counter())
        shown = [answer for answer, _ in sorted(every.items(), key=lambda p: (-p[1], p[0]))]
        if measured is not None:
            best = question.settled(measured)
            shown = [best, *(a for a in shown if a != best)]
        shown = shown[:ORDERS]
    found = [
        Bar(
            " → ".join(map(str, a)) if isinstance(question, Order) else question.said(a),  # type: ignore[arg-type]
            tuple(count[a] for count in counts),
            None if measured is None else question.score(a, measured).outcome == "right",
        )
        for a in shown
    ]
    rest = tuple(len(r) - sum(c[a] for a in shown) for r, c in zip(rounds, counts, strict=True))
    if any(rest):
        found.append(Bar("other orders", rest, None if measured is None else False))
    return found


def _bars(rows: Sequence[Bar], voters: Sequence[int], sheet: Sheet, words: str) -> str:
    """Draw rows of bars, many of them in two columns where there is room."""
    two = sheet.width > 600 and len(rows) > 4
    gap = 2.0 * sheet.size
    wide = (sheet.width - gap) / 2 if two else float(sheet.width)
    first = -(-len(rows) // 2) if two else len(rows)
    parts, heights = [], []
    for x, column in ((0.0, rows[:first]), (wide + gap, rows[first:])):
        y = 0.0
        for row in column:
            drawn_, height = _row(row, voters, sheet, wide)
            parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{drawn_}</g>')
            y += height
        heights.append(y)
    return sheet.page(parts, max(heights), words)


def _row(row: Bar, voters: Sequence[int], sheet: Sheet, wide: float) -> tuple[str, float]:
    """Return one answer's bars, the first vote's thin and the second's thick, and their height."""
    size, parts, y = sheet.size, [], 0.0
    left = 2.7 * size if len(voters) > 1 else 0.0
    room = wide - left - 5.6 * size
    for piece in sheet.wrapped(f"✓ {row.label}" if row.right else row.label, wide):
        y += 1.3 * size
        parts.append(sheet.words(0, y, piece, bold=bool(row.right)))
    y += 0.6 * size
    for turn, (count, n) in enumerate(zip(row.counts, voters, strict=True)):
        height = (0.95 if turn == len(voters) - 1 else 0.6) * size
        length = max(room * count / n, 2.0) if count else 0.0
        middle = y + height / 2 + 0.34 * size
        if left:
            parts.append(sheet.words(0, middle, ("1st", "2nd")[turn]))
        if count:
            box = f'x="{left:.1f}" y="{y:.1f}" width="{length:.1f}" height="{height:.1f}"'
            parts.append(f'<rect {box} rx="3" {LOOKS[row.right]}/>')
        shift = 0.5 * size if count else 0.0
        parts.append(sheet.words(left + length + shift, middle, _share(count, n)))
        y += height + 0.4 * size
    return "".join(parts), y + 0.55 * size


def _share(count: int, n: int) -> str:
    return f"{100 * count / n:.0f} % ({count})" if count else "0"
