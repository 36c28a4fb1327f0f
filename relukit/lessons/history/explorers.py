"""The explorers of lesson 01: the timeline with its entries, the row of receptors, two rivals."""

from collections.abc import Mapping
from typing import Any

import ipywidgets

from relukit.explorers.engine import LABEL, Explorer, slider
from relukit.figures.live import LivePicture
from relukit.lessons.history.experiments.edges import STRENGTH
from relukit.lessons.history.experiments.timeline import CENTURIES, KINDS, THEMES, Entry, timeline
from relukit.lessons.history.figures.eye import ReceptorsFigure
from relukit.lessons.history.figures.rivals import RivalsFigure
from relukit.lessons.history.figures.timeline import TimelineFigure

FILTERS = ("kind", "century", "theme", "search")
ALL, NOTHING = "all", "nothing"  # a drop-down shows no label for None


def timeline_explorer() -> Explorer:
    """Return three filters and a search over the timeline, and a list of what fits, one opened.

    Two buttons open the next and the previous entry, a third one takes the filters away.

    Example:
        >>> explorer = timeline_explorer()
        >>> explorer.move(theme="speech")
        >>> explorer.caption[:40]
        '3 of 82 entries (theme speech). 2012 G. '
        >>> explorer.move(theme="all", search="chaos")
        >>> explorer.caption[:30]
        '3 of 82 entries (search "chaos'
    """
    figure = TimelineFigure()
    controls = {
        "kind": _choice("kind", [("all kinds", ALL), *((kind, kind) for kind in KINDS)]),
        "century": _choice(
            "century", [("both centuries", ALL), *((f"{c}th", c) for c in CENTURIES[:1]),
                        *((f"{c}st", c) for c in CENTURIES[1:])],
        ),
        "theme": _choice("theme", [("all themes", ALL), *((theme, theme) for theme in THEMES)]),
        "search": ipywidgets.Text(
            description="search", placeholder="a name or a word", style=LABEL,
            layout={"width": "21em"},
        ),
        "entry": _choice("entry", _titles(timeline()), width="36em"),
    }  # fmt: skip
    buttons = {
        "previous": ipywidgets.Button(description="Previous", tooltip="Open the entry before"),
        "next": ipywidgets.Button(description="Next", tooltip="Open the entry after"),
        "reset": ipywidgets.Button(description="Reset", tooltip="Take the filters away"),
    }

    def fill(_change: object) -> None:
        """List what fits, and keep the opened entry where it still does."""
        entry, opened = controls["entry"], controls["entry"].value
        fit = timeline(**_plain({name: controls[name].value for name in FILTERS}))
        entry.options = _titles(fit)
        if opened in fit:
            entry.value = opened

    for name in FILTERS:
        controls[name].observe(fill, names="value")
    explorer = Explorer(
        "timeline",
        LivePicture(figure.picture, figure.moving),
        controls,
        lambda values: figure.update(_plain(values)),
        buttons=buttons,
        rows=(
            tuple(controls[name] for name in FILTERS[:3]),
            (controls["search"], controls["entry"]),
            tuple(buttons.values()),
        ),
    )
    buttons["previous"].on_click(lambda _: explorer.move(**_neighbour(explorer, -1)))
    buttons["next"].on_click(lambda _: explorer.move(**_neighbour(explorer, 1)))
    buttons["reset"].on_click(lambda _: explorer.reset())
    return explorer


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the controls' values with None for what is not chosen."""
    return {name: None if value in (ALL, NOTHING) else value for name, value in values.items()}


def _choice(description: str, options: list, *, width: str = "21em") -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(
        options=options,
        value=options[0][1],
        description=description,
        style=LABEL,
        layout={"width": width},
    )


def _titles(entries: tuple[Entry, ...]) -> list[tuple[str, Entry | str]]:
    """Return what the list of entries shows and holds; two entries of one title are numbered."""
    titles = [entry.title for entry in entries]
    shown = [
        f"{title} ({titles[: place + 1].count(title)})" if titles.count(title) > 1 else title
        for place, title in enumerate(titles)
    ]
    return list(zip(shown, entries, strict=True)) or [("no entry fits", NOTHING)]


def _neighbour(explorer: Explorer, by: int) -> Mapping[str, Entry | str]:
    """Return the entry that stands some places further in the list, which goes round."""
    entry = explorer.controls["entry"]
    held = [value for _, value in entry.options]
    return {"entry": held[(held.index(entry.value) + by) % len(held)]}


def receptors_explorer() -> Explorer:
    """Return a slider for how much receptors inhibit their neighbours, above their rates.

    Example:
        >>> explorer = receptors_explorer()
        >>> explorer.move(inhibition=0.0)
        >>> explorer.caption[:16]
        'Inhibition 0.00.'
    """
    figure = ReceptorsFigure()
    controls = {"inhibition": slider("inhibition", STRENGTH, 0.3, low=0.0, step=0.01)}
    return Explorer(
        "receptors and stripes",
        LivePicture(figure.picture, figure.moving),
        controls,
        figure.update,
    )


def rivals_explorer() -> Explorer:
    """Return sliders for the inhibition between two units and for the rates at which they start.

    Example:
        >>> explorer = rivals_explorer()
        >>> explorer.move(inhibition=1.2, a=0.5, b=0.6)
        >>> explorer.caption[-7:]
        'B wins.'
    """
    figure = RivalsFigure()
    controls = {
        "inhibition": slider("inhibition", 0.8, 2.0, low=0.1, step=0.05),
        "a": slider("start of A", 0.5, 1.3, low=0.0, step=0.05),
        "b": slider("start of B", 0.6, 1.3, low=0.0, step=0.05),
    }
    return Explorer(
        "two rivals",
        LivePicture(figure.picture, figure.moving),
        controls,
        figure.update,
        rows=((controls["inhibition"],), (controls["a"], controls["b"])),
    )
