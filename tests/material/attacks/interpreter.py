"""A Python that every user of this machine can read, for grading without a jail by root."""

import os
import shutil
import site
import sys
import tempfile
from functools import cache
from pathlib import Path

_LEFT_OUT = ("test", "tests", "idlelib", "site-packages", "ensurepip", "lib2to3", "turtledemo")


@cache
def readable_python() -> str:
    """Return the path of this Python, or of a copy where only root can read its folder."""
    base, version = Path(sys.base_prefix), f"python{sys.version_info[0]}.{sys.version_info[1]}"
    folders = (base, *base.parents, Path(sys.prefix), *Path(sys.prefix).parents)
    if os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in folders):
        return sys.executable
    copy = Path(tempfile.mkdtemp(prefix="relukit-python-"))
    copy.chmod(0o755)
    library = copy / "lib" / version
    left_out = shutil.ignore_patterns(*_LEFT_OUT, "config-*", "*.a")
    shutil.copytree(base / "lib" / version, library, ignore=left_out)
    for shared in (base / "lib").glob("libpython*.so*"):
        shutil.copy2(shared, copy / "lib")
    packages = library / "site-packages"
    packages.mkdir()
    added = (f"import site; site.addsitedir({folder!r})" for folder in site.getsitepackages())
    (packages / "course.pth").write_text("\n".join(added) + "\n")
    (copy / "bin").mkdir()
    shutil.copy2(Path(sys.executable).resolve(), copy / "bin" / version)
    start = copy / "bin" / "python"  # says where the copied library is, if Python has one
    start.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH={copy}/lib exec {copy}/bin/{version} "$@"\n', encoding="utf-8"
    )
    start.chmod(0o755)
    return str(start)


def remove_copy() -> None:
    """Remove the copy, where there is one."""
    if readable_python() != sys.executable:
        shutil.rmtree(Path(readable_python()).parents[1])
    readable_python.cache_clear()
