"""`git clone` and `make lab`, in an empty home directory, up to the first question.

Nothing is in pip's cache; torch comes from the disk where `PIP_FIND_LINKS` names a folder with it.
"""

import shutil
import subprocess
from pathlib import Path

import lab
from waits import ROOT, Terminal, home, megabytes, table


def measure(browser, folder: Path, pictures: Path) -> str:
    """Return the table of this way."""
    place, options = home(folder)
    bare = folder / "relukit.git"
    command = ["git", "clone", "--quiet", "--bare", "--no-hardlinks", str(ROOT), str(bare)]
    subprocess.run(command, check=True)
    if who := options.get("user"):  # git trusts no repository of somebody else's
        for path in (bare, *bare.rglob("*")):
            shutil.chown(path, who)
    words = f"git clone 'file://{bare}' relukit && cd relukit && make lab"
    with Terminal(["sh", "-c", words], options, place) as terminal:
        cloned, _ = terminal.until(r"Creating \.venv")
        steps = [("the clone is there", cloned)]
        try:
            steps += lab.opened(browser, terminal, pictures, "clone", film=False)
        finally:
            (pictures / "clone.txt").write_text(terminal.text)
    rows = [*lab.rows(steps, terminal), ("MB in the home directory", f"{megabytes(place):.0f}")]
    title = "**`git clone`, then `make lab`**, in an empty home directory: seconds after the first."
    return table(title, ("until", "seconds"), rows)
