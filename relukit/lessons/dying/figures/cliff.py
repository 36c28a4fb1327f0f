"""The cliff map as a table of colours, and one place of it, still or moving."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

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
def cliff_map(*sides: Cliff) -> Picture:
    """Return, for ReLU and leaky ReLU, accuracy, dead units and nan over learning rate and gain.

    Args:
        *sides: one or two of what `relukit.lessons.dying.experiments.cliff.cliff` returns.

    Raises:
        InvalidValueError: if there are none, or more than two.
    """
    if not 1 <= len(sides) <= 2:
        raise InvalidValueError("one or two sides", str(len(sides)), "pass cliff('relu')")
    picture, cells = panels(3, rows=len(sides), size=(6.5, 0.9 + 2.2 * len(sides)), sharey=True)
    for row, side in enumerate(sides):
        shown = {
            "accuracy": side.accuracy.mean(-1),
            "dead units": side.dead.mean((-1, -2)),
            "nan": side.broken.double().mean(-1),
        }
        for column, (name, values) in enumerate(shown.items()):
            axes = cells[3 * row + column]
            table = 100 * values.numpy()
            axes.imshow(table, cmap=_SHADES[name], vmin=0, vmax=120, aspect="auto")
            for (y, x), share in np.ndenumerate(table):
                axes.text(x, y, f"{share:.0f}", ha="center", va="center", color=INK, size=8)
            axes.set_xticks(range(len(side.gains)), [f"{gain:g}" for gain in side.gains])
            axes.set_yticks(range(len(side.lrs)), [f"{lr:g}" for lr in side.lrs])
            axes.set_title(f"{side.title}: {name}, %", fontsize=9)
            axes.grid(visible=False)
    for axes in cells[::3]:
        axes.set_ylabel("learning rate")
    for axes in cells[-3:]:
        axes.set_xlabel("gain on He's weights")
    picture.alt = (
        "Tables of accuracy, dead units and nan in per cent over learning rate and initial gain "
        f"for {' and '.join(side.title for side in sides)}: from some line on nothing "
        "is learned, and there ReLU is dead where leaky ReLU is nan."
    )
    return picture


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
