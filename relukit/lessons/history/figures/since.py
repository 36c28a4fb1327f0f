"""Who used which curve since 2012: names on a line of years."""

from relukit.figures.canvas import FAINT, MARKERS, PALETTE, Picture, drawn, panels

_NAMES = (
    (2012, "AlexNet", "ReLU"),
    (2015, "ResNet", "ReLU"),
    (2017, "Transformer", "ReLU"),
    (2018, "BERT", "GELU"),
    (2022, "PaLM", "SwiGLU"),
    (2023, "LLaMA", "SwiGLU"),
    (2021, "Primer", "ReLU²"),
    (2024, "Nemotron-4", "ReLU²"),
)
_ROWS = {"ReLU": "blue", "GELU": "pink", "SwiGLU": "brown", "ReLU²": "purple"}


@drawn
def since_then() -> Picture:
    """Return eight well-known networks on a line of years, in a row for each curve.

    References: [Krizhevsky2012], [He2015b], [Devlin2018], [So2021], [Chowdhery2022],
        [Touvron2023].

    Example:
        >>> since_then().axes[0].get_xlabel()
        'year'
    """
    picture, (axes,) = panels(size=(7.0, 2.9))
    rows = list(_ROWS)[::-1]
    for place, row in enumerate(rows):
        axes.axhline(place, color=FAINT, linewidth=0.7)
        colour, marker = PALETTE[_ROWS[row]], MARKERS[len(rows) - 1 - place]
        for year, name, _ in (entry for entry in _NAMES if entry[2] == row):
            axes.plot(year, place, marker, color=colour, markersize=8, gid=name)
            axes.annotate(
                name, (year, place), (0, 8), textcoords="offset points", ha="center",
            )  # fmt: skip
    axes.set_yticks(range(len(rows)), rows)
    axes.set(xlabel="year", xlim=(2011, 2025.6), ylim=(-0.5, len(rows) - 0.3))
    axes.set_xticks(range(2012, 2026, 2))
    axes.grid(visible=False)
    axes.set_title("After 2017: smooth relatives, products of two sums, and the square")
    said = ", ".join(f"{name} {year} ({row})" for year, name, row in _NAMES)
    picture.alt = f"Networks on a line of years, in a row for each curve: {said}."
    return picture
