"""Run every benchmark, one after the other, and write what they print to RESULTS.md."""

import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from relukit.files import write_whole

HERE = Path(__file__).parent
SHOWN = ("torch", "numpy", "matplotlib", "ipywidgets", "jupyterlab", "hypothesis")


def processor() -> str:
    """Return the processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main() -> None:
    """Write the header and the output of each script of this folder."""
    packages = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    parts = [
        "# Measured speed and memory\n",
        f"Written by `make bench` on {date.today()}. {processor()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, {packages}.\n",
    ]
    for script in sorted(HERE.glob("*.py")):
        if script.name.startswith("_"):
            continue
        print(f"{script.name} ...", flush=True)
        run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
        if run.returncode:
            sys.exit(f"{script.name} failed:\n{run.stderr}")
        parts.append(run.stdout)
    write_whole(HERE / "RESULTS.md", "\n".join(parts))


if __name__ == "__main__":
    main()
