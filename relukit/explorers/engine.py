"""A picture with controls: one figure, redrawn where it moves, described in words each time."""

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from relukit.errors import InvalidValueError, unknown_name
from relukit.explorers.page import image, status
from relukit.figures.canvas import Picture
from relukit.figures.live import LivePicture, Reading

# Long enough for the kernel to take in every slider message that waits, too short to be seen.
_PAUSE_SECONDS = 0.008
LABEL = {"description_width": "8em"}


class Explorer(ipywidgets.VBox):
    """A live picture above its controls, with an alternative text and a caption that follow.

    A change of a control asks for a redraw. Where an event loop runs (a notebook's kernel), the
    requests of 8 ms make one redraw, so dragging never queues; elsewhere it is drawn at once.

    Args:
        name: what it is, in a few words.
        live: the picture.
        controls: the controls by name; each has a description and a value.
        update: moves the picture's artists to the values it is given by name; says what is seen.
        buttons: buttons by name, for a program that wants to press them.
        rows: controls and buttons as they are laid out; one control under another if none.

    Raises:
        InvalidValueError: if a control has no description.

    Example:
        >>> from relukit.lessons.definitions.explorers import unit_explorer
        >>> explorer = unit_explorer()
        >>> explorer.move(weight=0.0)
        >>> explorer.caption.startswith("Weight 0")
        True
    """

    _pending: asyncio.TimerHandle | None = None

    def __init__(
        self,
        name: str,
        live: LivePicture,
        controls: Mapping[str, ipywidgets.ValueWidget],
        update: Callable[[Mapping[str, Any]], Reading],
        *,
        buttons: Mapping[str, ipywidgets.Button] | None = None,
        rows: tuple[tuple[ipywidgets.Widget, ...], ...] = (),
    ) -> None:
        nameless = [key for key, control in controls.items() if not control.description]
        if nameless:
            raise InvalidValueError("a description for each control", repr(nameless), "add them")
        self.controls = dict(controls)
        self.buttons = dict(buttons or {})
        self.redraws = 0
        self._name, self._live, self._update = name, live, update
        self._held = False
        self._image, self._words = ipywidgets.HTML(), ipywidgets.HTML()
        self._initial = self.values
        lines = [ipywidgets.HBox(row, layout={"flex_flow": "row wrap"}) for row in rows]
        super().__init__([self._image, self._words, *(lines or self.controls.values())])
        self.add_class("relukit-explorer")
        for control in self.controls.values():
            control.observe(self._ask, names="value")
        self._draw()

    @property
    def picture(self) -> Picture:
        """The figure that is drawn, for reading its artists."""
        return self._live.picture

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def alt(self) -> str:
        """What is seen now, in one sentence."""
        self.flush()
        return self._reading.alt

    @property
    def caption(self) -> str:
        """The line of values under the picture, as it is now."""
        self.flush()
        return self._reading.caption

    def move(self, **values: object) -> None:
        """Set several controls and redraw once.

        Args:
            **values: new values by the controls' names.

        Raises:
            InvalidValueError: if a name is not a control's.
        """
        for name in values:
            if name not in self.controls:
                raise unknown_name("control", name, self.controls)
        self._held = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._held = False
            self._draw()

    def reset(self) -> None:
        """Set every control to the value that it began with."""
        self.move(**self._initial)

    def flush(self) -> None:
        """Redraw now if a redraw is waiting."""
        if self._pending is not None:
            self._draw()

    def close(self) -> None:
        """Take the explorer off the page and forget a redraw that is waiting."""
        self._forget()
        super().close()

    def __repr__(self) -> str:
        return f"Explorer: {self._name} ({len(self.controls)} controls; needs a running kernel)"

    def _ask(self, _change: object) -> None:
        if self._held or self._pending is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._draw()
        else:
            self._pending = loop.call_later(_PAUSE_SECONDS, self._draw)

    def _forget(self) -> None:
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def _draw(self) -> None:
        self._forget()
        self._reading = self._update(self.values)
        self.picture.alt = self._reading.alt
        data = base64.b64encode(self._live.png()).decode("ascii")
        self._image.value = image(
            f"data:image/png;base64,{data}",
            alt=self._reading.alt,
            name=self._name,
            size=self._live.size,
        )
        self._words.value = status(self._reading.caption)
        self.redraws += 1


def slider(
    description: str, value: float, high: float, *, low: float | None = None, step: float = 0.05
) -> ipywidgets.FloatSlider:
    """Return a labelled slider from low (by default -high) to high, which follows while dragged.

    Example:
        >>> slider("weight w", 1.0, 3.0).min
        -3.0
    """
    return ipywidgets.FloatSlider(
        value=value,
        min=-high if low is None else low,
        max=high,
        step=step,
        description=description,
        readout_format=".2f",
        style=LABEL,
        layout={"width": "26em"},
    )
