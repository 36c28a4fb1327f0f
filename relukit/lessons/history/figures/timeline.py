"""The timeline as a list of names beside dots, still or filtered and opened by an explorer."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from relukit.figures.canvas import MARKERS, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading
from relukit.lessons.history.experiments.timeline import THEMES, Entry, timeline

_LOOKS = dict(
    zip(
        THEMES,
        zip(
            MARKERS,
            ("green", "pink", "purple", "blue", "brown", "rose", "vermilion"),
            strict=False,
        ),
        strict=True,
    )
)
_EARLY = 1990
_FIRST = ("biology", "statistics", "vision")  # where the early entries are
_DOT, _NAME, _SHORT, _SIZE = (
    0.42,
    0.56,
    1.84,
    7.3,
)  # the first three in inches from the left of a list


@drawn
def time_line(
    *,
    kind: str | None = None,
    century: int | None = None,
    theme: str | None = None,
    search: str = "",
) -> Picture:
    """Return the timeline: dots over the years, and below them all names with a few words each.

    Args:
        kind: name entries of this kind only; None names all.
        century: 20 or 21; None names both.
        theme: name one theme only; None names all.
        search: words that an entry must have; "" names all.

    Raises:
        InvalidValueError: a filter that no entry could fit.

    Example:
        >>> time_line(theme="speech").axes[0].get_xlabel()
        'year of publication'
    """
    figure = TimelineFigure()
    filters = {"kind": kind, "century": century, "theme": theme, "search": search}
    figure.picture.alt = figure.update({**filters, "entry": None}).alt
    return figure.picture


class TimelineFigure:
    """All entries as dots over the years and as a list; what fits the filters has its name.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        self.entries = timeline()
        half = math.ceil(len(self.entries) / 2)
        with house_style():
            self.picture, (strip, spare, *lists) = paper(
                2, rows=2, size=(7.0, 8.4), gridspec_kw={"height_ratios": (1.15, 7)}
            )
            spare.remove()
            strip.set_subplotspec(strip.get_gridspec()[0, :])
            self.axes = [strip, *lists]
            self.places = _places(self.entries, half)
            self.dots = [
                self._dots(axes, size) for axes, size in zip(self.axes, (4, 5, 5), strict=True)
            ]
            self.words = {
                entry: self._row(entry, lists[number // half], number % half)
                for number, entry in enumerate(self.entries)
            }
            for axes in lists:
                axes.set(xlim=(0, 3.35), ylim=(half - 0.4, -0.6))
                axes.set_axis_off()
            most = max(place[1] for place, _ in self.places.values())
            strip.set(xlabel="year of publication", xlim=(1938, 2028), ylim=(0.3, most + 0.7))
            strip.set(ylabel="entries", yticks=(1, 4, most))
            strip.grid(visible=False)
            early = [entry.theme in _FIRST for entry in self.entries if entry.year <= _EARLY]
            *some, last = _FIRST
            strip.set_title(
                f"Until {_EARLY}, {sum(early)} of {len(early)} entries are from "
                f"{', '.join(some)} or {last}"
            )
            handles = [self.dots[1][theme] for theme in THEMES]
            self.picture.legend(
                handles=handles, loc="outside lower center", ncols=len(THEMES), handlelength=0.8,
                columnspacing=1.6, handletextpad=0.5,
            )  # fmt: skip
        texts = [text for words in self.words.values() for text in words]
        self.moving = [artist for dots in self.dots for artist in dots.values()] + texts

    def update(self, values: Mapping[str, Any]) -> Reading:
        """Name what fits the filters and ring the opened entry; say what is seen."""
        filters = {name: values[name] for name in ("kind", "century", "theme")}
        search = values["search"].strip()
        fit, opened = timeline(**filters, search=search), values["entry"]
        for number, dots in enumerate(self.dots):
            for theme in THEMES:
                self._put(dots[theme], number, [e for e in fit if e.theme == theme])
            self._put(dots["others"], number, [e for e in self.entries if e not in fit])
            self._put(dots["opened"], number, [opened] if opened in fit else [])
        for entry, texts in self.words.items():
            for text in texts:
                text.set_visible(entry in fit)
        chosen = [f"{name} {value}" for name, value in filters.items() if value is not None]
        words = " and ".join(chosen + [f'search "{search}"'] * bool(search))
        shown = f"{len(fit)} of {len(self.entries)} entries" + (f" ({words})" if words else "")
        alt = f"Dots over the years, and a list of names below: {shown} have their names"
        if opened not in fit:
            caption = f"{shown}." if fit else f"No entry fits {words}: widen a filter."
            return Reading(alt=f"{alt}{', from ' + _span(fit) if fit else ''}.", caption=caption)
        read = "read for this course" if opened.opened else "cited after bibliographies"
        return Reading(
            alt=f"{alt}, and {opened.title} is ringed.",
            caption=f"{shown}. {opened.title}. "
            + " ".join(filter(None, [opened.what, opened.measured]))
            + f" Source: {opened.source} ({read}).",
        )

    def _dots(self, axes: Axes, size: float) -> dict[str, Line2D]:
        """Return empty dots of each theme, of what is filtered out, and the ring."""
        dots = {}
        for theme, (marker, colour) in _LOOKS.items():
            (dots[theme],) = axes.plot(
                [], [], marker, color=PALETTE[colour], markersize=size, label=theme, gid=theme
            )
        (dots["others"],) = axes.plot([], [], "o", color=PALETTE["grey"], markersize=2)
        dots["others"].set_gid("others")
        (dots["opened"],) = axes.plot(
            [], [], "o", color=PALETTE["vermilion"], markersize=2.2 * size, markerfacecolor="none",
            markeredgewidth=1.8, gid="opened",
        )  # fmt: skip
        return dots

    def _row(self, entry: Entry, axes: Axes, row: int) -> tuple[Text, Text]:
        """Write an entry's row, with the year where it is another one than that above."""
        number = self.entries.index(entry)
        if not row or self.entries[number - 1].year != entry.year:
            axes.text(0.0, row, f"{entry.year}", va="center", fontsize=_SIZE)
        name, short = (
            axes.text(x, row, words, va="center", fontsize=_SIZE, in_layout=False)
            for x, words in ((_NAME, entry.names), (_SHORT, entry.short))
        )
        return name, short

    def _put(self, dots: Line2D, number: int, entries: list[Entry]) -> None:
        """Put dots of some entries where they stand over the years (0) or in a list (1, 2)."""
        spots: list[tuple[float, float]] = [self.places[entry][0] for entry in entries]
        if number:
            rows = [self.places[entry][1] for entry in entries]
            spots = [(_DOT, row) for where, row in rows if where == number]
        dots.set_data([x for x, _ in spots], [y for _, y in spots])


def _places(
    entries: tuple[Entry, ...], half: int
) -> dict[Entry, tuple[tuple[int, int], tuple[int, int]]]:
    """Return for each entry its year and how many of that year it tops, and its list and row."""
    places, before = {}, dict.fromkeys((entry.year for entry in entries), 0)
    for number, entry in enumerate(entries):
        before[entry.year] += 1
        places[entry] = ((entry.year, before[entry.year]), (1 + number // half, number % half))
    return places


def _span(entries: tuple[Entry, ...]) -> str:
    first, last = entries[0].year, entries[-1].year
    return f"{first} to {last}" if first < last else f"{first}"
