"""The timeline as rows of dots by theme, still or filtered and opened by an explorer."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from relukit.figures.canvas import (
    DASHES,
    FAINT,
    MARKERS,
    PALETTE,
    Picture,
    drawn,
    house_style,
    panels,
)
from relukit.figures.curves import COLOURS
from relukit.figures.live import Reading
from relukit.lessons.history.experiments.timeline import KINDS, THEMES, Entry, timeline

_STEP = 0.15


@drawn
def time_line(
    *, kind: str | None = None, century: int | None = None, theme: str | None = None
) -> Picture:
    """Return the timeline's entries as dots over the years, in a row for each theme.

    Args:
        kind: show entries of this kind only; None shows all.
        century: 20 or 21; None shows both.
        theme: show one theme only; None shows all.

    Raises:
        InvalidValueError: a filter that no entry could fit.

    Example:
        >>> time_line(theme="speech").axes[0].get_xlabel()
        'year of publication'
    """
    figure = TimelineFigure()
    figure.open.set_visible(False)
    reading = figure.update({"kind": kind, "century": century, "theme": theme, "entry": None})
    figure.picture.alt = reading.alt
    return figure.picture


class TimelineFigure:
    """All entries as dots, those that fit the filters in colour, one of them ringed.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        self.entries = timeline()
        self.places = _places(self.entries)
        with house_style():
            self.picture, (axes,) = paper(size=(6.5, 4.6))
            (self.others,) = axes.plot(
                [], [], "o", color=FAINT, markersize=3, label="filtered out", gid="others"
            )
            self.dots = {}
            for place, kind in enumerate(KINDS):
                (self.dots[kind],) = axes.plot(
                    [], [], MARKERS[place], color=PALETTE[COLOURS[place]], markersize=5,
                    label=kind, gid=kind,
                )  # fmt: skip
            (self.open,) = axes.plot(
                [], [], "o", color=PALETTE["vermilion"], markersize=13, markerfacecolor="none",
                markeredgewidth=2, label="opened", gid="opened",
            )  # fmt: skip
            axes.axvline(2000.5, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1)
            axes.set(xlabel="year of publication", xlim=(1938, 2028))
            axes.set_ylim(-0.6, len(THEMES) - 0.4)
            axes.set_yticks(range(len(THEMES)), THEMES[::-1])
            axes.set_title("The rectifier and its relatives, 1941 to 2025")
            self.picture.legend(loc="outside lower center", ncols=4)
        self.moving = [self.others, *self.dots.values(), self.open]

    def update(self, values: Mapping[str, Any]) -> Reading:
        """Colour what fits the filters and ring the opened entry; say what is seen."""
        filters = {name: values[name] for name in ("kind", "century", "theme")}
        fit, opened = timeline(**filters), values["entry"]
        for kind, dots in self.dots.items():
            dots.set_data(*self._at([e for e in fit if e.kind == kind]))
        self.others.set_data(*self._at([e for e in self.entries if e not in fit]))
        self.open.set_data(*self._at([opened] if opened in fit else []))
        words = " and ".join(
            f"{name} {value}" for name, value in filters.items() if value is not None
        )
        shown = f"{len(fit)} of {len(self.entries)} entries" + (f" ({words})" if words else "")
        alt = f"Timeline with a row for each theme: {shown} are in colour"
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

    def _at(self, entries: list[Entry]) -> tuple[list[float], list[float]]:
        places = [self.places[entry] for entry in entries]
        return [x for x, _ in places], [y for _, y in places]


def _places(entries: tuple[Entry, ...]) -> dict[Entry, tuple[float, float]]:
    """Return where each entry's dot stands: entries of one theme and year are fanned out."""
    places: dict[Entry, tuple[float, float]] = {}
    for row, theme in enumerate(reversed(THEMES)):
        for year in sorted({e.year for e in entries if e.theme == theme}):
            same = [e for e in entries if e.theme == theme and e.year == year]
            heights = _STEP * (np.arange(len(same)) - (len(same) - 1) / 2)
            places |= {e: (year, row + h) for e, h in zip(same, heights.tolist(), strict=True)}
    return places


def _span(entries: tuple[Entry, ...]) -> str:
    first, last = entries[0].year, entries[-1].year
    return f"{first} to {last}" if first < last else f"{first}"
