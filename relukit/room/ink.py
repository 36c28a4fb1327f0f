"""Strokes of the room's pictures: SVG whose colours a page can set, and whose words are escaped."""

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

# the figures' own blue, vermilion and grey; Matplotlib, which has them, would double the start
ON, OFF, GREY = "#0072B2", "#D55E00", "#767676"
# of a mark: right is blue and filled, off is vermilion and hollow, not yet known is grey
LOOKS = {
    True: f'class="on" fill="{ON}" stroke="{ON}"',
    False: f'class="off" fill="none" stroke="{OFF}" stroke-width="1.6"',
    None: f'class="open" fill="{GREY}" stroke="{GREY}"',
}


@dataclass(frozen=True)
class Sheet:
    """The paper of one picture.

    Attributes:
        width: in pixels of the page.
        size: of the letters, in pixels.
    """

    width: int
    size: int

    def words(
        self, x: float, y: float, text: str, *, anchor: str = "start", bold: bool = False
    ) -> str:
        """Return one line of words."""
        heavy = ' font-weight="650"' if bold else ""
        at = f'x="{x:.1f}" y="{y:.1f}"'
        return f'<text {at} text-anchor="{anchor}"{heavy}>{escape(text)}</text>'

    def wrapped(self, text: str, width: float) -> list[str]:
        """Return words in lines that fit a width, as wide as letters mostly are."""
        return textwrap.wrap(text, max(int(width / (0.54 * self.size)), 12)) or [""]

    def page(self, parts: Iterable[str], height: float, alternative: str) -> str:
        """Return the whole picture.

        Args:
            parts: its strokes.
            height: in pixels.
            alternative: what it shows, in words.
        """
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height:.0f}"'
            f' width="{self.width}" height="{height:.0f}" role="img" class="guesses"'
            f' aria-label="{escape(alternative)}" font-family="system-ui, sans-serif"'
            f' font-size="{self.size}" fill="currentColor">{"".join(parts)}</svg>'
        )


@dataclass(frozen=True)
class Scale:
    """From numbers to pixels; what lies beyond stands at the edge.

    Attributes:
        low: the number at the pixel `start`.
        high: the number at the pixel `end`.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a number."""
        inside = min(max(value, self.low), self.high)
        return self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start)

    def beyond(self, values: Iterable[float]) -> tuple[int, int]:
        """Return how many numbers lie below, and how many above."""
        listed = list(values)
        return sum(v < self.low for v in listed), sum(v > self.high for v in listed)

    def ticks(self, most: int) -> list[float]:
        """Return round numbers on the scale, so many at most, and two at least."""
        rough = (self.high - self.low) / max(most, 2)
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [k * step for k in range(first, last + 1)]


def scale(values: Sequence[float], sure: Sequence[float], start: float, end: float) -> Scale:
    """Return a scale that shows most values, and every one of which it must be sure.

    One guess of a billion must not press the others into a line: the outermost of twenty are left
    out on either side, where they are far from the rest.

    Args:
        values: guesses.
        sure: what must be seen, such as the ends of an interval.
        start: the pixel on which it begins.
        end: the pixel on which it ends.
    """
    ranked = sorted(v for v in values if abs(v) < 1e12)
    spare = len(ranked) // 20
    kept = ranked[spare : len(ranked) - spare] or [0.0]
    middle = kept[len(kept) // 2]
    reach = 4 * max(_spread(kept), *(abs(v - middle) for v in sure), 1e-9) if sure else None
    near = [v for v in ranked if reach is None or abs(v - middle) <= reach]
    shown = [*(near if len(near) > 0.9 * len(ranked) else kept), *sure]
    low, high = min(shown), max(shown)
    margin = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    return Scale(low - margin, high + margin, start, end)


def _spread(ranked: Sequence[float]) -> float:
    """Return the distance between the quartiles of sorted numbers."""
    n = len(ranked)
    return ranked[(3 * n) // 4 if n > 1 else 0] - ranked[n // 4]


def said(value: float) -> str:
    """Return a number as a scale shows it.

    Example:
        >>> said(0.30000000000000004), said(-2.0), said(1e9)
        ('0.3', '-2', '1e+09')
    """
    return f"{value:.4g}".replace("-0", "0") if value == 0 else f"{value:.4g}"
