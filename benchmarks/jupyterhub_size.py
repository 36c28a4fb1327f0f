"""What a JupyterHub takes: ten real users on one machine, each with a server and a kernel.

All ten come at once by HTTP and run lessons 00 and 02. What more of them would take is computed
from that: what processes share is there once, the rest grows with the users.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "material"))

from hub.day import morning, read_lessons
from hub.needs import missing
from hub.report import sizes
from hub.serving import served_hub


def main() -> None:
    """Print the tables, or why there are none."""
    print("## A JupyterHub\n")
    if reason := missing():
        print(f"Not measured: {reason}.\n")
        return
    with served_hub() as hub:
        day = morning(hub, ())
        read_lessons(day)
        print(f"{sizes(day)}\n")


if __name__ == "__main__":
    main()
