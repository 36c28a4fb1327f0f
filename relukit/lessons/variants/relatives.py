"""The catalogue: each relative with a small picture, its formula, its year and its purpose."""

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

import torch
from torch import Tensor

from relukit.activations import ACTIVATIONS, UNITS, maxout, noisy_relu
from relukit.figures.canvas import FAINT
from relukit.figures.meaning import OFF, ON

# Family, then name by name what each was made for, in the words of whoever made it, shortened.
FAMILIES = MappingProxyType(
    {
        "Straight pieces": {
            "relu": "one slope when on, none when off",
            "absolute": "a rectifier that treats both signs alike",
            "leaky_relu": "a small slope for units that are off",
            "prelu": "learns how large the leak should be",
            "shifted_relu": "a floor below 0 instead of at 0",
            "relu6": "an output that can't grow past 6",
            "step": "a nerve cell that fires or doesn't",
        },
        "Chance and choice": {
            "rrelu": "a random leak while training, one leak afterwards",
            "noisy_relu": "many on/off units with shifted thresholds, in one",
            "maxout": "learns its shape; made to go with dropout",
            "crelu": "keeps both halves, in two outputs",
        },
        "An exponential on the left": {
            "elu": "a mean closer to 0",
            "celu": "an ELU without a kink, for every α",
            "selu": "mean 0 and variance 1 come out as they went in",
            "softplus": "a function that must rise and bend upwards: prices of options",
        },
        "A gate of their own value": {
            "gelu": "what is left on average, if a unit drops small inputs by chance",
            "gelu_tanh": "a cheaper GELU",
            "gelu_sigmoid": "the cheapest GELU",
            "silu": "a gate with the logistic curve, named in the paper on GELU",
            "swish": "found by a program's search; β can be learned",
            "mish": "modelled on Swish",
            "hard_swish": "a SiLU for phones, without an exponential",
        },
        "Square roots and squares": {
            "squareplus": "a softplus without an exponential",
            "squared_relu": "found by a program's search, in Transformers",
            "star_relu": "a squared ReLU with mean 0 and variance 1",
        },
        "Two floors": {
            "sigmoid": "a step that has a slope, so that a network can learn",
            "tanh": "a step from -1 to 1, with a mean near 0",
            "softsign": "a tanh that comes to its ends more slowly",
        },
        "Pairs: one map gates another": {
            "glu": "a gate with weights of its own, for language",
            "reglu": "the same, with ReLU as the gate",
            "geglu": "with GELU",
            "swiglu": "with SiLU",
            "bilinear": "with no curve at all",
        },
        "Several inputs at once": {
            "logsumexp": "a smooth maximum of several numbers",
            "softmax": "shares that add up to 1: the slopes of LogSumExp",
        },
    }
)
REACH, FLOOR, CEILING = 4.0, -2.0, 4.0
PIXELS = 16  # of the picture for each unit of x and of f(x)
FARTHER = MappingProxyType({"relu6": 2.0})  # how many times farther out a picture goes


@dataclass(frozen=True, repr=False)
class Catalogue:
    """All activations and units of the course; in a notebook, one table with small pictures.

    Attributes:
        rows: of each, its family, name, formula in TeX, its paper's year, purpose, and SVG picture.
    """

    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        lines, before = [], ""
        for family, name, _, year, purpose, _ in self.rows:
            lines += [family] * (family != before)
            lines.append(f"  {name} ({year}): {purpose}")
            before = family
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th scope='col' style='text-align: left'>{cell}</th>"
            for cell in ("curve", "name", "paper of", "f(x)", "made for")
        )
        lines, before = [], ""
        for family, *cells in self.rows:
            if family != before:
                lines.append(
                    "<tr><th colspan='5' scope='rowgroup' style='text-align: left'>"
                    f"{escape(family)}</th></tr>"
                )
            lines.append(_line(*cells))
            before = family
        return (
            "<div class='relukit-catalogue' role='region' tabindex='0' "
            "aria-label='the catalogue, which scrolls' "
            f"style='overflow: auto; max-height: 26em'><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{''.join(lines)}</tbody></table></div>"
        )


def catalogue() -> Catalogue:
    """Return every activation and unit of the registry: picture, formula, year and purpose.

    Left of 0 a curve is drawn in the colour of *off*, right of it in that of *on*. Pairs are drawn
    where both maps give x; units with several inputs over x beside a 0.

    Example:
        >>> print(repr(catalogue()).splitlines()[1])
          ReLU (2010): one slope when on, none when off
    """
    return Catalogue(
        tuple(
            (
                family,
                (unit := ACTIVATIONS.get(name) or UNITS[name]).title,
                unit.facts["f(x)"],
                unit.facts["year"],
                purpose,
                picture(name),
            )
            for family, members in FAMILIES.items()
            for name, purpose in members.items()
        )
    )


def picture(name: str) -> str:
    """Return the small picture of an activation or a unit, as SVG.

    Args:
        name: a key of `relukit.activations.ACTIVATIONS` or of `UNITS`.

    Example:
        >>> picture("relu").count("<polyline")
        2
    """
    reach = REACH * FARTHER.get(name, 1.0)
    wide, high = 2 * REACH * PIXELS, (CEILING - FLOOR) * PIXELS
    zero = CEILING * PIXELS
    grid = torch.linspace(0, reach, 41, dtype=torch.float64)
    just = 1e-9  # beside a jump
    drawn = []
    for x, look in ((-grid.flip(0) - just, OFF), (grid + just, ON)):
        for y in _curves(name, x):
            places = _places(x * (REACH / reach), y * (REACH / reach))
            drawn.append((_dots if name == "noisy_relu" else _stroke)(places, look["color"]))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {wide:g} {high:g}'>"
        f"<rect width='{wide:g}' height='{high:g}' fill='white'/>"
        f"<path d='M0 {zero:g}H{wide:g}M{wide / 2:g} 0V{high:g}' stroke='{FAINT}'/>"
        f"{''.join(drawn)}</svg>"
    )


def _line(name: str, formula: str, year: str, purpose: str, svg: str) -> str:
    coded = base64.b64encode(svg.encode()).decode()
    said = escape(f"The curve of {name}.", quote=True)
    image = (  # without a limit a narrow page would shrink it to nothing
        f"<img src='data:image/svg+xml;base64,{coded}' alt='{said}' width='84' height='63' "
        "style='max-width: none'>"
    )
    cells = (image, f"<b>{escape(name)}</b>", year, escape(formula), escape(purpose))
    return "<tr>" + "".join(f"<td style='text-align: left'>{cell}</td>" for cell in cells) + "</tr>"


def _curves(name: str, x: Tensor) -> Iterable[Tensor]:
    """Return what is drawn over x: one curve, or as many as the unit has."""
    if (entry := ACTIVATIONS.get(name)) is not None:
        return (entry(x),)
    if name == "rrelu":
        return tuple(torch.where(x > 0, x, slope * x) for slope in (1 / 8, 1 / 3))
    if name == "noisy_relu":
        return tuple(noisy_relu(x, seed=seed) for seed in (0, 1))
    if name == "maxout":
        lines = torch.stack([-0.8 * x - 1, 0.3 * x, 1.2 * x - 1.5], dim=-1)
        return (maxout(lines, pieces=3).squeeze(-1),)
    if name == "crelu":
        return (x.clamp(min=0), (-x).clamp(min=0))
    beside = torch.stack([x, torch.zeros_like(x)], dim=-1)
    if name == "logsumexp":
        return (torch.logsumexp(beside, dim=-1),)
    if name == "softmax":
        return (torch.softmax(beside, dim=-1)[..., 0],)
    gate = UNITS[name].gate
    return (x * (x if gate == "identity" else ACTIVATIONS[str(gate)](x)),)


def _places(x: Tensor, y: Tensor) -> list[str]:
    """Return where the points lie that can be seen, as pairs of pixels."""
    return [
        f"{(a + REACH) * PIXELS:.1f},{(CEILING - b) * PIXELS:.1f}"
        for a, b in zip(x.tolist(), y.tolist(), strict=True)
        if math.isfinite(b) and FLOOR - 1 < b < CEILING + 1
    ]


def _stroke(places: list[str], colour: str) -> str:
    return f"<polyline points='{' '.join(places)}' fill='none' stroke='{colour}' stroke-width='4'/>"


def _dots(places: list[str], colour: str) -> str:
    centres = (place.split(",") for place in places)
    return "".join(f"<circle cx='{x}' cy='{y}' r='2' fill='{colour}'/>" for x, y in centres)
