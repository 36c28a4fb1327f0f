"""Every activation in one table: formula, limits, lowest point, moments, its name in torch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

import torch

from relukit.activations import ACTIVATIONS, UNITS, Activation
from relukit.gaussian import Moments, gated_moments, maxout_moments, moments, rrelu_moments

HEAD = (
    "name",
    "f(x)",
    "to −∞",
    "to +∞",
    "Lipschitz",
    "lowest point",
    "E f",
    "E f²",
    "E f'²",
    "f(−5)",
    "f(1e20)",
    "in torch",
    "year",
)
UNITS_HEAD = ("unit", "output", "E f", "E f²", "sum of E f'²", "in torch")


def lowest(
    function: Activation, parameters: Mapping[str, float], reach: float
) -> tuple[float, float] | None:
    """Return the lowest point between -reach and reach, None where a function has none inside.

    Args:
        function: an entry of the registry.
        parameters: its parameters.
        reach: a positive input, dimensionless.

    Returns:
        Where it lies, to reach / 20,000, and its value there.

    Example:
        >>> from relukit.activations import activation
        >>> x, y = lowest(activation("silu"), {}, 4.0)
        >>> round(x, 3), round(y, 6)
        (-1.278, -0.278465)
        >>> lowest(activation("relu"), {}, 4.0) is None
        True
    """
    x = torch.arange(-20_000, 20_001, dtype=torch.float64) * (reach / 20_000)
    y = function(x, **parameters)
    place = int(y.argmin())
    inside = 0 < place < len(x) - 1 and float(min(y[0], y[-1]) - y[place]) > 1e-9
    return (float(x[place]), float(y[place])) if inside else None


@dataclass(frozen=True, repr=False)
class Table:
    """The facts of all activations and units; in a notebook, a folded table.

    Attributes:
        rows: one for each activation of the registry, cells as in `HEAD`.
        units: one for each unit with several inputs or a random part, cells as in `UNITS_HEAD`.
    """

    rows: tuple[tuple[str, ...], ...]
    units: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        lines = [f"{'name':14}{'E f':>10}{'E f²':>10}"]
        lines += [f"{row[0]:14}{row[6]:>10}{row[7]:>10}" for row in self.rows]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        said = (
            f"{len(self.rows)} activations and {len(self.units)} units (for standard normal "
            "inputs, at default parameters; f(−5) and f(1e20) in float32)"
        )
        return (
            f"<details><summary>{said}</summary><div role='region' tabindex='0' "
            "aria-label='the table, which scrolls' style='overflow-x: auto'>"
            f"{_html(HEAD, self.rows)}{_html(UNITS_HEAD, self.units)}</div></details>"
        )


def table() -> Table:
    r"""Return the table, computed from the registry and from Gaussian moments.

    Example:
        >>> table().rows[1][:4]
        ('relu', '$\\max(0, x)$', '$0$', '$x$')
    """
    return Table(
        tuple(_row(entry) for entry in ACTIVATIONS.values()),
        tuple(_unit(*unit) for unit in _units()),
    )


def exact(value: float) -> str:
    """Return a number to five decimals, and 0 without a sign.

    Example:
        >>> exact(-1e-9)
        '0.00000'
    """
    return f"{round(value, 5) + 0.0:.5f}"


def _row(entry: Activation) -> tuple[str, ...]:
    low = lowest(entry, {}, 12.0)
    found = moments(entry)
    ends = entry(torch.tensor([-5.0, 1e20])).tolist()
    cells = entry.facts | {
        "lowest point": "-" if low is None else f"{low[1]:.4f} at {low[0]:.2f}",
        "E f": exact(found.mean),
        "E f²": exact(found.second),
        "E f'²": exact(found.slope_second),
        **{f"f({x})": f"{end + 0.0:.3g}" for x, end in zip(("−5", "1e20"), ends, strict=True)},
    }
    return tuple(cells[head] for head in HEAD)


def _units() -> tuple[tuple[str, str, Moments], ...]:
    formulas = {name: entry.facts["f(x)"] for name, entry in UNITS.items()}
    maxima = {k: formulas["maxout"].replace("k", str(k)) for k in (2, 3, 4)}
    paper = rrelu_moments(sampling="divisor")
    return (
        ("rrelu, torch", r"$a x,\ a \sim U(1/8, 1/3)$", rrelu_moments()),
        ("rrelu, paper", r"$a x,\ 1/a \sim U(3, 8)$", paper),
        *((f"maxout, {k} pieces", tex, maxout_moments(k)) for k, tex in maxima.items()),
        ("crelu, one half", formulas["crelu"], moments("relu")),
        *((name, formulas[name], gated_moments(name)) for name in UNITS if UNITS[name].gate),
    )


def _unit(said: str, formula: str, found: Moments) -> tuple[str, ...]:
    name, _, kind = said.partition(", ")
    in_torch = "-" if kind == "paper" else UNITS[name].facts["in torch"]
    values = (found.mean, found.second, found.slope_second)
    return (said, formula, *map(exact, values), in_torch)


def _html(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    lines = ("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
