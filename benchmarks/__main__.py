"""Run every benchmark, one after the other, and write what they print to RESULTS.md."""

import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from relukit.files import write_whole
from relukit.processors import usable

HERE = Path(__file__).parent
SHOWN = ("torch", "numpy", "matplotlib", "ipywidgets", "jupyterlab", "hypothesis")


def processor() -> str:
    """Return the processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def speed() -> str:
    """Return how fast the machine itself is now, so that two days' tables can be compared."""
    code = (
        "from time import perf_counter as now; start = now(); import torch; loaded = now()-start\n"
        "a = torch.ones(1024, 1024); took = []\n"
        "for _ in range(20): start = now(); a @ a; took.append(now() - start)\n"
        "print(f'{loaded:.2f} {1000 * sorted(took)[10]:.1f}')"
    )
    command = [sys.executable, "-c", code]
    runs = [subprocess.check_output(command, text=True).split() for _ in range(3)]
    loaded, product = (min(map(float, of)) for of in zip(*runs, strict=True))
    return (
        f"The machine's own speed before it began: `import torch` in {loaded:.2f} s, a product of "
        f"two matrices of 1,024 x 1,024 in {product:.1f} ms; load {os.getloadavg()[0]:.1f}.\n"
    )


def main() -> None:
    """Write the header and the output of each script of this folder."""
    packages = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    parts = [
        "# Measured speed and memory\n",
        f"Written by `make bench` on {date.today()}. {processor()}, {usable()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, {packages}.\n",
        speed(),
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
