"""One notebook alone on a hosted machine: what Colab has, and no relukit, in a classic notebook."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from from_the_package import wheel
from waits import ROOT, MissingError, Terminal, home, seconds, table

MACHINE = ROOT / ".venv-hosted"  # what make hosted has laid
LACKS = ("relukit", "hypothesis", "mnist1d")  # what such a machine doesn't have
NOTEBOOK = "00_start_here.ipynb"
LONGEST = 900_000  # milliseconds for one step
PROMPTS = (
    "[...document.querySelectorAll('.input_prompt')].map(p => p.innerText.replace(/\\s+/g, ' '))"
)
ADDRESS = r"http://(?:localhost|127\.0\.0\.1):\d+/\?token=\w+"


def machine(folder: Path) -> Path:
    """Return the Python of a machine that has everything but what hosted ones lack."""
    if not MACHINE.is_dir():
        raise MissingError("There is no such environment (make hosted PYTHON=python3.12)")
    copy = folder / "machine"
    shutil.copytree(MACHINE, copy, symlinks=True, copy_function=os.link)
    python = copy / "bin" / "python"
    command = [python, "-m", "pip", "uninstall", "--quiet", "--yes", *LACKS]
    subprocess.run(command, check=True, capture_output=True)
    return python


def told(python: Path) -> str:
    """Return what a machine has, in words."""
    names = ("numpy", "matplotlib", "ipywidgets", "IPython")
    words = "import sys, {0}; print(sys.version.split()[0], *(sys.modules[n].__version__ for n in "
    command = [python, "-c", (words + "{1}))").format(", ".join(names), names)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return ", ".join(" ".join(pair) for pair in zip(("Python", *names), said, strict=True))


def measure(browser, folder: Path, pictures: Path) -> str:
    """Return the table of this way."""
    python = machine(folder)
    place, options = home(folder)
    shutil.chown(place, os.geteuid())  # such machines are one's own
    shutil.copyfile(ROOT / "notebooks" / NOTEBOOK, place / NOTEBOOK)
    found = filter(None, (str(wheel(folder)), os.environ.get("PIP_FIND_LINKS")))
    settings = options["env"] | {"PIP_FIND_LINKS": " ".join(found)}
    command = [str(python), "-m", "notebook", "--no-browser", f"--notebook-dir={place}"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    with Terminal(command, {"env": settings}, place) as terminal:
        _, address = terminal.until(ADDRESS)
        steps = visited(browser, address[0], pictures)
    title = (
        "**One notebook alone, as on a hosted machine**, in a classic notebook "
        f"({told(python)}): seconds after its first cell was started."
    )
    return table(title, ("until", "seconds"), [(words, seconds(at)) for words, at in steps])


def visited(browser, address: str, pictures: Path) -> list[tuple[str, float]]:
    """Open the notebook, run its first cells, and return what was when."""
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    page.set_default_timeout(LONGEST)
    page.goto(address.replace("/?", f"/notebooks/{NOTEBOOK}?"))
    page.locator("#kernel_indicator_icon.kernel_idle_icon").wait_for()
    page.screenshot(path=pictures / "hosted-0.png")
    page.locator(".cell").first.click()
    page.keyboard.press("Shift+Enter")
    steps, begun = [], time.perf_counter()
    for number, words in enumerate(
        ("relukit is installed", "**the first question is asked**", "**the first film is there**"),
        start=1,
    ):
        if number == 3:
            page.keyboard.press("Shift+Enter")  # the words before
        page.keyboard.press("Shift+Enter")
        ready = f"{PROMPTS}.includes('In [{number}]:')"
        page.wait_for_function(f"{ready} && !{PROMPTS}.includes('In [*]:')")
        steps.append((words, time.perf_counter() - begun))
        page.screenshot(path=pictures / f"hosted-{number}.png")
    page.close()
    return steps
