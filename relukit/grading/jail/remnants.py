"""Files that answers leave behind where no jail's own folders vanish with it."""

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator

from relukit.grading.jail.processes import is_of_students

SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")  # all may write there
_DEPTH = 4  # of folders in these that belong to others and that all may write to
_SECONDS = 60.0  # that the removal of one tree may take
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_PREFIX = "relukit-home-"


@contextlib.contextmanager
def home(user: int) -> Iterator[str]:
    """Make a folder for a student's answers to write to, and remove it with all that is in it.

    Nobody else may enter it, so no student finds in it what another has written, such as the
    settings of a library.

    Args:
        user: the number of the user that the answers run as, where the grader is root.
    """
    folder = tempfile.mkdtemp(prefix=_PREFIX, dir=SHARED[0])
    try:
        if os.geteuid() == 0:
            os.chown(folder, user, user)
        yield folder
    finally:
        above = os.open(SHARED[0], _FOLDER)
        try:
            _remove_tree(above, os.path.basename(folder))
        finally:
            os.close(above)


def remove(user: int, *, since: float, folders: tuple[str, ...] = SHARED) -> None:
    """Remove what a user without processes has made in the folders that all may write to.

    What cannot be removed stays, and stops nothing. Folders are only entered where no student
    can have put another in their place.

    Args:
        user: its number.
        since: seconds since the epoch; what is older stays.
        folders: where to look, and in folders there that all may write to.
    """
    for path in folders:
        with contextlib.suppress(OSError):
            _remove_in(os.open(path, _FOLDER), user, since, _DEPTH)


def _remove_in(folder: int, user: int, since: float, depth: int) -> None:
    """Remove what is a user's in a folder, and close the folder."""
    try:
        for name in os.listdir(folder):
            with contextlib.suppress(OSError):  # others make and remove files at the same time
                _remove_one(folder, name, user, since, depth)
    finally:
        os.close(folder)


def _remove_one(folder: int, name: str, user: int, since: float, depth: int) -> None:
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    is_folder = stat.S_ISDIR(found.st_mode)
    if found.st_uid == user and found.st_ctime >= since - 1:  # some clocks are coarse
        if is_folder:
            _remove_tree(folder, name)
        else:
            os.unlink(name, dir_fd=folder)
    elif is_folder and depth and found.st_mode & stat.S_IWOTH and not is_of_students(found.st_uid):
        _remove_in(os.open(name, _FOLDER, dir_fd=folder), user, since, depth - 1)


def _remove_tree(folder: int, name: str) -> None:
    """Remove a tree of any depth: `rm` needs neither a path nor a descriptor for each level."""
    program = shutil.which("rm", path=os.defpath)
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(
            [program or "rm", "-rf", "--", f"./{name}"],
            cwd=f"/proc/self/fd/{folder}",
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
