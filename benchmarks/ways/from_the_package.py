"""`uvx --from 'relukit[lab]' relukit start`, in an empty home directory."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import lab
from waits import ROOT, MissingError, Terminal, home, megabytes, table

COMMAND = ["uvx", "--from", "relukit[lab]", "relukit", "start"]


def wheel(folder: Path) -> Path:
    """Build the wheel, as the release does, and return the folder that it is in."""
    sources, made = folder / "sources", folder / "dist"
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in said.stdout.decode().split("\0")[:-1]:
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, sources / name)
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", made]
    subprocess.run([*command, sources], check=True, capture_output=True)
    return made


def measure(browser, folder: Path, pictures: Path) -> str:
    """Return the table of this way."""
    if not (uvx := shutil.which("uvx")):
        raise MissingError("uv is not installed (pip install uv)")
    place, options = home(folder)
    settings = options["env"]
    found = filter(None, (str(wheel(folder)), os.environ.get("UV_FIND_LINKS")))
    settings |= {"UV_FIND_LINKS": ",".join(found), "PATH": f"{Path(uvx).parent}:{settings['PATH']}"}
    with Terminal([uvx, *COMMAND[1:]], options, place) as terminal:
        laid, _ = terminal.until(r"relukit \S+ in \S+: \d+ new")
        steps = [("the course is laid out", laid)]
        try:
            steps += lab.opened(browser, terminal, pictures, "package")
        finally:
            (pictures / "package.txt").write_text(terminal.text)
    rows = [*lab.rows(steps, terminal), ("MB in the home directory", f"{megabytes(place):.0f}")]
    title = f"**`{' '.join(COMMAND)}`** in an empty home directory: seconds after the command."
    return table(title, ("until", "seconds"), rows)
