"""The life of 96 units over 210 steps, two of which the learner has adopted."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from relukit.errors import InvalidValueError
from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels
from relukit.figures.film import Film, settle_alike
from relukit.lessons.dying.experiments.lifelines import one_network

# the steps of the frames: later less changes
MOMENTS = (0, 10, 20, 30, 40, 60, 80, 110, 150, 210)
_ALIVE, _DEAD, _LATER = "#A9CDE6", PALETTE["vermilion"], "#FFFFFF"
_GAP = 3  # rows between two layers


def adopted(*units: tuple[int, int]) -> Film:
    """Return a film of 96 units that are trained: blue while an image turns a unit on, else orange.

    Args:
        *units: one to three that the learner has adopted, each as (layer, unit): 1 to 3, 1 to 32.

    Raises:
        InvalidValueError: no unit, more than three, or one that is not there.

    Example:
        >>> adopted((1, 40))
        Traceback (most recent call last):
        relukit.errors.InvalidValueError: Expected a layer from 1 to 3 and a unit from 1 to 32, got
        (1, 40). What to do: adopt (1, 7), say.
    """
    alive = one_network().numpy()
    _, layers, width = alive.shape
    if not 1 <= len(units) <= 3:
        raise InvalidValueError("one to three units", str(len(units)), "adopt (1, 7), say")
    for layer, unit in units:
        if layer not in range(1, layers + 1) or unit not in range(1, width + 1):
            wanted = f"a layer from 1 to {layers} and a unit from 1 to {width}"
            raise InvalidValueError(wanted, f"({layer}, {unit})", "adopt (1, 7), say")
    return Film(
        settle_alike(_frame(alive, units, moment) for moment in MOMENTS),
        [_caption(alive, units, moment) for moment in MOMENTS],
        alt=(
            "Ninety-six units in three layers over 210 steps, a row each, orange where no image "
            "turns the unit on: long bars to the end in layer 1, short ones in layers 2 and 3."
        ),
        seconds=0.4,
    )


@drawn
def _frame(alive: np.ndarray, units: tuple[tuple[int, int], ...], moment: int) -> Picture:
    n, layers, width = alive.shape
    wall = np.zeros((layers * (width + _GAP) - _GAP, n))
    seen = slice(0, moment + 1)
    for layer in range(layers):
        top = layer * (width + _GAP)
        wall[top : top + width, seen] = np.where(alive[seen, layer].T, 1, 2)
    picture, (axes,) = panels(size=(6.5, 4.2))
    axes.imshow(
        wall, aspect="auto", interpolation="nearest", vmin=0, vmax=2,
        cmap=ListedColormap([_LATER, _ALIVE, _DEAD]), extent=(0, n, len(wall), 0), gid="lives",
    )  # fmt: skip
    for layer, unit in units:
        at = (layer - 1) * (width + _GAP) + unit - 1
        axes.add_patch(
            Rectangle((0, at - 0.5), n, 2, fill=False, edgecolor=INK, linewidth=1, clip_on=False,
                      gid="yours", zorder=3)
        )  # fmt: skip
        axes.text(n + 2, at + 0.5, "◆ yours", va="center", color=INK, fontsize=8.5)
    ticks = [layer * (width + _GAP) + width / 2 for layer in range(layers)]
    axes.set_yticks(ticks, [f"layer {layer}" for layer in range(1, layers + 1)])
    axes.tick_params(axis="y", length=0)
    axes.set(xlabel="step", ylabel="a row is a unit", xlim=(0, n + 22))
    axes.set_xticks(range(0, n, 30))
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    axes.set_title("blue: some image turns it on    orange: no image does")
    picture.alt = _caption(alive, units, moment)
    return picture


def _caption(alive: np.ndarray, units: tuple[tuple[int, int], ...], moment: int) -> str:
    dead = int((~alive[moment]).sum())
    said = [f"Step {moment}: {dead} of {alive[0].size} are silent."]
    for layer, unit in units:
        life = alive[: moment + 1, layer - 1, unit - 1]
        said.append(f"Yours in layer {layer}: {_life(life)}.")
    return " ".join(said)


def _life(life: np.ndarray) -> str:
    """Return in a few words how a unit stands, and whether it was silent before."""
    if not life[-1]:
        since = len(life) - int(np.argmax(life[::-1])) if life.any() else 0
        return f"silent since step {since}"
    times = int((life[:-1] & ~life[1:]).sum() + (not life[0]))
    if not times:
        return "alive"
    return "alive, came back" if times == 1 else f"alive, came back {times} times"
