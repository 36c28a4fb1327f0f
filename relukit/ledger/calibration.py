"""How many predictions came true, and whether the learner was as often right as sure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from relukit.record import OUTCOMES, Guess

ENOUGH = 5  # answers below which nothing is said of all together


@dataclass(frozen=True)
class Calibration:
    """What came of the predictions whose verdicts were read.

    How to read it: whoever says "80 % sure" ten times should be right about eight times, not ten.
    Right more often than that means that you know more than you trust yourself to; right less
    often, that you should believe yourself a little less, or look once more before you answer.

    Attributes:
        made: how many predictions were made.
        counts: how many were right, close and off, in this order.
        sure: pairs of how sure the learner was, in percent, and whether that answer was right.

    Example:
        >>> Calibration.of([Guess("b", 80, "right"), Guess("a", 80, "off")]).lines[1]
        'When you were 80 % sure, you were right 1 time of 2.'
    """

    made: int
    counts: tuple[int, int, int]
    sure: tuple[tuple[float, bool], ...] = ()

    @classmethod
    def of(cls, guesses: Iterable[Guess]) -> "Calibration":
        """Return it for what the progress file holds."""
        all_of_them = list(guesses)
        right, close, off = (sum(g.outcome == one for g in all_of_them) for one in OUTCOMES)
        sure = tuple(
            (g.sure, g.outcome == "right") for g in all_of_them if g.outcome and g.sure is not None
        )
        return cls(len(all_of_them), (right, close, off), sure)

    @property
    def lines(self) -> tuple[str, ...]:
        """One sentence each: the counts, each step of ten percent, and all together."""
        waiting = self.made - sum(self.counts)
        parts = [f"{n} {word}" for n, word in zip(self.counts, OUTCOMES, strict=True)]
        if waiting:
            parts.append(f"{waiting} whose verdict you haven't read")
        counted = f"predictions made: {self.made}"
        if self.made:
            counted += f" ({', '.join(parts)})"
        return (counted, *self._steps(), *self._overall())

    def _steps(self) -> list[str]:
        steps: dict[int, list[bool]] = {}
        for percent, right in sorted(self.sure, reverse=True):
            steps.setdefault(_step(percent), []).append(right)
        return [
            f"When you were {'about ' * (not self._said(step))}{step:g} % sure, you were right "
            f"{sum(came)} time{'s' * (sum(came) != 1)} of {len(came)}."
            for step, came in steps.items()
        ]

    def _said(self, step: int) -> bool:
        """Return whether every answer of a step was given with exactly its percentage."""
        return all(percent == step for percent, _ in self.sure if _step(percent) == step)

    def _overall(self) -> list[str]:
        """Return how the number of right answers compares with what was expected by chance."""
        n = len(self.sure)
        if n < ENOUGH:
            return []
        shares = [percent / 100 for percent, _ in self.sure]
        right, expected = sum(came for _, came in self.sure), sum(shares)
        spread = math.sqrt(sum(share * (1 - share) for share in shares))
        said = f"All in all you expected {expected:.1f} right of {n}, and had {right}: "
        if abs(right - expected) <= max(2 * spread, 0.5):  # nineteen of twenty well calibrated
            return [said + "you know well how much you know."]
        if right < expected:
            return [said + "a little too sure. Believe yourself a bit less."]
        return [said + "you know more than you trust yourself to."]


def _step(percent: float) -> int:
    """Return the multiple of ten that is nearest, the upper one halfway."""
    return 10 * int(percent / 10 + 0.5)
