"""How long a stranger waits, on each way into the course, until the first thing is done.

    python benchmarks/strangers.py [phone] [package] [clone] [hosted] [--pictures FOLDER]

Each way begins with nothing: a phone with an empty cache; an empty home directory, of the user
`nobody` where root runs this; a hosted machine that has what Colab has, without relukit. Pages and
programs are on this machine; what packages cost is what the index at hand takes to send them.
A script does at once what a person reads and thinks about first, so the seconds are waiting alone.
"""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "ways"))

import from_a_clone
import from_the_package
import hosted
import phone
from playwright.sync_api import sync_playwright
from waits import MissingError

WAYS = {
    "phone": phone.measure,
    "package": from_the_package.measure,
    "clone": from_a_clone.measure,
    "hosted": hosted.measure,
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextlib.contextmanager
def chromium():
    """Yield a headless Chromium."""
    if not (program := next(filter(None, map(shutil.which, CHROMIUM)), None)):
        raise MissingError("Chromium is not installed (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        yield browser
        browser.close()


def main() -> None:
    """Go each way that is asked for, and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ways", nargs="*", default=[], metavar="|".join(WAYS))
    parser.add_argument("--pictures", type=Path, help="where to leave a picture of each step")
    given = parser.parse_args()
    if unknown := set(given.ways) - WAYS.keys():
        parser.error(f"expected some of {', '.join(WAYS)}, got {', '.join(sorted(unknown))}")
    print("## A stranger's first minutes\n\nSeconds of waiting, without reading and thinking.")
    for way in given.ways or WAYS:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            pictures = given.pictures or Path(folder, "pictures")
            pictures.mkdir(parents=True, exist_ok=True)
            try:
                with chromium() as browser:
                    print(f"\n{WAYS[way](browser, Path(folder), pictures)}", flush=True)
                load = f"{os.getloadavg()[2]:.0f} on {os.cpu_count()} processors"
                print(f"\nThe machine's load meanwhile: {load}.", flush=True)
            except MissingError as missing:
                print(f"\nNot measured: {way}. {missing}.", flush=True)


if __name__ == "__main__":
    main()
