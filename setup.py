"""What pyproject.toml cannot say: a wheel carries the course's own files inside the package.

And a README that a package index shows leads to the repository, where its address is known.

They are copied while it is built, so that the repository has each of them once. An editable
installation copies nothing: it finds them in the checkout (relukit/handout/source.py). And where
SOURCE_DATE_EPOCH is set, the source archive, too, is the same whoever builds it, and when.
"""

import gzip
import os
import re
import shutil
import tarfile
import tomllib
from pathlib import Path

from setuptools import Command, setup
from setuptools.command.build import build
from setuptools.command.sdist import sdist

HANDOUT = Path("relukit", "handout")
LISTS = tomllib.loads((HANDOUT / "carried.toml").read_text(encoding="utf-8"))


def described() -> str:
    """Return the README, its links from the repository's address where that is known."""
    text = Path("README.md").read_text(encoding="utf-8")
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    if not (repository := project.get("urls", {}).get("Repository")):
        return text
    text = re.sub(r'(<img src=")(?!https?:)', rf"\g<1>{repository}/raw/HEAD/", text)
    return re.sub(r"(\]\()(?!https?:|#)", rf"\g<1>{repository}/blob/HEAD/", text)


def carried() -> list[Path]:
    """Return the files, as paths from the repository's folder."""
    patterns = LISTS["learners"] + LISTS["answers"]
    paths = sorted(path for pattern in patterns for path in Path().glob(pattern))
    return [path for path in paths if not any(part.startswith(".") for part in path.parts)]


class CarryCourse(Command):
    """Copy the course's files into the package that is being built."""

    user_options = []  # noqa: RUF012 - as setuptools wants it
    editable_mode = False

    def initialize_options(self):
        self.build_lib = None

    def finalize_options(self):
        self.set_undefined_options("build", ("build_lib", "build_lib"))

    def get_source_files(self):
        return [path.as_posix() for path in carried()]

    def get_output_mapping(self):
        target = Path(self.build_lib) / HANDOUT / "files"
        return {str(target / path): str(path) for path in carried()}

    def get_outputs(self):
        return [] if self.editable_mode else list(self.get_output_mapping())

    def run(self):
        if self.editable_mode:
            return
        for target, source in self.get_output_mapping().items():
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


class Build(build):
    """The build, with one more step."""

    sub_commands = [*build.sub_commands, ("carry_course", None)]  # noqa: RUF012


class SourceArchive(sdist):
    """The source archive, whose files have no other time, owner or order than the release."""

    def make_archive(self, base_name, format, root_dir=None, base_dir=None, **options):  # noqa: A002
        if "SOURCE_DATE_EPOCH" not in os.environ or format != "gztar":
            return super().make_archive(base_name, format, root_dir, base_dir, **options)
        moment = int(os.environ["SOURCE_DATE_EPOCH"])

        def plain(entry):
            entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = moment, 0, 0, "", ""
            entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
            return entry

        path = f"{base_name}.tar.gz"
        with (
            open(path, "wb") as file,
            gzip.GzipFile("", "wb", fileobj=file, mtime=moment) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            archive.add(base_dir, filter=plain)
        return path


setup(
    cmdclass={"build": Build, "carry_course": CarryCourse, "sdist": SourceArchive},
    long_description=described(),
    long_description_content_type="text/markdown",
)
