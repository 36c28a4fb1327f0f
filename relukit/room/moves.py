"""What moved between two votes: how many were right before they talked, and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relukit.ledger.finding import Measured
from relukit.ledger.questions import Question
from relukit.record import Answer


@dataclass(frozen=True)
class Moves:
    """How many answers were right in each vote, and who moved.

    Attributes:
        right: right answers of each vote.
        voters: answers of each vote.
        wrong: of those who voted twice, who was not right at first.
        gained: of these, who moved to the right answer.
        lost: of those who voted twice, who moved away from it.
    """

    right: tuple[int, ...]
    voters: tuple[int, ...]
    wrong: int = 0
    gained: int = 0
    lost: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """What moved, in sentences.

        Example:
            >>> Moves((5, 9), (10, 10), 5, 4, 0).lines[-1]
            'Of 5 who were not right at first, 4 moved to the right answer (80 %).'
        """
        lines = [
            f"Right in the {name} vote: {right} of {n}{_percent(right, n)}."
            for name, right, n in zip(("first", "second"), self.right, self.voters, strict=False)
        ]
        if self.wrong:
            said = f"{self.gained} moved to the right answer{_percent(self.gained, self.wrong)}"
            lines.append(f"Of {self.wrong} who were not right at first, {said}.")
        if self.lost:
            lines.append(f"{self.lost} moved away from it.")
        return tuple(lines)


def moves(question: Question, rounds: Sequence[Mapping[int, Answer]], measured: Measured) -> Moves:
    """Return what moved between the votes on a question.

    Args:
        question: what was asked.
        rounds: for each vote, the answer of each device, by a number that names nobody.
        measured: what was measured.

    Example:
        >>> from relukit.ledger.questions import question
        >>> found = moves(question("kink"), [{1: 3.0, 2: -3.0}, {1: -3.0, 2: -3.0}], {"": -3.0})
        >>> found.right, found.gained
        ((1, 2), 1)
    """
    right = [
        {
            who
            for who, answer in votes.items()
            if question.score(answer, measured).outcome == "right"
        }
        for votes in rounds
    ]
    counts = tuple(map(len, right)), tuple(map(len, rounds))
    if len(rounds) < 2:
        return Moves(*counts)
    both = rounds[0].keys() & rounds[1].keys()
    wrong = both - right[0]
    return Moves(*counts, len(wrong), len(wrong & right[1]), len(both & right[0] - right[1]))


def _percent(part: int, n: int) -> str:
    return f" ({100 * part / n:.0f} %)" if n else ""
