"""The site that is built of the source archive alone is the site of the repository."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from distribution import built, digest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """Return the source archive of the repository, unpacked."""
    _, archive = built(tmp_path_factory.mktemp("repository"))
    folder = tmp_path_factory.mktemp("archive")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (course,) = folder.iterdir()
    return course


def made(course: Path, folder: Path) -> dict[str, str]:
    """Build the site of a course's folder, and return the digest of each of its files."""
    out = folder / "site"
    # -P: no module comes from anywhere but where build.py looks first, the course's folder
    command = [sys.executable, "-P", "site/build.py", str(out), str(folder / "sources")]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # .buildinfo names a configuration, which has the way to the sources in it
    files = [path for path in out.rglob("*") if path.is_file() and path.name != ".buildinfo"]
    return {str(path.relative_to(out)): digest(path.read_bytes()) for path in files}


def test_the_archives_site_is_the_repositorys(unpacked, tmp_path):
    ours, its = (made(course, tmp_path / course.name) for course in (ROOT, unpacked))
    assert len(ours) > 200
    assert {n: ours.get(n) for n in its} == its
    assert ours.keys() == its.keys()
