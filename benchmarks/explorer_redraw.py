"""Time a redraw: an explorer of this course beside `ipywidgets.interact` with a fresh figure.

Both sides run in one Jupyter kernel, one after the other in turns, and draw the same content by the
same code at the same size. A redraw is timed from setting a slider's value until its PNG has been
handed to the kernel's message channel.

- interact: the callback makes a figure with pyplot, draws on it, and the inline backend encodes
  and displays it, as in a notebook. Once as usual (the layout is computed anew, the backend crops
  with `bbox_inches="tight"`), once lean (no layout, no cropping).
- explorer: the artists that move are drawn over a stored background; the PNG is encoded and set as
  the value of an HTML widget. The pause that lets slider messages gather is skipped.

Before timing, both images of one state are compared, so that equal content is not only claimed.
"""

import base64
import io
import json
import os
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

REDRAWS = 60
SHOWN = ("matplotlib", "ipywidgets", "ipykernel", "pillow")


def pyplot_paper(*, lean: bool):
    """Return a stand-in for `panels` that makes a pyplot figure; set how the backend encodes it."""
    import matplotlib.pyplot as plt
    from IPython import get_ipython

    options = {"bbox_inches": None if lean else "tight"}
    get_ipython().run_line_magic("matplotlib", "inline")
    get_ipython().run_line_magic("config", f"InlineBackend.print_figure_kwargs = {options}")

    def paper(columns, *, size, **options):
        figure = plt.figure(figsize=size, layout="none" if lean else None)
        return figure, list(figure.subplots(1, columns, **options))

    return paper


def difference(explorer, drawing) -> float:
    """Return how far the two images of the explorer's state are apart: mean of 255 levels."""
    import matplotlib.pyplot as plt
    import numpy as np
    from PIL import Image

    from relukit.figures.canvas import house_style

    data = explorer.children[0].value.split("base64,")[1].split('"')[0]
    ours = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
    fresh = drawing(pyplot_paper(lean=False))
    fresh.update(explorer.values)
    file = io.BytesIO()
    with house_style():
        fresh.picture.savefig(file)
    plt.close("all")
    theirs = Image.open(file).convert("RGB")
    return float(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)).mean())


def copied(control):
    """Return a new control with the same range and value, for `interact`."""
    from ipywidgets import Dropdown, FloatSlider

    if isinstance(control, Dropdown):
        return Dropdown(options=control.options, value=control.value)
    return FloatSlider(control.value, min=control.min, max=control.max, step=control.step)


def measure(explorer, drawing, moved: str) -> dict[str, float]:
    """Return the median ms of a redraw by kind, and the images' difference; runs in a kernel.

    Args:
        explorer: one of relukit's.
        drawing: the class that draws its content on a given paper.
        moved: the name of the slider that is moved.
    """
    import matplotlib.pyplot as plt
    from ipywidgets import interact

    from relukit.figures.canvas import house_style

    papers = {}

    def draw(**values):
        with house_style():
            drawing(papers["now"]).update(values)
            plt.show()

    apart = difference(explorer, drawing)
    controls = {name: copied(control) for name, control in explorer.controls.items()}
    papers["now"] = pyplot_paper(lean=False)
    interact(draw, **controls)
    times = {"usual": [], "lean": [], "explorer": []}
    for kind in ("usual", "lean"):
        papers["now"] = pyplot_paper(lean=kind == "lean")
        for step in range(REDRAWS + 3):  # the first three warm up
            value = -1.5 + 3 * step / (REDRAWS + 3)
            start = time.perf_counter()
            controls[moved].value = value
            middle = time.perf_counter()
            explorer.controls[moved].value = value
            explorer.flush()
            end = time.perf_counter()
            if step >= 3:
                times[kind].append(1000 * (middle - start))
                times["explorer"].append(1000 * (end - middle))
    return {"apart": apart, **{kind: median(values) for kind, values in times.items()}}


def measure_all() -> str:
    """Return the measurements of all explorers as JSON; runs in a kernel."""
    from relukit.lessons.definitions.explorers import hinge_builder, unit_explorer
    from relukit.lessons.definitions.figures.builder import HingeFigure
    from relukit.lessons.definitions.figures.unit import UnitFigure

    return json.dumps(
        {
            "hinge builder": measure(hinge_builder(), HingeFigure, "change_3"),
            "unit explorer": measure(unit_explorer(), UnitFigure, "bias"),
        }
    )


def in_kernel() -> dict[str, dict[str, float]]:
    """Return the measurements, made in a fresh kernel."""
    from jupyter_client.manager import start_new_kernel

    said: list[str] = []

    def keep(message: dict) -> None:
        content = message["content"]
        if message["header"]["msg_type"] == "error":
            raise RuntimeError("\n".join(content["traceback"]))
        if content.get("name") == "stdout":
            said.append(content["text"])

    manager, client = start_new_kernel(cwd=str(Path(__file__).parent))
    code = "import explorer_redraw\nprint('RESULT', explorer_redraw.measure_all(), 'END')"
    try:
        client.execute_interactive(code, output_hook=keep, timeout=600)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return json.loads("".join(said).split("RESULT")[1].split("END")[0])


def main() -> None:
    """Print the table."""
    packages = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    print("## Explorers\n\nTarget: a redraw at least 4 times faster than `interact`.\n")
    print(f"Median of {REDRAWS} redraws, in one kernel; {os.cpu_count()} cores, {packages}.\n")
    print("| explorer | explorer, ms | interact, ms | ratio | lean interact, ms | ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    apart = 0.0
    for name, row in in_kernel().items():
        ours, usual, lean = row["explorer"], row["usual"], row["lean"]
        ratios = f"{usual:.1f} | **{usual / ours:.1f}** | {lean:.1f} | {lean / ours:.1f}"
        print(f"| {name} | {ours:.1f} | {ratios} |")
        apart = max(apart, row["apart"])
    print(f"\nImages of one state differ by {apart:.2f} of 255 levels on average (256 colours).")


if __name__ == "__main__":
    main()
