"""Predict first, then read the verdict: what the learner expects of a claim, and what holds."""

from dataclasses import dataclass

from relukit import record
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.ledger.entries import VERDICTS, claim
from relukit.ledger.measuring import measure
from relukit.panel import panel

ANSWERS = VERDICTS


@dataclass(frozen=True, repr=False)
class Prediction:
    """What the learner predicts of a claim.

    Attributes:
        claim: the claim's id.
        answer: one of ANSWERS, or "" where there is none yet.
        text: the claim itself.
        note: what is amiss with the progress file, else "".
    """

    claim: str
    answer: str
    text: str
    note: str = ""

    @property
    def _said(self) -> tuple[str, ...]:
        if not self.answer:
            choices = ", ".join(repr(answer) for answer in ANSWERS)
            return (f"No prediction yet: replace ... by one of {choices}.",)
        return (f"You predict: {self.answer}.", self.note)

    def __repr__(self) -> str:
        return "\n  ".join([f"{self.claim}: {self.text}", *filter(None, self._said)])

    def _repr_html_(self) -> str:
        return panel(f"{self.claim}: {self.text}", (), after=self._said)


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
    """

    claim: str
    text: str
    said_by: tuple[str, ...]
    evidence: tuple[str, ...]
    verdict: str
    correct: str
    predicted: str

    @property
    def held(self) -> bool | None:
        """Whether the learner's prediction held; None where there is none."""
        return self.predicted == self.verdict if self.predicted else None

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Pairs (label, text), each text on one line."""
        rows = [
            ("claim", self.text),
            ("said by", ", ".join(self.said_by)),
            *(("measured", line) for line in self.evidence),
            ("correct", self.correct),
        ]
        if self.predicted:
            became = "held" if self.held else "did not hold"
            rows.append(("predicted", f"{self.predicted}: {became}"))
        return tuple(rows)

    def __repr__(self) -> str:
        lines = (f"  {label:<10}{' '.join(text.split())}" for label, text in self.rows)
        return "\n".join([f"{self.claim}: {self.verdict}", *lines])

    def html(self, *, folded: bool = False) -> str:
        """Return the verdict as a block; folded, it shows the claim and the verdict."""
        edge = {True: "passed", False: "wrong", None: "not attempted"}[self.held]
        heading = f"{self.claim}: {self.verdict}" + (f". {self.text}" if folded else "")
        return panel(heading, self.rows, edge=edge, code=False, folded=folded)


@dataclass(frozen=True, repr=False)
class Verdicts:
    """The verdicts on one or more claims; in a notebook, all but the first are folded.

    Attributes:
        entries: one verdict for each claim that was asked for.
    """

    entries: tuple[Verdict, ...]

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.entries))

    def _repr_html_(self) -> str:
        # JupyterLab shows the first line of a folded output: a blank one gives nothing away.
        blocks = (entry.html(folded=i > 0) for i, entry in enumerate(self.entries))
        return " \n" + "".join(blocks)


def predict(claim_id: str, answer: object) -> Prediction:
    """Record what the learner predicts of a claim.

    Args:
        claim_id: the claim's id in the ledger.
        answer: one of ANSWERS, in any capitals; `...` for none yet.

    Raises:
        InvalidTypeError: the answer is neither text nor `...`.
        InvalidValueError: the answer is another word, or no claim has this id.

    Example:
        >>> predict("half-linear", ...).answer
        ''
    """
    text = claim(claim_id).text
    if answer is ...:
        return Prediction(claim_id, "", text)
    wanted = f"one of {', '.join(repr(word) for word in ANSWERS)}"
    do = f"write, for example, predict({claim_id!r}, 'wrong')"
    if not isinstance(answer, str):
        raise InvalidTypeError(wanted, f"a value of type {type(answer).__name__}", do)
    word = " ".join(answer.lower().split())
    if word not in ANSWERS:
        raise InvalidValueError(wanted, repr(answer), do)
    note = record.update(lambda state: state.with_prediction(claim_id, word))[1]
    return Prediction(claim_id, word, text, note)


def verdict(*claim_ids: str) -> Verdicts:
    """Return what holds of the claims: run their experiments and set them beside the predictions.

    Args:
        *claim_ids: ids in the ledger; at least one.

    Raises:
        InvalidValueError: no id is given, or no claim has one of them.

    Example:
        >>> verdict("half-linear").entries[0].verdict
        'wrong'
    """
    if not claim_ids:
        raise InvalidValueError("at least one claim's id", "none", "write verdict('half-linear')")
    predicted = record.read()[0].predictions
    return Verdicts(tuple(_verdict(name, predicted.get(name, "")) for name in claim_ids))


def _verdict(claim_id: str, predicted: str) -> Verdict:
    entry = claim(claim_id)
    sources = tuple(str(source) for source in entry.said_by)
    evidence: tuple[str, ...]
    if entry.document:
        evidence = (f"nothing; settled on paper: {entry.document}",)
    else:
        finding = measure(claim_id)
        evidence = finding.lines
        if finding.verdict != entry.verdict and entry.verdict != "outdated":
            evidence += (f"this run finds: {finding.verdict}",)
    return Verdict(claim_id, entry.text, sources, evidence, entry.verdict, entry.correct, predicted)
