"""Then read the verdict: what was measured, beside what the learner had predicted."""

from collections.abc import Iterable
from dataclasses import dataclass

from relukit import company, record
from relukit.company import Shown
from relukit.errors import InvalidValueError
from relukit.ledger.entries import Claim, claim
from relukit.ledger.finding import Measured
from relukit.ledger.kept import looking, when
from relukit.ledger.measuring import measure
from relukit.ledger.predictions import Prediction, asked_as, recorded
from relukit.ledger.questions import Question, Score, forget, measured
from relukit.ledger.questions.question import Asked
from relukit.ledger.replication import reach
from relukit.panel import panel

NO_GUESS = "nothing this time"
NO_ROOM = "room: you are in none; relukit.room.join('http://...') takes the address on the board"
NO_CLAIMS = "room: a room votes on questions, and this is a claim"
_KEPT = "measured {}; fresh=True measures again"
_FEW = 2  # measurements of a claim that are read at once; more stand folded


@dataclass(frozen=True, repr=False)
class Verdict:
    """What holds of one claim, and what the learner had predicted.

    Attributes:
        claim: the claim's id.
        text: the claim.
        said_by: who says it.
        evidence: one line for each measurement against its stated threshold, or the document.
        verdict: one of the ledger's VERDICTS.
        correct: the statement that holds.
        predicted: the learner's prediction, or "".
        elsewhere: how far the verdict was found to carry, or "" where that was not tried.
    """

    claim: str
    text: str
    said_by: tuple[str, ...]
    evidence: tuple[str, ...]
    verdict: str
    correct: str
    predicted: str
    elsewhere: str = ""

    @property
    def held(self) -> bool | None:
        """Whether the learner's prediction held; None where there is none."""
        return self.predicted == self.verdict if self.predicted else None

    @property
    def outcome(self) -> str:
        """What is remembered of the prediction, or "" where there is none."""
        return {True: "right", False: "off", None: ""}[self.held]

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Pairs (label, text), each text on one line."""
        rows = [("claim", self.text), ("said by", ", ".join(self.said_by))]
        if self.predicted:
            became = "held" if self.held else "did not hold"
            rows.append(("predicted", f"{self.predicted}: {became}"))
        rows.append(("holds", self.correct))
        rows.extend(("measured", line) for line in self.evidence)
        return tuple(rows)

    def __repr__(self) -> str:
        far = (("elsewhere", self.elsewhere),) if self.elsewhere else ()
        return _plain(f"{self.claim}: {self.verdict}", (*self.rows, *far))

    def html(self, *, folded: bool = False) -> str:
        """Return the verdict as a block, or folded.

        Folded below it stand many measurements, and how far the verdict carries.
        """
        edge = {True: "passed", False: "wrong", None: "not attempted"}[self.held]
        heading = f"{self.claim}: {self.verdict}" + (f". {self.text}" if folded else "")
        rows, below = self.rows, (("elsewhere", self.elsewhere),) if self.elsewhere else ()
        title = "elsewhere" if below else ""
        if len(self.evidence) > _FEW:
            k = len(rows) - len(self.evidence)
            rows, below = rows[:k], (*rows[k:], *below)
            title = " and ".join(filter(None, (f"measured ({len(self.evidence)})", title)))
        inside = _below(below, title) if below else ""
        return panel(heading, rows, edge=edge, code=False, folded=folded, inside=inside)


@dataclass(frozen=True, repr=False)
class Answered:
    """The answer to one question: what the learner said, what was measured, and why.

    Attributes:
        question: the question.
        prediction: what the learner had predicted, or none.
        measured: each quantity by its name.
        in_print: the ledger's claims on the point.
    """

    question: Question
    prediction: Prediction
    measured: Measured
    in_print: tuple[Claim, ...] = ()

    @property
    def score(self) -> Score | None:
        """What the prediction came to; None where there is none."""
        value = self.prediction.value
        return None if value is None else self.question.score(value, self.measured)

    @property
    def outcome(self) -> str:
        """What is remembered of the prediction, or "" where there is none."""
        return self.score.outcome if self.score else ""

    @property
    def heading(self) -> str:
        """The question's id, and what the prediction came to."""
        return f"{self.question.id}: {self.score or 'the answer'}"

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Pairs (label, text): what the learner said, what was measured, and why."""
        return (
            ("you said", self.prediction.said or self.prediction.note or NO_GUESS),
            *self.question.shown(self.measured),
            ("because", self.question.because),
        )

    @property
    def elsewhere(self) -> str:
        """How far the answer was found to carry, or "" where that was not tried."""
        return str(reach(self.question) or "")

    def __repr__(self) -> str:
        rows = (("asked", self.question.asks), *self.rows)
        if self.elsewhere:
            rows = (*rows, ("elsewhere", self.elsewhere))
        if self.in_print:
            commands = "; ".join(f"relukit claims {entry.id}" for entry in self.in_print)
            rows = (*rows, (f"in print ({len(self.in_print)})", commands))
        return _plain(self.heading, rows)

    def html(self, *, folded: bool = False) -> str:
        """Return the answer as a block, with the claims in print folded below; or all folded.

        The question isn't repeated: its cell stands above, and a folded block's heading has it.
        """
        edge = self.outcome or "not attempted"
        heading = f"{self.heading}. {self.question.asks}" if folded else self.heading
        rows = [
            (entry.verdict, f"{entry.text}\n{'; '.join(map(str, entry.said_by))}")
            for entry in self.in_print
        ]
        titles = [f"in print ({len(rows)})"] if rows else []
        if self.elsewhere:
            titles, rows = ["elsewhere", *titles], [("elsewhere", self.elsewhere), *rows]
        inside = _below(rows, " and ".join(titles)) if titles else ""
        return panel(heading, self.rows, edge=edge, code=False, folded=folded, inside=inside)


@dataclass(frozen=True, repr=False)
class Verdicts:
    """The verdicts on one or more questions or claims; in a notebook, the first one is unfolded.

    Attributes:
        entries: one for each id that was asked for.
        room: what a live room guessed of the questions, where that was asked for.
        note: from when a measurement is that was kept, and why there is nothing of a room to
            show; or "".
    """

    entries: tuple[Verdict | Answered, ...]
    room: tuple[Shown, ...] = ()
    note: str = ""

    def __repr__(self) -> str:
        return "\n".join([*map(repr, (*self.entries, *self.room)), *filter(None, (self.note,))])

    def _repr_html_(self) -> str:
        # JupyterLab shows the first line of a folded output: a blank one gives nothing away.
        blocks = (entry.html(folded=i > 0) for i, entry in enumerate(self.entries))
        said = panel(self.note, (), edge="none") if self.note else ""
        return " \n" + "".join((*blocks, *(one.html() for one in self.room), said))


def verdict(*names: str, room: bool = False, fresh: bool = False) -> Verdicts:
    """Return what holds: measure, and set it beside the predictions.

    What came of a prediction is remembered when its verdict is read for the first time. What took
    long to measure is kept beside the progress file; the verdict then says from when it is.

    Args:
        *names: ids of questions or of claims in the ledger; at least one.
        room: whether to draw what the others guessed in the live room that this notebook has
            joined with `relukit.room.join`.
        fresh: whether to measure also what is kept from an earlier day, or another kernel.

    Raises:
        InvalidValueError: no id is given, or no question and no claim has one of them.

    Example:
        >>> verdict("half-linear").entries[0].verdict
        'depends'
    """
    if not names:
        raise InvalidValueError("at least one id", "none", "write verdict('half-linear')")
    asked = [asked_as(name) for name in names]
    state = record.read()[0]
    entries: list[Verdict | Answered] = []
    if fresh:
        forget()
    with looking(fresh=fresh) as times:
        for one in asked:
            said = recorded(one, state)
            entries.append(_answered(one, said) if isinstance(one, Question) else _verdict(said))
    came = {one.id: entry.outcome for one, entry in zip(asked, entries, strict=True)}
    new = {n: o for n, o in came.items() if o and not state.predictions[n].outcome}
    if new:
        record.update(lambda old: _with_outcomes(old, new))
    shown, note = _of_the_room(asked) if room else ((), "")
    notes = (_KEPT.format(when(min(times))) if times else "", note)
    return Verdicts(tuple(entries), shown, ". ".join(filter(None, notes)))


def _of_the_room(asked: Iterable[Asked]) -> tuple[tuple[Shown, ...], str]:
    """Return what the room guessed of each question, and a note where there is nothing of it."""
    found = company.listener()
    if found is None:
        return (), NO_ROOM
    questions = [one for one in asked if isinstance(one, Question)]
    return tuple(found.shown(one.id) for one in questions), "" if questions else NO_CLAIMS


def _with_outcomes(state: record.Record, outcomes: dict[str, str]) -> record.Record:
    for name, outcome in outcomes.items():
        state = state.with_outcome(name, outcome)
    return state


def _answered(asked: Question, said: Prediction) -> Answered:
    return Answered(asked, said, measured(asked), tuple(map(claim, asked.in_print)))


def _verdict(said: Prediction) -> Verdict:
    entry = claim(said.asked.id)
    sources = tuple(str(source) for source in entry.said_by)
    evidence: tuple[str, ...]
    if entry.document:
        evidence = (f"nothing; settled on paper: {entry.document}",)
    else:
        finding = measure(entry.id)
        evidence = finding.lines
        if finding.verdict != entry.verdict and entry.verdict != "outdated":
            evidence += (f"this run finds: {finding.verdict}",)
    predicted = said.asked.said(said.value) if said.value is not None else ""
    far = str(reach(entry) or "")
    return Verdict(
        entry.id, entry.text, sources, evidence, entry.verdict, entry.correct, predicted, far
    )


def _below(rows: Iterable[tuple[str, str]], title: str) -> str:
    return panel(title.capitalize(), rows, code=False, folded=True, edge="none")


def _plain(heading: str, rows: tuple[tuple[str, str], ...]) -> str:
    width = max(10, *(len(label) + 1 for label, _ in rows))
    lines = (f"  {label:<{width}}{' '.join(text.split())}" for label, text in rows)
    return "\n".join([heading, *lines])
