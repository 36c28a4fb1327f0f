"""Grade a student's repository for Classroom 50: run the checks, write its result.json.

It needs what its runner provides: the student's checkout as the working directory, and the
variables CLASSROOM, ASSIGNMENT, SUBMISSION_TAG, COMMIT_URL and RELEASE_URL. NOTEBOOK names the
notebook, RELUKIT_PACKAGE what pip installs where the course is not installed yet.

The exit status is 0 where every task has a verdict, whatever it is.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

NOTEBOOK = "exercises/02_definitions/02_definitions.ipynb"
RESULT = Path("result.json")


def points_of(notebook: str) -> dict:
    """Return what `relukit check` says of a notebook."""
    with tempfile.TemporaryDirectory() as folder:  # no file of the student's can stand here
        points = Path(folder) / "points.json"
        subprocess.run(
            [sys.executable, "-m", "relukit", "check", notebook, "--json", points], check=False
        )
        if not points.is_file():
            raise SystemExit(f"relukit check gave no verdict on {notebook}")
        return json.loads(points.read_text(encoding="utf-8"))


def result_of(points: dict) -> dict:
    """Return the result in the form that Classroom 50 collects."""
    tests = [
        {
            "test-name": entry["task"],
            "passed": entry["status"] == "passed",
            "score": entry["earned"],
            "max-score": entry["points"],
            "status": entry["status"],
        }
        for entry in points["tasks"]
    ]
    return {
        "schema": "classroom50/result/v1",
        "classroom": os.environ["CLASSROOM"],
        "assignment": os.environ["ASSIGNMENT"],
        "submission": os.environ["SUBMISSION_TAG"],
        "commit": os.environ["COMMIT_URL"],
        "release": os.environ["RELEASE_URL"],
        "review": os.environ.get("REVIEW_URL") or os.environ["COMMIT_URL"],
        "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": points["earned"],
        "max-score": points["points"],
        "tests": tests,
    }


def main() -> None:
    """Install the course where it is missing, check, and write the result."""
    RESULT.unlink(missing_ok=True)  # one that the student has committed is not ours
    if importlib.util.find_spec("relukit") is None:
        package = os.environ.get("RELUKIT_PACKAGE") or "relukit"
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", package], check=True)
    result = result_of(points_of(os.environ.get("NOTEBOOK") or NOTEBOOK))
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{result['score']} of {result['max-score']} points\n")


if __name__ == "__main__":
    main()
