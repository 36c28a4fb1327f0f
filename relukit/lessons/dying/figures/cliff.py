"""The cliff map as a table of colours, and one place of it, still or moving."""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from torch import Tensor

from relukit.errors import InvalidValueError
from relukit.figures.canvas import INK, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading
from relukit.figures.meaning import row_look
from relukit.lessons.dying.experiments.cliff import Cliff

_SHADES = {
    "accuracy": LinearSegmentedColormap.from_list("accuracy", ["#FFFFFF", PALETTE["blue"]]),
    "dead units": LinearSegmentedColormap.from_list("dead", ["#FFFFFF", PALETTE["vermilion"]]),
    "nan": LinearSegmentedColormap.from_list("nan", ["#FFFFFF", PALETTE["grey"]]),
}


@drawn
def cliff_map(relu: Cliff, leaky: Cliff) -> Picture:
    """Return maps over learning rate and gain: accuracy of both kinds, and how each fails.

    Args:
        relu: what `relukit.lessons.dying.experiments.cliff.cliff` returns for ReLU.
        leaky: and for leaky ReLU.

    Conventions: dead are counted in networks whose numbers stayed finite; where some didn't, the
        cell says how many percent are nan.
    """
    picture, cells = panels(2, rows=2, size=(6.5, 5.6), sharey=True)
    for axes, side in zip(cells, (relu, leaky), strict=False):
        _map(axes, side, "accuracy", _percent(side.accuracy.mean(-1)))
        axes.set_title(f"{side.title}: new digits right, in %", fontsize=9)
    finite = ~relu.broken
    spared = torch.where(finite, relu.dead.mean(-1), 0.0).sum(-1) / finite.sum(-1)
    lost = _percent(relu.broken.double().mean(-1))
    _map(cells[2], relu, "dead units", _percent(spared), lost)
    cells[2].set_title("ReLU: dead units of all layers, in %", fontsize=9)
    _map(cells[3], leaky, "nan", _percent(leaky.broken.double().mean(-1)))
    cells[3].set_title("leaky ReLU: networks that are nan, in %", fontsize=9)
    for axes in cells[::2]:
        axes.set_ylabel("learning rate")
    for axes in cells[2:]:
        axes.set_xlabel("first weights, times the usual (lesson 05)")
    picture.alt = (
        "Four tables over learning rate and size of the first weights, for ReLU and leaky ReLU: "
        "from some line on nothing is learned; there ReLU is dead and leaky ReLU is nan."
    )
    return picture


def _percent(shares: Tensor) -> np.ndarray:
    return 100 * shares.numpy()


def _map(
    axes: Axes, side: Cliff, shade: str, table: np.ndarray, lost: np.ndarray | None = None
) -> None:
    """Draw a table of colours; below a number, how many percent of the networks are nan."""
    axes.imshow(table, cmap=_SHADES[shade], vmin=0, vmax=120, aspect="auto")
    for (y, x), share in np.ndenumerate(table):
        said = "" if np.isnan(share) else f"{share:.0f}"
        nan = f"nan {lost[y, x]:.0f} %" if lost is not None and lost[y, x] > 0 else ""
        axes.text(x, y - (0.16 if nan and said else 0), said, ha="center", va="center", color=INK,
                  size=8.5)  # fmt: skip
        axes.text(x, y + (0.24 if said else 0), nan, ha="center", va="center", color=INK, size=6.5)
    axes.set_xticks(range(len(side.gains)), [f"{gain:g}" for gain in side.gains])
    axes.set_yticks(range(len(side.lrs)), [f"{lr:g}" for lr in side.lrs])
    axes.grid(visible=False)


@drawn
def cliff_at(relu: Cliff, leaky: Cliff, *, lr: float, gain: float) -> Picture:
    """Return one place of the map: dead units by layer, and accuracy, of every network.

    Args:
        relu: the ReLU side.
        leaky: the leaky side.
        lr: one of its learning rates.
        gain: one of its gains.

    Raises:
        InvalidValueError: if the map has no such place.
    """
    if lr not in relu.lrs or gain not in relu.gains:
        raise InvalidValueError(
            f"lr of {relu.lrs} and gain of {relu.gains}", f"{lr} and {gain}", "choose from these"
        )
    figure = CliffFigure(relu, leaky)
    figure.picture.alt = figure.update({"lr": lr, "gain": gain}).alt
    return figure.picture


class CliffFigure:
    """Dead units by layer and accuracy at one place of the cliff map; `update` moves it.

    Args:
        relu: the ReLU side.
        leaky: the leaky side.
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, relu: Cliff, leaky: Cliff, paper: Callable = panels) -> None:
        self.sides = (relu, leaky)
        with house_style():
            self.picture, (left, right) = paper(
                2, size=(6.5, 3.0), gridspec_kw={"width_ratios": (1.3, 1)}
            )
            self.dead, self.accuracy, self.means = [], [], []
            for side in self.sides:
                name = side.title
                own = row_look(name)
                look = {"color": own["color"], "linestyle": "none"}
                dot = {"marker": own["marker"], "markersize": 3.5, "fillstyle": "none"}
                self.dead.append(left.plot([], [], **look, **dot, label=name, gid=name)[0])
                self.accuracy.append(right.plot([], [], **look, **dot, gid=name)[0])
                bar = {"marker": "_", "markersize": 22, "markeredgewidth": 2.2}
                self.means.append(left.plot([], [], **look, **bar)[0])
                self.means.append(right.plot([], [], **look, **bar)[0])
            n_layers = relu.dead.shape[-1]
            left.set_xticks(range(1, n_layers + 1))
            left.set(xlim=(0.5, n_layers + 0.5), ylim=(-0.04, 1.04), xlabel="hidden layer")
            left.set(ylabel="share of dead units", title="Dead after five passes")
            right.set_xticks([1, 2], [side.title for side in self.sides])
            right.set(xlim=(0.5, 2.5), ylim=(-0.04, 1.04), ylabel="test accuracy (0: nan)")
            right.set(title="Accuracy (bars: means)", xlabel="activation")
            self.picture.legend(handles=self.dead, loc="outside lower center", ncols=2)
        self.moving = [*self.dead, *self.accuracy, *self.means]

    def update(self, values: Mapping[str, float]) -> Reading:
        """Move the dots to one learning rate and gain; say what is seen."""
        lr, gain = values["lr"], values["gain"]
        said = []
        for place, side in enumerate(self.sides):
            accuracy, dead, broken = (part.numpy() for part in side.at(lr, gain))
            n_seeds, n_layers = dead.shape
            spread = 0.09 * np.linspace(-1, 1, n_seeds)
            centres = np.arange(1, n_layers + 1) + (place - 0.5) * 0.36
            self.dead[place].set_data((centres[:, None] + spread).ravel(), dead.T.ravel())
            self.accuracy[place].set_data(place + 1 + 2 * spread, accuracy)
            self.means[2 * place].set_data(centres, dead.mean(0))
            self.means[2 * place + 1].set_data([place + 1], [accuracy.mean()])
            said.append(
                f"{side.title}: accuracy {accuracy.mean():.2f}, "
                f"{100 * dead.mean():.0f} % of the units dead, {int(broken.sum())} of {n_seeds} nan"
            )
        return Reading(
            alt=(
                "Dead units by layer and accuracy of every network, ReLU beside leaky ReLU, at "
                f"learning rate {lr:g} and gain {gain:g}."
            ),
            caption=f"lr {lr:g}, gain {gain:g}. {'; '.join(said)}.",
        )
